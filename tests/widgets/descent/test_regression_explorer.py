"""The regression explorer: line and dot move together, whoever moves them; against lstsq and figures by hand."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import RegressionExplorer
from nbkit.widgets.descent.regression_explorer import POINTS
from tests.hands import by_hand

X, Y = (0.0, 1.0, 2.0), (1.0, 1.0, 4.0)  # from the line y = 0 the loss is 3, and the gradient (−3, −2)


def marks(explorer):
    return explorer.view.svg.marks


def exact(explorer):
    x, y = explorer.fit.x, explorer.fit.y
    return np.linalg.lstsq(np.stack([x, np.ones(len(x))], axis=1), y)[0]


def agree(explorer):
    """Line, dot, sliders and numbers all tell of one place."""
    shown, (w, b) = marks(explorer), explorer.place
    assert (shown["line"].w, shown["line"].b) == pytest.approx((w, b))
    assert (shown["dot"].w, shown["dot"].b) == pytest.approx((w, b))
    np.testing.assert_allclose(shown["gaps"].lengths, w * explorer.fit.x + b - explorer.fit.y, atol=1e-12)
    loss = np.mean((w * explorer.fit.x + b - explorer.fit.y) ** 2) / 2
    assert float(shown["line in numbers"].numbers["loss"]) == pytest.approx(loss, rel=1e-3)
    assert explorer.w.value == pytest.approx(w, abs=explorer.w.step)
    assert explorer.b.value == pytest.approx(b, abs=explorer.b.step)


def test_three_points_by_hand():
    explorer = RegressionExplorer(X, Y, lr=0.1)
    agree(explorer)
    assert marks(explorer)["line in numbers"].numbers == {"line": "y = 0 · x + 0", "loss": "3"}
    arrow, ahead = marks(explorer)["arrow"], marks(explorer)["ahead"]
    assert (arrow.w, arrow.b) == pytest.approx((3, 2))
    assert arrow.right / -arrow.down == pytest.approx(3 / 2)  # both axes have one scale
    assert (ahead.w, ahead.b) == pytest.approx((0.3, 0.2))


def test_a_step_goes_where_the_ring_was_and_leaves_a_trail():
    explorer = RegressionExplorer(X, Y, lr=0.1)
    explorer.buttons[0].click()
    np.testing.assert_allclose(explorer.place, [0.3, 0.2])
    agree(explorer)
    assert "After one step the loss is" in explorer.status.value
    explorer.buttons[1].click()
    assert len(marks(explorer)["trail"].places) == 12
    explorer.buttons[3].click()
    np.testing.assert_allclose(explorer.place, [0, 0])
    assert "trail" not in marks(explorer)


def test_enough_steps_end_where_lstsq_says():
    explorer = RegressionExplorer(lr=0.05)
    for _press in range(20):
        explorer.buttons[2].click()
    np.testing.assert_allclose(explorer.place, exact(explorer), atol=1e-6)
    assert len(explorer.trail) == 2000
    agree(explorer)


def test_of_standardised_x_one_step_with_lr_1_does_it():
    explorer = RegressionExplorer(lr=0.05)
    assert marks(explorer)["bowl in numbers"].numbers["ratio"] == "126"
    explorer.scale.value = "standardised"
    assert marks(explorer)["bowl in numbers"].numbers["ratio"] == "1"
    assert marks(explorer)["bowl in numbers"].numbers["border"] == "2"
    explorer.lr.value = 1.0
    explorer.buttons[0].click()
    np.testing.assert_allclose(explorer.place, exact(explorer), atol=1e-9)


def test_lines_of_equal_loss_are_a_ravine_as_measured_and_circles_when_standardised():
    explorer = RegressionExplorer()
    shapes = {}
    for scale in ("as measured", "standardised"):
        explorer.scale.value = scale
        frame, rings = explorer.drawing.bowl, marks(explorer)["height lines"].lines
        closed = [line for _level, line in rings if np.allclose(line[0], line[-1])]
        pixels = np.stack([frame.x(closed[0][:, 0]), frame.y(closed[0][:, 1])])
        sizes = np.sqrt(np.linalg.eigvalsh(np.cov(pixels)))
        shapes[scale] = sizes[1] / sizes[0]
    assert shapes["standardised"] == pytest.approx(1, abs=0.1)
    assert shapes["as measured"] > 6


def test_another_scale_keeps_the_line_and_writes_it_anew():
    explorer = RegressionExplorer(w=1.5, b=-2.0)
    before = marks(explorer)["gaps"].lengths
    explorer.buttons[0].click()
    explorer.buttons[3].click()
    explorer.scale.value = "centred"
    np.testing.assert_allclose(marks(explorer)["gaps"].lengths, before)
    np.testing.assert_allclose(explorer.place, [1.5, -2.0 + 1.5 * np.mean(POINTS[0])])
    agree(explorer)
    explorer.scale.value = "as measured"
    np.testing.assert_allclose(explorer.place, [1.5, -2.0])


# ---------------------------------------------------------------- moved by hand


def test_sliders_move_line_and_dot_and_end_the_walk():
    explorer = RegressionExplorer(X, Y)
    explorer.buttons[1].click()
    b = explorer.place[1]
    explorer.w.value = 1.5
    np.testing.assert_allclose(explorer.place, [1.5, b], atol=explorer.w.step)
    assert len(explorer.trail) == 1
    agree(explorer)


def test_an_end_of_the_line_moves_while_the_other_stays():
    explorer = RegressionExplorer(X, Y)
    (left, right), per_pixel = explorer.drawing.ends, explorer.drawing.chart.per_pixel[1]
    by_hand(explorer, {"kind": "press", "item": "right", "x": 300, "y": 200},
            {"kind": "drag", "item": "right", "x": 300, "y": 200 - 2 / per_pixel})  # fmt: skip
    w, b = explorer.place
    step = marks(explorer)["right"].step
    assert w * left + b == pytest.approx(0)
    assert w * right + b == pytest.approx(2, abs=step)
    by_hand(explorer, {"kind": "key", "item": "left", "key": "ArrowUp"})
    w, b = explorer.place
    assert w * left + b == pytest.approx(0, abs=step)
    assert w * left + b > 0
    agree(explorer)


def test_the_dot_goes_where_it_is_put_and_takes_the_line_along():
    explorer = RegressionExplorer(X, Y)
    bowl = explorer.drawing.bowl
    for kind, place in [("press", (1.0, 0.5)), ("drag", (1.5, 0.25)), ("drop", (1.5, 0.25))]:
        x, y = float(bowl.x(place[0])), float(bowl.y(place[1]))
        by_hand(explorer, {"kind": kind, "area": "land", "x": x, "y": y})
    np.testing.assert_allclose(explorer.place, [1.5, 0.25], atol=explorer.w.step)
    agree(explorer)
    by_hand(explorer, {"kind": "delete", "area": "land", "x": 500, "y": 100})
    np.testing.assert_allclose(explorer.place, [1.5, 0.25], atol=explorer.w.step)


def test_squares_have_the_gaps_as_sides():
    explorer = RegressionExplorer(X, Y)
    assert "squares" not in marks(explorer)
    explorer.squares.value = True
    np.testing.assert_allclose(marks(explorer)["squares"].sides * explorer.drawing.chart.per_pixel[1], [1, 1, 4])


# ---------------------------------------------------------------- extremes


def test_a_walk_that_diverges_is_told_and_drawn():
    explorer = RegressionExplorer(lr=1.0)
    for _press in range(3):
        explorer.buttons[2].click()
        ET.fromstring(explorer.view.svg)
        assert not re.search(r"\b(nan|inf)\b", explorer.view.svg, re.IGNORECASE)
    assert "above 2: it diverges" in explorer.status.value
    assert explorer.message.value == ""
    assert "dot" not in marks(explorer)
    explorer.buttons[3].click()
    agree(explorer)


@pytest.mark.parametrize("place", [(1e6, -1e6), (-9.99, 9.99), (1e-9, 0)])
def test_extremes_neither_fail_nor_warn(place):
    explorer = RegressionExplorer()
    explorer.place = place
    ET.fromstring(explorer.view.svg)
    assert explorer.message.value == ""


@pytest.mark.parametrize("points", [((0, 1), (0, 0)), ((-1000, 1000, 3000), (5, -5, 5)), ((1, 2), (1e-6, 2e-6))])
def test_other_points(points):
    explorer = RegressionExplorer(*points)
    explorer.scale.value = "standardised"
    explorer.lr.value = 1.0
    explorer.buttons[0].click()
    np.testing.assert_allclose(explorer.place, exact(explorer), atol=1e-9)
    ET.fromstring(explorer.view.svg)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"x": [1, 2], "y": [1]}, "as many of both"),
        ({"x": [1, 2]}, "both, x and y, or neither"),
        ({"scale": "large"}, "scale"),
        ({"lr": 0}, "lr"),
        ({"w": np.nan}, "w"),
        ({"names": ("x",)}, "names must be two"),
    ],
)
def test_what_it_cannot_show_is_refused(arguments, rule):
    with pytest.raises((ValueError, TypeError), match=rule):
        RegressionExplorer(**arguments)


def test_a_refused_place_leaves_it_as_it_was():
    explorer = RegressionExplorer()
    for place in ((1, 2, 3), (np.inf, 0)):
        with pytest.raises(ValueError, match="place"):
            explorer.place = place
    np.testing.assert_allclose(explorer.place, [0, 0])
