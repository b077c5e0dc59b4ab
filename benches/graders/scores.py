"""Whether a grader's scores are the right ones. Each check returns what is wrong, a line for each fault."""

import csv
from pathlib import Path

from asked import PLOTS

Row = dict[str, str]


def read(path: Path, key: str = "student") -> dict[str, Row]:
    """The lines of a CSV by their students."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def blind(total: float, expected: Row) -> list[str]:
    """A grader that only looks whether a plot is blank: plots of another run count as well."""
    wanted = int(expected["right"]) + sum(expected[plot] in ("shown", "stale") for plot in PLOTS)
    return [] if total == wanted else [f"{total:g} points for {wanted}"]


def reading(row: Row, expected: Row) -> list[str]:
    """A grader that reads the plots. One that it cannot tell is left to a person: its cell is empty. It must accept no plot of another run, and fail none of the student's own."""
    faults = []
    numbers = sum(float(points) for item, points in row.items() if item.startswith("numbers/"))
    if numbers != int(expected["right"]):
        faults.append(f"{numbers:g} points for {expected['right']} right numbers")
    for plot in PLOTS:
        points, fate = row[f"plots/{plot}"], expected[plot]
        right = {"shown": ("1", ""), "stale": ("0", ""), "blank": ("0",), "missing": ("0",)}[fate]
        if points not in right:
            faults.append(f"{points or 'no'} points for the plot {plot}, which is {fate}")
    return faults


def waiting(path: Path) -> int:
    """How many items of a class a person has to look at."""
    return sum(int(row["ungraded"]) for row in read(path).values())
