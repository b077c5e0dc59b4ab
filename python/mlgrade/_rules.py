"""Decision rules: text, or a fitted decision tree of scikit-learn."""

from __future__ import annotations

import importlib
import struct
from collections.abc import Sequence
from typing import Any

from ._errors import RecordError
from ._names import Name
from ._values import plain
from ._words import listed

DEEPEST = 64
"""Splits within splits that are read."""


def text_of(name: Name, rule: Any, feature_names: Sequence[str] | None = None, class_names: Sequence[str] | None = None) -> str:
    """A rule as the grader reads it.

    >>> text_of(Name("r", "rule", "answers.json"), " flipper_length_mm > 206.5 -> Gentoo\\n")
    'flipper_length_mm > 206.5 -> Gentoo'
    """
    if isinstance(rule, str):
        if not rule.strip():
            raise RecordError(f"the rule `{name.name}` is empty; write it as `feature > 1.5 and other <= 2 -> class`")
        return rule.strip()
    if not hasattr(rule, "tree_"):
        fitted = "; fit it first" if hasattr(rule, "fit") and "Tree" in type(rule).__name__ else ""
        raise RecordError(f"the rule `{name.name}` is a {type(rule).__name__}; expected text or a fitted DecisionTreeClassifier{fitted}")
    return _of_tree(name, rule, feature_names, class_names)


def _of_tree(name: Name, tree: Any, feature_names: Sequence[str] | None, class_names: Sequence[str] | None) -> str:
    is_classifier = hasattr(tree, "classes_")
    if not is_classifier and name.of_class is not None:
        raise RecordError(
            f"the rule `{name.name}` is a tree of numbers, but it is to tell the class {name.of_class} from others; fit a DecisionTreeClassifier"
        )
    depth = int(tree.get_depth())
    if depth == 0:
        raise RecordError(f"the rule `{name.name}` is a tree without a split; fit it on more data or allow more depth")
    if depth > DEEPEST:
        raise RecordError(f"the rule `{name.name}` is a tree of depth {depth}, and up to {DEEPEST} are read; set max_depth")
    features = _features(name, tree, feature_names)
    settings = {"feature_names": features, "max_depth": depth, "decimals": _decimals(tree)}
    export_text = importlib.import_module("sklearn.tree").export_text
    if not is_classifier:
        return str(export_text(tree, **settings)).rstrip()
    classes = _classes(name, tree, class_names)
    own = [str(one) for one in tree.classes_]
    text = str(export_text(tree, **settings)).rstrip()
    # Versions before 1.3 do not take the names of classes, so they are put in here. They stand at the end of a line.
    marks = {f"class: {was}": f"class: {now}" for was, now in zip(own, classes)}
    lines = []
    for line in text.splitlines():
        front, mark, was = line.rpartition("class: ")
        lines.append(front + marks[mark + was] if mark and mark + was in marks else line)
    return "\n".join(lines)


def _features(name: Name, tree: Any, feature_names: Sequence[str] | None) -> list[str]:
    known = feature_names if feature_names is not None else getattr(tree, "feature_names_in_", None)
    width = int(tree.n_features_in_)
    if known is None:
        raise RecordError(
            f"the rule `{name.name}`: the tree does not know what its {width} features are called; say feature_names=[…], such as list(X.columns)"
        )
    features = [str(one) for one in plain(known, name.name, words=True)]
    if len(features) != width:
        raise RecordError(f"the rule `{name.name}`: there are {len(features)} feature_names, but the tree has {width} features")
    return features


def _classes(name: Name, tree: Any, class_names: Sequence[str] | None) -> list[str]:
    own = plain(tree.classes_, name.name, words=True)
    if class_names is None:
        classes = [str(one) for one in own]
        # Numbers may stand for the classes in any order. True and False are read as the class and the others.
        if any(isinstance(one, (int, float)) and not isinstance(one, bool) for one in own):
            raise RecordError(
                f"the rule `{name.name}`: the tree's classes are numbers, {listed(classes)}; say class_names=[…], their names in this order, or fit it on the names"
            )
    else:
        classes = [str(one) for one in plain(class_names, name.name, words=True)]
        if len(classes) != len(own):
            raise RecordError(f"the rule `{name.name}`: there are {len(classes)} class_names, but the tree has {len(own)} classes, {listed(own)}")
    wanted = name.of_class
    is_truth = {one.lower() for one in classes} <= {"true", "false"}
    if wanted is not None and not is_truth and wanted.lower() not in [one.lower() for one in classes]:
        raise RecordError(
            f"the rule `{name.name}` is to tell {wanted} from others, but the tree's classes are {listed(classes)}; name that class {wanted}"
        )
    return classes


def _decimals(tree: Any) -> int:
    """As many decimals as the thresholds have in single precision, in which scikit-learn keeps the features."""
    splits = [float(threshold) for threshold, feature in zip(tree.tree_.threshold, tree.tree_.feature) if feature >= 0]

    def is_kept(threshold: float, decimals: int) -> bool:
        return struct.pack("f", round(threshold, decimals)) == struct.pack("f", threshold)

    return next((decimals for decimals in range(2, 17) if all(is_kept(one, decimals) for one in splits)), 17)
