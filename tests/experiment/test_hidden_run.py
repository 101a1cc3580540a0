"""The moments of a run, against the same run made by `train`."""

import numpy as np
import pytest

from nbkit import SGD, Affine, MSELoss, ReLU, Sequential, Tanh, train
from nbkit.experiment.hidden_run import MAX_MOMENTS, checked_hidden, hidden_run
from tests.experiment.xor import T, X

DATA = X, T


def net(seed=0, bend=Tanh):
    rng = np.random.default_rng(seed)
    return Sequential([Affine.random(2, 2, rng), bend(), Affine.random(2, 1, rng)], MSELoss())


def test_moments_are_those_of_the_same_run():
    moments, other = hidden_run(net(), DATA, 0.3, 100), net()
    steps = [moment.step for moment in moments]
    assert steps[:4] == [0, 1, 2, 3]
    assert steps[-1] == 100
    assert len(steps) <= MAX_MOMENTS
    made = 0
    for moment in moments:
        for _record in train(other, DATA, SGD(0.3), epochs=moment.step - made) if moment.step > made else ():
            pass
        made = moment.step
        assert moment.loss == pytest.approx(other.loss(*DATA), rel=1e-12)
        np.testing.assert_allclose(moment.hidden, np.tanh(DATA[0] @ other.layers[0].params["W"]
                                                          + other.layers[0].params["b"]), atol=1e-12)  # fmt: skip
        np.testing.assert_allclose(moment.output.predict(moment.hidden), other.predict(DATA[0]), atol=1e-12)
        np.testing.assert_allclose(moment.move(DATA[0]), moment.hidden, atol=1e-15)


def test_the_net_that_is_given_stays_as_it_is():
    given = net()
    before = given.layers[0].params["W"].copy()
    hidden_run(given, DATA, 0.3, 20)
    np.testing.assert_array_equal(given.layers[0].params["W"], before)


def test_a_run_that_diverges_ends_at_its_last_finite_moment():
    """At lr 5 the output's bias is thrown four times as far in each step."""
    moments = hidden_run(net(bend=ReLU), DATA, 5.0, 1000)
    assert 0 < moments[-1].step < 1000
    assert np.isfinite(moments[-1].loss)


@pytest.mark.parametrize("wrong", [
    Sequential([Affine.random(2, 3, 0), Tanh(), Affine.random(3, 1, 1)], MSELoss()),
    Sequential([Affine.random(2, 2, 0), Affine.random(2, 1, 1)], MSELoss()),
    Sequential([Affine.random(2, 2, 0), Tanh()], MSELoss()),
    Sequential([Affine.random(2, 2, 0), Tanh(), Affine.random(2, 1, 1)]),
])  # fmt: skip
def test_a_net_without_such_a_plane_is_refused(wrong):
    with pytest.raises(ValueError, match="2 hidden units"):
        checked_hidden(wrong, DATA, 10)


def test_other_things_are_refused():
    with pytest.raises(TypeError, match="Sequential"):
        checked_hidden("net", DATA, 10)
    with pytest.raises(ValueError, match="2 features"):
        checked_hidden(net(), (np.zeros((3, 1)), np.zeros((3, 1))), 10)
    with pytest.raises(ValueError, match="steps"):
        checked_hidden(net(), DATA, 0)
