"""Predictions: a class, a value or a row of scores for each example, as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ._errors import RecordError
from ._names import Name
from ._values import plain, shape_of
from ._words import counted, listed, nearest, said, shaped


@dataclass
class _Given:
    """What was handed over: rows of cells, and what columns and rows are called, if anything says so."""

    rows: list[list[Any]]
    columns: list[str] | None = None
    ids: list[Any] | None = None


def sheet(name: Name, y_pred: Any, ids: Any = None) -> str:
    """The text of the CSV file.

    >>> iris = Name("iris", "predictions", "predictions/iris.csv", rows=3, classes=("setosa", "virginica"))
    >>> print(sheet(iris, ["setosa", "virginica", "setosa"]), end="")
    predicted
    setosa
    virginica
    setosa
    >>> print(sheet(iris, [[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]]), end="")
    score_setosa,score_virginica
    0.75,0.25
    0.5,0.5
    0.125,0.875
    >>> sheet(iris, ["setosa", "virginica"])
    Traceback (most recent call last):
    mlgrade._errors.RecordError: the predictions `iris` have 2 rows, but the rubric asks for 3, one for each example
    """
    given = _given(name, y_pred)
    if ids is not None:
        if given.ids is not None:
            raise RecordError(f"the predictions `{name.name}` name their rows already; leave ids=… out, or hand over the predictions alone")
        given.ids = _column(name, ids, "the ids of")
    _check_rows(name, given)
    _check_columns(name, given)
    header, rows = _scores(name, given) if len(given.rows[0]) > 1 else (["score" if name.scores else "predicted"], _singles(name, given))
    if given.ids is not None:
        header = [name.join or "id", *header]
        rows = [[one, *row] for one, row in zip(_ids(name, given), rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _given(name: Name, y_pred: Any) -> _Given:
    if hasattr(y_pred, "columns") and hasattr(y_pred, "to_numpy"):
        return _of_frame(name, y_pred)
    if hasattr(y_pred, "index") and hasattr(y_pred, "to_numpy"):
        return _of_series(name, y_pred)
    found = plain(y_pred, name.name, words=True)
    shape = shape_of(found, name.name)
    if len(shape) == 1:
        return _Given([[cell] for cell in found])
    if len(shape) == 2:
        return _Given(found)
    raise RecordError(
        f"the predictions `{name.name}` {f'have shape {shaped(shape)}' if shape else 'are one value'}; expected one for each example, or a row of scores"
    )


def _of_series(name: Name, series: Any) -> _Given:
    """A Series of pandas. Its index says which row is which where it is called as the rubric's ids are."""
    rows = [[cell] for cell in _column(name, series.to_numpy(), "the predictions")]
    index = series.index
    if name.join is not None and index.name == name.join:
        return _Given(rows, ids=_column(name, index.to_numpy(), "the ids of"))
    _check_index(name, index, "y_pred.to_numpy()")
    return _Given(rows)


def _of_frame(name: Name, frame: Any) -> _Given:
    columns = [str(column) for column in frame.columns]
    by_name = {text: _column(name, frame[column].to_numpy(), "the predictions") for text, column in zip(columns, frame.columns)}
    if len(by_name) != len(columns):
        raise RecordError(f"the predictions `{name.name}` have two columns of one name, of {listed(columns)}; name each differently")
    ids = None
    if name.join in columns:
        ids = by_name.pop(str(name.join))
    elif hasattr(frame, "index"):
        if name.join is not None and frame.index.name == name.join:
            ids = _column(name, frame.index.to_numpy(), "the ids of")
        else:
            _check_index(name, frame.index, "reset_index(drop=True)")
    if not by_name:
        raise RecordError(f"the predictions `{name.name}` have no column beside `{name.join}`")
    return _Given([list(row) for row in zip(*by_name.values())], list(by_name), ids)


