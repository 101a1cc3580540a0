"""Features: their numbers by hand, from which coordinates they are made, and what a net without hidden layers does."""

import itertools
import json

import numpy as np
import pytest

from nbkit import Experiment, Settings
from nbkit.datasets import xor
from nbkit.experiment import code_of
from nbkit.experiment.features import FEATURES, USUAL, checked_features, features_of, symbols
from tests.experiment.test_experiment import same, weights

X = np.array([[0.5, -2.0], [1.0, 0.0], [-1.5, 0.25]])
BY_HAND = {
    "x1": [0.5, 1.0, -1.5], "x2": [-2.0, 0.0, 0.25], "x1**2": [0.25, 1.0, 2.25], "x2**2": [4.0, 0.0, 0.0625],
    "x1*x2": [-1.0, 0.0, -0.375], "sin(pi*x1)": [1.0, 0.0, 1.0], "sin(pi*x2)": [0.0, 0.0, 0.5**0.5],
}  # fmt: skip
ALL = tuple(FEATURES)
CROSSED = ("x1", "x2", "x1*x2")


@pytest.mark.parametrize("name", FEATURES)
def test_each_feature_by_hand(name):
    np.testing.assert_allclose(features_of(X, (name,))[:, 0], BY_HAND[name], atol=1e-15)


def test_features_stand_side_by_side_in_their_order():
    np.testing.assert_allclose(features_of(X, ALL), np.transpose([BY_HAND[name] for name in ALL]), atol=1e-15)
    assert features_of(X, USUAL) is X  # lines of settings that are older give the same bits
    assert checked_features(["x1*x2", "x1"]) == ("x1", "x1*x2")
    assert symbols(ALL) == ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂")


def test_the_order_in_which_features_are_named_does_not_matter():
    assert Settings(features=["x1*x2", "x2", "x1"]) == Settings(features=CROSSED)


@pytest.mark.parametrize(
    ("features", "rule"),
    [
        ([], "a net needs an input: keep at least one of the features x1, x2, x1\\*\\*2"),
        (["x3"], "there is no feature 'x3'; the features are x1, x2"),
        (["x1", 2], "there is no feature 2; the features are"),
        ([["x1"]], "there is no feature \\['x1'\\]; the"),
        (["x1", "x1"], "features must hold each name once, got x1 twice"),
        ("x1", "features must be a list of some of x1, x2.*got text"),
        (None, "features must be a list of"),
        (["y" * 1000], "there is no feature 'y+\\.\\.\\."),
        (["x1"] * 10_000 + ["z"], "there is no feature 'z'"),
        (["x1"] * 10_000, "each name once, got x1 twice"),
        ({"x1": 1}, "features must be a list of"),
    ],
)
def test_what_is_no_list_of_features_is_refused_in_words(features, rule):
    with pytest.raises(ValueError, match=rule) as refused:
        Settings(features=features)
    assert len(str(refused.value)) < 300
    with pytest.raises(ValueError, match=rule):
        Settings.from_json(json.dumps({"features": features}))


def test_an_older_line_without_features_means_the_coordinates():
    settings = Settings.from_json('{"data": "xor", "hidden": []}')
    assert settings.features == USUAL
    assert "features" not in settings.to_json()
    assert Settings.from_json(Settings(features=CROSSED).to_json()).features == CROSSED
    assert settings.replace(features=["x1"]).features == ("x1",)


@pytest.mark.parametrize("data", ["circles", "iris, petals"])
def test_features_are_made_of_the_coordinates_as_the_net_gets_them(data):
    plain, made = (Experiment(Settings(data=data, features=names)) for names in (USUAL, ALL))
    np.testing.assert_array_equal(made.x[:, :2], plain.x)  # as they are, or standardised by the training rows
    np.testing.assert_array_equal(made.x[:, 4], plain.x[:, 0] * plain.x[:, 1])
    np.testing.assert_array_equal(made.inputs(made.data.x), made.x)
    grid = np.array([[0.1, 0.2], [3.0, 1.5]])
    first = made.net.layers[0]
    hidden = np.tanh(made.inputs(grid) @ first.params["W"] + first.params["b"])
    np.testing.assert_allclose(made.units(grid)[0], hidden)
    assert first.params["W"].shape == (7, 4)


