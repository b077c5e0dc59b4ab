"""Predictions of every form, and those that could be meant in two ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mlgrade import RecordError, Submission
from support import write_rubric


def written(sub: Submission, name: str, y_pred: Any, ids: Any = None) -> str:
    path = sub.predictions(name, y_pred, ids=ids)
    assert path == sub.folder / "predictions" / f"{name}.csv"
    return path.read_text(encoding="utf-8")


CLASSES = "predicted\n2\n0\n1\n1\n"


@pytest.mark.parametrize("labels", [[2, 0, 1, 1], (2.0, 0.0, 1.0, 1.0), ["2", "0", " 1", "1"], [[2], [0], [1], [1]]])
def test_classes(sub: Submission, labels: Any) -> None:
    assert written(sub, "improved", labels) == CLASSES


def test_classes_of_libraries(sub: Submission) -> None:
    np = pytest.importorskip("numpy")
    for labels in (np.array([2, 0, 1, 1], "int8"), np.array([2, 0, 1, 1], "float32"), np.array([[2], [0], [1], [1]]), np.array(["2", "0", "1", "1"])):
        assert written(sub, "improved", labels) == CLASSES
    assert written(sub, "improved", [np.int64(2), np.int64(0), np.int64(1), np.int64(1)]) == CLASSES


def test_classes_of_pandas(sub: Submission) -> None:
    pd = pytest.importorskip("pandas")
    names = ["Adelie", "Gentoo", "Chinstrap"]
    for labels in (pd.Series(names), pd.Series(names, dtype="category"), pd.DataFrame({"species": names}), pd.Index(names).to_series(index=range(3))):
        assert written(sub, "species", labels) == "predicted\nAdelie\nGentoo\nChinstrap\n"
    with pytest.raises(RecordError) as error:
        sub.predictions("species", pd.Series(names, index=[17, 3, 5]))
    assert str(error.value) == (
        "the predictions `species` have an index that is not 0, 1, 2, … (it begins `17`, `3` and `5`). If the rows stand in the order of the examples, "
        "hand over y_pred.to_numpy(); if the index names them, say ids=y_pred.index"
    )
    with pytest.raises(RecordError, match="hand over reset_index"):
        sub.predictions("species", pd.DataFrame({"species": names}, index=[17, 3, 5]))


def test_scores(sub: Submission) -> None:
    np = pytest.importorskip("numpy")
    logits = np.array([[0.5, -1, 0.1], [3, 1, 2], [0, 0, 1], [1e-8, 2, 3]], "float32")
    assert written(sub, "improved", logits) == "score_0,score_1,score_2\n0.5,-1.0,0.1\n3.0,1.0,2.0\n0.0,0.0,1.0\n1e-08,2.0,3.0\n"
    assert written(sub, "proba", [0.25, 0.5, 1.0]) == "score\n0.25\n0.5\n1.0\n"
    assert written(sub, "proba", [[0.75, 0.25], [0.5, 0.5], [0, 1]]) == "score_benign,score_malignant\n0.75,0.25\n0.5,0.5\n0,1\n"
    assert written(sub, "mass", [[1, 2], [3, 4], [5, 6]]) == "output_0,output_1\n1,2\n3,4\n5,6\n"


def test_scores_by_the_names_of_columns(sub: Submission) -> None:
    pd = pytest.importorskip("pandas")
    turned = pd.DataFrame({"malignant": [0.25, 0.5, 1.0], "benign": [0.75, 0.5, 0.0]})
    assert written(sub, "proba", turned) == "score_benign,score_malignant\n0.75,0.25\n0.5,0.5\n0.0,1.0\n"
    assert (
        written(sub, "proba", pd.DataFrame([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0]])) == "score_benign,score_malignant\n0.75,0.25\n0.5,0.5\n0.0,1.0\n"
    )
    with pytest.raises(RecordError, match="the columns of `proba` are `a` and `b`; call them as the classes, `benign` and `malignant`, or hand over"):
        sub.predictions("proba", pd.DataFrame({"a": [0.25, 0.5, 1.0], "b": [0.75, 0.5, 0.0]}))


def test_ids(sub: Submission) -> None:
    assert written(sub, "joined", ["benign", "malignant", "benign"], ids=[17, 3, 5]) == "id,predicted\n17,benign\n3,malignant\n5,benign\n"
    assert written(sub, "joined", ["benign"] * 3, ids=["a,b", "c", "d"]) == 'id,predicted\n"a,b",benign\nc,benign\nd,benign\n'
    # Where the rubric has no word for them, they are ids.
    assert written(sub, "mass", [1.5, 2.5, 3.5], ids=[2, 0, 1]) == "id,predicted\n2,1.5\n0,2.5\n1,3.5\n"
    for labels, ids, message in [
        (["benign"] * 3, None, "the rubric finds the rows of `joined` by `id`; say ids=…, the `id` of each row"),
        (["benign"] * 3, [1, 2], "the predictions `joined` have 3 rows and 2 ids; expected one id a row"),
        (["benign"] * 3, [1, 2, 1], "the id '1' is there twice in `joined`; each row has an id of its own"),
        (["benign"] * 3, [1, 2, float("nan")], "row 3 of `joined` is nan; fill or drop missing values first"),
        (["benign"] * 3, 4, "the ids of `joined` are no single column; expected one value for each example"),
    ]:
        with pytest.raises(RecordError) as error:
            sub.predictions("joined", labels, ids=ids)
        assert str(error.value) == message


def test_ids_of_pandas(sub: Submission) -> None:
    pd = pytest.importorskip("pandas")
    labels = ["benign", "malignant", "benign"]
    text = "id,predicted\n17,benign\n3,malignant\n5,benign\n"
    index = pd.Index([17, 3, 5], name="id")
    for given in (pd.Series(labels, index=index), pd.DataFrame({"y": labels}, index=index), pd.DataFrame({"id": [17, 3, 5], "y": labels})):
        assert written(sub, "joined", given) == text
        with pytest.raises(RecordError, match="name their rows already; leave ids=… out"):
            sub.predictions("joined", given, ids=[17, 3, 5])
    assert written(sub, "joined", labels, ids=index) == text
    with pytest.raises(RecordError, match="the predictions `joined` have no column beside `id`"):
        sub.predictions("joined", pd.DataFrame({"id": [1, 2, 3]}))


@pytest.mark.parametrize(
    ("name", "y_pred", "message"),
    [
        ("improved", [0, 1, 2], "the predictions `improved` have 3 rows, but the rubric asks for 4, one for each example"),
        ("improved", [[0.1] * 4] * 3, "the predictions `improved` have 3 rows, but the rubric asks for 4, one for each example; turn it over with .T"),
        ("improved", [], "the predictions `improved` are empty"),
        ("improved", 3, "the predictions `improved` are one value; expected one for each example, or a row of scores"),
        ("improved", [[[1]]] * 4, "the predictions `improved` have shape (4, 1, 1); expected one for each example, or a row of scores"),
        ("improved", [[1, 2]] * 4, "the rows of `improved` have 2 numbers, but there are 3 classes, `0`, `1` and `2`"),
        ("improved", [0, 1, 2, 3], "row 4 of `improved` is 3, which is none of the classes `0`, `1` or `2`; record the names, such as encoder.inverse_transform(y_pred)"),
        ("improved", [0, 1, 0.5, 1], "row 3 of `improved` is 0.5, which is none of the classes `0`, `1` or `2`; record classes, such as y_proba.argmax(axis=1), or a row of scores for each example"),
        ("improved", [0, 1, float("nan"), 1], "row 3 of `improved` is nan; fill or drop missing values first"),
        ("improved", [[0, 1, 2], [0, 1, float("inf")], [0, 1, 2], [0, 1, 2]], "row 2 of `improved` has inf; expected finite numbers"),
        ("improved", ["0", "1", "", "2"], "row 3 of `improved` is empty"),
        ("improved", {"a": 1}, "`improved` is a dict of `a`; record each of its values under a name of its own"),
        ("species", ["Adelie", "Gentoo", "gentoo"], "row 3 of `species` is 'gentoo', which is none of the classes `Adelie`, `Chinstrap` or `Gentoo`; did you mean `Gentoo`?"),
        ("species", [0, 1, 2], "row 1 of `species` is 0, which is none of the classes `Adelie`, `Chinstrap` or `Gentoo`; record the names, such as encoder.inverse_transform(y_pred)"),
        ("species", [True, False, True], "`species` holds truth values, but there are 3 classes, `Adelie`, `Chinstrap` and `Gentoo`; record the class of each row, such as y_proba.argmax(axis=1)"),
        ("proba", ["benign", "malignant", "benign"], "row 1 of `proba` is text, 'benign', but scores are asked for; record predict_proba(X) or the network's outputs"),
        ("proba", [0, 1, 1], "`proba` holds 0 and 1 alone, which are classes, but scores are asked for; record predict_proba(X) or the network's outputs"),
        ("mass", [1.5, None, 2], "`mass` is None, or holds it, where a number belongs; does the function that computed it return its result?"),
    ],
)  # fmt: skip
def test_what_is_refused(sub: Submission, name: str, y_pred: Any, message: str) -> None:
    with pytest.raises(RecordError) as error:
        sub.predictions(name, y_pred)
    assert str(error.value) == message
    assert not (sub.folder / "predictions").exists()


def test_truth_values_are_0_and_1_of_two_classes(place: Path) -> None:
    write_rubric(place, [{"name": "two", "kind": "predictions", "file": "predictions/two.csv", "classes": ["0", "1"]}])
    assert written(Submission(folder=place), "two", [True, False, True, True]) == "predicted\n1\n0\n1\n1\n"


def test_truth_values_are_none_of_three_classes(sub: Submission) -> None:
    with pytest.raises(RecordError, match="`improved` holds truth values, but there are 3 classes, `0`, `1` and `2`; record the class of each row"):
        sub.predictions("improved", [True, False, True, True])


def test_classes_that_are_counted_from_another_number(sub: Submission, place: Path) -> None:
    for labels in ([1, 2, 3, 1], ["1", "2", "3", "1"], [1.0, 2.0, 3.0, 3.0]):
        with pytest.raises(RecordError, match="none of the classes `0`, `1` or `2`; counted from 1. subtract 1"):
            sub.predictions("improved", labels)
    write_rubric(place, [{"name": "digits", "kind": "predictions", "file": "predictions/digits.csv", "classes": ["1", "2", "3"]}])
    with pytest.raises(RecordError, match="; counted from 0. add 1"):
        Submission(folder=place / "other", rubric=place / "hw.student.toml").predictions("digits", [0, 1, 2])


def test_which_column_of_a_frame(sub: Submission, place: Path) -> None:
    pd = pytest.importorskip("pandas")
    with pytest.raises(RecordError) as error:
        sub.predictions("species", pd.DataFrame({"true": ["Adelie"] * 3, "mine": ["Gentoo"] * 3}))
    assert str(error.value) == ('the predictions `species` have 2 columns, `true` and `mine`; which column? Hand over one, such as df["mine"]')
    for frame in ({"y": [0, 1, 2, 0], "a": [0, 1, 2, 0], "b": [0, 1, 2, 1]}, {"y": [0, 1, 2, 0], "mine": [0, 1, 2, 0]}):
        with pytest.raises(RecordError, match="which column"):
            sub.predictions("improved", pd.DataFrame(frame))
    with pytest.raises(RecordError, match="which column"):
        sub.predictions("species", pd.DataFrame([["Adelie", "Gentoo", "Gentoo"]] * 3))
    # An id is no prediction.
    with pytest.raises(RecordError, match="have 2 columns, `a` and `b`; which column"):
        sub.predictions("joined", pd.DataFrame({"id": [1, 2, 3], "a": ["benign"] * 3, "b": ["benign"] * 3}))
    with pytest.raises(RecordError) as error:
        sub.predictions("mass", pd.DataFrame({"height": [1.5, 2, 3], "width": [4, 5, 6]}))
    assert str(error.value) == (
        'the predictions `mass` have 2 columns, `height` and `width`; which column? Hand over one, such as df["width"]; if a row has several values, such '
        'as one for each target, hand over df[["height", "width"]].to_numpy() in their order'
    )
    assert not (sub.folder / "predictions").exists()
    # Plainly scores.
    assert written(sub, "improved", pd.DataFrame({"2": [0.5] * 4, "0": [0.25] * 4, "1": [0.125] * 4})).startswith(
        "score_0,score_1,score_2\n0.25,0.125,0.5\n"
    )


def test_the_order_of_columns(sub: Submission, place: Path) -> None:
    pd = pytest.importorskip("pandas")
    with pytest.raises(RecordError, match="the columns of `proba` are `1` and `0`; call them as the classes"):
        sub.predictions("proba", pd.DataFrame({1: [0.25] * 3, 0: [0.75] * 3}))
    file = {"kind": "predictions", "scores": True}
    write_rubric(
        place,
        [
            {"name": "numbered", "file": "predictions/numbered.csv", "classes": ["1", "0"], **file},
            {"name": "unknown", "file": "predictions/unknown.csv", **file},
        ],
    )
    other = Submission(folder=place / "other", rubric=place / "hw.student.toml")
    assert written(other, "numbered", pd.DataFrame({0: [0.75], 1: [0.25]})) == "score_1,score_0\n0.25,0.75\n"
    for frame in ({1: [0.25], 0: [0.75]}, {"malignant": [0.25], "benign": [0.75]}, {"10": [0.5], "20": [0.5]}):
        with pytest.raises(RecordError, match="in which order are the columns of `unknown`"):
            other.predictions("unknown", pd.DataFrame(frame))
    with pytest.raises(RecordError) as error:
        other.predictions("unknown", pd.DataFrame({"malignant": [0.25], "benign": [0.75]}))
    assert str(error.value) == (
        "in which order are the columns of `unknown`, `malignant` and `benign`? Hand over "
        'df[["benign", "malignant"]].to_numpy() in the order of the classes'
    )
    assert written(other, "unknown", pd.DataFrame([[0.75, 0.25]])) == "output_0,output_1\n0.75,0.25\n"


def test_tensors(sub: Submission) -> None:
    torch = pytest.importorskip("torch")
    logits = torch.tensor([[0.5, -1, 0.1], [3, 1, 2], [0, 0, 1], [1, 2, 3]], requires_grad=True)
    assert written(sub, "improved", logits).splitlines()[1] == "0.5,-1.0,0.1"
    assert written(sub, "improved", logits.argmax(1)) == "predicted\n0\n0\n2\n2\n"
