"""Every type of number that students have, and what is none."""

from __future__ import annotations

import decimal
import fractions
import json
from pathlib import Path
from typing import Any

import pytest
from mlgrade import NotRecorded, RecordError, Submission, UnknownName
from mlgrade._values import plain, shortest
from support import write_rubric


class Tensor:
    """What is used here of a tensor of PyTorch's that needs a gradient and lies on a device."""

    def __init__(self, values: Any, kind: str = "float32", needs_grad: bool = True, device: str = "cuda:0") -> None:
        self.values, self.dtype, self.needs_grad, self.device = values, f"torch.{kind}", needs_grad, device

    def detach(self) -> Tensor:
        return Tensor(self.values, self.dtype[6:], False, self.device)

    def cpu(self) -> Tensor:
        return Tensor(self.values, self.dtype[6:], self.needs_grad, "cpu")

    def tolist(self) -> Any:
        assert not self.needs_grad and self.device == "cpu"
        return self.values


class Eager:
    """What is used here of a tensor of TensorFlow's."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def numpy(self) -> Any:
        return self.inner


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (3, 3),
        (0.1, 0.1),
        (fractions.Fraction(1, 4), 0.25),
        (decimal.Decimal("0.5"), 0.5),
        ((1, 2.5), [1, 2.5]),
        (range(3), [0, 1, 2]),
        ({"a": 1, "b": 2}.values(), [1, 2]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        (Tensor(0.10000000149011612), 0.1),
        (Tensor([0.10000000149011612, 1.0]), [0.1, 1.0]),
        (Tensor([3, 4], "int64"), [3, 4]),
        (Tensor(0.10009765625, "bfloat16"), 0.100097656),
        ([Tensor(0.5), Tensor(0.25)], [0.5, 0.25]),
        (Eager(0.5), 0.5),
    ],
)
def test_python_and_tensors(value: Any, found: Any) -> None:
    assert plain(value, "x") == found
    assert type(plain(value, "x")) is type(found)


def test_numpy() -> None:
    np = pytest.importorskip("numpy")
    assert plain(np.float64(0.1), "x") == 0.1
    assert plain(np.float32(0.1), "x") == 0.1
    assert repr(plain(np.float32(1) / np.float32(3), "x")) == str(np.float32(1) / np.float32(3))
    assert plain(np.float16(0.1), "x") == 0.1
    assert plain(np.arange(3), "x") == [0, 1, 2]
    assert type(plain(np.int8(3), "x")) is int
    assert plain(np.uint64(2**64 - 1), "x") == 2**64 - 1
    assert plain(np.longdouble("0.5"), "x") == 0.5
    assert plain(np.array([np.float32(0.1)], dtype=object), "x") == [0.1]
    assert plain(np.zeros((2, 3), "float32"), "x") == [[0.0] * 3] * 2
    assert plain(np.ma.array([1.5, 2.5], mask=[0, 0]), "x") == [1.5, 2.5]
    assert plain([np.array(1.5), np.float32(0.1)], "x") == [1.5, 0.1]
    assert plain(Eager(np.float32(0.1)), "x") == 0.1
    for value, message in [
        (np.bool_(True), "`x` is True, a truth value"),
        (np.array([True]), "a truth value"),
        (np.array(1j), "`x` is complex"),
        (np.array(["0.5"]), "`x` is text, '0.5'"),
        (np.ma.array([1.5, 2.5], mask=[0, 1]), "`x` has masked values"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "`x` is a date or a time"),
    ]:
        with pytest.raises(RecordError, match=message):
            plain(value, "x")


def test_every_single_precision_number_is_its_shortest() -> None:
    np = pytest.importorskip("numpy")
    numbers = np.random.default_rng(1).standard_normal(3000).astype("float32") * np.float32(10.0) ** np.arange(-38, 38).repeat(40)[:3000].astype(
        "float32"
    )
    for number in [*numbers, np.finfo("float32").max, np.finfo("float32").tiny, np.float32(1e-45), np.float32(-0.0)]:
        found = shortest(float(number))
        assert np.float32(found) == number
        assert np.float32(repr(found)) == number
        assert float(np.format_float_scientific(number, unique=True)) == found


def test_pandas() -> None:
    pd = pytest.importorskip("pandas")
    assert plain(pd.Series([0.5, 0.25]), "x") == [0.5, 0.25]
    assert plain(pd.Series([1, 2], dtype="Int64"), "x") == [1, 2]
    assert plain(pd.DataFrame({"a": [1, 2], "b": [3, 4]}), "x") == [[1, 3], [2, 4]]
    assert plain(pd.Series([1.5, 2.5], index=["a", "b"]), "x") == [1.5, 2.5]
    with pytest.raises(RecordError, match="`x` has a missing value"):
        plain(pd.Series([1, pd.NA], dtype=object), "x")
    with pytest.raises(RecordError, match="`x` is text"):
        plain(pd.Series(["a"]), "x")


def test_torch() -> None:
    torch = pytest.importorskip("torch")
    assert plain(torch.tensor(0.1, requires_grad=True), "x") == 0.1
    assert plain(torch.tensor([0.1, 0.2], dtype=torch.float64), "x") == [0.1, 0.2]
    assert plain(torch.tensor([0.1], dtype=torch.bfloat16), "x") == [0.100097656]
    assert plain(torch.tensor([0.1], dtype=torch.float16), "x") == [0.1]
    assert plain(torch.nn.Parameter(torch.eye(2)), "x") == [[1.0, 0.0], [0.0, 1.0]]
    assert plain(torch.eye(2).to_sparse(), "x") == [[1.0, 0.0], [0.0, 1.0]]
    assert plain([torch.tensor(3), torch.tensor(4)], "x") == [3, 4]
    with pytest.raises(RecordError, match="`x` is complex"):
        plain(torch.tensor(1j), "x")
    with pytest.raises(RecordError, match="a truth value"):
        plain(torch.tensor(True), "x")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "`x` is True, a truth value, where a number belongs; count or average it first"),
        ("0.98", "`x` is text, '0.98', where a number belongs; write float(…) around it if it is one"),
        (b"1", "`x` is bytes, where numbers belong"),
        (None, "`x` is None, or holds it, where a number belongs; does the function that computed it return its result?"),
        ([1, None], "`x` is None, or holds it"),
        ({"a": 1}, "`x` is a dict of `a`; record each of its values under a name of its own"),
        ({1, 2}, "`x` is a set, which has no order; make it a list in the order that is meant"),
        ((n for n in [1]), "`x` is a generator, which can be read only once; write list(…) around it"),
        (zip([1], [2]), "`x` is a zip, which can be read only once"),
        (object(), "`x` is a object, which is no number and no list of numbers"),
        (len, "`x` is a builtin_function_or_method"),
    ],
)
def test_what_is_no_number(value: Any, message: str) -> None:
    with pytest.raises(RecordError) as error:
        plain(value, "x")
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("improved.val_error", [0.1, 0.2], "`improved.val_error` is a number from 0 to 1, but a list of 2 numbers was found; record one of them, such as its last, val_error[-1]"),
        ("improved.val_error", [[0.1]], "`improved.val_error` is a number from 0 to 1, but an array of shape (1, 1) was found; record one of them, such as x.item() of an array of one"),
        ("improved.val_error", 2.09, "`improved.val_error` = 2.09 is above 1, but the rubric asks for a fraction from 0 to 1; if it is percent, divide by 100: 0.0209"),
        ("improved.val_error", 209.0, "`improved.val_error` = 209.0 is above 1, but the rubric asks for a fraction from 0 to 1"),
        ("improved.val_error", -0.1, "`improved.val_error` = -0.1 is below 0, but the rubric asks for a fraction from 0 to 1"),
        ("share", 101, "`share` = 101 is above 100, but the rubric asks for percent from 0 to 100"),
        ("improved.val_error", float("nan"), "`improved.val_error` is nan, but a finite number is expected"),
        ("tree.val_rmse", 0.5, "`tree.val_rmse` is a series of 3 numbers, but the number 0.5 was found; record the list of all, or call sub.log once an epoch"),
        ("tree.val_rmse", [1.0, 2.0], "`tree.val_rmse` has 2 values, but the rubric asks for 3"),
        ("tree.val_rmse", [1, 2, 3, 4], "`tree.val_rmse` has 4 values, but the rubric asks for 3"),
        ("tree.val_rmse", [], "`tree.val_rmse` is empty, but the rubric asks for a series of 3 numbers"),
        ("tree.val_rmse", [[1], [2], [3]], "`tree.val_rmse` has shape (3, 1), but the rubric asks for a series of 3 numbers; flatten it with .ravel() if that is meant"),
        ("tree.val_rmse", [1, float("inf"), 3], "value 2 of `tree.val_rmse` is inf, but a finite number is expected; if the training really gave it, say allow_nan=True in sub.record(\"tree.val_rmse\", …)"),
        ("w", [[1, 2], [3, 4], [5, 6]], "`w` has shape (3, 2), but the rubric asks for (2, 3); transpose it with .T"),
        ("w", [1, 2, 3], "`w` has shape (3,), but the rubric asks for (2, 3)"),
        ("w", 1, "`w` is an array of shape (2, 3), but the number 1 was found"),
        ("w", [[1, 2, 3], [4, 5]], "the rows of `w` are not of one length: (3,) and (2,)"),
        ("u", [[1, 2, 3]], "`u` has shape (1, 3), but the rubric asks for (*, 2)"),
    ],
)  # fmt: skip
def test_what_is_not_asked_for(sub: Submission, name: str, value: Any, message: str) -> None:
    with pytest.raises(RecordError) as error:
        sub[name] = value
    assert str(error.value) == message
    assert not (sub.folder / "metrics.json").exists()


def test_values_are_written_as_python_prints_them(sub: Submission) -> None:
    np = pytest.importorskip("numpy")
    sub["tree.val_rmse"] = np.array([0.1, 1 / 3, 2], "float32")
    sub["improved.val_error"] = 1 / 3
    sub["depths"] = [2, 4, 8]
    sub["w"] = np.eye(2, 3, dtype=int)
    sub["u"] = [[1, 2]]
    sub["x"] = 3
    sub["x"] = [1, 2]
    assert (sub.folder / "metrics.json").read_text(encoding="utf-8") == (
        '{\n  "tree.val_rmse": [0.1, 0.33333334, 2.0],\n  "depths": [2, 4, 8],\n  "improved.val_error": 0.3333333333333333,\n'
        '  "w": [\n    [1, 0, 0],\n    [0, 1, 0]\n  ],\n  "u": [\n    [1, 2]\n  ],\n  "x": [1, 2]\n}\n'
    )
    assert sub["depths"] == [2, 4, 8]


def test_a_single_number_is_finite(sub: Submission) -> None:
    for name in ("improved.val_error", "x"):
        with pytest.raises(RecordError) as error:
            sub.record(name, float("nan"), allow_nan=True)
        assert str(error.value) == f"`{name}` is nan, but a finite number is expected"
    with pytest.raises(RecordError, match=r"say allow_nan=True in sub.record\(\"x\""):
        sub["x"] = [1, float("nan")]
    with pytest.raises(RecordError, match="say allow_nan=True in sub.log"):
        sub.log(x=float("nan"))
    sub.log(x=float("nan"), allow_nan=True)


def test_numbers_that_are_too_great(sub: Submission) -> None:
    for value in (10**400, -(10**400), fractions.Fraction(10**400)):
        with pytest.raises(RecordError, match="`x` is a number of more than 308 digits"):
            sub["x"] = value
        with pytest.raises(RecordError, match="`x` is a number of more than 308 digits"):
            sub["x"] = [1, value]
    with pytest.raises(RecordError, match="`best_depth` is a number of more than 308 digits"):
        sub.answer("best_depth", 10**400)


def test_an_array_of_one_row_or_column(place: Path) -> None:
    write_rubric(place, [{"name": "v", "kind": "array", "file": "metrics.json", "shape": [3]}])
    for value in ([[1], [2], [3]], [[1, 2, 3]]):
        with pytest.raises(RecordError, match=r"but the rubric asks for \(3,\); flatten it with .ravel\(\)"):
            Submission(folder=place)["v"] = value
    with pytest.raises(RecordError) as error:
        Submission(folder=place)["v"] = [[1, 2, 3], [4, 5, 6]]
    assert str(error.value) == "`v` has shape (2, 3), but the rubric asks for (3,)"


def test_nan_is_taken_where_that_is_said(sub: Submission) -> None:
    sub.record("tree.val_rmse", [1.0, float("nan"), float("inf")], allow_nan=True)
    text = (sub.folder / "metrics.json").read_text(encoding="utf-8")
    assert "[1.0, NaN, Infinity]" in text
    # What is not finite stays readable beside other names.
    sub["improved.val_error"] = 0.5
    assert sub["tree.val_rmse"][2] == float("inf")


def test_names(sub: Submission) -> None:
    for name, message in [
        ("improved.val_eror", "the rubric asks for no `improved.val_eror`; did you mean `improved.val_error`?"),
        ("improved", 'is predictions in 4 rows and a figure and a network: write sub.predictions("improved", …), or sub.figure("improved", …), or sub.network("improved", …)'),
        ("best_depth", '`best_depth` is an answer: write sub.answer("best_depth", …)'),
        ("best_dept", 'the rubric asks for no `best_dept`; did you mean sub.answer("best_depth", …)?'),
        ("zzzzzz", "the rubric asks for no `zzzzzz`; it asks for `tree.val_rmse`, `depths`, "),
    ]:  # fmt: skip
        with pytest.raises(UnknownName) as error:
            sub[name] = 0.5
        assert message in str(error.value)
        assert isinstance(error.value, KeyError) and isinstance(error.value, ValueError)
    with pytest.raises(UnknownName, match='`improved.val_error` is a number from 0 to 1: write sub\\["improved.val_error"\\] = …'):
        sub.figure("improved.val_error")


def test_reading_and_deleting(sub: Submission) -> None:
    assert "improved.val_error" not in sub
    with pytest.raises(NotRecorded, match="nothing is recorded as `improved.val_error` yet"):
        sub["improved.val_error"]
    with pytest.raises(UnknownName, match="did you mean `improved.val_error`"):
        sub["improved.val_errr"]
    sub["improved.val_error"] = 0.25
    sub["improved.val_error"] = 0.125
    assert "improved.val_error" in sub and sub["improved.val_error"] == 0.125
    del sub["improved.val_error"]
    assert "improved.val_error" not in sub
    with pytest.raises(KeyError):
        del sub["improved.val_error"]


def test_what_else_is_in_the_file_stays(sub: Submission) -> None:
    sub.folder.mkdir()
    path = sub.folder / "metrics.json"
    path.write_text('\ufeff{"mine": {"a": 1}, "improved": {"val_error": 0.5, "note": "x"}, "alone": {"y": 2}, "depths": [1, 2, 4]}', encoding="utf-8")
    assert sub["improved.val_error"] == 0.5
    assert "improved.val_error" in sub
    sub["improved.val_error"] = 0.25
    stated = json.loads(path.read_text(encoding="utf-8"))
    # It stands there once, so that the grader finds no second value.
    assert stated == {"mine": {"a": 1}, "improved": {"note": "x"}, "improved.val_error": 0.25, "alone": {"y": 2}, "depths": [1, 2, 4]}
    assert list(stated)[:2] == ["depths", "improved.val_error"]


@pytest.mark.parametrize("content", [b"{", b"[1]", b"{'a': 1}", b'{"a": 1} x', b"\xff\xfe{"])
def test_a_file_that_is_no_json_is_left_alone(sub: Submission, content: bytes) -> None:
    sub.folder.mkdir()
    path: Path = sub.folder / "metrics.json"
    path.write_bytes(content)
    with pytest.raises(RecordError, match="metrics.json is not JSON that can be added to .* it was left as it is"):
        sub["improved.val_error"] = 0.5
    assert path.read_bytes() == content
    assert [one.name for one in sub.folder.iterdir()] == ["metrics.json"]


def test_toml_beside_it_would_win(sub: Submission) -> None:
    sub.folder.mkdir()
    (sub.folder / "metrics.toml").write_text("a = 1")
    with pytest.raises(RecordError, match="metrics.toml is there too, and is read before metrics.json"):
        sub["improved.val_error"] = 0.5
