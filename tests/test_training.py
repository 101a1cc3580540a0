"""Training as a generator: what is checked, in which order rows come, what is learned, and how it stops."""

import copy
import inspect
import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from nbkit import (  # isort: skip
    SGD, Adam, Affine, Diverged, History, Momentum, MSELoss, Record, ReLU, Sequential, Sigmoid, SigmoidWithLoss,
    SoftmaxWithLoss, Tanh, datasets, one_hot, train,
)  # fmt: skip
from nbkit.datasets import Dataset

N = 10
X = np.column_stack([np.arange(N), np.random.default_rng(0).normal(size=N)])  # column 0 tells which row it is
T = np.arange(N) % 3


class Watched(Sequential):
    """Writes down which rows it is shown."""

    def __init__(self, *args):
        super().__init__(*args)
        self.shown = []

    def loss(self, x, t):
        self.shown.append(x[:, 0].astype(int).tolist())
        return super().loss(x, t)


def make_net(seed=0, kind=Sequential):
    rng = np.random.default_rng(seed)
    return kind([Affine.random(2, 4, rng, 0.1), Tanh(), Affine.random(4, 3, rng, 0.1)], SoftmaxWithLoss())


def rows_shown(**options):
    """Batches of row numbers that a run asks for, after the check at the call."""
    net = make_net(kind=Watched)
    run = train(net, (X, T), SGD(0.01), **options)
    net.shown.clear()
    for _record in run:
        pass
    return net.shown


# ---------------------------------------------------------------- the generator


def test_one_record_per_step():
    run = train(make_net(), (X, T), SGD(0.1), batch_size=4, epochs=2)
    assert inspect.isgenerator(run)
    records = list(run)
    assert [(r.step, r.epoch) for r in records] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]
    assert all(isinstance(r, Record) and type(r.loss) is float for r in records)


def test_a_step_is_made_only_when_asked_for():
    net = make_net()
    before = copy.deepcopy(net.parameters())
    run = train(net, (X, T), SGD(0.1))
    np.testing.assert_equal(net.parameters(), before)
    next(run)
    assert any((param != before[name]).any() for name, param in net.parameters().items())


def test_the_loss_is_that_before_the_step():
    net = make_net()
    start = net.loss(X, T)
    first, second = History(train(net, (X, T), SGD(0.1), epochs=2)).loss
    assert first == start
    assert second < first
    assert net.loss(X, T) < second


# ---------------------------------------------------------------- which rows come when


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(1, [1] * 10), (3, [3, 3, 3, 1]), (4, [4, 4, 2]), (5, [5, 5]), (9, [9, 1])]
)
def test_each_epoch_visits_every_row_once_and_keeps_the_smaller_last_batch(batch_size, sizes):
    shown = rows_shown(batch_size=batch_size, epochs=3)
    epochs = [shown[i : i + len(sizes)] for i in range(0, len(shown), len(sizes))]
    assert len(epochs) == 3
    orders = []
    for epoch in epochs:
        assert [len(batch) for batch in epoch] == sizes
        orders.append([row for batch in epoch for row in batch])
        assert sorted(orders[-1]) == list(range(N))
    assert len({tuple(order) for order in orders}) == 3
    assert list(range(N)) not in orders


@pytest.mark.parametrize("batch_size", [None, N])
def test_a_full_batch_is_not_shuffled(batch_size):
    assert rows_shown(batch_size=batch_size, epochs=2) == [list(range(N))] * 2


def test_rows_and_targets_stay_together_and_data_is_left_alone():
    net, x, t = make_net(kind=Watched), X.copy(), T.copy()
    x.flags.writeable = t.flags.writeable = False
    pairs = []
    net.loss = lambda x, t, kept=net.loss: pairs.extend(zip(x[:, 0], t, strict=True)) or kept(x, t)
    run = train(net, (x, t), SGD(0.01), batch_size=np.int64(3), epochs=2)
    pairs.clear()
    assert len(list(run)) == 8
    assert len(pairs) == 2 * N
    assert all(t == row % 3 for row, t in pairs)


def test_the_seed_decides_the_order():
    same, again, other = (rows_shown(batch_size=3, epochs=2, rng=seed) for seed in (1, 1, 2))
    assert same == again
    assert same != other
    assert rows_shown(batch_size=3, epochs=2, rng=np.random.default_rng(1)) == same


