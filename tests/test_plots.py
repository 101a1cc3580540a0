"""Figures with axes: they show what they were given, in one style, and leak nothing."""

import base64
import io
import re
import sys

import nbformat
import numpy as np
import pytest
from matplotlib import rc_params_from_file
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from nbkit import SGD, Affine, History, Sequential, SigmoidWithLoss, Tanh, datasets, plots, train
from nbkit.drawing.still import DARKENED, LIGHT_GROUND, PUBLISH
from nbkit.drawing.theme import CLASSES, DARK, LIGHT, PIXELS, SERIES
from nbkit.training import Record
from tests.each import of_each
from tests.execute import run


@pytest.fixture
def trained():
    data = datasets.moons(60)
    net = Sequential([Affine.random(2, 4, 0, "xavier"), Tanh(), Affine.random(4, 1, 1, "xavier")], SigmoidWithLoss())
    history = History(train(net, (data.x, data.t[:, None]), SGD(0.5), batch_size=20, epochs=5))
    return net, data, history


def test_loss_curve_shows_every_step_from_one(trained):
    _net, _data, history = trained
    ax = plots.loss_curve(history).axes[0]
    steps, losses = ax.lines[0].get_data()
    assert list(steps) == list(range(1, 16))
    np.testing.assert_array_equal(losses, history.loss)


def test_loss_curve_names_several_runs():
    figure = plots.loss_curve({"slow": [3.0, 2.0], "fast": History([Record(1, 1, 3.0), Record(2, 1, 0.5)])}, log=True)
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["slow", "fast"]
    assert figure.axes[0].get_yscale() == "log"


def test_decision_regions_shows_all_points_and_the_boundary(trained):
    net, data, _history = trained
    ax = plots.decision_regions(net.probabilities, data.x, data.t, classes=data.classes).axes[0]
    shown = np.concatenate([c.get_offsets() for c in ax.collections if len(c.get_offsets()) > 1])
    assert sorted(map(tuple, shown)) == sorted(map(tuple, data.x))
    low, high = ax.get_xlim()
    assert low < data.x[:, 0].min()
    assert high > data.x[:, 0].max()


def test_confusion_counts_truth_by_row():
    ax = plots.confusion([0, 0, 1, 2], [0, 1, 1, 2], classes=("a", "b", "c")).axes[0]
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "0", "1", "0", "0", "0", "1"]


