"""The instructor's solution: python3 reference/solution.py FOLDER, from the course's folder. Needs NumPy and Matplotlib."""
import csv
import json
import pathlib
import sys

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np


def table(name):
    with open(name) as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(row[column]) for column in row if column != "progression"] for row in rows])
    return x, np.array([float(row["progression"]) for row in rows])


def fit(x, y, alpha):
    """Weights with the intercept first, which is not penalised."""
    penalty = alpha * np.eye(x.shape[1])
    penalty[0, 0] = 0
    return np.linalg.solve(x.T @ x + penalty, x.T @ y)


out = pathlib.Path(sys.argv[1])
(x, y), (v, t) = table("data/train.csv"), table("data/valid.csv")
mean, scale = x.mean(0), x.std(0)
x, v = (np.column_stack([np.ones(len(rows)), (rows - mean) / scale]) for rows in (x, v))
rmse = lambda theta, x, y: float(np.sqrt(np.mean((x @ theta - y) ** 2)))

theta = fit(x, y, 0)
alphas = [0.1, 1, 10, 100, 1000]
thetas = [fit(x, y, alpha) for alpha in alphas]
best = int(np.argmin([rmse(theta, v, t) for theta in thetas]))
metrics = {
    "theta": theta.tolist(),
    "least_squares.train_rmse": rmse(theta, x, y),
    "least_squares.valid_rmse": rmse(theta, v, t),
    "ridge.alphas": alphas,
    "ridge.train_rmse": [rmse(theta, x, y) for theta in thetas],
    "ridge.valid_rmse": [rmse(theta, v, t) for theta in thetas],
    "best.valid_rmse": rmse(thetas[best], v, t),
}
why = "Columns that go together share their effect badly without a penalty: their weights are large and of opposite signs."
answers = {"best_alpha": alphas[best], "why_ridge": why}

for folder in ("predictions", "figures"):
    (out / folder).mkdir(parents=True, exist_ok=True)
(out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
(out / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
(out / "predictions/best.csv").write_text("progression\n" + "".join(f"{value:.6f}\n" for value in v @ thetas[best]))
fig, ax = plt.subplots(figsize=(5, 3.5), dpi=80)
ax.plot(alphas, metrics["ridge.train_rmse"], "o-", label="training")
ax.plot(alphas, metrics["ridge.valid_rmse"], "o-", label="validation")
ax.set(xscale="log", xlabel="alpha", ylabel="RMSE")
ax.legend()
fig.savefig(out / "figures/ridge.png", metadata={"Software": None})
