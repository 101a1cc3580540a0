"""A training run: it is that of `train`, knows its length, ends where it should, and survives a blow-up."""

import copy
import math
import warnings

import numpy as np
import pytest

from nbkit import SGD, Affine, Diverged, History, MSELoss, ReLU, Sequential, SoftmaxWithLoss, make_optimizer, train
from nbkit.experiment.run import Run, networks
from nbkit.formatting import number

X = np.random.default_rng(0).normal(size=(10, 2))
T = (X[:, 0] > 0).astype(int)


def make(width=3, rng=0):
    return Sequential([Affine.random(2, width, rng), ReLU(), Affine.random(width, 2, rng)], SoftmaxWithLoss())


def run(batch_size=4, lr=0.1, **more):
    return Run(make(), (X, T), make_optimizer("SGD", lr), batch_size=batch_size, **{"epochs": 3, "rng": 5, **more})


def same(net, other):
    return all((p == other.parameters()[name]).all() for name, p in net.parameters().items())


@pytest.mark.parametrize("pieces", [(2, 100), (1,) * 9, (9,), (4, 0, 5)])
def test_in_pieces_or_at_once_it_is_the_training_of_train(pieces):
    one = run()
    for steps in pieces:
        one.advance(steps)
    net = make()
    history = History(train(net, (X, T), make_optimizer("SGD", 0.1), batch_size=4, epochs=3, rng=5))
    assert one.losses == list(history.loss) == run().finish().losses == one.curve
    assert (one.step, one.loss, one.error, one.finished) == (9, one.losses[-1], None, True)
    assert same(one.net, net)


@pytest.mark.parametrize(("batch_size", "per_epoch"), [(1, 10), (3, 4), (5, 2), (10, 1), (None, 1)])
def test_it_knows_its_length(batch_size, per_epoch):
    one = run(batch_size)
    assert (one.per_epoch, one.steps, one.finished) == (per_epoch, 3 * per_epoch, False)
    one.advance(one.steps - 1)
    assert not one.finished
    one.advance(1)
    assert one.finished
    one.advance(5)
    assert (one.step, len(one.losses)) == (one.steps, one.steps)


def test_without_epochs_it_is_endless_and_may_forget_its_losses():
    one, other = run(epochs=None), run(epochs=None, keep_losses=False)
    for each in (one, other):
        each.advance(1000)
    assert (one.step, other.step, one.finished) == (1000, 1000, False)
    assert (len(one.losses), other.losses, other.loss) == (1000, [], one.losses[-1])
    assert same(one.net, other.net)


def test_it_ends_after_the_first_step_whose_loss_is_low_enough():
    whole = run(10, lr=1.0, epochs=50).finish()
    enough = whole.losses[20] + 1e-9
    one = run(10, lr=1.0, epochs=50, enough=enough).finish()
    assert one.finished
    assert one.losses == whole.losses[:21]
    twin = run(10, lr=1.0, epochs=50)
    twin.advance(21)  # the step from there is made
    assert same(one.net, twin.net)


def test_a_learning_rate_may_change_on_the_way():
    one, twin = run(10), run(10)
    one.advance(1)
    twin.advance(1)
    before = one.net.layers[0].params["W"].copy()
    one.optimizer.lr = 0.2
    one.advance(1)
    twin.advance(1)
    moved = [each.net.layers[0].params["W"] - before for each in (one, twin)]
    np.testing.assert_allclose(moved[0], 2 * moved[1], atol=1e-15)


def test_one_that_blows_up_is_finished_and_its_curve_ends_at_infinity():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = run(lr=1e308)
        one.advance(9)
        assert np.isfinite(one.probabilities(X)).all()
    assert one.finished
    assert isinstance(one.error, Diverged)
    assert (one.step, one.loss) == (one.error.step, math.inf)
    assert len(one.losses) == one.step - 1
    assert np.isfinite(one.losses).all()
    assert one.curve == [*one.losses, math.inf], "it ends where it diverged"
    stopped = one.step
    one.advance(5)
    assert one.step == stopped


def test_a_last_step_that_ruins_the_parameters_is_no_good_end():
    """The losses are all finite: only the weights after the last step are not."""
    net = Sequential([Affine([[1.0]], [0.0])], MSELoss())
    one = Run(net, ([[100.0]], [[0.0]]), SGD(1e305), epochs=1)
    one.advance(1)
    assert len(one.losses) == 1
    assert "diverged in step 1" in str(one.error)
    assert one.finished
    assert one.curve == one.losses


@pytest.mark.parametrize("step", [0, 4, 9])
def test_its_status_counts_steps_and_what_is_right(step):
    one = run()
    one.advance(step)
    right = int((one.net.decide(X) == T).sum())
    loss = f"loss of the last batch {number(one.losses[-1])}" if step else "loss –"
    assert one.status((X, T)) == [f"step {step} of 9", loss, f"right on training data: {right}/10"]
    wrong = int((one.net.decide(X[:4]) != T[:4]).sum())
    words = f"right on training data: {right}/10, on held-out data: {wrong}/4"
    assert one.status((X, T), (X[:4], 1 - T[:4]))[2] == words
    one = run(10).finish()  # of all rows
    assert one.status((X, T))[1] == f"loss {number(one.losses[-1])}"


def test_it_trains_the_net_that_it_is_given():
    net = make()
    Run(copy.deepcopy(net), (X, T), SGD(0.1), epochs=1).finish()
    assert same(net, make())
    Run(net, (X, T), SGD(0.1), epochs=1).finish()
    assert not same(net, make())


def test_networks_are_made_one_for_each_width():
    nets = networks(lambda width, rng: make(width, rng), [1, 4], 7)
    assert {width: net.layers[0].params["W"].shape for width, net in nets.items()} == {1: (2, 1), 4: (2, 4)}
    np.testing.assert_array_equal(nets[4].layers[0].params["W"], make(4, 7).layers[0].params["W"])
    net = make()
    assert networks(net, [None], 0) == {None: net}


@pytest.mark.parametrize(
    ("net", "widths", "rule"),
    [
        (make(), [1, 2], "a function net"),
        (make, [None], "a Sequential without"),
        ("net", [1, 2], "got text 'net'"),
        (lambda width, rng: width, [1, 2], r"net\(1, 0\) must return a Sequential, got 1"),
    ],
)
def test_networks_of_the_wrong_kind_are_refused(net, widths, rule):
    with pytest.raises(TypeError, match=rule):
        networks(net, widths, 0)
