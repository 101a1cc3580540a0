"""Figures in words: what can be seen is told, and whoever draws a figure may tell it better."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from nbkit import plots
from nbkit.drawing.alt_text import alt_text


def ax():
    return Figure().subplots()


def test_a_line_is_told_with_its_ends_and_what_sticks_out_between_them():
    axes = ax()
    axes.plot([0, 1, 2, 3], [1, -4, 9.04, 2], label="zigzag")
    axes.plot([5], [25], "o")
    axes.set(xlabel="t", ylabel="z", title="A walk")
    assert alt_text(axes.figure) == (
        "Figure. A walk. z against t. zigzag: starts with 1 at 0, ends with 2 at 3, lowest −4 at 1, highest 9 at 2. "
        "A mark: at 5, 25."
    )


def test_a_line_with_holes_and_one_without_points_are_told_too():
    axes = ax()
    axes.plot([0, 1, 2], [1, np.nan, 0])
    axes.plot([0, 1], [np.nan, np.nan])
    axes.plot([], [])
    assert alt_text(axes.figure) == (
        "Figure. A line: starts with 1 at 0, ends with 0 at 2. A line: starts with NaN at 0, ends with NaN at 1."
    )


def test_bars_points_pictures_and_what_stands_in_them_are_told():
    axes = ax()
    axes.bar([0, 1], [0.25, 3])
    axes.scatter([1, 2, 3], [1, 2, 3], label="setosa")
    axes.imshow(np.zeros((8, 6)))
    axes.text(0, 0, "no. 1\n5, said 9")
    words = alt_text(axes.figure)
    for part in ("Bars: 0.25, 3.", "Points, setosa: 3.", "A picture of 8 by 6 pixels.", "stands: no. 1 5, said 9."):
        assert part in words


def test_a_long_list_of_words_is_cut():
    axes = ax()
    for i in range(50):
        axes.text(i, 0, f"w{i}")
    assert "w39, …" in alt_text(axes.figure)
    assert "w40" not in alt_text(axes.figure)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (lambda: plots.confusion([0, 1, 1], [0, 1, 0], classes=("cat", "dog")),
         "Figure. truth (cat, dog) against decision (cat, dog). Coloured fields. In it stands: 1, 0, 1, 1."),
        (lambda: plots.decision_regions(lambda x: np.ones((len(x), 2)) / 2, np.eye(2), [0, 1], classes=("off", "on")),
         "Points, off: 1. Points, on: 1."),
    ],
)  # fmt: skip
def test_the_figures_of_the_course_are_told(figure, words):
    assert words in alt_text(figure())


def test_height_lines_are_told():
    axes = ax()
    axes.contour([[0, 1], [1, 2]])
    assert "Height lines" in alt_text(axes.figure)


def test_what_the_author_says_is_told_instead():
    figure = plots.loss_curve([2.0, 1.0])
    figure.set_label("It falls.")
    assert alt_text(figure) == "It falls."
    assert plots.figure_html(figure).startswith('<img alt="It falls." ')
