"""Figures are saved with a note of where their axes are, which the pixels confirm."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mlgrade import RecordError, Submission, UnknownName, _figures, _png, savefig

np = pytest.importorskip("numpy")
pytest.importorskip("matplotlib")

MARK = "#ff00ff"
"""The colour of the points that are looked for. Nothing else has it."""


def note_of(picture: bytes) -> dict[str, Any]:
    note: dict[str, Any] = json.loads(_png.texts(picture)["mlgrade"])
    return note


def pixels(picture: bytes) -> Any:
    import matplotlib.image

    return (np.asarray(matplotlib.image.imread(io.BytesIO(picture), format="png"))[:, :, :3] * 255).round().astype(int)


def place(panel: dict[str, Any], x: float, y: float) -> tuple[float, float]:
    """Where a point is by what the note says, in pixels from the top left."""

    def share(axis: dict[str, Any], value: float) -> float:
        first, last = axis["limits"]
        if axis["scale"] == "log":
            first, last, value = math.log10(first), math.log10(last), math.log10(value)
        return float((value - first) / (last - first))

    left, top, right, bottom = panel["frame"]
    return left + share(panel["x"], x) * (right - left), bottom - share(panel["y"], y) * (bottom - top)


def middle_of(image: Any, colour: str, near: tuple[float, float], within: float) -> tuple[float, float]:
    """The middle of the pixels of this colour around a place."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    rows, columns = np.nonzero((abs(image - wanted) <= 60).all(axis=2))
    close = (abs(columns + 0.5 - near[0]) < within) & (abs(rows + 0.5 - near[1]) < within)
    assert close.any(), f"nothing of {colour} around {near}"
    return float(columns[close].mean() + 0.5), float(rows[close].mean() + 0.5)


def confirm(picture: bytes, points: list[tuple[int, float, float]]) -> None:
    """The frame's lines and the marked points, each with its panel, are where the note says, to a pixel."""
    note, image = note_of(picture), pixels(picture)
    assert (note["height"], note["width"]) == image.shape[:2]
    for panel in note["panels"]:
        left, top, right, bottom = panel["frame"]
        dark = (image < 140).all(axis=2)
        # Some of these rows and columns may meet a tick or a curve, but not most of them.
        rows = [int(top + share * (bottom - top)) for share in (0.36, 0.47, 0.55, 0.63, 0.72)]
        columns = [int(left + share * (right - left)) for share in (0.36, 0.47, 0.55, 0.63, 0.72)]
        edges = [(dark[rows], left), (dark[rows], right), (dark[:, columns].T, top), (dark[:, columns].T, bottom)]
        for lines, wanted in edges:
            found = sorted(nearest(line, wanted) for line in lines)[2]
            assert abs(found - wanted) <= 1, (panel["frame"], found, wanted)
    for at, x, y in points:
        wanted = place(note["panels"][at], x, y)
        found = middle_of(image, MARK, wanted, within=12)
        assert math.dist(found, wanted) <= 1, (found, wanted)


def nearest(line: Any, to: float) -> float:
    """The middle of the run of dark pixels nearest to a place."""
    dark = np.nonzero(line)[0]
    one = dark[np.argmin(abs(dark + 0.5 - to))]
    first = last = one
    while first - 1 in dark:
        first -= 1
    while last + 1 in dark:
        last += 1
    return float(first + last + 1) / 2


def spot(ax: Any, x: float, y: float) -> None:
    """A disc around a point. Agg puts markers onto whole pixels, half a pixel to the right and down, but not patches."""
    from matplotlib.patches import Circle
    from matplotlib.transforms import ScaledTranslation

    ax.plot([x], [y], alpha=0)
    ax.add_patch(Circle((0, 0), 0.06, color=MARK, linewidth=0, transform=ax.figure.dpi_scale_trans + ScaledTranslation(x, y, ax.transData)))


