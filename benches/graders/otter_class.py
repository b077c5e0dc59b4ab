"""The class as Otter takes it: a zip for each student, and the tests from which `otter generate` makes an autograder."""

import zipfile
from pathlib import Path

from notebooks import plain, tests

TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{key}"
points = 1


@test_case(points=1, hidden=False)
def test_{function}({variable}):
    {body}
"""


def write(submissions: list[Path], folder: Path) -> None:
    """Writes FOLDER/tests/*.py and FOLDER/zips/*.zip."""
    (folder / "tests").mkdir(parents=True)
    (folder / "zips").mkdir()
    for key, (variable, assertion) in tests().items():
        text = TEST.format(key=key, function=key.replace("-", "_"), variable=variable, body=assertion.replace("\n", "\n    "))
        (folder / "tests" / f"{key}.py").write_text(text, encoding="utf-8")
    for submission in submissions:
        with zipfile.ZipFile(folder / "zips" / f"{submission.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("homework.ipynb", plain(submission))
            for figure in sorted((submission / "figures").iterdir()):
                archive.write(figure, f"figures/{figure.name}")
