"""The nudge lab: what it shows, against numerical gradients and figures worked out by hand."""

import re
import xml.etree.ElementTree as ET
from functools import partial

import numpy as np
import pytest

from nbkit import Exp, Graph, NudgeLab, ReLU, Sum, Variable, numerical_gradient
from nbkit.widgets.layers.nudge_lab import EPSILONS, short
from tests import hands


def cube(x=1.0):
    x = Variable(x, "x")
    return x * x * x


def marks(lab):
    return lab.view.svg.marks


def shown(lab, key):
    return marks(lab)["numbers"].numbers[key].replace("−", "-")


def test_the_slider_goes_in_half_steps_from_1e_15_to_a_tenth():
    assert (EPSILONS[0], EPSILONS[-1], len(EPSILONS)) == (1e-15, 0.1, 29)
    np.testing.assert_allclose(np.diff(np.log10(EPSILONS)), 0.5, atol=0.03)
    labels = [label for label, _eps in NudgeLab(cube()).eps.options]
    assert [float(label) for label in labels] == list(EPSILONS)
    assert labels[-2:] == [short(0.03), short(0.1)] == ["3e-2", "1e-1"]
    assert ">10⁻⁵</text>" in NudgeLab(cube()).u_shape.svg


@pytest.mark.parametrize("eps", [0.1, 0.01, 0.001])
def test_the_estimates_are_those_of_the_multiplied_out_cube(eps):
    """((1+e)^3 - 1) / e = 3 + 3e + e^2, and with both sides 3 + e^2."""
    lab = NudgeLab(cube(), eps=eps)
    assert lab.gradient == 3
    assert lab.estimate == pytest.approx(3 + 3 * eps + eps**2, rel=1e-9)
    lab.sides.value = "two"
    assert lab.estimate == pytest.approx(3 + eps**2, rel=1e-9)
    assert lab.error == pytest.approx(eps**2, rel=1e-5)


def test_both_sides_are_what_numerical_gradient_computes():
    lab = NudgeLab(Exp()(Variable(0.3, "x")), sides="two")
    for eps in (0.1, 1e-4, 1e-9):
        lab.eps.value = eps
        assert lab.estimate == pytest.approx(numerical_gradient(np.exp, 0.3, eps=eps), rel=1e-12)


def test_a_moved_slider_moves_numbers_mark_and_words():
    lab = NudgeLab(cube())
    assert shown(lab, "estimate") == "3.31"
    assert shown(lab, "error") == "3.1e-01"
    assert "ε is large: between the two points the curve is not straight" in lab.status.value
    assert (marks(lab)["eps"].x, marks(lab)["eps"].y) == pytest.approx((-1, np.log10(0.31)))
    lab.eps.value = 1e-2
    assert shown(lab, "estimate") == "3.0301"
    assert (marks(lab)["eps"].x, marks(lab)["eps"].y) == pytest.approx((-2, np.log10(0.0301)))
    lab.eps.value = 1e-15
    assert "ε is small" in lab.status.value
    lab.sides.value = "two"
    lab.eps.value = 1e-5
    assert "as good as it gets" in lab.status.value


def test_the_error_is_a_u_for_both_ways_and_lowest_where_theory_says():
    errors = NudgeLab(cube()).errors
    best = {sides: EPSILONS[int(np.argmin(errors[sides]))] for sides in errors}
    assert 1e-9 <= best["one"] <= 1e-7
    assert 1e-7 <= best["two"] <= 1e-4
    assert errors["two"].min() < errors["one"].min()
    assert errors["one"][0] > 1e-3
    assert errors["one"][-1] > 1e-3


def test_the_microscope_shows_output_slope_and_nudge_in_units_of_eps():
    """(1 + 0.1 k)³ is 1 + 0.3 k + 0.03 k² + 0.001 k³, so in tenths it has risen by 3 k + 0.3 k² + 0.01 k³."""
    for sides, left, estimate in (("one", 0, 3.31), ("two", -1, 3.01)):
        near = marks(NudgeLab(cube(), eps=0.1, sides=sides))
        k = near["output"].x
        rise = 3 * k + 0.3 * k**2 + 0.01 * k**3
        inside = np.abs(rise) < 10.5
        np.testing.assert_allclose(near["output"].y[inside], rise[inside])
        np.testing.assert_allclose(near["backward"].y, 3 * k)
        np.testing.assert_allclose(near["nudging"].y[inside], (3.31 + estimate * (k - 1))[inside])
        assert (near["right end"].x, near["right end"].y) == pytest.approx((1, 3.31))
        assert (near["left end"].x, near["left end"].y) == pytest.approx((left, 2.71 * left))


