"""Pictures of graphs: what they say and show, and that labels are only text."""

import numpy as np
import pytest

from nbkit import Affine, Graph, Layer, ReLU, Sequential, SoftmaxWithLoss, Variable, draw
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import tag
from nbkit.formatting import number
from tests.drawing.graph.graphs import backward, shop
from tests.drawing.parsed import parsed, texts


def shown(graph, kind, **options):
    return texts(draw(graph, **options).svg, kind)


# ---------------------------------------------------------------- edges


def test_values_stand_in_the_picture_and_gradients_only_after_backward():
    graph = shop()
    assert sorted(shown(graph, "val")) == ["1.1", "100", "2", "200", "220"]
    assert shown(graph, "grad") == []
    graph.backward()
    assert sorted(shown(graph, "grad")) == sorted(["← 2.2", "← 110", "← 1.1", "← 200", "← 1"])
    assert shown(graph, "grad", gradients=False) == []
    assert shown(graph, "val", values=False) == []
    graph.forward(apple=120)
    assert shown(graph, "grad") == []  # they vanish when values move on


def test_each_edge_says_its_value_and_its_gradient():
    """bill = apple · count · tax: the gradient of apple is 2 · 1.1, that of count 100 · 1.1."""
    graph = backward(shop())
    marks = draw(graph).svg.marks
    edges = {id_: (mark.value, mark.gradient) for id_, mark in marks.items() if "-" in id_}
    assert edges == {
        "v0-v2-0": (100, pytest.approx(2.2)), "v1-v2-1": (2, pytest.approx(110)), "v2-v4-0": (200, 1.1),
        "v3-v4-1": (1.1, 200), "v4-end": (pytest.approx(220), 1),
    }  # fmt: skip
    hidden = draw(graph, values=False, gradients=False).svg.marks["v0-v2-0"]
    assert (hidden.value, hidden.gradient) == (None, None)


def test_a_value_stands_above_its_line_and_a_gradient_below():
    renderer = GraphRenderer(backward(shop()))
    for group in parsed(renderer.picture()).iter("g"):
        if edge := group.get("data-edge"):
            heights = {text.get("class"): float(text.get("y")) for text in group.iter("text")}
            assert heights["val"] < renderer.layout.centers[edge][1] < heights["grad"]


def test_a_value_that_fans_out_shows_each_gradient_and_their_sum():
    x = Variable(3, "x")
    assert shown(backward(x * x), "grad") == ["← 3", "← 3", "← 1", "sum 6"]


def test_a_layer_shows_its_parameters_and_a_batch_its_shape():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(4, 3, rng, name="hidden"), ReLU(), Affine.random(3, 2, rng)], SoftmaxWithLoss())
    graph = backward(net(Variable(rng.normal(size=(16, 4)), "x"), rng.integers(0, 2, 16)))
    names = shown(graph, "name")
    assert [name for name in names if name in "Wbxt"] == ["x", "W", "b", "W", "b", "t"]
    assert "hidden" in names
    assert "(16, 4)" in shown(graph, "val")
    assert "← (16, 4)" in shown(graph, "grad")
    assert number(net.layers[2].grads["W"][0, 0]) in " ".join(shown(graph, "grad"))


def test_a_small_array_is_written_row_by_row_below_its_shape():
    graph = Graph(ReLU()(Variable([[1.0, -2.0], [3.0, 4.0]], "x")))
    text = ["1−2", "34", "10", "34"]  # one element for each row
    assert (shown(graph, "val"), shown(graph, "shape")) == (text, ["(2, 2)"] * 2)
    assert (shown(graph, "val", shapes=False), shown(graph, "shape", shapes=False)) == (text, [])


def test_the_full_number_appears_on_hover():
    picture = draw(Variable(650, "sum") * Variable(1.1, "tax")).svg
    assert "value 715.0000000000001" in [title.text for title in parsed(picture).iter("title")]


# ---------------------------------------------------------------- nodes


