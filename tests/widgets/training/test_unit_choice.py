"""A unit of the playground's net fills the plane, and its numbers move by sliders and by the lines of the picture."""

import numpy as np
import pytest

from nbkit import Settings, TrainingPlayground
from tests.drawing.parsed import texts
from tests.widgets.training.playground import SMALL, same, weights

LINE = "x₁→hidden 1, unit 3"


@pytest.fixture
def playground():
    return TrainingPlayground(SMALL)


def send(playground, kind, item, y=0.0, **more):
    playground.view._handle_custom_msg({"kind": kind, "area": None, "item": item, "x": 0.0, "y": y, **more}, [])


def shown(playground):
    """Labels of the sliders that are not hidden."""
    return [each.description for each in playground.choice.row.children if each.layout.display is None]


# ---------------------------------------------------------------- a unit


def test_a_unit_that_is_pressed_fills_the_plane(playground):
    playground.advance(5)
    send(playground, "press", "hidden 1:2")
    marks = playground.view.svg.marks
    assert marks["heading"].words == "hidden 1, unit 3"
    outputs = playground.experiment.units(playground.drawing.plane.grid)[0][:, 2]
    np.testing.assert_array_equal(marks["unit"].values, outputs)
    assert marks["unit"].full == 1.0  # tanh
    assert marks["units"].chosen == ("hidden 1", 2)
    assert playground.choice.plane.label == "hidden 1, unit 3"
    assert shown(playground) == ["from x₁", "from x₂", "bias"]


@pytest.mark.parametrize("way", ["unit", "net", "list"])
def test_there_are_three_ways_back_to_the_whole_net(playground, way):
    before = playground.view.svg
    playground.choose("output:0")
    assert "unit" in playground.view.svg.marks
    if way == "list":
        playground.choice.plane.value = ""
    else:
        send(playground, "press", "output:0" if way == "unit" else "net")
    assert playground.view.svg == before
    assert playground.view.svg.marks["heading"].words == "what the net says"
    assert (shown(playground), playground.choice.plane.label) == ([], "the whole net")


def test_the_list_reaches_each_unit_by_keyboard(playground):
    names = [label for label, _value in playground.choice.plane.options]
    assert names == ["the whole net", *(f"hidden 1, unit {i}" for i in (1, 2, 3)), "output, unit 1"]
    playground.choice.plane.value = "hidden 1:1"
    assert playground.view.svg.marks["heading"].words == "hidden 1, unit 2"


def test_an_unbounded_unit_has_the_full_colour_at_its_largest_number():
    playground = TrainingPlayground(SMALL.replace(activation="ReLU"))
    for unit in ("hidden 1:1", "output:0"):
        playground.choose(unit)
        mark = playground.view.svg.marks["unit"]
        assert mark.full == np.abs(mark.values).max()


def test_a_slider_moves_its_number_alone(playground):
    before, loss = weights(playground), playground.judgement.loss
    playground.choose("hidden 1:2")
    for name, value in (("bias of hidden 1, unit 3", 2.0), ("x₂→hidden 1, unit 3", -1.5)):
        playground.choice.used[name].value = value
    now = weights(playground)
    assert now["hidden 1.b"].tolist() == [*before["hidden 1.b"][:2], 2.0]
    before["hidden 1.W"][1, 2] = -1.5
    np.testing.assert_array_equal(now["hidden 1.W"], before["hidden 1.W"])
    np.testing.assert_array_equal(now["output.W"], before["output.W"])
    assert playground.judgement.loss != loss
    assert "changed by hand" in playground.export()


def test_sliders_stand_next_to_numbers_that_were_learned(playground):
    playground.advance(3)
    playground.choose("hidden 1:0")
    slider, bias = playground.choice.used["bias of hidden 1, unit 1"], weights(playground)["hidden 1.b"][0]
    assert slider.value == pytest.approx(bias, abs=slider.step / 2)
    assert slider.value != bias  # it stands at a stop, and the number stays as it is
    playground.advance(40)
    assert slider.value == pytest.approx(weights(playground)["hidden 1.b"][0], abs=slider.step / 2)


