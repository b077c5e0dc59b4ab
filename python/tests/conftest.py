"""What the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlgrade import Submission
from support import write_command, write_rubric

REAL = os.path.abspath(os.environ["MLGRADE"]) if "MLGRADE" in os.environ else None
"""The command itself, which the gate builds."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a rubric, which the stand-in tells."""
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("MLGRADE", str(write_command(tools)))
    monkeypatch.delenv("MLGRADE_RUBRIC", raising=False)
    monkeypatch.chdir(tmp_path)
    write_rubric(tmp_path)
    return tmp_path


@pytest.fixture
def sub(place: Path) -> Submission:
    return Submission(folder=place / "hand-in")


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> str:
    if REAL is None:
        pytest.skip("MLGRADE does not say where the command is")
    monkeypatch.setenv("MLGRADE", REAL)
    return REAL


@pytest.fixture
def plt() -> Iterator[Any]:
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")
    pyplot.rcdefaults()
