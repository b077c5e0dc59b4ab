"""Series that grow by an epoch, cells that run again, and that no two trainings are mixed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mlgrade import RecordError, Submission, UnknownName, _logs

LOSS = "mlp.lr0.1.val_loss"


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Stands for the number of the cell's run in IPython."""
    now = [1]
    monkeypatch.setattr(_logs, "current_cell", lambda: now[0])
    return now


def train(sub: Submission, losses: list[float], numbered: bool = False) -> None:
    for at, loss in enumerate(losses):
        sub.log("mlp.lr0.1", val_loss=loss, epoch=at + 1 if numbered else None)


def test_a_training(sub: Submission) -> None:
    for loss in (0.5, 0.25, 0.125):
        sub.log("mlp.lr0.1", train_loss=loss, val_loss=2 * loss)
    assert sub["mlp.lr0.1.train_loss"] == [0.5, 0.25, 0.125]
    assert sub[LOSS] == [1.0, 0.5, 0.25]
    with pytest.raises(RecordError) as error:
        sub.log("mlp.lr0.1", val_loss=0.1)
    assert str(error.value) == (
        f"`{LOSS}` has its 3 values already, and this would be one more. To train anew, write "
        'sub.restart("mlp.lr0.1") at the top of the training cell, or pass epoch=…'
    )
    assert sub[LOSS] == [1.0, 0.5, 0.25]


def test_all_values_of_a_call_are_recorded_or_none(sub: Submission) -> None:
    with pytest.raises(RecordError, match="val_loss` is nan"):
        sub.log("mlp.lr0.1", train_loss=0.5, val_loss=float("nan"))
    assert "mlp.lr0.1.train_loss" not in sub
    sub.log("mlp.lr0.1", train_loss=0.5, val_loss=float("nan"), allow_nan=True)
    assert sub["mlp.lr0.1.train_loss"] == [0.5]


def test_a_new_session_begins_anew(sub: Submission, place: Path) -> None:
    train(sub, [9.0, 8.0, 7.0])
    again = Submission(folder=place / "hand-in")
    assert again[LOSS] == [9.0, 8.0, 7.0]
    train(again, [0.5])
    assert again[LOSS] == [0.5]


def test_another_run_of_a_cell_is_not_appended(sub: Submission, cell: list[int]) -> None:
    train(sub, [9.0, 8.0])  # Interrupted.
    cell[0] = 2
    with pytest.raises(RecordError) as error:
        train(sub, [0.5])
    assert str(error.value) == (
        f"`{LOSS}` has 2 values from another run of a cell, and appending would mix two trainings. To train anew, write "
        'sub.restart("mlp.lr0.1") at the top of the training cell, or pass epoch=…; to go on with those, sub.restart("mlp.lr0.1", keep=2)'
    )
    assert sub[LOSS] == [9.0, 8.0]


def test_also_without_a_length(sub: Submission, cell: list[int]) -> None:
    sub.log("improved", val_loss=1.0)
    cell[0] = 2
    with pytest.raises(RecordError, match="has 1 value from another run of a cell"):
        sub.log("improved", val_loss=1.0)


def test_restart(sub: Submission, cell: list[int]) -> None:
    for run in ([9.0, 8.0], [0.5, 0.25, 0.125]):
        sub.restart("mlp.lr0.1")
        assert LOSS not in sub
        train(sub, run)
        assert sub[LOSS] == run
        cell[0] += 1
    sub["depths"] = [1, 2, 3]
    sub.restart("")
    assert sub["depths"] == [1, 2, 3]


def test_restart_keeps_what_it_is_told_to(sub: Submission, cell: list[int], place: Path) -> None:
    train(sub, [9.0, 8.0])
    cell[0] = 2
    sub.restart("mlp", keep=2)
    train(sub, [7.0])
    assert sub[LOSS] == [9.0, 8.0, 7.0]
    # In another session, too, and with numbered epochs.
    for first in (0, 1):
        sub[LOSS] = [9.0, 8.0, 7.0]
        again = Submission(folder=place / "hand-in")
        again.restart("mlp.lr0.1", keep=1)
        assert again[LOSS] == [9.0, 8.0, 7.0]
        with pytest.raises(RecordError, match=f"epoch 3 of `{LOSS}` does not follow the 1 that were kept; it would be 1 or 2"):
            again.log("mlp.lr0.1", val_loss=5.0, epoch=3)
        again.log("mlp.lr0.1", val_loss=5.0, epoch=first + 1)
        assert again[LOSS] == [9.0, 5.0]
        again.log("mlp.lr0.1", val_loss=4.0, epoch=first + 2)
        assert again[LOSS] == [9.0, 5.0, 4.0]


def test_more_than_there_is_cannot_be_kept(sub: Submission) -> None:
    train(sub, [9.0, 8.0])
    sub.restart("mlp.lr0.1", keep=3)
    with pytest.raises(RecordError, match=f"`{LOSS}` has 2 values, so that 3 cannot be kept"):
        train(sub, [1.0])
    for keep in (-1, True, 1.5):
        with pytest.raises(RecordError, match="is no number of values"):
            sub.restart("mlp.lr0.1", keep=keep)  # type: ignore[arg-type]


def test_a_run_begins_anew_each_time(sub: Submission, cell: list[int]) -> None:
    for losses in ([9.0, 8.0, 7.0], [6.0], [0.5, 0.25, 0.125]):
        with sub.run("mlp.lr0.1") as run:
            for loss in losses:
                run.log(val_loss=loss, train_loss=loss)
        cell[0] += 1
    assert sub[LOSS] == [0.5, 0.25, 0.125]
    with sub.run("mlp.lr0.1", keep=2) as run:
        run.log({"val_loss": 0.2})
    assert sub[LOSS] == [0.5, 0.25, 0.2]


