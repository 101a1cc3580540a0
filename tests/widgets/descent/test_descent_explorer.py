"""The descent explorer: walks, promises and their numbers agree with what can be worked out by hand."""

import html
import re
import warnings
import xml.etree.ElementTree as ET
from itertools import cycle

import numpy as np
import pytest

from nbkit import DescentExplorer, Graph, Variable
from nbkit.descent.landscapes import LANDSCAPES
from nbkit.descent.walk import look_at
from nbkit.layers import Exp, Tanh
from nbkit.widgets.descent.looks import BARS_BOX, DOWNHILL, LAND_BOX, LOSS_BOX, PATH_LOOKS
from nbkit.widgets.descent.one_step import ZERO_SHARE
from tests.drawing.test_theme import EYES, THEMES, linear
from tests.each import of_each_name
from tests.pictures import leaves_a_still
from tests.widgets.descent.explorers import marks, paths, point, shown

RAVINE = np.array([1.0, 20.0])


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
    explorer = DescentExplorer("bowl", start=1, lr=lr, step=1)
    step = look_at(explorer.walk, 1)
    assert step.predicted == pytest.approx(4 * lr)
    assert step.actual == pytest.approx(1 - (1 - 2 * lr) ** 2, abs=1e-15)
    assert step.curvature == pytest.approx(2)
    assert float(shown(explorer, "predicted")) == pytest.approx(4 * lr)
    assert float(shown(explorer, "curvature")) == pytest.approx(2 * lr)


def test_the_step_that_is_looked_at_is_written_and_drawn():
    explorer = DescentExplorer("ravine", lr=0.02)
    explorer.step = 3
    place = np.array([-2.5, 1.5]) * (1 - 0.02 * 2 * RAVINE) ** 2
    step = look_at(explorer.walk, 3)
    np.testing.assert_allclose(step.place, place)
    assert marks(explorer)["title"].text == "Step 3, from w = (−2.3, 0.06)"
    assert shown(explorer, "gradient") == "(-4.61, 2.4)"
    widths = [marks(explorer)[f"{key} bar"].width for key in ("predicted", "actual")]
    assert widths[1] / widths[0] == pytest.approx(step.actual / step.predicted, abs=1e-3)


def test_a_rise_is_a_hollow_bar():
    assert not marks(DescentExplorer("bowl", start=1, lr=0.9, step=1))["actual bar"].is_rise
    explorer = DescentExplorer("bowl", start=1, lr=1.1, step=1)
    assert shown(explorer, "actual") == "-0.44"
    assert marks(explorer)["actual bar"].is_rise
    assert 'class="rise"' in marks(explorer)["actual bar"]


def test_bars_stand_in_a_frame_of_their_own_beside_the_ground():
    """Falls to the right of zero, rises to the left; the longer bar fills its side."""
    picture = DescentExplorer("bowl", start=1, lr=1.1, step=1).picture()
    left, _top, width, _height = BARS_BOX
    assert left > LAND_BOX[0] + LAND_BOX[2]
    zero = left + ZERO_SHARE * width
    x, size = (float(re.search(rf' {name}="([^"]+)"', picture.marks["actual bar"])[1]) for name in ("x", "width"))
    assert x + size == pytest.approx(zero, abs=0.11)  # a rise by 0.44
    x = float(re.search(r' x="([^"]+)"', picture.marks["predicted bar"])[1])
    assert x == pytest.approx(zero, abs=0.11)  # a fall by 4.4
    assert picture.marks["predicted bar"].width == pytest.approx(left + width - 3 - zero, abs=0.11)
    assert picture.marks["actual bar"].width == pytest.approx(picture.marks["predicted bar"].width / 10, abs=0.11)


def test_only_sgd_has_the_rule_of_the_curvature():
    explorer = DescentExplorer("bowl", lr=0.1, step=1)
    assert shown(explorer, "curvature") == "0.2"
    assert "lr·‖g‖²" in explorer.view.svg
    explorer.optimizer.value = "Momentum"
    assert "curvature" not in marks(explorer)["numbers"].numbers
    assert "curvature" not in explorer.view.svg
    assert "−g·Δw" in explorer.view.svg
    assert "lr·‖g‖²" not in explorer.view.svg


# ---------------------------------------------------------------- the picture


def test_the_path_lies_on_the_curve():
    explorer = DescentExplorer("bowl", start=-2, lr=0.2, step=40)
    path, start = marks(explorer)["path SGD"], marks(explorer)["start"]
    left, top, width, height = LAND_BOX
    places = explorer.walk.places[:, 0]
    np.testing.assert_allclose(path.x, left + (places + 3) / 6 * width)
    low, high = 9 * -0.05, 9 * 1.05
    ball = marks(explorer)["ball SGD"]
    assert (ball.x, ball.y) == (path.x[-1], path.y[-1])
    np.testing.assert_allclose(path.y, top + (high - places**2) / (high - low) * height)
    assert (path.x[0], path.y[0]) == (start.x, start.y)


