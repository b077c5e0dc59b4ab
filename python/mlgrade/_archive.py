"""The archive that is handed in."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from ._errors import RecordError
from ._files import inside, replace
from ._networks import ENDINGS as NETWORKS
from ._status import Status

ALWAYS = ("metrics.json", "answers.json", "submission.toml")


def contents(status: Status, also: Iterable[str]) -> list[str]:
    """The files of the archive, by their paths in the folder: what is recorded, and `also`."""
    folder = status.folder
    paths = [folder / name for name in ALWAYS]
    for one in status.entries:
        if one.path is not None:
            paths.append(one.path)
            if one.name.family == "network":
                paths += _beside(one.path)
    for extra in also:
        path = inside(folder, os.fspath(extra))
        if not path.is_file():
            raise RecordError(f"there is no file {path} to put into the archive")
        paths.append(path)
    there = dict.fromkeys(path.relative_to(folder).as_posix() for path in paths if path.is_file())
    return sorted(there)


def _beside(network: Path) -> list[Path]:
    """The settings and the weights beside a network."""
    ending = next((ending for ending in sorted(NETWORKS, key=len, reverse=True) if network.name.endswith(ending)), network.suffix)
    stem = network.name[: -len(ending)]
    return [network.with_name(f"{stem}.toml"), network.with_name(f"{network.name}.data")]


def write(target: Path, folder: Path, names: Iterable[str]) -> None:
    """Writes these files of `folder` into the archive `target`, at once."""
    names = [name for name in names if (folder / name).resolve() != target.resolve()]
    if not names:
        raise RecordError(f"nothing is recorded in {folder} yet, so there is nothing to put into {target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        # Files from before 1980 have no date that an archive can state.
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for name in names:
                archive.write(folder / name, name)
        os.chmod(temporary, 0o644)
        replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
