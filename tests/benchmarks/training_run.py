"""Training to the same loss from the same start with the same batches: nbkit, PyTorch and MLPClassifier.

All sides make the same steps in float64. Before any time counts, the losses of the first steps must agree; after each
run its mean loss must agree as well.
"""

from typing import NamedTuple

import numpy as np
from sklearn.neural_network import MLPClassifier

from nbkit import SGD, Affine, ReLU, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Tanh, datasets, train
from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import Table, installed, show, spread, take_turns

CHECKED = 50  # steps whose losses are compared one by one
TOLERANCE = 1e-9
SEED = 0
MAX_EPOCHS = 2000


class Task(NamedTuple):
    """What is learned, and when it is learned: `target` is a mean loss over an epoch."""

    name: str
    x: np.ndarray
    t: np.ndarray
    hidden: int
    activation: str
    batch: int
    lr: float
    target: float

    @property
    def outputs(self):
        """One for a yes or no, else one for each class."""
        classes = self.t.max() + 1
        return 1 if classes == 2 else classes

    def start(self):
        """Return the start values W1, b1, W2, b2 that all sides share."""
        rng, d = np.random.default_rng(SEED), self.x.shape[1]
        W1 = rng.normal(0.0, np.sqrt(2 / (d + self.hidden)), (d, self.hidden))
        W2 = rng.normal(0.0, np.sqrt(2 / (self.hidden + self.outputs)), (self.hidden, self.outputs))
        return W1, np.zeros(self.hidden), W2, np.zeros(self.outputs)

    def rows(self, epochs):
        """Return the rows of each batch, in the order in which `nbkit.train` draws them."""
        rng, n = np.random.default_rng(SEED), len(self.x)
        orders = [np.arange(n) if self.batch == n else rng.permutation(n) for _ in range(epochs)]
        return np.concatenate(orders).reshape(-1, self.batch)


def tasks():
    """Return the three tasks; rows are cut so that all batches are full."""
    xor, iris, digits = datasets.xor(), datasets.iris(), datasets.digits()
    iris_x = (iris.x - iris.x.mean(axis=0)) / iris.x.std(axis=0)
    some, most = np.arange(150)[::4], np.arange(1344)  # held out: a quarter of the flowers, the last of the digits
    flowers = np.setdiff1d(np.arange(150), some)
    return (
        Task("XOR", xor.x, xor.t, 3, "tanh", 4, 0.5, 0.05),
        Task("iris", iris_x[flowers], iris.t[flowers], 10, "relu", 16, 0.1, 0.08),
        Task("digits", digits.x[most], digits.t[most], 50, "relu", 64, 0.1, 0.1),
    )


class WithNbkit:
    """The course's own way: `train` over a `Sequential`."""

    def __init__(self, task):
        self.task = task
        W1, b1, W2, b2 = task.start()
        activation, loss = (
            {"tanh": Tanh, "relu": ReLU}[task.activation](),
            SigmoidWithLoss if task.outputs == 1 else SoftmaxWithLoss,
        )
        self.net = Sequential([Affine(W1, b1), activation, Affine(W2, b2)], loss())
        self.t = task.t[:, None] if task.outputs == 1 else task.t

    def reset(self):
        for param, value in zip(self.net.parameters().values(), self.task.start(), strict=True):
            param[...] = value

    def records(self, epochs):
        """Train anew, step by step."""
        self.reset()
        task = self.task
        settings = {"batch_size": task.batch, "epochs": epochs, "rng": SEED}
        return train(self.net, (task.x, self.t), SGD(task.lr), **settings)

    def losses(self, epochs):
        """Train anew and return the loss of each step."""
        return [record.loss for record in self.records(epochs)]

    def run(self, epochs):
        """Return what is timed, which returns the mean loss of its steps."""
        return lambda: np.mean(self.losses(epochs))


class WithTorch:
    """PyTorch's usual eager loop on the CPU, with `threads` threads; the rows of all batches are ready before it."""

    def __init__(self, task, threads):
        import torch

        self.torch, self.task, self.threads = torch, task, threads
        Activation = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[task.activation]
        layers = torch.nn.Linear(task.x.shape[1], task.hidden), Activation(), torch.nn.Linear(task.hidden, task.outputs)
        self.net = torch.nn.Sequential(*layers).double()
        self.loss = torch.nn.BCEWithLogitsLoss() if task.outputs == 1 else torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=task.lr)
        self.x = torch.tensor(task.x)
        self.t = torch.tensor(task.t[:, None].astype(float) if task.outputs == 1 else task.t)

    def reset(self):
        with self.torch.no_grad():
            for param, value in zip(self.net.parameters(), self.task.start(), strict=True):
                param.copy_(self.torch.tensor(value.T))

    def losses(self, epochs):
        return self._train(self._rows(epochs))

    def run(self, epochs):
        rows = self._rows(epochs)
        return lambda: np.mean(self._train(rows))

    def _rows(self, epochs):
        return [self.torch.tensor(rows) for rows in self.task.rows(epochs)]

    def _train(self, batches):
        self.torch.set_num_threads(self.threads)
        self.reset()
        losses, whole = [], self.task.batch == len(self.x)
        for rows in batches:
            x, t = (self.x, self.t) if whole else (self.x[rows], self.t[rows])
            self.optimizer.zero_grad()
            loss = self.loss(self.net(x), t)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return losses


