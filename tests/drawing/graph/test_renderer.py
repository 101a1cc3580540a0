"""Pictures: what they say, that labels are only text, and that the same graph gives the same bytes."""

import base64
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nbkit import Affine, Graph, Layer, ReLU, Sequential, SoftmaxWithLoss, Variable, draw
from nbkit.drawing import theme
from nbkit.drawing.graph.layout import Box, place
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.picture import PAGE, Drawing, rasterise
from nbkit.formatting import exact, number, one_two_five, shape_text, table

SVG = "{http://www.w3.org/2000/svg}"


def shop():
    apple, count, tax = Variable(100, "apple"), Variable(2, "count"), Variable(1.1, "tax")
    bill = apple * count * tax
    bill.name = "bill"
    return Graph(bill)


def texts(drawing, kind):
    root = ET.fromstring(drawing.svg)
    return ["".join(e.itertext()) for e in root.iter(f"{SVG}text") if e.get("class") == kind]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (220.00000000000003, "220"), (0.1 + 0.2, "0.3"), (1 / 3, "0.3333"), (-2.5, "−2.5"), (-0.0, "0"),
        (12345.6, "12346"), (1234567.0, "1.235e+06"), (1.234e-7, "1.234e−07"), (np.inf, "∞"), (-np.inf, "−∞"),
        (np.nan, "NaN"), (9999.6, "1e+04"),
    ],
)  # fmt: skip
def test_number_has_four_significant_digits(value, text):
    assert number(value) == text


def test_exact_shows_all_digits():
    assert exact(650 * 1.1) == "715.0000000000001"
    assert exact(np.array([[1.5, 2.0]])) == "[[1.5 2. ]]"


def test_table_shows_small_arrays_and_no_large_ones():
    assert table(np.arange(6.0).reshape(2, 3)) == [["0", "1", "2"], ["3", "4", "5"]]
    assert table(np.arange(3.0)) == [["0", "1", "2"]]
    assert table(np.zeros((4, 1))) == []
    assert table(np.zeros((1, 1, 1))) == []
    assert shape_text(np.zeros((16, 4))) == "(16, 4)"
    assert shape_text(3.0) == ""


def test_values_stand_in_the_picture_and_gradients_only_after_backward():
    graph = shop()
    assert sorted(texts(draw(graph), "val")) == ["1.1", "100", "2", "200", "220"]
    assert texts(draw(graph), "grad") == []
    graph.backward()
    assert sorted(texts(draw(graph), "grad")) == sorted(["← 2.2", "← 110", "← 1.1", "← 200", "← 1"])
    assert texts(draw(graph, gradients=False), "grad") == []
    assert texts(draw(graph, values=False), "val") == []


def test_gradients_vanish_when_values_move_on():
    graph = shop()
    graph.backward()
    graph.forward(apple=120)
    assert texts(draw(graph), "grad") == []


def test_value_stands_above_its_line_and_gradient_below():
    graph = shop()
    graph.backward()
    for group in ET.fromstring(draw(graph).svg).iter(f"{SVG}g"):
        if group.get("data-edge"):
            line = float(re.search(r"M[\d.]+ ([\d.]+)H", group.find(f"{SVG}path").get("d"))[1])
            heights = {e.get("class"): float(e.get("y")) for e in group.iter(f"{SVG}text")}
            assert heights["val"] < line < heights["grad"]


def test_a_value_that_fans_out_shows_each_share_and_their_sum():
    x = Variable(3, "x")
    graph = Graph(x * x)
    graph.backward()
    assert texts(draw(graph), "grad") == ["← 3", "← 3", "← 1", "sum 6"]


@pytest.mark.parametrize(
    ("build", "symbol"),
    [
        (lambda x: x + 1, "+1"), (lambda x: 5 + x, "+5"), (lambda x: x - 2, "−2"), (lambda x: 2 - x, "2−x"),
        (lambda x: 3 * x, "×3"), (lambda x: x / 4, "÷4"), (lambda x: 1 / x, "1/x"), (lambda x: x**2, "x²"),
        (lambda x: 2**x, "2ˣ"), (lambda x: -x, "×(−1)"), (lambda x: x * x, "×"), (lambda x: x * -3, "×(−3)"),
    ],
)  # fmt: skip
def test_a_number_of_the_formula_stands_inside_its_node(build, symbol):
    names = texts(draw(build(Variable(3.0, "x"))), "name")
    assert names == [symbol, "x"] or names == ["x", symbol]


