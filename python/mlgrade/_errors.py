"""The errors that recording can raise."""

from __future__ import annotations

import os
import traceback


class RecordError(ValueError):
    """What was recorded is not what the rubric asks for.

    The message says what was found, what was expected and what to do.
    """

    def __str__(self) -> str:
        # KeyError, which two subclasses are too, would print the message in quotes.
        return str(self.args[0]) if self.args else ""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the lines of the notebook that led here, and the message. What is inside of this package is of no help."""
        here = os.path.dirname(__file__)
        lines: list[str] = []
        for frame in traceback.extract_tb(self.__traceback__):
            if f"{os.sep}IPython{os.sep}" in frame.filename:
                lines.clear()
            elif not frame.filename.startswith(here):
                lines.append(f"line {frame.lineno}: {frame.line}")
        return [*lines, f"\x1b[31m{type(self).__name__}\x1b[0m: {self}"]


class UnknownName(RecordError, KeyError):
    """The rubric asks for nothing of this name, or for another kind of thing.

    >>> print(UnknownName("the rubric asks for no `a`"))
    the rubric asks for no `a`
    >>> isinstance(UnknownName("…"), KeyError)
    True
    """


class NotRecorded(RecordError, KeyError):
    """The rubric asks for this name, and nothing is recorded under it yet."""


class ProgramError(RuntimeError):
    """The `mlgrade` command was not found, or it failed."""