def test_choosing_changes_no_number(playground):
    before = weights(playground)
    for item in ("hidden 1:0", "output:0", "hidden 1:1"):
        playground.choose(item)
    send(playground, "press", LINE)
    assert same(before, weights(playground))
    playground.controls.by_name["layers"].value = 0  # the chosen unit is gone
    assert (shown(playground), playground.choice.plane.label) == ([], "the whole net")


def test_a_number_beyond_the_slider_is_shown_as_it_is(playground):
    playground.experiment.net.parameters()["output.b"][0] = -12.3
    playground.choose("output:0")
    assert playground.choice.used["bias of output, unit 1"].value == pytest.approx(-12.3)
    assert playground.experiment.net.parameters()["output.b"][0] == -12.3


@pytest.mark.parametrize("item", ["hidden 9:0", "hidden 1:99", "nonsense"])
def test_a_unit_that_is_not_there_is_refused(playground, item):
    with pytest.raises(ValueError, match="there is no unit"):
        playground.choose(item)


# ---------------------------------------------------------------- a line


def test_a_line_is_dragged_up_and_down(playground):
    handle = playground.view.svg.marks[LINE]
    start = handle.value
    send(playground, "press", LINE, y=200.0)
    assert weights(playground)["hidden 1.W"][0, 2] == start  # a press chooses it, and changes nothing
    send(playground, "drag", LINE, y=150.0)
    send(playground, "drop", LINE, y=150.0)
    up = weights(playground)["hidden 1.W"][0, 2]
    assert up == pytest.approx(start + 50 * handle.drag, abs=handle.step)
    assert playground.view.svg.marks[LINE].value == up
    assert playground.view.svg.marks["units"].lines[0][0, 2] == up
    assert playground.experiment.altered


def test_keys_move_the_weight_of_a_line(playground):
    before = weights(playground)["hidden 1.W"][0, 2]
    send(playground, "key", LINE, key="PageUp")
    after = weights(playground)["hidden 1.W"][0, 2]
    assert after == pytest.approx(before + 0.5, abs=0.05)


def test_a_chosen_line_says_its_weight_and_gradient_and_has_a_slider(playground):
    playground.advance(4)
    send(playground, "press", LINE)
    assert shown(playground) == ["weight of the line"]
    assert list(playground.choice.used) == [LINE]
    assert playground.view.svg.marks["units"].line == LINE
    assert playground.view.svg.marks["heading"].words == "what the net says"
    layer = playground.experiment.net.layers[0]
    weight, gradient = layer.params["W"][0, 2], layer.grads["W"][0, 2]
    words = next(text for text in texts(playground.view.svg) if text.startswith(LINE))
    assert f"weight {weight:.4g}, gradient {gradient:.4g}".replace("-", "−") in words
    assert f"<title>{words}</title>" in playground.view.svg  # and each line says as much under the pointer
    assert playground.view.svg.count("gradient ") >= len(playground.drawing.units.lines)


def test_a_line_to_the_unit_in_the_plane_keeps_it_there(playground):
    playground.choose("hidden 1:2")
    send(playground, "press", LINE)
    assert playground.view.svg.marks["heading"].words == "hidden 1, unit 3"
    assert len(shown(playground)) == 3
    send(playground, "press", "x₁→hidden 1, unit 1")
    assert playground.view.svg.marks["heading"].words == "what the net says"


def test_after_a_run_that_blew_up_no_number_moves():
    wild = Settings(data="circles", hidden=(8, 8), activation="ReLU", loss="squared error", lr=3.0)
    playground = TrainingPlayground(wild)
    playground.advance(3000)
    playground.choose("output:0")
    slider = playground.choice.used["bias of output, unit 1"]
    before = slider.value
    slider.value = before * 0.5
    assert "go back first" in playground.message.value
    assert slider.value == before
