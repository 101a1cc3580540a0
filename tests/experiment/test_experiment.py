"""An experiment: settings that check themselves, training that can be changed on the way, code that repeats it."""

import dataclasses
import itertools
import json
import math

import numpy as np
import pytest

from nbkit import Experiment, Settings, numerical_gradient
from nbkit.experiment import PRESETS, SOURCES, code_of
from nbkit.experiment.settings import ACTIVATIONS, LOSSES
from nbkit.experiment.sources import held_out_rows, noisy_xor, two_of_iris
from nbkit.optimizers import OPTIMIZERS

OWN = ((0.0, 0.0, 0), (1.0, 1.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 1))
QUICK = Settings(data="circles", hidden=(3,), lr=0.5)


def weights(experiment):
    return {name: param.copy() for name, param in experiment.net.parameters().items()}


def same(one, other):
    return all(np.array_equal(a, other[name]) for name, a in one.items())


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("data", "cats", "data must be one of xor, circles"),
        ("data", ["xor"], "data must be one of"),
        ("noise", -0.1, "noise must be a number from 0 to 1, got -0.1"),
        ("noise", math.nan, "noise must be a number"),
        ("held_out", 0.95, "held_out must be a number from 0 to 0.9"),
        ("held_out", True, "held_out must be"),
        ("hidden", (4, 4, 4, 4, 4), "hidden must be a list of at most 4"),
        ("hidden", 4, "hidden must be a list"),
        ("hidden", "44", "hidden must be a list"),
        ("hidden", (0,), "hidden must be whole numbers of units from 1 to 16"),
        ("hidden", (2.5,), "hidden must be whole numbers"),
        ("activation", "relu", "activation must be one of ReLU"),
        ("loss", None, "loss must be one of cross-entropy"),
        ("optimizer", "sgd", "optimizer must be one of SGD"),
        ("lr", 0, "lr must be a number above 0"),
        ("lr", "0.1", "lr must be a number above 0"),
        ("lr", math.inf, "lr must be"),
        ("batch_size", 0, "batch_size must be a whole number from 1"),
        ("weight_decay", -1, "weight_decay must be a number from 0"),
        ("seed", -1, "seed must be a whole number from 0"),
        ("seed", 1.5, "seed must be a whole number"),
        ("points", ((0, 0),), "points must be triples"),
        ("points", ((0, math.inf, 0),), "points must be triples"),
        ("points", ((0, 0, 3),), "points must be triples"),
        ("points", ((0, 0, 0),) * 1001, "points must be a list of at most 1000"),
        ("points", 5, "points must be a list"),
        ("path", 3, "path must be the path"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_by_name(name, value, rule):
    with pytest.raises(ValueError, match=rule):
        Settings(**{name: value})
    if not isinstance(value, float) or math.isfinite(value):
        with pytest.raises(ValueError, match=rule):
            Settings.from_line(json.dumps({name: value}))


SOME = [
    Settings(),
    Settings(data="own points", points=OWN, hidden=()),
    Settings(data="spiral", noise=0, held_out=0.9, hidden=[1, 2, 3, 16], activation="ReLU", loss="squared error",
             optimizer="Adam", lr=1e-3, batch_size=1, weight_decay=0.5, seed=2**32 - 1),
    Settings(data="CSV file", path="a folder/points \"'é.csv"),
]  # fmt: skip


@pytest.mark.parametrize("settings", [*SOME, *(preset.settings for preset in PRESETS)])
def test_the_line_brings_all_settings_back(settings):
    assert "\n" not in settings.line
    assert Settings.from_line(settings.line) == settings


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 50_000, "cannot be read"),
        ("{} {}", "cannot be read"),
        ("[]", "settings must be {name: value}"),
        ("3", "settings must be {name: value}"),
        ('{"data": "xor", "colour": 1}', "names from data, noise"),
        ('{"__class__": 1}', "names from data"),
        ("__import__('os')", "cannot be read"),
        (None, "one line of text, got None"),
        ('"' + "a" * 100_001 + '"', "one line of text"),
        ('{"lr": NaN}', "lr must be"),
        ('{"lr": 1e999}', "lr must be"),
    ],
)
def test_a_line_that_is_none_is_refused(text, rule):
    with pytest.raises(ValueError, match=rule):
        Settings.from_line(text)


