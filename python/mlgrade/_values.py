"""Numbers of Python, NumPy, pandas, PyTorch, TensorFlow and JAX as plain Python numbers.

None of these libraries is imported here. Their objects are told by what they can do, so that this works with any version of them.
"""

from __future__ import annotations

import collections.abc
import decimal
import numbers
import struct
import sys
from typing import Any

from ._errors import RecordError
from ._words import listed, short

Plain = Any
"""An int, a float, or a list of these; with `words=True` also a str or a bool."""

_GREATEST = int(sys.float_info.max)
_TOO_GREAT = "is a number of more than 308 digits, which no floating-point number holds; record its logarithm, or another unit"
_FORMATS = {"float32": "f", "float16": "e"}


def plain(value: Any, name: str, words: bool = False) -> Plain:
    """`value` as Python numbers in nested lists. Text and truth values are refused unless `words` allows them.

    >>> plain((1, 2.5), "x")
    [1, 2.5]
    >>> plain("0.98", "x")
    Traceback (most recent call last):
    mlgrade._errors.RecordError: `x` is text, '0.98', where a number belongs; write float(…) around it if it is one
    """
    if isinstance(value, bool):
        return value if words else _refuse(name, f"is {value}, a truth value, where a number belongs; count or average it first")
    if isinstance(value, int):
        return int(value) if -_GREATEST <= value <= _GREATEST else _refuse(name, _TOO_GREAT)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value) if words else _refuse(name, f"is text, {short(value)!r}, where a number belongs; write float(…) around it if it is one")
    if value is None:
        return _refuse(name, "is None, or holds it, where a number belongs; does the function that computed it return its result?")
    if isinstance(value, (bytes, bytearray)):
        return _refuse(name, "is bytes, where numbers belong")
    return _of_library(value, name, words)


def _of_library(value: Any, name: str, words: bool) -> Plain:
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        return _of_torch(value.detach().cpu(), name, words)
    if hasattr(value, "columns") and hasattr(value, "to_numpy") or hasattr(value, "index") and hasattr(value, "to_numpy"):
        return plain(value.to_numpy(), name, words)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return _of_numpy(value, name, words)
    if callable(getattr(value, "numpy", None)):
        return plain(value.numpy(), name, words)
    if callable(getattr(value, "to_numpy", None)):
        return plain(value.to_numpy(), name, words)
    if hasattr(value, "__array__") and "numpy" in sys.modules:
        return plain(sys.modules["numpy"].asarray(value), name, words)
    return _of_python(value, name, words)


def _of_python(value: Any, name: str, words: bool) -> Plain:
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        try:
            return float(value)
        except OverflowError:
            return _refuse(name, _TOO_GREAT)
    if isinstance(value, collections.abc.Mapping):
        return _refuse(name, f"is a dict of {listed(value)}; record each of its values under a name of its own")
    if isinstance(value, (set, frozenset)):
        return _refuse(name, "is a set, which has no order; make it a list in the order that is meant")
    if isinstance(value, collections.abc.Iterator):
        return _refuse(name, f"is a {type(value).__name__}, which can be read only once; write list(…) around it")
    if isinstance(value, collections.abc.Collection):
        return [plain(one, name, words) for one in value]
    return _refuse(name, f"is a {type(value).__name__}, which is no number and no list of numbers")


def _of_torch(tensor: Any, name: str, words: bool) -> Plain:
    kind = str(tensor.dtype).rsplit(".", 1)[-1]
    if kind.startswith("complex"):
        return _refuse(name, "is complex; record its real part or its absolute value")
    if getattr(tensor, "is_sparse", False):
        tensor = tensor.to_dense()
    # A bfloat16 is a float32 with less behind the point, and is printed as one.
    return _typed(tensor.tolist(), "float32" if kind == "bfloat16" else kind, name, words)


def _of_numpy(array: Any, name: str, words: bool) -> Plain:
    kind = getattr(array.dtype, "kind", "")
    if kind == "c":
        return _refuse(name, "is complex; record its real part or its absolute value")
    if kind in "mM":
        return _refuse(name, "is a date or a time; record a number")
    mask = getattr(array, "mask", None)
    if mask is not None and bool(getattr(mask, "any", lambda: mask)()):
        return _refuse(name, "has masked values; fill or drop them first")
    return _typed(array.tolist(), str(array.dtype), name, words)


def _typed(value: Any, kind: str, name: str, words: bool) -> Plain:
    """`value`, which numbers of the type `kind` were converted to."""
    if isinstance(value, (list, tuple)):
        return [_typed(one, kind, name, words) for one in value]
    if isinstance(value, float) and kind in _FORMATS:
        return shortest(value, _FORMATS[kind])
    if type(value).__name__ == "NAType":
        return _refuse(name, "has a missing value; fill or drop it first")
    if str(getattr(value, "dtype", "")) == kind:
        # Numbers of more digits than a float has stay NumPy's own.
        return float(value)
    return plain(value, name, words)


def shortest(value: float, code: str = "f") -> float:
    """The number of fewest digits that single precision (or, with the code "e", half precision) rounds to `value`.

    >>> 0.10000000149011612, shortest(0.10000000149011612)
    (0.10000000149011612, 0.1)
    """
    try:
        exact = struct.pack(code, value)
    except (OverflowError, ValueError):
        return value
    for digits in range(1, 10):
        candidate = float(f"{value:.{digits}g}")
        try:
            if struct.pack(code, candidate) == exact:
                return candidate
        except OverflowError:
            pass  # Rounded up, it is more than the greatest number of this type.
    return value


def shape_of(value: Plain, name: str) -> tuple[int, ...]:
    """The sizes of nested lists.

    >>> shape_of([[1, 2], [3, 4], [5, 6]], "x")
    (3, 2)
    >>> shape_of([[1, 2], [3]], "x")
    Traceback (most recent call last):
    mlgrade._errors.RecordError: the rows of `x` are not of one length: (2,) and (1,)
    """
    if not isinstance(value, list):
        return ()
    inner = [shape_of(one, name) for one in value]
    for one in inner[1:]:
        if one != inner[0]:
            raise RecordError(f"the rows of `{name}` are not of one length: {_size(inner[0])} and {_size(one)}")
    return (len(value), *(inner[0] if inner else ()))


def _size(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "a number"


def leaves(value: Plain) -> list[int | float]:
    """All numbers of nested lists, in order."""
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]


def describe(value: Plain) -> str:
    """Plain numbers in a few words.

    >>> describe(0.5), describe([1, 2, 3]), describe([[1, 2]])
    ('the number 0.5', 'a list of 3 numbers', 'an array of shape (1, 2)')
    """
    if not isinstance(value, list):
        return f"the number {value!r}"
    if any(isinstance(one, list) for one in value):
        return f"an array of shape {shape_of(value, 'it')}"
    return f"a list of {len(value)} number{'' if len(value) == 1 else 's'}"


def _refuse(name: str, why: str) -> Plain:
    raise RecordError(f"`{name}` {why}")
