"""The descent explorer: walks, promises and verdicts agree with what can be worked out by hand."""

import re
import warnings
import xml.etree.ElementTree as ET
from itertools import cycle, product

import numpy as np
import pytest

from nbkit import DescentExplorer, Graph, Variable, numerical_gradient
from nbkit.descent.landscapes import LANDSCAPES, Landscape, find_landscape
from nbkit.descent.outcome import verdict
from nbkit.descent.walk import look_at, walk_down
from nbkit.layers import Exp, Sum, Tanh
from nbkit.widgets.descent.descent_picture import LAND, LOOKS, LOSS
from nbkit.widgets.kit.svg_view import Touch
from tests.drawing.test_theme import EYES, THEMES, linear
from tests.each import of_each, of_each_name
from tests.pictures import still_of

RAVINE = np.array([1.0, 20.0])


def shown(explorer, key):
    return re.search(rf'data-number="{key}">([^<]*)<', explorer.view.svg)[1].replace("−", "-")


def points(explorer, mark):
    """Return the places of a line, in pixels."""
    found = re.search(rf'{mark}"? points="([^"]+)"|points="([^"]+)"[^>]*{mark}', explorer.view.svg)
    return np.array([pair.split(",") for pair in (found[1] or found[2]).split()], float)


def named(loss, lr, optimizer="SGD", start=None, steps=40):
    landscape = loss if isinstance(loss, Landscape) else find_landscape(loss)
    (walk,) = walk_down(landscape, landscape.start if start is None else start, [optimizer], lr, steps)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return verdict(walk, landscape)


# ---------------------------------------------------------------- landscapes


@of_each_name(LANDSCAPES)
def test_gradients_are_those_that_nudging_finds(name):
    landscape = find_landscape(name)
    rng = np.random.default_rng(0)
    places = np.array([[rng.uniform(*ends) for ends in landscape.ranges] for _place in range(5)])
    losses, gradients = landscape.loss_and_gradient(places)
    for place, loss, gradient in zip(places, losses, gradients, strict=True):
        plain = landscape.function(*(Variable(value, f"w{i}") for i, value in enumerate(place))).value
        assert loss == pytest.approx(plain)
        nudged = numerical_gradient(lambda w: landscape.loss_and_gradient(w[None])[0][0], place)
        np.testing.assert_allclose(gradient, nudged, rtol=1e-5, atol=1e-7)


@of_each_name(LANDSCAPES)
def test_heights_stand_where_they_belong(name):
    """The second weight runs down the rows of `heights`, the first along them."""
    landscape = find_landscape(name)
    place = [axis[k] for axis, k in zip(landscape.axes, (7, 30), strict=False)]
    (loss,), _gradient = landscape.loss_and_gradient(np.array([place]))
    assert landscape.heights[(7,) if len(place) == 1 else (30, 7)] == pytest.approx(loss)
    assert all(low <= x <= high for x, (low, high) in zip(landscape.start, landscape.ranges, strict=True))


@of_each_name(LANDSCAPES)
def test_the_sliders_can_stand_where_a_walk_begins(name):
    explorer = DescentExplorer(name)
    for slider, start in zip(explorer.starts, explorer.start, strict=False):
        steps = (start - slider.min) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-6)


# ---------------------------------------------------------------- walks


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5, 0.9, 1.0, 1.1])
def test_sgd_on_the_bowl_multiplies_by_one_less_two_lr(lr):
    explorer = DescentExplorer("bowl", start=1, lr=lr, steps=20)
    np.testing.assert_allclose(explorer.walk.places[:, 0], (1 - 2 * lr) ** np.arange(21.0), atol=1e-15)
    np.testing.assert_allclose(explorer.walk.losses, (1 - 2 * lr) ** (2 * np.arange(21.0)), atol=1e-15)
    if lr == 1.1:
        assert abs(explorer.walk.places[5, 0]) == pytest.approx(2.48832)