@pytest.mark.parametrize("kind", [SGD, Momentum, Adam])
def test_the_same_seed_gives_the_same_losses_bit_for_bit(kind):
    runs = [History(train(make_net(), (X, T), kind(0.02), batch_size=3, epochs=4, rng=5)).loss for _ in range(2)]
    assert len(runs[0]) == 16
    np.testing.assert_array_equal(*runs)


@pytest.mark.parametrize("data", [Dataset(X, T, (), ()), [X, T], (X.tolist(), T.tolist()), (X, one_hot(T, 3))])
def test_data_may_come_in_several_forms(data):
    losses = History(train(make_net(), data, SGD(0.1), epochs=3)).loss
    np.testing.assert_allclose(losses, History(train(make_net(), (X, T), SGD(0.1), epochs=3)).loss, rtol=1e-12)


# ---------------------------------------------------------------- against straight-line NumPy


def straight_line(x, t, batches, rates):
    """Two layers, tanh and softmax, written out once more with nothing but NumPy; a learning rate for each step."""
    start = make_net().parameters()
    W1, b1, W2, b2 = (start[name].copy() for name in ("Affine 1.W", "Affine 1.b", "Affine 3.W", "Affine 3.b"))
    losses = []
    for rows, lr in zip(batches, rates, strict=True):
        h = np.tanh(x[rows] @ W1 + b1)
        z = h @ W2 + b2
        y = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        losses.append(-np.log(y[np.arange(len(rows)), t[rows]]).mean())
        dz = (y - np.eye(3)[t[rows]]) / len(rows)
        dh = (dz @ W2.T) * (1 - h**2)
        W2 -= lr * h.T @ dz
        b2 -= lr * dz.sum(axis=0)
        W1 -= lr * x[rows].T @ dh
        b1 -= lr * dh.sum(axis=0)
    return losses, (W1, b1, W2, b2)


@pytest.mark.parametrize("batch_size", [None, 4])
def test_fifty_steps_at_a_changing_learning_rate_agree_with_straight_line_numpy(batch_size):
    net, optimizer, rates = make_net(kind=Watched), SGD(0.2), np.linspace(0.1, 0.4, 50)
    run = train(net, (X, T), optimizer, batch_size=batch_size, epochs=50, rng=3)
    net.shown.clear()
    losses = []
    for rate in rates:
        optimizer.lr = rate
        losses.append(next(run).loss)
    expected, params = straight_line(X, T, net.shown, rates)
    np.testing.assert_allclose(losses, expected, rtol=0, atol=1e-9)
    assert losses[-1] < losses[0]
    for param, straight in zip(net.parameters().values(), params, strict=True):
        np.testing.assert_allclose(param, straight, rtol=0, atol=1e-9)


# ---------------------------------------------------------------- what is learned


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("activation", [Tanh, Sigmoid])
def test_xor_is_learned_by_four_units(seed, activation):
    x, t, *_names = datasets.xor()
    rng = np.random.default_rng(seed)
    net = Sequential([Affine.random(2, 4, rng, 1.0), activation(), Affine.random(4, 2, rng, 1.0)], SoftmaxWithLoss())
    history = History(train(net, (x, t), Adam(0.05), epochs=500))
    assert net.accuracy(x, t) == 1.0
    assert history.loss[-1] < 0.1 < history.loss[0]


def test_xor_is_not_learned_without_an_activation():
    x, t, *_names = datasets.xor()
    net = Sequential([Affine.random(2, 4, 0), Affine.random(4, 2, 1)], SoftmaxWithLoss())
    list(train(net, (x, t), Adam(0.05), epochs=500))
    assert net.accuracy(x, t) < 1.0


@pytest.mark.parametrize("distance", [6.0, 2.0])
def test_two_clouds_are_told_apart_as_well_as_by_scikit_learn(distance):
    rng = np.random.default_rng(0)
    t = rng.integers(0, 2, 400)
    x = rng.normal(size=(400, 2)) + distance * t[:, None] / np.sqrt(2)
    baseline = LogisticRegression().fit(x[:200], t[:200]).score(x[200:], t[200:])
    net = Sequential([Affine.random(2, 1, 0)], SigmoidWithLoss())
    list(train(net, (x[:200], t[:200, None]), SGD(0.5), batch_size=20, epochs=50))
    assert net.accuracy(x[200:], t[200:, None]) == pytest.approx(baseline, abs=0.02)
    assert baseline > 0.8