def test_an_epoch_that_is_logged_again_takes_later_ones_out(sub: Submission, cell: list[int]) -> None:
    train(sub, [9.0, 8.0, 7.0], numbered=True)
    cell[0] = 2
    sub.log("mlp.lr0.1", val_loss=1.0, epoch=1)
    # The other two were of the old training.
    assert sub[LOSS] == [1.0]
    train(sub, [0.5, 0.25, 0.125], numbered=True)
    assert sub[LOSS] == [0.5, 0.25, 0.125]
    sub.log("mlp.lr0.1", val_loss=0.1, epoch=3)
    assert sub[LOSS] == [0.5, 0.25, 0.1]
    # Counted from 0 it is another training.
    sub.log("mlp.lr0.1", val_loss=0.7, epoch=0)
    sub.log("mlp.lr0.1", val_loss=0.6, epoch=1)
    assert sub[LOSS] == [0.7, 0.6]


@pytest.mark.parametrize(
    ("epochs", "message"),
    [
        ([1, 3], f"epoch 3 of `{LOSS}` comes after 1; 2 is missing"),
        ([0, 2], f"epoch 2 of `{LOSS}` comes after 0; 1 is missing"),
        ([5], f"epoch 5 is the first that is logged of `{LOSS}`; epochs begin with 0 or 1"),
        ([1, None], f"`{LOSS}` was logged with epoch=… before; pass epoch=… here too"),
        ([None, 2], f"`{LOSS}` was logged without epoch=… before; leave it out here"),
        ([1, 2, 3, 4], f"`{LOSS}` has its 3 values already"),
        ([-1], "epoch=-1 is no epoch"),
        ([1.0], "epoch=1.0 is no epoch"),
        ([True], "`epoch` is True, a truth value"),
    ],
)
def test_epochs_that_do_not_follow(sub: Submission, epochs: list[Any], message: str) -> None:
    with pytest.raises(RecordError) as error:
        for epoch in epochs:
            sub.log("mlp.lr0.1", val_loss=0.5, epoch=epoch)
    assert message in str(error.value)
    known = len(sub[LOSS]) if LOSS in sub else 0
    assert known == len(epochs) - 1


def test_the_first_epoch_begins_anew_what_was_not_numbered(sub: Submission, cell: list[int]) -> None:
    for first in (0, 1):
        sub.restart("mlp.lr0.1")
        train(sub, [9.0, 8.0])
        cell[0] += 1
        with pytest.raises(RecordError, match="or pass epoch=…"):
            train(sub, [9.0])
        for at, loss in enumerate([0.5, 0.25, 0.125]):
            sub.log("mlp.lr0.1", val_loss=loss, epoch=first + at)
            assert len(sub[LOSS]) == at + 1
        assert sub[LOSS] == [0.5, 0.25, 0.125]


def test_an_epoch_of_numpy(sub: Submission) -> None:
    np = pytest.importorskip("numpy")
    for epoch in np.arange(3):
        sub.log("mlp.lr0.1", val_loss=np.float32(0.1), epoch=epoch)
    assert sub[LOSS] == [0.1, 0.1, 0.1]


def test_what_was_assigned_is_no_training(sub: Submission, cell: list[int]) -> None:
    train(sub, [9.0, 8.0])
    sub[LOSS] = [1.0, 2.0, 3.0]
    for numbered in (False, True):
        with pytest.raises(RecordError) as error:
            train(sub, [0.5], numbered)
        assert str(error.value) == (
            f"`{LOSS}` was assigned, and what is logged would replace it. To train anew, write "
            'sub.restart("mlp.lr0.1"); to go on with those, sub.restart("mlp.lr0.1", keep=3)'
        )
    assert sub[LOSS] == [1.0, 2.0, 3.0]
    sub["x"] = 3
    with pytest.raises(RecordError, match=r'To train anew, write sub.restart\("x"\)$'):
        sub.log(x=4)
    sub.restart("mlp.lr0.1", keep=2)
    train(sub, [0.5])
    assert sub[LOSS] == [1.0, 2.0, 0.5]
    sub[LOSS] = [1.0, 2.0, 3.0]
    sub.restart("mlp.lr0.1")
    train(sub, [0.5])
    assert sub[LOSS] == [0.5]
    del sub[LOSS]
    train(sub, [0.25])
    assert sub[LOSS] == [0.25]


def test_names(sub: Submission) -> None:
    with pytest.raises(UnknownName, match="the rubric asks for no `mlp.lr0.1.vall_loss`; did you mean `mlp.lr0.1.val_loss`?"):
        sub.log("mlp.lr0.1", vall_loss=0.5)
    with pytest.raises(RecordError, match="`improved.val_error` is a number from 0 to 1, not a series that is logged once an epoch: write sub"):
        sub.log("improved", val_error=0.5)
    with pytest.raises(RecordError, match="`depths` was given a list of 2 numbers, but log takes one number an epoch"):
        sub.log(depths=[1, 2])
    with pytest.raises(RecordError, match="was given no values"):
        sub.log("mlp.lr0.1")
    with pytest.raises(UnknownName, match="the rubric asks for no series under `mlp.lr1`; did you mean `mlp.lr0.1`?"):
        sub.restart("mlp.lr1")
    with pytest.raises(UnknownName, match="there are"):
        sub.restart("qqqqq")
    sub.log("", {"depths": 2})
    sub.log(depths=4)
    assert sub["depths"] == [2, 4]
