"""Words for messages: lists of names, the nearest name, counted things."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


def listed(names: Iterable[object], last: str = "and", most: int = 8) -> str:
    """Names in backticks.

    >>> listed(["a", "b", "c"])
    '`a`, `b` and `c`'
    >>> listed("abcdef", last="or", most=3)
    '`a`, `b`, `c` or 3 others'
    """
    all_names = [f"`{name}`" for name in names]
    if len(all_names) > most:
        all_names = [*all_names[:most], f"{len(all_names) - most} others"]
    if len(all_names) < 2:
        return all_names[0] if all_names else "nothing"
    return f"{', '.join(all_names[:-1])} {last} {all_names[-1]}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `name` was probably meant to be.

    >>> nearest("improved.val_eror", ["improved.val_error", "improved.val_loss"])
    'improved.val_error'
    >>> nearest("Smaller", ["smaller", "larger"])
    'smaller'
    >>> nearest("colour", ["smaller", "larger"]) is None
    True
    """
    by_lower: dict[str, str] = {}
    for one in known:
        by_lower.setdefault(one.lower(), one)
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(10000, "row")
    ('1 row', '10000 rows')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shaped(shape: Sequence[int | None]) -> str:
    """A shape as NumPy prints it; a size that may be any is a star.

    >>> shaped([784, None]), shaped([3])
    ('(784, *)', '(3,)')
    """
    sizes: list[str] = ["*" if size is None else str(size) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def short(text: object, most: int = 40) -> str:
    """The beginning of a text, on one line.

    >>> short("one\\n two"), short("x" * 50, 5)
    ('one two', 'xxxx…')
    """
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def said(value: object) -> str:
    """A value as its author wrote it: text in quotes.

    >>> said("0"), said(0), said(True)
    ("'0'", '0', 'True')
    """
    return repr(short(value)) if isinstance(value, str) else short(value)