def _check_index(name: Name, index: Any, instead: str) -> None:
    """An index other than 0, 1, 2, … may say which row is which, or be left over from a selection: nobody can know."""
    values = list(index.to_numpy())
    if any(str(value) != str(at) for at, value in enumerate(values)):
        raise RecordError(
            f"the predictions `{name.name}` have an index that is not 0, 1, 2, … (it begins {listed(values, most=3)}). If the rows stand in the order "
            f"of the examples, hand over {instead}; if the index names them, say ids=y_pred.index"
        )


def _column(name: Name, values: Any, what: str) -> list[Any]:
    found = plain(values, name.name, words=True)
    if not isinstance(found, list) or any(isinstance(one, list) for one in found):
        raise RecordError(f"{what} `{name.name}` are no single column; expected one value for each example")
    return found


def _check_rows(name: Name, given: _Given) -> None:
    count = len(given.rows)
    if count == 0 or not given.rows[0]:
        raise RecordError(f"the predictions `{name.name}` are empty")
    if name.rows is not None and count != name.rows:
        turned = "; turn it over with .T" if len(given.rows[0]) == name.rows else ""
        raise RecordError(
            f"the predictions `{name.name}` have {counted(count, 'row')}, but the rubric asks for {name.rows}, one for each example{turned}"
        )
    if given.ids is None and name.join is not None:
        raise RecordError(f"the rubric finds the rows of `{name.name}` by `{name.join}`; say ids=…, the `{name.join}` of each row")
    if given.ids is not None and len(given.ids) != count:
        raise RecordError(f"the predictions `{name.name}` have {counted(count, 'row')} and {counted(len(given.ids), 'id')}; expected one id a row")


def _check_columns(name: Name, given: _Given) -> None:
    """An error if it is not plain which column of a frame is meant, or in which order its columns stand."""
    columns = given.columns
    if columns is None or len(columns) < 2:
        return
    words = any(isinstance(cell, str) for cell in given.rows[0])
    if not name.scores and (words or not _per_class(columns, name.classes)):
        several = ""
        if name.classes is None:
            several = f"; if a row has several values, such as one for each target, hand over df[{_quoted(columns)}].to_numpy() in their order"
        raise RecordError(
            f"the predictions `{name.name}` have {len(columns)} columns, {listed(columns)}; which column? Hand over one, such as df{_quoted(columns[-1:])}{several}"
        )
    if name.scores and name.classes is None and columns != [str(at) for at in range(len(columns))]:
        raise RecordError(
            f"in which order are the columns of `{name.name}`, {listed(columns)}? Hand over df[{_quoted(sorted(columns))}].to_numpy() in the order "
            f"of the classes"
        )


def _per_class(columns: list[str], classes: Sequence[str] | None) -> bool:
    """Whether there is a column for each class, called by it or counted from 0."""
    return classes is not None and (sorted(columns) == sorted(classes) or columns == [str(at) for at in range(len(classes))])


def _quoted(columns: list[str]) -> str:
    shown = columns if len(columns) <= 8 else [*columns[:7], "…"]
    return "[" + ", ".join(f'"{column}"' for column in shown) + "]"


def _ids(name: Name, given: _Given) -> list[str]:
    texts = [_label(name, one, row, ()) for row, one in enumerate(given.ids or [])]
    seen = set()
    for text in texts:
        if text in seen:
            raise RecordError(f"the id {said(text)} is there twice in `{name.name}`; each row has an id of its own")
        seen.add(text)
    return texts


def _singles(name: Name, given: _Given) -> list[list[Any]]:
    cells = [row[0] for row in given.rows]
    if name.scores:
        numbers = [_number(name, cell, row) for row, cell in enumerate(cells)]
        if name.classes is not None and len(name.classes) > 2:
            raise RecordError(
                f"`{name.name}` has one number a row, but scores of {len(name.classes)} classes are asked for, {listed(name.classes)}; record predict_proba(X)"
            )
        if all(number in (0, 1) for number in numbers):
            raise RecordError(
                f"`{name.name}` holds 0 and 1 alone, which are classes, but scores are asked for; record predict_proba(X) or the network's outputs"
            )
        return [[repr(number)] for number in numbers]
    if name.classes is None:
        return [[_label(name, cell, row, ())] for row, cell in enumerate(cells)]
    truths = any(isinstance(cell, bool) and str(cell) not in name.classes for cell in cells)
    if truths and len(name.classes) > 2:
        raise RecordError(
            f"`{name.name}` holds truth values, but there are {len(name.classes)} classes, {listed(name.classes)}; record the class of each row, such as "
            f"y_proba.argmax(axis=1)"
        )
    shifted = _shifted(cells, name.classes)
    return [[_label(name, cell, row, name.classes, shifted)] for row, cell in enumerate(cells)]


