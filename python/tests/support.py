"""A rubric's names and a command that tells them, for tests and for the examples in docstrings."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

VALUES = "metrics.json"
NAMES: list[dict[str, Any]] = [
    {"name": "tree.val_rmse", "kind": "series", "file": VALUES, "items": ["trees/numbers"], "length": 3},
    {"name": "depths", "kind": "series", "file": VALUES, "items": ["trees/plot"], "length": 3},
    {
        "name": "trees",
        "kind": "figure",
        "file": "figures/trees.png",
        "items": ["trees/plot"],
        "shows": ["tree.val_rmse"],
        "x": "depths",
        "labelled": ["x", "y", "legend"],
    },
    {"name": "best_depth", "kind": "answer", "file": "answers.json", "items": ["trees/best-depth"]},
    {"name": "boosted_size", "kind": "answer", "file": "answers.json", "items": ["trees/size"], "choices": ["smaller", "larger"], "several": False},
    {"name": "true_ones", "kind": "answer", "file": "answers.json", "items": ["trees/true"], "choices": ["a", "b", "c"], "several": True},
    {"name": "why", "kind": "text", "file": "answers.json", "items": ["trees/why"]},
    {"name": "mlp.lr0.1.train_loss", "kind": "series", "file": VALUES, "items": ["mnist/losses"], "length": 3},
    {"name": "mlp.lr0.1.val_loss", "kind": "series", "file": VALUES, "items": ["mnist/losses"], "length": 3},
    {"name": "improved.val_loss", "kind": "series", "file": VALUES, "items": ["mnist/improved"]},
    {"name": "improved.val_error", "kind": "number", "file": VALUES, "items": ["mnist/error"], "unit": "fraction", "meaning": "Its error"},
    {"name": "share", "kind": "number", "file": VALUES, "items": ["mnist/error"], "unit": "percent"},
    {"name": "w", "kind": "array", "file": VALUES, "items": ["mnist/weights"], "shape": [2, 3]},
    {"name": "u", "kind": "array", "file": VALUES, "items": ["mnist/weights"], "shape": [None, 2]},
    {"name": "x", "kind": "value", "file": VALUES, "items": ["mnist/x"], "optional": True},
    {"name": "improved", "kind": "predictions", "file": "predictions/improved.csv", "items": ["mnist/real"], "rows": 4, "classes": ["0", "1", "2"]},
    # The same, asked for as a file: it is recorded as predictions.
    {"name": "predictions/improved.csv", "kind": "file", "file": "predictions/improved.csv", "items": ["mnist/there"]},
    {"name": "predictions/improved.npy", "kind": "file", "file": "predictions/improved.npy", "items": ["mnist/there"], "optional": True},
    {"name": "improved", "kind": "figure", "file": "figures/improved.png", "items": ["mnist/plot"]},
    {"name": "improved", "kind": "network", "file": "networks/improved.onnx", "items": ["mnist/network"]},
    {
        "name": "species",
        "kind": "predictions",
        "file": "predictions/species.csv",
        "items": ["penguins/species"],
        "rows": 3,
        "classes": ["Adelie", "Chinstrap", "Gentoo"],
    },
    {"name": "proba", "kind": "predictions", "file": "predictions/proba.csv", "rows": 3, "classes": ["benign", "malignant"], "scores": True},
    {"name": "joined", "kind": "predictions", "file": "predictions/joined.csv", "rows": 3, "join": "id", "classes": ["benign", "malignant"]},
    {"name": "mass", "kind": "predictions", "file": "predictions/mass.csv", "rows": 3},
    {"name": "gentoo_rule", "kind": "rule", "file": "answers.json", "items": ["penguins/rule"], "data": "penguins", "class": "Gentoo"},
    {"name": "src/train.py", "kind": "file", "file": "src/train.py", "items": ["penguins/code"]},
    {"name": "notebook", "kind": "notebook", "file": "notebook.ipynb", "items": ["penguins/notebook"], "optional": True},
]
PARTS = [{"id": "trees", "title": "Trees"}, {"id": "mnist", "title": "MNIST"}, {"id": "penguins", "title": "Penguins & friends"}]


def told(names: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What `mlgrade explain --rubric FILE --json` prints."""
    parts = [{**part, "items": []} for part in PARTS]
    return {"schema": 1, "rubric": "hw", "title": "Homework", "parts": parts, "names": NAMES if names is None else names}


def write_rubric(folder: Path, names: list[dict[str, Any]] | None = None) -> Path:
    """A file that the stand-in takes for a rubric."""
    path = folder / "hw.student.toml"
    path.write_text(json.dumps(told(names)), encoding="utf-8")
    return path


def write_command(folder: Path) -> Path:
    """The stand-in as a command, run by this Python."""
    path = folder / "mlgrade-stand-in"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "stand_in.py"}" "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path
