"""`python -m mlgrade …` runs the command with the same arguments and exit code."""

from __future__ import annotations

import os
import subprocess
import sys

from ._errors import ProgramError
from ._program import find


def main() -> int:
    """Becomes the command, or on Windows waits for it."""
    try:
        command = [find(), *sys.argv[1:]]
    except ProgramError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if os.name == "nt":
        return subprocess.call(command)
    try:
        os.execv(command[0], command)
    except OSError as error:
        print(f"error: {command[0]} cannot be run: {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
