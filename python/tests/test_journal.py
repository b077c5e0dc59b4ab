"""Long series, which are written once a second; threads; and edits of the file."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from mlgrade import RecordError, Submission, _journal

LOSS = "improved.val_loss"
PACKAGE = str(Path(__file__).parent.parent)


def on_disk(sub: Submission) -> Any:
    return json.loads((sub.folder / "metrics.json").read_text(encoding="utf-8")).get(LOSS)


def edit(sub: Submission, **values: Any) -> None:
    path = sub.folder / "metrics.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


def train(sub: Submission, count: int) -> None:
    for at in range(count):
        sub.log("improved", val_loss=at)


def test_a_short_series_is_written_at_once(sub: Submission) -> None:
    for at in range(_journal.FEW):
        sub.log("improved", val_loss=at)
        assert len(on_disk(sub)) == at + 1


def test_a_long_training_takes_seconds(sub: Submission) -> None:
    started = time.monotonic()
    train(sub, 20_000)
    assert time.monotonic() - started < 15
    assert sub[LOSS] == on_disk(sub) == list(range(20_000))


USES = {
    "item": lambda sub: sub[LOSS],
    "in": lambda sub: LOSS in sub,
    "record": lambda sub: sub.record("x", 1),
    "save": lambda sub: sub.save(),
    "missing": lambda sub: sub.missing(),
    "repr": repr,
    "html": lambda sub: sub._repr_html_(),
    "zip": lambda sub: sub.zip(),
    "restart": lambda sub: sub.restart("mlp.lr0.1"),
    "copy": copy.deepcopy,
    "another": lambda sub: Submission(folder=sub.folder),
}


@pytest.mark.parametrize("use", USES)
def test_whatever_reads_or_writes_finds_all(sub: Submission, monkeypatch: pytest.MonkeyPatch, use: str) -> None:
    monkeypatch.setattr(_journal, "PERIOD", 60)
    train(sub, 300)
    assert len(on_disk(sub)) == _journal.FEW
    USES[use](sub)
    assert on_disk(sub) == list(range(300))


def test_nothing_is_lost_when_nothing_follows(sub: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_journal, "PERIOD", 0.1)
    train(sub, 300)
    until = time.monotonic() + 10
    while _journal._busy and time.monotonic() < until:
        time.sleep(0.02)
    assert on_disk(sub) == list(range(300))
    assert not _journal._busy


def test_nothing_is_lost_as_python_ends(sub: Submission) -> None:
    code = """
from mlgrade import Submission, _journal
_journal.PERIOD = 60
def train():
    sub = Submission(folder="hand-in")
    for at in range(300): sub.log("improved", val_loss=at)
train()
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": PACKAGE}, cwd=sub.folder.parent)
    assert on_disk(sub) == list(range(300))


def test_without_threads(sub: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", start)
    train(sub, 250)
    assert len(on_disk(sub)) == 250


def test_threads_share_a_series(sub: Submission) -> None:
    threads = [threading.Thread(target=train, args=(sub, 100)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sub[LOSS]) == sorted(list(range(100)) * 8)


def test_what_is_read_may_be_changed(sub: Submission) -> None:
    train(sub, 3)
    sub[LOSS].append(7)
    assert sub[LOSS] == [0, 1, 2]
    sub.log("improved", val_loss=3)
    assert sub[LOSS] == [0, 1, 2, 3]


def test_an_edit_of_the_file_is_not_undone(sub: Submission) -> None:
    train(sub, 2)
    # Of another name, it is no matter.
    edit(sub, x=7)
    sub.log("improved", val_loss=2, epoch=None)
    assert sub["x"] == 7 and sub[LOSS] == [0, 1, 2]
    edit(sub, **{LOSS: [5, 6]})
    for epoch in (None, 0):
        with pytest.raises(RecordError) as error:
            sub.log("improved", val_loss=3, epoch=epoch)
        assert str(error.value) == (
            f'`{LOSS}` is not in metrics.json as it was logged last: 2 values are there now. To train anew, write sub.restart("improved"); '
            'to go on with those, sub.restart("improved", keep=2)'
        )
    assert sub[LOSS] == [5, 6]
    sub.restart("improved", keep=2)
    sub.log("improved", val_loss=3)
    assert sub[LOSS] == [5, 6, 3]


def test_a_file_that_was_deleted(sub: Submission) -> None:
    train(sub, 2)
    (sub.folder / "metrics.json").unlink()
    with pytest.raises(RecordError, match="as it was logged last: nothing is there now"):
        sub.log("improved", val_loss=3)
    sub.log("improved", val_loss=3, epoch=0)
    assert sub[LOSS] == [3]


def test_nor_by_values_that_wait(sub: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_journal, "PERIOD", 60)
    train(sub, 300)
    edit(sub, **{LOSS: [5, 6]})
    _journal.settle_all()
    with pytest.raises(RecordError, match="is not in metrics.json as it was logged last: 2 values are there now"):
        sub["x"] = 1
    assert on_disk(sub) == [5, 6]
    sub["x"] = 1
    sub.restart("improved")
    train(sub, 300)
    edit(sub, **{LOSS: [5, 6]})
    sub[LOSS] = [1]
    assert on_disk(sub) == [1] and not _journal._busy


def test_an_error_of_writing_is_raised_in_the_cell(sub: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_journal, "PERIOD", 0.05)
    train(sub, 200)
    toml = Path(sub.folder / "metrics.toml")
    toml.write_text("", encoding="utf-8")
    with pytest.raises(RecordError, match="is read before metrics.json"):
        for at in range(200, 100_000):
            sub.log("improved", val_loss=at)
            time.sleep(0.001)
    toml.unlink()
    found = sub[LOSS]
    assert found == list(range(len(found))) and len(found) > 200
