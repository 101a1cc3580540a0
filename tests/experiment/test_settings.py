"""Settings check themselves, and come back from one line of text."""

import dataclasses
import json
import math

import numpy as np
import pytest

from nbkit import Settings
from nbkit.experiment import PRESETS
from tests.hostile import deep_calls

OWN = ((0.0, 0.0, 0), (1.0, 1.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 1))


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("data", "cats", "data must be one of xor, circles"),
        ("noise", -0.1, "noise must be a number from 0 to 1, got -0.1"),
        ("held_out", 0.95, "held_out must be a number from 0 to 0.9"),
        ("features", (), "features x1, x2"),
        ("features", ("x3",), "there is no feature 'x3'"),
        ("hidden", (4, 4, 4, 4, 4), "hidden must be a list of at most 4"),
        ("hidden", 4, "hidden must be a list"),
        ("hidden", (0,), "hidden must be made of whole numbers from 1 to 16"),
        ("activation", "relu", "activation must be one of ReLU"),
        ("loss", "MSE", "loss must be one of cross-entropy"),
        ("optimizer", "sgd", "optimizer must be one of SGD"),
        ("lr", 0, "lr must be a number above 0"),
        ("lr", math.inf, "lr must be"),
        ("batch_size", 0, "batch_size must be a whole number from 1"),
        ("weight_decay", -1, "weight_decay must be a number from 0"),
        ("seed", -1, "seed must be a whole number from 0"),
        ("points", ((0, 0),), "points must be triples"),
        ("points", ((0, math.inf, 0),), "points must be triples"),
        ("points", ((0, 0, 3),), "points must be triples"),
        ("points", ((0, 0, 0),) * 1001, "points must be a list of at most 1000"),
        ("path", 3, "path must be the path"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_by_name(name, value, rule):
    with pytest.raises(ValueError, match=rule):
        Settings(**{name: value})
    if not isinstance(value, float) or math.isfinite(value):
        with pytest.raises(ValueError, match=rule):
            Settings.from_json(json.dumps({name: value}))


SOME = [
    Settings(),
    Settings(data="own points", points=OWN, hidden=()),
    Settings(data="spiral", noise=0, held_out=0.9, hidden=[1, 2, 3, 16], activation="ReLU", loss="squared error",
             optimizer="Adam", lr=1e-3, batch_size=1, weight_decay=0.5, seed=2**32 - 1),
    Settings(features=("x2", "sin(pi*x1)")),
    Settings(data="CSV file", path="a folder/points \"'é.csv"),
]  # fmt: skip


@pytest.mark.parametrize("settings", [*SOME, *(preset.settings for preset in PRESETS)])
def test_the_line_brings_all_settings_back(settings):
    assert "\n" not in settings.to_json()
    assert Settings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 50_000, "cannot be read"),
        ("3", "cannot be read unless it looks like"),
        ('{"data": "xor", "colour": 1, "units": 3}', "there is no setting colour, units; the settings are data, noise"),
        ("{'path': \"a\"}", "got text .*path"),  # two kinds of quotes: which of them counts?
        ("__import__('os')", "cannot be read"),
        (None, "one line of text, got None"),
        ('"' + "a" * 100_001 + '"', "one line of text"),
        ('{"lr": NaN}', "lr must be"),
        ('{"lr": 1e999}', "lr must be"),
    ],
)
def test_a_line_that_is_none_is_refused(text, rule):
    with pytest.raises(ValueError, match=rule), deep_calls():
        Settings.from_json(text)


def test_single_quotes_will_do():
    assert Settings.from_json("{'data': 'spiral', 'hidden': [8, 8]}") == Settings(data="spiral", hidden=(8, 8))


def test_settings_cannot_be_changed_behind_an_experiments_back():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().lr = 1
    assert Settings().replace(lr=1).lr == 1


def test_numbers_of_numpy_are_written_like_pythons_own():
    settings = Settings(
        lr=np.float32(0.5), batch_size=np.int64(3), hidden=[np.int32(2)], points=((np.float64(1), 0, 1),)
    )
    assert settings == Settings(lr=0.5, batch_size=3, hidden=(2,), points=((1, 0, 1),))
    assert Settings.from_json(settings.to_json()) == settings