def test_the_sines_make_one_wave_from_minus_1_to_1():
    wave = features_of(np.array([[-1.0, 0], [-0.5, 0], [0, 0], [0.5, 0], [1.0, 0]]), ("sin(pi*x1)",))[:, 0]
    np.testing.assert_allclose(wave, [0, -1, 0, 1, 0], atol=1e-15)


def test_a_line_by_hand_through_the_product_decides_exclusive_or():
    points = tuple((float(a), float(b), int(k)) for (a, b), k in zip(xor().x, xor().t, strict=True))
    settings = Settings(data="own points", points=points, features=CROSSED, hidden=(), held_out=0.0)
    experiment = Experiment(settings)
    experiment.net.parameters()["output.W"][...] = [[1.0], [1.0], [-2.0]]
    experiment.net.parameters()["output.b"][...] = -0.5
    assert experiment.judge().right == 1.0


@pytest.mark.parametrize(("data", "names"), [("xor", CROSSED), ("circles", ("x1**2", "x2**2"))])
def test_the_right_features_need_no_hidden_layer_with_any_of_ten_seeds(data, names):
    settings = Settings(data=data, hidden=(), optimizer="Adam", lr=0.2, batch_size=32)
    for seed in range(10):
        plain, made = (Experiment(settings.replace(features=f, seed=seed)) for f in (USUAL, names))
        for experiment in (plain, made):
            experiment.advance(150)
        assert made.judge().held_out_right > 0.95
        assert plain.judge().right < 0.8


def test_other_features_begin_anew_and_a_way_back_stays():
    experiment = Experiment(Settings(data="circles", features=CROSSED, hidden=(3,), lr=0.5))
    experiment.judge()
    start = weights(experiment)
    experiment.advance(20)
    experiment.judge()
    experiment.go_to(0)
    assert same(start, weights(experiment))
    experiment.advance(3)
    assert experiment.rollback() == 0
    other = experiment.changed(experiment.settings.replace(features=ALL))
    assert other is not experiment
    assert (other.step, other.net.layers[0].params["W"].shape) == (0, (7, 3))


@pytest.mark.parametrize("names", [*((name,) for name in FEATURES), CROSSED, ALL], ids=" ".join)
@pytest.mark.parametrize("data", ["xor", "iris, petals"])
def test_exported_code_makes_the_same_inputs_and_weights_bit_for_bit(data, names, capsys):
    experiment = Experiment(Settings(data=data, features=names, hidden=(3,), optimizer="Adam", lr=0.05))
    experiment.advance(25)
    made = {}
    exec(code_of(experiment), made)
    np.testing.assert_array_equal(made["x"], experiment.x)
    assert same(weights(experiment), made["net"].parameters())
    assert f"training rows: {round(experiment.judge().right, 3)}" in capsys.readouterr().out
    assert ("x1, x2 = x.T" in code_of(experiment)) == (names != USUAL)


def test_squares_of_huge_coordinates_end_the_run_in_words_not_in_warnings():
    points = ((1e6, 1e6, 0), (-1e6, 0.0, 1), (0.0, 1e6, 0))
    experiment = Experiment(Settings(data="own points", points=points, features=ALL, held_out=0.0, lr=1.0))
    experiment.advance(50)
    experiment.judge()
    assert np.isfinite(experiment.x).all()


def test_all_sets_of_features_come_back_from_a_line():
    for k in range(1, len(ALL) + 1):
        for names in itertools.combinations(ALL, k):
            settings = Settings(features=names)
            assert Settings.from_json(settings.to_json()) == settings
