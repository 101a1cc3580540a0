"""Training as a generator: what is checked, in which order rows come, what is learned, and how it stops."""

import inspect
import math
import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from nbkit import (
    SGD,
    Adam,
    Affine,
    Diverged,
    History,
    Momentum,
    MSELoss,
    Record,
    ReLU,
    Sequential,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
    datasets,
    one_hot,
    train,
)

N = 10
X = np.column_stack([np.arange(N), np.random.default_rng(0).normal(size=N)])  # column 0 tells which row it is
T = np.arange(N) % 3
RAGGED = [[1.0], [1.0, 2.0]]


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


def copies(net):
    return {name: param.copy() for name, param in net.parameters().items()}


def assert_same_parameters(net, before):
    for name, param in net.parameters().items():
        np.testing.assert_array_equal(param, before[name])


def rows_shown(**options):
    """Batches of row numbers that a run asks for, after the check at the call."""
    net = make_net(kind=Watched)
    run = train(net, (X, T), SGD(0.01), **options)
    net.shown.clear()
    for _record in run:
        pass
    return net.shown


# ---------------------------------------------------------------- the generator


def test_one_record_a_step():
    run = train(make_net(), (X, T), SGD(0.1), batch_size=4, epochs=2)
    assert inspect.isgenerator(run)
    records = list(run)
    assert [(r.step, r.epoch) for r in records] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]
    assert all(isinstance(r, Record) and type(r.loss) is float for r in records)


def test_a_step_is_made_only_when_asked_for():
    net = make_net()
    before = copies(net)
    run = train(net, (X, T), SGD(0.1))
    assert_same_parameters(net, before)
    next(run)
    assert any((param != before[name]).any() for name, param in net.parameters().items())


def test_a_run_may_be_left_and_another_started():
    net = make_net()
    run = train(net, (X, T), SGD(0.1), batch_size=2, epochs=100)
    for _ in range(3):
        next(run)
    run.close()
    between = copies(net)
    assert_same_parameters(net, between)
    again = next(train(net, (X, T), SGD(0.1)))
    assert (again.step, again.epoch) == (1, 1)


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


def test_rows_and_targets_stay_together():
    net = make_net(kind=Watched)
    pairs = []
    net.loss = lambda x, t, kept=net.loss: pairs.extend(zip(x[:, 0], t, strict=True)) or kept(x, t)
    run = train(net, (X, T), SGD(0.01), batch_size=3, epochs=2)
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
    np.testing.assert_array_equal(*runs)


def test_data_is_left_alone():
    x, t = X.copy(), T.copy()
    x.flags.writeable = t.flags.writeable = False
    list(train(make_net(), (x, t), SGD(0.1), batch_size=3, epochs=2))
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize("data", [(X, T), [X, T], (X.tolist(), T.tolist()), (X, one_hot(T, 3).astype(float))])
def test_data_may_come_in_several_forms(data):
    losses = History(train(make_net(), data, SGD(0.1), epochs=3)).loss
    np.testing.assert_allclose(losses, History(train(make_net(), (X, T), SGD(0.1), epochs=3)).loss, rtol=1e-12)


def test_a_data_set_can_be_given_as_it_is():
    net = Sequential([Affine.random(2, 2, 0)], SoftmaxWithLoss())
    assert len(History(train(net, datasets.xor(), SGD(0.1), epochs=3))) == 3


# ---------------------------------------------------------------- against a straight line


def straight_line(x, t, batches, lr):
    """Two layers, tanh and softmax, written out once more with nothing but NumPy."""
    start = make_net().parameters()
    W1, b1, W2, b2 = (start[name].copy() for name in ("Affine 1.W", "Affine 1.b", "Affine 3.W", "Affine 3.b"))
    losses = []
    for rows in batches:
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
def test_fifty_steps_agree_with_a_straight_line(batch_size):
    net = make_net(kind=Watched)
    run = train(net, (X, T), SGD(0.2), batch_size=batch_size, epochs=50, rng=3)
    net.shown.clear()
    losses = [next(run).loss for _ in range(50)]
    expected, params = straight_line(X, T, net.shown, 0.2)
    np.testing.assert_allclose(losses, expected, rtol=0, atol=1e-9)
    assert losses[-1] < losses[0]
    for param, straight in zip(net.parameters().values(), params, strict=True):
        np.testing.assert_allclose(param, straight, rtol=0, atol=1e-9)


def test_lr_changed_in_mid_run_steers():
    net, optimizer = make_net(), SGD(0.1)
    run = train(net, (X, T), optimizer, epochs=3)
    next(run)
    optimizer.lr = 0.7
    net.loss(X, T)
    net.backward()
    expected = [param - 0.7 * grad for param, grad in net.params_and_grads()]
    next(run)
    for param, hand in zip(net.parameters().values(), expected, strict=True):
        np.testing.assert_allclose(param, hand, rtol=1e-12, atol=1e-14)


