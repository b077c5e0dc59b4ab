"""Five optimizers on four loss surfaces and on MNIST with torch.optim, as a student would do it.

usage: optimizers.py DATA SEED OUT [KEY=VALUE …]     (the surfaces need neither data nor seed)
"""
import sys
from common import figure, hand_in, loss_figure, mnist, settings, train
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

OPTIMIZERS = {
    "sgd": lambda p, r: torch.optim.SGD(p, r),
    "momentum": lambda p, r: torch.optim.SGD(p, r, momentum=0.9),
    "adagrad": lambda p, r: torch.optim.Adagrad(p, r),
    "rmsprop": lambda p, r: torch.optim.RMSprop(p, r, alpha=0.999),
    "adam": lambda p, r: torch.optim.Adam(p, r),
}
cos = lambda x: x.cos() if torch.is_tensor(x) else np.cos(x)
beale = lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
SURFACES = {  # loss, start, target, one learning rate an optimizer
    "bowl": (lambda x, y: (x**2 + 20 * y**2) / 2, (-4.0, 2.0), 1e-3, (0.03, 0.03, 0.5, 0.015, 0.2)),
    "saddle": (lambda x, y: x**2 / 2 + y**4 / 4 - y**2 / 2, (-2.0, 1e-3), -0.24, (0.1, 0.1, 0.5, 0.01, 0.1)),
    "beale": (beale, (1.0, 1.5), 0.1, (0.01, 0.002, 0.5, 0.01, 0.2)),
    "egg": (lambda x, y: (x**2 + y**2) / 10 + (2 - cos(2 * x) - cos(2 * y)) / 2, (3.9, -3.7), 0.1, (0.2, 0.2, 0.2, 0.01, 0.1)),
}
STEPS = 200
MNIST_RATES = (0.1, 0.02, 0.02, 0.001, 0.001)


def walk(make, rate, loss, start):
    """Positions and losses after each step, and by what the slope along x was multiplied."""
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([p], rate)
    positions, losses, effective = [], [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(p[0], p[1]).backward()
        optimizer.step()
        positions.append(p.tolist())
        losses.append(float(loss(p[0].detach(), p[1].detach())))
        state = optimizer.state[p]
        if "sum" in state:
            effective.append(rate / (float(state["sum"][0]) ** 0.5 + 1e-10))
        elif "square_avg" in state:
            effective.append(rate / (float(state["square_avg"][0]) ** 0.5 + 1e-8))
    return positions, losses, effective


data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = settings(hidden=64, batch=256, epochs=5)
metrics, fig, bowl = {}, plt.figure(figsize=(11, 10)), {}
for i, (surface, (loss, start, target, rates)) in enumerate(SURFACES.items()):
    axes, paths = fig.add_subplot(2, 2, i + 1), []
    for (method, make), rate in zip(OPTIMIZERS.items(), rates):
        positions, losses, effective = walk(make, rate, loss, start)
        name = f"{surface}.{method}"
        metrics[name + ".steps"] = [value for position in positions[:5] for value in position]
        metrics[name + ".loss"] = losses
        metrics[name + ".to_target"] = next((step for step, value in enumerate(losses, 1) if value < target), STEPS + 1)
        if surface == "egg":
            metrics[name + ".final_loss"] = losses[-1]
        if surface == "bowl":
            bowl[method] = losses
            if effective:
                metrics[method + ".effective_step"] = effective
                metrics[method + ".least_effective_step"] = min(effective)
                metrics[method + ".final_effective_step"] = effective[-1]
        paths.append(np.array([start, *positions]))
        axes.plot(*paths[-1].T, label=method)
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    grid = np.meshgrid(np.linspace(x0, x1, 100), np.linspace(y0, y1, 100))
    heights = loss(*grid)
    axes.contour(*grid, heights, levels=np.unique(np.quantile(heights, np.linspace(0.05, 0.95, 14) ** 2)), colors="0.8", linewidths=0.7)
    axes.set(title=surface, xlabel="x", ylabel="y")
    axes.legend()
figure(out, "surfaces", plt)
for method, losses in bowl.items():
    plt.semilogy(range(1, STEPS + 1), losses, label=method)
figure(out, "optimizers", plt, "Loss on the bowl", "step", "loss")

images, histories = mnist(data), {}
for (method, make), rate in zip(OPTIMIZERS.items(), MNIST_RATES):
    torch.manual_seed(seed)  # the same weights and batches for all
    model = nn.Sequential(nn.Linear(784, s.hidden), nn.ReLU(), nn.Linear(s.hidden, 10))
    history = histories[f"{method}, rate {rate}"] = train(model, images, make(model.parameters(), rate), s.epochs, s.batch)
    metrics[f"mnist.{method}.train_loss"], metrics[f"mnist.{method}.val_loss"] = history["train_loss"], history["val_loss"]
    metrics[f"mnist.{method}.final_val_loss"] = history["val_loss"][-1]
loss_figure(out, "optimizers_mnist", "Five optimizers on one network", histories)

least = lambda metric: min(OPTIMIZERS, key=lambda method: metrics[metric.format(method)])
answers = {
    "best_on_bowl": least("bowl.{}.to_target"),
    "leaves_pit": least("egg.{}.final_loss"),
    "shrinking_step": "adagrad",
    "best_on_mnist": least("mnist.{}.final_val_loss"),
    "nan_losses": "diverged",
    "why_adaptive": "AdaGrad divides every slope by the root of its own past squares: the tiny one grows to a full step, later all shrink.",
}
hand_in(out, metrics, answers)
