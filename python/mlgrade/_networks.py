"""Networks as files that the grader runs: ONNX, what Keras saves, boosted trees, or weights of PyTorch with a list of layers."""

from __future__ import annotations

import contextlib
import copy
import importlib
import importlib.util
import io
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

from . import _toml
from ._errors import RecordError
from ._files import write
from ._layers import Unlisted, list_layers

SURE = (".onnx", ".safetensors", ".keras", ".h5", ".hdf5")
"""The files that are read, in the order in which they are looked for."""

TORCH = (".pt", ".pth", ".ckpt", ".bin", ".pth.tar", ".pkl", ".pickle")
"""Those of PyTorch come next, and none of them before another."""

BOOSTED = (".json", ".ubj", ".txt", ".model")
"""Models of boosted trees come last."""

ENDINGS = SURE + TORCH + BOOSTED

MADE = "# Written by mlgrade."
LARGEST = 64 << 20

Input = Union[str, Mapping[str, Any]]
PRESENTATIONS = ("unit", "standardised", "centred", "per-feature", "raw", "mnist", "fashion-mnist", "imagenet", "cifar10")


@dataclass
class Exported:
    """A network as files: their endings and their contents, and the lines of the .toml beside them."""

    files: dict[str, bytes]
    lines: list[str] = field(default_factory=list)

    def say(self, lines: Sequence[str]) -> None:
        """Adds what is said of its inputs, in place of what was said before."""
        said = {line.split("=")[0].strip() for line in lines}
        self.lines = [*(line for line in self.lines if line.split("=")[0].strip() not in said), *lines]

    def write(self, stem: Path) -> Path:
        """Writes all files, whose names begin with `stem`. Files that would be read in their place are an error."""
        endings = list(self.files)
        path, notes = Path(f"{stem}{endings[0]}"), Path(f"{stem}.toml")
        for other, goes_first in rivals(stem, endings):
            why = f"is read before {path.name}" if goes_first else f"could be meant as well as {path.name}"
            raise RecordError(f"{other} is there too, and {why}; delete it")
        old = notes.read_text(encoding="utf-8") if notes.exists() else ""
        if self.lines and old and not old.startswith(MADE):
            raise RecordError(f"{notes} is there and was not written by mlgrade; delete it, or hand over the network with what it says")
        for ending, content in self.files.items():
            write(Path(f"{stem}{ending}"), content)
        if self.lines:
            write(notes, "\n".join([MADE, *self.lines, ""]).encode("utf-8"))
        elif old.startswith(MADE):
            notes.unlink()
        # Weights that an earlier network kept beside it would be left over.
        weights = Path(f"{stem}.onnx.data")
        if ".onnx" in endings and ".onnx.data" not in endings and weights.exists():
            weights.unlink()
        return path


def exported(name: str, model: Any, example: Any = None, layers: Sequence[_toml.Layer] | None = None) -> Exported:
    """The files of a model: a torch module, one of Keras or scikit-learn, or the path of a file."""
    if isinstance(model, (str, os.PathLike)):
        found = _copied(name, Path(model))
    elif hasattr(model, "state_dict") and hasattr(model, "named_modules"):
        found = _of_torch(name, model, example, layers)
    elif hasattr(model, "get_weights") and hasattr(model, "layers"):
        found = _of_keras(name, model)
    elif _package(model) in _BOOSTERS:
        found = _of_trees(name, model)
    elif hasattr(model, "predict") and hasattr(model, "get_params"):
        found = _of_sklearn(name, model, example)
    else:
        raise RecordError(
            f"the network `{name}`: a {type(model).__name__} is no model of PyTorch, Keras or scikit-learn; save it as ONNX and hand over the path"
        )
    if layers is not None and not found.lines:
        found.lines = _toml.layers(layers)
    if sum(len(content) for content in found.files.values()) > LARGEST:
        raise RecordError(f"the network `{name}` has more than the {LARGEST >> 20} MiB that are read; hand in a smaller one")
    return found


def input_lines(presentation: Input | None, border: int | None) -> list[str]:
    """How inputs are presented, as the .toml says it.

    >>> input_lines({"mean": 0.1307, "std": 0.3081}, 2)
    ['input = { mean = 0.1307, std = 0.3081 }', 'border = 2']
    """
    if isinstance(presentation, str) and presentation not in PRESENTATIONS:
        raise RecordError(f"input={presentation!r} is not known; it is one of {', '.join(PRESENTATIONS)}, or a dict with mean and std")
    lines = [] if presentation is None else [f"input = {_toml.value(presentation)}"]
    return lines if border is None else [*lines, f"border = {int(border)}"]


def _installed(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)


def _copied(name: str, path: Path) -> Exported:
    if not path.is_file():
        raise RecordError(f"the network `{name}`: there is no file {path}")
    ending = next((ending for ending in sorted(ENDINGS, key=len, reverse=True) if path.name.lower().endswith(ending)), None)
    if ending is None:
        raise RecordError(
            f"the network `{name}`: {path.name} is not read; export it as ONNX, or as .keras, or as .safetensors or .pt with a list of layers"
        )
    files = {ending: path.read_bytes()}
    weights = path.with_name(path.name + ".data")
    if ending == ".onnx" and weights.is_file():
        files[".onnx.data"] = weights.read_bytes()
    notes = path.with_name(path.name[: -len(ending)] + ".toml")
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.is_file() else []
    return Exported(files, lines)


