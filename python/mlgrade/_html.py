"""Small tables for notebooks. Colours are readable on light and on dark ground, and no sign stands for itself alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._names import Names

GREEN, RED, BLUE, GREY = "#1f8845", "#d63d33", "#2878c5", "inherit"

# Styles stand at the elements: pages that show notebooks take style sheets out.
_LINE = "border-top:1px solid rgba(128,128,128,.3)"
_CELL = "text-align:left;vertical-align:top;padding:.25em .8em .25em 0;color:inherit;background:none;border:none;white-space:normal"


def sign(mark: str, word: str, colour: str) -> str:
    """A sign with its word.

    >>> sign("✗", "to fix", RED)
    '<span style="color:#d63d33;white-space:nowrap"><b>✗</b> to fix</span>'
    """
    return f'<span style="color:{colour};white-space:nowrap"><b>{mark}</b> {escape(word)}</span>'


def code(text: str) -> str:
    """A name or a line of code."""
    return f'<code style="background:none;color:inherit">{escape(text)}</code>'


def prose(text: str) -> str:
    """Text with names in backticks.

    >>> prose("`x` is < 2")
    '<code style="background:none;color:inherit">x</code> is &lt; 2'
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)  # A backtick without its second.
    return "".join(code(part) if at % 2 else escape(part) for at, part in enumerate(parts))


def quiet(text: str) -> str:
    """Text that is less important."""
    return f'<span style="opacity:.75">{prose(text)}</span>'


def table(title: str, summary: str, sections: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> str:
    """A table in sections, each with its heading and rows of cells that are HTML already."""
    lines: list[str] = []
    for heading, rows in sections:
        if not rows:
            continue
        width = max(len(row) for row in rows)
        if heading:
            lines.append(
                f'<tr style="background:none"><th colspan="{width}" scope="colgroup" style="{_CELL};padding-top:.7em">{escape(heading)}</th></tr>'
            )
        lines.extend(
            f'<tr style="background:none;{_LINE}">{"".join(f"<td style={chr(34)}{_CELL}{chr(34)}>{cell}</td>" for cell in row)}</tr>' for row in rows
        )
    head = f'<div style="font-weight:bold">{escape(title)}</div><div>{escape(summary)}</div>'
    body = f'<table style="color:inherit;border-collapse:collapse;border:none;margin:.3em 0">{"".join(lines)}</table>' if lines else ""
    return f'<div style="max-width:60em;color:inherit;line-height:1.4">{head}{body}</div>'


def names_table(names: Names) -> str:
    """What a rubric asks for, part by part."""
    sections = []
    for title, of_part in names.by_part():
        rows = [[code(one.how), escape(one.words()) + (quiet(" (optional)") if one.optional else ""), quiet(one.meaning)] for one in of_part]
        sections.append((title, rows))
    return table(names.title or names.rubric, "what the rubric asks for, and the call that records it", sections)