def test_momentum_and_adam_by_hand_in_the_ravine():
    """The rules of Polyak and of Kingma & Ba, written out, with the gradient (2 w₁, 40 w₂)."""
    explorer = DescentExplorer("ravine", lr=0.02, optimizer="Momentum", compare=True, steps=12)
    w, v = np.array([-2.5, 1.5]), np.zeros(2)
    a, m, s = w.copy(), np.zeros(2), np.zeros(2)
    p = w.copy()
    for k in range(13):
        for walk, place in zip(explorer.walks, (p, a, w), strict=True):
            np.testing.assert_allclose(walk.places[k], place, atol=1e-12)
            assert walk.losses[k] == pytest.approx(RAVINE @ place**2)
        p = p - 0.02 * 2 * RAVINE * p
        v = 0.9 * v - 0.02 * 2 * RAVINE * w
        w = w + v
        g = 2 * RAVINE * a
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        a = a - 0.02 * (m / (1 - 0.9 ** (k + 1))) / (np.sqrt(s / (1 - 0.999 ** (k + 1))) + 1e-8)
    assert [walk.optimizer for walk in explorer.walks] == ["SGD", "Adam", "Momentum"]


@of_each_name(LANDSCAPES)
def test_walks_side_by_side_are_those_walked_alone(name):
    landscape = find_landscape(name)
    names = ("Adam", "SGD", "Momentum")
    together = walk_down(landscape, landscape.start, names, 0.3, 25)
    for rule, walk in zip(names, together, strict=True):
        (alone,) = walk_down(landscape, landscape.start, [rule], 0.3, 25)
        assert walk.steps == alone.steps
        np.testing.assert_allclose(walk.places, alone.places, rtol=1e-9)


def test_a_walk_that_leaves_for_good_is_cut_where_it_does():
    (walk,) = walk_down(find_landscape("bowl"), (1.0,), ["SGD"], 5.0, 40)  # −9 times as far each step
    assert walk.steps < 40
    assert np.isfinite(walk.losses).all()
    assert abs(walk.places[-1, 0]) > 6e12 > abs(walk.places[-2, 0])


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
    assert float(shown(explorer, "bend")) == pytest.approx(2 * lr)


@of_each([(f"{name} {rule}", name, rule) for name, rule in product(LANDSCAPES, ("SGD", "Momentum", "Adam"))])
def test_small_steps_keep_their_promise(name, optimizer):
    landscape = find_landscape(name)
    (walk,) = walk_down(landscape, landscape.start, [optimizer], 1e-5, 5)
    for k in range(5):
        step = look_at(walk, k)
        assert step.actual == pytest.approx(step.predicted, rel=5e-3)
        if optimizer == "SGD":
            assert step.predicted == pytest.approx(1e-5 * step.gradient @ step.gradient)


def test_the_step_that_is_looked_at_is_written_and_drawn():
    explorer = DescentExplorer("ravine", lr=0.02)
    explorer.step.value = 3
    place = np.array([-2.5, 1.5]) * (1 - 0.02 * 2 * RAVINE) ** 2
    np.testing.assert_allclose(explorer.looked.place, place)
    assert shown(explorer, "title") == "Step 3 of 40, from w = (-2.3, 0.06)"
    assert shown(explorer, "gradient") == "(-4.61, 2.4)"
    widths = [float(re.search(rf'data-bar="{key}"[^>]*width="([\d.]+)"', explorer.view.svg)[1])
              for key in ("predicted", "actual")]  # fmt: skip
    assert widths[1] / widths[0] == pytest.approx(explorer.looked.actual / explorer.looked.predicted, abs=2e-3)


def test_a_rise_is_a_hollow_bar():
    explorer = DescentExplorer("bowl", start=1, lr=0.9)
    assert "fill:var(--nbkit-value" in re.search(r'data-bar="actual"[^>]*', explorer.view.svg)[0]
    explorer = DescentExplorer("bowl", start=1, lr=1.1)
    assert shown(explorer, "actual") == "-0.44"
    assert "fill:var(--nbkit-ground" in re.search(r'data-bar="actual"[^>]*', explorer.view.svg)[0]


def test_only_sgd_has_the_rule_of_the_curvature():
    explorer = DescentExplorer("bowl", lr=0.1)
    assert "lr·‖g‖²" in explorer.view.svg
    explorer.optimizer.value = "Momentum"
    assert 'data-number="bend"' not in explorer.view.svg
    assert "−g·Δw" in explorer.view.svg
    assert "lr·‖g‖²" not in explorer.view.svg


# ---------------------------------------------------------------- the name for it


