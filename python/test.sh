#!/usr/bin/env bash
# Tests the Python package with each of the given Pythons: types, style, the examples in docstrings with the standard library alone, pytest.
#
# usage: python/test.sh PYTHON...        (default: python3)
#
# MLGRADE says where the command is; without it the tests that run the command are skipped. Virtual environments are kept in target/python.
set -euo pipefail
if [ -n "${MLGRADE:-}" ]; then
    MLGRADE="$(realpath "$MLGRADE")"
    export MLGRADE
fi
[ $# -gt 0 ] || set -- python3
pythons=()
for python in "$@"; do
    pythons+=("$("$python" -c 'import sys; print(sys.executable)')")
done
cd "$(dirname "$0")"
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 MPLBACKEND=Agg
for python in "${pythons[@]}"; do
    version="$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:3])))')"
    echo "== Python $version"
    # Without any package: -S leaves out site-packages.
    (cd tests && PYTHONPATH=.. "$python" -S -W error -m unittest -q test_doctests)
    venv="../target/python/$version"
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install -q -r tests/requirements.txt
    "$venv/bin/python" -m mypy --config-file ../pyproject.toml --cache-dir "$venv/mypy" mlgrade
    "$venv/bin/ruff" check --no-cache mlgrade tests
    "$venv/bin/ruff" format --no-cache --check -q mlgrade tests
    "$venv/bin/python" -m pytest -q -p no:cacheprovider -c ../pyproject.toml --rootdir .. tests
done
