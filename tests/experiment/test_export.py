"""An experiment as code: run in a fresh kernel, it makes the same steps to the same weights."""

import numpy as np
import pytest

from nbkit import Experiment, Settings
from nbkit.experiment import SOURCES, code_of
from nbkit.experiment.settings import ACTIVATIONS, LOSSES
from tests.experiment.test_experiment import OWN, QUICK, same, weights


def repeated(experiment):
    """Run the code of an experiment, and return what it defines, if its net is the same."""
    made = {}
    exec(code_of(experiment), made)
    assert same(weights(experiment), made["net"].parameters())
    return made


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data", [name for name in SOURCES if name != "CSV file"])
def test_the_code_makes_the_same_net(data, loss, capsys):
    settings = Settings(
        data=data, loss=loss, hidden=(3, 2), activation="LeakyReLU", optimizer="Momentum", lr=0.02, weight_decay=0.01,
        batch_size=7, seed=5, points=(*OWN, (0.2, 0.3, 2)),
    )  # fmt: skip
    experiment = Experiment(settings)
    experiment.advance(33)
    repeated(experiment)
    assert "# held out: a coin toss for each row" in code_of(experiment)
    share = experiment.judge().right
    assert f"training rows: {round(share, 3)}" in capsys.readouterr().out


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_code_of_an_untrained_net_and_of_no_hidden_layer(activation, capsys):
    experiment = Experiment(Settings(hidden=(), held_out=0.0, activation=activation))
    repeated(experiment)
    assert "held-out" not in capsys.readouterr().out


def test_the_code_reads_the_same_file(tmp_path, capsys):
    path = tmp_path / 'it\'s "mine".csv'
    path.write_text("a,b,kind\n" + "".join(f"{i},{i * i},{'xy'[i % 2]}\n" for i in range(12)))
    experiment = Experiment(Settings(data="CSV file", path=str(path)))
    experiment.advance(4)
    repeated(experiment)
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
    with np.errstate(all="raise"):
        made = repeated(experiment)
    np.testing.assert_array_equal(made["x"], experiment.x)
    assert np.abs(experiment.x).max() < 10


def test_the_code_says_when_it_cannot_repeat_the_run():
    experiment = Experiment(QUICK)
    experiment.advance(5)
    assert "changed by hand" not in code_of(experiment)
    experiment.changed(QUICK.replace(lr=0.1))
    assert "changed by hand" in code_of(experiment)
