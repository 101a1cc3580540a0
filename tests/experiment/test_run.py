"""One training run of a widget: its length, its weights, and what may be chosen for it."""

import numpy as np
import pytest

from nbkit import Affine, History, ReLU, Sequential, SoftmaxWithLoss, make_optimizer, train
from nbkit.experiment.run import Choice, Run, class_numbers, networks, sizes
from nbkit.formatting import number

X = np.random.default_rng(0).normal(size=(10, 2))
T = (X[:, 0] > 0).astype(int)


def make(width=3, rng=0):
    return Sequential([Affine.random(2, width, rng), ReLU(), Affine.random(width, 2, rng)], SoftmaxWithLoss())


def run(batch_size=4, lr=0.1, **options):
    settings = {"optimizer": "SGD", "epochs": 3, "rng": 5, **options}
    return Run(make(), (X, T), Choice(lr, None, batch_size), **settings)


def test_it_is_the_training_of_the_training_room():
    one = run()
    one.advance(2)
    one.advance(100)
    net = make()
    history = History(train(net, (X, T), make_optimizer("SGD", 0.1), batch_size=4, epochs=3, rng=5))
    assert one.losses == list(history.loss)
    assert one.net.parameters().keys() == net.parameters().keys()
    assert all((p == net.parameters()[name]).all() for name, p in one.net.parameters().items())


@pytest.mark.parametrize(("batch_size", "per_epoch"), [(1, 10), (3, 4), (5, 2), (10, 1)])
def test_it_knows_its_length(batch_size, per_epoch):
    one = run(batch_size)
    assert (one.per_epoch, one.steps, one.finished) == (per_epoch, 3 * per_epoch, False)
    one.advance(one.steps)
    assert len(one.losses) == one.steps
    assert one.finished


def test_one_that_blew_up_is_finished_and_stays_at_infinity():
    one = run(lr=1e308)
    one.advance(9)
    assert one.finished
    assert "diverged" in one.trouble
    assert len(one.whole) == one.steps
    assert one.whole[-1] == np.inf
    assert np.isfinite(one.probabilities(X)).all()


def test_its_words_count_what_is_right():
    one = run()
    right = int((one.net.decide(X) == T).sum())
    assert one.words((X, T)) == f"step 0 of 9, loss –, right on training data: {right}/10"
    assert one.words((X, T), (X[:4], 1 - T[:4])).endswith(
        f"on held-out data: {int((one.net.decide(X[:4]) != T[:4]).sum())}/4"
    )


@pytest.mark.parametrize(("batch_size", "words"), [(4, "loss of the last batch"), (10, "loss")])
def test_its_words_tell_the_loss_of_a_batch_from_that_of_all_rows(batch_size, words):
    one = run(batch_size)
    one.advance(one.steps)
    assert f", {words} {number(one.losses[-1])}, right on" in one.words((X, T))


def test_its_weights_are_those_of_the_affine_layers():
    one = run()
    assert [(name, W.shape) for name, W in one.weights()] == [("Affine 1", (2, 3)), ("Affine 3", (3, 2))]
    before = one.weights()[0][1].copy()
    one.advance(1)
    assert (one.weights()[0][1] != before).any()


def test_labels_in_every_form_are_class_numbers():
    for t in ([0, 2, 1], [[0], [2], [1]], np.eye(3)[[0, 2, 1]]):
        assert class_numbers(t).tolist() == [0, 2, 1]


@pytest.mark.parametrize("bad", ["four", 2.0, 0, -1, True, (1, 0), (1, "2"), [None]])
def test_sizes_are_whole_numbers_above_zero(bad):
    with pytest.raises(ValueError, match="widths must be made of whole numbers of at least 1, got"):
        sizes(bad, "widths")


def test_sizes_may_be_one_or_many():
    assert sizes(3, "n") == [3]
    assert sizes(np.array([4, 1]), "n") == [4, 1]
    assert sizes((), "n") == []


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
