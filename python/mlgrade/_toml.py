"""The little TOML that stands beside a network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Layer = Mapping[str, Any]


def value(one: Any) -> str:
    """A value as TOML writes it.

    >>> print(value({"mean": 0.1307, "names": ["a", True]}))
    { mean = 0.1307, names = ["a", true] }
    """
    if isinstance(one, Mapping):
        return "{ " + ", ".join(f"{key} = {value(inner)}" for key, inner in one.items()) + " }"
    if isinstance(one, (list, tuple)):
        return "[" + ", ".join(value(inner) for inner in one) + "]"
    if isinstance(one, float):
        # TOML wants a digit on both sides of the point, also before an exponent.
        text = repr(one)
        return text if "e" not in text or "." in text else text.replace("e", ".0e")
    return json.dumps(one, ensure_ascii=False)


def layers(listed: Sequence[Layer]) -> list[str]:
    """The lines of a list of layers.

    >>> print("\\n".join(layers([{"dense": "0", "activation": "relu"}, {"dense": "2"}])))
    layers = [
      { dense = "0", activation = "relu" },
      { dense = "2" },
    ]
    """
    return ["layers = [", *(f"  {value(layer)}," for layer in listed), "]"]