def test_a_line_is_found():
    x = np.linspace(-1, 1, 20)[:, None]
    net = Sequential([Affine([[0.0]], [0.0])], MSELoss())
    list(train(net, (x, 3 * x - 2), Momentum(0.1), epochs=300))
    np.testing.assert_allclose(net.parameters()["Affine 1.W"], [[3.0]], rtol=1e-6)
    np.testing.assert_allclose(net.parameters()["Affine 1.b"], [-2.0], rtol=1e-6)


# ---------------------------------------------------------------- refusals, all of them at the call


@pytest.mark.parametrize(
    ("arguments", "error", "telling"),
    [  # test_checks and test_functions have all that is no data
        ({"data": (X,)}, TypeError, "pair"),
        ({"data": (X[:, :1], T)}, ValueError, "expects 2 features, got x with shape"),
        ({"data": (X, np.where(np.arange(N) == 7, 3, T))}, ValueError, "0 to 2, got 3"),
        ({"data": (X, np.where(np.arange(N)[:, None] == 7, 0.5, one_hot(T, 3)))}, ValueError, "sum to 1"),
        ({"batch_size": 0}, ValueError, "batch_size must be a whole number from 1 to 10, got 0"),
        ({"batch_size": 11}, ValueError, "from 1 to 10, got 11"),
        ({"epochs": 0}, ValueError, "epochs must be a whole number of at least 1, got 0"),
        ({"optimizer": "SGD"}, TypeError, "optimizer must be one of nbkit's"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_learned(arguments, error, telling):
    net = make_net()
    before = copy.deepcopy(net.parameters())
    with pytest.raises(error, match=telling):
        train(net, **{"data": (X, T), "optimizer": SGD(0.1), "batch_size": 1} | arguments)
    np.testing.assert_equal(net.parameters(), before)


def test_what_is_wrong_in_one_of_many_rows_is_told_of_all_rows():
    net, x, t = make_net(), np.tile(X, (100, 1)), np.tile(T, 100)
    with pytest.raises(ValueError, match=r"\(1000, 3\)"):
        train(net, (np.pad(x, [(0, 0), (0, 1)]), t), SGD(0.1), batch_size=8)
    t[-1] = 3
    with pytest.raises(ValueError, match="0 to 2, got 3"):
        train(net, (x, t), SGD(0.1), batch_size=8)


def test_many_rows_are_not_kept_all_at_once_before_the_first_step():
    net, together = make_net(), []
    net.loss = lambda x, t, loss=net.loss: together.append(len(x)) or loss(x, t)
    train(net, (np.tile(X, (100, 1)), np.tile(T, 100)), SGD(0.1), batch_size=8)
    assert sum(together) == 100 * N
    assert max(together) < 300


def test_a_loss_is_needed():
    with pytest.raises(RuntimeError, match="has no loss"):
        train(Sequential([Affine.random(2, 3, 0)]), (X, T), SGD(0.1))


def test_an_optimizer_of_another_network_is_refused():
    optimizer = Momentum(0.1)
    list(train(make_net(), (X, T), optimizer))
    small = Sequential([Affine.random(2, 3, 0)], SoftmaxWithLoss())
    before = copy.deepcopy(small.parameters())
    with pytest.raises(ValueError, match="make a new one"):
        list(train(small, (X, T), optimizer))
    np.testing.assert_equal(small.parameters(), before)


# ---------------------------------------------------------------- Diverged


def line(weight=1.0, second=1.0):
    layers = [Affine([[weight]], [0.0], "first"), Affine([[second]], [0.0], "second")]
    return Sequential(layers, MSELoss())


ONE = (np.array([[1.0], [2.0]]), np.array([[0.0], [1.0]]))


def test_a_learning_rate_far_too_large_ends_in_one_clear_error():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(2, 8, rng, name="in"), ReLU(), Affine.random(8, 1, rng, name="out")], MSELoss())
    steps = []
    run = train(net, (X, X[:, :1]), SGD(1e6), epochs=100)
    with pytest.raises(Diverged, match=r"training diverged in step \d+.*smaller learning rate") as caught:
        steps.extend(run)
    assert steps
    assert all(math.isfinite(record.loss) for record in steps)
    assert caught.value.step == len(steps) + 1
    assert caught.value.layer in {"in", "out", "ReLU 2", "MSELoss"}
    assert f"step {caught.value.step}:" in str(caught.value)
    assert caught.value.layer in str(caught.value)
    assert isinstance(caught.value, ArithmeticError)


@pytest.mark.parametrize("name", ["first", "second"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_diverged_names_the_layer_with_broken_parameters(name, value):
    net = line()
    run = train(net, ONE, SGD(0.01), epochs=9)
    next(run)
    next(run)
    net.parameters()[f"{name}.W"][:] = value
    with pytest.raises(Diverged, match=f"step 3: Affine '{name}' is the first") as caught:
        next(run)
    assert (caught.value.step, caught.value.layer) == (3, name)


@pytest.mark.parametrize(
    ("weights", "name"),
    [((1e308, 1.0), "first"), ((1e308, np.nan), "first"), ((1e200, 1e200), "second"), ((1e200, 1.0), "MSELoss")],
)
def test_diverged_names_the_layer_whose_output_is_too_large(weights, name):
    net = line()
    run = train(net, (ONE[0] * 100, ONE[1]), SGD(1e-9), epochs=9)
    next(run)
    for layer, weight in zip(net.layers, weights, strict=True):
        layer.params["W"][:] = weight
    before = copy.deepcopy(net.parameters())
    with pytest.raises(Diverged) as caught:
        next(run)
    assert (caught.value.step, caught.value.layer) == (2, name)
    np.testing.assert_equal(net.parameters(), before)


@pytest.mark.parametrize("weight", [1e308, np.nan])
def test_a_network_that_is_broken_from_the_start_raises_diverged_in_step_1(weight):
    run = train(line(weight), (ONE[0] * 100, ONE[1]), SGD(0.1))
    with pytest.raises(Diverged, match="step 1: Affine 'first'"):
        next(run)


def test_a_last_step_that_breaks_the_parameters_is_not_passed_over():
    net = line()
    run = train(net, (ONE[0] * 1e3, ONE[1]), SGD(1e305))
    assert next(run).step == 1
    with pytest.raises(Diverged, match="step 1: Affine 'first'"):
        next(run)


def test_the_step_after_divergence_is_not_made():
    net, optimizer = line(), SGD(1e-9)
    run = train(net, ONE, optimizer, epochs=9)
    next(run)
    net.parameters()["second.b"][:] = np.inf
    before = copy.deepcopy(net.parameters())
    with pytest.raises(Diverged):
        next(run)
    np.testing.assert_equal(net.parameters(), before)
    assert optimizer.steps == 1
    with pytest.raises(StopIteration):
        next(run)


def test_floating_point_settings_are_the_callers_own_between_steps():
    with np.errstate(all="raise", under="ignore"):
        settings = np.geterr()
        run = train(make_net(), (X, T), SGD(0.1), epochs=3)
        assert np.geterr() == settings
        for _record in run:
            assert np.geterr() == settings
        assert np.geterr() == settings
    with np.errstate(all="warn"):
        settings = np.geterr()
        run = train(line(), ONE, SGD(1e6), epochs=200)
        with pytest.raises(Diverged):
            list(run)
        assert np.geterr() == settings


# ---------------------------------------------------------------- History


def test_history_has_columns():
    history = History(iter([Record(1, 1, 4.0), Record(2, 1, 2.0)]))
    history.append(Record(3, 2, 1.0))
    assert len(history) == 3
    np.testing.assert_array_equal(history.loss, [4.0, 2.0, 1.0])
    assert history.records[-1] == (3, 2, 1.0)
    assert repr(history) == "History of 3 steps, last loss 1"


def test_an_empty_history():
    history = History()
    assert len(history) == 0
    assert history.loss.shape == (0,)
    assert repr(history) == "History of 0 steps"
    history.append(Record(1, 1, 1.0))
    assert len(History()) == 0
