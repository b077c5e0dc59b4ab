"""Grades every zip of a folder with Otter's Python API, in one process.  usage: otter_loop.py AUTOGRADER.zip FOLDER SCORES.csv"""

import csv
import sys
from pathlib import Path

from otter.api import grade_submission

autograder, folder, scores = sys.argv[1:]
with open(scores, "w", newline="", encoding="utf-8") as file:
    table = csv.writer(file)
    table.writerow(["student", "total"])
    for submission in sorted(Path(folder).glob("*.zip")):
        results = grade_submission(str(submission), autograder, quiet=True)
        table.writerow([submission.stem, results.total])