def plain(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plt.subplots()
    ax.plot([1, 2, 3, 4], [9, 5, 4, 8], label="train")
    spot(ax, 2.3, 6.1)
    ax.set(xlabel="epoch", ylabel="loss", title="A title above")
    return fig, [(0, 2.3, 6.1)]


def logarithmic(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plt.subplots(figsize=(5.37, 4.13))
    ax.loglog([1, 10, 100], [0.5, 0.02, 0.001])
    spot(ax, 13, 0.07)
    return fig, [(0, 13, 0.07)]


def inverted(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plt.subplots()
    ax.plot([1, 2, 3], [1, 4, 9])
    spot(ax, 1.4, 7.5)
    ax.invert_yaxis()
    ax.set_xlim(4, 0)
    return fig, [(0, 1.4, 7.5)]


def several(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, axes = plt.subplots(2, 2, layout="constrained", sharex=True)
    for at, ax in enumerate(axes.flat):
        ax.plot([0, 1, 2], [0, at + 1, 1])
        spot(ax, 1.5, 0.4)
        ax.set_ylabel(f"a rather long label {at}")
    return fig, [(at, 1.5, 0.4) for at in range(4)]


def twins(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plt.subplots()
    ax.plot([0, 1, 2], [1, 2, 3])
    other = ax.twinx()
    other.plot([0, 1, 2], [900, 100, 500], "k--")
    spot(other, 0.6, 700)
    other.set_ylabel("the other")
    return fig, [(1, 0.6, 700)]


def tight(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plain(plt)
    fig.tight_layout()
    return fig, ax


def inset(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plt.subplots()
    ax.plot([0, 10], [0, 10])
    small = ax.inset_axes([0.1, 0.6, 0.3, 0.3])
    small.plot([0, 1], [5, 6])
    spot(small, 0.5, 5.2)
    ax.secondary_xaxis("top")
    return fig, [(1, 0.5, 5.2)]


def equal(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig, ax = plt.subplots(figsize=(6, 3))
    ax.scatter([0, 5], [0, 5])
    spot(ax, 1, 4)
    ax.set_aspect("equal")
    return fig, [(0, 1, 4)]


def subfigures(plt: Any) -> tuple[Any, list[tuple[int, float, float]]]:
    fig = plt.figure(figsize=(7, 3), layout="constrained")
    for at, part in enumerate(fig.subfigures(1, 2)):
        ax = part.subplots()
        ax.plot([0, 1], [at, 2])
        spot(ax, 0.5, 1.2)
    return fig, [(0, 0.5, 1.2), (1, 0.5, 1.2)]


FIGURES: list[Callable[[Any], tuple[Any, list[tuple[int, float, float]]]]] = [
    plain,
    logarithmic,
    inverted,
    several,
    twins,
    tight,
    inset,
    equal,
    subfigures,
]


@pytest.mark.parametrize("how", [{}, {"bbox_inches": "tight"}, {"bbox_inches": "tight", "pad_inches": 0.37}], ids=["whole", "tight", "padded"])
@pytest.mark.parametrize("dpi", [72, 100, 200])
@pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
def test_the_pixels_are_where_the_note_says(plt: Any, draw: Any, dpi: int, how: dict[str, Any]) -> None:
    fig, points = draw(plt)
    confirm(_figures.png(fig, dpi=dpi, **how), points)


def test_the_pixels_are_those_of_savefig(plt: Any, tmp_path: Path) -> None:
    for draw in FIGURES:
        for how in ({}, {"bbox_inches": "tight"}):
            fig, _ = draw(plt)
            usual = io.BytesIO()
            fig.savefig(usual, format="png", dpi=90, **how)
            assert "draw" not in vars(fig)
            noted = _figures.png(fig, dpi=90, **how)
            assert (pixels(usual.getvalue()) == pixels(noted)).all(), draw.__name__
            assert _png.texts(usual.getvalue()).items() < _png.texts(noted).items()


def test_what_the_style_says_counts(plt: Any) -> None:
    plt.rcParams.update({"savefig.bbox": "tight", "savefig.dpi": 123, "figure.dpi": 80, "figure.constrained_layout.use": True})
    fig, points = plain(plt)
    picture = _figures.png(fig)
    confirm(picture, points)
    plt.rcParams["savefig.dpi"] = "figure"
    confirm(_figures.png(fig), points)


def test_what_the_note_says(plt: Any) -> None:
    fig, ax = plt.subplots(dpi=100)
    ax.plot([1, 2], [0.1, 1], "--", color="C1", lw=3, label="val", alpha=0.5)
    ax.plot([1, 2], [0.2, 1], marker="o", ms=6, lw=1.5, color="C0")
    ax.plot([1, 2], [0.3, 1], " ")
    ax.plot([], [], label="nothing")
    ax.plot([1, 2], [0.4, 1], visible=False)
    ax.scatter([1, 1.5], [0.5, 0.5], s=36, marker="^", label="points", color="red")
    ax.scatter([1, 1.5], [0.6, 0.5], c=[0, 1], cmap="viridis")
    ax.hlines([0.7], 1, 2)
    ax.set_yscale("log")
    ax.set(xlabel="epoch", ylabel="$L$", xticks=[1, 2, 3], xlim=(0.9, 2.1))
    note = note_of(_figures.png(fig, dpi=144))
    assert (note["version"], note["width"], note["height"]) == (1, 922 - 1, 691)
    [panel] = note["panels"]
    assert panel["x"] == {"scale": "linear", "limits": [0.9, 2.1], "label": "epoch", "ticks": [[1.0, "1"], [2.0, "2"]]}
    assert (panel["y"]["scale"], panel["y"]["label"]) == ("log", "$L$")
    assert [0.1, "$\\mathdefault{10^{-1}}$"] in panel["y"]["ticks"]
    first, second, third, *mapped = panel["series"]
    assert first == {"name": "val", "colour": "#ff7f0e", "line": "--", "line_width": 6.0, "marker": "", "marker_size": 0.0, "alpha": 0.5}
    assert second == {"name": "", "colour": "#1f77b4", "line": "-", "line_width": 3.0, "marker": "o", "marker_size": 12.0, "alpha": 1.0}
    assert third == {"name": "points", "colour": "#ff0000", "line": "", "line_width": 0.0, "marker": "^", "marker_size": 12.0, "alpha": 1.0}
    assert [one["colour"] for one in mapped] == ["#440154", "#fde725"] and mapped[0]["marker"] == "o"
    # The numbers of the curves are not in it.
    assert "0.3" not in json.dumps(panel["series"])


def test_names_that_only_the_legend_or_a_container_has(plt: Any) -> None:
    fig, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    ax.plot([1, 2], [4, 5])
    ax.legend(["train", "val"])
    assert [one["name"] for one in note_of(_figures.png(fig))["panels"][0]["series"]] == ["train", "val"]
    fig, ax = plt.subplots()
    ax.plot([1, 2], [3, 4], "k")
    ax.plot([1, 2], [4, 5], "k")
    ax.legend(["train"])
    # Two lines look alike, so nobody knows which is meant.
    assert [one["name"] for one in note_of(_figures.png(fig))["panels"][0]["series"]] == ["", ""]
    fig, ax = plt.subplots()
    ax.errorbar([1, 2], [3, 4], yerr=0.1, label="rmse")
    assert note_of(_figures.png(fig))["panels"][0]["series"][0]["name"] == "rmse"


def test_what_is_left_out(plt: Any) -> None:
    fig, axes = plt.subplots(1, 4)
    axes[0].set_yscale("symlog")
    axes[1].set_yscale("logit")
    axes[2].set_visible(False)
    axes[3].plot([1, 2])
    fig.add_axes([0.1, 0.1, 0.1, 0.1], projection="polar").plot([1, 2])
    fig.colorbar(axes[3].imshow([[1, 2]]), ax=axes[3])
    assert len(note_of(_figures.png(fig))["panels"]) == 1
    fig, ax = plt.subplots()
    for at in range(70):
        ax.plot([1, 2], [at, at])
    assert len(note_of(_figures.png(fig))["panels"][0]["series"]) == 64


def test_shared_and_hidden_axes(plt: Any) -> None:
    fig, axes = plt.subplots(2, 1, sharex=True)
    axes[0].plot([0, 1])
    axes[0].label_outer()
    axes[1].plot([0, 1])
    axes[1].yaxis.set_visible(False)
    above, below = note_of(_figures.png(fig))["panels"]
    assert {text for _, text in above["x"]["ticks"]} == {""} and above["x"]["ticks"]
    assert "1.0" in [text for _, text in below["x"]["ticks"]]
    assert below["y"]["ticks"] == []


def test_a_figure_that_cannot_be_described_is_saved(plt: Any, monkeypatch: pytest.MonkeyPatch, sub: Submission) -> None:
    fig, _ = plain(plt)

    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(_figures, "panels", fail)
    assert sub.figure("improved", fig).read_bytes().startswith(_png.SIGNATURE)
    assert "mlgrade" not in _png.texts(_figures.png(fig))


def test_an_error_while_drawing_leaves_the_figure_as_it_was(plt: Any) -> None:
    fig, ax = plt.subplots()
    ax.set_title("$\\nonsense{$")
    with pytest.raises(ValueError):
        _figures.png(fig)
    assert "draw" not in vars(fig)


def test_savefig(plt: Any, tmp_path: Path) -> None:
    fig, points = plain(plt)
    savefig(fig, tmp_path / "a.png", dpi=100, metadata={"Author": "me"})
    confirm((tmp_path / "a.png").read_bytes(), points)
    assert _png.texts((tmp_path / "a.png").read_bytes())["Author"] == "me"
    savefig(fig.axes[0], str(tmp_path / "b"))
    assert "mlgrade" in _png.texts((tmp_path / "b.png").read_bytes())
    savefig(fig, tmp_path / "c.svg")
    assert b"<svg" in (tmp_path / "c.svg").read_bytes()
    savefig(fig, tmp_path / "d.picture", format="pdf")
    assert (tmp_path / "d.picture").read_bytes().startswith(b"%PDF")


def test_every_kind_of_figure(sub: Submission, plt: Any, tmp_path: Path) -> None:
    fig, axes = plt.subplots(1, 2)
    axes[1].plot([1, 2])
    for one in (fig, axes[0], axes, list(axes), None):
        path = sub.figure("improved", one)
        assert path == sub.folder / "figures" / "improved.png" and len(note_of(path.read_bytes())["panels"]) == 2
        path.unlink()
    seaborn_grid = type("FacetGrid", (), {"figure": fig})()
    sub.figure("improved", seaborn_grid)
    pillow = pytest.importorskip("PIL.Image")
    assert _png.size(sub.figure("improved", pillow.new("RGB", (7, 5))).read_bytes()) == (7, 5)
    picture = io.BytesIO()
    fig.savefig(picture, format="jpg")
    (tmp_path / "a.dat").write_bytes(picture.getvalue())
    with pytest.raises(RecordError, match="improved.png is there too, and is read before improved.jpg; delete it"):
        sub.figure("improved", picture.getvalue())
    (sub.folder / "figures" / "improved.png").unlink()
    assert sub.figure("improved", tmp_path / "a.dat").name == "improved.jpg"
    assert sub.figure("trees", b"<?xml version='1.0'?><svg/>").name == "trees.svg"


def test_the_resolution(sub: Submission, plt: Any) -> None:
    def width(**how: Any) -> int:
        fig, ax = plt.subplots(figsize=(5, 3), dpi=how.pop("own", 100))
        ax.plot([1, 2])
        return _png.size(sub.figure("improved", fig, **how).read_bytes())[0]

    assert (width(), width(own=72), width(own=140), width(dpi=60)) == (500, 500, 700, 300)
    plt.rcParams["savefig.dpi"] = 300
    assert width() == 1500


def test_what_is_no_figure(sub: Submission, plt: Any, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no figure is open; call sub.figure"):
        sub.figure("improved")
    plt.figure()
    with pytest.raises(RecordError, match="no figure is open"):
        sub.figure("improved")
    with pytest.raises(RecordError, match="a dict is no figure of matplotlib"):
        sub.figure("improved", {})
    with pytest.raises(RecordError, match="an array is no figure; save it as a picture with plt.imsave"):
        sub.figure("improved", np.zeros((4, 4)))
    with pytest.raises(RecordError, match="there is no file nowhere.png"):
        sub.figure("improved", "nowhere.png")
    with pytest.raises(RecordError, match="the bytes is neither PNG, SVG nor JPEG; save it as PNG"):
        sub.figure("improved", b"%PDF")
    with pytest.raises(RecordError, match="the figure `improved` is saved as PNG"):
        sub.figure("improved", plt.subplots()[0], format="pdf")
    with pytest.raises(UnknownName, match="the rubric asks for no `tree`; did you mean `trees`?"):
        sub.figure("tree")
    with pytest.raises(UnknownName, match='`species` is predictions in 3 rows: write sub.predictions\\("species", …\\)'):
        sub.figure("species")


def test_a_label_that_is_a_name_hands_over_its_numbers(sub: Submission, plt: Any) -> None:
    fig, ax = plt.subplots()
    ax.plot([2, 4, 8], np.array([0.3, 0.2, 0.1], "float32"), label="tree.val_rmse")
    ax.plot([2, 4, 8], [3, 2, 1], label="val")
    ax.plot([2, 4, 8], [3, 2, 1], label="improved.val_loss")  # It is not asked for on this figure.
    sub.figure("trees", fig)
    assert sub["tree.val_rmse"] == [0.3, 0.2, 0.1] and sub["depths"] == [2, 4, 8]
    assert "improved.val_loss" not in sub
    sub.figure("trees", fig)


def test_a_figure_of_another_run_is_refused(sub: Submission, plt: Any) -> None:
    sub["tree.val_rmse"] = [0.3, 0.2, 0.1]
    fig, ax = plt.subplots()
    ax.plot([2, 4, 8], [0.3, 0.25, 0.1], label="tree.val_rmse")
    with pytest.raises(RecordError) as error:
        sub.figure("trees", fig)
    assert str(error.value) == (
        "the figure `trees` shows other numbers in the line `tree.val_rmse` than those recorded as `tree.val_rmse` (point 2 is 0.25, recorded 0.2); "
        "is it of another run? Draw it anew, or record its numbers first"
    )
    assert not (sub.folder / "figures").exists() and "depths" not in sub
    fig, ax = plt.subplots()
    ax.plot([2, 4], [0.3, 0.2], label="tree.val_rmse")
    with pytest.raises(RecordError, match="2 points drawn, 3 recorded"):
        sub.figure("trees", fig)
    del sub["tree.val_rmse"]
    with pytest.raises(RecordError, match="`tree.val_rmse` has 2 values, but the rubric asks for 3"):
        sub.figure("trees", fig)
    sub["depths"] = [1, 2, 3]
    fig, ax = plt.subplots()
    ax.plot([2, 4, 8], [0.3, 0.2, 0.1], label="tree.val_rmse")
    with pytest.raises(RecordError, match="shows other numbers along the x axis of `tree.val_rmse` than those recorded as `depths`"):
        sub.figure("trees", fig)
