"""Makes a class of students who each hand in ten numbers and three plots. Some are wrong on purpose.

usage: make.py N FOLDER [--seed SEED]     (needs matplotlib)

FOLDER/submissions has a folder for each student: metrics.json with the numbers and the curves, figures/*.png with the plots.
FOLDER/expected.csv says what each student should get: how many numbers are right, and what each plot is:

  shown    the student's own curves
  stale    the curves of another run, which only a grader that reads the plot can tell
  blank    a white picture
  missing  no file
"""

import argparse
import csv
import json
import random
import shutil
from pathlib import Path
from typing import Any

from asked import NUMBERS, PLOTS
from matplotlib import rc_context
from matplotlib.figure import Figure

Curves = dict[str, list[float]]

FATES = ["shown", "stale", "blank", "missing"]
WEIGHTS = [94, 2, 2, 2]
DEPTHS = [1, 2, 4, 8, 12, 16]
EPOCHS = range(1, 21)
LOOKS: list[tuple[tuple[float, float], str, bool, Any]] = [  # figure size, marker, grid, and what of Matplotlib's defaults is changed
    ((6.4, 4.8), "", False, {}),
    ((6.4, 4.8), "o", False, {}),
    ((8.0, 5.0), "", True, {"lines.linewidth": 2.0}),
    ((7.0, 4.0), ".", True, {"axes.spines.top": False, "axes.spines.right": False}),
    ((10.0, 6.0), "s", False, {"font.size": 12.0}),
]


def numbers(draw: random.Random) -> tuple[dict[str, float], int]:
    """The ten numbers by name, and how many are right. One student in four has up to three wrong; a wrong one is missing in one case of five."""
    wrong = set(draw.sample(sorted(NUMBERS), draw.randint(1, 3))) if draw.random() < 0.25 else set()
    stated = {}
    for name, item in NUMBERS.items():
        expected, tolerance = item["against"], item["tolerance"]["absolute"]
        if name not in wrong:
            value = expected + draw.uniform(-0.8, 0.8) * tolerance
        elif draw.random() < 0.2:
            continue
        else:
            value = expected * draw.choice([0.5, 0.7])
        stated[item["value"]] = round(value) if tolerance == 0 else float(f"{value:.5g}")
    return stated, len(NUMBERS) - len(wrong)


def curves(draw: random.Random) -> Curves:
    """One run: losses and accuracies over 20 epochs, errors over six depths."""
    start, rate, gap = draw.uniform(0.6, 1.2), draw.uniform(0.12, 0.3), draw.uniform(0.05, 0.2)
    train = [start * 2.718 ** (-rate * epoch) + draw.uniform(0, 0.02) for epoch in EPOCHS]
    validation = [loss + gap * (0.6 + epoch / 40) + draw.uniform(0, 0.02) for epoch, loss in zip(EPOCHS, train, strict=True)]
    flat, bend = draw.uniform(3.0, 5.0), draw.uniform(4.0, 7.0)
    tree = [flat + bend / depth + depth / 12 + draw.uniform(0, 0.1) for depth in DEPTHS]
    return {
        "loss.train": [round(loss, 5) for loss in train],
        "loss.validation": [round(loss, 5) for loss in validation],
        "accuracy.train": [round(1 - loss / 3, 5) for loss in train],
        "accuracy.validation": [round(1 - loss / 3 - gap / 5, 5) for loss in validation],
        "rmse.tree": [round(error, 4) for error in tree],
        "rmse.forest": [round(0.7 * error + 0.5, 4) for error in tree],
    }


def plot(name: str, run: Curves, look: int, to: Path) -> None:
    """Writes one plot as a student with this taste draws it."""
    size, marker, grid, changes = LOOKS[look]
    item = PLOTS[name]
    with_x = "x" in item
    with rc_context(changes):
        figure = Figure(figsize=size)
        axes = figure.subplots()
        for series in item["shows"]:
            axes.plot(DEPTHS if with_x else EPOCHS, run[series], marker=marker, label=series.partition(".")[2])
        axes.set_xlabel("maximum depth" if with_x else "epoch")
        axes.set_ylabel("RMSE" if with_x else name)
        axes.set_title(f"{name.capitalize()} over {'depth' if with_x else 'epochs'}")
        axes.grid(grid)
        axes.legend()
        figure.savefig(to)


def blank(to: Path) -> None:
    """Writes a plot on which nothing was drawn."""
    Figure().savefig(to)


def student(seed: str, folder: Path) -> list[object]:
    """Writes one submission; what it should get."""
    draw = random.Random(seed)
    stated, right = numbers(draw)
    run, look = curves(draw), draw.randrange(len(LOOKS))
    other = curves(draw)
    figures = folder / "figures"
    figures.mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps({**stated, "depths": DEPTHS, **run}, indent=1), encoding="utf-8")
    fates = draw.choices(FATES, WEIGHTS, k=len(PLOTS))
    for name, fate in zip(PLOTS, fates, strict=True):
        to = figures / f"{name}.png"
        if fate == "blank":
            blank(to)
        elif fate != "missing":
            plot(name, run if fate == "shown" else other, look, to)
    return [folder.name, right, *fates]


def make(count: int, folder: Path, seed: int = 1) -> None:
    """Makes the class from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [student(f"{seed}/{place}", folder / "submissions" / f"s{place:05}") for place in range(1, count + 1)]
    with (folder / "expected.csv").open("w", newline="", encoding="utf-8") as file:  # last: a class without it is not whole
        csv.writer(file).writerows([["student", "right", *PLOTS], *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a class of students who each hand in ten numbers and three plots.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    make(given.count, given.folder, given.seed)


if __name__ == "__main__":
    main()
