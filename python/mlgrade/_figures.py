"""Saving figures of matplotlib, with a note of where their axes are."""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from . import _png
from ._axes import panels
from ._errors import RecordError
from ._files import write

KEYWORD = "mlgrade"
PICTURES = (".png", ".svg", ".jpg", ".jpeg")
"""What the grader reads, in the order in which it looks for them."""


def savefig(fig: Any, path: str | os.PathLike[str], **savefig_kwargs: Any) -> None:
    """`fig.savefig(path, …)`. A PNG also tells where its axes are and what its lines are called, so that the grader need not guess.

    The pixels are those that `fig.savefig` makes. Other formats are saved as they are.
    """
    figure = figure_of(fig)
    target = Path(os.fspath(path))
    usual = importlib.import_module("matplotlib").rcParams["savefig.format"]
    kind = str(savefig_kwargs.get("format") or target.suffix[1:] or usual).lower()
    if not target.suffix:
        target = target.with_name(f"{target.name}.{kind}")
    if kind != "png":
        figure.savefig(target, **savefig_kwargs)
        return
    write(target, png(figure, **savefig_kwargs))


def png(figure: Any, **savefig_kwargs: Any) -> bytes:
    """The PNG of a figure with its note. A figure that cannot be described is saved without one."""
    seen: dict[str, Any] = {}
    drawn, own = figure.draw, vars(figure).get("draw")

    def draw(renderer: Any) -> None:
        drawn(renderer)
        # A figure may be drawn several times, for its layout and cut to its content; the last time makes the pixels.
        seen["panels"] = _described(figure, renderer)

    figure.draw = draw
    picture = io.BytesIO()
    try:
        figure.savefig(picture, **{**savefig_kwargs, "format": "png"})
    finally:
        del figure.draw
        if own is not None:
            figure.draw = own
    content = picture.getvalue()
    if seen.get("panels") is None or not content.startswith(_png.SIGNATURE):
        return content
    width, height = _png.size(content)
    note = {"version": 1, "width": width, "height": height, "panels": seen["panels"]}
    return _png.with_text(content, KEYWORD, json.dumps(note, separators=(",", ":"), allow_nan=False))


def _described(figure: Any, renderer: Any) -> list[dict[str, Any]] | None:
    try:
        # Pixels count from the top of whole rows; a figure's own height may have half a row more.
        height = int(getattr(renderer, "height", 0) or renderer.get_canvas_width_height()[1])
        return panels(figure, height, float(figure.dpi))
    except Exception:  # noqa: BLE001 — whatever an unusual figure does, its picture is worth more than the note.
        return None


def figure_of(fig: Any) -> Any:
    """The matplotlib figure that is meant: one, its axes, what seaborn and pandas give, or the current one for None."""
    if fig is None:
        return current()
    if isinstance(fig, (list, tuple)) and fig:
        return figure_of(fig[0])
    if hasattr(fig, "flat") and hasattr(fig, "dtype"):
        if fig.dtype == object:
            return figure_of(next(iter(fig.flat)))
        raise RecordError("an array is no figure; save it as a picture with plt.imsave(path, array), and hand over the path")
    if hasattr(fig, "savefig") and hasattr(fig, "axes") and hasattr(fig, "dpi"):
        return fig
    inner = getattr(fig, "figure", None)
    if inner is not None and inner is not fig:
        # Axes in a subfigure belong to the figure around it.
        return figure_of(inner)
    raise RecordError(f"a {type(fig).__name__} is no figure of matplotlib; hand over a figure, its axes, or the path or bytes of a picture")


def current() -> Any:
    """The figure that was drawn last."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums() or not pyplot.gcf().axes:
        raise RecordError("no figure is open; call sub.figure(…) in the cell that draws it, before plt.show(), or hand over the figure itself")
    return pyplot.gcf()


def usual_dpi(figure: Any) -> float:
    """The resolution that the style asks for, but at least 100, for a notebook's own pictures are smaller than is read well."""
    stated = importlib.import_module("matplotlib").rcParams["savefig.dpi"]
    # On a screen of high resolution a figure's dpi is more than its author has said.
    return max(100.0, float(getattr(figure, "_original_dpi", figure.dpi) if stated == "figure" else stated))


def kind_of(picture: bytes) -> str | None:
    """The ending that a picture's content asks for.

    >>> kind_of(b"<svg width='4'>"), kind_of(b"%PDF-1.7")
    ('.svg', None)
    """
    if picture.startswith(_png.SIGNATURE):
        return ".png"
    if picture.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    return ".svg" if b"<svg" in picture[:4096] else None


def picture(name: str, fig: Any) -> tuple[bytes, str] | None:
    """The bytes and the ending of a picture that was handed over as bytes or as a path; None for a figure."""
    if isinstance(fig, (bytes, bytearray)):
        content, what = bytes(fig), "the bytes"
    elif hasattr(fig, "save") and hasattr(fig, "mode") and hasattr(fig, "getpixel"):
        file = io.BytesIO()
        fig.save(file, "PNG")  # An image of Pillow's.
        content, what = file.getvalue(), "the image"
    elif isinstance(fig, (str, os.PathLike)):
        path = Path(fig)
        if not path.is_file():
            raise RecordError(f"the figure `{name}`: there is no file {path}; hand over a figure, or the path of a picture")
        content, what = path.read_bytes(), str(path)
    else:
        return None
    kind = kind_of(content)
    if kind is None:
        raise RecordError(f"the figure `{name}`: {what} is neither PNG, SVG nor JPEG; save it as PNG")
    return content, kind


def refuse_rivals(path: Path) -> None:
    """An error if another file of this figure would be read before the one at `path`."""
    for ending in PICTURES[: PICTURES.index(path.suffix)]:
        other = path.with_name(path.name[: -len(path.suffix)] + ending)
        if other.exists():
            raise RecordError(f"{other} is there too, and is read before {path.name}; delete it")
