"""The exercise of chapter 07 about code that trains: it runs on a network and an optimizer that note what is asked."""

from functools import cache
from typing import NamedTuple

import numpy as np

from nbkit.exercises.answers import as_array
from nbkit.exercises.compare import apart, close
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import rules_of
from nbkit.exercises.learner_code import call
from nbkit.exercises.trials import judge_untouched
from nbkit.exercises.verdicts import Wrong
from nbkit.layers import Affine, MSELoss, Tanh
from nbkit.messages import _, kind_of, listed
from nbkit.network import Sequential
from nbkit.optimizers import OPTIMIZERS, make_optimizer

NAMES = "x, t"
LR = 0.05


class Case(NamedTuple):
    """What one training is given; a net without hidden units is a line."""

    n: int
    batch_size: int
    epochs: int
    optimizer: str
    d: int
    units: int

    @property
    def per_epoch(self):
        """Steps in an epoch."""
        return -(-self.n // self.batch_size)

    def data(self):
        rng = np.random.default_rng(self.n)
        return rng.normal(size=(self.n, self.d)), rng.normal(size=(self.n, 1))

    def net(self, make=Sequential):
        rng = np.random.default_rng(5)
        if not self.units:
            return make([Affine.random(self.d, 1, rng)], MSELoss())
        return make([Affine.random(self.d, self.units, rng), Tanh(), Affine.random(self.units, 1, rng)], MSELoss())


CASES = [  # the first tells mistakes apart, all are trials
    Case(10, 4, 3, "SGD", 2, 0),
    Case(10, 4, 3, "Momentum", 2, 3),
    Case(12, 3, 2, "Adam", 3, 2),
    Case(7, 7, 3, "Momentum", 1, 0),
    Case(9, 1, 2, "SGD", 2, 2),
    Case(11, 5, 1, "Adam", 4, 0),
    Case(23, 8, 5, "SGD", 3, 3),
]


class Facts(NamedTuple):
    """What can be said of a training whatever its shuffles are."""

    sizes: list
    each_once: bool  # each row in each epoch
    as_given: bool  # the order of some epoch
    new_orders: bool
    aligned: bool  # x and t
    own_gradients: bool  # of each step
    by_rng: bool  # the same seed gives the same orders, another one others
    result: str
    has_moved: bool


class Notes:
    """What a training has asked for: its steps, each with its rows, and what else a judge wants to know of it."""

    def __init__(self, x, t):
        self.x, self.t = x, t
        self.steps = []  # of each: rows of x, rows of t, loss before it, x, t, whether its gradient is new
        self.latest = None  # the first five of these, for the last forward run
        self.gradient = None  # the same for the last backward run
        self.used = False  # whether a step was made with it

    def rows(self, batch, of):
        """Return the numbers of the rows in a batch; -1 for one that is none of the data."""
        found = {row.tobytes(): i for i, row in enumerate(np.ascontiguousarray(of, dtype=float))}
        return [found.get(row.tobytes(), -1) for row in np.ascontiguousarray(batch, dtype=float)]


class Watched(Sequential):
    """A network that notes what runs forward and backward."""

    def watch(self, notes):
        self.notes = notes
        return self

    def loss(self, x, t):
        loss = super().loss(x, t)
        notes = self.notes
        notes.latest = notes.rows(x, notes.x), notes.rows(t, notes.t), loss, np.array(x), np.array(t)
        return loss

    def backward(self):
        super().backward()
        self.notes.gradient, self.notes.used = self.notes.latest, False


def _watched_optimizer(name, notes):
    """Return an optimizer that notes its steps."""

    class Noting(OPTIMIZERS[name]):
        def step(self, pairs):
            super().step(pairs)
            notes.steps.append((*notes.gradient, not notes.used) if notes.gradient else None)
            notes.used = True

    return Noting(LR)


def _watch(loop, case, seed):
    """Run a loop and return (what it gave back, notes, network)."""
    x, t = case.data()
    notes = Notes(x, t)
    net = case.net(Watched).watch(notes)
    given = x.copy(), t.copy()
    rng = np.random.default_rng(seed)
    result = call(loop, net, *given, _watched_optimizer(case.optimizer, notes), case.batch_size, case.epochs, rng)
    judge_untouched(NAMES, (x, t), given)
    return result, notes, net


def _facts(loop, case):
    """Return what can be said of a loop whatever its shuffles are, as a tuple that a wrong rule may explain."""
    result, notes, net = _watch(loop, case, 1)
    steps = [step for step in notes.steps if step is not None]
    chunks = [steps[i : i + case.per_epoch] for i in range(0, len(steps), case.per_epoch)]
    orders = [[row for step in chunk for row in step[0]] for chunk in chunks]
    mine, again, other = ([step[0] for step in _watch(loop, case, seed)[1].steps if step] for seed in (1, 1, 2))
    before, after = case.net().parameters().values(), net.parameters().values()
    return Facts(
        sizes=[len(step[0]) for step in steps],
        each_once=all(sorted(order) == list(range(case.n)) for order in orders),
        as_given=any(order == list(range(case.n)) for order in orders),
        new_orders=len({tuple(order) for order in orders}) > 1 or len(orders) < 2,
        aligned=all(step[0] == step[1] for step in steps),
        own_gradients=all(step[5] for step in steps),
        by_rng=mine == again and (mine != other or case.batch_size == case.n),
        result=_what(result, steps, case),
        has_moved=any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True)),
    )


