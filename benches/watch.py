"""Runs a command and tells what it and all its children used. Linux only: memory is read from /proc."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

MOST_PAUSE = 0.2
"""Seconds between two looks at the memory. The first looks come faster."""


@dataclass
class Usage:
    """What a command used. Memory is in MB of 1,000,000 bytes."""

    code: int = 0
    wall: float = 0.0
    """Seconds by the clock."""
    user: float = 0.0
    """User seconds of the process and of all children that were waited for."""
    system: float = 0.0
    """System seconds of the same. Where files are written to a disk they differ much from run to run."""
    parent_peak: float = 0.0
    """The most resident memory of the process itself."""
    child_peak: float = 0.0
    """The most resident memory of any one of its children, at any depth."""
    tree_peak: float = 0.0
    """The most memory of all together at one time. Pages that are shared count once."""
    children: set[int] = field(default_factory=set)
    """The children that were seen."""

    @property
    def cpu(self) -> float:
        """User and system seconds."""
        return self.user + self.system


def kilobytes(path: str, key: str) -> int:
    """A number of kB from a file of /proc; 0 if the process is gone or may not be read."""
    try:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if line.startswith(key):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def descendants(pid: int) -> list[int]:
    """The children of a process, their children and so on."""
    found = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in listing.read_text(encoding="utf-8").split()]
        except OSError:
            continue
    return found + [further for child in found for further in descendants(child)]


def look(pid: int, usage: Usage) -> None:
    """Takes the memory of a process and its children at this time into account."""
    total = 0
    for process in [pid, *descendants(pid)]:
        peak = kilobytes(f"/proc/{process}/status", "VmHWM:") * 1024 / 1e6
        total += kilobytes(f"/proc/{process}/smaps_rollup", "Pss:") or kilobytes(f"/proc/{process}/status", "VmRSS:")
        if process == pid:
            usage.parent_peak = max(usage.parent_peak, peak)
        else:
            usage.child_peak = max(usage.child_peak, peak)
            usage.children.add(process)
    usage.tree_peak = max(usage.tree_peak, total * 1024 / 1e6)


def watch(command: list[str], cwd: Path, log: Path, env: dict[str, str] | None = None) -> Usage:
    """Runs a command to its end. What it prints goes to `log`."""
    usage, pause, start = Usage(), 0.005, time.monotonic()
    with log.open("wb") as out, subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out) as process:
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            look(process.pid, usage)
            time.sleep(pause)
            pause = min(MOST_PAUSE, 1.2 * pause)
        usage.wall = time.monotonic() - start
        usage.code = process.returncode = os.waitstatus_to_exitcode(status)
        usage.user, usage.system = used.ru_utime, used.ru_stime
    return usage