def test_settings_cannot_be_changed_behind_an_experiments_back():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().lr = 1
    assert Settings().but(lr=1).lr == 1


# ---------------------------------------------------------------- data


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in ("own points", "CSV file")])
def test_every_source_gives_points_of_two_features(name):
    data = Experiment(Settings(data=name)).data
    assert data.x.shape == (len(data.t), 2)
    assert set(data.t) == set(range(len(data.classes)))
    assert len(data.features) == 2


def test_noisy_xor_is_xor():
    data = noisy_xor(0.0)
    assert len(data.x) == 200
    np.testing.assert_array_equal(data.t, data.x[:, 0] != data.x[:, 1])


def test_iris_pairs_are_columns_of_iris():
    data = two_of_iris(2, 3)
    assert data.features == ("petal length (cm)", "petal width (cm)")
    np.testing.assert_array_equal(data.x[0], [1.4, 0.2])  # the first flower of Fisher's table


def test_units_of_their_own_are_standardised_on_the_training_part():
    experiment = Experiment(Settings(data="iris, petals"))
    rows = ~experiment.out
    np.testing.assert_allclose(experiment.x[rows].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(experiment.x[rows].std(axis=0), 1)
    assert abs(experiment.x[experiment.out].mean()) > 1e-6
    moons = Experiment(Settings(data="moons"))
    np.testing.assert_array_equal(moons.x, moons.data.x)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_about_the_asked_share_is_held_out(share):
    assert abs(held_out_rows(2000, share).mean() - share) < 0.03


def test_more_points_leave_the_first_ones_where_they_are():
    np.testing.assert_array_equal(held_out_rows(7, 0.4), held_out_rows(20, 0.4)[:7])


def test_something_is_always_left_to_train_on():
    for n in range(1, 30):
        assert not held_out_rows(n, 0.9).all()


def test_the_seed_changes_the_start_and_not_the_data():
    one, two = Experiment(QUICK), Experiment(QUICK.but(seed=1))
    np.testing.assert_array_equal(one.data.x, two.data.x)
    np.testing.assert_array_equal(one.out, two.out)
    assert not same(weights(one), weights(two))


# ---------------------------------------------------------------- training


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data", ["xor", "iris, sepals"])
def test_every_kind_of_net_learns(activation, loss, data):
    settings = Settings(data=data, noise=0.05, hidden=(6,), activation=activation, loss=loss, optimizer="Adam", lr=0.02)
    experiment = Experiment(settings)
    before = experiment.judge()
    experiment.advance(600)
    after = experiment.judge()
    assert after.loss < 0.8 * before.loss
    assert after.right > 0.7  # of three species of iris by their sepals, and of XOR
    assert after.step == 600


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_settings_make_the_same_run(optimizer):
    runs = [Experiment(QUICK.but(optimizer=optimizer)) for _ in range(2)]
    runs[0].advance(57)
    for steps in (1, 6, 50):  # in pieces, and judged in between
        runs[1].judge()
        runs[1].advance(steps)
    assert same(weights(runs[0]), weights(runs[1]))


def test_an_epoch_is_once_through_all_training_rows():
    experiment = Experiment(QUICK.but(batch_size=16))
    rows = int((~experiment.out).sum())
    assert experiment.rest_of_epoch() == math.ceil(rows / 16)
    experiment.advance(3)
    assert experiment.rest_of_epoch() == math.ceil(rows / 16) - 3
    experiment.advance(experiment.rest_of_epoch())
    assert experiment.rest_of_epoch() == math.ceil(rows / 16)


def test_epochs_are_counted_as_they_pass_whatever_the_batch_was():
    experiment = Experiment(QUICK)
    rows = int((~experiment.out).sum())
    for i, batch in enumerate((16, 1, 1000), 1):
        experiment = experiment.changed(experiment.settings.but(batch_size=batch))
        assert experiment.epochs == i - 1
        experiment.advance(experiment.rest_of_epoch())
        assert experiment.epochs == i
    assert experiment.step == math.ceil(rows / 16) + rows + 1
    experiment = experiment.changed(experiment.settings.but(optimizer="Adam", batch_size=rows // 2))
    experiment.advance(1)
    assert experiment.epochs == pytest.approx(3 + 1 / math.ceil(rows / (rows // 2)))


def test_the_last_good_state_brings_its_epochs_back():
    experiment = Experiment(QUICK)
    experiment.advance(2 * experiment.per_epoch)
    experiment.judge()
    step = experiment.changed(experiment.settings.but(lr=1000.0, batch_size=1)).step
    experiment.net.parameters()["output.b"][0] = math.inf
    experiment.advance(5)
    assert experiment.trouble
    assert experiment.back_to_good() == step
    assert experiment.epochs == 2
    experiment.advance(experiment.rest_of_epoch())
    assert experiment.epochs == 3


def test_norms_are_those_of_the_numeric_gradient():
    experiment = Experiment(QUICK.but(activation="Tanh"))
    experiment.advance(20)
    norms = experiment.judge().norms
    x, t = experiment.x[~experiment.out], experiment.t[~experiment.out]
    for layer in (layer for layer in experiment.net.layers if layer.params):
        squares = 0.0
        for param in layer.params.values():

            def loss(value, param=param):
                param[...] = value
                return experiment.net.loss(x, t)

            start = param.copy()
            squares += (numerical_gradient(loss, start) ** 2).sum()
            param[...] = start
        assert norms[layer.name] == pytest.approx(math.sqrt(squares), rel=1e-5)


def test_dead_units_are_found():
    experiment = Experiment(QUICK.but(activation="ReLU", hidden=(3, 2)))
    experiment.net.parameters()["hidden 1.b"][1] = -100.0  # never above 0 on these points
    asleep = experiment.judge().asleep
    assert asleep["hidden 1"].tolist()[1]
    assert not asleep["hidden 1"][[0, 2]].any()
    assert list(asleep) == ["hidden 1", "hidden 2"]


def test_saturated_units_are_found():
    experiment = Experiment(QUICK.but(activation="Tanh"))
    experiment.net.parameters()["hidden 1.b"][0] = 50.0
    assert experiment.judge().asleep["hidden 1"].tolist() == [True, False, False]


def test_what_is_right_is_counted_by_hand():
    experiment = Experiment(Settings(data="own points", points=OWN, hidden=(), held_out=0.0))
    experiment.net.parameters()["output.W"][...] = [[1.0], [0.0]]  # "x1 above 0.5": right in two of four
    experiment.net.parameters()["output.b"][...] = -0.5
    judged = experiment.judge()
    assert judged.right == 0.5
    assert math.isnan(judged.held_out_right)
    yes = 1 / (1 + np.exp(-0.5))  # every score is +-0.5; half of the answers are right
    assert judged.loss == pytest.approx(-(np.log(yes) + np.log(1 - yes)) / 2)


# ---------------------------------------------------------------- changes on the way


@pytest.mark.parametrize("change", [{"lr": 0.01}, {"weight_decay": 0.1}, {"batch_size": 3}, {"optimizer": "Adam"}])
def test_some_settings_change_and_the_weights_stay(change):
    experiment = Experiment(QUICK)
    experiment.advance(10)
    before = weights(experiment)
    after = experiment.changed(QUICK.but(**change))
    assert after is experiment
    assert same(before, weights(after))
    assert (after.step, after.altered) == (10, True)
    after.advance(5)
    assert after.step == 15
    assert not same(before, weights(after))


@pytest.mark.parametrize(
    "change",
    [{"data": "moons"}, {"hidden": (4,)}, {"activation": "ReLU"}, {"seed": 3}, {"noise": 0.2}, {"held_out": 0.5},
     {"loss": "squared error"}],
)  # fmt: skip
def test_other_settings_begin_anew(change):
    experiment = Experiment(QUICK)
    experiment.advance(10)
    after = experiment.changed(QUICK.but(**change))
    assert after is not experiment
    assert (after.step, experiment.step) == (0, 10)


def test_a_new_lr_counts_from_the_next_step():
    experiment = Experiment(QUICK.but(batch_size=10**6))
    experiment.advance(3)
    before = weights(experiment)
    experiment.judge()
    gradient = experiment.net.layers[0].grads["W"].copy()
    experiment.changed(experiment.settings.but(lr=0.25)).advance(1)
    np.testing.assert_allclose(
        experiment.net.parameters()["hidden 1.W"], before["hidden 1.W"] - 0.25 * gradient, rtol=1e-12
    )


def test_points_come_and_go_while_the_net_stays():
    experiment = Experiment(Settings(data="own points", points=OWN, held_out=0.0))
    experiment.advance(5)
    before = weights(experiment)
    again = experiment.changed(experiment.settings.but(points=(*OWN, (0.5, 0.5, 1))))
    assert again is experiment
    assert same(before, weights(again))
    assert len(again.x) == 5
    third = again.changed(again.settings.but(points=(*OWN, (0.5, 0.5, 2))))  # a third class needs other outputs
    assert third is not again
    assert third.net.layers[-1].params["b"].size == 3


def test_without_points_there_is_nothing_to_learn_from():
    experiment = Experiment(Settings(data="own points"))
    for action in (lambda: experiment.advance(1), experiment.rest_of_epoch):
        with pytest.raises(ValueError, match="no points yet"):
            action()


# ---------------------------------------------------------------- runs that blow up

WILD = Settings(data="circles", hidden=(8, 8), activation="ReLU", loss="squared error", lr=3.0)


def test_a_run_that_blows_up_says_where_and_stops():
    experiment = Experiment(WILD)
    experiment.judge()
    experiment.advance(5000)
    assert experiment.trouble.startswith(f"Diverged in step {experiment.step}:")
    assert "no longer finite" in experiment.trouble
    stopped = experiment.step
    experiment.advance(10)
    assert experiment.step == stopped
    judged = experiment.judge()
    assert not math.isfinite(judged.loss)
    assert np.isfinite(experiment.probabilities(experiment.data.x)).all()


def test_the_last_good_state_comes_back():
    experiment = Experiment(WILD.but(lr=0.1))
    experiment.judge()
    experiment.advance(50)
    good = experiment.judge()
    kept = weights(experiment)
    experiment.changed(WILD.but(lr=100.0)).advance(5000)
    assert experiment.trouble
    experiment.judge()
    assert experiment.back_to_good() == 50
    assert same(kept, weights(experiment))
    assert experiment.judge()[:5] == good[:5]
    assert not experiment.trouble
    experiment.changed(WILD.but(lr=0.1)).advance(20)
    assert experiment.step == 70
    assert math.isfinite(experiment.judge().loss)


def test_without_a_good_state_there_is_nothing_to_go_back_to():
    with pytest.raises(ValueError, match="no good state"):
        Experiment(QUICK).back_to_good()


# ---------------------------------------------------------------- as code


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data", [name for name in SOURCES if name != "CSV file"])
def test_the_code_makes_the_same_net(data, loss, capsys):
    settings = Settings(
        data=data, loss=loss, hidden=(3, 2), activation="LeakyReLU", optimizer="Momentum", lr=0.02, weight_decay=0.01,
        batch_size=7, seed=5, points=(*OWN, (0.2, 0.3, 2)),
    )  # fmt: skip
    experiment = Experiment(settings)
    experiment.advance(33)
    made = {}
    exec(code_of(experiment), made)
    assert same(weights(experiment), made["net"].parameters())
    assert "# held out: a coin toss for each row" in code_of(experiment)
    share = experiment.judge().right
    assert f"training rows: {round(share, 3)}" in capsys.readouterr().out


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_code_of_an_untrained_net_and_of_no_hidden_layer(activation, capsys):
    experiment = Experiment(Settings(hidden=(), held_out=0.0, activation=activation))
    made = {}
    exec(code_of(experiment), made)
    assert same(weights(experiment), made["net"].parameters())
    assert "held-out" not in capsys.readouterr().out


def test_the_code_reads_the_same_file(tmp_path, capsys):
    path = tmp_path / 'it\'s "mine".csv'
    path.write_text("a,b,kind\n" + "".join(f"{i},{i * i},{'xy'[i % 2]}\n" for i in range(12)))
    experiment = Experiment(Settings(data="CSV file", path=str(path)))
    experiment.advance(4)
    made = {}
    exec(code_of(experiment), made)
    assert same(weights(experiment), made["net"].parameters())
    assert experiment.data.features == ("a", "b")


@pytest.mark.parametrize("column", [0, 1, None], ids=["first", "second", "both"])
@pytest.mark.parametrize("value", ["5", "0.1", "-1e9"])
def test_the_code_treats_a_column_of_equal_numbers_as_the_playground_does(tmp_path, capsys, column, value):
    path = tmp_path / "points.csv"
    rows = [[str(i), str(i * i), "xy"[i % 2]] for i in range(12)]
    for row in rows:
        row[:2] = [value if column in (None, k) else cell for k, cell in enumerate(row[:2])]
    path.write_text("\n".join(map(",".join, rows)))
    experiment = Experiment(Settings(data="CSV file", path=str(path)))
    experiment.advance(6)
    made = {}
    with np.errstate(all="raise"):
        exec(code_of(experiment), made)
    assert same(weights(experiment), made["net"].parameters())
    np.testing.assert_array_equal(made["x"], experiment.x)
    assert np.abs(experiment.x).max() < 10


def test_the_code_says_when_it_cannot_repeat_the_run():
    experiment = Experiment(QUICK)
    experiment.advance(5)
    assert "changed by hand" not in code_of(experiment)
    experiment.changed(QUICK.but(lr=0.1))
    assert "changed by hand" in code_of(experiment)


# ---------------------------------------------------------------- presets


def after(name, steps, **changes):
    preset = next(preset for preset in PRESETS if preset.name == name)
    experiment = Experiment(preset.settings.but(**changes))
    experiment.judge()
    experiment.advance(steps)
    return experiment, experiment.judge()


def test_presets_have_different_names_and_comments():
    for part in ("name", "settings", "comment"):
        assert len({str(getattr(preset, part)) for preset in PRESETS}) == len(PRESETS)


def test_no_preset_gives_an_exercise_away():
    """Exercise 3 of chapter 11 asks for the weight decay that keeps a net from learning by heart."""
    assert "0.3" not in next(preset.comment for preset in PRESETS if preset.name == "learned by heart")


def test_what_the_presets_promise():
    assert after("moons, a good start", 4000)[1].held_out_right > 0.95
    assert after("no hidden layer", 3000)[1].right < 0.6
    assert after("no hidden layer", 3000, hidden=(3,))[1].right > 0.95
    assert after("too few units for the spiral", 3000)[1].right < 0.75
    assert after("the spiral, learned", 3000)[1].right > 0.95
    assert after("learning rate 3, and why it blows up", 2000)[0].trouble
    norms = list(after("gradients that fade away", 0)[1].norms.values())
    assert all(left < right / 2 for left, right in itertools.pairwise(norms))
    assert after("ReLUs that die", 3000)[1].asleep["hidden 2"].all()
    assert after("ReLUs that die", 3000, lr=0.1)[1].held_out_right > 0.95
    by_heart = after("learned by heart", 2000)[1]
    assert by_heart.right == 1.0
    assert by_heart.held_out_loss > 3 * after("learned by heart", 2000, weight_decay=0.3)[1].held_out_loss
    assert after("three flowers", 1000)[1].held_out_right > 0.9


def test_a_batch_of_one_trembles():
    def changes(batch_size):
        experiment, _judged = after("one point at a time", 0, batch_size=batch_size)
        losses = []
        for _step in range(300):
            experiment.advance(1)
            losses.append(experiment.judge().loss)
        return np.abs(np.diff(losses)).mean()

    assert changes(1) > 2 * changes(16)
