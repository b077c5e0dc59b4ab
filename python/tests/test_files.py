"""Files are written whole, also by two notebooks at once."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mlgrade import RecordError, Submission, _files
from mlgrade._store import REMOVED, Store, lookup, written


def test_a_failed_write_leaves_the_old_file(sub: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    sub["improved.val_error"] = 0.5
    before = (sub.folder / "metrics.json").read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        sub["improved.val_error"] = 0.25
    assert (sub.folder / "metrics.json").read_bytes() == before
    assert [path.name for path in sub.folder.iterdir()] == ["metrics.json"]


def test_a_file_that_is_open_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = os.replace

    def busy(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) < 3:
            raise PermissionError
        real(source, target)

    monkeypatch.setattr(os, "replace", busy)
    _files.write(tmp_path / "a.txt", b"x")
    assert (tmp_path / "a.txt").read_bytes() == b"x" and len(calls) == 3


def test_others_may_read_it(tmp_path: Path) -> None:
    _files.write(tmp_path / "a.txt", b"x")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644
    (tmp_path / "a.txt").chmod(0o600)
    _files.write(tmp_path / "a.txt", b"y")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o600


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from mlgrade._store import Store\n"
        "store = Store(Path(sys.argv[1]), [])\n"
        "for at in range(40): store.change({f'{sys.argv[2]}{at}': at})"
    )
    path = tmp_path / "metrics.json"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), letter], env={**os.environ, "PYTHONPATH": str(Path(_files.__file__).parent.parent)})
        for letter in "abc"
    ]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    assert len(Store(path, []).read()) == 120


def test_a_lock_that_was_left_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "PATIENCE", 0.1)
    (tmp_path / ".metrics.json.lock").touch()
    started = time.monotonic()
    Store(tmp_path / "metrics.json", []).change({"a": 1})
    assert time.monotonic() - started < 2
    assert [path.name for path in tmp_path.glob(".metrics*")] == []


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError("read-only")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="read-only"):
        Store(tmp_path / "metrics.json", []).change({"a": 1})


def test_names_in_tables() -> None:
    assert lookup({"a": 1, "b": {"c": {"d": 2}}}, "b.c.d") == 2
    assert lookup({"b.c": {"d": 2}}, "b.c.d") == 2
    assert lookup({"b": {"c": 1}, "b.c": 2}, "b.c") == 2
    assert lookup({"b.c": 2, "b": {"c": 1}}, "b.c") == 1
    assert lookup({"b": [1]}, "b.c") is None
    assert written({}) == "{}\n"


def test_the_last_name_of_a_table_takes_the_table_along(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.json", [])
    store.change({"a": {"b": {"c": 1}}, "d": 2})
    store.change({"a.b.c": REMOVED})
    assert store.read() == {"d": 2}


def test_nothing_is_written_outside_of_the_folder(tmp_path: Path) -> None:
    assert _files.inside(tmp_path, "src/../src/a.py") == tmp_path / "src" / "a.py"
    for path in ["../a", "src/../../a", str(tmp_path / "a")]:
        with pytest.raises(RecordError, match="leads out of the folder"):
            _files.inside(tmp_path, path)
