"""How much of the loss's gradient reaches each layer of a deep network before training, in PyTorch.

usage: vanishing.py DATA SEED OUT [KEY=VALUE …]
"""
import sys
from common import figure, hand_in, mnist, settings
import matplotlib.pyplot as plt
import torch
from torch import nn

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = settings(layers=16, width=64, batch=256, weights="default")
x, y, _, _ = mnist(data)


class Block(nn.Module):
    """Two layers; with `skip` a residual module."""

    def __init__(self, activation, skip):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(s.width, s.width), activation, nn.Linear(s.width, s.width))
        self.activation, self.skip = activation, skip

    def forward(self, x):
        return self.activation(self.layers(x) + x if self.skip else self.layers(x))


torch.manual_seed(seed)
metrics = {}
for name, activation, skip in [("sigmoid", nn.Sigmoid(), False), ("relu", nn.ReLU(), False), ("residual", nn.ReLU(), True)]:
    blocks = [Block(activation, skip) for _ in range(s.layers // 2)]
    model = nn.Sequential(nn.Linear(784, s.width), activation, *blocks, nn.Linear(s.width, 10))
    linear = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    if s.weights == "xavier":
        for layer in linear:
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    nn.functional.cross_entropy(model(x[: s.batch]), y[: s.batch]).backward()
    norms = [layer.weight.grad.norm().item() for layer in linear]
    metrics[f"vanishing.{name}.gradient_norms"] = norms
    metrics[f"vanishing.{name}.ratio"] = norms[0] / norms[-1]
    plt.semilogy(range(1, len(norms) + 1), norms, label=name)
figure(out, "vanishing", plt, "Gradient by layer before training", "layer, from the input", "norm of the gradient")
hand_in(out, metrics, {"vanishing_network": "sigmoid"})
