"""Inside of IPython: cells that run again, and completion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlgrade import Submission, _complete


@pytest.fixture
def shell(place: Path) -> Iterator[Any]:
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config)
    yield shell
    InteractiveShell.clear_instance()


def run(shell: Any, code: str) -> Any:
    return shell.run_cell(code, store_history=True)


TRAIN = "for loss in (0.5, 0.25, 0.125): sub.log('mlp.lr0.1', val_loss=loss)"


def test_a_training_cell_runs_again(shell: Any, place: Path) -> None:
    run(shell, "from mlgrade import Submission; sub = Submission()").raise_error()
    run(shell, "sub.log('improved', val_loss=1.0)").raise_error()
    again = run(shell, "sub.log('improved', val_loss=0.5)")
    assert "from another run of a cell" in str(again.error_in_exec)
    run(shell, TRAIN).raise_error()
    assert "from another run of a cell" in str(run(shell, TRAIN).error_in_exec)
    run(shell, "sub.restart('mlp.lr0.1')\n" + TRAIN).raise_error()
    run(shell, "with sub.run('mlp.lr0.1') as run:\n  for loss in (3, 2, 1): run.log(val_loss=loss)").raise_error()
    assert Submission(folder=place)["mlp.lr0.1.val_loss"] == [3, 2, 1]


def test_an_error_is_short(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(shell, "from mlgrade import Submission; sub = Submission()").raise_error()
    capsys.readouterr()
    run(shell, "def record(error):\n    sub['improved.val_error'] = error\n\nrecord(2.09)")
    shown = capsys.readouterr().out
    assert shown.splitlines()[:2] == ["line 4: record(2.09)", "line 2: sub['improved.val_error'] = error"]
    assert "RecordError\x1b[0m: `improved.val_error` = 2.09 is above 1" in shown and len(shown.splitlines()) == 3


def test_the_tab_key(shell: Any) -> None:
    run(shell, "from mlgrade import Submission; sub = Submission(); sub = Submission(); number = 1").raise_error()
    assert sum(getattr(matcher, "is_of_mlgrade", False) for matcher in shell.Completer.custom_matchers) == 1

    def offered(line: str) -> set[str]:
        _, found = shell.complete(None, line, len(line))
        return {one.strip("'\"])") for one in found}

    assert "improved.val_error" in offered('sub["improved.val_e')
    assert offered('sub.figure("tr') >= {"trees"}
    assert not {"improved", "best_depth"} & offered('sub.figure("tr')
    assert offered("sub.answer('b") >= {"best_depth", "boosted_size"}
    assert offered('sub.log("mlp.l') >= {"mlp.lr0.1"}
    assert "trees" not in offered('number.figure("tr')


def test_candidates(sub: Submission) -> None:
    def found(line: str, text: str) -> list[str]:
        return _complete.candidates(line, text, {"sub": sub, "other": 1}, lambda one: isinstance(one, Submission))

    assert found('sub.figure("', "") == ["trees", "improved"]
    assert found('x = sub.network(name="im', "im") == ["improved"]
    assert found("sub.record('mlp.lr0.1.t", "mlp.lr0.1.t") == ["mlp.lr0.1.train_loss"]
    # Where the shell parts words at points, what is typed already is not written again.
    assert found("sub.record('mlp.lr0.1.t", "t") == ["train_loss"]
    assert found("sub.restart('", "") == ["tree", "mlp.lr0.1", "improved"]
    assert found("sub.file('", "") == ["src/train.py", "notebook"]
    for line in ['other.figure("', 'sub.check("', 'sub.figure(fig, "', "sub.figure(", 'my.sub.figure("']:
        assert found(line, "") == [], line


def test_there_need_be_no_ipython(sub: Submission) -> None:
    _complete.install(lambda _: True)
    assert sub._ipython_key_completions_()[:2] == ["tree.val_rmse", "depths"]
