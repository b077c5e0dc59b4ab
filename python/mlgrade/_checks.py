"""Whether a value is what the rubric asks for under its name."""

from __future__ import annotations

import math
from typing import Any

from ._errors import RecordError
from ._names import Name
from ._values import Plain, describe, leaves, plain, shape_of
from ._words import counted, shaped

LONGEST = 100_000
"""Longer series are not read."""


def checked(name: Name, value: Any, allow_nan: bool = False) -> Plain:
    """`value` as it is written into metrics.json.

    >>> loss = Name("loss", "series", "metrics.json", length=3)
    >>> checked(loss, (0.9, 0.5, 0.25))
    [0.9, 0.5, 0.25]
    >>> checked(loss, [0.9, 0.5])
    Traceback (most recent call last):
    mlgrade._errors.RecordError: `loss` has 2 values, but the rubric asks for 3
    >>> checked(Name("error", "number", "metrics.json", unit="fraction"), 2.09)
    Traceback (most recent call last):
    mlgrade._errors.RecordError: `error` = 2.09 is above 1, but the rubric asks for a fraction from 0 to 1; if it is percent, divide by 100: 0.0209
    """
    numbers = plain(value, name.name)
    shape = shape_of(numbers, name.name)
    _check_shape(name, numbers, shape)
    all_numbers = leaves(numbers)
    if len(all_numbers) > LONGEST:
        raise RecordError(f"`{name.name}` has {len(all_numbers)} numbers, more than the {LONGEST} that are read")
    for at, number in enumerate(all_numbers):
        _check_number(name, number, at if shape else None, allow_nan)
    return numbers


def checked_step(name: Name, value: Any, allow_nan: bool = False) -> Plain:
    """One value of a series as `log` takes it.

    >>> checked_step(Name("loss", "series", "metrics.json"), [0.5, 0.25])
    Traceback (most recent call last):
    mlgrade._errors.RecordError: `loss` was given a list of 2 numbers, but log takes one number an epoch; write sub["loss"] = … for all of them at once
    """
    if name.kind not in ("series", "value"):
        raise RecordError(f"`{name.name}` is {name.words()}, not a series that is logged once an epoch: write {name.how}")
    number = plain(value, name.name)
    if isinstance(number, list):
        raise RecordError(f"`{name.name}` was given {describe(number)}, but log takes one number an epoch; write {name.how} for all of them at once")
    _check_number(name, number, None, allow_nan, logged=True)
    return number


def checked_epoch(epoch: Any) -> int | None:
    """The number of an epoch.

    >>> checked_epoch(1.0)
    Traceback (most recent call last):
    mlgrade._errors.RecordError: epoch=1.0 is no epoch; they are counted 0, 1, 2, … or 1, 2, 3, …
    """
    number = None if epoch is None else plain(epoch, "epoch")
    if number is not None and (not isinstance(number, int) or number < 0):
        raise RecordError(f"epoch={number!r} is no epoch; they are counted 0, 1, 2, … or 1, 2, 3, …")
    return number


def _check_shape(name: Name, value: Plain, shape: tuple[int, ...]) -> None:
    if 0 in shape:
        raise RecordError(f"`{name.name}` is empty, but the rubric asks for {name.words()}")
    if name.kind == "array":
        _check_array(name, value, shape)
    elif name.kind == "number" and shape:
        which = f"such as its last, {name.name.split('.')[-1]}[-1]" if len(shape) == 1 else "such as x.item() of an array of one"
        raise RecordError(f"`{name.name}` is {name.words()}, but {describe(value)} was found; record one of them, {which}")
    elif name.kind == "series" and not shape:
        raise RecordError(f"`{name.name}` is {name.words()}, but {describe(value)} was found; record the list of all, or call sub.log once an epoch")
    elif len(shape) > 1:
        raise RecordError(
            f"`{name.name}` has shape {shaped(shape)}, but the rubric asks for {name.words()}; flatten it with .ravel() if that is meant"
        )
    elif name.length and shape and shape[0] != name.length:
        raise RecordError(f"`{name.name}` has {counted(shape[0], 'value')}, but the rubric asks for {name.length}")


def _check_array(name: Name, value: Plain, shape: tuple[int, ...]) -> None:
    if not shape:
        raise RecordError(f"`{name.name}` is {name.words()}, but {describe(value)} was found")
    if name.shape is None or _fits(shape, name.shape):
        return
    help_ = "; transpose it with .T" if len(shape) == 2 and _fits(shape[::-1], name.shape) else ""
    if len(name.shape) == 1 and sum(size > 1 for size in shape) <= 1 and _fits((math.prod(shape),), name.shape):
        help_ = "; flatten it with .ravel()"
    raise RecordError(f"`{name.name}` has shape {shaped(shape)}, but the rubric asks for {shaped(name.shape)}{help_}")


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(want is None or size == want for size, want in zip(shape, wanted))


def _check_number(name: Name, number: float, at: int | None, allow_nan: bool, logged: bool = False) -> None:
    place = f"`{name.name}`" if at is None else f"value {at + 1} of `{name.name}`"
    if not math.isfinite(number):
        # A single number has to be finite for the grader, whatever is said here.
        if allow_nan and (logged or at is not None):
            return
        call = "in sub.log" if logged else f'in sub.record("{name.name}", …)'
        of_series = logged or (at is not None and name.kind in ("series", "value"))
        help_ = f"; if the training really gave it, say allow_nan=True {call}" if of_series else ""
        raise RecordError(f"{place} is {number}, but a finite number is expected{help_}")
    top = {"fraction": 1, "percent": 100}.get(name.unit or "")
    if top is None or 0 <= number <= top:
        return
    wanted = "a fraction from 0 to 1" if top == 1 else "percent from 0 to 100"
    side = f"above {top}" if number > top else "below 0"
    help_ = f"; if it is percent, divide by 100: {number / 100:.12g}" if top == 1 and 1 < number <= 100 else ""
    raise RecordError(f"{place} = {number!r} is {side}, but the rubric asks for {wanted}{help_}")


def same(one: Plain, other: Plain) -> bool:
    """Whether two series have the same numbers, but for the rounding of single precision.

    >>> same([0.1, 0.25], [0.10000000149, 0.25]), same([0.1], [0.2]), same([0.1], [0.1, 0.2])
    (True, False, False)
    """
    if not isinstance(one, list) or not isinstance(other, list) or shape_of(one, "x") != shape_of(other, "x"):
        return False
    pairs: list[tuple[float, float]] = list(zip(leaves(one), leaves(other)))
    return all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12) or (math.isnan(a) and math.isnan(b)) for a, b in pairs)
