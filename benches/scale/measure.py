"""How `mlgrade grade` grows with the class: time, CPU and memory, of a first run and of a second one with nothing changed.

usage: measure.py --mlgrade PATH --work DIR [--sizes 100,1000,10000,100000] [--keep] [--threads N]     (Linux, Python 3.11 or later)

CPU seconds are user and system seconds of the process and of all children. Memory is the most that was resident, looked at every 0.2 s: of the process
itself, of the largest of its children, and of all together, where shared pages count once. All scores are checked. Without --keep a class is
removed as soon as it is measured. System seconds depend on the disk: they may double from run to run. With DIR in memory (/dev/shm) they do not.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from make import make

from watch import Usage, watch

HEAD = ["submissions", "run", "wall s", "CPU s", "of it system s", "CPU ms each", "parent MB", "workers", "largest worker MB", "sum MB"]


def scores(table: Path, column: str) -> dict[str, float]:
    """The points of each student."""
    with table.open(newline="", encoding="utf-8") as file:
        return {row["student"]: float(row[column]) for row in csv.DictReader(file)}


def grade(program: Path, folder: Path, threads: int | None) -> Usage:
    """Grades a class; ends the program if a score is wrong."""
    limit = [] if threads is None else ["--threads", str(threads)]
    command = [str(program), "grade", "submissions", "--rubric", "rubric.toml", "--out", "reports", *limit]
    usage = watch(command, folder, folder / "log.txt", {**os.environ, "HOME": str(folder)})
    if usage.code:
        sys.exit(f"mlgrade ended with {usage.code}; see {folder / 'log.txt'}")
    if scores(folder / "reports" / "grades.csv", "earned") != scores(folder / "expected.csv", "earned"):
        sys.exit(f"scores are wrong; compare {folder}/reports/grades.csv with {folder}/expected.csv")
    return usage


def line(count: int, run: str, usage: Usage) -> str:
    """A line of the table."""
    times = [f"{usage.wall:,.2f}", f"{usage.cpu:,.2f}", f"{usage.system:,.2f}", f"{usage.cpu * 1000 / count:,.2f}"]
    memory = [f"{usage.parent_peak:,.0f}", f"{len(usage.children)}", f"{usage.child_peak:,.0f}", f"{usage.tree_peak:,.0f}"]
    return "| " + " | ".join([f"{count:,}", run, *times, *memory]) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description="How `mlgrade grade` grows with the class.")
    parser.add_argument("--mlgrade", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", default="100,1000,10000,100000")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---:|" * len(HEAD))
    for count in map(int, given.sizes.split(",")):
        folder = given.work.resolve() / f"class-{count}"
        make(count, folder)
        for run in ("first", "second"):
            print(line(count, run, grade(given.mlgrade.resolve(), folder, given.threads)), flush=True)
        if not given.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
