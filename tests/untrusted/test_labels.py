"""Names that may hold anything, in every picture and widget: they are shown, and never become markup or a command."""

import html
import warnings

import ipywidgets
import numpy as np
import pytest
from hypothesis import example

from nbkit import (
    ActivationExplorer,
    Affine,
    ConvolutionExplorer,
    Graph,
    GraphExplorer,
    GraphQuiz,
    HatsExplorer,
    HiddenPlane,
    Layer,
    MSELoss,
    NanTracer,
    NudgeLab,
    OrderLab,
    RegressionExplorer,
    RejectExplorer,
    ReLU,
    SeedGallery,
    Sequential,
    Settings,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxExplorer,
    TraceLab,
    TrainingExplorer,
    TrainingPlayground,
    Variable,
    WeightSliders,
    ZoomLab,
    draw,
)  # fmt: skip
from nbkit.drawing.markup import MAX_LABEL_CHARACTERS, UNWRITABLE
from nbkit.experiment.seeds import recipes_for_xor
from nbkit.messages import MAX_NAME_CHARACTERS
from nbkit.plots import confusion, decision_regions, loss_curve
from nbkit.widgets.kit.panel import PanelHelper
from tests.hostile import ATTACKS, TEXTS, fuzz, parsed, skeleton, words

LABELS = TEXTS.filter(lambda text: text != "b")


class Odd(Layer):
    """A learner's own layer, whose parameter may be called anything."""

    def __init__(self, name):
        super().__init__(name)
        self.own, self.other = name, f"{name}2"
        self.params = {self.own: np.array(2.0), self.other: np.array(1.0)}

    def forward(self, x):
        return self.save_for_backward(x * self.params[self.own] + self.params[self.other], x)

    def backward(self, dout):
        dout, x = self.saved(dout)
        self.grads = {self.own: np.sum(dout * x), self.other: np.sum(dout)}
        return dout * self.params[self.own]


def graph_of(name, layer=Sigmoid):
    a, b = Variable(2.0, name), Variable(3.0, "b")
    end = layer(name=name)(a * b) + a
    end.name = name
    return Graph(end)


def net_of(name, loss=MSELoss):
    rng = np.random.default_rng(0)
    return Sequential([Affine.random(2, 3, rng, name=name), ReLU(), Affine.random(3, 1, rng, name=name + "2")], loss())


X, T = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
DATA = X, T.astype(int)


# ---------------------------------------------------------------- pictures that stand still


def picture(name):
    graph = graph_of(name, Odd)
    graph.backward()
    return draw(graph)


PLAIN = skeleton(picture("a").svg)


@fuzz(30, LABELS)
@example("a\nb")
@example("\x00")
@example("\ud800")
@example("x" * 10_000)
def test_any_name_in_a_picture_of_a_graph(name):
    drawing = picture(name)
    assert skeleton(drawing.svg) == PLAIN
    shown = UNWRITABLE.sub("\ufffd", name).replace("\r\n", "\n").replace("\r", "\n")  # as XML reads line ends
    assert shown[: MAX_LABEL_CHARACTERS - 3] in words(drawing.svg)
    assert html.escape(name)[:20] not in repr(drawing) or name[:20] in repr(drawing)  # plain text, not markup


@pytest.mark.parametrize("name", ["\x00", "\ud800", "\ufffe", "]]><!--", "var(--x, red)", "a\nb"])
def test_any_name_becomes_pixels(name):
    assert picture(name).png.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["x" * MAX_NAME_CHARACTERS, "中" * MAX_NAME_CHARACTERS])
def test_a_name_as_long_as_a_page_makes_no_picture_as_wide_as_a_street(name):
    drawing = draw(Variable(1.0, name) * 2)
    assert float(parsed(drawing.svg)[0].get("width")) < 4000
    assert len(drawing.svg) < 10_000
    assert len(draw(graph_of(name)).svg) < 20_000
    assert len(drawing.png) < 100_000


@pytest.mark.parametrize(
    "give",
    [lambda name: Variable(1.0, name), lambda name: Sigmoid(name=name), Odd,
     lambda name: WeightSliders(features=(name, "b")), lambda name: SeedGallery(data=DATA, classes=("a", name))],
    ids=["variable", "layer", "own layer", "feature", "class"],
)  # fmt: skip
def test_a_name_as_long_as_a_book_is_refused(give):
    with pytest.raises(ValueError, match=f"a name has at most {MAX_NAME_CHARACTERS} characters, this has 1000000"):
        give("x" * 10**6)


@fuzz(2, LABELS.filter(lambda name: len(name) < 60), LABELS.filter(lambda name: len(name) < 60))
@example("$x$ and $\\frac{$", "_hidden")
@example("\x00", "\ud800")
def test_any_name_in_a_figure_with_axes(one, other):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph|Matplotlib currently does not support|More than")  # no font has all
        for figure in (
            decision_regions(lambda x: np.tile([0.5, 0.5], (len(x), 1)), X, T[:, 0], features=(one, other),
                             classes=(one, other)),
            confusion([0, 1, 1], [0, 1, 0], classes=(one, other)),
            loss_curve({one: [2.0, 1.0], other: [3.0, 2.0]}),
        ):  # fmt: skip
            figure.draw_without_rendering()
    names = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert len(names) == len({one, other})