# ---------------------------------------------------------------- what is learned


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("bend", [Tanh, Sigmoid])
def test_xor_is_learned_by_four_units(seed, bend):
    x, t, *_names = datasets.xor()
    rng = np.random.default_rng(seed)
    net = Sequential([Affine.random(2, 4, rng, 1.0), bend(), Affine.random(4, 2, rng, 1.0)], SoftmaxWithLoss())
    history = History(train(net, (x, t), Adam(0.05), epochs=500))
    assert net.accuracy(x, t) == 1.0
    assert history.loss[-1] < 0.1 < history.loss[0]


def test_xor_is_learned_by_four_tanh_units_and_plain_descent():
    x, t, *_names = datasets.xor()
    t = t[:, None]
    net = Sequential([Affine.random(2, 4, 1, 1.0), Tanh(), Affine.random(4, 1, 2, 1.0)], SigmoidWithLoss())
    list(train(net, (x, t), SGD(1.0), epochs=1000))
    assert net.accuracy(x, t) == 1.0


def test_xor_is_not_learned_without_a_bend():
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


def with_one(x, value, index=(7, 1)):
    x = np.array(x, dtype=float)
    x[index] = value
    return x


BAD_DATA = [
    (None, TypeError, r"pair \(x, t\), got None"),
    ("xt", TypeError, "got text 'xt'"),
    (X, TypeError, "array of shape"),
    ((X,), TypeError, "pair"),
    ((with_one(X, np.nan), T), ValueError, r"x must hold finite numbers only, got nan at index \(7, 1\)"),
    ((with_one(X, np.inf), T), ValueError, "x must hold finite.*inf"),
    ((X, with_one(T, np.nan, 7)), ValueError, r"t must hold finite numbers only, got nan at index \(7,\)"),
    ((X, with_one(T, np.inf, 7)), ValueError, "t must hold finite.*inf"),
    ((X, T[:-1]), ValueError, r"same number of rows.*\(10, 2\) and \(9,\)"),
    ((np.zeros((0, 2)), []), ValueError, "at least one"),
    ((3.0, 1), ValueError, "same number of rows"),
    ((X, 1), ValueError, "same number of rows"),
    (("abc", T), TypeError, "text 'abc'"),
    ((X, ["a"] * N), ValueError, "labels must be numbers, got text 'a'"),
    ((X, None), ValueError, "labels must be numbers, got None"),
    ((X * 1j, T), TypeError, "complex"),
    ((RAGGED, [0, 1]), TypeError, "equal lengths"),
    ((X[:2], RAGGED), (TypeError, ValueError), "equal lengths"),
    ((X[:, :1], T), ValueError, "expects 2 features, got x with shape"),
    ((X, T + 3), ValueError, "0 to 2, got 3"),
    ((X, T[:, None]), ValueError, "t must be labels"),
    ((X, np.full((N, 3), 0.5)), ValueError, "sum to 1"),
    ((X, np.where(np.arange(N) == 7, 3, T)), ValueError, "0 to 2, got 3"),
    ((X, np.where(np.arange(N) == 7, -1, T)), ValueError, "got -1"),
    ((X, np.where(np.arange(N) == 7, 0.5, T)), ValueError, "got 0.5"),
    ((X, np.where(np.arange(N)[:, None] == 7, 0.5, one_hot(T, 3))), ValueError, "sum to 1"),
]


@pytest.mark.parametrize(("data", "error", "telling"), BAD_DATA)
def test_bad_data_is_refused_before_anything_is_learned(data, error, telling):
    net = make_net()
    before = copies(net)
    with pytest.raises(error, match=telling):
        train(net, data, SGD(0.1), batch_size=1)
    assert_same_parameters(net, before)


