"""The examples in the docstrings, with the standard library alone."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import shutil
import tempfile
import unittest
from pathlib import Path

import mlgrade
from support import write_command, write_rubric

# Importing it would run the command.
MODULES = sorted(module.name for module in pkgutil.iter_modules(mlgrade.__path__) if module.name != "__main__")


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite, pattern: str | None) -> unittest.TestSuite:
    """`python -m unittest test_doctests` runs the examples of all modules, each in an empty folder."""
    before = {key: os.environ.get(key) for key in ("MLGRADE", "MLGRADE_RUBRIC")}
    here = os.getcwd()

    def set_up(_: doctest.DocTest) -> None:
        folder = Path(tempfile.mkdtemp())
        os.environ["MLGRADE"] = str(write_command(folder))
        os.environ.pop("MLGRADE_RUBRIC", None)
        write_rubric(folder)
        os.chdir(folder)

    def tear_down(_: doctest.DocTest) -> None:
        folder = os.getcwd()
        os.chdir(here)
        shutil.rmtree(folder)
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value

    for name in MODULES:
        tests.addTests(doctest.DocTestSuite(importlib.import_module(f"mlgrade.{name}"), setUp=set_up, tearDown=tear_down))
    return tests


def test_the_examples_hold() -> None:
    suite = load_tests(unittest.TestLoader(), unittest.TestSuite(), None)
    result = unittest.TestResult()
    suite.run(result)
    assert result.testsRun > 20
    assert not result.failures + result.errors, "\n".join(trace for _, trace in result.failures + result.errors)


if __name__ == "__main__":
    unittest.main()
