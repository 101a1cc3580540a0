"""Input features on the desk: boxes to tick, the net's first column, unit pictures, lines, and the way back."""

import asyncio

import numpy as np
import pytest

from nbkit import Settings, TrainingPlayground
from nbkit.drawing.network.units import MAP_SIZE
from nbkit.experiment import PRESETS
from nbkit.experiment.features import FEATURES
from tests.drawing.parsed import texts
from tests.widgets.training.playground import OWN, press, same, weights

CROSSED = ("x1", "x2", "x1*x2")
XOR = Settings(data="xor", noise=0.15, hidden=(), lr=0.5)


@pytest.fixture
def playground():
    return TrainingPlayground(XOR)


def ticked(playground):
    return tuple(name for name, box in playground.controls.features.items() if box.value)


def test_two_boxes_are_ticked_to_begin_with(playground):
    assert ticked(playground) == ("x1", "x2")
    assert [box.description for box in playground.controls.features.values()] == [f.symbol for f in FEATURES.values()]


def test_a_box_gives_the_net_another_input_and_its_picture_a_square(playground):
    before = playground.view.svg
    playground.advance(3)
    playground.controls.features["x1*x2"].value = True
    assert playground.settings.features == CROSSED
    assert '"features": ["x1", "x2", "x1*x2"]' in playground.line.value
    assert playground.experiment.step == 0
    marks = playground.view.svg.marks
    assert "x₁x₂" in texts(playground.view.svg)
    assert "x₁x₂" not in texts(before)
    assert marks["units"].lines[0].shape == (3, 1)
    assert (before.marks["inputs"].maps.shape, marks["inputs"].maps.shape) == (
        (MAP_SIZE * MAP_SIZE, 2), (MAP_SIZE * MAP_SIZE, 3)
    )  # fmt: skip
    first, second, product = marks["inputs"].maps.T
    np.testing.assert_allclose(product, first * second)
    assert playground.message.value == ""


def test_the_boundary_bends_with_the_product(playground):
    playground.use(XOR.replace(features=CROSSED))
    playground.advance(1000)
    assert playground.judgement.right > 0.95
    corners = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert list(playground.experiment.probabilities(corners).argmax(axis=1)) == [0, 0, 1, 1]


def test_the_last_box_stays_ticked(playground):
    playground.controls.features["x1"].value = False
    assert playground.settings.features == ("x2",)
    run = playground.experiment
    playground.controls.features["x2"].value = False
    assert "a net needs an input: keep at least one of the features" in playground.message.value
    assert ticked(playground) == playground.settings.features == ("x2",)
    assert playground.experiment is run
    playground.controls.features["x1"].value = True
    assert playground.message.value == ""


def test_a_line_of_settings_and_a_preset_tick_the_boxes(playground):
    playground.line.value = '{"data": "circles", "features": ["x2**2", "x1**2"], "hidden": []}'
    assert ticked(playground) == playground.settings.features == ("x1**2", "x2**2")
    preset = next(preset for preset in PRESETS if preset.settings.features == CROSSED)
    playground.preset.value = preset
    assert ticked(playground) == CROSSED
    assert preset.comment in playground.comment.value
    playground.preset.value = PRESETS[0]
    assert ticked(playground) == ("x1", "x2")
    playground.line.value = '{"features": ["x9"]}'
    assert "there is no feature" in playground.message.value
    assert "✗ not used" in playground.refused.value


def test_lines_and_sliders_of_a_feature_move_its_weight(playground):
    playground.use(XOR.replace(features=tuple(FEATURES)))
    line = "sin πx₂→output, unit 1"
    before = playground.experiment.net.parameters()["output.W"][6, 0]
    for kind, y in (("press", 100.0), ("drag", 50.0)):
        message = {"kind": kind, "area": None, "item": line, "x": 5.0, "y": y}
        playground.view._handle_custom_msg(message, [])
    after = playground.experiment.net.parameters()["output.W"]
    assert after[6, 0] == pytest.approx(before + 1, abs=0.05)
    assert playground.choice.chosen.line == line
    playground.choose("output:0")
    shown = [each.description for each in playground.choice.row.children if each.layout.display is None]
    assert shown == [*(f"from {feature.symbol}" for feature in FEATURES.values()), "bias"]
    playground.choice.used["x₁x₂→output, unit 1"].value = -2.0
    assert playground.experiment.net.parameters()["output.W"][4, 0] == -2.0
    outputs = playground.experiment.units(playground.drawing.plane.grid)[0][:, 0]
    np.testing.assert_array_equal(playground.view.svg.marks["unit"].values, outputs)


def test_the_way_back_in_a_run_with_features(playground):
    playground.use(XOR.replace(features=CROSSED))
    start = weights(playground)
    playground.advance(10)
    playground.go_to(0)
    assert same(start, weights(playground))
    playground.advance(1)
    assert playground.experiment.step == 1


def test_own_points_that_move_redraw_the_inputs():
    playground = TrainingPlayground(OWN.replace(features=("x1", "x1**2")))
    before = playground.view.svg.marks["inputs"].maps
    press(playground, 0.9, 0.9)
    assert len(playground.experiment.x) == 3
    playground.use(playground.settings.replace(points=((-5.0, 0.0, 0), (5.0, 0.0, 1))))
    after = playground.view.svg.marks["inputs"].maps
    assert after.max() > 4 * before.max()
    np.testing.assert_allclose(after[:, 1], after[:, 0] ** 2)


def test_the_code_on_the_desk_names_the_features(playground):
    playground.use(XOR.replace(features=CROSSED))
    playground.code_button.click()
    assert "x = np.stack([x1, x2, x1 * x2], axis=1)" in playground.code.value


def test_a_box_ticked_in_the_middle_of_a_run_begins_anew_and_goes_on(playground):
    async def learner():
        playground.run_button.click()
        while playground.experiment.step < 20:
            await asyncio.sleep(0)
        playground.controls.features["x1*x2"].value = True
        assert playground.running
        begun = playground.experiment
        while begun.step < 20:
            await asyncio.sleep(0)
        assert playground.experiment is begun
        playground.run_button.click()

    asyncio.run(learner())
    assert playground.settings.features == CROSSED
