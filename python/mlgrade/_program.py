"""Finding and running the `mlgrade` command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._errors import ProgramError, RecordError
from ._words import listed

EXPLAINS_WITHIN = 120.0
CHECKS_WITHIN = 1800.0
"""Seconds. A check may run networks on ten thousand images."""


def find() -> str:
    """The path of the command: the environment's MLGRADE, the scripts of this Python, those of the user, the PATH."""
    stated = os.environ.get("MLGRADE")
    if stated:
        found = stated if os.path.isfile(stated) else shutil.which(stated)
        if found is None:
            raise ProgramError(f"the environment variable MLGRADE says {stated}, and there is no such program; correct it or unset it")
        return found
    for folder in _folders():
        path = folder / f"mlgrade{sysconfig.get_config_var('EXE') or ''}"
        if path.is_file():
            return str(path)
    on_path = shutil.which("mlgrade")
    if on_path is None:
        raise ProgramError(
            f"the mlgrade command is not installed for {sys.executable}; run: python -m pip install --force-reinstall mlgrade, or set MLGRADE to its path"
        )
    return on_path


def _folders() -> Iterator[Path]:
    """Where installers put commands."""
    yield Path(sysconfig.get_path("scripts"))
    # pip install --user
    scheme = "nt_user" if os.name == "nt" else "osx_framework_user" if sys.platform == "darwin" and sys._framework else "posix_user"
    yield Path(sysconfig.get_path("scripts", scheme=scheme))
    # pip install --target
    yield Path(__file__).resolve().parent.parent / "bin"


@dataclass(frozen=True)
class Ended:
    """What a command has printed, and how it ended."""

    code: int
    printed: str
    complaint: str


def run(*arguments: str, within: float) -> Ended:
    """Runs the command with these arguments for at most `within` seconds."""
    command = [find(), *arguments]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=within, check=False)
    except subprocess.TimeoutExpired:
        raise ProgramError(f"`mlgrade {arguments[0]}` took more than {within:.0f} seconds and was ended") from None
    except OSError as error:
        raise ProgramError(f"{command[0]} cannot be run: {error}") from None
    # The command writes UTF-8, whatever the console's encoding.
    return Ended(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace").strip())


def told(*arguments: str, within: float, fine: Sequence[int] = (0,)) -> tuple[dict[str, Any], int]:
    """The JSON that a command prints, and its exit code, which is one of `fine`."""
    ended = run(*arguments, within=within)
    if ended.code not in fine:
        raise ProgramError(ended.complaint or f"`mlgrade {arguments[0]}` ended with exit code {ended.code}")
    try:
        found = json.loads(ended.printed)
    except json.JSONDecodeError as error:
        raise ProgramError(f"`mlgrade {arguments[0]}` printed no JSON ({error}); is it another version than this package?") from None
    if not isinstance(found, dict):
        raise ProgramError(f"`mlgrade {arguments[0]}` printed a {type(found).__name__}, not an object; is it another version than this package?")
    return found, ended.code


def find_rubric(rubric: str | os.PathLike[str] | None, folder: Path) -> str:
    """The rubric that is meant: the one that is named, MLGRADE_RUBRIC, or the one *.student.toml in the folder or above it."""
    stated = os.fspath(rubric) if rubric is not None else os.environ.get("MLGRADE_RUBRIC")
    if stated:
        if os.path.exists(stated):
            return os.path.abspath(stated)
        if stated.endswith(".toml") or os.path.dirname(stated):
            raise RecordError(f"there is no rubric {stated} in {os.getcwd()}; name the file that the course gave out")
        return stated  # The name of one that is inside of the command.
    for place in [folder, *folder.parents]:
        found = sorted(place.glob("*.student.toml"))
        if len(found) == 1:
            return str(found[0])
        if found:
            raise RecordError(f'there are several rubrics in {place}, {listed(one.name for one in found)}; name one: Submission("{found[0].name}")')
    raise RecordError(
        f'no rubric was named, and there is no *.student.toml in {folder} or above it; name the course\'s file: Submission("….student.toml")'
    )
