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
from nbkit.drawing.chart.marks import CORNERS
from nbkit.drawing.chart.plane import DecisionPlane
from nbkit.drawing.chart.series import LossCurve
from nbkit.drawing.chart.signed import signed_legend
from nbkit.drawing.graph.renderer import VERDICT_SIGNS, GraphRenderer
from nbkit.widgets.descent.looks import PATH_LOOKS
from nbkit.widgets.kit.assets import STATIC
from tests.drawing.parsed import parsed, points
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
    rules = re.findall(rf"\.nbkit \.{name}{{(.*?)}}", theme.STYLE)
    assert rules, name
    return re.sub(r"(fill|stroke):[^;]*", "", ";".join(rules))


def corners(kind):
    """Radius of the corners of each node of a class in the picture of a graph."""
    picture = GraphRenderer(Graph(Variable(2, "x") * Variable(3, "y"))).picture()
    return {rect.get("rx") for rect in parsed(picture).iter("rect") if rect.get("class") == kind}


def dashed(kind):
    """Whether the line of a run is dashed."""
    lines = parsed(LossCurve(10, 2.0).svg([("old", [1.0, 0.5]), ("new", [1.0, 0.2])])).iter("polyline")
    return ["stroke-dasharray" in line.attrib for line in lines if line.get("class") == kind]


def signed_dashes():
    """How the two samples of the legend of the signed scale are dashed."""
    return tuple(path.get("stroke-dasharray") for path in parsed(signed_legend(0, 0)).iter("path"))


CUES = {  # the pair of roles: what tells them apart without colour
    ("value", "gradient"): lambda: (styles("val"), styles("grad")),  # bold above the line, italic below it after ←
    ("positive", "negative"): signed_dashes,  # a dashed line, in the legend too
    ("input", "operation"): lambda: (corners("in"), corners("op")),  # a box, a circle
    ("right", "wrong"): lambda: (VERDICT_SIGNS["right"], VERDICT_SIGNS["wrong"]),
    ("right", "quiet"): lambda: (VERDICT_SIGNS["right"], VERDICT_SIGNS["unknown"]),
    ("wrong", "quiet"): lambda: (VERDICT_SIGNS["wrong"], VERDICT_SIGNS["unknown"]),
    ("value", "right"): lambda: (VERDICT_SIGNS["chosen"], VERDICT_SIGNS["right"]),
    ("value", "wrong"): lambda: (VERDICT_SIGNS["chosen"], VERDICT_SIGNS["wrong"]),
    ("text", "quiet"): lambda: (dashed("now"), dashed("then")),  # the present run solid, earlier ones dashed
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


# ---------------------------------------------------------------- contrast, as WCAG 2 asks for it: 4.5 for text, 3 else


def contrast(first, second):
    darker, lighter = sorted(linear(colour) @ EYES["grey"][0] for colour in (first, second))
    return (lighter + 0.05) / (darker + 0.05)


INKS = ("text", "quiet", "value", "gradient", "positive", "negative", "right", "wrong")


@of_each_name(
    [*product(THEMES, ("ground",), INKS, (4.5,)),
     *product(THEMES, ("input", "operation"), ("text", "gradient"), (4.5,)),
     *product(THEMES, ("ground", "input", "operation"), ("line", "value", "gradient", "right", "wrong"), (3,))],
)  # fmt: skip
def test_text_and_lines_stand_out_from_what_they_stand_on(case):
    theme, ground, ink, least = case
    assert contrast(THEMES[theme][ground], THEMES[theme][ink]) >= least


@pytest.mark.parametrize("which", [0, 1], ids=THEMES)
def test_the_colours_of_code_stand_out_from_its_ground_and_from_a_marked_line(which):
    rules = re.findall(r"\{([^}]*--nbkit-code-ground[^}]*)\}", (STATIC / "code_box.css").read_text("utf-8"))
    colours = dict(re.findall(r"--nbkit-code-(\w+): (#\w{6})", rules[which]))
    grounds = [colours.pop("ground"), colours.pop("marked")]
    assert set(colours) == {"text", "keyword", "string", "comment", "number", "defined"}
    for name, ground in product(colours, grounds):
        assert contrast(ground, colours[name]) >= 4.5, (name, ground)


def test_class_colours_stand_out_from_white():
    assert min(contrast(colour, "#ffffff") for colour in theme.CLASSES) >= 3


def test_the_frame_around_what_has_the_focus_stands_out_in_both_themes():
    css = (STATIC / "panel.css").read_text()
    light, dark = re.findall(r"--nbkit-focus: (#\w{6});", css)
    assert min(contrast(light, THEMES["light"]["ground"]), contrast(dark, THEMES["dark"]["ground"])) >= 3


# ---------------------------------------------------------------- classes and curves


def test_each_class_has_a_mark_of_its_own_in_both_kinds_of_pictures():
    assert len(plots.MARKERS) == len(set(plots.MARKERS)) == len(theme.CLASSES)
    assert len({*CORNERS, "circle"}) == len(theme.CLASSES)
    t = np.arange(10)
    plane = DecisionPlane(np.stack([t, t], axis=1), t, ("a", "b"), [f"class {k}" for k in t])
    signs = [path.get("d").partition("m")[2] for path in parsed(plane.points).iter("path")]
    assert len(signs) == 20  # one of each class in the picture, one in the legend
    assert len(set(signs)) == 20  # in another size there


def test_curves_of_one_figure_have_dashes_of_their_own():
    with matplotlib.style.context(plots.STYLE):
        looks = list(rcParams["axes.prop_cycle"])
    assert [look["color"].strip("#") for look in looks] == [colour.strip("#") for colour in theme.SERIES]
    assert len({str(look["linestyle"]) for look in looks}) == len(looks)
    lines = plots.loss_curve({"a": [2.0, 1.0], "b": [1.0, 0.5]}).axes[0].lines
    assert lines[0].get_linestyle() != lines[1].get_linestyle()


def test_optimizers_have_dashes_and_marks_of_their_own():
    assert len({dashes for _colour, dashes, _mark in PATH_LOOKS.values()}) == len(PATH_LOOKS)
    assert len({mark for _colour, _dashes, mark in PATH_LOOKS.values()}) == len(PATH_LOOKS)


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
    starts = [line[0][0] for line in points(svg, "boundary")]
    for border in (0.5, 1.5):
        assert min(abs(start - plane.frame.x(border)) for start in starts) < 5
    figure = plots.decision_regions(lambda x: np.eye(3)[np.digitize(x[:, 0], [0.5, 1.5])], x, np.arange(3))
    contours = [c for c in figure.axes[0].collections if type(c).__name__.endswith("ContourSet")]
    assert len(contours) == 2