def _shifted(cells: list[Any], classes: Sequence[str]) -> str:
    """What to do if the numbers of classes are counted from 1 and should be from 0, or the other way round."""
    try:
        known, found = {int(one) for one in classes}, {float(cell) for cell in cells}
    except (ValueError, OverflowError):
        return ""
    count = len(classes)
    if known == set(range(count)) and found <= set(range(1, count + 1)):
        return "; counted from 1? subtract 1"
    if known == set(range(1, count + 1)) and found <= set(range(count)):
        return "; counted from 0? add 1"
    return ""


def _label(name: Name, cell: Any, row: int, classes: Sequence[str], shifted: str = "") -> str:
    """A class or an id as text. Whole numbers are written without a point."""
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise RecordError(f"row {row + 1} of `{name.name}` is {cell}; fill or drop missing values first")
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    elif isinstance(cell, bool):
        text = _truth(cell, classes)
    else:
        text = str(cell).strip()
    if not text:
        raise RecordError(f"row {row + 1} of `{name.name}` is empty")
    if not classes or text in classes:
        return text
    meant = nearest(text, classes)
    help_ = f"; did you mean `{meant}`?" if meant else ""
    if isinstance(cell, float) and not cell.is_integer():
        help_ = "; record classes, such as y_proba.argmax(axis=1), or a row of scores for each example"
    elif isinstance(cell, (int, float)):
        help_ = "; record the names, such as encoder.inverse_transform(y_pred)"
    help_ = shifted or help_
    raise RecordError(f"row {row + 1} of `{name.name}` is {said(cell)}, which is none of the classes {listed(classes, last='or', most=12)}{help_}")


def _truth(cell: bool, classes: Sequence[str]) -> str:
    """A truth value as the grader reads it: 1 or 0, or a class that is called so."""
    return str(cell) if str(cell) in classes else str(int(cell))


def _number(name: Name, cell: Any, row: int) -> float:
    if isinstance(cell, str):
        raise RecordError(
            f"row {row + 1} of `{name.name}` is text, {said(cell)}, but scores are asked for; record predict_proba(X) or the network's outputs"
        )
    if isinstance(cell, bool):
        return int(cell)
    if not math.isfinite(cell):
        raise RecordError(f"row {row + 1} of `{name.name}` has {cell}; expected finite numbers")
    number: float = cell
    return number


def _scores(name: Name, given: _Given) -> tuple[list[str], list[list[Any]]]:
    """Several numbers a row: a score for each class, in the order of the rubric's classes, or a value for each target."""
    width = len(given.rows[0])
    numbers = [[_number(name, cell, row) for cell in cells] for row, cells in enumerate(given.rows)]
    if name.classes is None:
        return [f"output_{at}" for at in range(width)], [[repr(number) for number in row] for row in numbers]
    if width != len(name.classes):
        raise RecordError(f"the rows of `{name.name}` have {width} numbers, but there are {len(name.classes)} classes, {listed(name.classes)}")
    order = _order(name, given.columns, name.classes)
    header = [f"score_{one}" for one in name.classes]
    return header, [[repr(row[at]) for at in order] for row in numbers]


def _order(name: Name, columns: list[str] | None, classes: Sequence[str]) -> list[int]:
    """At which place the column of each class stands."""
    places = list(range(len(classes)))
    if columns is not None and set(columns) == set(classes):
        return [columns.index(one) for one in classes]
    if columns is None or columns == [str(at) for at in places]:
        return places
    raise RecordError(
        f"the columns of `{name.name}` are {listed(columns)}; call them as the classes, {listed(classes)}, or hand over .to_numpy() in that order"
    )