def _what(result, steps, case):
    """Say what came back, by a word."""
    losses, after = [step[2] for step in steps], _repeated(steps, case)[1]
    try:
        got = as_array(result).ravel()
    except Exception:
        return "something"
    for word, want in (
        ("losses", losses),
        ("after", after),
        ("last", losses[-1:]),
        ("mean", [np.mean(losses)] if losses else []),
    ):
        if len(got) == len(want) and close(got, np.array(want)):
            return word
    return f"{len(got)} numbers"


# ---------------------------------------------------------------- the right loop, and wrong ones


def _loop(
    net, x, t, optimizer, batch_size, epochs, rng, *,
    order=lambda rng, n: rng.permutation(n), last=True, aligned=True, once=False, whole=False, each="batch",
    by_hand=False, after=False, given=lambda losses: losses,
):  # fmt: skip
    """Train; what is passed by name makes it one of the usual wrong loops."""
    n, losses, rows = len(x), [], order(rng, len(x))
    for epoch in range(epochs):
        if epoch and not once:
            rows = order(rng, n)
        for start in range(0, n if last else n - batch_size + 1, batch_size):
            batch = slice(None) if whole else rows[start : start + batch_size]
            labels = slice(start, start + batch_size) if not aligned else batch
            loss = net.loss(x[batch], t[labels])
            net.backward()
            if by_hand:
                for param, grad in net.params_and_grads():
                    param -= optimizer.lr * grad
            elif each == "batch":
                optimizer.step(net.params_and_grads())
            losses.append(net.loss(x[batch], t[labels]) if after else loss)
        if each == "epoch":
            optimizer.step(net.params_and_grads())
    return given(losses)


def _wrong(**how):
    return lambda *inputs: _loop(*inputs, **how)


def _one_epoch(net, x, t, optimizer, batch_size, epochs, rng):
    return _loop(net, x, t, optimizer, batch_size, 1, rng)


