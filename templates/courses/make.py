"""Makes the data, the reference solutions and the example submissions of these courses: python make.py

The data are scikit-learn's copies of public data sets; each DATA.md tells origin, licence and SHA-256. A reference solution is what
reference/solution.py writes; the example submission is made here, in another way: other seeds, other libraries, rounded numbers.
Made with scikit-learn 1.9.1, NumPy 2.4.6 and Matplotlib 3.11.2.
"""
import csv
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import confusion_matrix, log_loss
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

HERE = pathlib.Path(__file__).parent


def write(path, head, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def table(path):
    with open(path) as file:
        return list(csv.DictReader(file))


def columns(path, names=None, without=()):
    rows = table(path)
    names = names or [name for name in rows[0] if name not in without]
    return np.array([[float(row[name]) for name in names] for row in rows])


def plain(value):
    return round(float(value), 6)


def hand_in(course, metrics, answers, predictions):
    folder = HERE / course / "submissions/example"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "predictions").mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    (folder / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
    for name, (head, rows) in predictions.items():
        write(folder / f"predictions/{name}.csv", head, rows)
    return folder


def solve(course):
    folder = HERE / course / "reference/solution"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([sys.executable, "reference/solution.py", "reference/solution"], cwd=HERE / course, check=True)
    metrics = json.loads((folder / "metrics.json").read_text())
    print(course, {name: value for name, value in metrics.items() if not isinstance(value, list)})


def competition():
    here = HERE / "competition"
    data = load_breast_cancer()
    names = [name.replace(" ", "_") for name in data.feature_names[:10]]
    order = np.random.default_rng(11).permutation(569)
    ids = np.random.default_rng(12).permutation(np.arange(1001, 1001 + 569))
    x, malignant = data.data[order][:, :10], 1 - data.target[order]
    word = ["benign", "malignant"]
    rows = [[int(i), *map(float, r)] for i, r in zip(ids, x)]
    write(here / "data/train.csv", ["id", *names, "diagnosis"], [[*r, word[m]] for r, m in zip(rows[:400], malignant)])
    write(here / "data/test.csv", ["id", *names], rows[400:])
    split = ["public" if i < 60 else "private" for i in range(169)]
    write(here / "hidden/answers.csv", ["id", "diagnosis", "split"], [[r[0], word[m], s] for r, m, s in zip(rows[400:], malignant[400:], split)])
    solve("competition")
    # A student: a random forest with a logistic regression, rows in another order.
    train, y = columns(here / "data/train.csv", names), malignant[:400]
    test = columns(here / "data/test.csv", names)
    logistic = make_pipeline(StandardScaler(), LogisticRegression(C=2))
    forest = RandomForestClassifier(300, random_state=5)
    p = np.mean([model.fit(train, y).predict_proba(test)[:, 1] for model in (logistic, forest)], axis=0)
    scores = cross_val_score(logistic, train, y, cv=10, scoring="roc_auc")
    rows = sorted(zip([r["id"] for r in table(here / "data/test.csv")], p.round(4)))
    hand_in(
        "competition",
        {"cv.auc": round(float(scores.mean()), 3)},
        {"approach": "I compared a logistic regression and a random forest by ten-fold cross-validation on the training rows and averaged the two."},
        {"tumours": (["id", "prediction"], [[i, float(q)] for i, q in rows])},
    )


def regression():
    here = HERE / "regression"
    data = load_diabetes(scaled=False)
    order = np.random.default_rng(21).permutation(442)
    rows = [[*map(float, r), int(t)] for r, t in zip(data.data[order].round(4), data.target[order])]
    head = [*data.feature_names, "progression"]
    write(here / "data/train.csv", head, rows[:300])
    write(here / "data/valid.csv", head, rows[300:])
    solve("regression")
    # A student: scikit-learn, and numbers with four digits.
    x, v = (columns(here / f"data/{name}.csv", without=["progression"]) for name in ("train", "valid"))
    y, t = (columns(here / f"data/{name}.csv", ["progression"])[:, 0] for name in ("train", "valid"))
    scale = StandardScaler().fit(x)
    x, v = scale.transform(x), scale.transform(v)
    rmse = lambda model, x, y: float(np.sqrt(np.mean((model.predict(x) - y) ** 2)))
    least = LinearRegression().fit(x, y)
    alphas = [0.1, 1, 10, 100, 1000]
    models = [Ridge(alpha=a).fit(x, y) for a in alphas]
    best = min(models, key=lambda model: rmse(model, v, t))
    short = lambda value: float(f"{value:.4g}")
    metrics = {
        "theta": [short(value) for value in (least.intercept_, *least.coef_)],
        "least_squares.train_rmse": short(rmse(least, x, y)),
        "least_squares.valid_rmse": short(rmse(least, v, t)),
        "ridge.alphas": alphas,
        "ridge.train_rmse": [short(rmse(model, x, y)) for model in models],
        "ridge.valid_rmse": [short(rmse(model, v, t)) for model in models],
        "best.valid_rmse": short(rmse(best, v, t)),
    }
    answers = {
        "best_alpha": best.alpha,
        "why_ridge": "Several columns, such as s1 and s2, go together, so least squares gives them large weights of opposite signs. The penalty keeps them small.",
    }
    folder = hand_in("regression", metrics, answers, {"best": (["progression"], [[plain(q)] for q in best.predict(v)])})
    fig, ax = plt.subplots(figsize=(5, 3.5), dpi=80)
    ax.semilogx(alphas, metrics["ridge.train_rmse"], "o--", label="train")
    ax.semilogx(alphas, metrics["ridge.valid_rmse"], "s-", label="validation")
    ax.set(xlabel="alpha", ylabel="RMSE", title="Ridge regression")
    ax.legend()
    (folder / "figures").mkdir()
    fig.savefig(folder / "figures/ridge.png", metadata={"Software": None})


def classification():
    here = HERE / "classification"
    data = load_wine()
    order = np.random.default_rng(31).permutation(178)
    names = [name.replace("/", "_") for name in data.feature_names]
    rows = [[*map(float, r), "ABC"[t]] for r, t in zip(data.data[order], data.target[order])]
    write(here / "data/train.csv", [*names, "cultivar"], rows[:110])
    write(here / "data/valid.csv", [*names, "cultivar"], rows[110:])
    solve("classification")
    # A student: other settings of the same four classifiers, and a rule by eye.
    x, v = (columns(here / f"data/{name}.csv", names) for name in ("train", "valid"))
    y, t = ([r["cultivar"] for r in table(here / f"data/{name}.csv")] for name in ("train", "valid"))
    models = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(C=3, max_iter=500)),
        "knn": make_pipeline(StandardScaler(), KNeighborsClassifier(7)),
        "tree": DecisionTreeClassifier(random_state=8),
        "bayes": GaussianNB(),
    }
    metrics = {f"{name}.accuracy": round(model.fit(x, y).score(v, t), 3) for name, model in models.items()}
    best = max(models, key=lambda name: metrics[f"{name}.accuracy"])
    said = models[best].predict(v)
    depths = [1, 2, 3, 4, 5]
    trees = [DecisionTreeClassifier(max_depth=d, random_state=8).fit(x, y) for d in depths]
    metrics |= {
        "best.accuracy": float(np.mean(said == t)),
        "best.confusion": confusion_matrix(t, said).tolist(),
        "tree.depths": depths,
        "tree.train_accuracy": [round(tree.score(x, y), 4) for tree in trees],
        "tree.valid_accuracy": [round(tree.score(v, t), 4) for tree in trees],
    }
    answers = {
        "best_classifier": best,
        "rule_for_c": "flavanoids < 1.6 and color_intensity > 3.6 -> C",
        "why_scale": "Nearest neighbours go by distances. Without scaling proline, which is in the hundreds, decides almost alone.",
    }
    folder = hand_in("classification", metrics, answers, {"best": (["cultivar"], [[s] for s in said])})
    fig, ax = plt.subplots(figsize=(5, 3.5), dpi=80)
    ax.plot(depths, metrics["tree.train_accuracy"], "o-", label="train accuracy")
    ax.plot(depths, metrics["tree.valid_accuracy"], "x--", label="valid accuracy")
    ax.set(xlabel="depth", ylabel="accuracy", xticks=depths)
    ax.legend()
    (folder / "figures").mkdir()
    fig.savefig(folder / "figures/depth.png", metadata={"Software": None})


