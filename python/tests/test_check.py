"""Finding and running the command, and what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import mlgrade
import pytest
from mlgrade import ProgramError, RecordError, Submission, _program
from support import NAMES, told, write_rubric

VIEW: dict[str, Any] = {
    "student": "hand-in",
    "title": "Homework <2>",
    "notes": ["metrics (1).json: it is read as metrics.json"],
    "parts": [
        {
            "id": "trees",
            "title": "Trees & more",
            "items": [
                {"id": "trees/a", "title": "Right <b>", "bonus": False, "state": "fine", "advice": "5 of 5"},
                {"id": "trees/b", "title": "Wrong", "bonus": False, "state": "fix", "advice": "`x` = 2 & more", "places": ["in hw2.ipynb, cell 3"]},
                {
                    "id": "trees/c",
                    "title": "Missing",
                    "bonus": False,
                    "state": "not-found",
                    "advice": "not found",
                    "missing": [{"file": "metrics.json", "name": "best", "hint": "did you mean `bset`?"}, {"file": "figures/trees.png"}],
                },
                {"id": "trees/d", "title": "More", "bonus": True, "state": "not-found", "advice": "not found"},
                {"id": "trees/e", "title": "Found", "bonus": False, "state": "found", "advice": "it is there"},
                {"id": "trees/f", "title": "Not looked at", "bonus": False, "state": "ungraded", "advice": "our fault"},
            ],
        }
    ],
}


class Tags(HTMLParser):
    """Whether each element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def is_sound(html: str) -> bool:
    tags = Tags()
    tags.feed(html)
    return not tags.open


def answer(place: Path, code: int, view: Any = VIEW, text: str = "✓ the command's own text") -> None:
    (place / "hw.student.toml.check").write_text(json.dumps({"code": code, "view": view, "text": text}), encoding="utf-8")


def test_a_check(sub: Submission, place: Path) -> None:
    answer(place, 1)
    with pytest.raises(ProgramError, match="there is no folder .*hand-in; record something into it first"):
        sub.check()
    sub.folder.mkdir()
    result = sub.check()
    assert not result.ok and not result and result.code == 1
    assert [item.id for item in result.to_fix] == ["trees/b"] and [item.id for item in result.not_found] == ["trees/c"]
    assert repr(result.to_fix) == "[trees/b: `x` = 2 & more]"
    assert result.not_found[0].missing[0].hint == "did you mean `bset`?"
    assert repr(result) == "<mlgrade check: 1 to fix, 1 not found, 1 that could not be looked at, 1 found for the course to judge, 1 right>"
    # The command's own text, asked for once.
    assert str(result) == "✓ the command's own text\n"
    answer(place, 1, text="another")
    assert str(result) == "✓ the command's own text\n"


def test_its_table(sub: Submission, place: Path) -> None:
    answer(place, 1)
    sub.folder.mkdir()
    html = sub.check()._repr_html_()
    assert is_sound(html)
    assert "Homework &lt;2&gt;" in html and "Right &lt;b&gt;" in html and "x</code> = 2 &amp; more" in html and "Trees &amp; more" in html
    assert html.index("To fix") < html.index("Not found") < html.index("Trees &amp; more") < html.index("For extra points")
    assert ">best</code> in metrics.json; <code" in html and ">figures/trees.png</code>" in html and "did you mean" in html and "cell 3" in html
    # Readable on any ground: no element has a ground of its own, and text has the page's colour.
    assert re.findall(r"background:(?!none)", html) == [] and "<style" not in html
    assert set(re.findall(r"[;\"]color:([^;\"]+)", html)) <= {"inherit", "#1f8845", "#d63d33", "#2878c5"}


def test_nothing_to_fix(place: Path) -> None:
    answer(place, 0, {"title": "Homework", "parts": []})
    result = mlgrade.check(".", "hw.student.toml")
    assert result.ok and bool(result) and repr(result) == "<mlgrade check: nothing was looked at>"
    assert mlgrade.check().ok
    assert is_sound(result._repr_html_())


@pytest.mark.parametrize("code", [2, 4])
def test_a_command_that_fails(place: Path, code: int) -> None:
    answer(place, code)
    with pytest.raises(ProgramError, match=f"`mlgrade check` ended with exit code {code}"):
        mlgrade.check()


def test_a_command_that_says_something_else(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProgramError, match="there is no rubric called `cs000`"):
        Submission("cs000")
    (place / "other.toml").write_text("no JSON")
    with pytest.raises(ProgramError, match="`mlgrade explain` printed no JSON .* is it another version than this package?"):
        Submission("other.toml")
    (place / "other.toml").write_text("[]")
    with pytest.raises(ProgramError, match="printed a list, not an object"):
        Submission("other.toml")
    (place / "other.toml").write_text(json.dumps({**told(), "schema": 2}))
    with pytest.raises(ProgramError, match="speaks version 2 of its list of names, and this package version 1; install both anew"):
        Submission("other.toml")
    # Kinds that are not known yet are passed over.
    write_rubric(place, [*NAMES, {"name": "new", "kind": "hologram", "file": "new.holo"}])
    assert len(Submission().names) == len(NAMES) - 2