def test_confusion_shows_classes_that_never_came_and_refuses_unknown_ones():
    ax = plots.confusion([0, 0], [0, 1], classes=("a", "b", "c")).axes[0]
    assert [text.get_text() for text in ax.texts] == ["1", "1", "0", "0", "0", "0", "0", "0", "0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    low, high = ax.get_ylim()
    assert low > high  # the first row stands on top
    for bad in ([0, 3], [-1, 0]):
        with pytest.raises(ValueError, match="class numbers from 0 to 2, got"):
            plots.confusion([0, 0], bad, classes=("a", "b", "c"))


def test_a_given_ax_is_used():
    ax = Figure().subplots()
    assert plots.loss_curve([2.0, 1.0], ax=ax) is ax.figure
    assert len(ax.lines) == 1


def pyplot_figures():
    """Numbers of the figures that pyplot keeps open, where anybody has loaded it."""
    return sys.modules["matplotlib.pyplot"].get_fignums() if "matplotlib.pyplot" in sys.modules else []


def test_a_figure_is_a_picture_with_words_and_no_pyplot_state_grows():
    before = pyplot_figures()
    html = plots.figure_html(plots.loss_curve([2.0, 1.0]))
    words, width, png = re.match(r'<img alt="(.*)" width="(\d+)" src="data:image/png;base64,(.*?)"', html).groups()
    assert words == "Figure. loss against step. A line: starts with 2 at 1, ends with 1 at 2."
    assert abs(int(width) - 600) <= 1  # versions of matplotlib differ by a pixel
    assert base64.b64decode(png).startswith(b"\x89PNG")
    assert pyplot_figures() == before


def test_a_figure_on_a_light_ground_is_turned_dark_in_a_dark_page_and_a_dark_one_stays():
    for ground, turned in (("white", True), ("#f4f0d0", True), ("none", True), ("black", False), ("#222244", False)):
        html = plots.figure_html(Figure(figsize=(1, 1), facecolor=ground))
        assert (f'class="{LIGHT_GROUND}"' in html) == (DARKENED in html) == turned, ground


def darkened(colour):
    """Return what a browser makes of a colour with `DARKENED`, by the formulas of the W3C's Filter Effects."""
    amount, degrees = (float(x) for x in re.findall(r"\(([\d.]+)", DARKENED))
    assert degrees == 180  # of which the cosine is -1, and the sine 0
    inverted = amount + np.array(to_rgb(colour)) * (1 - 2 * amount)
    return (2 * np.array([0.213, 0.715, 0.072]) @ inverted - inverted).clip(0, 1)


def contrast(colour, ground):
    light = [0.2126, 0.7152, 0.0722] @ np.where(
        (c := np.array([colour, ground])) > 0.04045, ((c + 0.055) / 1.055) ** 2.4, c / 12.92
    ).T
    return (light.max() + 0.05) / (light.min() + 0.05)


def test_in_a_dark_page_white_becomes_the_ground_and_every_colour_stands_out_from_it():
    ground = darkened("white")
    np.testing.assert_allclose(ground, to_rgb(DARK["ground"]), atol=0.002)
    style = rc_params_from_file(plots.STYLE, use_default_template=False)
    for name in ("axes.labelcolor", "xtick.color", "ytick.color"):
        assert contrast(darkened(f"#{style[name]}".replace("##", "#")), ground) >= 4.5, name
    for colour in (*SERIES, *CLASSES, *PIXELS.values()):
        assert contrast(darkened(colour), ground) >= 3, colour
    for role in ("text", "quiet", "value", "gradient"):  # of graphs
        assert contrast(darkened(LIGHT[role]), ground) >= 4.5, role


def test_in_a_dark_page_blue_stays_blue_and_orange_orange():
    red, _green, blue = darkened(PIXELS["positive"])
    assert blue > red + 0.4
    red, _green, blue = darkened(PIXELS["negative"])
    assert red > blue + 0.4


# ---------------------------------------------------------------- what comes in is drawn as a whole, or refused

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def halves(points):
    return np.tile([0.5, 0.5], (len(points), 1))


def drawn(figure):
    """Return {name in the legend: points drawn}."""
    named = [c for c in figure.axes[0].collections if not c.get_label().startswith("_")]
    return {c.get_label(): [list(map(float, point)) for point in c.get_offsets()] for c in named}


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([0, 1, 1, 0], ["0", "1"]),
        ([-1.0, 1.0, 1.0, -1.0], ["−1", "1"]),
        ([False, True, True, False], ["0", "1"]),
        (np.array([[0], [1], [1], [0]], dtype=np.uint8), ["0", "1"]),
    ],
)
def test_labels_of_any_usual_kind_lose_no_point(labels, names):
    points = drawn(plots.decision_regions(halves, SQUARE, labels))
    assert points == {names[0]: [[0, 0], [1, 1]], names[1]: [[0, 1], [1, 0]]}
    assert drawn(plots.decision_regions(halves, SQUARE.tolist(), labels)) == points


def test_names_of_classes_are_labels_too_and_a_class_may_have_no_point():
    labels = ["dog", "cat", "cat", "dog"]
    points = drawn(plots.decision_regions(halves, SQUARE, labels, classes=("cat", "dog")))
    assert points == {"cat": [[0, 1], [1, 0]], "dog": [[0, 0], [1, 1]]}
    assert [len(found) for found in drawn(plots.decision_regions(halves, SQUARE, [1] * 4)).values()] == [0, 4]
    assert [len(found) for found in drawn(plots.decision_regions(halves, SQUARE, [-1] * 4)).values()] == [4, 0]