def deep_learning():
    here = HERE / "deep-learning"
    data = load_digits()
    order = np.random.default_rng(41).permutation(1797)[:1400]
    images = np.minimum(data.images[order] * 16, 255).astype(np.uint8)
    labels = data.target[order].astype(np.uint8)
    (here / "data").mkdir(parents=True, exist_ok=True)
    np.savez_compressed(here / "data/digits.npz", x_train=images[:1000], y_train=labels[:1000], x_val=images[1000:], y_val=labels[1000:])
    solve("deep-learning")
    # A student: scikit-learn's network, another size and optimiser.
    x, v = images[:1000].reshape(-1, 64) / 255, images[1000:].reshape(-1, 64) / 255
    y, t = labels[:1000], labels[1000:]
    net = MLPClassifier((40,), solver="adam", learning_rate_init=0.004, batch_size=32, random_state=3, alpha=0)
    train_loss, val_loss, val_error = [], [], []
    for _ in range(30):
        net.partial_fit(x, y, classes=np.arange(10))
        train_loss.append(round(log_loss(y, net.predict_proba(x)), 4))
        val_loss.append(round(log_loss(t, net.predict_proba(v)), 4))
        val_error.append(float(np.mean(net.predict(v) != t)))
    metrics = {
        "first_loss": 2.324,
        "gradient_errors": [2.1e-08, 4.4e-10, 7.9e-09, 3.0e-11],
        "epochs": list(range(1, 31)),
        "net.train_loss": train_loss,
        "net.val_loss": val_loss,
        "net.val_error": val_error[-1],
    }
    answers = {
        "best_epoch": 1 + int(np.argmin(val_loss)),
        "why_first_loss": "With small weights all ten classes have a probability near a tenth, and -ln 0.1 is 2.303.",
    }
    p = net.predict_proba(v)
    folder = hand_in("deep-learning", metrics, answers, {"net": ([f"p{k}" for k in range(10)], [[float(f"{q:.5f}") for q in row] for row in p])})
    fig, ax = plt.subplots(figsize=(5, 3.5), dpi=80)
    ax.plot(metrics["epochs"], train_loss, label="training")
    ax.plot(metrics["epochs"], val_loss, label="validation")
    ax.set(xlabel="epoch", ylabel="cross-entropy")
    ax.legend()
    (folder / "figures").mkdir()
    fig.savefig(folder / "figures/loss.png", metadata={"Software": None})


for course in (competition, regression, classification, deep_learning):
    course()
for path in sorted(HERE.glob("*/data/*")) + sorted(HERE.glob("*/hidden/*")):
    print(hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size, path.relative_to(HERE))
