"""The graders that are compared. Each is prepared, then run and measured, then its scores are checked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbgrader_class
import otter_class
from asked import RUBRIC
from scores import Row, blind, read, reading, waiting

HERE = Path(__file__).parent


@dataclass
class Grader:
    """One way to grade the class, ready to be run."""

    name: str
    command: list[str]
    folder: Path
    """Where it runs."""
    students: int
    env: dict[str, str]
    faults: Callable[[dict[str, Row]], list[str]]
    """What is wrong with its scores, given what is expected."""


def environment(work: Path, name: str) -> Path:
    """The programs of a virtual environment with the pinned packages, which is made if it is not there."""
    programs = work / "envs" / name / "bin"
    if not (programs / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", programs.parent], check=True)
        subprocess.run([programs / "pip", "-q", "install", "-r", HERE / f"requirements-{name}.txt"], check=True)
        (programs / "done").touch()
    return programs


def variables(work: Path, programs: Path | None = None) -> dict[str, str]:
    """The environment of a grader: its own programs first, and a home that is not the user's."""
    path = os.environ["PATH"] if programs is None else f"{programs}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HOME": str(work), "PYTHONWARNINGS": "ignore"}


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def each(scores: dict[str, Row], expected: dict[str, Row], check: Callable[[Row, Row], list[str]]) -> list[str]:
    """The faults of all students."""
    if set(scores) != set(expected):
        return [f"{len(scores)} students for {len(expected)}"]
    return [f"{student}: {fault}" for student, row in scores.items() for fault in check(row, expected[student])]


def totals(path: Path, key: str, column: str) -> Callable[[dict[str, Row]], list[str]]:
    """Checks a table of total scores."""
    return lambda expected: each(read(path, key), expected, lambda row, wanted: blind(float(row[column]), wanted))


def mlgrade(program: Path, work: Path, submissions: list[Path], reads: bool) -> Grader:
    """`mlgrade grade`. Without reading it does what the others do: a plot has to be there and not blank."""
    name = "mlgrade, plots read" if reads else "mlgrade, plots not read"
    folder = fresh(work / name.replace(",", "").replace(" ", "-"))
    text = RUBRIC.read_text(encoding="utf-8")
    (folder / "rubric.toml").write_text(text if reads else re.sub(r"^(x|shows) = .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    command = [str(program), "grade", str(submissions[0].parent), "--rubric", "rubric.toml", "--out", "reports"]
    table = folder / "reports" / "grades.csv"

    def faults(expected: dict[str, Row]) -> list[str]:
        if reads:
            print(f"{name}: {waiting(table)} of {3 * len(submissions)} plots are left to a person")
        check = reading if reads else lambda row, wanted: blind(float(row["earned"]), wanted)
        return each(read(table), expected, check)

    return Grader(name, command, folder, len(submissions), variables(work), faults)


def loop(work: Path, submissions: list[Path]) -> Grader:
    """A teaching assistant's loop in Python."""
    folder, programs = fresh(work / "ta"), environment(work, "ta")
    command = [str(programs / "python"), str(HERE / "ta.py"), str(submissions[0].parent), "scores.csv"]
    env = variables(work, programs)
    return Grader("a loop in Python", command, folder, len(submissions), env, totals(folder / "scores.csv", "student", "total"))


def otter(work: Path, submissions: list[Path]) -> Grader:
    """Otter's Python API without containers, a notebook after the other in one process."""
    folder, programs = fresh(work / "otter"), environment(work, "otter")
    env = variables(work, programs)
    otter_class.write(submissions, folder)
    generate = [str(programs / "otter"), "generate", "-t", "tests", "--no-config", "--no-environment", "--no-requirements"]
    subprocess.run(generate, cwd=folder, env=env, check=True)
    command = [str(programs / "python"), str(HERE / "otter_loop.py"), "autograder.zip", "zips", "scores.csv"]
    return Grader("otter-grader", command, folder, len(submissions), env, totals(folder / "scores.csv", "student", "total"))


def nbgrader(work: Path, submissions: list[Path]) -> Grader:
    """`nbgrader autograde`, a command for the whole class; the export of the scores is not measured."""
    folder, programs = fresh(work / "nbgrader"), environment(work, "nbgrader")
    env = variables(work, programs)

    def say(*arguments: str) -> None:
        subprocess.run([programs / "nbgrader", *arguments, "--log-level=ERROR"], cwd=folder, env=env, check=True)

    nbgrader_class.source(folder)
    say("generate_assignment", nbgrader_class.NAME)
    nbgrader_class.hand_in(submissions, folder)

    def faults(expected: dict[str, Row]) -> list[str]:
        say("export", "--to", "scores.csv")
        return totals(folder / "scores.csv", "student_id", "score")(expected)

    command = [str(programs / "nbgrader"), "autograde", nbgrader_class.NAME]
    return Grader("nbgrader", command, folder, len(submissions), env, faults)
