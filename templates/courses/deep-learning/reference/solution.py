"""The instructor's solution: python3 reference/solution.py FOLDER, from the course's folder. Needs NumPy and Matplotlib.

A network 64-32-10 with ReLU and softmax cross-entropy, by hand.
"""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

rng = np.random.default_rng(7)
out = pathlib.Path(sys.argv[1])
data = np.load("data/digits.npz")
x, v = (data[name].reshape(-1, 64) / 255 for name in ("x_train", "x_val"))
y, t = data["y_train"], data["y_val"]


def start(scale):
    return [rng.normal(0, scale, (64, 32)), np.zeros(32), rng.normal(0, scale, (32, 10)), np.zeros(10)]


def probabilities(net, x):
    scores = np.maximum(x @ net[0] + net[1], 0) @ net[2] + net[3]
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return scores / scores.sum(1, keepdims=True)


def loss(net, x, y):
    return float(-np.log(probabilities(net, x)[np.arange(len(y)), y]).mean())


def gradient(net, x, y):
    hidden = np.maximum(x @ net[0] + net[1], 0)
    d = probabilities(net, x)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    dh = d @ net[2].T * (hidden > 0)
    return [x.T @ dh, dh.sum(0), hidden.T @ d, d.sum(0)]


first_loss = loss(start(0.001), x, y)
net = start(0.1)
gradient_errors = []
for array, exact in zip(net, gradient(net, x[:50], y[:50])):
    worst = 0.0
    for at in rng.choice(array.size, min(20, array.size), replace=False):
        kept = array.flat[at]
        array.flat[at] = kept + 1e-5
        above = loss(net, x[:50], y[:50])
        array.flat[at] = kept - 1e-5
        below = loss(net, x[:50], y[:50])
        array.flat[at] = kept
        slope = (above - below) / 2e-5
        worst = max(worst, abs(slope - exact.flat[at]) / max(1e-4, abs(slope) + abs(exact.flat[at])))
    gradient_errors.append(worst)

train_loss, val_loss = [], []
speed = [np.zeros_like(array) for array in net]
for epoch in range(30):
    order = rng.permutation(len(x))
    for at in range(0, len(x), 50):
        rows = order[at : at + 50]
        for array, velocity, slope in zip(net, speed, gradient(net, x[rows], y[rows])):
            velocity *= 0.9
            velocity -= 0.1 * slope
            array += velocity
    train_loss.append(loss(net, x, y))
    val_loss.append(loss(net, v, t))

said = probabilities(net, v)
metrics = {
    "first_loss": first_loss,
    "gradient_errors": gradient_errors,
    "epochs": list(range(1, 31)),
    "net.train_loss": train_loss,
    "net.val_loss": val_loss,
    "net.val_error": float(np.mean(said.argmax(1) != t)),
}
why = "All ten scores are alike at first, so each class has a probability near a tenth: -ln(1/10) is 2.303."
answers = {"best_epoch": 1 + int(np.argmin(val_loss)), "why_first_loss": why}

for folder in ("predictions", "figures"):
    (out / folder).mkdir(parents=True, exist_ok=True)
(out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
(out / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
rows = "".join(",".join(f"{p:.5f}" for p in row) + "\n" for row in said)
(out / "predictions/net.csv").write_text(",".join(f"p{k}" for k in range(10)) + "\n" + rows)
fig, ax = plt.subplots(figsize=(5, 3.5), dpi=80)
ax.plot(metrics["epochs"], train_loss, label="train")
ax.plot(metrics["epochs"], val_loss, label="validation")
ax.set(xlabel="epoch", ylabel="loss")
ax.legend()
fig.savefig(out / "figures/loss.png", metadata={"Software": None})
