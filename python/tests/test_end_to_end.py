"""What is recorded, as the command itself sees it. Without MLGRADE, which says where the command is, these are skipped."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from mlgrade import Submission, UnknownName, _program

np = pytest.importorskip("numpy")

RUBRIC = """
schema = 1
id = "hw"
title = "Homework"
seed = 1
data.flowers = { csv = "flowers.csv" }
data.rows = { npz = "rows.npz" }

[[part]]
id = "all"
title = "All kinds"
item = [
  { id = "losses", title = "Losses", points = 1, check = "curve", series = ["mlp.train_loss", "mlp.val_loss"], length = 5, monotone = "falling" },
  { id = "plot", title = "Plot", points = 1, check = "figure", figure = "mlp", x = "epochs", shows = ["mlp.train_loss", "mlp.val_loss"] },
  { id = "accuracy", title = "Accuracy", points = 1, check = "recompute", metric = "accuracy", predictions = "species", data = "flowers",
    target = "species", claim = "accuracy", tolerance = { absolute = 0.0005 } },
  { id = "loss", title = "Log loss", points = 1, check = "recompute", metric = "log-loss", reduction = "mean", scores = "probabilities",
    predictions = "proba", data = "flowers", target = "species", join = "plant", claim = "loss", tolerance = { absolute = 0.0005 } },
  { id = "network", title = "Network", points = 1, check = "network", network = "net", data = "rows", metric = "accuracy", claim = "net.accuracy",
    tolerance = { absolute = 0.0005 } },
  { id = "rule", title = "Rule", points = 1, check = "rule", rule = "rule", data = "flowers", class = "rose", accuracy = { at_least = 0.9 } },
  { id = "size", title = "Size", points = 1, check = "answer", answer = "size", choices = ["smaller", "larger"], expect = "smaller" },
  { id = "matrix", title = "Matrix", points = 1, check = "array", array = "w", shape = [2, 3], against = [[1, 2, 3], [4, 5, 6]], tolerance = { absolute = 0.1 } },
  { id = "code", title = "Code", points = 1, check = "file", file = "src/train.py" },
]
"""


@pytest.fixture
def course(place: Path, real: str) -> Any:
    """A rubric with its data, and the data."""
    random = np.random.default_rng(7)
    kinds = np.array(["rose", "tulip"])[(random.random(60) > 0.5).astype(int)]
    height = np.where(kinds == "rose", 30, 12) + random.normal(size=60).round(2)
    plants = random.permutation(np.arange(100, 160))
    rows = "\n".join(f"{plant},{kind},{tall:.2f}" for plant, kind, tall in zip(plants, kinds, height))
    (place / "flowers.csv").write_text(f"plant,species,height\n{rows}\n", encoding="utf-8")
    features = random.normal(size=(120, 6)).astype("float32")
    labels = (features[:, :2].sum(1) > 0).astype("int64")
    np.savez(place / "rows.npz", x_train=features[:80], y_train=labels[:80], x_val=features[80:], y_val=labels[80:])
    (place / "hw.student.toml").write_text(RUBRIC, encoding="utf-8")
    return {"plants": plants, "kinds": kinds, "height": height, "features": features, "labels": labels}


def states(sub: Submission) -> dict[str, str]:
    """How the course judges each item, which a student's own check does not tell of all."""
    view, _ = _program.told("check", str(sub.folder), "--rubric", sub.rubric, "--as-course", "--json", within=300, fine=(0, 1, 3))
    items = [item for part in view["parts"] for item in part["items"]]
    return {item["id"].split("/")[1]: f"{item['state']}: {item['advice']}" for item in items}


def test_the_names_are_those_of_the_rubric(course: Any) -> None:
    names = Submission(folder="hand-in").names
    kinds = {(name.name, name.kind) for name in names}
    assert kinds >= {
        ("mlp.train_loss", "series"), ("epochs", "series"), ("mlp", "figure"), ("species", "predictions"), ("proba", "predictions"), ("accuracy", "number"),
        ("net", "network"), ("rule", "rule"), ("size", "answer"), ("w", "array"), ("src/train.py", "file"),
    }  # fmt: skip
    assert names.find("mlp.val_loss", "values").length == 5
    assert names.find("w", "values").shape == (2, 3)
    assert set(names.find("size", "answers").choices or ()) == {"smaller", "larger"}
    assert names.find("proba", "predictions").join == "plant"
    assert names.find("mlp", "figure").shows == ("mlp.train_loss", "mlp.val_loss") and names.find("mlp", "figure").x == "epochs"


