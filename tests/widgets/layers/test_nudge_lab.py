"""The nudge lab: what it shows agrees with the referee, and with what can be worked out by hand."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import Exp, Graph, NudgeLab, ReLU, Sum, Variable, numerical_gradient
from nbkit.drawing.chart.frame import Frame, power_of_ten
from nbkit.widgets.layers.nudge_lab import EPSILONS, LABELS
from tests.pictures import still_of


def cube(x=1.0):
    x = Variable(x, "x")
    return x * x * x


def shown(lab, key):
    return re.search(rf'data-number="{key}">([^<]*)<', lab.view.svg)[1].replace("−", "-")


def mark(lab):
    found = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*data-mark="eps"', lab.view.svg)
    return tuple(map(float, found.groups()))


def test_the_slider_goes_in_half_steps_from_1e_15_to_a_tenth():
    assert (EPSILONS[0], EPSILONS[-1], len(EPSILONS)) == (1e-15, 0.1, 29)
    np.testing.assert_allclose(np.diff(np.log10(EPSILONS)), 0.5, atol=0.03)
    assert [float(label) for label in LABELS] == list(EPSILONS)
    assert LABELS[-2:] == ("3e-2", "1e-1")


def test_axes_of_powers_are_labelled_as_powers():
    frame = Frame((0, 0, 100, 100), (-15, 0), (0, 1), "x", "y", (power_of_ten, str))
    assert {"10⁻¹⁵", "10⁻⁵", "10⁰"} <= set(re.findall(r">([^<>]+)</text>", frame.svg))
    lab = NudgeLab(cube())
    assert ">10⁻⁵</text>" in lab.u_shape.svg


@pytest.mark.parametrize("eps", [0.1, 0.01, 0.001])
def test_the_estimates_are_those_of_the_multiplied_out_cube(eps):
    """((1+e)^3 - 1) / e = 3 + 3e + e^2, and with both sides 3 + e^2."""
    lab = NudgeLab(cube(), eps=eps)
    assert lab.gradient == 3
    assert lab.estimate == pytest.approx(3 + 3 * eps + eps**2, rel=1e-9)
    lab.sides.value = "two"
    assert lab.estimate == pytest.approx(3 + eps**2, rel=1e-9)
    assert lab.error == pytest.approx(eps**2, rel=1e-5)


def test_both_sides_are_what_the_referee_computes():
    lab = NudgeLab(Exp()(Variable(0.3, "x")), sides="two")
    for eps in (0.1, 1e-4, 1e-9):
        lab.eps.value = eps
        assert lab.estimate == pytest.approx(numerical_gradient(np.exp, 0.3, eps=eps), rel=1e-12)


def test_a_moved_slider_moves_numbers_mark_and_words():
    lab = NudgeLab(cube())
    assert shown(lab, "estimate") == "3.31"
    assert shown(lab, "error") == "3.1e-01"
    assert "ε is large: between the two points the curve is not straight" in lab.status.value
    before = mark(lab)
    lab.eps.value = 1e-2
    assert shown(lab, "estimate") == "3.0301"
    assert mark(lab)[0] < before[0]
    assert mark(lab)[1] > before[1]
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


def test_the_digits_that_tell_the_outputs_apart_are_bold():
    lab = NudgeLab(cube(), eps=1e-5, sides="two")
    lines = re.findall(r">([\d.]+)<tspan[^>]*bold[^>]*>(\d+)</tspan>", lab.view.svg)
    assert [plain for plain, _bold in lines] == ["1.0000", "0.9999"]
    lab.eps.value = 1e-15
    assert all(len(bold) == 2 for _plain, bold in re.findall(r">([\d.]+)<tspan[^>]*>(\d+)</tspan>", lab.view.svg))


def test_the_slope_by_backward_does_not_hide_the_output():
    """What comes later in the picture lies above."""
    drawn = re.findall(r"<polyline [^>]*>", NudgeLab(cube(), eps=1e-15).view.svg)
    (slope,) = [i for i, line in enumerate(drawn) if 'stroke-dasharray="6 4"' in line]
    assert slope < min(i for i, line in enumerate(drawn) if 'class="now"' in line)


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
        (lambda: NudgeLab(cube(), "y"), "one of x; got 'y'"),
        (lambda: NudgeLab(cube(), eps=0.2), "power of ten"),
        (lambda: NudgeLab(cube(), sides="three"), "'three'"),
    ],
)
def test_what_it_cannot_nudge_is_refused(build, rule):
    with pytest.raises(ValueError, match=rule):
        build()


def test_it_says_what_it_takes():
    with pytest.raises(TypeError, match="a Graph or a Variable"):
        NudgeLab(abs)


def test_infinite_outputs_are_drawn_and_nothing_warns():
    lab = NudgeLab(1 / Variable(0.1, "x"), sides="two", eps=0.1)  # the left end stands at 1 / 0
    ET.fromstring(lab.view.svg)
    assert lab.message.value == ""
    assert "nan" not in re.sub(r"<desc>.*?</desc>", "", lab.view.svg)


def test_a_name_is_written_not_run():
    lab = NudgeLab(Variable(1.0, "<b>") * 2)
    ET.fromstring(lab.view.svg)
    assert "<b>" not in lab.view.svg


def test_an_error_in_a_callback_is_shown():
    lab = NudgeLab(cube())
    lab.graph.forward = lambda **_values: 1 / 0
    lab.eps.value = 1e-3
    assert "ZeroDivisionError" in lab.message.value


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    still_of(NudgeLab(cube()))


@pytest.mark.parametrize("make", [lambda x: ReLU()(x), lambda x: x * 2.0 + 1.0], ids=["ReLU", "line"])
def test_on_a_straight_line_an_error_of_the_last_digit_is_as_good_as_it_gets(make):
    lab = NudgeLab(make(Variable(0.5, "x")), eps=0.03)
    assert 0 < lab.error < 1e-12
    assert "as good as it gets" in lab.status.value