def thirds(points):
    return np.full((len(points), 3), 1 / 3)


REFUSED = [
    (lambda: plots.decision_regions(halves, SQUARE, [1, 2, 2, 1]), "from 0 to 1, or −1 and 1 .*got 1, 2"),
    (lambda: plots.decision_regions(thirds, SQUARE, [-1, 1, 1, -1]), "from 0 to 2, got -1, 1"),
    (lambda: plots.decision_regions(halves, SQUARE, [0, 1, 0.5, 1]), "from 0 to 1"),
    (lambda: plots.decision_regions(halves, SQUARE, [0, 1, np.nan, 1]), "got 0, 1, nan"),
    (lambda: plots.decision_regions(halves, SQUARE, [0, 1, 1]), "4 points and 3 labels"),
    (lambda: plots.decision_regions(halves, SQUARE, np.eye(4, 2)), r"\(n,\) labels"),
    (lambda: plots.decision_regions(halves, SQUARE, ["a", "b", "b", "a"]), "labels must be numbers"),
    (lambda: plots.decision_regions(halves, SQUARE, ["a", "b", "b", "x"], classes=("a", "b")), "labels must be"),
    (lambda: plots.decision_regions(halves, SQUARE, 1), r"\(n,\) labels"),
    (lambda: plots.decision_regions(halves, [[0, np.nan], [1, 1]], [0, 1]), "x must hold finite"),
    (lambda: plots.decision_regions(halves, SQUARE[:0], []), "2 features"),
    (lambda: plots.decision_regions(halves, SQUARE, [0] * 4, classes=("a", "b", "c")), "2 names"),
    (lambda: plots.decision_regions(halves, SQUARE, [0] * 4, classes="ab"), "2 names"),
    (lambda: plots.decision_regions(halves, SQUARE, [0] * 4, features=("a",)), "a pair of names"),
    (lambda: plots.decision_regions(halves, SQUARE, [0] * 4, features=3), "a pair of names"),
    (lambda: plots.decision_regions(lambda p: np.ones(len(p)), SQUARE, [0] * 4), r"\(m, k\) numbers"),
    (lambda: plots.decision_regions(lambda p: np.ones((3, 2)) / 2, SQUARE, [0] * 4), r"\(m, k\) numbers"),
    (lambda: plots.decision_regions(lambda p: np.full((len(p), 11), 1 / 11), SQUARE, [0] * 4), "from 2 to 10"),
    (lambda: plots.decision_regions(lambda p: 7 * halves(p), SQUARE, [0] * 4), "sum to 1, got 3.5, 3.5"),
    (lambda: plots.decision_regions(lambda p: np.nan * halves(p), SQUARE, [0] * 4), "sum to 1, got nan"),
    (lambda: plots.decision_regions(lambda p: np.add(halves(p), [2, -2]), SQUARE, [0] * 4), "from 0 to 1"),
    (lambda: plots.decision_regions(halves(SQUARE), SQUARE, [0] * 4), "must be a function"),
    (lambda: plots.decision_regions(halves, SQUARE, [0] * 4, ax=[1, 2]), "one Axes"),
    (lambda: plots.decision_regions(halves, np.zeros((5, 3)), [0] * 5), "2 features"),
    (lambda: plots.confusion([0, 1], [0]), "of one length"),
    (lambda: plots.loss_curve([]), "at least one loss"),
    (lambda: plots.loss_curve([[1.0, 2.0]]), "at least one loss"),
    (lambda: plots.loss_curve({}), "at least one run"),
    (lambda: plots.loss_curve("abc"), "losses must be numbers, got text"),
    (lambda: plots.loss_curve(None), "at least one loss"),
    (lambda: plots.loss_curve([np.nan, np.inf]), "at least one finite loss"),
    (lambda: plots.loss_curve([2.0, 1.0, 0.0], log=True), "above 0 only, got 0 in step 3"),
    (lambda: plots.confusion([0, 1], [0, 2.5]), "class numbers from 0"),
    (lambda: plots.confusion([0, 1000], [0, 1]), "at most 40 classes"),
    (lambda: plots.confusion([0, 1], [0, 1], classes="ab"), "names"),
    (lambda: plots.confusion([0, 1], [0, 1], classes=3), "names"),
    (lambda: plots.confusion(1, 1), "of one length"),
    (lambda: plots.confusion(["a"], ["b"]), "labels must be numbers"),
    (lambda: plots.png_of(3), "a figure of matplotlib"),
    (lambda: plots.figure_html(None), "a figure of matplotlib"),
]


