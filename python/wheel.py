"""Looks after wheels: how large they are, whether an installed one works, and the archive of the command alone.

usage: wheel.py size DIST                     fails if a wheel is larger than 30 MB
       wheel.py try                           a student's first minutes with the installed package, in a temporary folder
       wheel.py archive DIST --target TARGET  packs the command of the wheel for cargo binstall
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

MOST = 30_000_000
"""Bytes that a wheel may have."""


def size(dist):
    wheels = sorted(Path(dist).glob("*.whl"))
    assert wheels, f"there is no wheel in {dist}"
    for wheel in wheels:
        bytes_ = wheel.stat().st_size
        print(f"{wheel.name}: {bytes_ / 1e6:.1f} MB")
        assert bytes_ <= MOST, f"{wheel.name} has {bytes_} bytes, more than {MOST}"
        names = zipfile.ZipFile(wheel).namelist()
        for wanted in ("mlgrade/__init__.py", "mlgrade/py.typed"):
            assert wanted in names, f"{wheel.name} lacks {wanted}"
        strangers = [name for name in names if name.startswith(("tests/", "mlgrade/tests", "notebooks/"))]
        assert not strangers, f"{wheel.name} holds {strangers}"


def try_out():
    """From nothing to a check, with what `pip install` gives and nothing else."""
    import mlgrade

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # `python -m mlgrade` and the command are the same.
        said = [subprocess.run([*call, "--version"], capture_output=True, text=True, check=True).stdout for call in ([sys.executable, "-m", "mlgrade"], ["mlgrade"])]
        assert said[0] == said[1] and said[0].startswith("mlgrade "), said
        subprocess.run(["mlgrade", "release", "--rubric", "cs441-hw2", "--out", "."], check=True)
        sub = mlgrade.Submission()  # finds the rubric by itself
        assert not sub.check().ok and sub.missing()
        sub["improved.val_error"] = 0.0209
        for epoch in range(20):
            sub.log("improved", train_loss=0.5 / (epoch + 1), val_loss=0.4 / (epoch + 1) + 0.1, epoch=epoch)
        sub.answer("boosted_size", "smaller")
        try:
            sub["improved.val_eror"] = 0.02
        except mlgrade.RecordError as error:
            assert "did you mean `improved.val_error`?" in str(error), error
        else:
            raise AssertionError("a misspelt name was recorded")
        result = sub.check()
        found = {item.id for item in result.items if item.state in ("fine", "found")}
        assert {"mnist/improved-curves", "trees/boosted-size"} <= found, found
        sub.zip("hw2.zip")
        print(str(result).splitlines()[1])
        os.chdir("/")


def archive(dist, target):
    (wheel,) = Path(dist).glob("*.whl")
    with zipfile.ZipFile(wheel) as packed, tempfile.TemporaryDirectory() as folder:
        (command,) = [name for name in packed.namelist() if name.endswith((".data/scripts/mlgrade", ".data/scripts/mlgrade.exe"))]
        file = Path(folder) / Path(command).name
        file.write_bytes(packed.read(command))
        file.chmod(0o755)
        path = Path(dist) / f"mlgrade-{target}.tgz"
        with tarfile.open(path, "w:gz") as out:
            out.add(file, arcname=file.name)
        print(path)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = p.add_subparsers(dest="command", required=True)
    commands.add_parser("size").add_argument("dist")
    commands.add_parser("try")
    packing = commands.add_parser("archive")
    packing.add_argument("dist")
    packing.add_argument("--target", required=True)
    args = p.parse_args()
    if args.command == "size":
        size(args.dist)
    elif args.command == "try":
        try_out()
    else:
        archive(args.dist, args.target)


if __name__ == "__main__":
    main()
