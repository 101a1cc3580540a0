"""The name for how a walk ends, against what theory says about learning rates and curvatures."""

import warnings

import pytest

from nbkit.descent.landscapes import Landscape, find_landscape
from nbkit.descent.outcome import verdict
from nbkit.descent.walk import walk_down


def named(loss, lr, optimizer="SGD", start=None, steps=40):
    landscape = loss if isinstance(loss, Landscape) else find_landscape(loss)
    (walk,) = walk_down(landscape, landscape.start if start is None else start, [optimizer], lr, steps)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return verdict(walk, landscape)


@pytest.mark.parametrize(
    ("loss", "lr", "optimizer", "kind"),
    [
        ("bowl", 0.002, "SGD", "creeps"),
        ("bowl", 0.1, "SGD", "converges"),
        ("bowl", 0.5, "SGD", "converges"),
        ("bowl", 0.9, "SGD", "overshoots and comes back"),
        ("bowl", 0.98, "SGD", "overshoots and comes back"),
        ("bowl", 1.0, "SGD", "bounces for ever"),
        ("bowl", 1.01, "SGD", "diverges"),
        ("bowl", 1.1, "SGD", "diverges"),
        ("bowl", 1e9, "SGD", "diverges"),
        ("bowl", 1e200, "SGD", "diverges"),
        ("bowl", 1.85, "Momentum", "overshoots and comes back"),  # stable below 2 (1 + 0.9) / 2 = 1.9
        ("bowl", 2.0, "Momentum", "diverges"),
        ("bowl", 0.2, "Adam", "overshoots and comes back"),
        ("bowl", 0.001, "Adam", "creeps"),
        ("steep bowl", 0.2, "SGD", "overshoots and comes back"),
        ("steep bowl", 0.25, "SGD", "bounces for ever"),
        ("steep bowl", 0.26, "SGD", "diverges"),
        ("round bowl", 1.0, "SGD", "bounces for ever"),
        ("ravine", 0.02, "SGD", "creeps the rest of the way"),  # 0.24 of 51.25 is left
        ("ravine", 0.005, "SGD", "creeps"),
        ("ravine", 0.05, "SGD", "bounces for ever"),
        ("ravine", 0.051, "SGD", "diverges"),
        ("ravine", 0.051, "Momentum", "overshoots and comes back"),
        ("two valleys", 0.1, "SGD", "converges"),
        ("two valleys", 0.5, "SGD", "bounces for ever"),
        ("two valleys", 5, "SGD", "diverges"),
        ("plateau", 0.05, "SGD", "creeps"),
        ("plateau", 0.5, "SGD", "converges"),
        ("plateau", 10, "SGD", "is thrown out"),
        ("saddle", 0.1, "SGD", "converges"),
        ("bent valley", 0.005, "SGD", "creeps"),
        ("bent valley", 1, "SGD", "diverges"),
    ],
)
def test_what_happens_is_called_by_its_name(loss, lr, optimizer, kind):
    assert named(loss, lr, optimizer)[0] == kind


def test_divergence_says_when():
    """From 1 with lr 1.1 the distance grows by a factor of 1.2 per step: 1.2⁷ = 3.58 is the first above 3."""
    kind, words = named("bowl", 1.1, start=(1,))
    assert kind == "diverges"
    assert "Every step is longer than the one before. Step 7 leaves the picture" in words
    assert "after step 40 the loss is about 10⁶, at the start it was 1" in words  # 1.2⁸⁰ = 2.2 million


def test_a_loss_too_large_for_a_float_is_said_to_be():
    assert named("bowl", 1e200)[1] == (
        "Step 1 leaves the picture; step 1 ends where the loss is too large for a float."
    )


def test_a_bounce_says_why():
    assert named("two valleys", 0.5)[1] == (
        "Each step lands on the other side, and the next one lands back. Here lr × curvature is 2."
    )


@pytest.mark.parametrize(
    ("loss", "lr", "optimizer", "words"),
    [
        ("bowl", 0.002, "SGD", "Its steps are tiny now; after step 40 the loss is"),
        ("bowl", 0.98, "SGD", "Each step lands on the other side, a little lower; after step 40 the loss is"),
        ("bowl", 0.2, "Adam", "Its speed carries it past the bottom; after step 40 the loss is"),
    ],
)
def test_what_is_not_there_yet_says_how_far_it_is(loss, lr, optimizer, words):
    assert named(loss, lr, optimizer)[1].startswith(words)
    assert named(loss, lr, optimizer)[1].endswith(", at the start it was 4.")


def test_flat_is_not_the_same_as_lowest():
    assert named("bowl", 0.1, start=(0,))[0] == "stands still"
    assert named("two valleys", 0.1, start=(-2,)) == ("converges", "From step 3 on, less than 1 % of the way is left.")
    assert "not the lowest place" in named("two valleys", 0.1, start=(2,))[1]
    assert "not the lowest place" in named("saddle", 0.1, start=(-1.5, 0))[1]
    assert "lowest" not in named("saddle", 0.1, start=(-1.5, 0.05))[1]


def test_a_loss_without_a_lowest_point():
    endless = Landscape("endless", lambda w: -(w**4), (-2, 2), 0.5)
    assert named(endless, 1.0)[0] == "goes on falling"


def test_one_step_does_it():
    assert named("bowl", 0.5) == ("converges", "One step does it.")
