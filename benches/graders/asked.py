"""What the rubric asks for: the items of its numbers and of its plots, by their ids."""

from pathlib import Path

import tomllib

RUBRIC = Path(__file__).parent / "rubric.toml"
NUMBERS, PLOTS = ({item["id"]: item for item in part["item"]} for part in tomllib.loads(RUBRIC.read_text(encoding="utf-8"))["part"])
