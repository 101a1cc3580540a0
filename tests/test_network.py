"""Layers in a row: what comes out, what goes back, and what is written to a file."""

import copy
import pickle
import traceback
from pathlib import Path

import numpy as np
import pytest

from nbkit import (  # isort: skip
    Affine, Flatten, Graph, MSELoss, ReLU, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Tanh, Variable,
    numerical_gradient,
)  # fmt: skip

X = np.random.default_rng(0).normal(size=(5, 4))
T = np.array([0, 2, 1, 1, 0])
RAGGED = [[1.0], [1.0, 2.0]]


def make_net(seed=0, names=(None, None), loss=None):
    rng = np.random.default_rng(seed)
    first, second = Affine.random(4, 3, rng, name=names[0]), Affine.random(3, 3, rng, name=names[1])
    return Sequential([first, Tanh(), second], SoftmaxWithLoss() if loss is None else loss)


@pytest.fixture
def net():
    return make_net()


def everything(net):
    """Copies of all parameters and gradients."""
    return copy.deepcopy([(layer.params, layer.grads) for layer in net.layers])


# ---------------------------------------------------------------- making one


def test_layers_without_a_name_get_one_from_kind_and_place():
    net = Sequential(iter([Affine([[1.0]], [0.0]), ReLU(), Affine([[1.0]], [0.0], "out")]))
    assert [layer.name for layer in net.layers] == ["Affine 1", "ReLU 2", "out"]


def test_repr(net):
    assert repr(net) == "Sequential: Affine 'Affine 1' → Tanh 'Tanh 2' → Affine 'Affine 3' | SoftmaxWithLoss"
    assert repr(Sequential([ReLU("r")])) == "Sequential: ReLU 'r'"


SHARED = Tanh()


@pytest.mark.parametrize(
    ("layers", "loss", "error", "telling"),
    [
        ([], None, ValueError, "at least one layer"),
        ([SHARED, ReLU(), SHARED], None, ValueError, "each once"),
        ([ReLU("a"), Tanh("a")], None, ValueError, r"its own name, got \['a', 'a'\]"),
        ([Tanh("ReLU 2"), ReLU()], None, ValueError, r"\['ReLU 2', 'ReLU 2'\]"),
        ([ReLU(), "Tanh"], None, TypeError, "made of layers.*text 'Tanh'"),
        ([ReLU], None, TypeError, "made of layers"),
        ([ReLU(), MSELoss()], None, TypeError, "loss apart, got MSELoss"),
        ([ReLU()], ReLU(), TypeError, "the loss must be.*ReLU"),
        ([ReLU()], "MSELoss", TypeError, "the loss must be.*text 'MSELoss'"),
    ],
)
def test_networks_that_cannot_be_made(layers, loss, error, telling):
    names = [getattr(layer, "name", None) for layer in layers]
    with pytest.raises(error, match=telling):
        Sequential(layers, loss)
    assert [getattr(layer, "name", None) for layer in layers] == names


# ---------------------------------------------------------------- forward


def test_predict_by_hand():
    net = Sequential([Affine([[1, -1], [2, 0]], [0, 1]), ReLU(), Affine([[1], [10]], [0.5])])
    np.testing.assert_array_equal(net.predict([[1, 1], [2, 0]]), [[3.5], [2.5]])
    np.testing.assert_array_equal(net.predict([-1, 0]), [20.5])


def test_predict_and_loss_are_the_layers_in_a_row(net):
    first, _tanh, second = net.layers
    scores = np.tanh(X @ first.params["W"] + first.params["b"]) @ second.params["W"] + second.params["b"]
    np.testing.assert_allclose(net.predict(X), scores, rtol=1e-14)
    np.testing.assert_allclose(net(X), scores, rtol=1e-14)
    log_y = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    assert net.loss(X, T) == pytest.approx(-log_y[np.arange(5), T].mean(), rel=1e-13)
    assert net(X, T) == net.loss(X, T)
    assert type(net.loss(X, T)) is float


def test_the_outputs_of_the_layers_are_what_each_hands_to_the_next(net):
    outputs, x = list(net.layer_outputs(X)), X
    for layer, output in zip(net.layers, outputs, strict=True):
        x = layer.forward(x)
        np.testing.assert_array_equal(output, x)
    np.testing.assert_array_equal(outputs[-1], net.predict(X))


