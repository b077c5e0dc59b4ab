"""Our references against scikit-learn and PyTorch on this machine: seconds of both, and their ratio. By hand, nothing else running.

usage: compare.py MLGRADE DATA [PART …]     (the program, built for release; a folder with weather.csv, penguins.csv and the raw MNIST
files; only these parts). Needs torch, scikit-learn, scikit-image, pandas, matplotlib and pillow.

Each pair runs directly after each other: `mlgrade verify --part …` and the script that does the same work as a student would. What a
script's imports take is measured and taken off it; starting our program and unpacking its data (0.2 s for MNIST) is left in ours.
Where PyTorch runs on one thread or two, whichever is faster counts.
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

MLGRADE, DATA = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HERE = os.path.dirname(os.path.abspath(__file__))
HOMEWORK = os.path.join(HERE, "../../fixtures/peers/make.py")
PARTS = [  # our parts, their scripts
    (["trees", "mnist", "penguins"], [HOMEWORK, "better.py"]),
    (["picture"], ["positional.py"]),
    (["perceptron"], ["perceptron.py"]),
    (["optimizers"], ["optimizers.py"]),
    (["filters"], ["filters.py"]),
    (["lenet"], ["lenet.py"]),
    (["vanishing"], ["vanishing.py"]),
    (["residual"], ["residual.py"]),
    (["checkpoint"], ["checkpoint.py"]),
    (["penguin-classifiers", "digit-classifiers"], ["classifiers.py"]),
]


def seconds(command, threads=2):
    start = time.time()
    subprocess.run(command, check=True, cwd=HERE, env={**os.environ, "OMP_NUM_THREADS": str(threads)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.time() - start


def importing(script):
    """Seconds that the script's imports alone take."""
    imports = "".join(line for line in open(os.path.join(HERE, script)) if re.match("(import|from) ", line))
    return statistics.median(seconds([sys.executable, "-c", imports]) for _ in range(3))


print(f"{'part':42} {'ours':>7} {'theirs':>7}  ratio")
totals = [0.0, 0.0]
with tempfile.TemporaryDirectory() as out:
    for parts, scripts in PARTS:
        if sys.argv[3:] and not set(parts) & set(sys.argv[3:]):
            continue
        ours = sum(seconds([MLGRADE, "verify", "--part", part]) for part in parts)
        theirs = 0.0
        for script in scripts:
            arguments = [DATA, "0"] if script == HOMEWORK else [DATA, "0", out]
            runs = [seconds([sys.executable, script, *arguments], threads) for threads in (1, 2)]
            theirs += max(0.01, min(runs) - importing(script))
        totals = [totals[0] + ours, totals[1] + theirs]
        print(f"{', '.join(parts):42} {ours:7.1f} {theirs:7.1f}  {ours / theirs:.2f}", flush=True)
print(f"{'all':42} {totals[0]:7.1f} {totals[1]:7.1f}  {totals[0] / totals[1]:.2f}")
