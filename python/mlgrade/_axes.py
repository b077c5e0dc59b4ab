"""Where the axes of a drawn matplotlib figure are, and what its lines are called. Their numbers are not told."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from typing import Any

MOST = 64
"""Panels of a figure, and series of a panel, that are described."""

_NOTHING = ("", "None", "none", " ", None)


def panels(figure: Any, height: float, dpi: float) -> list[dict[str, Any]]:
    """The panels of a figure that was just drawn, `height` pixels high. What cannot be described is left out."""
    found = []
    for axes in _all_axes(figure):
        panel = _panel(axes, height, dpi)
        if panel is not None:
            found.append(panel)
    return found[:MOST]


def _all_axes(figure: Any) -> Iterator[Any]:
    """The axes of a figure, its subfigures and their insets. Axes of colour bars and secondary scales hold no data."""
    for axes in figure.axes:
        yield from _with_insets(axes)


def _with_insets(axes: Any) -> Iterator[Any]:
    if axes.get_label() == "<colorbar>" or hasattr(axes, "_colorbar") or type(axes).__name__ == "SecondaryAxis":
        return
    yield axes
    for inset in getattr(axes, "child_axes", []):
        yield from _with_insets(inset)


def _panel(axes: Any, height: float, dpi: float) -> dict[str, Any] | None:
    if getattr(axes, "name", "") != "rectilinear" or not axes.get_visible():
        return None
    if axes.get_xscale() not in ("linear", "log") or axes.get_yscale() not in ("linear", "log"):
        return None
    box = axes.bbox
    frame = [round(float(edge), 3) for edge in (box.x0, height - box.y1, box.x1, height - box.y0)]
    x, y = _axis(axes.xaxis, axes.get_xscale(), axes.get_xlim()), _axis(axes.yaxis, axes.get_yscale(), axes.get_ylim())
    if not all(math.isfinite(number) for number in [*frame, *x["limits"], *y["limits"]]):
        return None
    return {"frame": frame, "x": x, "y": y, "series": _series(axes, dpi)[:MOST]}


def _axis(axis: Any, scale: str, limits: Any) -> dict[str, Any]:
    first, last = (float(limit) for limit in limits)
    shown = axis.get_visible() and axis.axes.axison
    ticks: list[list[Any]] = []
    places = [float(place) for place in axis.get_majorticklocs()] if shown else []
    texts = axis.get_major_formatter().format_ticks(places) if places else []
    marks = axis.get_major_ticks(len(places)) if places else []
    for place, text, mark in zip(places, texts, marks):
        if min(first, last) <= place <= max(first, last):
            # Panels that share an axis have ticks without texts.
            is_read = mark.label1.get_visible() or mark.label2.get_visible()
            ticks.append([place, str(text) if is_read else ""])
    label = axis.get_label().get_text() if shown and axis.get_label().get_visible() else ""
    return {"scale": scale, "limits": [first, last], "label": str(label), "ticks": ticks}


def _series(axes: Any, dpi: float) -> list[dict[str, Any]]:
    per_point = dpi / 72
    names = line_names(axes)
    found = []
    for line in axes.lines:
        one = _line(line, names.get(id(line), ""), per_point)
        if one is not None:
            found.append(one)
    for collection in axes.collections:
        if type(collection).__name__ == "PathCollection" and collection.get_visible():
            found.extend(_scatter(collection, per_point))
    return found


def _line(line: Any, name: str, per_point: float) -> dict[str, Any] | None:
    if not line.get_visible() or len(line.get_xdata()) == 0:
        return None
    style = "" if line.get_linestyle() in _NOTHING or line.get_linewidth() == 0 else str(line.get_linestyle())
    marker = _marker_name(line.get_marker())
    if not style and not marker:
        return None
    colour = line.get_color()
    if not style and str(line.get_markerfacecolor()) not in _NOTHING:
        colour = line.get_markerfacecolor()
    return _one(
        name,
        colour,
        line.get_alpha(),
        style,
        float(line.get_linewidth()) * per_point if style else 0.0,
        marker,
        float(line.get_markersize()) * per_point,
    )


def _scatter(collection: Any, per_point: float) -> list[dict[str, Any]]:
    """The points of a scatter plot, a series for each of a few colours."""
    sizes = sorted(float(size) for size in collection.get_sizes())
    if not sizes or len(collection.get_offsets()) == 0:
        return []
    colours = [tuple(colour) for colour in collection.get_facecolors()]
    # Hollow markers have the colour of their edge.
    colours = colours or [tuple(colour) for colour in collection.get_edgecolors()]
    distinct = list(dict.fromkeys(colours))[:8]
    size = math.sqrt(sizes[len(sizes) // 2]) * per_point
    marker = _scatter_marker(collection)
    label = _own_label(collection)
    return [_one(label, colour, collection.get_alpha(), "", 0.0, marker, size) for colour in distinct]


def _one(name: str, colour: Any, alpha: Any, style: str, width: float, marker: str, size: float) -> dict[str, Any]:
    colours = importlib.import_module("matplotlib.colors")
    red, green, blue, opaque = colours.to_rgba(colour)
    # Transparency may be stated for each point; then the colour has it.
    seen = float(alpha) if isinstance(alpha, (int, float)) else float(opaque)
    return {
        "name": name,
        "colour": str(colours.to_hex((red, green, blue))),
        "line": style,
        "line_width": round(width, 3),
        "marker": marker,
        "marker_size": round(size, 3) if marker else 0.0,
        "alpha": round(seen, 4),
    }


def _marker_name(marker: Any) -> str:
    """The name of a marker; "path" for one that somebody has drawn."""
    if isinstance(marker, (str, int)) or marker is None:
        return "" if marker in _NOTHING else str(marker)
    return "path"


def _scatter_marker(collection: Any) -> str:
    """The marker of a scatter plot, which keeps its outline alone."""
    paths = collection.get_paths()
    markers = importlib.import_module("matplotlib.markers")
    for name in "os^vD*<>sPXp8hHd+x.":
        style = markers.MarkerStyle(name)
        outline = style.get_path().transformed(style.get_transform())
        if paths and paths[0].vertices.shape == outline.vertices.shape and abs(paths[0].vertices - outline.vertices).max() < 1e-9:
            return name
    return "path"


def _own_label(artist: Any) -> str:
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else label


def line_names(axes: Any) -> dict[int, str]:
    """The names of the lines, by their `id`: their labels, those of error bars, and those that a legend alone gives, as `plt.legend(["a", "b"])` does."""
    names = {id(line): _own_label(line) for line in axes.lines}
    for container in getattr(axes, "containers", []):
        for artist in list(container)[:1]:
            if names.get(id(artist)) == "":
                names[id(artist)] = _own_label(container)
    for legend in _legends(axes):
        handles = getattr(legend, "legend_handles", None) or getattr(legend, "legendHandles", [])
        for handle, text in zip(handles, legend.get_texts()):
            if text.get_text() in names.values() or not hasattr(handle, "get_linestyle"):
                continue
            alike = [line for line in axes.lines if not names[id(line)] and _look(line) == _look(handle)]
            if len(alike) == 1:
                names[id(alike[0])] = str(text.get_text())
    return names


def _legends(axes: Any) -> list[Any]:
    own = [axes.get_legend()] if axes.get_legend() is not None else []
    return [*own, *getattr(axes.figure, "legends", [])]


def _look(line: Any) -> Any:
    colour = importlib.import_module("matplotlib.colors").to_rgba(line.get_color()) if hasattr(line, "get_color") else None
    return colour, str(line.get_linestyle()), str(getattr(line, "get_marker", lambda: None)())
