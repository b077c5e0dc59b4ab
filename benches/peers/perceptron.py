"""The perceptron part as a student does it with scikit-learn, NumPy and PyTorch.  usage: perceptron.py DATA SEED OUT"""
import sys
from common import figure, hand_in
import numpy as np, pandas as pd, torch
import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.metrics import log_loss

data, seed, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
torch.manual_seed(seed)
torch.set_num_threads(2)
metrics = {}

# Female Adelies (-1) and Chinstraps (+1), standardised, in the order of the file.
table = pd.read_csv(data + "/penguins.csv").dropna()
table = table[table.species.isin(["Adelie", "Chinstrap"]) & (table.sex == "female")]
raw = table[["bill_length_mm", "bill_depth_mm"]].to_numpy()
mean, deviation = raw.mean(0), raw.std(0)
X, y = (raw - mean) / deviation, np.where(table.species == "Chinstrap", 1, -1)

# The perceptron, by hand.
w, b, mistakes = np.zeros(2), 0.0, []
while not mistakes or mistakes[-1]:
    count = 0
    for x, t in zip(X, y):
        if t * (w @ x + b) <= 0:
            w, b, count = w + t * x, b + t, count + 1
    mistakes.append(count)
metrics["perceptron.mistakes"] = mistakes
metrics["perceptron.updates"] = sum(mistakes)
metrics["perceptron.weights"] = [*w.tolist(), b]
metrics["perceptron.accuracy"] = float(np.mean((X @ w + b > 0) == (y > 0)))

# Logistic regression with scikit-learn's defaults.
model = LogisticRegression().fit(X, y)
probability = model.predict_proba(X)[:, 1]
metrics["logistic.weights"] = [*model.coef_[0].tolist(), float(model.intercept_[0])]
metrics["logistic.loss"] = float(log_loss(y, probability))
metrics["logistic.accuracy"] = float(model.score(X, y))
metrics["logistic.probability"] = float(probability[np.argmax(y == -1)])

# XOR: the perceptron, then a network with four hidden units.
points = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
classes = np.array([0, 1, 1, 0])
perceptron, best = Perceptron(random_state=seed), 0.0
for _ in range(100):
    perceptron.partial_fit(points, classes, classes=[0, 1])
    best = max(best, perceptron.score(points, classes))
metrics["xor.perceptron_accuracy"] = float(best)
inputs, targets = torch.tensor(points), torch.tensor(classes, dtype=torch.float32)
accuracy = 0.0
while accuracy < 1:  # a start may be stuck in a local minimum
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    optimizer, criterion, losses = torch.optim.SGD(net.parameters(), 1.0), torch.nn.BCEWithLogitsLoss(), []
    for _ in range(500):
        optimizer.zero_grad()
        loss = criterion(net(inputs)[:, 0], targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    accuracy = float(((net(inputs)[:, 0] > 0) == (targets > 0)).float().mean())
metrics["xor.network_accuracy"], metrics["xor.network_loss"] = accuracy, losses

# Both decision lines, in millimetres.
for sign, name in [(-1, "Adelie"), (1, "Chinstrap")]:
    plt.scatter(*raw[y == sign].T, label=name, s=15)
along = np.array([raw[:, 0].min(), raw[:, 0].max()])
lines = [("perceptron", w[0], w[1], b), ("logistic regression", *model.coef_[0], model.intercept_[0])]
for name, w1, w2, bias in lines:
    plt.plot(along, mean[1] - deviation[1] * (w1 * (along - mean[0]) / deviation[0] + bias) / w2, label=name)
plt.ylim(raw[:, 1].min() - 0.5, raw[:, 1].max() + 0.5)
figure(out, "perceptron", plt, "Decision lines", "bill length (mm)", "bill depth (mm)")

hand_in(out, metrics, {
    "perceptron_learns_xor": "no",
    "why_xor": "No straight line has both 1s of XOR on one side and both 0s on the other; the hidden layer bends the space.",
})