@pytest.mark.parametrize(
    ("loss", "lr", "optimizer", "kind"),
    [
        ("bowl", 0.002, "SGD", "creeps"),
        ("bowl", 0.1, "SGD", "converges"),
        ("bowl", 0.5, "SGD", "converges"),
        ("bowl", 0.9, "SGD", "overshoots and comes back"),
        ("bowl", 0.98, "SGD", "overshoots and comes back"),
        ("bowl", 1.0, "SGD", "bounces for ever"),
        ("bowl", 1.01, "SGD", "diverges"),
        ("bowl", 1.1, "SGD", "diverges"),
        ("bowl", 1e9, "SGD", "diverges"),
        ("bowl", 1e200, "SGD", "diverges"),
        ("bowl", 1.85, "Momentum", "overshoots and comes back"),  # stable below 2 (1 + 0.9) / 2 = 1.9
        ("bowl", 2.0, "Momentum", "diverges"),
        ("bowl", 0.2, "Adam", "overshoots and comes back"),
        ("bowl", 0.001, "Adam", "creeps"),
        ("steep bowl", 0.2, "SGD", "overshoots and comes back"),
        ("steep bowl", 0.25, "SGD", "bounces for ever"),
        ("steep bowl", 0.26, "SGD", "diverges"),
        ("round bowl", 1.0, "SGD", "bounces for ever"),
        ("ravine", 0.02, "SGD", "creeps"),
        ("ravine", 0.05, "SGD", "bounces for ever"),
        ("ravine", 0.051, "SGD", "diverges"),
        ("ravine", 0.051, "Momentum", "overshoots and comes back"),
        ("two valleys", 0.1, "SGD", "converges"),
        ("two valleys", 0.5, "SGD", "bounces for ever"),
        ("two valleys", 5, "SGD", "diverges"),
        ("plateau", 0.05, "SGD", "creeps"),
        ("plateau", 0.5, "SGD", "converges"),
        ("plateau", 10, "SGD", "is thrown out"),
        ("saddle", 0.1, "SGD", "converges"),
        ("bent valley", 0.005, "SGD", "creeps"),
        ("bent valley", 1, "SGD", "diverges"),
    ],
)
def test_what_happens_is_called_by_its_name(loss, lr, optimizer, kind):
    assert named(loss, lr, optimizer)[0] == kind


def test_divergence_says_when():
    """From 1 with lr 1.1 the distance grows by a factor of 1.2 per step: 1.2⁷ = 3.58 is the first above 3."""
    kind, words = named("bowl", 1.1, start=(1,))
    assert kind == "diverges"
    assert "Every step is longer than the one before. Step 7 leaves the picture" in words
    assert "after step 40 the loss is about 10⁶, at the start it was 1" in words  # 1.2⁸⁰ = 2.2 million
    assert "too large for a float" in named("bowl", 1e200)[1]


def test_a_bounce_says_why():
    assert "lr × curvature is 2." in named("two valleys", 0.5)[1]
    explorer = DescentExplorer("bowl", start=1, lr=1)
    assert explorer.walk.places[:, 0].tolist() == [1, -1] * 20 + [1]
    assert "SGD <b>bounces for ever</b>" in explorer.status.value


def test_flat_is_not_the_same_as_lowest():
    assert named("bowl", 0.1, start=(0,))[0] == "stands still"
    assert named("two valleys", 0.1, start=(-2,)) == ("converges", "From step 3 on, less than 1 % of the way is left.")
    assert "not the lowest place" in named("two valleys", 0.1, start=(2,))[1]
    assert "not the lowest place" in named("saddle", 0.1, start=(-1.5, 0))[1]
    assert "lowest" not in named("saddle", 0.1, start=(-1.5, 0.05))[1]


def test_a_loss_without_a_lowest_point():
    endless = Landscape("endless", lambda w: -(w**4), (-2, 2), 0.5)
    assert named(endless, 1.0)[0] == "goes on falling"


def test_one_step_does_it():
    assert named("bowl", 0.5) == ("converges", "One step does it.")


# ---------------------------------------------------------------- the picture


def test_the_path_lies_on_the_curve():
    explorer = DescentExplorer("bowl", start=-2, lr=0.2)
    path = points(explorer, 'data-path="SGD')
    left, top, width, height = LAND
    places = explorer.walk.places[:, 0]
    np.testing.assert_allclose(path[:, 0], left + (places + 3) / 6 * width, atol=0.06)
    low, high = 9 * -0.05, 9 * 1.05
    np.testing.assert_allclose(path[:, 1], top + (high - places**2) / (high - low) * height, atol=0.06)
    assert path[0].tolist() == [float(re.search(rf'data-item="start"[^>]*{c}="([\d.]+)"', explorer.view.svg)[1])
                                for c in ("cx", "cy")]  # fmt: skip


