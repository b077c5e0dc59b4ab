"""LeNet-5, and the same network with AlexNet's changes, in PyTorch.

usage: lenet.py DATA SEED OUT [KEY=VALUE …]
"""
import sys
from common import hand_in, loss_figure, mnist, predictions, settings, train
import torch
from torch import nn

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = settings(epochs=5, batch=64, optimizer="adam", rate=0.002, decay=0.75, dropout=0.2)
images = mnist(data)


def network(activation, pool, dropout):
    """From 784 pixels to 10 logits."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        *(nn.Conv2d(1, 6, 5, padding=2), activation(), pool(2)),
        *(nn.Conv2d(6, 16, 5), activation(), pool(2)),
        nn.Flatten(),
        *(nn.Dropout(dropout), nn.Linear(400, 120), activation()),
        *(nn.Dropout(dropout), nn.Linear(120, 84), activation()),
        nn.Linear(84, 10),
    )


def optimizer(model):
    if s.optimizer == "momentum":
        return torch.optim.SGD(model.parameters(), s.rate, momentum=0.9)
    return torch.optim.Adam(model.parameters(), s.rate)


metrics, histories = {}, {}
for name, label, parts in [
    ("sigmoid", "sigmoid, average pooling", (nn.Sigmoid, nn.AvgPool2d, 0.0)),
    ("relu", "ReLU, maximum pooling, dropout", (nn.ReLU, nn.MaxPool2d, s.dropout)),
]:
    torch.manual_seed(seed)
    model = network(*parts)
    history = histories[label] = train(model, images, optimizer(model), s.epochs, s.batch, s.decay)
    for metric in ["train_loss", "val_loss", "val_error"]:
        metrics[f"lenet.{name}.{metric}"] = history[metric]
    metrics[f"lenet.{name}.final_error"] = history["val_error"][-1]
predictions(out, "lenet", history["predictions"][-1])
loss_figure(out, "lenet", "LeNet-5 and AlexNet's changes", histories)

metrics["lenet.parameters"] = sum(p.numel() for p in model.parameters())
metrics["lenet.sizes"], x = [], images[2][:1]
for layer in model:
    x = layer(x)
    if isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.Linear)):
        metrics["lenet.sizes"].append(x.numel())
hand_in(out, metrics)
