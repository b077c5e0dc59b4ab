"""The instructor's solution: python3 reference/solution.py FOLDER, from the course's folder. Needs scikit-learn and Matplotlib."""
import csv
import json
import pathlib
import sys

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier


def table(name):
    with open(name) as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(row[column]) for column in row if column != "cultivar"] for row in rows])
    return x, np.array([row["cultivar"] for row in rows])


out = pathlib.Path(sys.argv[1])
(x, y), (v, t) = table("data/train.csv"), table("data/valid.csv")
models = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "knn": make_pipeline(StandardScaler(), KNeighborsClassifier(5)),
    "tree": DecisionTreeClassifier(random_state=1),
    "bayes": GaussianNB(),
}
metrics = {f"{name}.accuracy": model.fit(x, y).score(v, t) for name, model in models.items()}
best = max(models, key=lambda name: metrics[f"{name}.accuracy"])
said = models[best].predict(v)
depths = [1, 2, 3, 4, 5]
trees = [DecisionTreeClassifier(max_depth=depth, random_state=1).fit(x, y) for depth in depths]
metrics |= {
    "best.accuracy": metrics[f"{best}.accuracy"],
    "best.confusion": confusion_matrix(t, said).tolist(),
    "tree.depths": depths,
    "tree.train_accuracy": [tree.score(x, y) for tree in trees],
    "tree.valid_accuracy": [tree.score(v, t) for tree in trees],
}
answers = {
    "best_classifier": best,
    "rule_for_c": "flavanoids <= 1.58 and color_intensity > 3.8 -> C",
    "why_scale": "Distances add up over features. Without scaling the feature with the largest numbers, proline, outweighs all others.",
}

for folder in ("predictions", "figures"):
    (out / folder).mkdir(parents=True, exist_ok=True)
(out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
(out / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
(out / "predictions/best.csv").write_text("cultivar\n" + "".join(f"{word}\n" for word in said))
fig, ax = plt.subplots(figsize=(5, 3.5), dpi=80)
ax.plot(depths, metrics["tree.train_accuracy"], "o-", label="train")
ax.plot(depths, metrics["tree.valid_accuracy"], "o-", label="valid")
ax.set(xlabel="depth of the tree", ylabel="accuracy", xticks=depths)
ax.legend()
fig.savefig(out / "figures/depth.png", metadata={"Software": None})
