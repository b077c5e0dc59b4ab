"""Makes a class of any size: a folder for each student with five numbers in metrics.json. One number in ten is wrong.

usage: make.py N FOLDER [--seed SEED]

FOLDER has submissions/, rubric.toml and expected.csv with the points of each student.
"""

import argparse
import random
import shutil
from pathlib import Path

import tomllib

RUBRIC = Path(__file__).parent / "rubric.toml"


def make(count: int, folder: Path, seed: int = 1) -> None:
    """Makes the class from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "submissions").mkdir(parents=True)
    shutil.copy(RUBRIC, folder)
    items = tomllib.loads(RUBRIC.read_text(encoding="utf-8"))["part"][0]["item"]
    asked = [(item["value"], item["against"], item["tolerance"]["absolute"], item["points"]) for item in items]
    draw = random.Random(seed)
    with (folder / "expected.csv").open("w", encoding="utf-8") as expected:
        expected.write("student,earned\n")
        for place in range(1, count + 1):
            earned, lines = 0, []
            for name, value, tolerance, points in asked:
                wrong = draw.random() < 0.1
                earned += 0 if wrong else points
                stated = value * draw.uniform(0.4, 0.6) if wrong else value + draw.uniform(-0.9, 0.9) * tolerance
                lines.append(f'"{name}": {stated:.6f}')
            student = folder / "submissions" / f"s{place:07}"
            student.mkdir()
            (student / "metrics.json").write_text("{" + ", ".join(lines) + "}\n", encoding="utf-8")
            expected.write(f"{student.name},{earned}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a class of any size with five numbers for each student.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    make(given.count, given.folder, given.seed)


if __name__ == "__main__":
    main()