def _of_torch(name: str, model: Any, example: Any, layers: Sequence[_toml.Layer] | None) -> Exported:
    model = getattr(model, "_orig_mod", model)  # What torch.compile wraps.
    if example is None:
        example = _example(model)
    if layers is None and example is not None and _installed("torch.onnx", "onnx"):
        return Exported({".onnx": _onnx_of_torch(name, model, example)})
    if layers is None:
        try:
            layers = list_layers(model)
        except Unlisted as why:
            if example is None and _installed("torch.onnx", "onnx"):
                help_ = f'say example=…, a batch that the model takes, such as sub.network("{name}", model, example=x[:1])'
            else:
                help_ = "install it: pip install onnx onnxscript, and say example=x[:1]; or say layers=[…]"
            raise RecordError(
                f"the network `{name}` has {why}, so that its weights do not say what it computes. It can be saved as ONNX: {help_}"
            ) from None
    weights = {key: tensor.detach().cpu() for key, tensor in model.state_dict().items()}
    file = io.BytesIO()
    importlib.import_module("torch").save(weights, file)
    return Exported({".pt": file.getvalue()}, _toml.layers(layers))


def _example(model: Any) -> Any:
    """A batch of one for a Sequential whose first layer with weights is dense. Of pictures the size is not known."""
    try:
        for layer in list_layers(model):
            if "dense" in layer:
                weight = model.state_dict()[f"{layer['dense']}.weight"]
                return importlib.import_module("torch").zeros(1, int(weight.shape[1]))
            if "conv2d" in layer or "batchnorm" in layer:
                return None
    except Unlisted:
        pass
    return None


def _onnx_of_torch(name: str, model: Any, example: Any) -> bytes:
    """The model as ONNX for any number of examples, or for one where it cannot be exported otherwise."""
    torch = importlib.import_module("torch")
    # A copy, so that neither the device nor the mode of the student's model changes.
    model = copy.deepcopy(model).cpu().eval()
    example = torch.as_tensor(example).detach().cpu()[:1]
    parameters = list(model.parameters())
    if parameters and parameters[0].is_floating_point():
        example = example.to(parameters[0].dtype)
    ways: list[dict[str, Any]] = []
    if _installed("onnxscript"):
        dynamo = {"dynamo": True, "external_data": False, "verbose": False}
        ways += [{**dynamo, "dynamic_shapes": ({0: torch.export.Dim("batch")},)}, dynamo]
    older = {"input_names": ["input"], "output_names": ["output"]}
    ways += [{**older, "dynamo": False, "dynamic_axes": {"input": {0: "batch"}, "output": {0: "batch"}}}, {**older, "dynamo": False}]
    failures = []
    for way in ways:
        # Which of two would be traced is another question for a batch of one.
        batch = torch.cat([example, example]) if "dynamic_shapes" in way else example
        try:
            return _exported_by(torch, model, batch, way)
        except Exception as error:  # noqa: BLE001 — exporters raise whatever they meet; the next way may do.
            failures.append(error)
    raise RecordError(
        f"the network `{name}` cannot be exported as ONNX ({str(failures[0]).splitlines()[0][:200]}); say layers=[…], or save it yourself and hand over the path"
    )


def _exported_by(torch: Any, model: Any, batch: Any, way: Mapping[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder, _quiet():
        path = Path(folder) / "network.onnx"
        torch.onnx.export(model, (batch,), str(path), **way)
        return path.read_bytes()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's own warnings, of operators that this network has not."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _of_keras(name: str, model: Any) -> Exported:
    if len(getattr(model, "inputs", None) or ()) != 1:
        raise RecordError(f"the network `{name}` does not know its input yet: begin it with keras.Input(shape=…), or call it once on x[:1]")
    return Exported({".keras": _saved("network.keras", model.save)})


_BOOSTERS = ("catboost", "lightgbm", "xgboost")


def _package(model: Any) -> str:
    return type(model).__module__.split(".")[0]


def _of_trees(name: str, model: Any) -> Exported:
    """A model of boosted trees in the text format of its own library."""
    try:
        if _package(model) == "lightgbm":
            return Exported({".txt": _saved("trees.txt", getattr(model, "booster_", model).save_model)})
        if _package(model) == "catboost":
            return Exported({".json": _saved("trees.json", lambda path: model.save_model(path, format="json"))})
        return Exported({".json": _saved("trees.json", model.save_model)})
    except Exception as error:
        raise RecordError(f"the network `{name}` could not be saved ({type(error).__name__}: {error}); is it fitted?") from error


def _saved(file: str, save: Callable[[str], Any]) -> bytes:
    """What `save` writes to a file of this name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        save(str(path))
        return path.read_bytes()


def _of_sklearn(name: str, model: Any, example: Any) -> Exported:
    if not _installed("skl2onnx"):
        raise RecordError(f"the network `{name}` is of scikit-learn, which needs skl2onnx to be saved as ONNX: pip install skl2onnx")
    width = getattr(model, "n_features_in_", None)
    if example is None and width is None:
        raise RecordError(f"the network `{name}` is not fitted; fit it first")
    numpy = importlib.import_module("numpy")
    first = numpy.zeros((1, width), "float32") if example is None else numpy.asarray(example)[:1].astype("float32")
    return Exported({".onnx": bytes(importlib.import_module("skl2onnx").to_onnx(model, first).SerializeToString())})


def rivals(stem: Path, written: Sequence[str]) -> list[tuple[Path, bool]]:
    """Other files of this network that are read before those written, or could be meant as well, each with whether it goes first."""
    first = min((ENDINGS.index(ending) for ending in written if ending in ENDINGS), default=0)
    others = [(at, Path(f"{stem}{ending}")) for at, ending in enumerate(ENDINGS) if ending not in written]
    torch = range(len(SURE), len(SURE) + len(TORCH))
    return [(path, at < first) for at, path in others if path.is_file() and (at < first or (first in torch and at in torch))]
