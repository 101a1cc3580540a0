"""One training step, from a batch to changed weights: straight-line NumPy as the limit, nbkit, and its peers."""

from itertools import pairwise

import numpy as np

import nbkit
from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import Table, show, spread, take_turns

NETS = ((2, 3, 1), (4, 10, 3), (64, 100, 10), (64, 256, 256, 10))  # ReLU between, ½MSE for one output, else softmax
BATCHES = (1, 4, 16, 64, 1024)
LR = 0.01
CHECKED = 50  # steps whose losses must agree before any time counts
TOLERANCE = 1e-9
BLOCK = 0.02  # seconds that a side runs in one block, about
GOAL = 1.15  # nbkit over NumPy


class Task:
    """Start weights and one batch: what all sides share."""

    def __init__(self, sizes, n):
        rng = np.random.default_rng(0)
        self.sizes, self.n = sizes, n
        self.weights = [rng.normal(0.0, np.sqrt(2 / d), (d, k)) for d, k in pairwise(sizes)]
        self.biases = [np.zeros(k) for k in sizes[1:]]
        self.x = rng.normal(size=(n, sizes[0]))
        self.squared = sizes[-1] == 1
        self.t = rng.normal(size=(n, 1)) if self.squared else rng.integers(sizes[-1], size=n)

    def start(self):
        """Return copies of weights and biases, [W1, b1, W2, b2, ...]."""
        return [array.copy() for pair in zip(self.weights, self.biases, strict=True) for array in pair]


def straight_line(task):
    """Only what must be computed, written out without any layers: the limit."""
    params, x, t, n, rows = task.start(), task.x, task.t, task.n, np.arange(task.n)
    Ws, bs = params[::2], params[1::2]
    last = len(Ws) - 1

    def step():
        kept, a = [], x
        for i in range(last):
            kept.append(a)
            a = np.maximum(np.dot(a, Ws[i]) + bs[i], 0.0)
        kept.append(a)
        scores = np.dot(a, Ws[last]) + bs[last]
        if task.squared:
            d = scores - t
            loss = np.vdot(d, d) / (2 * n)
        else:
            scores -= np.maximum.reduce(scores, axis=1, keepdims=True)
            d = np.exp(scores)
            total = np.add.reduce(d, axis=1, keepdims=True)
            loss = (np.log(total).sum() - scores[rows, t].sum()) / n
            d /= total
            d[rows, t] -= 1.0
        d /= n
        for i in range(last, -1, -1):
            dW, db = np.dot(kept[i].T, d), np.add.reduce(d)
            if i:
                d = np.dot(d, Ws[i].T)
                d *= kept[i] > 0
            Ws[i] -= LR * dW
            bs[i] -= LR * db
        return loss

    return step


def with_nbkit(task):
    params = task.start()
    layers = []
    for W, b in zip(params[::2], params[1::2], strict=True):
        layers += [nbkit.Affine(W, b), nbkit.ReLU()]
    net = nbkit.Sequential(layers[:-1], nbkit.MSELoss() if task.squared else nbkit.SoftmaxWithLoss())
    optimizer = nbkit.SGD(LR)

    def step():
        loss = net.loss(task.x, task.t)
        net.backward()
        optimizer.step(net.params_and_grads())
        return loss

    return step


def with_torch(task):
    import torch

    torch.set_num_threads(1)  # on nets of this size more threads only wait for each other; see BENCHMARKS.md
    layers = []
    for W, b in zip(task.weights, task.biases, strict=True):
        linear = torch.nn.Linear(*W.shape).double()
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W.T))
            linear.bias.copy_(torch.tensor(b))
        layers += [linear, torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)
    x, t = torch.tensor(task.x), torch.tensor(task.t)
    criterion = torch.nn.MSELoss() if task.squared else torch.nn.CrossEntropyLoss()
    factor = 0.5 if task.squared else 1.0

    def step():
        optimizer.zero_grad()
        loss = criterion(net(x), t) * factor
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def with_autograd(task):
    import autograd.numpy as anp
    from autograd import value_and_grad
    from autograd.scipy.special import logsumexp

    params, rows = task.start(), np.arange(task.n)

    def loss_of(params):
        a = task.x
        for i in range(0, len(params) - 2, 2):
            a = anp.maximum(anp.dot(a, params[i]) + params[i + 1], 0.0)
        scores = anp.dot(a, params[-2]) + params[-1]
        if task.squared:
            return anp.sum((scores - task.t) ** 2) / (2 * task.n)
        return anp.sum(logsumexp(scores, axis=1) - scores[rows, task.t]) / task.n

    both = value_and_grad(loss_of)

    def step():
        loss, grads = both(params)
        for param, grad in zip(params, grads, strict=True):
            param -= LR * grad
        return loss

    return step