def test_the_tangent_touches_the_curve_at_the_step():
    explorer = DescentExplorer("bowl", start=-2, lr=0.1)
    found = re.search(r'data-mark="promise" d="M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)"', explorer.view.svg)
    x1, y1, x2, y2 = map(float, found.groups())
    frame = explorer._picture().land
    assert np.interp(frame.x(-2.0), [x1, x2], [y1, y2]) == pytest.approx(frame.y(4.0), abs=0.2)
    assert np.interp(frame.x(-1.6), [x1, x2], [y1, y2]) == pytest.approx(frame.y(4 - 1.6), abs=0.2)  # slope −4


def test_downhill_points_across_the_height_lines():
    explorer = DescentExplorer("ravine", start=(2, 1), lr=0.01)
    across, down = map(
        float, re.search(r'data-mark="promise" d="M[\d. ]+l([-\d.]+) ([-\d.]+)"', explorer.view.svg).groups()
    )
    assert across < 0 < down  # to the left and, on a screen, down
    frame = explorer._picture().land
    scale = frame.x(1) - frame.x(0), frame.y(0) - frame.y(1)
    assert (down / scale[1]) / (across / scale[0]) == pytest.approx(-40 / 4, rel=0.05)


@pytest.mark.parametrize(("lr", "k"), [(0.001, 1), (0.02, 1), (0.05, 3), (5.0, 4)])
def test_downhill_is_longer_than_the_step_beside_it(lr, k):
    explorer = DescentExplorer("ravine", lr=lr)
    explorer.step.value = k
    way = re.search(r'data-mark="promise" d="M[-\d. ]+l([-\d.]+) ([-\d.]+)"', explorer.view.svg).groups()
    step = np.diff(points(explorer, 'data-path="SGD')[k - 1 : k + 1], axis=0)
    assert np.hypot(*map(float, way)) >= np.linalg.norm(step) + 45
    assert np.hypot(*map(float, way)) >= 79


def test_downhill_looks_like_no_path():
    explorer = DescentExplorer("ravine", compare=True)
    (dashes,) = set(re.findall(r'stroke-linecap:round;fill:none" stroke-dasharray="([^"]*)"', explorer.view.svg))
    assert dashes not in {look[1] for look in LOOKS.values()}


def test_numbers_on_height_lines_lie_above_all_paths_on_ground():
    explorer = DescentExplorer("ravine", lr=0.005, compare=True)
    svg = explorer.view.svg
    first_label = svg.index('data-mark="label"')
    for below in (
        'data-path="Momentum',
        'data-path="Adam',
        'data-path="SGD',
        'data-mark="promise',
        'data-mark="height',
    ):
        assert svg.rindex(below) < first_label
    labels = re.findall(r'<text[^>]*data-mark="label"[^>]*>', svg)
    assert len(labels) > 1
    assert all("paint-order:stroke;stroke:var(--nbkit-ground" in label for label in labels)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", LOOKS)
def test_paths_stand_out_like_text_in_both_themes(theme, name):
    svg = DescentExplorer("ravine", compare=True).view.svg
    variable, light = re.search(rf'data-path="{name}"[^>]*stroke:var\((--[\w-]+), (#\w+)\)', svg).groups()
    (sheet,) = re.findall(r"<style>(.*?)</style>", svg)  # one: a second would be styled anew with every picture
    dark = re.search(rf"data-jp-theme-light='false'\][^}}]*{variable}:(#\w+)", sheet)[1]
    colours = {"light": light, "dark": dark}[theme], THEMES[theme]["ground"]
    darker, lighter = sorted(linear(colour) @ EYES["grey"][0] for colour in colours)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_height_lines_stand_at_their_losses():
    explorer = DescentExplorer("round bowl")
    frame = explorer._picture().land
    line = points(explorer, 'data-mark="height')
    found = [frame.values(*pixels) for pixels in line]
    losses = np.array([a * a + b * b for a, b in found])
    assert np.ptp(losses) < 0.05 * losses.mean()


def test_losses_are_drawn_against_steps_and_cut_at_the_top():
    explorer = DescentExplorer("bowl", start=1, lr=1.1)
    y = points(explorer, 'data-losses="SGD')[:, 1]
    assert (np.diff(y)[:3] < 0).all()
    assert y[-1] == pytest.approx(LOSS[1])
    assert len(y) == 41


