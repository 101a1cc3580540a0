"""The descent explorer: walks, promises and verdicts agree with what can be worked out by hand."""

import re
import warnings
import xml.etree.ElementTree as ET
from itertools import cycle

import numpy as np
import pytest

from nbkit import DescentExplorer, Graph, Variable
from nbkit.descent.landscapes import LANDSCAPES
from nbkit.layers import Exp, Tanh
from nbkit.widgets.descent.descent_picture import DOWNHILL, LAND_BOX, LOSS_BOX, PATH_LOOKS
from nbkit.widgets.kit.views import PointerEvent
from tests.drawing.test_theme import EYES, THEMES, linear
from tests.each import of_each_name
from tests.pictures import still_of

RAVINE = np.array([1.0, 20.0])


def shown(explorer, key):
    return explorer.view.svg.marks["numbers"].numbers[key].replace("−", "-")


def marks(explorer):
    return explorer.view.svg.marks


def paths(explorer):
    return [key.removeprefix("path ") for key in marks(explorer) if key.startswith("path ")]


def point(explorer, kind, x, y, area="land"):
    """Point at a place on the picture, in pixels."""
    explorer.view._handle_custom_msg(PointerEvent(kind, area, None, float(x), float(y))._asdict(), [])


@of_each_name(LANDSCAPES)
def test_the_sliders_can_stand_where_a_walk_begins(name):
    explorer = DescentExplorer(name)
    for slider, start in zip(explorer.starts, explorer.start, strict=False):
        steps = (start - slider.min) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-6)


# ---------------------------------------------------------------- promise and what came


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5, 1.0, 1.1])
def test_a_step_in_the_bowl_by_hand(lr):
    """From 1: g = 2, predicted 4 lr, actual 1 − (1 − 2 lr)², curvature 2."""
    explorer = DescentExplorer("bowl", start=1, lr=lr)
    step = explorer.looked
    assert step.predicted == pytest.approx(4 * lr)
    assert step.actual == pytest.approx(1 - (1 - 2 * lr) ** 2, abs=1e-15)
    assert step.curvature == pytest.approx(2)
    assert float(shown(explorer, "predicted")) == pytest.approx(4 * lr)
    assert float(shown(explorer, "curvature")) == pytest.approx(2 * lr)


def test_the_step_that_is_looked_at_is_written_and_drawn():
    explorer = DescentExplorer("ravine", lr=0.02)
    explorer.step.value = 3
    place = np.array([-2.5, 1.5]) * (1 - 0.02 * 2 * RAVINE) ** 2
    np.testing.assert_allclose(explorer.looked.place, place)
    assert marks(explorer)["title"].text == "Step 3 of 40, from w = (−2.3, 0.06)"
    assert shown(explorer, "gradient") == "(-4.61, 2.4)"
    widths = [marks(explorer)[f"{key} bar"].width for key in ("predicted", "actual")]
    assert widths[1] / widths[0] == pytest.approx(explorer.looked.actual / explorer.looked.predicted)


def test_a_rise_is_a_hollow_bar():
    explorer = DescentExplorer("bowl", start=1, lr=0.9)
    assert not marks(explorer)["actual bar"].hollow
    explorer = DescentExplorer("bowl", start=1, lr=1.1)
    assert shown(explorer, "actual") == "-0.44"
    assert marks(explorer)["actual bar"].hollow


def test_only_sgd_has_the_rule_of_the_curvature():
    explorer = DescentExplorer("bowl", lr=0.1)
    assert "lr·‖g‖²" in explorer.view.svg
    explorer.optimizer.value = "Momentum"
    assert "curvature" not in marks(explorer)["numbers"].numbers
    assert "−g·Δw" in explorer.view.svg
    assert "lr·‖g‖²" not in explorer.view.svg


def test_the_status_names_what_happens():
    explorer = DescentExplorer("bowl", start=1, lr=1)
    assert explorer.walk.places[:, 0].tolist() == [1, -1] * 20 + [1]
    assert "SGD <b>bounces for ever</b>" in explorer.status.value


