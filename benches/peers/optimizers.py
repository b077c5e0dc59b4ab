"""Five optimizers on four loss surfaces with torch.optim, as a student would do it. (The MNIST half is added below by the lead.)

usage: optimizers.py DATA SEED OUT     (the surfaces need neither data nor seed)
"""
import sys
import matplotlib
import numpy as np
import torch
from common import figure, hand_in

matplotlib.use("Agg")
import matplotlib.pyplot as plt

OPTIMIZERS = {
    "sgd": lambda p, r: torch.optim.SGD(p, r),
    "momentum": lambda p, r: torch.optim.SGD(p, r, momentum=0.9),
    "adagrad": lambda p, r: torch.optim.Adagrad(p, r),
    "rmsprop": lambda p, r: torch.optim.RMSprop(p, r, alpha=0.999),
    "adam": lambda p, r: torch.optim.Adam(p, r),
}
cos = lambda x: x.cos() if torch.is_tensor(x) else np.cos(x)
SURFACES = {  # loss, start, target, one learning rate an optimizer
    "bowl": (lambda x, y: (x**2 + 20 * y**2) / 2, (-4.0, 2.0), 1e-3, (0.03, 0.03, 0.5, 0.015, 0.2)),
    "saddle": (lambda x, y: x**2 / 2 + y**4 / 4 - y**2 / 2, (-2.0, 1e-3), -0.24, (0.1, 0.1, 0.5, 0.01, 0.1)),
    "beale": (
        lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
        (1.0, 1.5),
        0.1,
        (0.01, 0.002, 0.5, 0.01, 0.2),
    ),
    "egg": (lambda x, y: (x**2 + y**2) / 10 + (2 - cos(2 * x) - cos(2 * y)) / 2, (3.9, -3.7), 0.1, (0.2, 0.2, 0.2, 0.01, 0.1)),
}
STEPS = 200


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


out = sys.argv[3]
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
plt.title("Loss on the bowl")
plt.xlabel("step")
plt.ylabel("loss")
plt.legend()
figure(out, "optimizers", plt)

least = lambda metric: min(OPTIMIZERS, key=lambda method: metrics[metric.format(method)])
answers = {
    "best_on_bowl": least("bowl.{}.to_target"),
    "leaves_pit": least("egg.{}.final_loss"),
    "shrinking_step": "adagrad",
    "nan_losses": "diverged",
    "why_adaptive": "AdaGrad divides every slope by the root of its own past squares: the tiny one grows to a full step, later all shrink.",
}
hand_in(out, metrics, answers)
