"""Chapter 07 in a real page: keyboard, mouse and pickers walk downhill, and divergence is called by its name."""

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget

RING = "[data-item=start]"
AREA = "[data-area]"
# Keeps what the page tells the kernel about the first slider of the start.
LISTEN = """heard, slider = [], explorer.starts[0]
tell = slider.set_state
slider.set_state = lambda state: (heard.append(state), tell(state))"""


@pytest.fixture
def explorer(lab, page):
    """Return a function that shows the explorer of the chapter's cell with these words, named `explorer`."""

    def show(words):
        imports, cell = cells_of("07_gradient_descent.ipynb", f"DescentExplorer({words}")
        explorer = Widget(lab, page, imports, f"explorer = {cell}\nexplorer")
        explorer.locator(AREA).scroll_into_view_if_needed()
        return explorer

    return show


def ring(explorer):
    """Where the ring of the start stands on the screen."""
    return explorer.spot(RING, 0.5, 0.5)


def test_the_learning_rate_creeps_bounces_and_diverges(explorer):
    bowl = explorer('"bowl", start=-2')
    assert "SGD converges" in bowl.words
    assert bowl.numbers("predicted", "actual") == ["1.6", "1.44"]
    bowl.slide("learning rate lr", *["ArrowRight"] * 3)  # 0.2, 0.5, 1
    assert "SGD bounces for ever" in bowl.words
    assert "lr × curvature is 2" in bowl.words
    assert bowl.number("actual") == "0"
    bowl.keys("ArrowRight")
    assert "SGD diverges" in bowl.words
    assert "Step 1 leaves the picture" in bowl.words
    assert bowl.number("actual") == "−32"  # from 4 to 36
    bowl.keys(*["ArrowLeft"] * 8)  # down to 0.005
    assert "SGD creeps" in bowl.words


def test_a_click_a_drag_and_a_slider_move_the_start(explorer):
    valleys = explorer('"two valleys"')
    assert "not the lowest place" in valleys.words
    left, right = valleys.spot(AREA, 0.1, 0.5), valleys.spot(AREA, 0.8, 0.3)
    valleys.click_at(left)
    assert ring(valleys)[0] == pytest.approx(left[0], abs=4)  # it stands on the curve there
    assert "SGD converges" in valleys.words
    assert "lowest" not in valleys.words
    valleys.drag(ring(valleys), right)
    assert ring(valleys)[0] == pytest.approx(right[0], abs=4)
    assert "not the lowest place" in valleys.words
    valleys.slide("start w", *["ArrowLeft"] * 20)
    assert left[0] < ring(valleys)[0] < right[0] - 12


def test_a_click_counts_however_soon_it_comes_after_another(explorer):
    valleys = explorer('"two valleys"')
    for n in range(8):
        # What the slider has to say to the first one may come after the second one.
        places = valleys.spot(AREA, 0.12 + 0.02 * n, 0.5), valleys.spot(AREA, 0.88 - 0.02 * n, 0.5)
        valleys.click_at(*places)
        assert ring(valleys)[0] == pytest.approx(places[1][0], abs=4)
        w, on_slider = map(float, valleys.ask("print(explorer.start[0], explorer.starts[0].value)").split())
        assert on_slider == pytest.approx(w)


def test_a_slider_that_the_widget_moves_is_not_taken_for_a_move_of_the_user(explorer):
    valleys = explorer('"two valleys"')
    valleys.ask(LISTEN)
    for name in valleys.texts("option"):  # each with another range and start
        valleys.select(name)
        assert valleys.ask("print(explorer.start == explorer.landscape.start)") == "True", name
    for n in range(12):
        valleys.click_at(valleys.spot(AREA, 0.1 + 0.07 * n, 0.5))
    assert valleys.ask("print(heard)") == "[]"


def test_optimizers_are_chosen_and_compared(explorer):
    ravine = explorer('"ravine", lr=0.02')
    assert "SGD creeps" in ravine.words
    ravine.press("Momentum", exact=True)
    assert "Momentum overshoots and comes back" in ravine.words
    assert ravine.count("[data-path]") == 1
    ravine.area.get_by_role("checkbox").check()
    ravine.settle()
    assert ravine.count("[data-path=Adam]") == 1
    for words in ("Momentum overshoots", "Adam creeps", "SGD creeps"):
        assert words in ravine.words


def test_the_keyboard_moves_the_start_on_the_picture(explorer):
    ravine = explorer('"ravine", lr=0.005')
    before = ring(ravine)
    ravine.keys(*["ArrowRight"] * 4, "Enter", on=ravine.locator("div[role=application]"))
    assert "from w = (0." in ravine.number("title")
    assert ring(ravine) != before
