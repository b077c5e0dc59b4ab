"""Networks of PyTorch, Keras and scikit-learn, and files of theirs."""

from __future__ import annotations

import importlib.util
import types
from pathlib import Path
from typing import Any

import pytest
from mlgrade import RecordError, Submission, _networks
from mlgrade._layers import Unlisted, list_layers

HAS_ONNX = importlib.util.find_spec("onnx") is not None


@pytest.fixture
def nn() -> Any:
    return pytest.importorskip("torch.nn")


@pytest.fixture
def no_onnx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_networks, "_installed", lambda *_: False)


def test_a_file_is_copied(sub: Submission, tmp_path: Path) -> None:
    (tmp_path / "best.onnx").write_bytes(b"onnx")
    (tmp_path / "best.onnx.data").write_bytes(b"weights")
    assert sub.network("improved", tmp_path / "best.onnx") == sub.folder / "networks" / "improved.onnx"
    assert sorted(path.name for path in (sub.folder / "networks").iterdir()) == ["improved.onnx", "improved.onnx.data"]
    (tmp_path / "best.pth.tar").write_bytes(b"torch")
    (tmp_path / "best.toml").write_text('layers = [{ dense = "a" }]\ninput = "raw"\n')
    with pytest.raises(RecordError, match="improved.onnx is there too, and is read before improved.pth.tar; delete it"):
        sub.network("improved", tmp_path / "best.pth.tar")
    (sub.folder / "networks" / "improved.onnx").unlink()
    assert sub.network("improved", str(tmp_path / "best.pth.tar"), input="unit").name == "improved.pth.tar"
    notes = sub.folder / "networks" / "improved.toml"
    assert notes.read_text() == '# Written by mlgrade.\nlayers = [{ dense = "a" }]\ninput = "unit"\n'
    (tmp_path / "best.pt").write_bytes(b"torch")
    with pytest.raises(RecordError, match="improved.pth.tar is there too, and could be meant as well as improved.pt; delete it"):
        sub.network("improved", tmp_path / "best.pt")


@pytest.mark.parametrize("ending", ["joblib", "pt2", "npz", "cbm"])
def test_a_file_that_is_not_read(sub: Submission, tmp_path: Path, ending: str) -> None:
    (tmp_path / f"best.{ending}").write_bytes(b"x")
    with pytest.raises(RecordError, match=f"the network `improved`: best.{ending} is not read; export it as ONNX"):
        sub.network("improved", tmp_path / f"best.{ending}")


def test_other_things(sub: Submission, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RecordError, match="there is no file nowhere.onnx"):
        sub.network("improved", "nowhere.onnx")
    with pytest.raises(RecordError, match="a dict is no model of PyTorch, Keras or scikit-learn"):
        sub.network("improved", {})
    (tmp_path / "a.onnx").write_bytes(b"onnx")
    with pytest.raises(RecordError, match="input='units' is not known; it is one of unit, standardised"):
        sub.network("improved", tmp_path / "a.onnx", input="units")
    monkeypatch.setattr(_networks, "LARGEST", 3)
    with pytest.raises(RecordError, match="has more than the 0 MiB that are read"):
        sub.network("improved", tmp_path / "a.onnx")


def test_what_the_student_wrote_stays(sub: Submission, tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"onnx")
    notes = sub.folder / "networks" / "improved.toml"
    notes.parent.mkdir(parents=True)
    notes.write_text('input = "raw"\n')
    sub.network("improved", tmp_path / "a.onnx")
    assert notes.read_text() == 'input = "raw"\n'
    with pytest.raises(RecordError, match="improved.toml is there and was not written by mlgrade; delete it"):
        sub.network("improved", tmp_path / "a.onnx", input={"mean": 0.1307, "std": 0.3081})
    notes.unlink()
    sub.network("improved", tmp_path / "a.onnx", input={"mean": 0.1307, "std": 0.3081}, border=2)
    assert notes.read_text() == "# Written by mlgrade.\ninput = { mean = 0.1307, std = 0.3081 }\nborder = 2\n"
    # A later call that says nothing of it takes back what an earlier one said.
    sub.network("improved", tmp_path / "a.onnx")
    assert not notes.exists()


