"""What a net decides on some rows, and which of its units no longer learn, against numeric gradients and plain sums."""

import math

import numpy as np
import pytest

from nbkit import Affine, MSELoss, ReLU, Sequential, SigmoidWithLoss, SoftmaxWithLoss, Tanh, numerical_gradient
from nbkit.experiment.measures import (
    class_numbers,
    dead_units,
    decided_right,
    gradient_norms,
    outputs,
    probabilities,
    saturated_units,
)

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])


def net(activation=Tanh, loss=SigmoidWithLoss, k=1):
    return Sequential([Affine.random(2, 3, 0, "xavier", "hidden"), activation(), Affine.random(3, k, 1)], loss())


def test_norms_are_those_of_the_numeric_gradient():
    one = net()
    one.loss(X, T)
    one.backward()
    norms = gradient_norms(one)
    assert list(norms) == ["hidden", "Affine 3"]
    for layer in (one.layers[0], one.layers[2]):
        squares = 0.0
        for param in layer.params.values():

            def loss(value, param=param):
                param[...] = value
                return one.loss(X, T)

            start = param.copy()
            squares += (numerical_gradient(loss, start) ** 2).sum()
            param[...] = start
        assert norms[layer.name] == pytest.approx(math.sqrt(squares), rel=1e-5)


@pytest.mark.parametrize(("activation", "bias"), [(ReLU, -100.0), (Tanh, 50.0)])
def test_a_unit_that_lets_no_gradient_through_is_saturated(activation, bias):
    one = net(activation)
    one.layers[0].params["b"][:] = 0.5, bias, 0.5
    one.loss(X, T)
    assert {name: units.tolist() for name, units in saturated_units(one).items()} == {"hidden": [False, True, False]}


def test_dead_units_are_those_whose_relu_shows_0_everywhere():
    hidden = Affine([[1.0, -1, 1, -1], [1, -1, -1, -1]], [0.0, 0, 0, 0])
    dead = Sequential([hidden, ReLU(), Affine(np.ones((4, 1)), [0.0])], MSELoss())
    assert [flags.tolist() for flags in dead_units(dead, X)] == [[False, True, False, True], [False]]
    assert not any(flags.any() for flags in dead_units(net(Tanh), X))


@pytest.mark.parametrize(("loss", "k"), [(SigmoidWithLoss, 1), (SoftmaxWithLoss, 3), (MSELoss, 1), (MSELoss, 3)])
def test_a_net_whose_numbers_are_nan_finds_all_classes_alike(loss, k):
    one = net(loss=loss, k=k)
    np.testing.assert_array_equal(probabilities(one, X), one.probabilities(X))
    one.layers[2].params["b"][:] = np.nan
    shares = probabilities(one, X)
    assert (shares == 1 / shares.shape[1]).all()


def test_an_output_is_a_score_of_a_squared_error_and_else_a_probability():
    squared, yes = net(loss=MSELoss), net()
    np.testing.assert_allclose(outputs(squared, X), squared.predict(X)[:, 0])
    np.testing.assert_allclose(outputs(yes, X), 1 / (1 + np.exp(-yes.predict(X)[:, 0])))


def test_what_is_right_is_told_row_by_row():
    one = Sequential([Affine([[1.0], [0.0]], [-0.5])], SigmoidWithLoss())  # "x₁ is 1"
    assert decided_right(one, (X, T)).tolist() == [True, False, True, False]
    assert decided_right(one, (X, T[:, 0])).tolist() == [True, False, True, False]


@pytest.mark.parametrize("t", [[0, 2, 1], [[0], [2], [1]], np.eye(3)[[0, 2, 1]]], ids=["labels", "column", "one-hot"])
def test_labels_in_every_form_are_class_numbers(t):
    assert class_numbers(t).tolist() == [0, 2, 1]
