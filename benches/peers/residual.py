"""Plain and residual networks of growing depth, and what one of their blocks is worth, in PyTorch.

usage: residual.py DATA SEED OUT [KEY=VALUE …]
"""
import sys
from common import evaluate, figure, hand_in, mnist, settings, train
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = settings(width=64, images=20000, epochs=5, batch=128, rate=0.001, removed_from=12, weights="he")
depths = [4, 12, 24, 36]
x_train, y_train, x_val, y_val = mnist(data)
images = x_train[: s.images], y_train[: s.images], x_val, y_val


class Block(nn.Module):
    """Two layers; with `skip` a residual module."""

    def __init__(self, skip):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(s.width, s.width), nn.ReLU(), nn.Linear(s.width, s.width))
        self.skip = skip

    def forward(self, x):
        return torch.relu(self.layers(x) + x if self.skip else self.layers(x))


def network(depth, skip):
    blocks = [Block(skip) for _ in range(depth // 2)]
    model = nn.Sequential(nn.Linear(784, s.width), nn.ReLU(), *blocks, nn.Linear(s.width, 10))
    if s.weights == "he":
        for layer in model.modules():
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        for block in blocks if skip else []:
            nn.init.zeros_(block.layers[-1].weight)
    return model, blocks


torch.manual_seed(seed)
metrics, removals = {"depths": depths}, {}
for name, skip in [("plain", False), ("residual", True)]:
    errors = []
    for depth in depths:
        model, blocks = network(depth, skip)
        history = train(model, images, torch.optim.Adam(model.parameters(), s.rate), s.epochs, s.batch)
        errors.append((history["train_error"][-1], history["val_error"][-1]))
        if depth == s.removed_from:
            without = [nn.Sequential(*(layer for layer in model if layer is not block)) for block in blocks]
            removals[name] = [evaluate(rest, x_val, y_val)[1] for rest in without], errors[-1][1]
    metrics[name + ".train_error"], metrics[name + ".val_error"] = zip(*errors)
    metrics[name + ".deepest_train_error"] = errors[-1][0]
    metrics[f"removal.{name}.val_error"], whole = removals[name]
    metrics[f"removal.{name}.rise"] = float(np.mean(removals[name][0]) - whole)
    colour = "C1" if skip else "C0"
    plt.plot(depths, metrics[name + ".train_error"], colour + "--", label=name + ", training")
    plt.plot(depths, metrics[name + ".val_error"], colour, label=name + ", validation")
figure(out, "residual", plt, "Error by depth", "layers in blocks", "error (fraction)")

for colour, (name, (errors, whole)) in zip(["C0", "C1"], removals.items()):
    plt.plot(range(1, len(errors) + 1), errors, colour, label=name + ", without it")
    plt.axhline(whole, color=colour, linestyle="--", label=name + ", whole")
figure(out, "removal", plt, "Validation error without one block", "removed block", "error (fraction)")
hand_in(out, metrics, {"deep_plain_network": "underfitting", "ensemble": "residual"})
