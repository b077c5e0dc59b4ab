"""metrics.json and answers.json: read, changed in single names, written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Callable

from ._errors import RecordError
from ._files import locked, write

REMOVED = object()
"""Stands in a change for a name that is taken out."""


class Store:
    """A file of values by name. Whatever else stands in it, by hand or from another notebook, is kept.

    >>> import tempfile
    >>> store = Store(Path(tempfile.mkdtemp()) / "metrics.json", ["b", "a"])
    >>> store.change({"a": 1, "b": [0.5, 0.25]})
    >>> print(store.path.read_text(encoding="utf-8"), end="")
    {
      "b": [0.5, 0.25],
      "a": 1
    }
    >>> store.get("b")
    [0.5, 0.25]
    """

    def __init__(self, path: Path, order: Iterable[str]) -> None:
        """`order` is the order in which names are written."""
        self.path = path
        self._order = {name: at for at, name in enumerate(order)}
        self._stamp: tuple[int, ...] | None = None
        self._stated: dict[str, Any] = {}

    @property
    def size(self) -> int:
        """Bytes of the file when it was last read or written."""
        return self._stamp[0] if self._stamp else 0

    def read(self) -> dict[str, Any]:
        """What the file states as it stands; nothing if there is no file. The same object as long as the file is the same: it is not to be changed."""
        try:
            if self._stamp is not None and _stamp(os.stat(self.path)) == self._stamp:
                return self._stated
            with self.path.open("rb") as file:
                stamp = _stamp(os.fstat(file.fileno()))
                content = file.read()
        except FileNotFoundError:
            self._stamp = None
            return {}
        self._stamp = None
        self._stated = self._parsed(content)
        self._stamp = stamp
        return self._stated

    def _parsed(self, content: bytes) -> dict[str, Any]:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise self._broken(f"byte {error.start} is not UTF-8") from None
        if not text.strip():
            return {}
        try:
            stated = json.loads(text)
        except json.JSONDecodeError as error:
            raise self._broken(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
        except RecursionError:
            raise self._broken("it is nested too deep") from None
        if not isinstance(stated, dict):
            raise self._broken(f"it holds a {type(stated).__name__}, where names with values belong")
        return stated

    def _broken(self, why: str) -> RecordError:
        return RecordError(
            f"{self.path} is not JSON that can be added to ({why}); it was left as it is. Mend it, or delete it and run the notebook again"
        )

    def get(self, name: str) -> Any:
        """The value of a name, or None."""
        return lookup(self.read(), name)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Writes these values, and takes out those that are REMOVED."""
        self.update(lambda _: changes)

    def update(self, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> None:
        """Writes what `change` makes of the values that are there."""
        # The grader reads TOML before JSON, so values in it would win over what is recorded.
        toml = self.path.with_suffix(".toml")
        if toml.exists():
            raise RecordError(f"{toml} is there too, and is read before {self.path.name}; move its values into {self.path.name} or delete it")
        with locked(self.path):
            there = self.read()
            stated = dict(there)
            for name, value in change(there).items():
                _remove(stated, name)
                if value is not REMOVED:
                    stated[name] = value
            last = len(self._order)
            names = sorted(stated, key=lambda name: self._order.get(name, last))
            stated = {name: stated[name] for name in names}
            write(self.path, written(stated).encode("utf-8"))
            self._stated, self._stamp = stated, _stamp(os.stat(self.path))


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    """What is another number once the file was written anew."""
    return status.st_size, status.st_mtime_ns, status.st_ino


def lookup(stated: Mapping[str, Any], name: str) -> Any:
    """The value of a dotted name, written flat or in tables; the last one counts, as for the grader. None if there is none.

    >>> lookup({"tree": {"val": {"rmse": 3}}, "a.b": 1}, "tree.val.rmse")
    3
    """
    found = None
    for key, value in stated.items():
        if key == name:
            found = value
        elif name.startswith(key + ".") and isinstance(value, dict):
            inner = lookup(value, name[len(key) + 1 :])
            found = found if inner is None else inner
    return found


def _remove(stated: dict[str, Any], name: str) -> None:
    """Takes a name out, also out of tables, and tables that are empty then."""
    stated.pop(name, None)
    for key in [key for key in stated if name.startswith(key + ".")]:
        if isinstance(stated[key], dict) and stated[key]:
            inner = dict(stated[key])
            _remove(inner, name[len(key) + 1 :])
            if inner:
                stated[key] = inner
            else:
                del stated[key]


def written(stated: Mapping[str, Any]) -> str:
    """The text of the file: a name a line, a series on its line, an array with a row a line."""
    if not stated:
        return "{}\n"
    lines: list[str] = [f"  {_text(name)}: {_value(value)}" for name, value in stated.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(one, list) for one in value):
        return "[\n    " + ",\n    ".join(_text(one) for one in value) + "\n  ]"
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def recorded(stated: Mapping[str, Any], name: str) -> Any | None:
    """The value of a name if it says something: an empty text or list does not."""
    value = lookup(stated, name)
    return None if value is None or value == "" or value == [] else value
