"""What `mlgrade check` says of a submission."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ._errors import ProgramError
from ._html import BLUE, GREEN, GREY, RED, prose, quiet, sign, table
from ._html import code as code_html
from ._journal import settle_all
from ._program import CHECKS_WITHIN, find_rubric, run, told

_SIGNS: dict[str, tuple[str, str, str]] = {
    "fix": ("✗", "to fix", RED),
    "not-found": ("✗", "not found", RED),
    "ungraded": ("!", "could not be looked at", RED),
    "found": ("○", "found", BLUE),
    "fine": ("✓", "right", GREEN),
}


@dataclass(frozen=True)
class Wanted:
    """A piece of evidence that is not there."""

    file: str
    name: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Item:
    """How one item of the rubric stands."""

    id: str
    title: str
    part: str
    state: str
    """fine, found, fix, not-found or ungraded"""
    advice: str
    bonus: bool = False
    missing: tuple[Wanted, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def is_left_out(self) -> bool:
        """Whether it is for extra points and was not handed in, which is no fault."""
        return self.bonus and self.state == "not-found"

    def __repr__(self) -> str:
        return f"{self.id}: {self.advice}"


class Result:
    """What `mlgrade check` found. In a notebook it is shown as a table; `print` prints the command's own text."""

    def __init__(self, view: Mapping[str, Any], code: int, command: Sequence[str]) -> None:
        self.code = code
        """The command's exit code: 0 nothing to fix, 1 something to fix or to hand in, 3 something could not be looked at."""
        self.title = str(view.get("title", ""))
        self.notes: list[str] = [str(note) for note in view.get("notes", [])]
        self.items: list[Item] = [_item(item, part) for part in view.get("parts", []) for item in part.get("items", [])]
        self._command = list(command)
        self._text: str | None = None

    @property
    def ok(self) -> bool:
        """Whether there is nothing to fix, to hand in or to look at again."""
        return self.code == 0

    @property
    def to_fix(self) -> list[Item]:
        """The items that were found and are not right."""
        return [item for item in self.items if item.state == "fix"]

    @property
    def not_found(self) -> list[Item]:
        """The items that were not handed in, but for those for extra points."""
        return [item for item in self.items if item.state == "not-found" and not item.bonus]

    def summary(self) -> str:
        """How many items stand how."""
        counts = [
            (len(self.to_fix), "to fix"),
            (len(self.not_found), "not found"),
            (self._count("ungraded"), "that could not be looked at"),
            (self._count("found"), "found for the course to judge"),
            (self._count("fine"), "right"),
        ]
        return ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing was looked at"

    def _count(self, state: str) -> int:
        return sum(item.state == state for item in self.items)

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        return f"<mlgrade check: {self.summary()}>"

    def __str__(self) -> str:
        # The command prints either its text or JSON, so it is run again, once, for whoever prints the result.
        if self._text is None:
            ended = run(*self._command, within=CHECKS_WITHIN)
            self._text = ended.printed if ended.code in (0, 1, 3) else ended.complaint
        return self._text

    def _repr_html_(self) -> str:
        def those(*states: str) -> list[Item]:
            return [item for item in self.items if item.state in states and not item.is_left_out]

        left_out = [item for item in self.items if item.is_left_out]
        sections = [("", [[sign("!", "note", BLUE), quiet(note)] for note in self.notes])]
        sections.append(("To fix", [_row(item) for item in those("fix", "ungraded")]))
        sections.append(("Not found", [_row(item) for item in those("not-found")]))
        for part in dict.fromkeys(item.part for item in self.items):
            sections.append((part, [_row(item) for item in those("found", "fine") if item.part == part]))
        sections.append(("For extra points, if you like", [_row(item) for item in left_out]))
        return table(self.title, self.summary(), sections)


def _row(item: Item) -> list[str]:
    mark, word, colour = _SIGNS.get(item.state, ("", item.state, GREY))
    if item.is_left_out:
        mark, word, colour = "·", "left out", GREY
    says = [_places(item.missing) or prose(item.advice) if item.state == "not-found" else prose(item.advice)]
    hints = dict.fromkeys(f"`{wanted.name}`: {wanted.hint}" if wanted.name else wanted.hint for wanted in item.missing if wanted.hint)
    says += [quiet(one) for one in [*hints, *item.places]]
    return [sign(mark, word, colour), prose(item.title), "<br>".join(says)]


def _places(missing: Sequence[Wanted]) -> str:
    """What is missing, file by file: "a, b in metrics.json; figures/trees.png"."""
    files: dict[str, list[str]] = {}
    for wanted in missing:
        files.setdefault(wanted.file, []).extend([code_html(wanted.name)] if wanted.name else [])
    return "; ".join(f"{', '.join(names)} in {escape(file)}" if names else code_html(file) for file, names in files.items())


def _item(item: Mapping[str, Any], part: Mapping[str, Any]) -> Item:
    def wanted(one: Mapping[str, Any]) -> Wanted:
        return Wanted(str(one.get("file", "")), str(one.get("name") or ""), str(one.get("hint") or ""))

    return Item(
        id=str(item.get("id", "")),
        title=str(item.get("title", "")),
        part=str(part.get("title", "")),
        state=str(item.get("state", "")),
        advice=str(item.get("advice", "")),
        bonus=bool(item.get("bonus", False)),
        missing=tuple(wanted(one) for one in item.get("missing", [])),
        places=tuple(str(place) for place in item.get("places", [])),
    )


def check(folder: str | os.PathLike[str] = ".", rubric: str | os.PathLike[str] | None = None) -> Result:
    """Checks what lies in `folder` as `mlgrade check` does: what to fix, what is not there yet, what the course will judge.

    Without `rubric` it is MLGRADE_RUBRIC, or the one *.student.toml in the folder or above it.
    """
    settle_all()
    place = Path(folder).resolve()
    if not place.exists():
        raise ProgramError(f"there is no folder {place}; record something into it first")
    command = ["check", str(place), "--rubric", find_rubric(rubric, place if place.is_dir() else place.parent)]
    view, code = told(*command, "--json", within=CHECKS_WITHIN, fine=(0, 1, 3))
    return Result(view, code, command)
