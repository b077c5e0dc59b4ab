"""The filters part as a student does it with PyTorch.  usage: filters.py DATA SEED OUT"""
import sys
from common import figure, hand_in, mnist
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

data, _, out = sys.argv[1:4]
_, _, images, _ = mnist(data)
image = images[0].reshape(1, 1, 28, 28)
kernel = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]).reshape(1, 1, 3, 3)

feature_map = F.conv2d(image, kernel)
pooled = F.max_pool2d(F.relu(feature_map), 2)
averaged = F.avg_pool2d(feature_map, 2)
side = lambda n, **layer: torch.nn.Conv2d(1, 1, **layer)(torch.zeros(1, 1, n, n)).shape[-1]
parameters = lambda layer: sum(p.numel() for p in layer.parameters())

fig, axes = plt.subplots(1, 3, figsize=(12, 4))
for ax, grid, title, colours in zip(axes, [image, feature_map, pooled], ["image", "feature map", "ReLU, max pooling"], ["gray", "RdBu", "RdBu"]):
    fig.colorbar(ax.imshow(grid[0, 0], cmap=colours), ax=ax, shrink=0.7)
    ax.set_title(f"{title} {tuple(grid.shape[2:])}")
figure(out, "filters", plt)

hand_in(out, {
    "filters.feature_map": feature_map.flatten().tolist(),
    "filters.shape": list(feature_map.shape[2:]),
    "filters.pooled": pooled.flatten().tolist(),
    "filters.averaged": averaged.flatten().tolist(),
    "filters.output_side": side(32, kernel_size=5),
    "filters.strided_side": side(28, kernel_size=3, stride=2, padding=1),
    "filters.first_parameters": parameters(torch.nn.Conv2d(1, 6, 5)),
    "filters.second_parameters": parameters(torch.nn.Conv2d(6, 16, 5)),
}, {"filter_finds": "vertical"})