def test_a_layer_shows_its_parameters_and_a_batch_its_shape():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(4, 3, rng, name="hidden"), ReLU(), Affine.random(3, 2, rng)], SoftmaxWithLoss())
    loss = net(Variable(rng.normal(size=(16, 4)), "x"), rng.integers(0, 2, 16))
    graph = Graph(loss)
    graph.backward()
    drawing = draw(graph)
    assert [t for t in texts(drawing, "name") if t in "Wbxt"] == ["x", "W", "b", "W", "b", "t"]
    assert "hidden" in texts(drawing, "name")
    assert "(16, 4)" in texts(drawing, "val")
    assert "← (16, 4)" in texts(drawing, "grad")
    assert number(net.layers[2].grads["W"][0, 0]) in " ".join(texts(drawing, "grad"))


@pytest.mark.parametrize(("steps", "scale"), [(3, 1.0), (5, None), (20, 0.7)])
def test_a_wide_picture_is_made_to_fit_a_page_as_long_as_it_can_be_read(steps, scale):
    y = Variable(1, "x")
    for _ in range(steps):
        y = y + 1
    root = ET.fromstring(draw(y).svg)
    left, top, width, height = map(float, root.get("viewBox").split())
    assert (left, top) == (-10, -10)
    scale = scale or 880 / width
    assert 0.7 <= scale <= 1
    assert float(root.get("width")) == pytest.approx(scale * width, rel=1e-4)
    assert float(root.get("height")) == pytest.approx(scale * height, rel=1e-4)


def test_the_full_number_appears_on_hover():
    root = ET.fromstring(draw(Variable(650, "sum") * Variable(1.1, "tax")).svg)
    assert any("715.0000000000001" in e.text for e in root.iter(f"{SVG}title"))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a&b", '"quoted"', "苹果", "a\nb", "]]>", "--", "x" * 200]
)
def test_a_name_is_text_whatever_it_says(name):
    drawing = draw(Variable(1, name) * 2)
    root = ET.fromstring(drawing.svg)
    assert name in texts(drawing, "name")
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>" not in drawing.svg
    assert drawing.png.startswith(b"\x89PNG")


def test_a_layer_of_the_learner_is_drawn_with_its_class_name():
    class Halve(Layer):
        def forward(self, x):
            return self.save_for_backward(x / 2)

    assert "Halve" in texts(draw(Halve()(Variable(3, "x"))), "name")


