"""Series that grow by a value an epoch, and never become a mixture of two trainings.

A cell that trains is run again more often than any other. What `log` does then:

- A new `Submission` starts every series afresh: its first value replaces what an earlier session has recorded.
- With `epoch=`, an epoch that was logged before is replaced, and the later ones, which came from the old training, are dropped. The first epoch,
  0 or 1, begins anew, also where epochs were not numbered before.
- Without `epoch=`, a series that another run of a cell began is not appended to: `log` raises and says what to write. Only IPython and
  Jupyter tell one run of a cell from another; anywhere else a series grows until its length.
- What was assigned, or is no longer in metrics.json as it was logged, is not replaced: `log` raises.
- `restart`, or `with sub.run(…)`, at the top of the cell begins anew and says so. `keep=7` goes on after the first 7 values.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ._errors import RecordError
from ._names import Name
from ._store import lookup
from ._values import Plain
from ._words import counted


def current_cell() -> object | None:
    """What tells the run of this cell from others; None outside of IPython."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "execution_count", None)


@dataclass
class Series:
    """What was logged of one series in this session."""

    values: list[Plain] = field(default_factory=list)
    cell: object | None = None
    first: int | None = None
    """The number of its first epoch, if epochs are numbered."""
    kept: int = 0
    """How many values restart has kept from before."""
    known: list[Any] = field(default_factory=list)
    """What may lie in metrics.json: what was written last, and what is being written."""
    seen: object | None = None
    """The content of the file in which that was found."""

    def is_in(self, stated: Mapping[str, Any], name: str) -> bool:
        """Whether the file holds what was written last, and not an edit of it."""
        if self.seen is not stated:
            there = json.dumps(lookup(stated, name))
            if all(json.dumps(one) != there for one in self.known):
                return False
            self.seen = stated
        return True


class Logs:
    """The series that are being logged."""

    def __init__(self) -> None:
        self._series: dict[str, Series] = {}
        self._keep: dict[str, int] = {}
        self._assigned: set[str] = set()

    def __getitem__(self, name: str) -> Series:
        return self._series[name]

    def assign(self, name: str) -> None:
        """The series was assigned: it is not to be replaced by what is logged."""
        self.forget(name)
        self._assigned.add(name)

    def forget(self, name: str) -> None:
        """The series was deleted or restarted: the next value that is logged starts it afresh."""
        self._series.pop(name, None)
        self._keep.pop(name, None)
        self._assigned.discard(name)

    def restart(self, names: list[str], keep: int) -> list[str]:
        """The next value of these series follows their first `keep`. Gives those that were logged in this session."""
        logged = [name for name in names if name in self._series]
        for name in names:
            self.forget(name)
            if keep:
                self._keep[name] = keep
        return logged

    def place(self, name: Name, prefix: str, epoch: int | None, stated: Mapping[str, Any]) -> tuple[Series, int]:
        """The series and the place of its next value. `stated` is what lies in metrics.json. Nothing changes before `commit`."""
        prefix = prefix or name.name
        series = self._begun(name, prefix, stated)
        at = len(series.values)
        if epoch is None:
            self._same_run(name, prefix, series)
        else:
            at = self._place(name, prefix, series, epoch)
        if name.length and at >= name.length:
            raise RecordError(
                f"`{name.name}` has its {counted(name.length, 'value')} already, and this would be one more. To train anew, write "
                f'sub.restart("{prefix}") at the top of the training cell, or pass epoch=…'
            )
        if not series.is_in(stated, name.name):
            there = lookup(stated, name.name)
            if at or there is not None:
                raise edited(name.name, there, prefix)
            series.known = [None]
        return series, at

    def commit(self, name: str, series: Series, at: int, value: Plain, epoch: int | None) -> None:
        """The series goes on with `value` at this place."""
        series.values[at:] = [value]
        series.cell = current_cell()
        series.first = None if epoch is None else epoch - at
        series.kept = min(series.kept, at)
        self._series[name] = series
        self._keep.pop(name, None)

    def _begun(self, name: Name, prefix: str, stated: Mapping[str, Any]) -> Series:
        """What there is of the series: of this session, else what restart has kept."""
        if name.name in self._series:
            return self._series[name.name]
        keep = self._keep.get(name.name, 0)
        recorded = lookup(stated, name.name)
        if name.name in self._assigned and recorded is not None:
            raise RecordError(f"`{name.name}` was assigned, and what is logged would replace it. {_ways_out(prefix, recorded)}")
        found = recorded if isinstance(recorded, list) else []
        if len(found) < keep:
            raise RecordError(
                f'`{name.name}` has {counted(len(found), "value")}, so that {keep} cannot be kept; call sub.restart("{prefix}", keep=…) anew'
            )
        return Series(list(found[:keep]), current_cell(), kept=keep, known=[recorded], seen=stated)

    def _same_run(self, name: Name, prefix: str, series: Series) -> None:
        if series.first is not None:
            raise RecordError(f"`{name.name}` was logged with epoch=… before; pass epoch=… here too")
        if series.cell != current_cell():
            have = len(series.values)
            raise RecordError(
                f"`{name.name}` has {counted(have, 'value')} from another run of a cell, and appending would mix two trainings. To train anew, write "
                f'sub.restart("{prefix}") at the top of the training cell, or pass epoch=…; to go on with those, sub.restart("{prefix}", keep={have})'
            )

    def _place(self, name: Name, prefix: str, series: Series, epoch: int) -> int:
        """At which place of the series this epoch stands. Epochs count from 0 or from 1, as the first one says."""
        have = len(series.values)
        if series.first is None and have > series.kept:
            if epoch in (0, 1):
                return 0
            raise RecordError(
                f"`{name.name}` was logged without epoch=… before; leave it out here, or begin anew with epoch=0 or epoch=1, or with "
                f'sub.restart("{prefix}")'
            )
        if have and series.first is None:
            first = epoch - have
        else:
            first = 0 if epoch == 0 else series.first if series.first is not None else epoch
        if first not in (0, 1):
            if have:
                raise RecordError(f"epoch {epoch} of `{name.name}` does not follow the {have} that were kept; it would be {have} or {have + 1}")
            raise RecordError(
                f"epoch {epoch} is the first that is logged of `{name.name}`; epochs begin with 0 or 1. To go on with values that are recorded, "
                f'write sub.restart("{prefix}", keep=…) first'
            )
        at = epoch - first
        if at > have or at < 0:
            raise RecordError(f"epoch {epoch} of `{name.name}` comes after {first + have - 1}; {first + have} is missing")
        return at


def edited(name: str, there: Any, prefix: str = "") -> RecordError:
    """The error that a series was changed in the file, which what is logged would undo."""
    return RecordError(f"`{name}` is not in metrics.json as it was logged last: {_values(there)} there now. {_ways_out(prefix or name, there)}")


def _values(there: Any) -> str:
    if isinstance(there, list) and len(there) != 1:
        return f"{len(there)} values are"
    return "nothing is" if there is None else "1 value is"


def _ways_out(prefix: str, recorded: Any) -> str:
    go_on = f'; to go on with those, sub.restart("{prefix}", keep={len(recorded)})' if isinstance(recorded, list) and recorded else ""
    return f'To train anew, write sub.restart("{prefix}"){go_on}'
