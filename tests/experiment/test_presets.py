"""What the presets promise comes true."""

import itertools

import numpy as np

from nbkit import Experiment
from nbkit.experiment import PRESETS


def after(name, steps, **changes):
    preset = next(preset for preset in PRESETS if preset.name == name)
    experiment = Experiment(preset.settings.replace(**changes))
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
    crossed = "XOR with a line: x₁x₂"
    assert after(crossed, 1000)[1].held_out_right > 0.95
    for left in itertools.combinations(("x1", "x2", "x1*x2"), 2):  # none of its inputs can be taken away
        assert after(crossed, 1000, features=left)[1].right < 0.85
    assert after("too few units for the spiral", 3000)[1].right < 0.75
    assert after("the spiral, learned", 3000)[1].right > 0.95
    assert after("learning rate 3, and why it blows up", 2000)[0].error
    norms = list(after("gradients that fade away", 0)[1].norms.values())
    assert all(left < right / 2 for left, right in itertools.pairwise(norms))
    assert after("ReLUs that die", 3000)[1].saturated["hidden 2"].all()
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