class WithSklearn:
    """MLPClassifier on its inner loop: all epochs as one long table in the given order, so one call for a run.

    Its start values cannot be passed in, but after a first `partial_fit` the public ``coefs_`` and ``intercepts_``
    can be replaced; without momentum and penalty nothing else is remembered.
    """

    def __init__(self, task):
        self.task = task
        self.net = MLPClassifier(
            (task.hidden,), task.activation, solver="sgd", alpha=0.0, batch_size=task.batch, learning_rate_init=task.lr,
            momentum=0.0, nesterovs_momentum=False, shuffle=False, tol=0.0, n_iter_no_change=10**9, random_state=SEED,
        )  # fmt: skip
        self.net.partial_fit(task.x[: task.batch], task.t[: task.batch], classes=np.unique(task.t))

    def reset(self):
        W1, b1, W2, b2 = self.task.start()
        self.net.coefs_, self.net.intercepts_ = [W1, W2], [b1, b2]

    def losses(self, epochs):
        """Train anew with a call for each batch, since only then it tells the loss of each."""
        self.reset()
        x, t = self.task.x, self.task.t
        return [self.net.partial_fit(x[rows], t[rows]).loss_ for rows in self.task.rows(epochs)]

    def run(self, epochs):
        rows = self.task.rows(epochs).ravel()
        x, t = self.task.x[rows], self.task.t[rows]

        def train_once():
            self.reset()
            return self.net.partial_fit(x, t).loss_

        return train_once


def peers():
    """Return a maker for each side by name; PyTorch only where it is installed, with one thread and with its own."""
    sides = {"nbkit": WithNbkit, "MLPClassifier": WithSklearn}
    try:
        import torch
    except ImportError:
        return sides
    for threads in sorted({1, torch.get_num_threads()}):
        sides[f"PyTorch, threads: {threads}"] = lambda task, threads=threads: WithTorch(task, threads)
    return sides


def epochs_to(task):
    """Count the epochs that nbkit, and so every side, needs until the mean loss of one is at the target."""
    side, steps, losses = WithNbkit(task), len(task.x) // task.batch, []
    for record in side.records(MAX_EPOCHS):
        losses.append(record.loss)
        if len(losses) % steps == 0 and np.mean(losses[-steps:]) <= task.target:
            return record.epoch
    raise RuntimeError(f"{task.name} does not reach {task.target}, only {np.mean(losses[-steps:]):.3g}")


def check(task, sides):
    """Raise an AssertionError unless all sides have the same losses in their first steps."""
    epochs = -(-CHECKED * task.batch // len(task.x))
    losses = {name: side.losses(epochs)[:CHECKED] for name, side in sides.items()}
    for name, theirs in losses.items():
        np.testing.assert_allclose(theirs, losses["nbkit"], rtol=0, atol=TOLERANCE, err_msg=f"{task.name}: {name}")


def compare(task, makers, blocks):
    """Return (epochs, seconds of each side) after making sure that all sides do the same."""
    sides = {name: make(task) for name, make in makers.items()}
    check(task, sides)
    epochs = epochs_to(task)
    runs = {name: side.run(epochs) for name, side in sides.items()}
    ends = {name: run() for name, run in runs.items()}
    np.testing.assert_allclose(list(ends.values()), ends["nbkit"], rtol=0, atol=TOLERANCE, err_msg=str(ends))
    return epochs, take_turns(runs, blocks)


def tables(blocks=21):
    makers, rows, over = peers(), [], {}
    for task in tasks():
        epochs, seconds = compare(task, makers, blocks)
        net = f"{task.x.shape[1]}-{task.hidden}-{task.outputs} {task.activation}"
        steps = epochs * len(task.x) // task.batch
        for name in seconds.keys() - {"nbkit"}:
            over.setdefault(name, []).append(np.median(seconds[name] / seconds["nbkit"]))
        what = (task.name, net, task.batch, steps, f"{task.target:g}", f"{np.median(seconds['nbkit']) * 1e3:.1f}")
        rivals = [name for name in seconds if name.startswith("PyTorch")]
        best = min(rivals, key=lambda name: np.median(seconds[name]), default="PyTorch")
        for name in (best, "MLPClassifier"):
            if name in seconds:
                rows.append(
                    (*what, name, f"{np.median(seconds[name]) * 1e3:.1f}", spread(seconds["nbkit"] / seconds[name]))
                )
            else:
                rows.append((*what, name, "missing", "missing"))
    header = ("task", "net", "batch", "steps", "to loss", "nbkit ms", "peer", "peer ms", "nbkit / peer (quartiles)")
    versions = ", ".join(f"{name} {installed()[name]}" for name in ("torch", "scikit-learn"))
    notes = [
        f"Losses of the first {CHECKED} steps and of the whole runs agree within {TOLERANCE:g}. Peers: {versions}."
    ]
    if len(makers) == 2:
        notes.append("PyTorch is missing; it comes with: `pip install -r tests/benchmarks/requirements.txt`")
    plot = Plot("time over that of nbkit", [task.name for task in tasks()], dict(sorted(over.items())), 1.0)
    return [Table("Training to the same loss", header, rows, tuple(notes), plot)]


if __name__ == "__main__":
    show(tables())
