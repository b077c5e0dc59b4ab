"""A perceptron of two hidden layers on digits that are moved by up to a pixel, in PyTorch; it keeps the epoch of least validation loss.

usage: better.py DATA SEED OUT [KEY=VALUE …]
"""
import sys
from common import hand_in, loss_figure, mnist, predictions, settings, train
import torch
from torch import nn

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = settings(epochs=15, batch=256, rate=0.003, decay=0.85, dropout=0.0)
images = mnist(data)


def moved(x):
    """Every image moved by -1, 0 or 1 pixels along each axis; zeros come in."""
    padded = nn.functional.pad(x.reshape(-1, 28, 28), (1, 1, 1, 1))
    rows, columns = torch.randint(0, 3, (2, len(x), 1)) + torch.arange(28)
    return padded[torch.arange(len(x))[:, None, None], rows[:, :, None], columns[:, None, :]].flatten(1)


torch.manual_seed(seed)
hidden = lambda inputs, outputs: [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(s.dropout)]
model = nn.Sequential(*hidden(784, 256), *hidden(256, 128), nn.Linear(128, 10))
history = train(model, images, torch.optim.Adam(model.parameters(), s.rate), s.epochs, s.batch, s.decay, moved)
best = min(range(s.epochs), key=lambda epoch: history["val_loss"][epoch])
predictions(out, "better", history["predictions"][best])
loss_figure(out, "better", "Loss of the better network", {"better": history})
hand_in(out, {
    "better.train_loss": history["train_loss"],
    "better.val_loss": history["val_loss"],
    "better.epoch": best + 1,
    "better.val_error": history["val_error"][best],
})