# ---------------------------------------------------------------- the picture


def test_the_path_lies_on_the_curve():
    explorer = DescentExplorer("bowl", start=-2, lr=0.2)
    path, start = marks(explorer)["path SGD"], marks(explorer)["start"]
    left, top, width, height = LAND_BOX
    places = explorer.walk.places[:, 0]
    np.testing.assert_allclose(path.x, left + (places + 3) / 6 * width)
    low, high = 9 * -0.05, 9 * 1.05
    np.testing.assert_allclose(path.y, top + (high - places**2) / (high - low) * height)
    assert (path.x[0], path.y[0]) == (start.x, start.y)


def test_the_tangent_touches_the_curve_at_the_step():
    explorer = DescentExplorer("bowl", start=-2, lr=0.1)
    tangent, land = marks(explorer)["promise"], explorer.drawing.land
    assert np.interp(land.x(-2.0), tangent.x, tangent.y) == pytest.approx(land.y(4.0))
    assert np.interp(land.x(-1.6), tangent.x, tangent.y) == pytest.approx(land.y(4 - 1.6))  # slope −4


def test_downhill_points_across_the_height_lines():
    explorer = DescentExplorer("ravine", start=(2, 1), lr=0.01)
    downhill, land = marks(explorer)["promise"], explorer.drawing.land
    assert downhill.right < 0 < downhill.down  # to the left and, on a screen, down
    scale = land.x(1) - land.x(0), land.y(0) - land.y(1)
    assert (downhill.down / scale[1]) / (downhill.right / scale[0]) == pytest.approx(-40 / 4)


@pytest.mark.parametrize(("lr", "k"), [(0.001, 1), (0.02, 1), (0.05, 3), (5.0, 4)])
def test_downhill_is_longer_than_the_step_beside_it(lr, k):
    explorer = DescentExplorer("ravine", lr=lr)
    explorer.step.value = k
    downhill, path = marks(explorer)["promise"], marks(explorer)["path SGD"]
    step = np.hypot(path.x[k] - path.x[k - 1], path.y[k] - path.y[k - 1])
    assert np.hypot(downhill.right, downhill.down) >= max(79, step + 45)


def test_downhill_looks_like_no_path():
    assert DOWNHILL["stroke_dasharray"] not in {dashes for _colour, dashes, _sign in PATH_LOOKS.values()}


def test_numbers_on_height_lines_lie_above_all_paths_on_ground():
    found = list(marks(DescentExplorer("ravine", lr=0.005, compare=True)))
    below = ["height lines", "path Momentum", "path Adam", "path SGD", "promise", "height labels"]
    assert [key for key in found if key in below] == below
    labels = marks(DescentExplorer("ravine"))["height labels"]
    assert labels.count("<text") == labels.count("paint-order:stroke;stroke:var(--nbkit-ground") > 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PATH_LOOKS)
def test_paths_stand_out_like_text_in_both_themes(theme, name):
    svg = DescentExplorer("ravine", compare=True).view.svg
    variable, light = re.fullmatch(r"var\((--[\w-]+), (#\w+)\)", svg.marks[f"path {name}"].colour).groups()
    (sheet,) = re.findall(r"<style>(.*?)</style>", svg)  # one: a second would be styled anew with every picture
    dark = re.search(rf"data-jp-theme-light='false'\][^}}]*{variable}:(#\w+)", sheet)[1]
    colours = {"light": light, "dark": dark}[theme], THEMES[theme]["ground"]
    darker, lighter = sorted(linear(colour) @ EYES["grey"][0] for colour in colours)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_height_lines_stand_at_their_losses():
    lines = marks(DescentExplorer("round bowl"))["height lines"].lines
    assert len(lines) > 5
    for level, places in lines:
        assert (places**2).sum(axis=1) == pytest.approx(level, rel=0.02)


def test_losses_are_drawn_against_steps_and_cut_at_the_top():
    explorer = DescentExplorer("bowl", start=1, lr=1.1)
    explorer.step.value = 40
    assert marks(explorer)["losses SGD"].y.tolist() == explorer.walk.losses.tolist()
    assert marks(explorer)["losses SGD"].x.tolist() == list(range(41))
    assert f'cy="{LOSS_BOX[1]:.1f}"' in marks(explorer)["loss"]  # its loss is far above the frame