@pytest.mark.parametrize(
    ("build", "symbol"),
    [
        (lambda x: x + 1, "+1"), (lambda x: 5 + x, "+5"), (lambda x: x - 2, "−2"), (lambda x: 2 - x, "2−x"),
        (lambda x: 3 * x, "×3"), (lambda x: x / 4, "÷4"), (lambda x: 1 / x, "1/x"), (lambda x: x**2, "x²"),
        (lambda x: 2**x, "2ˣ"), (lambda x: -x, "×(−1)"), (lambda x: x * x, "×"), (lambda x: x * -3, "×(−3)"),
    ],
)  # fmt: skip
def test_a_number_of_the_formula_stands_inside_its_node(build, symbol):
    assert sorted(shown(build(Variable(3.0, "x")), "name")) == sorted([symbol, "x"])


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "a&b", '"quoted"', "苹果", "a\nb", "]]>", "--", "{0.x} %s", "x" * 200]
)
def test_a_name_is_text_whatever_it_says(name):
    drawing = draw(Variable(1, name) * 2)
    assert name in texts(drawing.svg, "name")
    assert not list(parsed(drawing.svg).iter("script"))
    assert drawing.png.startswith(b"\x89PNG")


def test_a_layer_of_the_learner_is_drawn_with_its_class_name():
    class Halve(Layer):
        def forward(self, x):
            return self.save_for_backward(x / 2)

    assert "Halve" in shown(Halve()(Variable(3, "x")), "name")


def test_marked_nodes_carry_a_sign_and_others_none():
    graph = shop()
    product = graph.variables[2]
    picture = GraphRenderer(graph).picture(marks={product: "wrong", graph.output: "chosen"})
    assert texts(picture, "sign") == ["✗", "▶"]
    marked = {g.get("data-node"): g.get("class") for g in parsed(picture).iter("g") if g.get("class")}
    assert marked == {graph.id(product): "mark-wrong", graph.id(graph.output): "mark-chosen"}
    assert [picture.marks[id_].sign for id_ in ("v0", "v2", "v4")] == [None, "wrong", "chosen"]
    plain = GraphRenderer(graph).picture()
    assert "mark-" not in plain
    assert texts(plain, "sign") == []


@pytest.mark.parametrize(
    ("clickable", "ids"), [((), set()), ({"v2"}, {"v2"}), (True, {"v0", "v1", "v2", "v3", "v4", "end"})]
)
def test_nodes_can_be_clicked_only_where_somebody_listens(clickable, ids):
    renderer = GraphRenderer(shop())
    for picture in (renderer.picture(clickable=clickable), renderer.picture(marks={}, clickable=clickable)):
        assert {g.get("data-item") for g in parsed(picture).iter("g")} - {None} == ids
        assert {id_ for id_, mark in picture.marks.items() if mark.data.get("clickable")} == ids
    assert "data-item" not in renderer.picture()


# ---------------------------------------------------------------- the whole


@pytest.mark.parametrize(("steps", "scale"), [(3, 1.0), (5, None), (20, 0.7)])
def test_a_wide_picture_is_made_to_fit_a_page_as_long_as_it_can_be_read(steps, scale):
    y = Variable(1, "x")
    for _ in range(steps):
        y = y + 1
    picture = draw(y).svg
    left, top, width, height = map(float, parsed(picture).get("viewBox").split())
    assert (left, top) == (-10, -10)
    scale = scale or 880 / width
    assert 0.7 <= scale <= 1
    assert (picture.width, picture.height) == pytest.approx((scale * width, scale * height), rel=1e-4)


def test_the_picture_says_in_words_what_it_shows():
    picture = draw(shop()).svg
    assert picture.title == "Computation graph"
    assert picture.words == "Computation graph with 2 operations. Inputs: apple, count, tax. Result: 220."
    a, b = Variable(1.0, "a"), Variable(2.0, "b")
    assert draw(a * b + a, values=False).svg.words == (
        "Computation graph with 2 operations. Inputs: a, b. Arrows: a → ×; b → ×; × → +; a → +."
    )


def test_a_subclass_may_play_another_script_and_more_may_stand_in_front():
    class Still(GraphRenderer):
        def script(self, gradients):
            return "{}"

    picture = Still(shop()).picture(extra=[tag("text", "on top", class_="own")])
    assert parsed(picture).find("metadata").text == "{}"
    assert texts(picture)[-1] == "on top"


def test_nothing_acts_backward_where_no_gradient_is_sent():
    """A softmax loss sends one to its scores, and none to the truth t."""
    scores, truth = Variable([[2.0, 1.0, 0.1]], "scores"), Variable([[0.0, 1.0, 0.0]], "t")
    graph = Graph(SoftmaxWithLoss()(scores, truth))
    graph.backward()
    groups = parsed(GraphRenderer(graph).picture()).iter()
    steps = {group.get("data-edge"): group.get("data-at") for group in groups if group.get("data-edge")}
    assert steps == {"v0-v2-0": "1 3", "v1-v2-1": "1", "v2-end": "1 2 3"}
