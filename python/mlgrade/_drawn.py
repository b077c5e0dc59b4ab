"""The numbers of lines that are drawn, held against those that are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _checks
from ._errors import RecordError
from ._names import Name, Names
from ._store import lookup
from ._values import plain
from ._words import counted


def recorded(figure: Name, drawn: Any, names: Names, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The series that lines are called by and that are not recorded yet, with their numbers.

    Only a label that is just the name of a series which the figure is to show counts. An error if such a series is recorded with other
    numbers, for then the figure is of another run.
    """
    found: dict[str, Any] = {}
    for label, across, up in lines(drawn):
        if label not in figure.shows or names.get("values", label) is None:
            continue
        for name, values in [(label, up), (figure.x, across)]:
            asked = names.get("values", name) if name is not None else None
            if asked is None or not values:
                continue
            known = found.get(asked.name, lookup(stated, asked.name))
            if known is None:
                found[asked.name] = _checks.checked(asked, values)
            elif not _checks.same(known, values):
                where = f"along the x axis of `{label}`" if asked.name == figure.x else f"in the line `{label}`"
                raise RecordError(
                    f"the figure `{figure.name}` shows other numbers {where} than those recorded as `{asked.name}` "
                    f"({difference(known, values)}); is it of another run? Draw it anew, or record its numbers first"
                )
    return found


def lines(figure: Any) -> list[tuple[str, list[Any], list[Any]]]:
    """The label, the x and the y of each line of a figure."""
    all_lines = [line for axes in figure.axes for line in axes.lines]
    labelled = [(str(line.get_label()), line) for line in all_lines]
    return [(label, _data(line.get_xdata(orig=True), label), _data(line.get_ydata(orig=True), label)) for label, line in labelled]


def _data(plotted: Any, label: str) -> list[Any]:
    """The numbers as they were plotted; none where they are dates or words."""
    try:
        numbers = plain(plotted, label)
    except RecordError:
        return []
    return numbers if isinstance(numbers, list) else [numbers]


def difference(known: Any, drawn: list[Any]) -> str:
    """Where two series differ first.

    >>> difference([1, 2, 3], [1, 2.5, 3])
    'point 2 is 2.5, recorded 2'
    >>> difference([1, 2, 3], [1, 2])
    '2 points drawn, 3 recorded'
    """
    if not isinstance(known, list) or len(known) != len(drawn):
        return f"{counted(len(drawn), 'point')} drawn, {len(known) if isinstance(known, list) else 1} recorded"
    place = next(at for at, pair in enumerate(zip(known, drawn)) if not _checks.same([pair[0]], [pair[1]]))
    return f"point {place + 1} is {drawn[place]!r}, recorded {known[place]!r}"