def test_the_digits_that_tell_the_outputs_apart_are_bold():
    """1.0003 and 0.9997 have no first digit in common, 9.261 and 8.000 none, 1.00003 and 1.00000 have six places."""

    def split(lab):
        ends = marks(lab)["ends"].numbers
        return [re.fullmatch(r"([\d.]*)<tspan[^>]*bold[^>]*>([\d.]*)</tspan>", ends[key]).groups() for key in ends]

    for lab, starts in (
        (NudgeLab(cube(), eps=1e-4, sides="two"), ["1.0003", "0.9997"]),
        (NudgeLab(cube(2.0), eps=0.1), ["9.261", "8.000"]),
    ):
        assert [(plain, bold[: len(start)]) for (plain, bold), start in zip(split(lab), starts, strict=True)] == [
            ("", start) for start in starts
        ]
    right, left = split(NudgeLab(cube(), eps=1e-5))
    assert (right[0], right[1][0], left[0], left[1][0]) == ("1.0000", "3", "1.0000", "0")
    equal = marks(NudgeLab(ReLU()(Variable(-0.5, "x"))))["ends"].numbers
    assert not any("bold" in text for text in equal.values())  # both are 0: no digit tells


def test_outputs_of_different_lengths_share_no_digit():
    """(10 − 0.01)·1 is 9.99, and 10 is a digit longer."""
    ends = marks(NudgeLab(Variable(10.0, "x") * 1.0, eps=0.01, sides="two"))["ends"].numbers
    assert all(text.startswith("<tspan") for text in ends.values())


by_hand = partial(hands.by_hand, item="eps")


def test_a_dragged_point_goes_from_one_eps_to_the_next():
    lab = NudgeLab(cube(), eps=1e-5)
    decade = 300 / (15.4 - 0.6)  # pixels
    by_hand(lab, {"kind": "press", "x": 90, "y": 9}, {"kind": "drag", "x": 90 + 3 * decade, "y": 0})
    assert lab.eps.value == 1e-2
    assert marks(lab)["eps"].x == pytest.approx(-2)
    by_hand(lab, {"kind": "drag", "x": 90 + 0.45 * decade, "y": 0})
    assert lab.eps.value == 3e-5
    by_hand(lab, {"kind": "drop", "x": -1e6, "y": 0})
    assert lab.eps.value == 1e-15


@pytest.mark.parametrize(("key", "eps"), [("ArrowRight", 3e-5), ("ArrowLeft", 3e-6), ("PageUp", 1e-4), ("End", 0.1)])
def test_keys_move_eps_along_its_curve(key, eps):
    lab = NudgeLab(cube(), eps=1e-5)
    by_hand(lab, {"kind": "key", "key": key})
    assert lab.eps.value == eps
    assert f'aria-valuetext="ε = {short(eps)}, error {lab.error:.1e}"' in marks(lab)["eps"]


def test_each_kind_of_line_means_one_thing():
    """Dashes say on which sides was nudged, in both charts and whichever is chosen; the chosen one is bold."""

    def look(key):
        return re.search(r'stroke-dasharray="([^"]+)" style="stroke:var\(--nbkit-(\w+)', marks(lab)[key]).groups()

    def width(key):
        return float(re.search(r"stroke-width:([\d.]+)", marks(lab)[key])[1])

    lab = NudgeLab(cube())
    dashes = {sides: look(sides)[0] for sides in ("one", "two")}
    assert len({*dashes.values(), look("backward")[0]}) == 3
    for now, other in (("one", "two"), ("two", "one")):
        lab.sides.value = now
        assert {sides: look(sides)[0] for sides in dashes} == dashes
        assert look("nudging") == (dashes[now], "text")
        assert width(now) > width(other)
    assert look("backward")[1] == "gradient"
    assert "--nbkit-value" in marks(lab)["output"]
    for key in ("one", "two"):  # an error goes neither forward nor backward
        assert look(key)[1] in ("text", "quiet")


def test_the_slope_by_backward_lies_below_the_output():
    drawn = list(marks(NudgeLab(cube(), eps=1e-15)))
    assert drawn.index("backward") < drawn.index("output")


def test_a_kink_is_seen_when_the_nudge_reaches_it():
    lab = NudgeLab(ReLU()(Variable(0.003, "x")), sides="two", eps=1e-3)
    assert lab.error < 1e-9
    lab.eps.value = 1e-2
    assert lab.estimate == pytest.approx(0.65)  # (0.013 - 0) / 0.02
    at_zero = NudgeLab(ReLU()(Variable(0.0, "x")), sides="two")
    assert (at_zero.estimate, at_zero.gradient) == (0.5, 0)
    assert "kink" in at_zero.status.value


