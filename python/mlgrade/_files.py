"""Writing files whole: a reader sees the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ._errors import RecordError

PATIENCE = 5.0
"""Seconds to wait for another notebook that writes the same file. A lock that is older was left by one that crashed."""


def write(path: Path, content: bytes) -> None:
    """Writes `content` to `path` at once, and makes the folder if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Files whose names begin with a dot are passed over by the grader, should one be left behind.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes files that nobody else may read, which a shared folder should not have.
        os.chmod(temporary, _mode(path))
        replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o644


def replace(temporary: str, path: Path) -> None:
    """Moves `temporary` over `path`."""
    for patience in (0.05, 0.2, 0.5, None):
        try:
            os.replace(temporary, path)
            return
        except PermissionError:
            # Windows refuses while another program has the file open, which is seldom for long.
            if patience is None:
                raise
            time.sleep(patience)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps other notebooks from changing the file at `path` meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f".{path.name}.lock")
    started = time.monotonic()
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() - started > PATIENCE:
                with contextlib.suppress(OSError):
                    os.unlink(lock)
                started = time.monotonic()
        except PermissionError:
            # So Windows calls a lock that is just being removed. Elsewhere nothing may be written here.
            if os.name != "nt" or time.monotonic() - started > PATIENCE:
                raise
        time.sleep(0.01)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.unlink(lock)


def inside(folder: Path, relative: str) -> Path:
    """The path `relative` in `folder`; an error if it leads out of it."""
    path = Path(os.path.normpath(folder / relative))
    if os.path.isabs(relative) or not path.is_relative_to(os.path.normpath(folder)):
        raise RecordError(f"{relative} leads out of the folder {folder}; name a file inside it")
    return path
