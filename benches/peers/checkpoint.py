"""The checkpoint of least validation loss against the last epoch of a network that overfits, in PyTorch.

usage: checkpoint.py DATA SEED OUT [KEY=VALUE …]
"""
import sys
from common import hand_in, loss_figure, mnist, settings, train
import torch
from torch import nn

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = settings(images=2000, hidden=256, rate=0.001, batch=64, epochs=40)
x_train, y_train, x_val, y_val = mnist(data)
images = x_train[: s.images], y_train[: s.images], x_val, y_val

torch.manual_seed(seed)
model = nn.Sequential(nn.Linear(784, s.hidden), nn.ReLU(), nn.Linear(s.hidden, 10))
history = train(model, images, torch.optim.Adam(model.parameters(), s.rate), s.epochs, s.batch)
loss, error = history["val_loss"], history["val_error"]
best = min(range(s.epochs), key=lambda epoch: loss[epoch])
loss_figure(out, "checkpoint", "A network that overfits", {f"{s.images} images": history})
metrics = {
    "epochs": list(range(1, s.epochs + 1)),
    "checkpoint.train_loss": history["train_loss"],
    "checkpoint.val_loss": loss,
    "checkpoint.best_epoch": best + 1,
    "checkpoint.best_val_loss": loss[best],
    "checkpoint.last_val_loss": loss[-1],
    "checkpoint.best_val_error": error[best],
    "checkpoint.last_val_error": error[-1],
}
hand_in(out, metrics, {"checkpoint_epoch": best + 1, "checkpoint_tells": "overfitting"})
