"""How a teaching assistant grades ten numbers and three plots.  usage: ta.py SUBMISSIONS SCORES.csv     (needs pillow)"""

import csv
import json
import sys
from pathlib import Path

from PIL import Image

EXPECTED = {  # value, tolerance
    "mlp.val_error": (0.0231, 0.003),
    "cnn.val_error": (0.0109, 0.002),
    "logistic.accuracy": (0.9182, 0.004),
    "tree.val_rmse": (5.12, 0.1),
    "forest.val_rmse": (3.87, 0.08),
    "boosted.val_rmse": (3.64, 0.08),
    "kmeans.cost": (0.5506, 0.01),
    "pca.retained": (0.9581, 0.005),
    "perceptron.updates": (37, 0),
    "mlp.parameters": (235146, 0),
}
PLOTS = ["loss", "accuracy", "depth"]


def drawn(path: Path) -> bool:
    """Whether a plot is there and not blank."""
    if not path.exists():
        return False
    low, high = Image.open(path).convert("L").getextrema()
    return low != high


with open(sys.argv[2], "w", newline="", encoding="utf-8") as file:
    scores = csv.writer(file)
    scores.writerow(["student", "numbers", "plots", "total"])
    for student in sorted(Path(sys.argv[1]).iterdir()):
        metrics = json.loads((student / "metrics.json").read_text(encoding="utf-8"))
        numbers = sum(name in metrics and abs(metrics[name] - value) <= tolerance for name, (value, tolerance) in EXPECTED.items())
        plots = sum(drawn(student / "figures" / f"{name}.png") for name in PLOTS)
        scores.writerow([student.name, numbers, plots, numbers + plots])
