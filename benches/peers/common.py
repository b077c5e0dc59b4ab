"""What the peers share: reading MNIST, training on it, and handing in what a student would. Import it first: it sets threads and plots to files."""
import json, os, sys, time
from types import SimpleNamespace

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("MPLBACKEND", "Agg")
import numpy as np

START = time.time()


def settings(**defaults):
    """The settings, changed by the arguments KEY=VALUE after DATA SEED OUT."""
    given = dict(argument.split("=") for argument in sys.argv[4:])
    return SimpleNamespace(**{key: type(value)(given.get(key, value)) for key, value in defaults.items()})


def idx(data, name):
    """One raw IDX file as an array."""
    raw = np.fromfile(os.path.join(data, name), dtype=np.uint8)
    dims = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i].tobytes(), "big") for i in range(dims)]
    return raw[4 + 4 * dims :].reshape(shape)


def mnist(data):
    """Training and validation images (N×784, 0 to 1) and labels as torch tensors."""
    import torch
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    image = lambda name: torch.tensor(idx(data, name).reshape(-1, 784) / 255.0, dtype=torch.float32)
    label = lambda name: torch.tensor(idx(data, name).astype("int64"))
    train, val = "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"
    return image(train), label("train-labels-idx1-ubyte"), image(val), label("t10k-labels-idx1-ubyte")


def evaluate(model, x, y):
    """Mean cross-entropy, fraction classified wrongly, and the predicted classes."""
    import torch
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(part) for part in x.split(1000)])
        classes = logits.argmax(1)
        return torch.nn.functional.cross_entropy(logits, y).item(), (classes != y).double().mean().item(), classes.tolist()


def train(model, images, optimizer, epochs, batch, decay=1.0, augment=lambda x: x):
    """Losses and errors on the whole training and validation set after every epoch, and the predicted classes of the latter."""
    import torch
    x_train, y_train, x_val, y_val = images
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, decay)
    history = {name: [] for name in ["train_loss", "train_error", "val_loss", "val_error", "predictions"]}
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(x_train)).split(batch):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(augment(x_train[rows])), y_train[rows]).backward()
            optimizer.step()
        schedule.step()
        results = [*evaluate(model, x_train, y_train)[:2], *evaluate(model, x_val, y_val)]
        for values, result in zip(history.values(), results):
            values.append(result)
    return history


def hand_in(out, metrics, answers=None):
    """Merges into OUT/metrics.json and OUT/answers.json; the time taken goes to standard error."""
    os.makedirs(out, exist_ok=True)
    for name, values in [("metrics.json", metrics), ("answers.json", answers or {})]:
        path = os.path.join(out, name)
        known = json.load(open(path)) if os.path.exists(path) else {}
        json.dump({**known, **values}, open(path, "w"), indent=0)
    print(f"{os.path.basename(sys.argv[0])}: {time.time() - START:.2f} s, {time.process_time():.2f} s of CPU", file=sys.stderr)


def predictions(out, name, classes):
    """Writes OUT/predictions/NAME.csv."""
    os.makedirs(os.path.join(out, "predictions"), exist_ok=True)
    with open(os.path.join(out, "predictions", name + ".csv"), "w") as file:
        file.writelines(["label\n", *(f"{label}\n" for label in classes)])


def figure(out, name, plt, title=None, x_label=None, y_label=None):
    """Saves the current matplotlib figure as OUT/figures/NAME.png, with a legend where there is a title to add."""
    if title:
        plt.gca().set(title=title, xlabel=x_label, ylabel=y_label)
        plt.legend()
    os.makedirs(os.path.join(out, "figures"), exist_ok=True)
    plt.savefig(os.path.join(out, "figures", name + ".png"), dpi=100, bbox_inches="tight")
    plt.close()


def loss_figure(out, name, title, histories):
    """Training (dashed) and validation loss of each history over the epochs, as OUT/figures/NAME.png."""
    import matplotlib.pyplot as plt
    for i, (label, history) in enumerate(histories.items()):
        epochs = range(1, len(history["val_loss"]) + 1)
        plt.semilogy(epochs, history["train_loss"], f"C{i}--", label=label + ", training")
        plt.semilogy(epochs, history["val_loss"], f"C{i}", label=label + ", validation")
    figure(out, name, plt, title, "epoch", "mean cross-entropy (nats)")
