"""The class as nbgrader takes it: a course folder with the instructor's notebook, and later with each student's."""

import json
import shutil
from pathlib import Path
from typing import Any

from asked import NUMBERS, PLOTS
from notebooks import IMPORT, code, load, notebook, state, tests

CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "peers"\n'
NAME = "homework"


def marked(source: str, key: str, *, graded: bool) -> dict[str, Any]:
    """A cell that nbgrader knows: a test for a point, or a student's answer."""
    mark = {"schema_version": 3, "grade_id": key, "grade": graded, "locked": graded, "solution": not graded, "task": False}
    return code(source, key, nbgrader={**mark, "points": 1} if graded else mark)


def source(folder: Path) -> None:
    """Writes the course with the instructor's notebook, from which `nbgrader generate_assignment` makes the students'."""
    right = {item["value"]: item["against"] for item in NUMBERS.values()}
    answers = [marked(state(right), "state", graded=False), *(marked(load(name), f"load-{name}", graded=False) for name in PLOTS)]
    checks = [marked(assertion, key, graded=True) for key, (_, assertion) in tests().items()]
    to = folder / "source" / NAME
    to.mkdir(parents=True)
    (to / f"{NAME}.ipynb").write_text(notebook([code(IMPORT, "import"), *answers, *checks]), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


def hand_in(submissions: list[Path], folder: Path) -> None:
    """Fills the students' notebook in for each student."""
    released = json.loads((folder / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in released["cells"]}
    for submission in submissions:
        cells["state"]["source"] = state(json.loads((submission / "metrics.json").read_text(encoding="utf-8")))
        for name in PLOTS:
            cells[f"load-{name}"]["source"] = load(name)
        to = folder / "submitted" / submission.name / NAME
        shutil.copytree(submission / "figures", to / "figures")
        (to / f"{NAME}.ipynb").write_text(json.dumps(released), encoding="utf-8")
