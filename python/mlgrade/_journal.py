"""metrics.json while values are logged: short series are written at once, longer ones about once a second."""

from __future__ import annotations

import atexit
import copy
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import RecordError
from ._logs import Logs, Series, edited
from ._names import Name
from ._store import REMOVED, Store, lookup
from ._values import Plain

PERIOD = 1.0
"""Seconds for which values that are logged may wait in memory."""

FEW = 200
"""So many values of a series are written at once, each as it comes, …"""

SMALL = 50_000
"""… as long as the file has no more bytes than this."""

_busy: set[Journal] = set()
"""Those with values that are not written yet."""


class Journal:
    """A file of values and the series in it that grow. Whoever reads or changes it finds everything that was logged. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._logs = Logs()
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._waiting: dict[str, None] = {}
        self._written_at = time.monotonic()
        self._timer: threading.Timer | None = None

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            self.flush()
            return {"_store": self._store, "_logs": copy.deepcopy(self._logs)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._begin()

    def read(self) -> dict[str, Any]:
        """All values. They are not to be changed."""
        with self._lock:
            self.flush()
            return self._store.read()

    def get(self, name: str) -> Any:
        """The value of a name, or None."""
        return copy.deepcopy(lookup(self.read(), name))

    def assign(self, values: Mapping[str, Any]) -> None:
        """Writes these values, and takes out those that are REMOVED."""
        with self._lock:
            self.flush(values)
            self._store.change(values)
            for name, value in values.items():
                if value is REMOVED:
                    self._logs.forget(name)
                else:
                    self._logs.assign(name)

    def restart(self, names: list[str], keep: int) -> None:
        """The next value of these series follows their first `keep`."""
        with self._lock:
            self.flush(names)
            logged = self._logs.restart(names, keep)
            if logged and not keep:
                self._store.change({name: REMOVED for name in logged})

    def log(self, prefix: str, steps: list[tuple[Name, Plain]], epoch: int | None) -> None:
        """Appends a value to each of these series, or to none."""
        with self._lock:
            stated = self._store.read()
            placed = [(entry.name, *self._logs.place(entry, prefix, epoch, stated), value) for entry, value in steps]
            at_once = self._store.size <= SMALL and any(at < FEW for _, _, at, _ in placed)
            if at_once:
                self._write({name: (series, [*series.values[:at], value]) for name, series, at, value in placed})
            for name, series, at, value in placed:
                self._logs.commit(name, series, at, value, epoch)
            if not at_once:
                self._waiting.update(dict.fromkeys(name for name, _, _, _ in placed))
                _busy.add(self)
                self._write_soon()

    def _write_soon(self) -> None:
        if time.monotonic() - self._written_at >= PERIOD:
            self.flush()
        elif self._timer is None:
            timer = threading.Timer(PERIOD, self._ring)
            timer.daemon = True
            try:
                timer.start()
            except RuntimeError:
                # There are no threads here, or no more of them as Python ends.
                self.flush()
            else:
                self._timer = timer

    def _ring(self) -> None:
        with self._lock:
            self._timer = None
            self.settle()

    def settle(self) -> None:
        """Writes what waits if that can be done. If not, whoever uses it next gets the error."""
        with self._lock:
            try:
                self._write({}, keep_edited=True)
            except (RecordError, OSError):
                pass

    def flush(self, replaced: Iterable[str] = ()) -> None:
        """Writes what waits. An error if one of its series was edited, unless it is about to be `replaced`."""
        if self._waiting:
            self._write({}, replaced)

    def _write(self, now: dict[str, tuple[Series, list[Plain]]], replaced: Iterable[str] = (), keep_edited: bool = False) -> None:
        """Writes these series and those that wait, and leaves alone what was edited in the file."""
        written = {name: (self._logs[name], list(self._logs[name].values)) for name in self._waiting}
        written.update(now)
        there: dict[str, Any] = {}

        def change(stated: dict[str, Any]) -> dict[str, Any]:
            for name, (series, values) in list(written.items()):
                if series.is_in(stated, name):
                    series.known = [lookup(stated, name), values]
                else:
                    there[name] = lookup(stated, name)
                    del written[name]
            return {name: values for name, (_, values) in written.items()}

        if written:
            self._store.update(change)
        self._written_at = time.monotonic()
        stated = self._store.read()
        for name, (series, values) in written.items():
            series.known = [values]
            series.is_in(stated, name)
        self._waiting = dict.fromkeys(there) if keep_edited else {}
        if not self._waiting:
            _busy.discard(self)
        for name, value in there.items():
            if name not in replaced and not keep_edited:
                raise edited(name, value)

    def end(self) -> None:
        """As Python ends: writes what waits, or says what is lost. A process that was forked leaves that to the one that logged."""
        if self._process != os.getpid():
            return
        try:
            with self._lock:
                self.flush()
        except (RecordError, OSError) as error:
            print(f"mlgrade: the last values that were logged are not recorded: {error}", file=sys.stderr)


def settle_all() -> None:
    """Writes what waits anywhere in this process, before files are read in another way."""
    for journal in list(_busy):
        journal.settle()


@atexit.register
def _end() -> None:
    for journal in list(_busy):
        journal.end()
