"""Runs the three notebooks with mlgrade's recorder, and checks what they hand in.

usage: run.py [NAME ...] [--require NAME ...] [--keep DIR]

For each notebook whose packages are installed: a folder with the student's edition of its rubric, its data and the notebook with the lines of
add_lines.py; the notebook is run from top to bottom, and `mlgrade check` has to find nothing to fix. One whose packages are not installed is
skipped, which `--require` makes an error. Needs nbclient and ipykernel. The recorder and the command are those that are installed; where none
are, those of this folder and target/release/mlgrade, or what MLGRADE names.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time

from add_lines import with_lines

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MOST = 12
"""Lines that are added to a notebook."""
NOTEBOOKS = {
    "pytorch": (["torch", "numpy", "matplotlib"], f"{HERE}/digits.npz"),
    "keras": (["keras", "numpy", "matplotlib"], f"{HERE}/digits.npz"),
    "scikit-learn": (["sklearn", "pandas", "matplotlib"], f"{ROOT}/crates/data/files/penguins.csv"),
}


def installed(module):
    return importlib.util.find_spec(module) is not None


def missing(name):
    """What is not installed of what a notebook needs."""
    lacking = [module for module in NOTEBOOKS[name][0] if not installed(module)]
    backends = ["jax", "torch", "tensorflow"]
    if name == "keras" and not lacking and "KERAS_BACKEND" not in os.environ:
        backend = next(filter(installed, backends), None)
        if backend is None:
            return [" or ".join(backends)]
        os.environ["KERAS_BACKEND"] = backend
    return lacking


def program():
    beside = os.path.join(os.path.dirname(sys.executable), "mlgrade")
    if installed("mlgrade") and os.path.exists(beside):
        return beside
    built = f"{ROOT}/target/release/mlgrade"
    found = os.environ.get("MLGRADE") or (built if os.path.exists(built) else shutil.which("mlgrade"))
    if not found:
        raise SystemExit("there is no mlgrade: build it with cargo build --release, or set MLGRADE")
    return found


def mlgrade(*arguments):
    done = subprocess.run([os.environ["MLGRADE"], *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def run(name, folder):
    """What is wrong, or None."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    given = f"{folder}-for-students"
    code, said = mlgrade("release", "--rubric", f"{HERE}/{name}.toml", "--out", given)
    if code != 0:
        return f"release ended with {code}:\n{said}"
    os.makedirs(folder)
    rubric = f"{folder}/{name}.student.toml"
    shutil.copy(f"{given}/{name}.student.toml", rubric)
    shutil.copy(NOTEBOOKS[name][1], folder)
    notebook, added = with_lines(nbformat.read(f"{HERE}/{name}.ipynb", as_version=4), name)
    if added > MOST:
        return f"{added} lines are added, and at most {MOST} should do"
    started = time.time()
    try:
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    except CellExecutionError as error:
        return str(error)
    took = time.time() - started
    nbformat.write(notebook, f"{folder}/{name}.ipynb")
    code, said = mlgrade("check", folder, "--rubric", rubric)
    if code != 0:
        return f"check ended with {code}:\n{said}"
    # What the course will find: everything that needs no person is right.
    code, said = mlgrade("check", folder, "--rubric", f"{HERE}/{name}.toml", "--as-course")
    if code != 0:
        return f"check --as-course ended with {code}:\n{said}"
    print(f"{name}: fine, {added} lines added, ran in {took:.0f} s")
    return None


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("name", nargs="*", help=", ".join(NOTEBOOKS))
    p.add_argument("--require", action="append", default=[], metavar="NAME", choices=list(NOTEBOOKS), help="fail if it cannot be run")
    p.add_argument("--keep", metavar="DIR", help="leave the folders there")
    args = p.parse_args()
    for name in args.name:
        if name not in NOTEBOOKS:
            p.error(f"there is no notebook {name}")
    os.environ["MLGRADE"] = os.path.abspath(program())
    if not installed("mlgrade"):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [f"{ROOT}/python", os.environ.get("PYTHONPATH")]))
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads than free cores take much longer
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        for name in args.name or NOTEBOOKS:
            lacking = missing(name)
            if lacking:
                print(f"{name}: skipped, not installed: {', '.join(lacking)}")
                failed |= name in args.require
                continue
            wrong = run(name, os.path.join(os.path.abspath(args.keep) if args.keep else temporary, name))
            if wrong:
                print(f"{name}: {wrong}")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