@of_each([(f"{k}: {rule}", call, rule) for k, (call, rule) in enumerate(REFUSED)])
def test_what_could_not_be_drawn_as_it_is_meant_is_refused(call, rule):
    with pytest.raises((ValueError, TypeError), match=rule):
        call()


def test_decisions_may_be_labels_of_any_usual_kind():
    for t, y, names in (
        ([-1, 1, 1], [1, 1, -1], ["−1", "1"]),
        ([False, True, True], [True, True, False], ["0", "1"]),
        ([0.0, 1.0, 1.0], [1.0, 1.0, 0.0], ["0", "1"]),
    ):
        ax = plots.confusion(t, y).axes[0]
        assert [text.get_text() for text in ax.texts] == ["0", "1", "1", "1"]
        assert [label.get_text() for label in ax.get_yticklabels()] == names
    ax = plots.confusion(["a", "b"], ["b", "b"], classes=("a", "b")).axes[0]
    assert [text.get_text() for text in ax.texts] == ["0", "1", "0", "1"]


def test_a_run_that_blew_up_is_drawn_as_far_as_it_went_and_says_where_it_ended():
    figure = plots.loss_curve({"lr 9": [2.0, 8.0, np.inf, np.nan], "lr 1": [2.0, 1.0]})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == [
        "lr 9: no finite loss in step 3",
        "lr 1",
    ]
    assert "lr 9: no finite loss in step 3" in plots.figure_html(figure)


def test_a_loss_below_0_stays_in_the_picture():
    low, _high = plots.loss_curve([1.0, -2.0]).axes[0].get_ylim()
    assert low < -2


# ---------------------------------------------------------------- in a notebook

PYPLOT, PLOTS, LINE = "import matplotlib.pyplot as plt", "from nbkit import plots", "plt.plot([1, 2]);"
LOADED = "import sys; print('matplotlib' in sys.modules)"


def run_cells(folder, *sources):
    """Return what each cell leaves behind, run in a fresh kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return [cell.outputs for cell in run(nbformat.v4.new_notebook(cells=cells), folder).cells]


@pytest.mark.parametrize("before", [(PLOTS, PYPLOT), (PYPLOT, PLOTS), (PYPLOT, LINE, PLOTS)], ids=" → ".join)
def test_a_figure_of_pyplot_has_words_whichever_was_loaded_first(tmp_path, before):
    *_before, outputs = run_cells(tmp_path, *before, LINE)
    assert [set(output.data) for output in outputs] == [{"text/html", "text/plain"}]
    assert outputs[0].data["text/html"].startswith('<img alt="Figure. A line: starts with 1 at 0, ends with 2 at 1')


def test_a_kernel_loads_matplotlib_for_its_first_figure(tmp_path):
    _plots, before, _figure, after = run_cells(tmp_path, PLOTS, LOADED, "plots.loss_curve([2, 1])", LOADED)
    assert [outputs[0].text for outputs in (before, after)] == ["False\n", "True\n"]


@pytest.mark.parametrize(("published", "mode"), [("", "RGBA"), ("1", "P")])
def test_a_figure_without_a_ground_stands_on_white_and_is_small_for_readers_elsewhere(published, mode, monkeypatch):
    monkeypatch.setenv(PUBLISH, published)
    image = Image.open(io.BytesIO(plots.png_of(Figure((2, 1), facecolor="none"))))
    assert image.mode == mode
    assert {colour for _count, colour in image.convert("RGBA").getcolors()} == {(255, 255, 255, 255)}