def with_micrograd(task):
    """Scalars only, without exp and log: so the net with ½MSE alone, and no large batch."""
    from micrograd.engine import Value

    params = [[Value(float(v)) for v in np.ravel(array)] for array in task.start()]
    flat = [value for array in params for value in array]

    def sums(a, W, b):
        return [sum((x * W[i * len(b) + j] for i, x in enumerate(a)), b[j]) for j in range(len(b))]

    def step():
        for value in flat:
            value.grad = 0.0
        loss = Value(0.0)
        for x, t in zip(task.x.tolist(), task.t[:, 0].tolist(), strict=True):
            hidden = [h.relu() for h in sums(x, params[0], params[1])]
            (y,) = sums(hidden, params[2], params[3])
            loss = loss + (y - t) ** 2
        loss = loss * (0.5 / task.n)
        loss.backward()
        for value in flat:
            value.data -= LR * value.grad
        return loss.data

    return step


def with_sklearn(task):
    """A call of `partial_fit` a step, as its interface offers it; most of the time goes into checking its input."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    settings = {
        "hidden_layer_sizes": task.sizes[1:-1], "activation": "relu", "solver": "sgd", "alpha": 0.0,
        "batch_size": task.n, "learning_rate_init": LR, "momentum": 0.0, "nesterovs_momentum": False, "shuffle": False,
    }  # fmt: skip
    t = task.t[:, 0] if task.squared else task.t
    if task.squared:
        net, more = MLPRegressor(**settings), {}
    else:
        net, more = MLPClassifier(**settings), {"classes": np.arange(task.sizes[-1])}
    net.partial_fit(task.x, t, **more)
    params = task.start()
    net.coefs_, net.intercepts_ = params[::2], params[1::2]
    return lambda: net.partial_fit(task.x, t).loss_


SIDES = {
    "NumPy": straight_line, "nbkit": with_nbkit, "PyTorch": with_torch, "autograd": with_autograd,
    "micrograd": with_micrograd, "scikit-learn": with_sklearn,
}  # fmt: skip


def can(name, task):
    """Tell whether a side can do a task at all."""
    return name != "micrograd" or (task.squared and task.n <= 16)


def rivals(task):
    """Return a step for each side that is here and can do the task, after their losses agreed, and who is missing."""
    steps, missing = {}, []
    for name, make in SIDES.items():
        if can(name, task):
            try:
                steps[name] = make(task)
            except ImportError:
                missing.append(name)
    for _ in range(CHECKED):
        losses = {name: step() for name, step in steps.items()}
        np.testing.assert_allclose(list(losses.values()), losses["NumPy"], rtol=0, atol=TOLERANCE, err_msg=str(losses))
    return steps, missing


def tables(nets=NETS, batches=BATCHES, blocks=21):
    rows, missing, cases, over = [], set(), [], {name: [] for name in SIDES if name != "NumPy"}
    for sizes in nets:
        for n in batches:
            steps, absent = rivals(Task(sizes, n))
            missing |= set(absent)
            seconds = take_turns(steps, blocks, seconds=BLOCK)
            micro = [f"{np.median(seconds[name]) * 1e6:.1f}" if name in seconds else "–" for name in SIDES]
            rows.append(("-".join(map(str, sizes)), n, *micro, spread(seconds["nbkit"] / seconds["NumPy"]),
                         fastest_peer(seconds)))  # fmt: skip
            cases.append(f"{rows[-1][0]}, batch {n}")
            for name, ratios in over.items():
                ratios.append(np.median(seconds[name] / seconds["NumPy"]) if name in seconds else np.nan)
    notes = [
        f"The losses of {CHECKED} steps agree within {TOLERANCE:g} on all sides before any time counts. ReLU between "
        "the layers; ½MSE for the net with one output, softmax and cross-entropy for the others. PyTorch runs with one "
        "thread. A dash: this side cannot do it (micrograd knows scalars only, without exp)."
    ]
    reached = sum(ratio <= GOAL for ratio in over["nbkit"])
    notes.append(f"Goal: nbkit takes at most {GOAL} times as long as NumPy. Reached in {reached} of {len(rows)} cases.")
    if missing:
        notes.append(f"Missing: {', '.join(sorted(missing))}. `pip install -r tests/benchmarks/requirements.txt`")
    header = ("net", "batch", *(f"{name} µs" for name in SIDES), "nbkit / NumPy (quartiles)", "nbkit / fastest peer")
    plot = Plot("time of a step over straight-line NumPy", cases, over, GOAL)
    return [Table("One training step", header, rows, tuple(notes), plot)]


def fastest_peer(seconds):
    """Name the fastest of the peers, with the ratio of nbkit to it."""
    peers = {name: np.median(spent) for name, spent in seconds.items() if name not in ("NumPy", "nbkit")}
    if not peers:
        return "missing"
    best = min(peers, key=peers.get)
    return f"{np.median(seconds['nbkit'] / seconds[best]):.2f} ({best})"


if __name__ == "__main__":
    show(tables())