def test_layers_of_a_sequential(nn: Any) -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, stride=2, padding=(1, 2)),
        nn.BatchNorm2d(6, eps=1e-4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Sequential(nn.Conv2d(6, 12, 3, padding="same", groups=2), nn.Tanh(), nn.AvgPool2d(3, 1, 1)),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(12, 8),
        nn.Identity(),
        nn.LeakyReLU(),
        nn.Linear(8, 3),
        nn.LogSoftmax(dim=1),
    )
    assert list_layers(model) == [
        {"conv2d": "0", "stride": [2, 2], "padding": [1, 2]},
        {"batchnorm": "1", "epsilon": 1e-4, "activation": "relu"},
        {"max_pool": [2, 2]},
        {"conv2d": "4.0", "padding": "same", "groups": 2, "activation": "tanh"},
        {"average_pool": [3, 3], "stride": [1, 1], "padding": [1, 1]},
        {"global_average_pool": True},
        {"flatten": True},
        {"dense": "8", "activation": "leaky_relu"},
        {"dense": "11", "activation": "log_softmax"},
    ]
    assert list_layers(nn.Sequential(nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Tanh()))[1:] == [
        {"dense": "1", "activation": "relu"},
        {"activation": "tanh"},
    ]


def test_what_the_list_has_no_words_for(nn: Any) -> None:
    class Own(nn.Module):  # type: ignore[misc, name-defined]
        pass

    for layer, what in [
        (nn.LeakyReLU(0.2), "the layer `0`, a LeakyReLU with negative_slope=0.2"),
        (nn.GELU("tanh"), "the layer `0`, a GELU with approximate='tanh'"),
        (nn.Conv2d(1, 1, 3, padding_mode="reflect"), "the layer `0`, a Conv2d with padding_mode='reflect'"),
        (nn.MaxPool2d(2, ceil_mode=True), "the layer `0`, a MaxPool2d with ceil_mode=True"),
        (nn.AvgPool2d(2, count_include_pad=False), "the layer `0`, a AvgPool2d with count_include_pad=False"),
        (nn.AdaptiveAvgPool2d((2, 2)), "the layer `0`, an AdaptiveAvgPool2d to (2, 2)"),
        (nn.Softmax(dim=0), "the layer `0`, a Softmax with dim=0"),
        (nn.Flatten(2), "the layer `0`, a Flatten with start_dim=2"),
        (nn.LSTM(1, 1), "the layer `0`, a LSTM"),
        (Own(), "Own, which is no layer of torch.nn in a Sequential"),
    ]:
        with pytest.raises(Unlisted) as error:
            list_layers(nn.Sequential(layer))
        assert str(error.value) == what
    with pytest.raises(Unlisted):
        list_layers(nn.Linear(2, 2))


