"""What of a rubric is recorded in a folder, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from ._figures import PICTURES
from ._html import GREEN, GREY, RED, code, quiet, sign, table
from ._names import Name, Names
from ._networks import ENDINGS as NETWORKS
from ._store import recorded
from ._words import short

_PREDICTIONS = (".csv", ".npy", ".npz", ".json", ".jsonl", ".txt", ".tsv")
_ENDINGS: dict[str, tuple[str, ...]] = {"figure": PICTURES, "predictions": _PREDICTIONS, "network": NETWORKS}
_RULES = (".txt", ".dot", ".gv")


class Missing(NamedTuple):
    """One thing that is asked for and not recorded, or not all of it."""

    name: str
    kind: str
    file: str
    how: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.how}{f'  ({self.note})' if self.note else ''}"


@dataclass(frozen=True)
class Entry:
    """How one name stands."""

    name: Name
    shown: str | None
    """What is recorded, in short; None if nothing is."""
    note: str = ""
    """Why it is not all of it."""
    path: Path | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it is asked for, and not all of it is recorded."""
        return (self.shown is None and not self.name.optional) or bool(self.note)


class Status:
    """What is recorded and what is missing, as it was when asked."""

    def __init__(self, names: Names, folder: Path, metrics: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        self.names = names
        self.folder = folder
        stated = {"metrics.json": metrics, "answers.json": answers}
        self.entries: list[Entry] = [_entry(name, folder, stated) for name in names]

    def missing(self, optional: bool = False) -> list[Missing]:
        """What is asked for and not recorded; with `optional` also what may be left out."""
        entries = [one for one in self.entries if one.is_missing or (optional and one.shown is None)]
        return [Missing(one.name.name, one.name.kind, one.name.file, one.name.how, one.note) for one in entries]

    def summary(self) -> str:
        """How much is recorded."""
        there = sum(one.shown is not None for one in self.entries)
        left = sum(one.shown is None and one.name.optional for one in self.entries)
        missing = len(self.missing())
        said = [f"{there} of {len(self.entries)} recorded in {self.folder}", f"{missing} missing" if missing else "nothing is missing"]
        return ", ".join([*said, f"{left} optional"] if left else said)

    def __str__(self) -> str:
        lines = [f"{self.names.title or self.names.rubric}: {self.summary()}"]
        for title, entries in self._parts():
            lines.append(f"\n{title}" if title else "")
            for one in entries:
                mark = "✗" if one.is_missing else "✓" if one.shown is not None else "·"
                lines.append(f"  {mark} {one.name.how if one.shown is None or one.note else one.name.name:<40} {_said(one)}".rstrip())
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(one: Entry) -> list[str]:
            if one.is_missing:
                return [sign("✗", "missing", RED), code(one.name.how), escape(_said(one))]
            if one.shown is None:
                return [sign("·", "optional", GREY), code(one.name.how), escape(_said(one))]
            return [sign("✓", "recorded", GREEN), code(one.name.name), quiet(_said(one))]

        return table(self.names.title, self.summary(), [(title, [row(one) for one in entries]) for title, entries in self._parts()])

    def _parts(self) -> list[tuple[str, list[Entry]]]:
        by_name = {id(one.name): one for one in self.entries}
        return [(title, [by_name[id(name)] for name in names]) for title, names in self.names.by_part()]


def _said(one: Entry) -> str:
    return one.note or (one.shown if one.shown is not None else one.name.words())


def _entry(name: Name, folder: Path, stated: Mapping[str, Mapping[str, Any]]) -> Entry:
    if name.family in ("values", "answers", "rule"):
        value = recorded(stated["answers.json" if name.family != "values" else "metrics.json"], name.name)
        if value is not None:
            return Entry(name, _shown(value), _not_all(name, value))
        path = _found(folder / "rules" / name.name, _RULES) if name.family == "rule" else None
    elif name.family in _ENDINGS:
        path = _found((folder / name.file).with_name(name.name.rsplit("/", 1)[-1]), _ENDINGS[name.family])
    elif name.family == "notebook":
        path = notebook(name, folder)
    else:
        path = folder / name.file
    if path is None or not path.is_file():
        return Entry(name, None)
    return Entry(name, path.relative_to(folder).as_posix(), path=path)


def _found(stem: Path, endings: tuple[str, ...]) -> Path | None:
    paths = [stem.with_name(stem.name + ending) for ending in endings]
    return next((path for path in paths if path.is_file()), None)


def notebook(name: Name, folder: Path) -> Path | None:
    """The notebook that is asked for: the one of its name, else the only one in the folder."""
    named = folder / name.file
    if named.is_file():
        return named
    others = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    return others[0] if len(others) == 1 else None


def _not_all(name: Name, value: Any) -> str:
    if name.kind == "series" and name.length and isinstance(value, list) and len(value) != name.length:
        return f"{len(value)} of {name.length} values"
    return ""


def _shown(value: Any) -> str:
    """A value in a few words.

    >>> _shown(0.25), _shown([0.5, 0.25]), _shown([9, 8, 7, 6, 5]), _shown([[1, 2], [3, 4]])
    ('0.25', '0.5, 0.25', '5 values, 9 … 5', '2 rows')
    """
    if not isinstance(value, list):
        return short(value)
    if value and isinstance(value[0], list):
        return f"{len(value)} rows"
    if len(value) > 4:
        return f"{len(value)} values, {value[0]} … {value[-1]}"
    return short(", ".join(str(one) for one in value))
