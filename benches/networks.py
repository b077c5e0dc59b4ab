"""The networks of networks.rs in ONNX Runtime and PyTorch: processor time for 10,000 images on one thread, the median of nine runs.

usage: networks.py

Needs torch, onnx, onnxruntime. Weights and images are random: nothing but the time is looked at.
"""
import io
import os
import statistics
import time

os.environ["OMP_NUM_THREADS"] = "1"
import onnxruntime
import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
NETWORKS = {
    "784-256-128-10": nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)),
    "LeNet-5": nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    ),
}
images = torch.rand(10_000, 1, 28, 28)


def seconds(run):
    times = []
    for _ in range(9):
        start = time.process_time()
        for batch in images.split(250):
            run(batch)
        times.append(time.process_time() - start)
    return statistics.median(times)


for name, model in NETWORKS.items():
    model.eval()
    file = io.BytesIO()
    torch.onnx.export(model, (images[:1],), file, dynamo=False, input_names=["x"], dynamic_axes={"x": {0: "n"}})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        print(f"{name}: ONNX Runtime {onnxruntime.__version__} {seconds(lambda x: session.run(None, {'x': x.numpy()})):.3f} s, PyTorch {torch.__version__} {seconds(model):.3f} s")