def test_the_graph_is_left_as_it_was_with_its_gradients():
    graph = Graph(Variable(100, "apple") * Variable(2, "count"))
    lab = NudgeLab(graph, "count")
    assert lab.gradient == 100
    lab.eps.value = 1e-3
    assert graph.output.value == 200
    assert {name: v.grad for name, v in graph.inputs.items()} == {"apple": 2, "count": 100}


def test_the_first_number_is_nudged_where_no_name_is_given():
    weights = Variable(np.ones(3), "weights")
    assert NudgeLab(Sum()(weights * Variable(2.0, "scale"))).name == "scale"


@pytest.mark.parametrize(
    ("build", "rule"),
    [
        (lambda: NudgeLab(Variable(np.ones(2), "x") * 2), "ends in one number"),
        (lambda: NudgeLab(Sum()(Variable(np.ones(2), "x"))), "one of none"),
        (lambda: NudgeLab(cube(), "y"), "one of x; got text 'y'"),
        (lambda: NudgeLab(cube(), np.ones(2)), "one of x; got an array"),
        (lambda: NudgeLab(cube(), eps=0.2), "power of ten"),
        (lambda: NudgeLab(cube(), eps=np.ones(2)), "power of ten .* got an array"),
        (lambda: NudgeLab(cube(), sides="three"), "sides must be one of one, two"),
    ],
)
def test_what_it_cannot_nudge_is_refused(build, rule):
    with pytest.raises(ValueError, match=rule):
        build()


def test_infinite_outputs_are_drawn_and_nothing_warns():
    lab = NudgeLab(1 / Variable(0.1, "x"), sides="two", eps=0.1)  # the left end stands at 1 / 0
    ET.fromstring(lab.view.svg)
    assert lab.message.value == ""
    assert "nan" not in re.sub(r"<desc>.*?</desc>", "", lab.view.svg)


@pytest.mark.parametrize("make", [lambda x: ReLU()(x), lambda x: x * 2.0 + 1.0], ids=["ReLU", "line"])
def test_on_a_straight_line_an_error_of_the_last_digit_is_as_good_as_it_gets(make):
    lab = NudgeLab(make(Variable(0.5, "x")), eps=0.03)
    assert 0 < lab.error < 1e-12
    assert "as good as it gets" in lab.status.value


def test_float32_has_its_lowest_error_near_5e_3_and_float64_near_6e_6():
    """The cube root of the distance to the next number after 1: 1.2e-7 and 2.2e-16."""
    lab = NudgeLab(cube(), sides="two", numbers="float32")
    best = {kind: EPSILONS[int(np.argmin(errors["two"]))] for kind, errors in lab.all_errors.items()}
    assert 1e-3 <= best["float32"] <= 1e-2
    assert 1e-7 <= best["float64"] <= 1e-4
    assert lab.errors["two"].min() > 1e5 * lab.all_errors["float64"]["two"].min()


@pytest.mark.parametrize("eps", [0.1, 0.01, 1e-3, 1e-5, 1e-7])
def test_float32_is_what_numpy_computes_in_float32(eps):
    lab = NudgeLab(cube(), eps=eps, sides="two", numbers="float32")
    high, low = np.float32(1 + eps), np.float32(1 - eps)
    estimate = (float(high * high * high) - float(low * low * low)) / (2 * eps)
    assert lab.estimate == pytest.approx(estimate, rel=1e-12)
    assert shown(lab, "estimate") == f"{estimate:.11g}"


def test_in_float32_seven_digits_are_written_and_float64_stays_as_a_thin_line():
    lab = NudgeLab(cube(), eps=1e-5, sides="two")
    assert "float64" not in marks(lab)
    lab.numbers.value = "float32"
    texts = [re.sub("<.*?>", "", text) for text in marks(lab)["ends"].numbers.values()]
    assert texts == ["1.0000300", "0.9999700"]
    np.testing.assert_array_equal(marks(lab)["float64"].y, lab.heights["float64", "two"])
    lab.eps.value = 1e-15
    assert lab.estimate == 0
    assert "both outputs are the same number" in lab.status.value


def test_constants_of_the_graph_are_float32_too_and_all_is_put_back():
    graph = Graph(2.5 * Variable(1.0, "x") ** 3 + 0.1)
    lab = NudgeLab(graph, sides="two", numbers="float32")
    assert lab.error > 1e-6
    assert {v.value.dtype for v in graph.variables} == {np.dtype(float)}
    assert (graph.inputs["x"].value, graph.inputs["x"].grad) == (1, 7.5)


def test_an_output_that_float32_cannot_hold_is_told():
    lab = NudgeLab(Variable(1e30, "x") * Variable(1e30, "y"))
    lab.numbers.value = "float32"
    assert lab.message.value == ""
    assert "too large for float32" in lab.status.value
