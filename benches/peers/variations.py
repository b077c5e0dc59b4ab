"""One whole honest submission: every peer, with the ordinary choices of a different student for each seed.

usage: variations.py DATA SEED OUT [NAME …]     (only these peers, in this order)
"""
import os, subprocess, sys

NAMES = ["classifiers", "perceptron", "filters", "vanishing", "optimizers", "checkpoint", "positional", "residual", "better", "lenet"]
CHOICES = {  # what differs from the reference's settings, by seed
    2: {
        "vanishing": "weights=xavier",
        "checkpoint": "hidden=512 epochs=60",
        "positional": "octaves=6 width=64 epochs=100 decay=0.98",
        "residual": "weights=default epochs=4 width=100",
        "better": "dropout=0.1",
        "lenet": "batch=128 rate=0.001 decay=1",
    },
    3: {
        "checkpoint": "batch=32",
        "positional": "rate=0.001 batch=250",
        "residual": "batch=64",
        "better": "rate=0.001 decay=0.95 batch=128",
        "lenet": "optimizer=momentum rate=0.05 decay=0.9",
    },
}

data, seed, out = sys.argv[1:4]
for name in sys.argv[4:] or NAMES:
    choices = CHOICES.get(int(seed), {}).get(name, "").split()
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    subprocess.run([sys.executable, script, data, seed, out, *choices], check=True)