def test_a_command_that_takes_too_long(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = place / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("MLGRADE", str(slow))
    started = time.monotonic()
    with pytest.raises(ProgramError, match="`mlgrade explain` took more than 0 seconds and was ended"):
        _program.run("explain", within=0.3)
    assert time.monotonic() - started < 10


def test_where_the_command_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLGRADE", "nowhere/mlgrade")
    with pytest.raises(ProgramError, match="the environment variable MLGRADE says nowhere/mlgrade, and there is no such program"):
        _program.find()
    monkeypatch.delenv("MLGRADE")
    folder = place / "scripts"
    folder.mkdir()
    # Elsewhere on the path goes after the scripts of this Python.
    for where in (folder, place):
        (where / "mlgrade").write_text("#!/bin/sh\n")
        (where / "mlgrade").chmod(0o755)
    monkeypatch.setattr(_program, "_folders", lambda: iter([folder]))
    monkeypatch.setenv("PATH", str(place))
    assert _program.find() == str(folder / "mlgrade")
    monkeypatch.setattr(_program, "_folders", lambda: iter([]))
    assert _program.find() == str(place / "mlgrade")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        ProgramError, match="the mlgrade command is not installed for .*; run: python -m pip install --force-reinstall mlgrade, or set MLGRADE"
    ):
        _program.find()


def test_the_folders_of_installers() -> None:
    folders = [str(folder) for folder in _program._folders()]
    assert os.path.samefile(folders[0], os.path.dirname(sys.executable))
    assert folders[2] == str(Path(mlgrade.__file__).parent.parent / "bin")


def test_python_m_mlgrade(place: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(mlgrade.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-m", "mlgrade", "lint", "a b", "--x"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, "lint a b --x\n")
    environment["MLGRADE"] = "nowhere"
    done = subprocess.run([sys.executable, "-m", "mlgrade"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "MLGRADE says nowhere" in done.stderr


def test_which_rubric(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = place / "a" / "b"
    inner.mkdir(parents=True)
    assert Submission(folder=inner).rubric == str(place / "hw.student.toml")
    (place / "a" / "one.student.toml").write_text(json.dumps(told()))
    assert Submission(folder=inner).rubric == str(place / "a" / "one.student.toml")
    (place / "a" / "two.student.toml").write_text(json.dumps(told()))
    with pytest.raises(RecordError, match="there are several rubrics in .*/a, `one.student.toml` and `two.student.toml`; name one"):
        Submission(folder=inner)
    monkeypatch.setenv("MLGRADE_RUBRIC", "a/two.student.toml")
    assert Submission(folder=inner).rubric == str(place / "a" / "two.student.toml")
    assert len(mlgrade.names()) == len(NAMES) - 2
    assert Submission(place / "hw.student.toml", inner).rubric == str(place / "hw.student.toml")
    for wrong in ("hw2.student.toml", "x/y"):
        with pytest.raises(RecordError, match=f"there is no rubric {wrong} in "):
            Submission(wrong)
    monkeypatch.delenv("MLGRADE_RUBRIC")
    for path in place.rglob("*.student.toml"):
        path.unlink()
    with pytest.raises(RecordError, match="no rubric was named, and there is no \\*.student.toml in .* or above it"):
        Submission()


def test_the_folder_stays_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sub = Submission("hw.student.toml", folder="hand-in")
    (place / "elsewhere").mkdir()
    monkeypatch.chdir(place / "elsewhere")
    sub["improved.val_error"] = 0.5
    assert (place / "hand-in" / "metrics.json").exists()


def test_importing_takes_the_standard_library_alone() -> None:
    code = (
        "import sys, mlgrade\n"
        "others = {'numpy', 'pandas', 'matplotlib', 'torch', 'sklearn', 'IPython', 'onnx', 'tensorflow'} & set(sys.modules)\n"
        "assert not others, others\n"
        "assert mlgrade.__version__\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(mlgrade.__file__).parent.parent)}
    subprocess.run([sys.executable, "-S", "-W", "error", "-c", code], env=environment, check=True)


def test_names(place: Path) -> None:
    names = mlgrade.names("hw.student.toml")
    text = repr(names)
    assert 'sub["improved.val_error"] = …' in text and "a number from 0 to 1" in text and "Penguins & friends" in text
    html = names._repr_html_()
    assert is_sound(html) and "Penguins &amp; friends" in html and "Its error" in html
    assert [name.name for name in names.of("rule")] == ["gentoo_rule"]
