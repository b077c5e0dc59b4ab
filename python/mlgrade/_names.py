"""The names that a rubric asks for, and what each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ._errors import ProgramError, UnknownName
from ._words import listed, nearest, shaped

FAMILIES: dict[str, str] = {
    "number": "values",
    "series": "values",
    "array": "values",
    "value": "values",
    "answer": "answers",
    "text": "answers",
    "rule": "rule",
    "figure": "figure",
    "predictions": "predictions",
    "network": "network",
    "file": "file",
    "notebook": "notebook",
}
"""The family of each kind. Within a family a name is unique."""

HOW: dict[str, str] = {
    "values": "sub[{name!r}] = …",
    "answers": "sub.answer({name!r}, …)",
    "rule": "sub.rule({name!r}, …)",
    "figure": "sub.figure({name!r}, …)",
    "predictions": "sub.predictions({name!r}, …)",
    "network": "sub.network({name!r}, …)",
    "file": "sub.file({name!r}, …)",
    "notebook": "sub.file({name!r}, …)",
}
"""How each family is recorded."""

_WORDS: dict[str, str] = {
    "value": "a number or a series",
    "answer": "an answer",
    "text": "a written answer",
    "rule": "a rule",
    "figure": "a figure",
    "file": "a file",
    "network": "a network",
    "notebook": "a notebook",
}


@dataclass(frozen=True)
class Name:
    """One thing that the rubric asks for."""

    name: str
    kind: str
    file: str
    meaning: str = ""
    items: tuple[str, ...] = ()
    optional: bool = False
    unit: str | None = None
    length: int | None = None
    shape: tuple[int | None, ...] | None = None
    choices: tuple[str, ...] | None = None
    several: bool = False
    shows: tuple[str, ...] = ()
    x: str | None = None
    rows: int | None = None
    join: str | None = None
    classes: tuple[str, ...] | None = None
    scores: bool = False
    of_class: str | None = None

    @property
    def family(self) -> str:
        """The family of its kind."""
        return FAMILIES[self.kind]

    @property
    def how(self) -> str:
        """The call that records it."""
        return HOW[self.family].format(name=self.name).replace("'", '"')

    def words(self) -> str:
        """What it is, in words.

        >>> Name("loss", "series", "metrics.json", length=20).words()
        'a series of 20 numbers'
        >>> Name("w", "array", "metrics.json", shape=(784, None)).words()
        'an array of shape (784, *)'
        >>> Name("error", "number", "metrics.json", unit="fraction").words()
        'a number from 0 to 1'
        """
        if self.kind == "series":
            return f"a series of {self.length} numbers" if self.length else "a series of numbers"
        if self.kind == "array":
            return f"an array of shape {shaped(self.shape)}" if self.shape else "an array of numbers"
        if self.kind == "number":
            return {"fraction": "a number from 0 to 1", "percent": "a number in percent"}.get(self.unit or "", "a number")
        if self.kind == "answer" and self.choices:
            return f"{'one or more' if self.several else 'one'} of {listed(self.choices, last='or')}"
        if self.kind == "predictions":
            what = "scores" if self.scores else "predictions"
            return f"{what} in {self.rows} rows" if self.rows else what
        return _WORDS[self.kind]


def _name(entry: Mapping[str, Any]) -> Name:
    def texts(key: str) -> tuple[str, ...] | None:
        found = entry.get(key)
        return None if found is None else tuple(str(one) for one in found)

    shape = entry.get("shape")
    return Name(
        name=str(entry["name"]),
        kind=str(entry["kind"]),
        file=str(entry.get("file", "")),
        meaning=str(entry.get("meaning", "")),
        items=texts("items") or (),
        optional=bool(entry.get("optional", False)),
        unit=entry.get("unit"),
        length=entry.get("length"),
        shape=None if shape is None else tuple(shape),
        choices=texts("choices"),
        several=bool(entry.get("several", False)),
        shows=texts("shows") or (),
        x=entry.get("x"),
        rows=entry.get("rows"),
        join=entry.get("join"),
        classes=texts("classes"),
        scores=bool(entry.get("scores", False)),
        of_class=entry.get("class"),
    )


def _without_files_of_others(names: list[Name]) -> list[Name]:
    """Leaves out files that are a figure, predictions or a network of another name, in whatever format: there is a better call for those."""
    stems = {name.file.rpartition(".")[0] for name in names if name.family in ("figure", "predictions", "network")}
    return [name for name in names if name.kind != "file" or name.file.rpartition(".")[0] not in stems]


class Names:
    """All that a rubric asks for, in its order. Iterating gives a `Name` each; `in` takes the text of a name.

    >>> names = Names({"schema": 1, "rubric": "hw", "title": "Homework", "parts": [], "names": [
    ...     {"name": "best", "kind": "figure", "file": "figures/best.png"},
    ...     {"name": "error", "kind": "number", "file": "metrics.json"}]})
    >>> "error" in names, len(names), [name.kind for name in names]
    (True, 2, ['figure', 'number'])
    >>> names.find("eror", "values")
    Traceback (most recent call last):
    mlgrade._errors.UnknownName: the rubric asks for no `eror`; did you mean `error`?
    >>> names.find("best", "values")
    Traceback (most recent call last):
    mlgrade._errors.UnknownName: `best` is a figure: write sub.figure("best", …)
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        """`told` is what `mlgrade explain --rubric FILE --json` prints."""
        if told.get("schema") != 1:
            raise ProgramError(
                f"the mlgrade command speaks version {told.get('schema')} of its list of names, and this package version 1; install both anew"
            )
        self.rubric = str(told.get("rubric", ""))
        self.title = str(told.get("title", ""))
        self.parts: list[tuple[str, str]] = [(str(part["id"]), str(part.get("title", ""))) for part in told.get("parts", [])]
        known = [entry for entry in told.get("names", []) if entry.get("kind") in FAMILIES]
        self._names = _without_files_of_others([_name(entry) for entry in known])
        self._by_family: dict[tuple[str, str], Name] = {(name.family, name.name): name for name in self._names}

    def __iter__(self) -> Iterator[Name]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return any(one.name == name for one in self._names)

    def of(self, *families: str) -> list[Name]:
        """Those of these families."""
        return [name for name in self._names if name.family in families]

    def get(self, family: str, name: str) -> Name | None:
        """The one of this family and name, if there is one."""
        return self._by_family.get((family, name))

    def find(self, name: str, *families: str) -> Name:
        """The one of this name in one of the families; an error that says what was probably meant, if there is none."""
        for family in families:
            found = self.get(family, name)
            if found is not None:
                return found
        others = [one for one in self._names if one.name == name]
        if others:
            kinds = " and ".join(one.words() for one in others)
            raise UnknownName(f"`{name}` is {kinds}: write {', or '.join(one.how for one in others)}")
        meant = nearest(name, [one.name for one in self.of(*families)])
        if meant is not None:
            raise UnknownName(f"the rubric asks for no `{name}`; did you mean `{meant}`?")
        other = nearest(name, [one.name for one in self._names])
        if other is not None:
            how = next(one for one in self._names if one.name == other).how
            raise UnknownName(f"the rubric asks for no `{name}`; did you mean {how}?")
        asked = [one.name for one in self.of(*families)]
        help_ = f"it asks for {listed(asked)}" if asked else "it asks for nothing of this kind"
        raise UnknownName(f"the rubric asks for no `{name}`; {help_} (sub.names lists all)")

    def by_part(self) -> list[tuple[str, list[Name]]]:
        """The titles of the parts, each with the names that its items are the first to ask for."""
        titles = dict(self.parts)
        parts: dict[str, list[Name]] = {part: [] for part, _ in self.parts}
        for name in self._names:
            part = name.items[0].split("/")[0] if name.items else ""
            parts.setdefault(part, []).append(name)
        return [(titles.get(part) or part, names) for part, names in parts.items() if names]

    def __repr__(self) -> str:
        lines = [self.title or self.rubric]
        for title, names in self.by_part():
            lines.append(f"\n{title}" if title else "")
            lines.extend(f"  {name.how:<44} {name.words()}{' (optional)' if name.optional else ''}" for name in names)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from ._html import names_table

        return names_table(self)
