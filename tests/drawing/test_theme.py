"""Colours as other eyes see them: what two colours tell apart is told by a shape, a dash or a sign as well.

The colours are those of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009), in the matrices that they publish for
the full deficiency; distances are those of Björn Ottosson's OKLab (2020), in which 0.02 is just noticed.
"""

import re
from itertools import product

import matplotlib.style
import numpy as np
import pytest
from matplotlib import rcParams

from nbkit import Graph, Variable, plots
from nbkit.drawing import theme
from nbkit.drawing.chart.frame import CORNERS, DecisionPlane, LossCurve, margins
from nbkit.drawing.graph.renderer import MARKS, GraphRenderer
from nbkit.widgets.descent.descent_picture import LOOKS
from nbkit.widgets.kit.panel import STATIC
from tests.each import of_each_name

EYES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}
CLEAR = 0.08  # four times what is just noticed: enough to tell two thin lines apart that do not touch
LMS = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
       [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
LAB = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
       [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip
THEMES = {"light": theme.LIGHT, "dark": theme.LIGHT | theme.DARK | theme.DARK_VERDICTS}


def linear(colour):
    s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def oklab(light):
    return np.array(LAB) @ np.cbrt(np.array(LMS) @ light)


def distance(a, b, eyes=None):
    """How far two colours are apart, for eyes that see all colours or for those of a deficiency."""
    seen = np.eye(3) if eyes is None else np.array(EYES[eyes])
    return np.linalg.norm(oklab(np.clip(seen @ linear(a), 0, 1)) - oklab(np.clip(seen @ linear(b), 0, 1)))


def test_the_ruler_measures():
    assert distance("#000000", "#ffffff") == pytest.approx(1, abs=1e-3)
    red, green = "#d00000", "#008000"
    assert distance(red, green) > 0.25
    assert distance(red, green, "deuteranopia") < 0.15  # the pair that a palette must not rest on
    assert distance(red, green, "tritanopia") > 0.25
    assert distance("#808080", "#808080", "protanopia") == 0
    for eyes, matrix in EYES.items():
        np.testing.assert_allclose(np.sum(matrix, axis=1), 1, atol=1e-5, err_msg=f"{eyes} changes white")


# ---------------------------------------------------------------- roles: each pair that meets, and its other cue


def styles(name):
    """All CSS that a picture of a graph gives to a class of things, without its colours."""
    svg = GraphRenderer(Graph(Variable(2, "x") * Variable(3, "y"))).svg(marks={})
    rules = re.findall(rf"\.nbkit \.{name}{{(.*?)}}", svg)
    assert rules, name
    return re.sub(r"(fill|stroke):[^;]*", "", ";".join(rules))


def graph_with(kind, attribute):
    """Values of an attribute of all rectangles of a class in the picture of a graph."""
    svg = GraphRenderer(Graph(Variable(2, "x") * Variable(3, "y"))).svg()
    return set(re.findall(rf'<rect class="{kind}"[^>]* {attribute}="([^"]*)"', svg))


def curves():
    svg = LossCurve(10, 2.0).svg([("old", [1.0, 0.5]), ("new", [1.0, 0.2])])
    return ["stroke-dasharray" in re.search(rf'<polyline class="{kind}".*?/>', svg)[0] for kind in ("then", "now")]


CUES = {  # the pair of roles: what tells them apart without colour
    ("value", "gradient"): lambda: (styles("val"), styles("grad")),  # bold above the line, italic below it after ←
    ("input", "operation"): lambda: (graph_with("in", "rx"), graph_with("op", "rx")),  # a box, a circle
    ("right", "wrong"): lambda: (MARKS["right"], MARKS["wrong"]),
    ("right", "quiet"): lambda: (MARKS["right"], MARKS["unknown"]),
    ("wrong", "quiet"): lambda: (MARKS["wrong"], MARKS["unknown"]),
    ("value", "right"): lambda: (MARKS["chosen"], MARKS["right"]),
    ("value", "wrong"): lambda: (MARKS["chosen"], MARKS["wrong"]),
    ("value", "quiet"): curves,  # the present run solid, earlier ones dashed
}


@of_each_name(CUES)
def test_what_two_roles_tell_apart_is_told_without_colour_too(pair):
    first, second = CUES[pair]()
    assert first != second


@of_each_name(product(THEMES, EYES, ("value", "gradient"), ("line", "text")))
def test_numbers_and_what_is_marked_are_apart_from_plain_lines_and_names_for_all_eyes(case):
    """A node that is chosen or acts has only a thicker line beside its colour."""
    theme, eyes, first, second = case
    assert distance(THEMES[theme][first], THEMES[theme][second], eyes) > CLEAR


@of_each_name(
    product(THEMES, ("ground", "input", "operation"), ("line", "value", "gradient", "right", "wrong")),
)
def test_lines_and_frames_stand_out_from_what_they_stand_on(case):
    theme, ground, line = case
    darker, lighter = sorted(linear(THEMES[theme][name]) @ EYES["grey"][0] for name in (ground, line))
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def test_the_frame_around_what_has_the_focus_stands_out_in_both_themes():
    css = (STATIC / "panel.css").read_text()
    light, dark = re.findall(r"--nbkit-focus: (#\w{6});", css)
    for frame, name in ((light, "light"), (dark, "dark")):
        darker, lighter = sorted(linear(c) @ EYES["grey"][0] for c in (frame, THEMES[name]["ground"]))
        assert (lighter + 0.05) / (darker + 0.05) >= 3


# ---------------------------------------------------------------- classes and curves


def test_each_class_has_a_mark_of_its_own_in_both_kinds_of_pictures():
    assert len(plots.MARKERS) == len(set(plots.MARKERS)) == len(theme.CLASSES)
    assert len({*CORNERS, "circle"}) == len(theme.CLASSES)
    t = np.arange(10)
    plane = DecisionPlane(np.stack([t, t], axis=1), t, ("a", "b"), [f"class {k}" for k in t])
    marks = re.findall(r'<path d="M[\d.]+ [\d.]+(m[^"M]*)"', plane.points)
    assert len(marks) == 20  # one of each class in the picture, one in the legend
    assert len(set(marks)) == 20  # in another size there


def test_curves_of_one_figure_have_dashes_of_their_own():
    with matplotlib.style.context(plots.STYLE):
        looks = list(rcParams["axes.prop_cycle"])
    assert [look["color"].strip("#") for look in looks] == [colour.strip("#") for colour in theme.CLASSES]
    assert len({str(look["linestyle"]) for look in looks}) == len(looks)
    lines = plots.loss_curve({"a": [2.0, 1.0], "b": [1.0, 0.5]}).axes[0].lines
    assert lines[0].get_linestyle() != lines[1].get_linestyle()


def test_optimizers_have_dashes_and_marks_of_their_own():
    assert len({dashes for _colour, dashes, _mark in LOOKS.values()}) == len(LOOKS)
    assert len({mark for _colour, _dashes, mark in LOOKS.values()}) == len(LOOKS)


def test_the_first_two_classes_are_apart_for_all_colour_blind_eyes():
    """Most planes of the course have two; for grey eyes the border between them is drawn."""
    first, second = theme.CLASSES[:2]
    assert min(distance(first, second, eyes) for eyes in EYES if eyes != "grey") > 2 * CLEAR


def test_a_border_is_drawn_wherever_two_colours_of_a_plane_meet():
    """Three thirds: to tritanopic eyes the first and the last have nearly one colour."""
    assert distance(theme.CLASSES[0], theme.CLASSES[2], "tritanopia") < CLEAR
    x = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    plane = DecisionPlane(x, np.arange(3), ("a", "b"), ("l", "m", "r"))
    thirds = np.digitize(plane.grid[:, 0], [0.5, 1.5])
    svg = plane.svg(np.eye(3)[thirds])
    starts = [float(at) for at in re.findall(r'class="boundary" points="([\d.]+),', svg)]
    for border in (0.5, 1.5):
        assert min(abs(start - plane.frame.x(border)) for start in starts) < 5
    figure = plots.decision_regions(lambda x: np.eye(3)[np.digitize(x[:, 0], [0.5, 1.5])], x, np.arange(3))
    contours = [c for c in figure.axes[0].collections if type(c).__name__.endswith("ContourSet")]
    assert len(contours) == 2


def test_a_lead_is_how_far_a_class_is_ahead_of_the_best_other_one():
    shares = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.4, 0.2, 0.4]])
    np.testing.assert_allclose(margins(shares), [[0.2, -0.2], [-0.3, -0.5], [-0.2, 0.0]])
    np.testing.assert_allclose(margins(shares[:, :2]), [[0.3], [-0.3], [-0.2]])