def test_compare_draws_all_three():
    explorer = DescentExplorer("ravine", lr=0.02)
    assert explorer.view.svg.count("data-path") == 1
    explorer.compare.value = True
    assert re.findall(r'data-path="(\w+)"', explorer.view.svg) == ["Momentum", "Adam", "SGD"]
    assert explorer.status.value.count("<div>") == 3
    explorer.optimizer.value = "Adam"
    assert explorer.walk.optimizer == "Adam"
    explorer.compare.value = False
    assert re.findall(r'data-path="(\w+)"', explorer.view.svg) == ["Adam"]


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


# ---------------------------------------------------------------- hands on it


def test_a_hand_on_the_picture_moves_the_start():
    explorer = DescentExplorer("ravine", lr=0.02)
    frame = explorer._picture().land
    touch = Touch("press", "land", None, float(frame.x(1.01)), float(frame.y(-0.99)))
    drawn = []
    explorer.view.observe(drawn.append, "svg")
    explorer._touched(touch)
    assert explorer.start == pytest.approx((1.0, -1.0))  # steps of 0.05
    assert len(drawn) == 1
    assert explorer.walk.places[0] == pytest.approx([1.0, -1.0])
    explorer._touched(touch._replace(hand="drag", x=-1e5, y=1e5))
    assert explorer.start == pytest.approx((-3, -2.5))
    assert explorer.starts[0].value == -2.5  # a slider follows when the hand lets go
    explorer._touched(touch._replace(hand="drop", x=-1e5, y=1e5))
    assert [slider.value for slider in explorer.starts] == pytest.approx([-3, -2.5])
    explorer._touched(touch._replace(hand="delete"))
    explorer._touched(touch._replace(pad=None))
    assert explorer.start == pytest.approx((-3, -2.5))


def test_an_echo_of_the_page_does_not_move_the_start():
    explorer, drawn = DescentExplorer("bowl", start=1), []
    explorer.view.observe(drawn.append, "svg")
    explorer.starts[0].value = 1 + 1e-12  # rounded on its way
    assert explorer.start == (1,)
    assert not drawn


def test_on_a_curve_only_the_place_along_it_counts():
    explorer = DescentExplorer("bowl")
    frame = explorer._picture().land
    explorer._touched(Touch("press", "land", None, float(frame.x(1.5)), LAND[1]))
    assert explorer.start == pytest.approx((1.5,))


def test_the_sliders_of_the_start_move_it_too():
    explorer = DescentExplorer("ravine")
    explorer.starts[1].value = -0.5
    assert explorer.walk.places[0].tolist() == [-2.5, -0.5]
    explorer.start = (10, 0)  # beyond the picture: the slider grows
    assert explorer.starts[0].max == 10
    assert explorer.walk.places[0].tolist() == [10, 0]
    assert "data-item" not in explorer.view.svg


def test_another_loss_brings_its_own_range_start_and_sliders():
    explorer = DescentExplorer("bowl", lr=0.02)
    assert explorer.starts[1].layout.display == "none"
    explorer.loss.value = "ravine"
    assert explorer.start == (-2.5, 1.5)
    assert [(s.min, s.max) for s in explorer.starts] == [(-3, 3), (-2.5, 2.5)]
    assert explorer.starts[1].layout.display is None
    assert [s.description for s in explorer.starts] == ["start w₁", "start w₂"]
    assert "height" in explorer.view.svg
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
    assert explorer.looked_at == explorer.walk.steps < 40


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
        ((lambda: 1,), {}, TypeError, "one weight or two"),
        ((lambda w: 3.0,), {}, TypeError, "does not run"),
        ((lambda w: w.nothing,), {}, TypeError, "does not run"),
        ((lambda w1, w2: w1**2,), {}, ValueError, "depends on w₁$"),
        ((lambda w: Sum()(w),), {}, ValueError, "every number by itself"),
        ((lambda w: w / 0,), {"range": (1, 2)}, ValueError, "finite nowhere"),
        (("bowl",), {"range": (2, -2)}, ValueError, "low < high"),
        (("bowl",), {"range": 3}, ValueError, "low < high"),
        (("bowl",), {"range": (0, np.inf)}, ValueError, "finite"),
        (("ravine",), {"start": 3}, ValueError, "2 numbers"),
        (("bowl",), {"start": (1, 2)}, ValueError, "1 numbers"),
        (("bowl",), {"start": np.nan}, ValueError, "finite"),
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
