"""Answers: a choice, several choices, a number, or words."""

from __future__ import annotations

import math
from typing import Any, Union

from ._errors import RecordError
from ._names import Name
from ._values import plain
from ._words import listed, nearest, said

LONGEST = 50_000
"""Bytes. Longer answers are not read."""

One = Union[str, int, float]
Answer = Union[One, list[One]]


def checked(name: Name, value: Any) -> Answer:
    """`value` as it is written into answers.json.

    >>> size = Name("boosted_size", "answer", "answers.json", choices=("smaller", "larger"))
    >>> checked(size, "smaller")
    'smaller'
    >>> checked(size, "Smaller")
    Traceback (most recent call last):
    mlgrade._errors.RecordError: `boosted_size`: 'Smaller' is none of the choices `smaller` or `larger`; did you mean `smaller`?
    >>> checked(Name("true", "answer", "answers.json", choices=("a", "b", "c"), several=True), ("a", "c"))
    ['a', 'c']
    >>> checked(Name("best_depth", "answer", "answers.json"), 4)
    4
    """
    found = plain(value, name.name, words=True)
    if isinstance(found, list):
        return _several(name, found)
    return [_one(name, found)] if name.several else _one(name, found)


def _several(name: Name, found: list[Any]) -> Answer:
    if not name.several:
        raise RecordError(f"`{name.name}` takes one answer, but a list of {len(found)} was found; record one of them")
    answers = [_one(name, one) for one in found]
    twice = [one for at, one in enumerate(answers) if one in answers[:at]]
    if twice:
        raise RecordError(f"`{name.name}`: {twice[0]!r} is in the list twice; name each choice once")
    if not answers:
        raise RecordError(f"`{name.name}`: the list is empty; name the choices that are true, of {listed(name.choices or ())}")
    return answers


def _one(name: Name, value: Any) -> One:
    if name.choices:
        return _choice(name, value)
    if isinstance(value, list):
        raise RecordError(f"`{name.name}` holds a list in a list; record a list of answers")
    if isinstance(value, bool):
        raise RecordError(f"`{name.name}` is {value}; answer in words or with a number")
    if isinstance(value, str):
        return _words(name, value)
    if not math.isfinite(value):
        raise RecordError(f"`{name.name}` is {value}, but a finite number or words are expected")
    if name.kind == "text":
        raise RecordError(f"`{name.name}` asks for words, but the number {value!r} was found; write a sentence")
    number: One = value
    return number


def _words(name: Name, value: str) -> str:
    text = value.strip()
    if not text:
        raise RecordError(f"`{name.name}` is empty; write the answer")
    size = len(text.encode("utf-8"))
    if size > LONGEST:
        raise RecordError(f"`{name.name}` has {size} bytes, more than the {LONGEST} that are read; shorten it")
    return text


def _choice(name: Name, value: Any) -> str:
    choices = name.choices or ()
    # A whole number is the choice that is written so, whatever its type.
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if text in choices:
        return text
    meant = nearest(text, choices)
    help_ = f"; did you mean `{meant}`?" if meant else ""
    raise RecordError(f"`{name.name}`: {said(value)} is none of the choices {listed(choices, last='or', most=20)}{help_}")
