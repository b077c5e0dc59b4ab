"""Records what a rubric asks for while a notebook runs, and checks it as `mlgrade check` does.

from mlgrade import Submission

sub = Submission("cs441-hw2.student.toml")
sub["improved.val_error"] = error
sub.check()
"""

from __future__ import annotations

import os
from typing import Any

from ._check import Item, Result, Wanted, check
from ._errors import NotRecorded, ProgramError, RecordError, UnknownName
from ._figures import savefig
from ._names import Name, Names
from ._status import Missing, Status
from ._submission import Run, Submission, load_names

__all__ = [
    "Item",
    "Missing",
    "Name",
    "Names",
    "NotRecorded",
    "ProgramError",
    "RecordError",
    "Result",
    "Run",
    "Status",
    "Submission",
    "UnknownName",
    "Wanted",
    "check",
    "names",
    "savefig",
]


def names(rubric: str | os.PathLike[str] | None = None) -> Names:
    """All names that a rubric asks for. Without `rubric` it is MLGRADE_RUBRIC, or the one *.student.toml here or above."""
    return load_names(rubric)[0]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("mlgrade")
        except PackageNotFoundError:  # It is used from its source.
            return "0+unknown"
    raise AttributeError(f"module 'mlgrade' has no attribute {name!r}")