@pytest.mark.parametrize(
    ("loss", "x", "decided"),
    [
        (SoftmaxWithLoss(), [[1.0, 3.0, 2.0], [5.0, 0.0, 0.0]], [1, 0]),
        (SoftmaxWithLoss(), [1.0, 3.0, 2.0], 1),
        (SigmoidWithLoss(), [[0.1], [-0.1]], [[1], [0]]),
        (MSELoss(), [0.4, 0.6], [0, 1]),
        (MSELoss(), [[0.4, 0.3, -1.0], [0.6, 0.7, 0.8]], [0, 2]),
    ],
)
def test_decide_follows_the_rule_of_the_loss(loss, x, decided):
    net = Sequential([Tanh()], loss)
    np.testing.assert_array_equal(net.decide(x), decided)


@pytest.mark.parametrize(
    ("loss", "x", "rows"),
    [
        (SoftmaxWithLoss(), [[0.0, 0.0], [1000.0, 0.0]], [[0.5, 0.5], [1.0, 0.0]]),
        (SigmoidWithLoss(), [[0.0], [1000.0]], [[0.5, 0.5], [0.0, 1.0]]),
        (SigmoidWithLoss(), [0.0, -1000.0], [[0.5, 0.5], [1.0, 0.0]]),
        (MSELoss(), [[0.25], [7.0]], [[0.75, 0.25], [0.0, 1.0]]),
        (MSELoss(), [[0.25, 0.75, -3.0], [-1.0, -2.0, -1.0]], [[0.25, 0.75, 0.0], [1 / 3, 1 / 3, 1 / 3]]),
    ],
)
def test_probabilities_have_one_column_per_class(loss, x, rows):
    net = Sequential([ReLU() if np.min(x) >= 0 else Flatten()], loss)
    result = net.probabilities(x)
    np.testing.assert_allclose(result, rows, rtol=1e-15)
    np.testing.assert_array_equal(result.argmax(axis=1)[1], np.ravel(net.decide(x))[1])


def test_yes_or_no_needs_one_score_per_row():
    with pytest.raises(ValueError, match="one score per row, got 2"):
        Sequential([ReLU()], SigmoidWithLoss()).probabilities([[1.0, 2.0]])


@pytest.mark.parametrize(("t", "share"), [([1, 0, 1, 0], 1.0), ([1, 0, 1, 1], 0.75), ([0, 1, 0, 1], 0.0)])
def test_accuracy_is_the_share_of_right_rows(t, share):
    net = Sequential([Tanh()], SigmoidWithLoss())
    x = np.array([2.0, -1.0, 3.0, -4.0])
    assert net.accuracy(x, t) == share


# ---------------------------------------------------------------- backward


def test_parameter_gradients_equal_central_differences(net):
    net.loss(X, T)
    net.backward()
    for param, grad in net.params_and_grads():

        def loss_at(p, param=param):
            kept = param.copy()
            param[...] = p
            try:
                return net.loss(X, T)
            finally:
                param[...] = kept

        np.testing.assert_allclose(grad, numerical_gradient(loss_at, param), rtol=1e-6, atol=1e-9)