def test_everything_that_is_recorded_is_right(course: Any, plt: Any, place: Path) -> None:
    sub = Submission(folder="hand-in")
    with sub.run("mlp") as run:
        for epoch in range(5):
            run.log(train_loss=np.float32(0.9**epoch), val_loss=np.float32(1.1 * 0.9**epoch), epoch=epoch)
    sub["epochs"] = np.arange(1, 6)
    _, ax = plt.subplots()
    ax.plot(sub["epochs"], sub["mlp.train_loss"], "o-", label="train")
    ax.plot(sub["epochs"], sub["mlp.val_loss"], "o-", label="val")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    sub.figure("mlp")
    guess = np.where(course["height"] > 20.0, "rose", "tulip")
    guess[:3] = np.where(guess[:3] == "rose", "tulip", "rose")  # All right, they would be the answers themselves.
    sub.predictions("species", guess)
    sub["accuracy"] = float((guess == course["kinds"]).mean())
    rose = np.where(guess == "rose", 0.875, 0.25)
    order = np.random.default_rng(1).permutation(60)
    sub.predictions("proba", np.stack([rose, 1 - rose], axis=1)[order], ids=course["plants"][order])
    sub["loss"] = float(-np.log(np.where(course["kinds"] == "rose", rose, 1 - rose)).mean())
    sub.answer("size", "smaller")
    sub["w"] = [[1, 2, 3], [4, 5, 6]]
    (place / "train.py").write_text("print()\n")
    sub.file("src/train.py", "train.py")
    sub.rule("rule", "height > 20 -> rose")
    assert {one.name for one in sub.missing()} == {"net", "net.accuracy"}
    found = states(sub)
    network = found.pop("network")
    assert network.startswith("not-found")
    assert {name: said for name, said in found.items() if not said.startswith("fine")} == {}
    result = sub.check()
    assert [item.id for item in result.not_found] == ["all/network"] and result.to_fix == [] and not result.ok
    text = str(result)
    assert "Homework" in text and "networks/net.onnx" in text
    assert sub.zip("hw.zip").is_file()


def test_a_tree_of_sklearn_is_understood(course: Any) -> None:
    tree = pytest.importorskip("sklearn.tree")
    sub = Submission(folder="hand-in")
    numbers = (course["kinds"] == "rose").astype(int)
    clf = tree.DecisionTreeClassifier(max_depth=2, random_state=0).fit(course["height"].reshape(-1, 1), numbers)
    sub.rule("rule", clf, feature_names=["height"], class_names=["tulip", "rose"])
    assert states(sub)["rule"].startswith("fine"), states(sub)["rule"]


@pytest.mark.parametrize("way", ["onnx", "weights"])
def test_a_network_of_torch_is_run(course: Any, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    if way == "onnx" and importlib.util.find_spec("onnx") is None:
        pytest.skip("onnx is not installed")
    if way == "weights":
        monkeypatch.setattr("mlgrade._networks._installed", lambda *_: False)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    model(torch.randn(50, 6))
    features, labels = torch.tensor(course["features"][80:]), torch.tensor(course["labels"][80:])
    sub = Submission(folder="hand-in")
    sub["net.accuracy"] = (model.eval()(features).argmax(1) == labels).float().mean()
    assert sub.network("net", model, input="raw").suffix == (".onnx" if way == "onnx" else ".pt")
    assert states(sub)["network"].startswith("fine"), states(sub)["network"]
    # Another claim is not confirmed.
    sub["net.accuracy"] = (sub["net.accuracy"] + 0.5) % 1
    assert states(sub)["network"].startswith("fix")


def test_a_network_of_sklearn_is_run(course: Any) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    pytest.importorskip("skl2onnx")
    model = linear.LogisticRegression().fit(course["features"][:80], course["labels"][:80])
    sub = Submission(folder="hand-in")
    sub["net.accuracy"] = model.score(course["features"][80:], course["labels"][80:])
    sub.network("net", model)
    assert states(sub)["network"].startswith("fine"), states(sub)["network"]


def test_an_error_of_the_command_is_told(place: Path, real: str) -> None:
    from mlgrade import ProgramError

    (place / "hw.student.toml").write_text("schema = 1\n")
    with pytest.raises(ProgramError):
        Submission()


@pytest.mark.parametrize("rubric", ["cs441-hw2", "deep-learning-lab", "linear-models", "small-images", "hidden-labels"])
def test_a_template_runs_as_it_is_and_records_nothing(place: Path, real: str, rubric: str) -> None:
    subprocess.run([real, "release", "--rubric", rubric, "--out", "."], check=True, capture_output=True)
    (place / "hw.student.toml").unlink()
    cells = json.loads((place / "template.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code[0].startswith("%pip")
    known: dict[str, Any] = {}
    for cell in (cell for cell in code[1:] if "sub.zip" not in cell):
        exec(cell, known)  # noqa: S102 - what a student does with it
    sub = known["sub"]
    assert len(sub.missing()) == len([name for name in sub.names if not name.optional])
    assert not (place / "metrics.json").exists()


def test_dots_record_nothing_but_the_name_has_to_be_right(sub: Submission) -> None:
    sub["improved.val_error"] = ...
    assert "improved.val_error" not in sub
    with pytest.raises(UnknownName):
        sub["improved.val_eror"] = ...
