"""A picture as a network from position to colour, with raw positions and with sines and cosines of them, in PyTorch.

usage: positional.py DATA SEED OUT [KEY=VALUE …]     (DATA is not needed: the picture is in the repository)
"""
import os, sys
from common import figure, hand_in, settings
import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image
from skimage.metrics import structural_similarity
from torch import nn

seed, out = int(sys.argv[2]), sys.argv[3]
s = settings(width=128, octaves=7, epochs=60, batch=500, rate=0.003, decay=0.95)
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))

# The middle 300×300 pixels of the picture, three by three.
photo = np.asarray(Image.open(os.path.join(os.path.dirname(__file__), "../../crates/data/files/chelsea.png")).convert("RGB"))
target = np.floor(photo[:300, 75:375].reshape(100, 3, 100, 3, 3).mean((1, 3)) + 0.5)
colours = torch.tensor(target.reshape(-1, 3) / 255, dtype=torch.float32)
along = (torch.arange(100) + 0.5) / 100
y, x = torch.meshgrid(along, along, indexing="ij")
raw = torch.stack([x.flatten(), y.flatten()], 1)
angles = (raw[:, :, None] * torch.pi * 2.0 ** torch.arange(s.octaves)).flatten(1)
os.makedirs(out + "/figures", exist_ok=True)


def learn(inputs):
    """The mean squared error of every epoch, and the picture learnt."""
    torch.manual_seed(seed)
    model = nn.Sequential(
        *(nn.Linear(inputs.shape[1], s.width), nn.ReLU()),
        *(nn.Linear(s.width, s.width), nn.ReLU()),
        *(nn.Linear(s.width, s.width), nn.ReLU()),
        *(nn.Linear(s.width, 3), nn.Sigmoid()),
    )
    optimizer = torch.optim.Adam(model.parameters(), s.rate)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, s.decay)
    losses = []
    for _ in range(s.epochs):
        total = 0.0
        for rows in torch.randperm(len(inputs)).split(s.batch):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(inputs[rows]), colours[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        schedule.step()
        losses.append(total / len(inputs))
    with torch.no_grad():
        return losses, np.round(255 * model(inputs).numpy()).astype(np.uint8).reshape(100, 100, 3)


metrics = {}
for name, inputs in [("encoded", torch.cat([angles.sin(), angles.cos()], 1)), ("raw", raw)]:
    losses, picture = learn(inputs)
    Image.fromarray(picture).save(f"{out}/figures/{name}.png")
    metrics[name + ".loss"] = losses
    metrics[name + ".psnr"] = float(10 * np.log10(255**2 / np.mean((picture - target) ** 2)))
    metrics[name + ".ssim"] = float(structural_similarity(
        picture.astype(float), target, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, channel_axis=2, data_range=255
    ))
    plt.semilogy(range(1, s.epochs + 1), losses, label=name + " position")
figure(out, "positional", plt, "Loss of the picture's network", "epoch", "mean squared error")
hand_in(out, metrics)