def test_compare_draws_all_three():
    explorer = DescentExplorer("ravine", lr=0.02)
    assert paths(explorer) == ["SGD"]
    explorer.compare.value = True
    assert paths(explorer) == ["Momentum", "Adam", "SGD"]
    assert explorer.status.value.count("<div>") == 3
    explorer.optimizer.value = "Adam"
    assert explorer.walk.optimizer == "Adam"
    explorer.compare.value = False
    assert paths(explorer) == ["Adam"]


@of_each_name(LANDSCAPES)
def test_no_learning_rate_breaks_the_picture(name):
    """All three walks are drawn at every other rate; each optimizer in turn is the one that is looked at."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer = DescentExplorer(name, lr=1e150, compare=True)
        for (_text, rate), optimizer in zip(explorer.lr.options[::2], cycle(["SGD", "Momentum", "Adam"]), strict=False):
            explorer.optimizer.value = optimizer
            explorer.lr.value = rate
            for k in (1, 40):
                explorer.step.value = k
                assert explorer.message.value == ""
                assert not re.search(r"\bnan\b|\binf\b", explorer.view.svg, re.IGNORECASE)
                ET.fromstring(explorer.view.svg)


# ---------------------------------------------------------------- controls


def test_pointing_at_the_picture_moves_the_start():
    explorer, drawn = DescentExplorer("ravine", lr=0.02), []
    land = explorer.drawing.land
    explorer.view.observe(drawn.append, "svg")
    point(explorer, "press", land.x(1.01), land.y(-0.99))
    assert explorer.start == pytest.approx((1.0, -1.0))  # steps of 0.05
    assert len(drawn) == 1
    assert explorer.walk.places[0] == pytest.approx([1.0, -1.0])
    point(explorer, "drag", -1e5, 1e5)
    assert explorer.start == pytest.approx((-3, -2.5))
    assert explorer.starts[0].value == -2.5  # a slider follows when the pointer lets go
    point(explorer, "drop", -1e5, 1e5)
    assert [slider.value for slider in explorer.starts] == pytest.approx([-3, -2.5])
    assert len(drawn) == 2
    point(explorer, "delete", 100, 100)
    point(explorer, "press", 100, 100, area=None)
    assert explorer.start == pytest.approx((-3, -2.5))


def test_an_echo_of_the_page_does_not_move_the_start():
    explorer, drawn = DescentExplorer("bowl", start=1), []
    explorer.view.observe(drawn.append, "svg")
    explorer.starts[0].value = 1 + 1e-12  # rounded on its way
    assert explorer.start == (1,)
    assert not drawn


def test_on_a_curve_only_the_place_along_it_counts():
    explorer = DescentExplorer("bowl")
    point(explorer, "press", explorer.drawing.land.x(1.5), LAND_BOX[1])
    assert explorer.start == pytest.approx((1.5,))


def test_the_sliders_of_the_start_move_it_too():
    explorer = DescentExplorer("ravine")
    explorer.starts[1].value = -0.5
    assert explorer.walk.places[0].tolist() == [-2.5, -0.5]
    explorer.start = (10, 0)  # beyond the picture: the slider grows
    assert explorer.starts[0].max == 10
    assert explorer.walk.places[0].tolist() == [10, 0]
    assert "start" not in marks(explorer)


def test_another_loss_brings_its_own_range_start_and_sliders():
    explorer = DescentExplorer("bowl", lr=0.02)
    assert explorer.starts[1].layout.display == "none"
    explorer.loss.value = "ravine"
    assert explorer.start == (-2.5, 1.5)
    assert [(s.min, s.max) for s in explorer.starts] == [(-3, 3), (-2.5, 2.5)]
    assert explorer.starts[1].layout.display is None
    assert [s.description for s in explorer.starts] == ["start w₁", "start w₂"]
    assert "height lines" in marks(explorer)
    explorer.loss.value = "plateau"
    assert explorer.start == (-2.4,)
    assert explorer.starts[0].description == "start w"
    assert explorer.lr.value == 0.02
    assert explorer.message.value == ""


def test_looking_at_another_step_does_not_walk_anew():
    explorer = DescentExplorer("bowl")
    walk = explorer.walk
    explorer.step.value = 5
    assert explorer.walk is walk
    explorer.lr.value = 5.0
    explorer.step.value = 40
    assert explorer.looked.k == explorer.walk.steps < 40


def test_learning_rates_go_in_steps_of_1_2_5_and_through_the_one_asked_for():
    explorer = DescentExplorer("bowl", lr=0.3)
    rates = [rate for _text, rate in explorer.lr.options]
    assert explorer.lr.value == 0.3
    assert rates[:4] == [1e-4, 2e-4, 5e-4, 1e-3]
    assert rates == sorted(rates)
    assert {0.2, 0.3, 0.5, 1, 10} <= set(rates)


# ---------------------------------------------------------------- a loss of one's own


def test_a_loss_of_ones_own():
    explorer = DescentExplorer(lambda w: w**4 - w**2, range=(-2, 2), start=1.5, lr=0.05)
    w = 1.5
    for place in explorer.walk.places[:, 0]:
        assert place == pytest.approx(w)
        w -= 0.05 * (4 * w**3 - 2 * w)
    assert explorer.walk.places[-1, 0] == pytest.approx(0.5**0.5, abs=1e-3)
    explorer.loss.value = "bowl"
    explorer.loss.value = explorer.loss.options[0]
    assert explorer.start == (1.5,)


def test_two_weights_and_layers_of_ones_own():
    explorer = DescentExplorer(lambda a, b: Tanh()(a * b) ** 2 + Exp()(-a), range=((0, 2), (-1, 1)), start=(1, 0.5))
    a, b = Variable(1.0, "a"), Variable(0.5, "b")
    gradients = Graph(Tanh()(a * b) ** 2 + Exp()(-a)).backward()
    np.testing.assert_allclose(explorer.looked.gradient, [gradients["a"], gradients["b"]])


def test_a_start_left_out_lies_a_quarter_into_the_range():
    assert DescentExplorer(lambda w: w**2, range=(0, 4)).start == (1,)
    assert DescentExplorer("bowl", range=(-8, 8)).start == (-2,)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "rule"),
    [
        (("hill",), {}, ValueError, "one of bowl, steep bowl"),
        ((3,), {}, ValueError, "must be a function or one of"),
        ((lambda a, b, c: a,), {}, TypeError, "one weight or two"),
        (("bowl",), {"range": (2, -2)}, ValueError, "low < high"),
        (("ravine",), {"start": 3}, ValueError, "2 numbers"),
        (("bowl",), {"lr": 0}, ValueError, "above 0"),
        (("bowl",), {"lr": "fast"}, ValueError, "above 0"),
        (("bowl",), {"optimizer": "Adm"}, ValueError, "did you mean Adam"),
        (("bowl",), {"steps": 5}, ValueError, "from 6 to 100, got 5"),
        (("bowl",), {"steps": 7.5}, ValueError, "whole number"),
        (("bowl",), {"steps": True}, ValueError, "whole number"),
    ],
)
def test_what_it_cannot_show_is_refused(arguments, options, error, rule):
    with pytest.raises(error, match=rule):
        DescentExplorer(*arguments, **options)


def test_a_refused_start_leaves_it_as_it_was():
    explorer = DescentExplorer("ravine")
    with pytest.raises(ValueError, match="2 numbers"):
        explorer.start = 1, 2, 3
    assert explorer.start == (-2.5, 1.5)


def test_an_error_in_a_callback_is_shown():
    explorer = DescentExplorer("bowl")
    explorer.landscape.loss_and_gradient = lambda _places: 1 / 0
    explorer.lr.value = 0.2
    assert "ZeroDivisionError" in explorer.message.value


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    still_of(DescentExplorer("ravine"))