def test_backward_agrees_with_the_recorded_graph(net):
    net.loss(X, T)
    net.backward()
    net.backward()  # twice does not add up
    plain = [grad.copy() for _param, grad in net.params_and_grads()]
    graph = Graph(net(Variable(X, "x"), T))
    assert graph.output.value == net.loss(X, T)
    graph.backward()
    for a, (_param, b) in zip(plain, net.params_and_grads(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)


def test_pairs_come_layer_by_layer_and_are_the_arrays_themselves(net):
    net.loss(X, T)
    net.backward()
    first, _tanh, second = net.layers
    arrays = [first.params["W"], first.params["b"], second.params["W"], second.params["b"]]
    pairs = list(net.params_and_grads())
    assert all(param is array for (param, _grad), array in zip(pairs, arrays, strict=True))
    assert all(param.shape == grad.shape for param, grad in pairs)
    assert list(net.parameters()) == ["Affine 1.W", "Affine 1.b", "Affine 3.W", "Affine 3.b"]
    assert all(a is b for a, b in zip(net.parameters().values(), arrays, strict=True))


def test_data_is_left_alone(net):
    x, t = X.copy(), np.eye(3)[T]
    x.flags.writeable = t.flags.writeable = False
    net.predict(x)
    net.loss(x, t)
    net.backward()
    np.testing.assert_array_equal(x, X)


# ---------------------------------------------------------------- bad use, bad data


USES_OF_A_LOSS = {
    "call": lambda net: net(X, T),
    "decide": lambda net: net.decide(X),
    "probabilities": lambda net: net.probabilities(X),
    "accuracy": lambda net: net.accuracy(X, T),
    "loss": lambda net: net.loss(X, T),
    "backward": lambda net: net.backward(),
}


@pytest.mark.parametrize("use", USES_OF_A_LOSS.values(), ids=USES_OF_A_LOSS)
def test_a_missing_loss_is_named(use):
    net = Sequential([Affine.random(4, 3, 0)])
    with pytest.raises(RuntimeError, match="has no loss"):
        use(net)


def test_gradients_before_backward_are_refused(net):
    net.loss(X, T)
    with pytest.raises(RuntimeError, match=r"'Affine 1'.* has no gradients yet: call loss, then backward"):
        list(net.params_and_grads())


def test_backward_before_loss_is_refused(net):
    net.predict(X)
    with pytest.raises(RuntimeError, match="SoftmaxWithLoss: backward needs a forward first"):
        net.backward()
    assert all(layer.grads == {} for layer in net.layers)


def with_one(x, value, index=(2, 1)):
    x = np.array(x, dtype=float)
    x[index] = value
    return x


@pytest.mark.parametrize(
    ("x", "error", "telling"),
    [
        (with_one(X, np.nan), ValueError, r"x must hold finite numbers only, got nan at index \(2, 1\)"),
        (np.zeros((5, 3)), ValueError, r"'Affine 1' expects 4 features, got x with shape \(5, 3\)"),
        (np.zeros((0, 4)), ValueError, "nothing to predict: x has shape|at least one row"),
        (RAGGED, TypeError, "equal lengths"),
    ],
)
@pytest.mark.parametrize("method", ["predict", "decide", "loss"])
def test_bad_data_is_refused(net, method, x, error, telling):
    net.loss(X, T)
    net.backward()
    before = everything(net)
    with pytest.raises(error, match=telling), np.errstate(invalid="ignore"):
        getattr(net, method)(x, *([T[: len(x)]] if method == "loss" else []))
    np.testing.assert_equal(everything(net), before)


@pytest.mark.parametrize("activation", [ReLU, Tanh])
def test_infinite_data_is_refused_even_where_a_layer_swallows_it(activation):
    net = Sequential([Affine([[-1.0]], [0.0]), activation(), Affine([[1.0]], [0.0])], MSELoss())
    with pytest.raises(ValueError, match="x must hold finite numbers only, got inf"):
        net.loss([[np.inf]], [[1.0]])


@pytest.mark.parametrize(("t", "telling"), [([0, 1, 2, 3, 0], "0 to 2, got 3"), (None, "labels")])
def test_bad_targets_are_refused_in_loss(net, t, telling):
    net.loss(X, T)
    net.backward()
    before = everything(net)
    with pytest.raises((TypeError, ValueError), match=telling):
        net.loss(X, t)
    np.testing.assert_equal(everything(net), before)


@pytest.mark.parametrize(
    ("loss", "t"), [(MSELoss(), [[np.nan]]), (MSELoss(), [[np.inf]]), (SigmoidWithLoss(), [[np.nan]])]
)
def test_targets_that_are_not_finite_are_refused_in_loss(loss, t):
    net = Sequential([Affine([[1.0]], [0.0])], loss)
    with pytest.raises(ValueError, match=r"t must hold finite numbers only.*index \(0, 0\)"):
        net.loss([[1.0]], t)


@pytest.mark.parametrize(
    ("t", "telling"),
    [
        ([0, 1], r"shape of the decisions, \(5,\), got \(2,\)"),
        ([[0], [1], [2], [0], [1]], r"got \(5, 1\)"),
        (np.eye(3)[T], r"got \(5, 3\)"),
        (0, r"got \(\)"),
        (["a", "b", "c", "a", "b"], "text|number"),
    ],
)
def test_accuracy_refuses_labels_that_cannot_be_compared(net, t, telling):
    with pytest.raises((ValueError, TypeError), match=telling):
        net.accuracy(X, t)


def test_weights_out_of_bounds_give_an_infinite_loss_not_an_error():
    net = Sequential([Affine([[1e200]], [0.0])], MSELoss())
    with np.errstate(over="ignore"):
        assert net.loss([[1e200]], [[0.0]]) == np.inf


# ---------------------------------------------------------------- save and load


@pytest.mark.parametrize(
    ("kind", "file", "names"),
    [
        (str, "weights", (None, None)),
        (Path, "weights.npz", ("my first layer", "v1.2 größe")),
        (Path, "run 1.5", ("a/b", "file")),
        (str, "a.b.npz", (None, None)),
    ],
)
def test_save_and_load_round_trip(tmp_path, kind, file, names):
    net, other = make_net(1, names), make_net(2, names)
    written = net.save(kind(tmp_path / file))
    assert written == tmp_path / (file if file.endswith(".npz") else file + ".npz")
    assert [path.name for path in tmp_path.iterdir()] == [written.name]
    arrays = other.parameters()
    other.load(kind(tmp_path / file))
    for name, param in net.parameters().items():
        assert other.parameters()[name] is arrays[name]
        np.testing.assert_array_equal(arrays[name], param)
    np.testing.assert_array_equal(other.predict(X), net.predict(X))


def test_a_network_without_parameters_round_trips(tmp_path):
    net = Sequential([ReLU()])
    net.save(tmp_path / "nothing")
    net.load(tmp_path / "nothing")


def with_other(name, array):
    """Write a file in which one parameter is another one, or is missing."""
    return lambda path, net: np.savez(
        path, **{key: kept for key, kept in {**net.parameters(), name: array}.items() if kept is not None}
    )


def changed(change):
    """Write a file and change its bytes."""
    return lambda path, net: path.write_bytes(change(net.save(path).read_bytes()))


def single_array(path, _net):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


NO_NPZ = r"it is no \.npz file of plain numbers, as save writes it$"
BAD_FILES = {
    "empty": (lambda path, net: path.write_bytes(b""), NO_NPZ),
    "text": (lambda path, net: path.write_text("Affine 1.W = 3"), NO_NPZ),
    "cut off": (changed(lambda data: data[:-200]), NO_NPZ),
    "broken inside": (changed(lambda data: data[:60] + bytes(340) + data[400:]), NO_NPZ),
    "pickle": (lambda path, net: path.write_bytes(pickle.dumps(net.parameters())), NO_NPZ),
    "one array": (single_array, NO_NPZ),
    "objects": (with_other("Affine 1.W", np.array([{"a": 1}], dtype=object)), NO_NPZ),
    "words": (with_other("Affine 1.b", np.array(["a", "b", "c"])), "number"),
    "complex": (with_other("Affine 1.b", np.zeros(3) * 1j), "number"),
    "nan": (with_other("Affine 3.b", [0, np.nan, 0]), r"Affine 3\.b.*nan at index"),
    "infinite": (with_other("Affine 3.b", [0, 0, np.inf]), "inf at index"),
    "wrong shape": (with_other("Affine 3.b", [0, 0]), r"must hold.*got.*\(2,\)"),
    "would stretch": (with_other("Affine 3.b", 0.0), r"must hold.*got"),
    "wrong name": (lambda path, net: make_net(1, ("first", None)).save(path), r"must hold.*first\.W"),
    "one too many": (with_other("more.W", [1.0]), r"must hold.*more\.W"),
    "one missing": (with_other("Affine 3.b", None), "must hold"),
}


@pytest.mark.parametrize(("write", "telling"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_leaves_the_parameters_alone(tmp_path, net, write, telling):
    path = tmp_path / "bad.npz"
    write(path, make_net(7))
    before = everything(net)
    with pytest.raises(ValueError, match=telling) as refusal:
        net.load(path)
    shown = "".join(traceback.format_exception(refusal.value))
    assert "allow_pickle" not in shown  # NumPy's advice to load it unsafely
    np.testing.assert_equal(everything(net), before)


def test_predicting_between_forward_and_backward_does_no_harm(net):
    """A widget may ask the network while a training of it is in the middle of a step."""
    net.loss(X, T)
    net.backward()
    before = everything(net)
    net.loss(X, T)
    net.accuracy(X[:1], T[:1])
    net.probabilities(X[:2])
    net.backward()
    np.testing.assert_equal(everything(net), before)