def _drawn(net, x, t, optimizer, batch_size, epochs, rng):
    """Draw each batch anew from all rows."""
    losses = []
    for _step in range(epochs * -(-len(x) // batch_size)):
        batch = rng.choice(len(x), batch_size, replace=False)
        losses.append(net.loss(x[batch], t[batch]))
        net.backward()
        optimizer.step(net.params_and_grads())
    return losses


@cache
def _known_facts(loop, case):
    """Return the facts of one of the loops above: each is run once."""
    return _facts(loop, case)


def _judge(answer, mistakes):
    """Judge a training loop by what it asks of its network and its optimizer."""
    case = CASES[0]
    result, _notes, _trained = _watch(answer, case, 1)
    facts = _facts(answer, case)
    if facts != _known_facts(_loop, case):
        as_array(result, _("The result"))
        for diagnosis, loop in rules_of(mistakes):
            if facts == _known_facts(loop, case):
                raise Wrong(diagnosis)
    for trial in CASES:
        _judge_case(answer, trial)


def _judge_case(answer, case):
    """Compare one run with the same batches in a loop of nbkit's own parts."""
    result, notes, net = _watch(answer, case, 3)
    where = _("With {n} rows, batch_size = {size} and epochs = {epochs}").format(
        n=case.n, size=case.batch_size, epochs=case.epochs
    )
    steps = notes.steps
    want, got = case.epochs * case.per_epoch, len(steps)
    if got != want:
        raise Wrong(
            _("{where} it should make {want} steps, yours makes {got}.").format(where=where, want=want, got=got)
        )
    if None in steps or not all(step[5] for step in steps):
        raise Wrong(_("{where} a step has no gradient of its own: net.loss, net.backward, step.").format(where=where))
    wanted, facts = _known_facts(_loop, case), _facts(answer, case)
    if facts.sizes != wanted.sizes:
        rule = _("{where} the batches should have {want} rows, yours have {got}.")
        sizes = [listed(map(str, sizes[:8])) for sizes in (wanted.sizes, facts.sizes)]
        raise Wrong(rule.format(where=where, want=sizes[0], got=sizes[1]))
    if not facts.each_once:
        raise Wrong(_("{where} each row should be used once in each epoch. Yours are not.").format(where=where))
    if not facts.aligned:
        raise Wrong(_("{where} x and t of a batch do not belong together.").format(where=where))
    if case.batch_size < case.n and (facts.as_given or not facts.new_orders or not facts.by_rng):
        raise Wrong(_("{where} the order should be a new one in each epoch, drawn from rng.").format(where=where))
    losses, _after, trained = _repeated(steps, case)
    for name, param in trained.parameters().items():
        mine = net.parameters()[name]
        if not close(mine, param):
            i = int(np.abs(mine - param).argmax())
            right, wrong = apart(param.flat[i], mine.flat[i])
            rule = _("{where} a number of {name} should be {want} in the end, yours is {got}.")
            raise Wrong(rule.format(where=where, name=name, want=right, got=wrong))
    given = as_array(result, _("The result")).ravel()
    if given.shape != (want,):
        rule = _("{where} {want} losses should come back, one of each step; yours gives {got}.")
        raise Wrong(rule.format(where=where, want=want, got=kind_of(result)))
    if not close(given, np.array(losses)):
        raise Wrong(_("{where} the losses are not what net.loss gave before each step.").format(where=where))


def _repeated(steps, case):
    """Train another network on the same batches: return the losses before and after each step, and the network."""
    net, rule, losses, after = case.net(), make_optimizer(case.optimizer, LR), [], []
    for _rows, _labels, _loss, x, t, _new in steps:
        losses.append(net.loss(x, t))
        net.backward()
        rule.step(net.params_and_grads())
        after.append(net.loss(x, t))
    return losses, after, net


exercise(
    "07.loop",
    _("Two loops, one in the other: over the epochs, and in each over 0, batch_size, 2 · batch_size, ..."),
    _("In each epoch: order = rng.permutation(len(x)). A batch is rows = order[start : start + batch_size]; the last "
      "one becomes smaller by itself."),
    _("For each batch: loss = net.loss(x[rows], t[rows]), keep it, net.backward(), "
      "optimizer.step(net.params_and_grads())."),
    judge=_judge,
    mistakes={
        _("The rows that are left over make one more, smaller batch. Yours are never used."): _wrong(last=False),
        _("The rows come in the order of the data. Shuffle them: order = rng.permutation(len(x))."):
            _wrong(order=lambda rng, n: np.arange(n)),
        _("Each epoch has the same order. Shuffle anew *inside* the loop over the epochs."): _wrong(once=True),
        _("Shuffle with the rng that you were given: then a seed decides the order, and the run can be repeated."):
            _wrong(order=lambda rng, n: np.random.default_rng().permutation(n)),
        _("This is one epoch. All rows have their turn `epochs` times."): _one_epoch,
        _("Each step looks at all rows. Take those of its batch: x[rows], t[rows]."): _wrong(whole=True),
        _("Each batch is drawn from all rows, so some are used twice in an epoch and some never. Shuffle once per "
          "epoch, and cut the order into pieces."): _drawn,
        _("x is shuffled, t is not: each row needs its own target, t[rows]."): _wrong(aligned=False),
        _("There is one step for each epoch. The step belongs into the inner loop: one for each batch."):
            _wrong(each="epoch"),
        _("Nothing is learned: optimizer.step(net.params_and_grads()) is missing."): _wrong(each=None),
        _("Let the optimizer make the step, as it need not be SGD: optimizer.step(net.params_and_grads())."):
            _wrong(by_hand=True),
        _("Return the losses of *all* steps: a list, to which each step appends its own."):
            [_wrong(given=lambda losses: losses[-1]), _wrong(given=np.mean), _wrong(given=lambda losses: losses[2::3])],
        _("These losses were found after the step. Keep the one that net.loss gave before it: it costs nothing more."):
            _wrong(after=True),
    },
    praise=_("Right: mini-batch, gradient, update, repeat. With this loop you can train any network of this course."),
)  # fmt: skip
