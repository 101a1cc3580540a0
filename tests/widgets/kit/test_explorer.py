"""What an explorer does with its controls, its picture and its sentence."""

import ipywidgets
import pytest

from nbkit.drawing.markup import tag
from nbkit.drawing.picture import Picture
from nbkit.widgets.kit.explorer import Explorer, in_rows, slider, steps
from nbkit.widgets.kit.views import Html, SvgView


class Doubling(Explorer):
    """Shows twice a number, and refuses 13."""

    def __init__(self, **more):
        self.x, self.shown, self.text = slider("x", 1, 0, 20), 0, None
        super().__init__((self.x, ipywidgets.Label("a label")), **more)

    def compute(self):
        if self.x.value == 13:
            raise ValueError("no <13>")
        self.double, self.shown = 2 * self.x.value, self.shown + 1

    def picture(self):
        return Picture("Double", f"twice is {self.double}", [], 10, 10)

    def sentence(self):
        return f"{self.double} < 50" if self.text is None else self.text


def test_a_moved_control_computes_draws_and_speaks():
    explorer = Doubling()
    assert (explorer.shown, explorer.status.value) == (1, "<span>2 &lt; 50</span>")
    explorer.x.value = 4
    assert (explorer.shown, explorer.status.value) == (2, "<span>8 &lt; 50</span>")
    assert explorer.view.svg.words == explorer.snapshot().words == "twice is 8"


def test_an_error_stands_in_the_panel_until_the_next_move():
    explorer = Doubling()
    explorer.x.value = 13
    assert explorer.message.value == "ValueError: no <13>"
    assert explorer.view.svg.words == "twice is 2"
    explorer.x.value = 5
    assert (explorer.message.value, explorer.double) == ("", 10)


def test_the_panel_moves_its_own_controls_in_quiet():
    explorer = Doubling()
    with explorer.quietly():
        explorer.x.value = 3
        with explorer.quietly():
            explorer.x.value = 6
        explorer.x.value = 7
    assert explorer.double == 2
    with pytest.raises(KeyError), explorer.quietly():
        raise KeyError
    explorer.x.value = 8
    assert explorer.double == 16


def test_a_sentence_may_be_markup_or_nothing():
    explorer = Doubling()
    for explorer.text, value in ((tag("b", "<"), "<b>&lt;</b>"), ("", "")):
        explorer.show()
        assert explorer.status.value == value


def test_view_and_status_stand_below_the_rows_or_where_they_are_put():
    class Upside(Explorer):
        picture = Doubling.picture
        double = 0

    explorer = Doubling()
    assert explorer.children[1:] == (explorer.message, explorer.view, explorer.status)  # messages stand above
    view, status, x = SvgView(), Html(), slider("x", 1, 0, 2)
    explorer = Upside(status, (view, x), view=view, status=status)
    assert explorer.children[:2] == (status, explorer.message)
    assert explorer.children[2].children == (view, x)
    assert len(explorer.children) == 3


def test_controls_that_follow_one_another_share_a_row():
    x, y, z, text = (slider(name, 1, 0, 2) for name in "xyz"), Html(), SvgView(), Html()
    a, b, c = x
    placed = in_rows([a, b, y, (c, text), z])
    assert [getattr(part, "children", part) for part in placed] == [(a, b), y, (c, text), z]
    assert ["nbkit-row" in part._dom_classes for part in placed] == [True, False, True, False]


def test_sliders_show_as_many_digits_as_their_step_has():
    formats = {step: slider("x", 0.0, 0.0, 1.0, step).readout_format for step in (5.0, 0.5, 0.1, 0.02, 1e-4)}
    assert formats == {5.0: ".0f", 0.5: ".1f", 0.1: ".1f", 0.02: ".2f", 1e-4: ".4f"}
    assert isinstance(slider("n", 1, 1, 9), ipywidgets.IntSlider)
    assert [label for label, _value in steps("x", 0.1, (0.1, 1e5)).options] == ["0.1", "100000"]
