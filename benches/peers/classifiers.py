"""Seven classifiers side by side with scikit-learn: 10-fold on the penguins, and on 4,000 + 1,000 digits.

usage: classifiers.py DATA SEED OUT
"""
import os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import figure, hand_in, idx

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def models():
    """Fresh classifiers, by the names of the metrics."""
    return {
        "knn": KNeighborsClassifier(5),
        "bayes": GaussianNB(),
        "svm": LinearSVC(C=1.0, random_state=seed),
        "tree": DecisionTreeClassifier(random_state=seed),
        "forest": RandomForestClassifier(100, n_jobs=2, random_state=seed),
        "logistic": LogisticRegression(C=1.0, max_iter=1000),
        "mlp": MLPClassifier((100,), max_iter=1000, random_state=seed),
    }


def bars(prefix, accuracies, title):
    names = sorted(accuracies, key=accuracies.get)
    plt.barh(names, [accuracies[name] for name in names])
    plt.xlabel("accuracy (fraction)")
    plt.title(title)
    plt.xlim(0, 1)
    figure(out, prefix + "-classifiers", plt)


def best(accuracies):
    return max(accuracies, key=accuracies.get)


# penguins: four measurements, island and sex one-hot, standardised by the training rows of each fold
table = pd.read_csv(os.path.join(data, "penguins.csv")).dropna()
x = pd.get_dummies(table.drop(columns=["species", "year"])).to_numpy(float)
folds = StratifiedKFold(10, shuffle=True, random_state=seed)
penguins = {name: float(cross_val_score(make_pipeline(StandardScaler(), model), x, table.species, cv=folds).mean()) for name, model in models().items()}
raw = float(cross_val_score(KNeighborsClassifier(5), x, table.species, cv=folds).mean())  # not standardised
bars("penguins", penguins, "Penguins: accuracy, mean of ten folds")

# digits: the first 4,000 training and the first 1,000 validation images, pixels from 0 to 1
image = lambda name, count: idx(data, name)[:count].reshape(count, -1) / 255.0
label = lambda name, count: idx(data, name)[:count].astype(int)
x_train, y_train = image("train-images-idx3-ubyte", 4000), label("train-labels-idx1-ubyte", 4000)
x_val, y_val = image("t10k-images-idx3-ubyte", 1000), label("t10k-labels-idx1-ubyte", 1000)
digits = {name: float(model.fit(x_train, y_train).score(x_val, y_val)) for name, model in models().items()}
bars("digits", digits, "4,000 digits: accuracy on 1,000 others")

metrics = {f"penguins.{name}": value for name, value in penguins.items()} | {f"digits.{name}": value for name, value in digits.items()} | {"penguins.knn_raw": raw}
worst = lambda accuracies: min(accuracies, key=accuracies.get)
answers = {"penguins_best": best(penguins), "penguins_worst": worst(penguins), "digits_best": best(digits), "digits_worst": worst(digits)}
hand_in(out, metrics, answers)
