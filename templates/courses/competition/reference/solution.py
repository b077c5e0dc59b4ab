"""The instructor's solution: python3 reference/solution.py FOLDER, from the course's folder. Needs NumPy and scikit-learn.

It states what the bounds of the rubric name: a baseline, and what is worth full points, which is a little less than our own solution has.
"""
import csv
import json
import pathlib
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def table(name):
    with open(name) as file:
        return list(csv.DictReader(file))


out = pathlib.Path(sys.argv[1])
train, test = table("data/train.csv"), table("data/test.csv")
answers = {row["id"]: row for row in table("hidden/answers.csv")}
features = [name for name in test[0] if name != "id"]
numbers = lambda rows, names: np.array([[float(row[name]) for name in names] for row in rows])
y = np.array([row["diagnosis"] == "malignant" for row in train], int)
private = np.array([answers[row["id"]]["split"] == "private" for row in test])
truth = np.array([answers[row["id"]]["diagnosis"] == "malignant" for row in test], int)[private]

model = make_pipeline(StandardScaler(), LogisticRegression())
metrics = {}
# The baseline: the same model with one feature alone.
baseline = model.fit(numbers(train, ["mean_texture"]), y).predict_proba(numbers(test, ["mean_texture"]))[:, 1]
metrics["baseline.auc"] = roc_auc_score(truth, baseline[private])
metrics["baseline.log_loss"] = log_loss(truth, baseline[private])
ours = model.fit(numbers(train, features), y).predict_proba(numbers(test, features))[:, 1]
metrics["our.auc"] = roc_auc_score(truth, ours[private])
metrics["our.log_loss"] = log_loss(truth, ours[private])
# Nothing is computed in a rubric: a margin is a number of its own.
metrics["full.auc"] = metrics["our.auc"] - 0.01
metrics["full.log_loss"] = 1.25 * metrics["our.log_loss"]
folds = StratifiedKFold(5, shuffle=True, random_state=1)
metrics["cv.auc"] = cross_val_score(model, numbers(train, features), y, cv=folds, scoring="roc_auc").mean()

(out / "predictions").mkdir(parents=True, exist_ok=True)
(out / "metrics.json").write_text(json.dumps({name: float(value) for name, value in metrics.items()}, indent=1) + "\n")
(out / "answers.json").write_text(json.dumps({"approach": "Logistic regression on standardised features, chosen by five-fold cross-validation on the training rows."}, indent=1) + "\n")
with open(out / "predictions/tumours.csv", "w") as file:
    file.write("id,prediction\n" + "".join(f"{row['id']},{p:.6f}\n" for row, p in zip(test, ours)))
