"""Three update rules, against figures worked out by hand and against their formulas."""

import numpy as np
import pytest

from nbkit import SGD, Adam, Momentum, make_optimizer
from nbkit.optimizers import OPTIMIZERS, Optimizer

ALL = [SGD, Momentum, Adam]


def gradients(steps, seed=0):
    """Gradients of two parameters for a number of steps."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(2, 3)), rng.normal(size=3)) for _ in range(steps)]


def parameters():
    return [np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 0.5])]


# ---------------------------------------------------------------- two steps by hand: p = 1, g = 0.5, then g = -2

TWO_STEPS = {
    "SGD": (lambda: SGD(0.1), 1 - 0.1 * 0.5, 0.95 + 0.1 * 2),
    # v = 0.9*0 - 0.1*0.5 = -0.05; then v = 0.9*(-0.05) + 0.1*2 = 0.155
    "Momentum": (lambda: Momentum(0.1), 1 - 0.05, 0.95 + 0.155),
    "Momentum 0.5": (lambda: Momentum(0.1, 0.5), 1 - 0.05, 0.95 + 0.175),
    "Momentum 0 is SGD": (lambda: Momentum(0.1, 0), 0.95, 1.15),
    # Step 1: m = 0.1*0.5 = 0.05, s = 0.001*0.25 = 0.00025; corrected: 0.5 and 0.25, so the step is 0.1 * 0.5/0.5.
    # Step 2: m = 0.9*0.05 - 0.1*2 = -0.155, s = 0.999*0.00025 + 0.001*4 = 0.00424975;
    # corrected: -0.155/0.19 and 0.00424975/0.001999.
    "Adam": (
        lambda: Adam(0.1),
        1 - 0.1 * 0.5 / (0.5 + 1e-8),
        1 - 0.1 * 0.5 / (0.5 + 1e-8) + 0.1 * (0.155 / 0.19) / ((0.00424975 / 0.001999) ** 0.5 + 1e-8),
    ),
    # Step 1: m = 0.25, s = 0.1*0.25 = 0.025; corrected 0.5, 0.25. Step 2: m = 0.125 - 1 = -0.875, s = 0.0225 + 0.4.
    "Adam 0.5 0.9": (
        lambda: Adam(0.1, beta1=0.5, beta2=0.9, eps=0.01),
        1 - 0.1 * 0.5 / 0.51,
        1 - 0.1 * 0.5 / 0.51 + 0.1 * (0.875 / 0.75) / ((0.4225 / 0.19) ** 0.5 + 0.01),
    ),
}


@pytest.mark.parametrize(("make", "first", "second"), TWO_STEPS.values(), ids=TWO_STEPS)
def test_two_steps_by_hand(make, first, second):
    optimizer, p = make(), np.array([1.0])
    optimizer.step([(p, np.array([0.5]))])
    assert p[0] == pytest.approx(first, rel=1e-12)
    optimizer.step([(p, np.array([-2.0]))])
    assert p[0] == pytest.approx(second, rel=1e-12)
    assert optimizer.steps == 2


def momentum_steps(p, grads, rates, momentum):
    v = np.zeros_like(p)
    for g, lr in zip(grads, rates, strict=True):
        v = momentum * v - lr * g
        p = p + v
    return p


def adam_steps(p, grads, rates, beta1, beta2, eps):
    m, s = np.zeros_like(p), np.zeros_like(p)
    for step, (g, lr) in enumerate(zip(grads, rates, strict=True), 1):
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g**2
        p = p - lr * (m / (1 - beta1**step)) / (np.sqrt(s / (1 - beta2**step)) + eps)
    return p


@pytest.mark.parametrize(
    ("make", "steps", "settings"),
    [
        (lambda: SGD(0.03), momentum_steps, (0,)),
        (lambda: Momentum(0.03, 0.8), momentum_steps, (0.8,)),
        (lambda: Adam(0.03), adam_steps, (0.9, 0.999, 1e-8)),
        (lambda: Adam(0.03, 0.7, 0.8, 1e-4), adam_steps, (0.7, 0.8, 1e-4)),
    ],
)
def test_twenty_steps_at_a_changing_learning_rate_agree_with_the_formulas(make, steps, settings):
    params, grads, rates, optimizer = parameters(), gradients(20), np.linspace(0.01, 0.05, 20), make()
    make().step([(np.ones(3), np.ones(3))])  # another of its kind shares nothing with it
    for pair, lr in zip(grads, rates, strict=True):
        optimizer.lr = lr
        optimizer.step(zip(params, pair, strict=True))
    assert optimizer.lr == 0.05
    for i, (param, start) in enumerate(zip(params, parameters(), strict=True)):
        expected = steps(start, [pair[i] for pair in grads], rates, *settings)
        np.testing.assert_allclose(param, expected, rtol=1e-10, atol=1e-12)


# ---------------------------------------------------------------- behaviour shared by all


@pytest.mark.parametrize("kind", ALL)
def test_parameters_change_in_place_and_gradients_stay(kind):
    params, (grads,) = parameters(), gradients(1)
    kept = [grad.copy() for grad in grads]
    for grad in grads:
        grad.flags.writeable = False
    kind(lr=0.1).step(list(zip(params, grads, strict=True)))
    for param, start, grad in zip(params, parameters(), grads, strict=True):
        assert ((param - start) * grad < 0).all()
    np.testing.assert_equal(grads, tuple(kept))


@pytest.mark.parametrize("kind", ALL)
def test_float32_parameters_stay_float32(kind):
    p = np.ones(3, np.float32)
    optimizer = kind(lr=0.1)
    for _ in range(2):
        optimizer.step([(p, np.full(3, 0.5, np.float32))])
    assert p.dtype == np.float32
    assert (p < 1).all()


@pytest.mark.parametrize("kind", ALL)
def test_a_gradient_of_zero_moves_nothing(kind):
    p = np.array([3.0])
    kind(lr=0.1).step([(p, np.zeros(1))])
    assert p[0] == 3.0


@pytest.mark.parametrize(
    ("optimizer", "text"), [(SGD(0.1), "SGD(lr=0.1)"), (Momentum(1), "Momentum(lr=1)"), (Adam(), "Adam(lr=0.001)")]
)
def test_repr(optimizer, text):
    assert repr(optimizer) == text


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("kind", ALL)
def test_settings_that_do_not_fit_are_refused_when_it_is_made_and_later(kind):
    optimizer = kind(0.1)
    for name, value, rule in (("lr", 0, "learning rate must be a number above 0"),
                              ("weight_decay", -0.1, "weight decay must be a number of at least 0")):  # fmt: skip
        with pytest.raises(ValueError, match=rule):
            kind(**{"lr": 0.1, name: value})
        with pytest.raises(ValueError, match=rule):
            setattr(optimizer, name, value)
    assert (optimizer.lr, optimizer.weight_decay) == (0.1, 0.0)
    assert type(kind(np.float32(0.5)).lr) is float


@pytest.mark.parametrize(
    ("make", "telling"),
    [
        (lambda: Momentum(0.1, 1), "momentum must be a number of at least 0 and below 1, got 1"),
        (lambda: Momentum(0.1, -0.1), "momentum.*got -0.1"),
        (lambda: Adam(0.1, beta1=1.0), "beta1.*got 1.0"),
        (lambda: Adam(0.1, beta2=-1), "beta2.*got -1"),
        (lambda: make_optimizer("SGD", 0.1, weight_decay=-1), "weight decay.*got -1"),
    ],
)
def test_settings_of_one_rule_that_do_not_fit_are_refused(make, telling):
    with pytest.raises(ValueError, match=telling):
        make()


@pytest.mark.parametrize("kind", ALL)
def test_a_gradient_of_another_shape_is_refused_before_anything_moves(kind):
    params, (grads,) = parameters(), gradients(1)
    optimizer = kind(lr=0.1)
    with pytest.raises(ValueError, match=r"shape of its parameter, \(3,\), got \(1, 3\)"):
        optimizer.step([(params[0], grads[0]), (params[1], grads[1][None])])
    np.testing.assert_equal(params, parameters())
    assert optimizer.steps == 0
    optimizer.step(zip(params, grads, strict=True))


def other_parameters():
    return {
        "other shapes": [np.zeros((2, 2)), np.zeros(2)],
        "one fewer": [np.zeros((2, 3))],
        "one more": [np.zeros((2, 3)), np.zeros(3), np.zeros(3)],
        "none": [],
        "same shapes, another network": parameters(),
        "another order": parameters()[::-1],
    }


@pytest.mark.parametrize("others", other_parameters())
@pytest.mark.parametrize("kind", [Momentum, Adam])
def test_an_optimizer_with_a_memory_refuses_other_parameters(kind, others):
    params, (grads, more) = parameters(), gradients(2)
    optimizer, twin = kind(lr=0.1), kind(lr=0.1)
    optimizer.step(zip(params, grads, strict=True))
    foreign = other_parameters()[others]
    with pytest.raises(ValueError, match="make a new one"):
        optimizer.step([(param, np.ones_like(param)) for param in foreign])
    np.testing.assert_equal(foreign, other_parameters()[others])
    assert optimizer.steps == 1
    optimizer.step(zip(params, more, strict=True))
    expected = parameters()
    for pair in (grads, more):
        twin.step(zip(expected, pair, strict=True))
    np.testing.assert_equal(params, expected)


def test_a_rule_to_be_written_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="has no update rule yet"):
        Optimizer(0.1).step([(np.zeros(1), np.zeros(1))])


# ---------------------------------------------------------------- by name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_made_by_name(name):
    optimizer = make_optimizer(name, 0.25)
    assert type(optimizer).__name__ == name
    assert optimizer.lr == 0.25


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("adam", r"text 'adam' \(did you mean Adam\?\)"),
        ("Momentun", r"did you mean Momentum\?"),
        ("sgd2", "one of SGD, Momentum, Adam, got text 'sgd2'"),
        (None, "got None$"),
    ],
)
def test_an_unknown_name_is_refused_with_a_suggestion(name, telling):
    with pytest.raises(ValueError, match=telling):
        make_optimizer(name, 0.1)


# ---------------------------------------------------------------- weight decay


@pytest.mark.parametrize("kind", ALL)
def test_weight_decay_shrinks_matrices_and_leaves_biases(kind):
    W, b = np.full((2, 3), 4.0), np.full(3, 4.0)
    kind(lr=0.1, weight_decay=0.5).step([(W, np.zeros((2, 3))), (b, np.zeros(3))])
    np.testing.assert_allclose(W, 4.0 * (1 - 0.1 * 0.5), rtol=1e-15)  # no gradient: nothing else moves it
    np.testing.assert_array_equal(b, 4.0)


@pytest.mark.parametrize("kind", ALL)
def test_weight_decay_comes_before_the_step(kind):
    plain, decayed = np.full((1, 1), 2.0 * 0.95), np.full((1, 1), 2.0)
    for p, decay in ((plain, 0.0), (decayed, 0.5)):
        kind(lr=0.1, weight_decay=decay).step([(p, np.array([[3.0]]))])
    np.testing.assert_allclose(decayed, plain, rtol=1e-15)


def test_a_huge_weight_decay_stops_at_zero():
    W = np.ones((1, 2))
    SGD(lr=10, weight_decay=1).step([(W, np.zeros((1, 2)))])
    np.testing.assert_array_equal(W, 0.0)
