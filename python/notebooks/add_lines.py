"""Inserts the lines into a notebook that hand in its results with mlgrade's recorder.

usage: add_lines.py pytorch.ipynb [OUT]      (default: it prints the cells that change)

Nothing in a notebook is replaced: each line goes behind one that is there.
"""

import json
import os
import sys

# For each notebook: the line that is there, and those that go behind it.
LINES = {
    "pytorch": [
        ("from torch import nn", ["from mlgrade import Submission"]),
        ("torch.manual_seed(0)", ['sub = Submission("pytorch.student.toml")']),
        (
            'print("best learning rate:", best_lr)',
            [
                'sub["sweep.val_error"] = val_errors',
                'sub.answer("best_lr", best_lr)',
                'sub.answer("why_small", "Each step changes the weights so little that 10 epochs are not enough: it still underfits.")',
            ],
        ),
        ("    val_losses.append(val_loss)", ['    sub.log("mlp", train_loss=train_loss, val_loss=val_loss, epoch=epoch)']),
        ("ax.legend()", ['sub.figure("loss", fig)']),
        (
            'print("validation error:", (y_pred != y_val).float().mean().item())',
            [
                'sub["mlp.val_error"] = val_error',
                'sub.predictions("mlp", y_pred)',
                'sub.network("mlp", model, x_val[:1])',
                'sub.answer("loss_gap", "above")',
                "sub.check()",
            ],
        ),
    ],
    "keras": [
        ("from keras import layers", ["from mlgrade import Submission"]),
        ("keras.utils.set_random_seed(1)", ['sub = Submission("keras.student.toml")']),
        (
            'print("least validation loss after epoch", best_epoch)',
            [
                'for name in ["loss", "accuracy"]:',
                '    sub[f"cnn.train_{name}"], sub[f"cnn.val_{name}"] = history.history[name], history.history[f"val_{name}"]',
                'sub.answer("best_epoch", best_epoch)',
            ],
        ),
        ("fig.tight_layout()", ['sub.figure("accuracy", fig)']),
        (
            'print(f"validation accuracy: {accuracy:.3f}")',
            [
                'sub["cnn.accuracy"] = accuracy',
                'sub.predictions("cnn", probabilities)',
                'sub.answer("dropout_phase", "training")',
                'sub.answer("why_lower", "It is measured with dropout on, and as a mean over the epoch, while the network is still learning.")',
                "sub.check()",
            ],
        ),
    ],
    "scikit-learn": [
        ("from sklearn.tree import DecisionTreeClassifier, plot_tree", ["from mlgrade import Submission"]),
        ('X, y = df[features], df["species"]', ['sub = Submission("scikit-learn.student.toml")']),
        ("    cv_errors.append(cv_error)", ['    sub.log("tree", train_error=train_error, cv_error=cv_error, epoch=depth)']),
        ("ax.legend()", ['sub.figure("depth", fig)']),
        (
            'print("best depth:", best_depth)',
            ['sub.answer("best_depth", best_depth)', 'sub.answer("why_depth", "Deep trees learn single penguins by heart: that is variance.")'],
        ),
        ('print(scores.round(3), "mean", scores.mean().round(4))', ['sub["forest.fold_accuracy"] = scores']),
        (
            'print("accuracy:", accuracy_score(y, y_pred))',
            ['sub["forest.accuracy"] = accuracy_score(y, y_pred)', 'sub.predictions("forest", y_pred)', 'sub.answer("clearest_species", "Gentoo")'],
        ),
        ('print("right on", small.score(X, y == "Gentoo"))', ['sub.rule("gentoo_rule", small, feature_names=features)', "sub.check()"]),
    ],
}


def with_lines(notebook, name):
    """The notebook with the lines of that name, and how many they are."""
    added = 0
    for anchor, lines in LINES[name]:
        found = []
        for cell in notebook["cells"]:
            text = "".join(cell["source"]).split("\n")
            found += [(cell, text, at) for at, line in enumerate(text) if cell["cell_type"] == "code" and line == anchor]
        if len(found) != 1:
            raise SystemExit(f"{name}: the line {anchor!r} is there {len(found)} times")
        cell, text, at = found[0]
        cell["source"] = "\n".join(text[: at + 1] + lines + text[at + 1 :])
        added += len(lines)
    return notebook, added


def main():
    name = os.path.basename(sys.argv[1]).removesuffix(".ipynb")
    with open(sys.argv[1], encoding="utf-8") as f:
        notebook, added = with_lines(json.load(f), name)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as f:
            json.dump(notebook, f, ensure_ascii=False, indent=1)
        return
    for cell in notebook["cells"]:
        if "sub" in cell["source"] and cell["cell_type"] == "code":
            print("".join(cell["source"]), end="\n\n")
    print(f"# {added} lines were added")


if __name__ == "__main__":
    main()
