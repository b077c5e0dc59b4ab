"""The same submissions as notebooks, which state the ten numbers and load the three plots, with a test for each."""

import json
from pathlib import Path
from typing import Any

from asked import NUMBERS, PLOTS

Cell = dict[str, Any]

IMPORT = "from PIL import Image"


def variable(name: str) -> str:
    """What a notebook calls a number or a plot."""
    return name.replace(".", "_")


def state(metrics: dict[str, Any]) -> str:
    """The cell that states the numbers of a student."""
    stated = [item["value"] for item in NUMBERS.values() if item["value"] in metrics]
    return "\n".join(f"{variable(name)} = {metrics[name]!r}" for name in stated)


def load(name: str) -> str:
    """The cell that loads a plot."""
    return f'{name}_plot = Image.open("figures/{name}.png")'


def tests() -> dict[str, tuple[str, str]]:
    """For each number and plot the variable that is tested, and an assertion about it."""
    found = {}
    for key, item in NUMBERS.items():
        name = variable(item["value"])
        found[key] = (name, f"assert abs({name} - {item['against']}) <= {item['tolerance']['absolute']}")
    for key in PLOTS:
        name = f"{key}_plot"
        found[key] = (name, f'low, high = {name}.convert("L").getextrema()\nassert low != high')
    return found


def code(source: str, key: str, **metadata: Any) -> Cell:
    """A cell of code."""
    return {"cell_type": "code", "id": key, "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def notebook(cells: list[Cell]) -> str:
    """The file of a notebook."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells})


def plain(submission: Path) -> str:
    """A student's notebook, without any tests."""
    metrics = json.loads((submission / "metrics.json").read_text(encoding="utf-8"))
    loads = [code(load(name), f"load-{name}") for name in PLOTS]
    return notebook([code(IMPORT, "import"), code(state(metrics), "state"), *loads])
