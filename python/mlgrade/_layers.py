"""The list of layers of a PyTorch module that is a plain Sequential."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

Layer = dict[str, Any]

ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "ReLU": ("relu", {}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "SELU": ("selu", {}),
    "GELU": ("gelu", {"approximate": "none"}),
    "SiLU": ("silu", {}),
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
    "Softplus": ("softplus", {"beta": 1, "threshold": 20}),
    "Softmax": ("softmax", {}),
    "LogSoftmax": ("log_softmax", {}),
}
"""What activations are called, and the settings that they must have, since the list has no words for others."""


class Unlisted(Exception):
    """A layer that the list has no words for. The text says which."""


def list_layers(model: Any) -> list[Layer]:
    """The layers of a Sequential, also of one in another, in their order.

    The names of layers are those of `model.state_dict()`. Raises `Unlisted` where the order or a setting is not known for certain.
    """
    listed: list[Layer] = []
    for name, module in _modules(model, ""):
        layer = _layer(name, module)
        if layer is None:
            continue
        # An activation belongs to the layer before it, if that has none yet.
        if list(layer) == ["activation"] and listed and "activation" not in listed[-1] and "dropout" not in listed[-1]:
            listed[-1]["activation"] = layer["activation"]
        else:
            listed.append(layer)
    return listed


def _modules(module: Any, name: str) -> Iterator[tuple[str, Any]]:
    # The children of any other module may be called in another order, or with more between them.
    if type(module).__name__ == "Sequential" and _is_torch(module):
        for key, inner in module.named_children():
            yield from _modules(inner, f"{name}.{key}" if name else key)
    else:
        yield name, module


def _is_torch(module: Any) -> bool:
    return str(type(module).__module__).startswith("torch.nn.")


def _layer(name: str, module: Any) -> Layer | None:
    kind = type(module).__name__
    if not _is_torch(module) or not name:
        raise Unlisted(f"{kind}, which is no layer of torch.nn in a Sequential")
    if kind in ACTIVATIONS:
        return _activation(name, kind, module)
    if kind.startswith("Dropout") or kind == "Identity":
        return None
    make = _KINDS.get(kind)
    if make is None:
        raise Unlisted(f"the layer `{name}`, a {kind}")
    return make(name, module)


def _need(name: str, module: Any, **wanted: Any) -> None:
    for key, value in wanted.items():
        found = getattr(module, key, value)
        if found != value:
            raise Unlisted(f"the layer `{name}`, a {type(module).__name__} with {key}={found!r}")


def _activation(name: str, kind: str, module: Any) -> Layer:
    word, wanted = ACTIVATIONS[kind]
    _need(name, module, **wanted)
    if kind.endswith("Softmax") and module.dim not in (1, -1):
        raise Unlisted(f"the layer `{name}`, a {kind} with dim={module.dim!r}")
    return {"activation": word}


def _dense(name: str, module: Any) -> Layer:
    return {"dense": name}


def _conv(name: str, module: Any) -> Layer:
    _need(name, module, padding_mode="zeros")
    layer: Layer = {"conv2d": name}
    layer.update(_window(module, 1))
    if module.groups != 1:
        layer["groups"] = int(module.groups)
    return layer


def _window(module: Any, stride: Any) -> Layer:
    """Stride, padding and dilation, where they are not the usual ones."""
    settings: Layer = {}
    if _pair(module.stride) != _pair(stride):
        settings["stride"] = _pair(module.stride)
    if isinstance(module.padding, str):
        if module.padding != "valid":
            settings["padding"] = module.padding
    elif _pair(module.padding) != [0, 0]:
        settings["padding"] = _pair(module.padding)
    if _pair(getattr(module, "dilation", 1)) != [1, 1]:
        settings["dilation"] = _pair(module.dilation)
    return settings


def _pair(size: Any) -> list[int]:
    return [int(side) for side in size] if isinstance(size, (tuple, list)) else [int(size), int(size)]


def _batchnorm(name: str, module: Any) -> Layer:
    _need(name, module, track_running_stats=True)
    return {"batchnorm": name, "epsilon": float(module.eps)}


def _pool(name: str, module: Any) -> Layer:
    _need(name, module, ceil_mode=False, count_include_pad=True, divisor_override=None, return_indices=False)
    key = "max_pool" if type(module).__name__ == "MaxPool2d" else "average_pool"
    return {key: _pair(module.kernel_size), **_window(module, module.kernel_size)}


def _global_pool(name: str, module: Any) -> Layer:
    if _pair(module.output_size) != [1, 1]:
        raise Unlisted(f"the layer `{name}`, an AdaptiveAvgPool2d to {module.output_size!r}")
    return {"global_average_pool": True}


def _flatten(name: str, module: Any) -> Layer:
    _need(name, module, start_dim=1, end_dim=-1)
    return {"flatten": True}


_KINDS: dict[str, Callable[[str, Any], Layer]] = {
    "Linear": _dense,
    "Conv2d": _conv,
    "BatchNorm1d": _batchnorm,
    "BatchNorm2d": _batchnorm,
    "MaxPool2d": _pool,
    "AvgPool2d": _pool,
    "AdaptiveAvgPool2d": _global_pool,
    "Flatten": _flatten,
}