@pytest.mark.parametrize(
    ("options", "telling"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number from 1 to 10, got 0"),
        ({"batch_size": -1}, "batch_size.*got -1"),
        ({"batch_size": 11}, "from 1 to 10, got 11"),
        ({"batch_size": 2.5}, "batch_size.*got 2.5"),
        ({"batch_size": 2.0}, "batch_size.*got 2.0"),
        ({"batch_size": True}, "batch_size.*got True"),
        ({"batch_size": "4"}, "batch_size.*text '4'"),
        ({"batch_size": np.nan}, "batch_size.*got nan"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        ({"epochs": -3}, "epochs.*got -3"),
        ({"epochs": 1.5}, "epochs.*got 1.5"),
        ({"epochs": True}, "epochs.*got True"),
        ({"epochs": None}, "epochs.*got None"),
        ({"epochs": "2"}, "epochs.*text '2'"),
    ],
)
def test_bad_settings_are_refused_before_anything_is_learned(options, telling):
    net = make_net()
    before = copies(net)
    with pytest.raises(ValueError, match=telling):
        train(net, (X, T), SGD(0.1), **options)
    assert_same_parameters(net, before)


@pytest.mark.parametrize("optimizer", [None, "SGD", 0.1])
def test_an_optimizer_is_needed(optimizer):
    with pytest.raises(TypeError, match="optimizer must be one of nbkit's"):
        train(make_net(), (X, T), optimizer)


def test_a_loss_is_needed():
    with pytest.raises(RuntimeError, match="has no loss"):
        train(Sequential([Affine.random(2, 3, 0)]), (X, T), SGD(0.1))


def test_an_optimizer_of_another_network_is_refused():
    optimizer = Momentum(0.1)
    list(train(make_net(), (X, T), optimizer))
    small = Sequential([Affine.random(2, 3, 0)], SoftmaxWithLoss())
    before = copies(small)
    with pytest.raises(ValueError, match="make a new one"):
        list(train(small, (X, T), optimizer))
    assert_same_parameters(small, before)


@pytest.mark.parametrize("batch_size", [np.int64(5), 1, N])
def test_whole_numbers_of_every_kind_are_taken(batch_size):
    assert len(list(train(make_net(), (X, T), SGD(0.1), batch_size=batch_size))) == N // batch_size


# ---------------------------------------------------------------- Diverged


@pytest.fixture
def _strict():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def line(weight=1.0, second=1.0):
    layers = [Affine([[weight]], [0.0], "first"), Affine([[second]], [0.0], "second")]
    return Sequential(layers, MSELoss())


ONE = (np.array([[1.0], [2.0]]), np.array([[0.0], [1.0]]))


@pytest.mark.usefixtures("_strict")
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


@pytest.mark.usefixtures("_strict")
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


@pytest.mark.usefixtures("_strict")
@pytest.mark.parametrize(
    ("weights", "name"), [((1e308, 1.0), "first"), ((1e200, 1e200), "second"), ((1e200, 1.0), "MSELoss")]
)
def test_diverged_names_the_layer_whose_output_is_too_large(weights, name):
    net = line()
    run = train(net, (ONE[0] * 100, ONE[1]), SGD(1e-9), epochs=9)
    next(run)
    for layer, weight in zip(net.layers, weights, strict=True):
        layer.params["W"][:] = weight
    before = copies(net)
    with pytest.raises(Diverged) as caught:
        next(run)
    assert (caught.value.step, caught.value.layer) == (2, name)
    assert_same_parameters(net, before)


@pytest.mark.usefixtures("_strict")
def test_diverged_names_an_overflowing_layer_before_a_broken_one_to_its_right():
    net = line()
    run = train(net, (ONE[0] * 100, ONE[1]), SGD(1e-9), epochs=9)
    next(run)
    net.parameters()["first.W"][:] = 1e308
    net.parameters()["second.W"][:] = np.nan
    with pytest.raises(Diverged) as caught:
        next(run)
    assert caught.value.layer == "first"


@pytest.mark.usefixtures("_strict")
@pytest.mark.parametrize("weight", [1e308, np.nan])
def test_a_network_that_is_broken_from_the_start_raises_diverged_in_step_1(weight):
    run = train(line(weight), (ONE[0] * 100, ONE[1]), SGD(0.1))
    with pytest.raises(Diverged, match="step 1: Affine 'first'"):
        next(run)


@pytest.mark.usefixtures("_strict")
def test_a_last_step_that_breaks_the_parameters_is_not_passed_over():
    net = line()
    run = train(net, (ONE[0] * 1e3, ONE[1]), SGD(1e305))
    assert next(run).step == 1
    with pytest.raises(Diverged, match="step 1: Affine 'first'"):
        next(run)


@pytest.mark.usefixtures("_strict")
def test_the_step_after_divergence_is_not_made():
    net, optimizer = line(), SGD(1e-9)
    run = train(net, ONE, optimizer, epochs=9)
    next(run)
    net.parameters()["second.b"][:] = np.inf
    before = copies(net)
    with pytest.raises(Diverged):
        next(run)
    assert_same_parameters(net, before)
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
    history = History([Record(1, 1, 4.0), Record(2, 1, 2.0)])
    history.append(Record(3, 2, 1.0))
    assert len(history) == 3
    np.testing.assert_array_equal(history.loss, [4.0, 2.0, 1.0])
    np.testing.assert_array_equal(history.epoch_loss, [3.0, 1.0])
    assert history.records[-1] == (3, 2, 1.0)
    assert repr(history) == "History of 3 steps, last loss 1"


def test_an_empty_history():
    history = History()
    assert len(history) == 0
    assert history.loss.shape == history.epoch_loss.shape == (0,)
    assert repr(history) == "History of 0 steps"
    history.append(Record(1, 1, 1.0))
    assert len(History()) == 0


def test_history_runs_a_training_to_its_end():
    history = History(train(make_net(), (X, T), SGD(0.1), batch_size=4, epochs=3))
    assert len(history) == 9
    np.testing.assert_allclose(history.epoch_loss, history.loss.reshape(3, 3).mean(axis=1), rtol=1e-14)