def test_the_tangent_touches_the_curve_at_the_step():
    explorer = DescentExplorer("bowl", start=-2, lr=0.1)
    tangent, land = marks(explorer)["promise"], explorer.drawing.land
    assert np.interp(land.x(-2.0), tangent.x, tangent.y) == pytest.approx(land.y(4.0))
    assert np.interp(land.x(-1.6), tangent.x, tangent.y) == pytest.approx(land.y(4 - 1.6))  # slope −4


def test_far_ends_of_a_tangent_leave_it_its_slope_and_from_outside_there_is_none():
    explorer = DescentExplorer("bowl", start=-2, lr=10.0, step=1)  # to 38
    tangent, land = marks(explorer)["promise"], explorer.drawing.land
    assert np.interp(land.x(-2.0), tangent.x, tangent.y) == pytest.approx(land.y(4.0))
    slope = -4 * (land.y(1) - land.y(0)) / (land.x(1) - land.x(0))
    assert np.ptp(tangent.y) / np.ptp(tangent.x) == pytest.approx(abs(slope))
    assert explorer.drawing.step.promises[0]
    assert not any(explorer.drawing.step.promises[1:])


def test_downhill_points_across_the_height_lines():
    explorer = DescentExplorer("ravine", start=(2, 1), lr=0.01)
    downhill, land = marks(explorer)["promise"], explorer.drawing.land
    assert downhill.right < 0 < downhill.down  # to the left and, on a screen, down
    scale = land.x(1) - land.x(0), land.y(0) - land.y(1)
    assert (downhill.down / scale[1]) / (downhill.right / scale[0]) == pytest.approx(-40 / 4)


@pytest.mark.parametrize(("lr", "k"), [(0.001, 1), (0.02, 1), (0.05, 3), (5.0, 4)])
def test_downhill_is_longer_than_the_step_beside_it(lr, k):
    explorer = DescentExplorer("ravine", lr=lr, step=k)
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
    svg = DescentExplorer("ravine", compare=True).picture()
    variable, light = re.fullmatch(r"var\((--[\w-]+), (#\w+)\)", svg.marks[f"path {name}"].colour).groups()
    (sheet,) = re.findall(r"<style>(.*?)</style>", svg)  # one: a second would be styled anew with every picture
    dark = re.search(rf"data-jp-theme-light='false'\][^}}]*{variable}:(#\w+)", sheet)[1]
    colours = {"light": light, "dark": dark}[theme], THEMES[theme]["ground"]
    darker, lighter = sorted(linear(colour) @ EYES["grey"][0] for colour in colours)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_losses_are_drawn_against_steps_and_cut_at_the_top():
    explorer = DescentExplorer("bowl", start=1, lr=1.1, step=40)
    assert marks(explorer)["losses SGD"].y.tolist() == explorer.walk.losses.tolist()
    assert marks(explorer)["losses SGD"].x.tolist() == list(range(41))
    assert marks(explorer)["loss SGD"].top == LOSS_BOX[1]  # its loss is far above the frame
    assert marks(explorer)["loss SGD in words"].text == "2.16e+06"  # 1.44⁴⁰


def test_compare_draws_all_three():
    explorer = DescentExplorer("ravine", lr=0.02)
    assert paths(explorer) == ["SGD"]
    explorer.compare.value = True
    assert paths(explorer) == ["Momentum", "Adam", "SGD"]
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
            for k in (0, 1, 40):
                explorer.step = k
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
    assert [slider.value for slider in explorer.starts] == pytest.approx([-3, -2.5])  # before the pointer lets go
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
    explorer.step = 5
    assert explorer.walk is walk
    explorer.lr.value = 5.0
    explorer.step = 40
    assert explorer.walk.steps < 40  # it has diverged: its last step is the last one to look at
    assert explorer.step == explorer.walk.steps
    assert marks(explorer)["title"].text.startswith(f"Step {explorer.walk.steps}, ")
    assert f'"steps":{explorer.walk.steps},' in html.unescape(str(explorer.view.svg)).replace(" ", "")
    explorer.step = explorer.walk.steps - 1
    assert marks(explorer)["title"].text.startswith(f"Step {explorer.walk.steps - 1}, ")
    explorer.step = 40
    explorer.lr.value = 0.1
    assert explorer.step == 40


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
    explorer.loss.value = explorer.loss.options[0][1]
    assert explorer.start == (1.5,)


def test_two_weights_and_layers_of_ones_own():
    explorer = DescentExplorer(lambda a, b: Tanh()(a * b) ** 2 + Exp()(-a), range=((0, 2), (-1, 1)), start=(1, 0.5))
    a, b = Variable(1.0, "a"), Variable(0.5, "b")
    gradients = Graph(Tanh()(a * b) ** 2 + Exp()(-a)).backward()
    np.testing.assert_allclose(explorer.walk.gradients[0], [gradients["a"], gradients["b"]])


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
        (("bowl",), {"step": 41}, ValueError, "from 0 to 40, got 41"),
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
    leaves_a_still(DescentExplorer("ravine"))