def test_the_picture_says_in_words_what_it_shows():
    root = ET.fromstring(draw(shop()).svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    assert "apple, count, tax" in root.find(f"{SVG}desc").text
    assert "220" in root.find(f"{SVG}desc").text


def test_nothing_overlaps():
    """Boxes, nodes and the numbers of edges each have their own room."""
    root = ET.fromstring(draw(busy_graph()).svg)
    rooms = []
    for group in root.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        if rect is not None:
            x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
            rooms.append((x, y, x + w, y + h))
        elif group.get("data-edge"):
            left, y, right = map(float, re.search(r"M([-\d.]+) ([-\d.]+)H([-\d.]+)", group[0].get("d")).groups())
            rooms.append((left, y - 18, right, y + 18))
    for i, (x0, y0, x1, y1) in enumerate(rooms):
        for a0, b0, a1, b1 in rooms[i + 1 :]:
            assert x1 <= a0 + 0.6 or a1 <= x0 + 0.6 or y1 <= b0 + 0.6 or b1 <= y0 + 0.6


def busy_graph():
    a, b, c = Variable(1.5, "a"), Variable(-2, "b"), Variable(0.5, "c")
    s = a * b + c
    return Graph((s * s + a / c - b * s) * (a + 1) ** 2)


PROGRAM = """
import sys
from tests.drawing.graph.test_renderer import busy_graph
from nbkit import draw
graph = busy_graph()
graph.backward()
sys.stdout.write(draw(graph).svg)
"""


def test_same_graph_same_bytes_in_every_process():
    def svg(seed):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert done.stderr == b""  # no word of Graphviz or its font library reaches the learner
        return done.stdout

    graph = busy_graph()
    graph.backward()
    assert svg("0") == svg("1") == svg("7") == draw(graph).svg.encode()


def test_a_new_number_moves_nothing():
    graph = shop()
    place.cache_clear()
    before = re.sub(r">[^<]*<", "><", draw(graph).svg)
    graph.forward(apple=-123456.789, count=1e-9)
    assert re.sub(r">[^<]*<", "><", draw(graph).svg) == before
    assert place.cache_info().misses == 1


def test_layout_refuses_nothing_it_should_take():
    layout = place((Box("a", "box", 50, 30), Box("b", "circle", 40, 40)), (("a", "b"),))
    assert layout.centers["a"][0] < layout.centers["b"][0]
    assert layout.curves["a", "b"].startswith("M")


def test_a_notebook_gets_svg_with_words_and_a_terminal_the_words_alone():
    drawing = draw(Variable(2, 'a "b" <c> & d') * Variable(1.1, "tax"))
    data = drawing._repr_mimebundle_()
    picture = ET.fromstring(data["text/html"].replace("&quot;", "&#34;").removesuffix(">") + "/>")
    words = 'Computation graph with one operation. Inputs: a "b" <c> & d, tax. Result: 2.2.'
    assert picture.attrib["alt"] == words
    assert int(picture.attrib["width"]) > 100
    assert base64.b64decode(picture.attrib["src"].removeprefix("data:image/png;base64,")) == drawing.png
    assert data["image/svg+xml"] == drawing.svg
    assert data["text/plain"] == f"Drawing: {words}"


def test_a_picture_too_wide_for_a_page_scrolls_and_is_not_shrunk_to_dust():
    x = Variable(2, "x")
    for _ in range(20):
        x = x * 1.1
    shown = ET.fromstring(draw(x)._repr_mimebundle_()["text/html"].replace("></div>", "/></div>"))
    style, picture = shown
    assert style.text.startswith("@media print{")  # on paper nothing scrolls
    assert (shown.tag, shown.attrib["tabindex"]) == ("div", "0")  # and the keyboard can scroll it
    assert "overflow-x: auto" in shown.attrib["style"]
    assert "max-width: none" in picture.attrib["style"]
    assert int(picture.attrib["width"]) > PAGE


def test_the_png_shows_the_same_picture():
    """Ink where the SVG has a box, none in the corner; the text is really there, with or without system fonts."""
    graph = shop()
    graph.backward()
    with_text = np.asarray(Image.open(BytesIO(draw(graph).png)).convert("L"), dtype=float)
    without = np.asarray(Image.open(BytesIO(draw(graph, values=False).png)).convert("L"), dtype=float)
    assert with_text.shape == without.shape
    assert (with_text != without).sum() > 500
    assert with_text[1, with_text.shape[1] // 2] == 255


@pytest.mark.parametrize(("width", "height", "pixels"), [(300, 200, (600, 400)), (5000, 1000, (3162, 632))])
def test_a_huge_picture_becomes_a_png_of_two_million_pixels_at_most(width, height, pixels):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><circle r="9"/></svg>'
    size = Image.open(BytesIO(rasterise(svg))).size
    assert np.abs(np.subtract(size, pixels)).max() <= 1


def test_save_writes_svg_and_png_and_refuses_other_endings(tmp_path):
    drawing = draw(shop())
    assert drawing.save(tmp_path / "a.svg").read_text() == drawing.svg
    assert drawing.save(str(tmp_path / "a.png")).read_bytes() == drawing.png
    with pytest.raises(ValueError, match=r"\.svg or \.png, got a\.pdf"):
        drawing.save(tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("thing", [3, "graph", None, [Variable(1, "x")]])
def test_draw_says_what_it_takes(thing):
    with pytest.raises(TypeError, match="Graph or a Variable"):
        draw(thing)


def test_the_picture_of_the_readme_is_what_nbkit_draws():
    graph = shop()
    graph.backward()
    assert Path(__file__).parents[3].joinpath("notebooks/images/apple_graph.svg").read_text("utf-8") == draw(graph).svg


def test_repr_is_short():
    assert repr(draw(shop())).startswith("Drawing: Computation graph with 2 operations")
    assert isinstance(draw(shop()), Drawing)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["text", "quiet", "value", "gradient"])
def test_every_ink_has_enough_contrast(theme, ink):
    assert contrast(theme[ink], theme["ground"]) >= 4.5


@pytest.mark.parametrize("theme", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"), [("text", "input"), ("text", "operation"), ("gradient", "input"), ("gradient", "operation")]
)
def test_text_inside_nodes_has_enough_contrast(theme, ink, ground):
    assert contrast(theme[ink], theme[ground]) >= 4.5


def test_class_colours_stand_out_from_white():
    assert min(contrast(colour, "#ffffff") for colour in theme.CLASSES) >= 3


def test_a_picture_without_numbers_needs_less_room():
    graph = shop()
    width = float(ET.fromstring(draw(graph).svg).get("width"))
    assert float(ET.fromstring(draw(graph, values=False).svg).get("width")) < width / 1.5
    graph.backward()
    assert float(ET.fromstring(draw(graph, values=False).svg).get("width")) == width


# ---------------------------------------------------------------- marks


def test_marked_nodes_carry_a_sign_and_others_none():
    graph = shop()
    product = graph.variables[2]
    svg = GraphRenderer(graph).svg(marks={product: "wrong", graph.output: "right"})
    root = ET.fromstring(svg)
    marked = {
        group.get("class"): (group.find(f"{SVG}g").get("data-node"), group.findall(f".//{SVG}text")[-1].text)
        for group in root.iter(f"{SVG}g")
        if (group.get("class") or "").startswith("mark-")
    }
    assert marked == {"mark-wrong": (graph.id(product), "✗"), "mark-right": (graph.id(graph.output), "✓")}
    plain = GraphRenderer(graph).svg()
    assert "mark" not in plain


@pytest.mark.parametrize("theme", [theme.LIGHT, theme.DARK | theme.DARK_VERDICTS], ids=["light", "dark"])
@pytest.mark.parametrize("verdict", ["right", "wrong"])
def test_signs_can_be_read(theme, verdict):
    assert contrast(theme[verdict], theme["ground"]) >= 4.5


def test_nodes_can_be_pressed_only_where_somebody_listens():
    x = Variable(2.0, "x")
    graph = Graph(x * x + 1)
    assert "data-item" not in GraphRenderer(graph).svg()
    touched = GraphRenderer(graph, touch=True).svg()
    ET.fromstring(touched)
    assert {*re.findall(r'data-item="(\w+)"', touched)} == {*re.findall(r'data-node="(\w+)"', touched)}


def test_a_chosen_node_has_a_sign_beside_its_colour():
    x = Variable(2.0, "x")
    square = x * x
    graph = Graph(square + 1)
    svg = GraphRenderer(graph).svg(marks={square: "chosen"})
    ET.fromstring(svg)
    marked = re.search(rf'<g class="mark-chosen"><g data-node="{graph.id(square)}".*?</g></g>', svg)[0]
    assert "▶" in marked
    assert svg.count('class="mark-chosen"') == 1
    assert ".mark-chosen" not in GraphRenderer(graph).svg()


def test_easy_numbers_are_the_decimals_themselves():
    assert one_two_five(-2, 0) == [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    assert one_two_five(3, 3, digits=(1, 3)) == [1000.0, 3000.0]


def test_a_picture_without_numbers_says_who_feeds_whom_and_no_result():
    a, b = Variable(1.0, "a"), Variable(2.0, "b")
    words = "Computation graph with 2 operations. Inputs: a, b. Arrows: a → ×; b → ×; × → +; a → +."
    assert repr(draw(a * b + a, values=False)) == f"Drawing: {words}"