def test_weights_with_a_list_of_layers(sub: Submission, nn: Any, no_onnx: None) -> None:
    torch = pytest.importorskip("torch")
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10)).train()
    path = sub.network("improved", model, input="unit")
    assert path.name == "improved.pt"
    saved = torch.load(path, weights_only=True)
    assert sorted(saved) == ["1.bias", "1.weight", "3.bias", "3.weight"] and not saved["1.weight"].requires_grad
    assert path.with_suffix(".toml").read_text() == (
        '# Written by mlgrade.\nlayers = [\n  { flatten = true },\n  { dense = "1", activation = "relu" },\n  { dense = "3" },\n]\ninput = "unit"\n'
    )
    assert model.training
    sub.network("improved", model)

    class Own(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(4, 3), nn.Linear(3, 2)

        def forward(self, x: Any) -> Any:
            return self.fc2(self.fc1(x).relu())

    with pytest.raises(RecordError) as error:
        sub.network("improved", Own())
    assert str(error.value) == (
        "the network `improved` has Own, which is no layer of torch.nn in a Sequential, so that its weights do not say what it computes. "
        "It can be saved as ONNX: install it: pip install onnx onnxscript, and say example=x[:1]; or say layers=[…]"
    )
    sub.network("improved", Own(), layers=[{"dense": "fc1", "activation": "relu"}, {"dense": "fc2"}])
    assert '{ dense = "fc1", activation = "relu" }' in path.with_suffix(".toml").read_text()


@pytest.mark.skipif(not HAS_ONNX, reason="onnx is not installed")
def test_onnx_of_torch(sub: Submission, nn: Any) -> None:
    import onnx

    torch = pytest.importorskip("torch")

    class Own(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.drop, self.out = nn.Conv2d(1, 2, 3), nn.Dropout(), nn.Linear(2 * 26 * 26, 3)

        def forward(self, x: Any) -> Any:
            return self.out(self.drop(self.conv(x).relu()).flatten(1))

    model = Own().train()
    with pytest.raises(
        RecordError, match='say example=…, a batch that the model takes, such as sub.network\\("improved", model, example=x\\[:1\\]\\)'
    ):
        sub.network("improved", model)
    path = sub.network("improved", model, example=torch.zeros(5, 1, 28, 28))
    assert path.name == "improved.onnx" and [one.name for one in path.parent.iterdir()] == ["improved.onnx"]
    graph = onnx.load(str(path)).graph
    onnx.checker.check_model(str(path))
    [given] = graph.input
    assert [side.dim_value for side in given.type.tensor_type.shape.dim][1:] == [1, 28, 28]
    # For any number of examples.
    assert given.type.tensor_type.shape.dim[0].dim_param
    assert "Dropout" not in [node.op_type for node in graph.node] and model.training
    # A plain one needs no example.
    sub.network("improved", nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)).double())
    assert len(onnx.load(str(path)).graph.output) == 1


@pytest.mark.skipif(not HAS_ONNX, reason="onnx is not installed")
def test_a_network_that_cannot_be_exported(sub: Submission, nn: Any) -> None:
    torch = pytest.importorskip("torch")

    class Own(nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            raise RuntimeError("no way")

    with pytest.raises(
        RecordError, match="the network `improved` cannot be exported as ONNX .*; say layers=\\[…\\], or save it yourself and hand over the path"
    ):
        sub.network("improved", Own(), example=torch.zeros(1, 2))


def test_a_model_of_sklearn(sub: Submission) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    model = linear.LogisticRegression()
    if importlib.util.find_spec("skl2onnx") is None:
        with pytest.raises(RecordError, match="needs skl2onnx to be saved as ONNX: pip install skl2onnx"):
            sub.network("improved", model)
        return
    with pytest.raises(RecordError, match="the network `improved` is not fitted; fit it first"):
        sub.network("improved", model)
    model.fit([[0.0, 1], [1, 0], [2, 2]], [0, 1, 1])
    assert sub.network("improved", model).read_bytes() == sub.network("improved", model, example=[[0, 1]]).read_bytes()


def test_a_model_of_keras(sub: Submission) -> None:
    def save(path: str) -> None:
        assert path.endswith(".keras"), "Keras saves by the ending"
        Path(path).write_bytes(b"keras")

    model = types.SimpleNamespace(get_weights=list, layers=[], predict=None, save=save, inputs=[1])
    path = sub.network("improved", model)
    assert (path.name, path.read_bytes()) == ("improved.keras", b"keras")
    with pytest.raises(RecordError, match="does not know its input yet: begin it with keras.Input"):
        sub.network("improved", types.SimpleNamespace(get_weights=list, layers=[], predict=None, save=save))


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
def test_boosted_trees(sub: Submission, library: str) -> None:
    package = pytest.importorskip(library)
    x, y = [[0.0, 1], [1, 0], [2, 2], [3, 1]] * 10, [0, 1, 1, 0] * 10
    if library == "xgboost":
        model = package.XGBClassifier(n_estimators=2)
    elif library == "lightgbm":
        model = package.LGBMClassifier(n_estimators=2, min_child_samples=1, verbose=-1)
    else:
        model = package.CatBoostClassifier(iterations=2, verbose=False, allow_writing_files=False)
    with pytest.raises(RecordError, match="the network `improved` could not be saved .* is it fitted?"):
        sub.network("improved", model)
    assert sub.network("improved", model.fit(x, y)).name == ("improved.txt" if library == "lightgbm" else "improved.json")
