"""The same class graded by mlgrade, a loop in Python, otter-grader and nbgrader: CPU seconds, time and memory of each, and their ratios to the loop.

usage: run.py --mlgrade PATH --work DIR [--submissions N] [--notebooks K]     (Linux, Python 3.11 or later)

Otter and nbgrader start a kernel for each notebook, which takes seconds. They grade the first K submissions only; what is compared is a submission's share.
Every grader's scores are checked. A wrong one ends the comparison. CPU seconds are those of the process and all its children.
"""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import graders
from scores import read

from watch import Usage, watch

HEAD = ["", "submissions", "CPU ms each", "ratio", "wall ms each", "ratio", "peak MB", "ratio"]


def share(grader: graders.Grader, usage: Usage) -> list[float]:
    """What is compared: CPU and time for a submission, and the memory."""
    return [usage.cpu * 1000 / grader.students, usage.wall * 1000 / grader.students, usage.tree_peak]


def table(lines: list[list[str]]) -> None:
    """Prints a table in Markdown."""
    for place, line in enumerate([HEAD, *lines]):
        print("| " + " | ".join(line) + " |")
        if place == 0:
            print("|---" + "|---:" * (len(HEAD) - 1) + "|")


def run(grader: graders.Grader, expected: dict[str, dict[str, str]]) -> Usage:
    """Runs a grader and checks its scores."""
    log = grader.folder / "log.txt"
    usage = watch(grader.command, grader.folder, log, grader.env)
    if usage.code:
        sys.exit(f"{grader.name} ended with {usage.code}; see {log}")
    faults = grader.faults(expected)
    if faults:
        sys.exit("\n".join([f"{grader.name}: {len(faults)} scores are wrong", *faults[:10]]))
    used = f"{usage.cpu:.1f} CPU s, {usage.wall:.1f} s, {usage.tree_peak:.0f} MB"
    print(f"{grader.name}: {grader.students:,} submissions, {used}; all scores are right", flush=True)
    return usage


def main() -> None:
    parser = argparse.ArgumentParser(description="The same class graded by mlgrade, a loop in Python, otter-grader and nbgrader.")
    parser.add_argument("--mlgrade", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--notebooks", type=int, default=20)
    given = parser.parse_args()
    work, program = given.work.resolve(), given.mlgrade.resolve()

    made = work / f"class-{given.submissions}"
    if not (made / "expected.csv").exists():
        python = graders.environment(work, "make") / "python"
        subprocess.run([python, graders.HERE / "make.py", str(given.submissions), made], check=True)
    expected = read(made / "expected.csv")
    submissions = sorted((made / "submissions").iterdir())
    first = submissions[: given.notebooks]

    compared = [
        graders.loop(work, submissions),
        graders.mlgrade(program, work, submissions, reads=False),
        graders.mlgrade(program, work, submissions, reads=True),
        graders.otter(work, first),
        graders.nbgrader(work, first),
    ]
    usages = [run(grader, dict(list(expected.items())[: grader.students])) for grader in compared]
    base = share(compared[0], usages[0])
    lines = []
    for grader, usage in zip(compared, usages, strict=True):
        line = [grader.name, f"{grader.students:,}"]
        for own, other in zip(share(grader, usage), base, strict=True):
            line += [f"{own:,.1f}", f"{own / other:,.2f}"]
        lines.append(line)
    print()
    table(lines)


if __name__ == "__main__":
    main()