# ---------------------------------------------------------------- widgets


def playground(name, folder):
    path = folder / "points.csv"
    rows = ["first,second,kind", *(f'{a},{b},"{k}"' for a, b, k in [(1, 2, 0), (3, 1, 1), (2, 2, 0), (4, 5, 1)])]
    cell = '"' + UNWRITABLE.sub("?", name).strip().strip("\x1c\x1d\x1e\x1f\x85")[:50].replace('"', '""') + 'z"'
    text = "\n".join(rows).replace("first", cell).replace('"1"', cell)
    path.write_text(text, encoding="utf-8", newline="")
    return TrainingPlayground(Settings(data="CSV file", path=str(path), held_out=0.0, hidden=(2,)))


def gallery(name, _folder):
    recipes = {name: recipes_for_xor()[next(iter(recipes_for_xor()))]._replace(steps=3)}
    return SeedGallery(recipes, DATA, seeds=4, features=(name, "b"), classes=(name, "b"))


def explorer(name, _folder):
    made = TrainingExplorer(
        net_of(name, SigmoidWithLoss), DATA, epochs=2, features=(name, "b"), classes=(name, "b"), weights=(name, "b")
    )
    made.lr.value = made.lr.options[0][1]
    return made


def zoomed(name, _folder):
    lab = ZoomLab(Sequential([Affine(np.ones((2, 1)), [1.0], name=name)], MSELoss()), X[:1], T[:1])
    lab.level.value = "nodes"
    lab.choose({0})
    return lab


def wrong_order(name, _folder):
    lab = OrderLab(graph_of(name, Odd))
    for id_ in lab.nodes:
        lab.run_node(id_)
    return lab


def quiz(name, _folder):
    quiz = GraphQuiz(graph_of(name), blanks="forward")
    quiz.answer("v2", name)
    quiz.hint()
    return quiz


def mistyped(formula, _folder):
    lab = TraceLab()
    lab.formula.value = f"{formula} ("
    return lab


WIDGETS = {
    "GraphExplorer": lambda name, _folder: GraphExplorer(graph_of(name, Odd)),
    "GraphQuiz": quiz,
    "GraphQuiz backward": lambda name, _folder: GraphQuiz(graph_of(name)),
    "NudgeLab": lambda name, _folder: NudgeLab(graph_of(name)),
    "OrderLab": wrong_order,
    "NanTracer": lambda name, _folder: NanTracer(graph_of(name, Odd)),
    "ActivationExplorer": lambda name, _folder: ActivationExplorer({name: Sigmoid(name=name)}),
    "ConvolutionExplorer": lambda name, _folder: ConvolutionExplorer(kernels={name: [[1.0]]}),
    "SoftmaxExplorer": lambda name, _folder: SoftmaxExplorer((1.0, 2.0), classes=(name, "b")),
    "HatsExplorer": lambda name, _folder: HatsExplorer(name=name),
    "RegressionExplorer": lambda name, _folder: RegressionExplorer(names=(name, "y")),
    "RejectExplorer": lambda name, _folder: RejectExplorer({name: [([0.6, 0.9], np.array([False, True]))]}),
    "WeightSliders": lambda name, _folder: WeightSliders(net_of(name), features=(name, "b"), classes=(name, "b")),
    "HiddenPlane": lambda name, _folder: HiddenPlane(features=(name, "b"), classes=(name, "b"), steps=9),
    "ZoomLab": zoomed,
    "TraceLab": mistyped,
    "TrainingExplorer": explorer,
    "SeedGallery": gallery,
    "TrainingPlayground": playground,
}
HEAVY = {"TrainingExplorer", "SeedGallery", "TrainingPlayground"}


def pieces(widget):
    """A widget and all that it is built from."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from pieces(child)


def markup_of(panel):
    """All that a panel gives to a page as markup; everything else of it is text, and must be set as text there."""
    for piece in pieces(panel):
        if isinstance(piece, ipywidgets.HTML):
            yield piece.value
        elif hasattr(piece, "svg"):
            yield piece.svg
        assert not getattr(piece, "description_allow_html", False)
        assert not isinstance(piece, ipywidgets.HTMLMath)
        assert isinstance(getattr(piece, "value", ""), str) or not isinstance(piece, PanelHelper)
    yield panel.snapshot()


@pytest.mark.parametrize("kind", WIDGETS)
def test_any_name_in_a_widget(kind, tmp_path):
    plain = [skeleton(part) for part in markup_of(WIDGETS[kind]("a", tmp_path))]

    @fuzz(3 if kind in HEAVY else 8, LABELS.map(lambda name: name[:1000]))
    @example(ATTACKS[0])
    @example(ATTACKS[2])
    @example(ATTACKS[3])
    @example("self")
    @example("graph")
    @example("\x00\ud800")
    def shown(name):
        panel = WIDGETS[kind](name, tmp_path)
        try:
            assert [skeleton(part) for part in markup_of(panel)] == plain
            for slider in getattr(panel, "inputs", {}).values() if kind in ("GraphExplorer", "NanTracer") else ():
                slider.value += 0.5  # the name goes back to Python as that of an input
                assert panel.message.value == ""
                assert panel.graph.inputs[slider.description].value == slider.value
        finally:
            panel.close()

    shown()
