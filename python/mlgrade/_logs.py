"""Series that grow by a value an epoch, and never become a mixture of two trainings.

A cell that trains is run again more often than any other. What `log` does then:

- A new `Submission` starts every series afresh: its first value replaces what an earlier session has recorded.
- With `epoch=`, an epoch that was logged before is replaced, and the later ones, which came from the old training, are dropped.
- Without `epoch=`, a series that another run of a cell began is not appended to: `log` raises and says what to write. Only IPython and
  Jupyter tell one run of a cell from another; anywhere else a series grows until its length.
- `restart`, or `with sub.run(…)`, at the top of the cell begins anew and says so. `keep=7` goes on after the first 7 values.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from ._errors import RecordError
from ._names import Name
from ._values import Plain
from ._words import counted


def current_cell() -> object | None:
    """What tells the run of this cell from others; None outside of IPython."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "execution_count", None)


@dataclass
class _Series:
    """What was logged of one series in this session."""

    values: list[Plain] = field(default_factory=list)
    cell: object | None = None
    first: int | None = None
    """The number of its first epoch, if epochs are numbered."""
    kept: int = 0
    """How many values restart has kept from before."""


class Logs:
    """The series that are being logged."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._keep: dict[str, int] = {}

    def forget(self, name: str) -> None:
        """The series was assigned or deleted: the next value that is logged starts it afresh."""
        self._series.pop(name, None)
        self._keep.pop(name, None)

    def restart(self, names: list[str], keep: int) -> list[str]:
        """The next value of these series follows their first `keep`. Gives those that were logged in this session."""
        logged = [name for name in names if name in self._series]
        for name in names:
            self.forget(name)
            if keep:
                self._keep[name] = keep
        return logged

    def extended(self, name: Name, prefix: str, value: Plain, epoch: int | None, recorded: Any) -> list[Plain]:
        """The series with one value more. `recorded` is what lies in metrics.json. Nothing changes before `commit`."""
        series = self._begun(name, prefix, recorded)
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
        return [*series.values[:at], value]

    def commit(self, name: str, values: list[Plain], epoch: int | None) -> None:
        """The series is written as `values` now."""
        old = self._series.get(name)
        series = _Series(values, current_cell(), kept=old.kept if old else min(self._keep.pop(name, 0), len(values)))
        series.first = None if epoch is None else epoch - len(values) + 1
        self._series[name] = series

    def _begun(self, name: Name, prefix: str, recorded: Any) -> _Series:
        """What there is of the series: of this session, else what restart has kept."""
        if name.name in self._series:
            return self._series[name.name]
        keep = self._keep.get(name.name, 0)
        found = recorded if isinstance(recorded, list) else []
        if len(found) < keep:
            raise RecordError(
                f'`{name.name}` has {counted(len(found), "value")}, so that {keep} cannot be kept; call sub.restart("{prefix}", keep=…) anew'
            )
        return _Series(list(found[:keep]), current_cell(), kept=keep)

    def _same_run(self, name: Name, prefix: str, series: _Series) -> None:
        if series.first is not None:
            raise RecordError(f"`{name.name}` was logged with epoch=… before; pass epoch=… here too")
        if series.cell != current_cell():
            have = len(series.values)
            raise RecordError(
                f"`{name.name}` has {counted(have, 'value')} from another run of a cell, and appending would mix two trainings. To train anew, write "
                f'sub.restart("{prefix}") at the top of the training cell, or pass epoch=…; to go on with those, sub.restart("{prefix}", keep={have})'
            )

    def _place(self, name: Name, prefix: str, series: _Series, epoch: int) -> int:
        """At which place of the series this epoch stands. Epochs count from 0 or from 1, as the first one says."""
        have = len(series.values)
        if series.first is None and have > series.kept:
            raise RecordError(f'`{name.name}` was logged without epoch=… before; leave it out here, or call sub.restart("{prefix}") first')
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
