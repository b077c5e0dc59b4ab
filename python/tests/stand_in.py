"""Stands in for the mlgrade command: a rubric is the JSON that `explain --json` prints, and FILE.check what `check --json` does."""

import json
import sys
from pathlib import Path


def main() -> int:
    # As the command does it, UTF-8 whatever the console.
    sys.stdout.reconfigure(encoding="utf-8")
    command, *rest = sys.argv[1:]
    if "--rubric" not in rest:
        print(" ".join(sys.argv[1:]))
        return 7
    rubric = Path(rest[rest.index("--rubric") + 1])
    if not rubric.is_file():
        print(f"error[R001]: there is no rubric called `{rubric}`", file=sys.stderr)
        return 2
    if command == "explain":
        print(rubric.read_text(encoding="utf-8"))
        return 0
    answer = json.loads(rubric.with_name(rubric.name + ".check").read_text(encoding="utf-8"))
    print(json.dumps(answer["view"]) if "--json" in rest else answer["text"])
    return int(answer["code"])


if __name__ == "__main__":
    sys.exit(main())
