"""Answers and rules."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mlgrade import RecordError, Submission, UnknownName


def stated(sub: Submission) -> Any:
    return json.loads((sub.folder / "answers.json").read_text(encoding="utf-8"))


def test_answers(sub: Submission) -> None:
    sub.answer("why", "  Because small trees suffice – so.\n")
    sub.answer("best_depth", 4)
    sub.answer("boosted_size", "smaller")
    sub.answer("true_ones", ["a", "c"])
    sub.answer("true_ones", "b")
    assert stated(sub) == {"best_depth": 4, "boosted_size": "smaller", "true_ones": ["b"], "why": "Because small trees suffice – so."}
    assert list(stated(sub)) == ["best_depth", "boosted_size", "true_ones", "why"]


def test_answers_of_numpy(sub: Submission) -> None:
    np = pytest.importorskip("numpy")
    sub.answer("best_depth", np.array([2, 4, 8])[np.argmin([3, 1, 2])])
    sub.answer("true_ones", np.array(["a", "b"]))
    assert stated(sub) == {"best_depth": 4, "true_ones": ["a", "b"]}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("boosted_size", "smalle", "`boosted_size`: 'smalle' is none of the choices `smaller` or `larger`; did you mean `smaller`?"),
        ("boosted_size", "deep", "`boosted_size`: 'deep' is none of the choices `smaller` or `larger`"),
        ("boosted_size", ["smaller"], "`boosted_size` takes one answer, but a list of 1 was found; record one of them"),
        ("boosted_size", True, "`boosted_size`: True is none of the choices `smaller` or `larger`"),
        ("true_ones", ["a", "a"], "`true_ones`: 'a' is in the list twice; name each choice once"),
        ("true_ones", [], "`true_ones`: the list is empty; name the choices that are true, of `a`, `b` and `c`"),
        ("true_ones", ["a", "d"], "`true_ones`: 'd' is none of the choices `a`, `b` or `c`"),
        ("true_ones", {"a", "b"}, "`true_ones` is a set, which has no order; make it a list in the order that is meant"),
        ("best_depth", True, "`best_depth` is True; answer in words or with a number"),
        ("best_depth", float("nan"), "`best_depth` is nan, but a finite number or words are expected"),
        ("best_depth", "  ", "`best_depth` is empty; write the answer"),
        ("best_depth", None, "`best_depth` is None, or holds it, where a number belongs; does the function that computed it return its result?"),
        ("why", 4, "`why` asks for words, but the number 4 was found; write a sentence"),
        ("why", "x" * 50_001, "`why` has 50001 bytes, more than the 50000 that are read; shorten it"),
    ],
)
def test_what_is_refused(sub: Submission, name: str, value: Any, message: str) -> None:
    with pytest.raises(RecordError) as error:
        sub.answer(name, value)
    assert str(error.value) == message
    assert not sub.folder.exists()


def test_names(sub: Submission) -> None:
    with pytest.raises(UnknownName, match='`gentoo_rule` is a rule: write sub.rule\\("gentoo_rule", …\\)'):
        sub.answer("gentoo_rule", "x")
    with pytest.raises(UnknownName, match="the rubric asks for no `best_dept`; did you mean `best_depth`?"):
        sub.answer("best_dept", 1)


class TestRules:
    """Rules as text and as trees."""

    def test_text(self, sub: Submission) -> None:
        sub.rule("gentoo_rule", "\nflipper_length_mm > 206.5 -> Gentoo ")
        assert stated(sub) == {"gentoo_rule": "flipper_length_mm > 206.5 -> Gentoo"}
        for rule, message in [
            (" ", "the rule `gentoo_rule` is empty; write it as `feature > 1.5 and other <= 2 -> class`"),
            (4, "the rule `gentoo_rule` is a int; expected text or a fitted DecisionTreeClassifier"),
        ]:
            with pytest.raises(RecordError) as error:
                sub.rule("gentoo_rule", rule)
            assert str(error.value) == message

    def test_a_tree(self, sub: Submission) -> None:
        tree = pytest.importorskip("sklearn.tree")
        clf = tree.DecisionTreeClassifier(max_depth=2, random_state=0)
        with pytest.raises(RecordError, match="is a DecisionTreeClassifier; expected text or a fitted DecisionTreeClassifier; fit it first"):
            sub.rule("gentoo_rule", clf)
        rows = [[1.0, 5], [2, 5], [3, 5], [3.5, 5]]
        clf.fit(rows, ["Adelie", "Gentoo", "Gentoo", "Gentoo"])
        with pytest.raises(RecordError, match="the tree does not know what its 2 features are called; say feature_names="):
            sub.rule("gentoo_rule", clf)
        with pytest.raises(RecordError, match="there are 1 feature_names, but the tree has 2 features"):
            sub.rule("gentoo_rule", clf, feature_names=["a"])
        sub.rule("gentoo_rule", clf, feature_names=["flipper", "bill"])
        text = stated(sub)["gentoo_rule"]
        assert text.splitlines()[0] == "|--- flipper <= 1.50" and "class: Gentoo" in text

    def test_a_tree_of_numbers(self, sub: Submission) -> None:
        tree = pytest.importorskip("sklearn.tree")
        clf = tree.DecisionTreeClassifier(random_state=0).fit([[1], [2], [3]], [0, 1, 2])
        with pytest.raises(RecordError) as error:
            sub.rule("gentoo_rule", clf, ["flipper"])
        assert str(error.value) == (
            "the rule `gentoo_rule`: the tree's classes are numbers, `0`, `1` and `2`; say class_names=[…], their names in this order, or fit it on the names"
        )
        with pytest.raises(RecordError, match="there are 2 class_names, but the tree has 3 classes"):
            sub.rule("gentoo_rule", clf, ["flipper"], ["a", "b"])
        with pytest.raises(RecordError, match="is to tell Gentoo from others, but the tree's classes are `a`, `b` and `c`; name that class Gentoo"):
            sub.rule("gentoo_rule", clf, ["flipper"], ["a", "b", "c"])
        sub.rule("gentoo_rule", clf, ["flipper"], ["Adelie", "Chinstrap", "Gentoo"])
        leaves = [line.split("class: ")[1] for line in stated(sub)["gentoo_rule"].splitlines() if "class: " in line]
        assert leaves == ["Adelie", "Chinstrap", "Gentoo"]

    def test_true_and_false(self, sub: Submission) -> None:
        tree = pytest.importorskip("sklearn.tree")
        clf = tree.DecisionTreeClassifier().fit([[1], [2]], [True, False])
        sub.rule("gentoo_rule", clf, ["flipper"])
        assert "class: True" in stated(sub)["gentoo_rule"]

    def test_feature_names_of_a_frame(self, sub: Submission) -> None:
        tree = pytest.importorskip("sklearn.tree")
        pd = pytest.importorskip("pandas")
        clf = tree.DecisionTreeClassifier().fit(pd.DataFrame({"flipper_length_mm": [1.0, 2.0]}), ["Gentoo", "Adelie"])
        sub.rule("gentoo_rule", clf)
        assert stated(sub)["gentoo_rule"].startswith("|--- flipper_length_mm <= 1.50")

    def test_deep_trees_and_small_thresholds(self, sub: Submission) -> None:
        tree = pytest.importorskip("sklearn.tree")
        rows = [[at * 1e-6] for at in range(40)]
        clf = tree.DecisionTreeClassifier(random_state=0).fit(rows, ["Gentoo", "Adelie"] * 20)
        sub.rule("gentoo_rule", clf, ["x"])
        text = stated(sub)["gentoo_rule"]
        # No branch is cut off, and thresholds keep their digits.
        assert "truncated" not in text and text.count("class: ") == 40
        assert len({line.split("<= ")[1] for line in text.splitlines() if "<= " in line}) == 39

    def test_what_is_no_rule(self, sub: Submission) -> None:
        tree = pytest.importorskip("sklearn.tree")
        with pytest.raises(RecordError, match="is a tree without a split"):
            sub.rule("gentoo_rule", tree.DecisionTreeClassifier().fit([[1], [2]], ["Gentoo", "Gentoo"]), ["x"])
        with pytest.raises(RecordError, match="is a tree of numbers, but it is to tell the class Gentoo from others; fit a DecisionTreeClassifier"):
            sub.rule("gentoo_rule", tree.DecisionTreeRegressor().fit([[1], [2]], [0.0, 1.0]), ["x"])
