"""What is recorded and missing, and the archive that is handed in."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from mlgrade import RecordError, Submission
from support import NAMES
from test_check import is_sound


def record_all(sub: Submission) -> None:
    sub["tree.val_rmse"] = [3.0, 2.0, 1.0]
    sub["depths"] = [2, 4, 8]
    sub["mlp.lr0.1.train_loss"] = sub["mlp.lr0.1.val_loss"] = [1.0, 0.5, 0.25]
    sub["improved.val_loss"] = [1.0]
    sub["improved.val_error"] = 0.25
    sub["share"] = 25
    sub["w"] = [[1, 2, 3], [4, 5, 6]]
    sub["u"] = [[1, 2]]
    for name in ("trees", "improved"):
        sub.figure(name, b"<svg/>")
    sub.answer("best_depth", 8)
    sub.answer("boosted_size", "smaller")
    sub.answer("true_ones", ["a"])
    sub.answer("why", "It is so.")
    sub.predictions("improved", [0, 1, 2, 0])
    sub.predictions("species", ["Adelie"] * 3)
    sub.predictions("proba", [0.5, 0.25, 0.75])
    sub.predictions("joined", ["benign"] * 3, ids=[1, 2, 3])
    sub.predictions("mass", [1.5, 2.5, 3.5])
    (sub.folder.parent / "net.pt").write_bytes(b"weights")
    sub.network("improved", sub.folder.parent / "net.pt", layers=[{"dense": "a"}])
    sub.rule("gentoo_rule", "flipper > 2 -> Gentoo")
    (sub.folder / "src").mkdir()
    (sub.folder / "src" / "train.py").write_text("print()")
    sub.file("src/train.py")


def test_what_is_missing(sub: Submission) -> None:
    missing = sub.missing()
    assert [one.name for one in missing] == [
        name["name"] for name in NAMES if not name.get("optional") and not name["name"].startswith("predictions/")
    ]
    assert {one.name for one in sub.missing(optional=True)} - {one.name for one in missing} == {"x", "notebook"}
    assert str(missing[2]) == 'sub.figure("trees", …)' and missing[2].file == "figures/trees.png" and missing[2].kind == "figure"
    sub.log("mlp.lr0.1", val_loss=0.5)
    [begun] = [one for one in sub.missing() if one.name == "mlp.lr0.1.val_loss"]
    assert begun.note == "1 of 3 values"
    record_all(sub)
    assert sub.missing() == []
    assert [one.name for one in sub.missing(optional=True)] == ["x", "notebook"]


def test_what_lies_in_the_folder_is_seen(sub: Submission) -> None:
    for path in ("figures/trees.jpg", "predictions/species.npy", "networks/improved.safetensors", "rules/gentoo_rule.dot", "my.ipynb"):
        (sub.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (sub.folder / path).write_bytes(b"x")
    missing = {(one.name, one.kind) for one in sub.missing(optional=True)}
    assert not missing & {("trees", "figure"), ("species", "predictions"), ("improved", "network"), ("gentoo_rule", "rule"), ("notebook", "notebook")}
    (sub.folder / "other.ipynb").write_bytes(b"x")
    # Of two nobody knows which is meant.
    assert ("notebook", "notebook") in {(one.name, one.kind) for one in sub.missing(optional=True)}


def test_how_it_is_shown(sub: Submission) -> None:
    sub.log("mlp.lr0.1", val_loss=0.5)
    sub.answer("why", "Because <small> trees\nsuffice, " + "and so on " * 20)
    text = repr(sub)
    assert text.splitlines()[0] == f"Homework: 2 of 25 recorded in {sub.folder}, 22 missing, 2 optional"
    assert '✗ sub["mlp.lr0.1.val_loss"] = …' in text and "1 of 3 values" in text
    assert "✓ why " in text and "\nPenguins & friends\n" in text
    assert str(sub.save()) == text
    html = sub._repr_html_()
    assert is_sound(html) and "Because &lt;small&gt; trees suffice," in html and "Penguins &amp; friends" in html


def test_the_archive(sub: Submission, capsys: pytest.CaptureFixture[str], place: Path) -> None:
    with pytest.raises(RecordError, match="nothing is recorded in .* yet, so there is nothing to put into hw.zip"):
        sub.zip("hw.zip")
    record_all(sub)
    (sub.folder / "secret.txt").write_text("not asked for")
    (sub.folder / "figures" / "other.png").write_bytes(b"x")
    (sub.folder / "hw.ipynb").write_text("{}")
    (sub.folder / "submission.toml").write_text('student = "me"')
    (sub.folder / "report.pdf").write_bytes(b"%PDF")
    path = sub.zip(sub.folder / "hw.zip", also=["report.pdf"])
    wanted = [
        "answers.json", "figures/improved.svg", "figures/trees.svg", "hw.ipynb", "metrics.json", "networks/improved.pt", "networks/improved.toml",
        "predictions/improved.csv", "predictions/joined.csv", "predictions/mass.csv", "predictions/proba.csv", "predictions/species.csv", "report.pdf",
        "src/train.py", "submission.toml",
    ]  # fmt: skip
    assert zipfile.ZipFile(path).namelist() == wanted
    assert capsys.readouterr().out == f"hw.zip: 15 files, {', '.join(wanted)}; nothing is missing\n"
    # Made again, it does not hold itself.
    assert zipfile.ZipFile(sub.zip(sub.folder / "hw.zip")).namelist() == [name for name in wanted if name != "report.pdf"]
    capsys.readouterr()
    del sub["improved.val_error"]
    assert sub.zip("hw.zip") == place / "hw.zip"
    assert capsys.readouterr().out.endswith('; missing: sub["improved.val_error"] = …\n')
    with pytest.raises(RecordError, match="there is no file .*nothing.pdf to put into the archive"):
        sub.zip("hw.zip", also=["nothing.pdf"])
    with pytest.raises(RecordError, match="leads out of the folder"):
        sub.zip("hw.zip", also=["../hw.student.toml"])


def test_a_failed_archive_leaves_the_old_one(sub: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    sub["share"] = 1
    before = sub.zip("hw.zip").read_bytes()

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(zipfile.ZipFile, "write", fail)
    with pytest.raises(OSError, match="disk full"):
        sub.zip("hw.zip")
    assert Path("hw.zip").read_bytes() == before and not list(Path.cwd().glob(".hw*"))


def test_files(sub: Submission, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="there is no file .*train.py; save it there, or say path=… where it is"):
        sub.file("src/train.py")
    (tmp_path / "t.py").touch()
    with pytest.raises(RecordError, match="t.py is empty; save it first"):
        sub.file("src/train.py", "t.py")
    (tmp_path / "t.py").write_text("print()")
    assert sub.file("src/train.py", "t.py") == sub.folder / "src" / "train.py"
    assert (sub.folder / "src" / "train.py").read_text() == "print()"
    (tmp_path / "my.ipynb").write_text("{}")
    assert sub.file("notebook", tmp_path / "my.ipynb") == sub.folder / "notebook.ipynb"
    (sub.folder / "mine.ipynb").write_text("{}")
    with pytest.raises(RecordError, match="beside mine.ipynb there is `notebook.ipynb`, and one notebook is asked for; move others away, or name it"):
        sub.file("notebook", sub.folder / "mine.ipynb")
    assert sub.file("notebook", sub.folder / "notebook.ipynb") == sub.folder / "notebook.ipynb"
    (sub.folder / "notebook.ipynb").unlink()
    assert sub.file("notebook", sub.folder / "mine.ipynb") == sub.folder / "mine.ipynb"
