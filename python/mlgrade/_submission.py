"""The folder that is handed in, filled while a notebook runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Union

from . import _answers, _archive, _checks, _complete, _drawn, _figures, _networks, _predictions, _rules
from ._check import Result, check
from ._errors import NotRecorded, RecordError, UnknownName
from ._files import inside, write
from ._journal import Journal, settle_all
from ._names import Name, Names
from ._program import EXPLAINS_WITHIN, find_rubric, told
from ._status import Missing, Status
from ._store import REMOVED, Store
from ._words import counted, listed, nearest

Path_ = Union[str, "os.PathLike[str]"]


def load_names(rubric: Path_ | None, folder: Path | None = None) -> tuple[Names, str]:
    """What a rubric asks for, as the command tells it, and the rubric that is meant."""
    found = find_rubric(rubric, folder or Path.cwd())
    return Names(told("explain", "--rubric", found, "--json", within=EXPLAINS_WITHIN)[0]), found


class Submission:
    """What a rubric asks for, recorded in a folder. Everything is checked first and written at once, but for long
    series that are logged, which are written once a second.

    `...` in the place of a value, as in a template to fill in, records nothing.

    >>> sub = Submission("hw.student.toml", folder="hand-in")
    >>> sub["improved.val_error"] = 0.0209
    >>> sub["improved.val_error"]
    0.0209
    >>> sub["improved.val_eror"] = 0.0209
    Traceback (most recent call last):
    mlgrade._errors.UnknownName: the rubric asks for no `improved.val_eror`; did you mean `improved.val_error`?
    >>> sub["improved.val_error"] = 2.09
    Traceback (most recent call last):
    mlgrade._errors.RecordError: `improved.val_error` = 2.09 is above 1, but the rubric asks for a fraction from 0 to 1; if it is percent, divide by 100: 0.0209
    """

    def __init__(self, rubric: Path_ | None = None, folder: Path_ = ".") -> None:
        """`rubric` is the course's file, or a name that the command knows. Left out, it is MLGRADE_RUBRIC, or the one *.student.toml in the
        folder or above it."""
        self.folder = Path(folder).resolve()
        self.names, self.rubric = load_names(rubric, self.folder)
        settle_all()
        self._metrics = Journal(Store(self.folder / "metrics.json", [name.name for name in self.names.of("values")]))
        self._stated = Store(self.folder / "answers.json", [name.name for name in self.names.of("answers", "rule")])
        _complete.install(lambda one: isinstance(one, Submission))

    # Numbers, series and arrays.

    def __setitem__(self, name: str, value: Any) -> None:
        self.record(name, value)

    def record(self, name: str, value: Any, *, allow_nan: bool = False) -> None:
        """Records a number, a series or an array, as `sub[name] = value` does. `allow_nan` takes NaN and infinity as they are."""
        entry = self.names.find(name, "values")
        if value is ...:
            return
        self._metrics.assign({name: _checks.checked(entry, value, allow_nan)})

    def __getitem__(self, name: str) -> Any:
        value = self._metrics.get(name)
        if value is None:
            self.names.find(name, "values")
            raise NotRecorded(f"nothing is recorded as `{name}` yet")
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._metrics.get(name) is not None

    def __delitem__(self, name: str) -> None:
        self[name]
        self._metrics.assign({name: REMOVED})

    def _ipython_key_completions_(self) -> list[str]:
        return [name.name for name in self.names.of("values")]

    # Series that grow.

    def log(self, prefix: str = "", values: Mapping[str, Any] | None = None, /, *, epoch: Any = None, allow_nan: bool = False, **named: Any) -> None:
        """Appends a value to each of these series, once an epoch: `sub.log("mlp", train_loss=0.5, val_loss=0.6)`.

        With `epoch=`, counted from 0 or 1, an epoch that was logged before is replaced and later ones are dropped, so that the cell may be run
        again. Without it, see `restart`.

        >>> sub = Submission("hw.student.toml", folder="hand-in")
        >>> for epoch in range(2):
        ...     sub.log("improved", val_loss=0.5 / (epoch + 1), epoch=epoch)
        >>> sub["improved.val_loss"]
        [0.5, 0.25]
        >>> sub.log("improved", val_loss=0.4, epoch=0)
        >>> sub["improved.val_loss"]
        [0.4]
        """
        number = _checks.checked_epoch(epoch)
        given = {**(values or {}), **named}
        if not given:
            raise RecordError(f'sub.log("{prefix}") was given no values; write sub.log("{prefix}", val_loss=…)')
        steps = []
        for key, value in given.items():
            entry = self.names.find(f"{prefix}.{key}" if prefix else key, "values")
            steps.append((entry, _checks.checked_step(entry, value, allow_nan)))
        self._metrics.log(prefix, steps, number)

    def restart(self, prefix: str, keep: int = 0) -> None:
        """Lets the series under `prefix` begin anew, at the top of a training cell. `keep=7` goes on after the first 7 values.

        What was logged in this session is taken out at once, other values as soon as new ones are logged.
        """
        if isinstance(keep, bool) or not isinstance(keep, int) or keep < 0:
            raise RecordError(f"keep={keep!r} is no number of values; it is 0 or more")
        all_series = [name.name for name in self.names.of("values") if name.kind in ("series", "value")]
        meant = [name for name in all_series if not prefix or name == prefix or name.startswith(prefix + ".")]
        if not meant:
            known = list(dict.fromkeys(name.rpartition(".")[0] for name in all_series))
            near = nearest(prefix, known)
            raise UnknownName(
                f"the rubric asks for no series under `{prefix}`; " + (f"did you mean `{near}`?" if near else f"there are {listed(known)}")
            )
        self._metrics.restart(meant, keep)

    def run(self, prefix: str, keep: int = 0) -> Run:
        """A training that begins anew each time: `with sub.run("mlp") as run: … run.log(val_loss=…)`."""
        return Run(self, prefix, keep)

    # Everything else.

    def answer(self, name: str, value: Any) -> None:
        """Records an answer: a choice, a list of choices, a number, or words."""
        entry = self.names.find(name, "answers")
        if value is ...:
            return
        self._stated.change({name: _answers.checked(entry, value)})

    def rule(self, name: str, rule: Any, feature_names: Sequence[str] | None = None, class_names: Sequence[str] | None = None) -> None:
        """Records a rule: text, or a fitted decision tree of scikit-learn."""
        entry = self.names.find(name, "rule")
        if rule is ...:
            return
        self._stated.change({name: _rules.text_of(entry, rule, feature_names, class_names)})

    def figure(self, name: str, fig: Any = None, **savefig_kwargs: Any) -> Path | None:
        """Saves a figure of matplotlib, by default the current one, as PNG; or copies a picture, given as path or bytes.

        Lines whose labels are names of series that the figure is to show must have the numbers that are recorded. Where none are recorded yet,
        those of the line are.
        """
        entry = self.names.find(name, "figure")
        if fig is ...:
            return None
        found = _figures.picture(name, fig)
        if found is None:
            figure = _figures.figure_of(fig)
            series = _drawn.recorded(entry, figure, self.names, self._metrics.read())
            kind = str(savefig_kwargs.pop("format", "png"))
            if kind != "png":
                raise RecordError(f"the figure `{name}` is saved as PNG; for another format save it yourself and hand over the path")
            found = _figures.png(figure, **{"dpi": _figures.usual_dpi(figure), **savefig_kwargs}), ".png"
        else:
            series = {}
        content, ending = found
        path = self._path(entry, ending)
        _figures.refuse_rivals(path)
        write(path, content)
        if series:
            self._metrics.assign(series)
        return path

    def predictions(self, name: str, y_pred: Any, ids: Any = None) -> Path | None:
        """Records a class, a value, or a row of scores for each example, as CSV."""
        entry = self.names.find(name, "predictions")
        if y_pred is ... or ids is ...:
            return None
        path = self._path(entry, ".csv")
        write(path, _predictions.sheet(entry, y_pred, ids).encode("utf-8"))
        return path

    def network(
        self,
        name: str,
        model: Any,
        example: Any = None,
        *,
        layers: Sequence[Mapping[str, Any]] | None = None,
        input: _networks.Input | None = None,
        border: int | None = None,
    ) -> Path | None:
        """Records a network: a model of PyTorch, Keras or scikit-learn, or the path of its file.

        `example` is a batch that it takes, for ONNX. Without ONNX a plain Sequential is saved as its weights with a list of layers; `layers`
        states that list for other models. `input` and `border` say how examples are presented to it.
        """
        entry = self.names.find(name, "network")
        if model is ...:
            return None
        network = _networks.exported(name, model, example, layers)
        network.say(_networks.input_lines(input, border))
        return network.write(self._path(entry, ""))

    def file(self, name: str, path: Any = None) -> Path | None:
        """Records a file or a notebook: the one at `path` is copied into the folder; without it, it has to lie there already."""
        entry = self.names.find(name, "file", "notebook")
        if path is ...:
            return None
        target = inside(self.folder, entry.file)
        source = target if path is None else Path(path).resolve()
        if not source.is_file():
            raise RecordError(f"there is no file {source}; save it there, or say path=… where it is")
        if source.stat().st_size == 0:
            raise RecordError(f"{source} is empty; save it first")
        if entry.family == "notebook" and source.parent == self.folder:
            self._only_notebook(entry, source)
            return source  # A notebook is found under any name.
        if source != target:
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target, source.read_bytes())
            shutil.copystat(source, target)
        return target

    def _only_notebook(self, entry: Name, source: Path) -> None:
        """An error if the grader would not know which of several notebooks is meant, or would take another one."""
        others = [path.name for path in sorted(self.folder.glob("*.ipynb")) if path != source and not path.name.startswith(".")]
        if others and source.name != entry.file:
            raise RecordError(
                f"beside {source.name} there is {listed(others)}, and one notebook is asked for; move others away, or name it {entry.file}"
            )

    def _path(self, entry: Name, ending: str) -> Path:
        """Where the file of this ending goes."""
        folder = entry.file.rpartition("/")[0]
        return inside(self.folder, f"{folder}/{entry.name}{ending}" if folder else f"{entry.name}{ending}")

    # What there is of it.

    def save(self) -> Status:
        """Everything is on disk then; this tells what is recorded and what is missing."""
        return Status(self.names, self.folder, self._metrics.read(), self._stated.read())

    def missing(self, optional: bool = False) -> list[Missing]:
        """What is asked for and not recorded; with `optional` also what may be left out."""
        return self.save().missing(optional)

    def check(self) -> Result:
        """Checks the folder as `mlgrade check` does: what to fix, what is not there yet, what the course will judge."""
        self._metrics.read()
        return check(self.folder, self.rubric)

    def zip(self, path: Path_ = "submission.zip", *, also: Sequence[Path_] = ()) -> Path:
        """Writes an archive of what is recorded, and of the files `also`, to hand in. It prints what is missing.

        A relative path is in the current folder.
        """
        status = self.save()
        target = Path(path).resolve()
        names = _archive.contents(status, [os.fspath(one) for one in also])
        _archive.write(target, self.folder, names)
        missing = status.missing()
        first = [str(one) for one in missing[:5]] + ([f"and {len(missing) - 5} more (sub.missing() lists them)"] if len(missing) > 5 else [])
        said = f"; missing: {', '.join(first)}" if missing else "; nothing is missing"
        print(f"{target.name}: {counted(len(names), 'file')}, {', '.join(names)}{said}")
        return target

    def __repr__(self) -> str:
        return str(self.save())

    def _repr_html_(self) -> str:
        return self.save()._repr_html_()


class Run:
    """One training, whose series begin anew."""

    def __init__(self, submission: Submission, prefix: str, keep: int) -> None:
        self._submission, self._prefix, self._keep = submission, prefix, keep

    def __enter__(self) -> Run:  # noqa: PYI034 - `Self` came with Python 3.11
        self._submission.restart(self._prefix, self._keep)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        return None

    def log(self, values: Mapping[str, Any] | None = None, /, *, epoch: Any = None, allow_nan: bool = False, **named: Any) -> None:
        """As `Submission.log`, under the training's prefix."""
        self._submission.log(self._prefix, values, epoch=epoch, allow_nan=allow_nan, **named)
