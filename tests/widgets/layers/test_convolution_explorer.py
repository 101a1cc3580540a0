"""The convolution explorer: window, products and map against SciPy and figures worked out by hand."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from scipy.signal import correlate2d

from nbkit import ConvolutionExplorer
from tests.hands import by_hand

RAMP = np.arange(16.0).reshape(4, 4)  # by hand: rows 0 1 2 3, 4 5 6 7, ...
KERNELS = {"small": [[1.0, 2.0], [0.0, -1.0]], "large": np.eye(3)}


def ramp(**options):
    return ConvolutionExplorer(RAMP, KERNELS, **options)


def marks(explorer):
    return explorer.view.svg.marks


def pointed(explorer, kind, area, x, y):
    by_hand(explorer, {"kind": kind, "area": area, "x": x, "y": y})


def middle(explorer, area, row, column):
    """Where a place lies in the picture, read off the picture itself."""
    left, top, side = map(float, re.search(
        rf'data-area="{area}" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', explorer.view.svg).groups())  # fmt: skip
    size = len(explorer.framed if area == "picture" else explorer.map)
    return left + (column + 0.5) * side / size, top + (row + 0.5) * side / size


def place(explorer):
    return explorer.row.value, explorer.column.value


def test_a_window_by_hand():
    """Pixels 6 7, 10 11 times 1 2, 0 −1: 6 + 14 + 0 − 11 = 9."""
    explorer = ramp(row=1, column=2)
    assert explorer.products.tolist() == [[6, 14], [0, -11]]
    assert explorer.total == 9
    assert explorer.map.tolist() == [[-3, -1, 1], [5, 7, 9], [13, 15, 17]]
    assert explorer.status.value == (
        "<span>4 products; their sum 9 goes to row 1, column 2 of the map. "
        "The map is 4 − 2 + 1 = 3 places wide and high.</span>"
    )
    assert ">sum = 9</text>" in explorer.view.svg
    assert (marks(explorer)["window"].row, marks(explorer)["window"].column) == (1, 2)


@pytest.mark.parametrize("padding", [0, 1, 4])
@pytest.mark.parametrize("kernel", ["small", "large"])
def test_the_map_is_scipys_and_holds_the_sum_of_each_window(kernel, padding):
    explorer = ramp(kernel=kernel, padding=padding)
    wanted = correlate2d(np.pad(RAMP, padding), KERNELS[kernel], "valid")
    np.testing.assert_allclose(explorer.map, wanted, atol=1e-12)
    assert len(wanted) == 4 + 2 * padding - len(KERNELS[kernel]) + 1
    for row, column in np.ndindex(wanted.shape):
        explorer.row.value, explorer.column.value = row, column
        assert explorer.total == pytest.approx(wanted[row, column])
    assert place(explorer) == (len(wanted) - 1,) * 2


def test_its_own_three_has_its_edges_where_the_chapter_says():
    explorer = ConvolutionExplorer()
    assert list(explorer.kernels) == ["edges up/down", "edges left/right", "mean", "mean 5 × 5"]
    assert explorer.map[0, 2] == -3  # ink ends below the upper stroke
    explorer.kernel.value = "mean 5 × 5"
    assert explorer.map.shape == (4, 4)
    assert explorer.map[0, 1] == pytest.approx(12 / 25)


def test_another_kernel_or_less_padding_brings_the_window_back_into_the_picture():
    explorer = ramp(padding=2, row=6, column=6)
    explorer.kernel.value = "large"
    assert place(explorer) == (5, 5)
    assert (explorer.row.max, explorer.column.max) == (5, 5)
    explorer.padding.value = 0
    assert place(explorer) == (1, 1)
    assert "4 − 3 + 1 = 2" in explorer.status.value


def test_what_is_grabbed_in_the_window_stays_below_the_pointer():
    explorer = ramp()
    pointed(explorer, "press", "picture", *middle(explorer, "picture", 1, 0))
    assert place(explorer) == (0, 0)
    pointed(explorer, "drag", "picture", *middle(explorer, "picture", 2, 1))
    assert place(explorer) == (1, 1)
    pointed(explorer, "drop", "picture", 900.0, -50.0)  # far outside: at the rim
    assert place(explorer) == (0, 2)
    pointed(
        explorer, "press", "picture", *middle(explorer, "picture", 3, 0)
    )  # beside the window: its middle goes there
    assert place(explorer) == (2, 0)


def test_a_press_on_the_map_goes_there():
    explorer = ramp()
    pointed(explorer, "press", "map", *middle(explorer, "map", 2, 1))
    assert place(explorer) == (2, 1)
    pointed(explorer, "drag", "map", *middle(explorer, "map", 0, 0))
    assert place(explorer) == (0, 0)


def test_grips_move_along_one_way_and_arrows_go_where_they_point():
    explorer = ramp(row=1, column=1)
    by_hand(explorer, {"kind": "key", "item": "row", "key": "ArrowUp"})
    assert place(explorer) == (0, 1)
    by_hand(explorer, {"kind": "key", "item": "column", "key": "ArrowRight"})
    assert place(explorer) == (0, 2)
    cell = 256 / 4
    by_hand(explorer, {"kind": "press", "item": "row", "x": 20, "y": 100},
            {"kind": "drag", "item": "row", "x": 90, "y": 100 + 2 * cell})  # fmt: skip
    assert place(explorer) == (2, 2)
    grip = marks(explorer)["row"]
    assert ('aria-valuetext="2"' in grip, grip.vertical, grip.label) == (True, True, "row of the window")


def test_a_hand_changes_a_weight_until_a_kernel_is_chosen():
    explorer = ramp(row=0, column=1)
    by_hand(explorer, {"kind": "key", "item": "w0,1", "key": "ArrowUp"})
    assert explorer.weights.tolist() == [[1, 2.25], [0, -1]]
    assert explorer.total == 1 * 1 + 2 * 2.25 - 6
    assert "changed by hand" in explorer.view.svg
    by_hand(explorer, {"kind": "press", "item": "w1,0", "x": 400, "y": 200},
            {"kind": "drag", "item": "w1,0", "x": 400, "y": 0})  # fmt: skip
    assert explorer.weights[1, 0] == 3  # the end of its way
    explorer.kernel.value = "large"
    explorer.kernel.value = "small"
    assert explorer.weights.tolist() == KERNELS["small"]
    assert "changed by hand" not in explorer.view.svg


def test_a_click_on_a_weight_between_two_steps_changes_nothing():
    explorer, drawn = ConvolutionExplorer(kernels={"learned": [[0.337]]}), []
    explorer.view.observe(drawn.append, "svg")
    by_hand(explorer, *[{"kind": kind, "item": "w0,0", "x": 350, "y": 100} for kind in ("press", "drop")])
    assert (drawn, explorer.weights.tolist()) == ([], [[0.337]])


@pytest.mark.parametrize("kernel", [[[0.0]], [[1e6, -1e-9], [0, 1]], np.full((5, 5), -7.5)])
def test_extremes_neither_fail_nor_warn(kernel):
    explorer = ConvolutionExplorer(-3 * np.ones((12, 12)), {"k": kernel}, padding=4, row=3)
    explorer.column.value = explorer.column.max
    assert explorer.message.value == ""
    assert not re.search(r"\b(nan|inf)\b", explorer.view.svg, re.IGNORECASE)
    ET.fromstring(explorer.view.svg)


def test_a_picture_of_one_place_has_a_window_that_stays():
    explorer = ConvolutionExplorer(np.ones((2, 2)), {"k": np.ones((2, 2))})
    by_hand(explorer, *[{"kind": "key", "item": item, "key": "End"} for item in ("row", "column")])
    assert (place(explorer), explorer.map.tolist()) == ((0, 0), [[4.0]])


def test_a_moved_window_is_drawn_once():
    explorer, drawn = ramp(), []
    explorer.view.observe(drawn.append, "svg")
    explorer.put(1, 1)
    assert len(drawn) == 1
    explorer.kernel.value = "large"
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("make", "telling"),
    [
        (lambda: ConvolutionExplorer(np.ones((3, 4))), r"as many rows as columns, 2 to 12; got shape \(3, 4\)"),
        (lambda: ConvolutionExplorer(np.ones((13, 13))), r"got shape \(13, 13\)"),
        (lambda: ConvolutionExplorer([[1.0, np.nan]] * 2), r"picture must hold finite numbers only, got nan at index"),
        (lambda: ConvolutionExplorer(1e300 * np.ones((4, 4))), r"picture must hold numbers from −1e\+06 to 1e\+06"),
        (lambda: ConvolutionExplorer(kernels={"k" * 30_000: [[1.0]]}), "a name has at most"),
        (lambda: ConvolutionExplorer(kernels={}), r"dict of names and arrays"),
        (lambda: ConvolutionExplorer(kernels=[np.ones((2, 2))]), r"dict of names and arrays, got \[array"),
        (
            lambda: ConvolutionExplorer(RAMP, {"k": np.ones((5, 5))}),
            r"kernel 'k' must have .* 1 to 4; got shape \(5, 5\)",
        ),
        (lambda: ConvolutionExplorer(kernels={"k": np.ones(3)}), r"got shape \(3,\)"),
        (lambda: ConvolutionExplorer(kernel="corner"), "kernel must be one of edges up/down"),
        (lambda: ConvolutionExplorer(row=6), "row must be a whole number from 0 to 5, got 6"),
        (lambda: ConvolutionExplorer(padding=5), "padding must be a whole number from 0 to 4"),
    ],
)
def test_what_it_refuses(make, telling):
    with pytest.raises((TypeError, ValueError), match=telling):
        make()
