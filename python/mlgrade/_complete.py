"""Completion of names in IPython: `sub.figure("tr` and the tab key."""

from __future__ import annotations

import re
import sys
from typing import Any, Callable

FAMILIES: dict[str, tuple[str, ...]] = {
    "record": ("values",),
    "answer": ("answers",),
    "rule": ("rule",),
    "figure": ("figure",),
    "predictions": ("predictions",),
    "network": ("network",),
    "file": ("file", "notebook"),
}
"""The methods whose first argument is a name, with its families. Those of `PREFIXES` take the beginning of names."""

PREFIXES = ("log", "run", "restart")

_CALL = re.compile(r"(?:^|[^\w.])(\w+)\.(\w+)\(\s*(?:name\s*=\s*|prefix\s*=\s*)?([\"'])([^\"']*)$")


def install(is_submission: Callable[[Any], bool]) -> None:
    """Lets IPython complete names, if it is running. It does no harm where that is not possible."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    completer = getattr(shell, "Completer", None)
    matchers = getattr(completer, "custom_matchers", None)
    if matchers is None or any(getattr(matcher, "is_of_mlgrade", False) for matcher in matchers):
        return

    def matcher(text: str) -> list[str]:
        line = getattr(completer, "line_buffer", "") or text
        return candidates(line, text, getattr(shell, "user_ns", {}), is_submission)

    matcher.is_of_mlgrade = True  # type: ignore[attr-defined]
    matchers.append(matcher)


def candidates(line: str, text: str, variables: dict[str, Any], is_submission: Callable[[Any], bool]) -> list[str]:
    """What may stand in place of `text`, with which `line` ends."""
    call = _CALL.search(line)
    if call is None or not is_submission(variables.get(call[1])):
        return []
    # IPython completes what stands behind the last sign that parts words, so as much of the name as is before it is left out.
    done = call[4][: len(call[4]) - len(text)] if call[4].endswith(text) else ""
    return [name[len(done) :] for name in first_arguments(variables[call[1]].names, call[2]) if name.startswith(call[4])]


def first_arguments(names: Any, method: str) -> list[str]:
    """What the first argument of a method may be."""
    if method in PREFIXES:
        series = [name.name for name in names.of("values") if name.kind in ("series", "value")]
        return list(dict.fromkeys(name.rpartition(".")[0] for name in series if "." in name))
    return [name.name for name in names.of(*FAMILIES.get(method, ()))]
