"""Chapter 07 in a real page: keyboard, mouse and pickers walk downhill, and divergence is called by its name."""

import re

import pytest

from tests.browser.lab import cells_of, slider

# Keeps what the page tells the kernel about the first slider of the start.
LISTEN = """heard, slider = [], explorer.starts[0]
tell = slider.set_state
slider.set_state = lambda state: (heard.append(state), tell(state))"""


@pytest.fixture
def explorer(lab, page):
    """Return a function that shows the explorer of the chapter's cell with these words, named `explorer`."""

    def show(words):
        imports, cell = cells_of("07_gradient_descent.ipynb", f"DescentExplorer({words}")
        lab.show(page, imports, f"explorer = {cell}\nexplorer")
        area = page.locator(".jp-OutputArea-output:has([data-pad])")
        area.scroll_into_view_if_needed()
        lab.settle(page)
        return area

    return show


def says(area):
    return area.locator(".widget-html-content").text_content()


def number(area, key):
    return area.locator(f"[data-number={key}]").text_content()


def press(lab, page, key, times):
    for _press in range(times):
        page.keyboard.press(key)
    lab.settle(page)


def ring(area):
    """Where the ring of the start stands on the screen."""
    box = area.locator("[data-item=start]").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pad(area, across, down):
    """A place on the picture, in shares of its frame."""
    box = area.locator("[data-pad]").bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def start(lab, page):
    """Where the kernel says that the walk begins, and where the first slider of the start stands."""
    return tuple(map(float, lab.ask(page, "print(explorer.start[0], explorer.starts[0].value)").split()))


def test_the_learning_rate_creeps_bounces_and_diverges(lab, page, explorer):
    area = explorer('"bowl", start=-2')
    assert "SGD converges" in says(area)
    assert (number(area, "predicted"), number(area, "actual")) == ("1.6", "1.44")
    slider(area, "learning rate lr").focus()
    press(lab, page, "ArrowRight", 3)  # 0.2, 0.5, 1
    assert "SGD bounces for ever" in says(area)
    assert "lr × curvature is 2" in says(area)
    assert number(area, "actual") == "0"
    press(lab, page, "ArrowRight", 1)
    assert "SGD diverges" in says(area)
    assert "Step 1 leaves the picture" in says(area)
    assert number(area, "actual") == "−32"  # from 4 to 36
    press(lab, page, "ArrowLeft", 8)  # down to 0.005
    assert "SGD creeps" in says(area)


def test_the_step_that_is_looked_at_follows_its_slider(lab, page, explorer):
    area = explorer('"steep bowl"')
    before = number(area, "title"), area.locator("[data-mark=promise]").get_attribute("d")
    slider(area, "look at step").focus()
    press(lab, page, "ArrowRight", 2)
    after = number(area, "title"), area.locator("[data-mark=promise]").get_attribute("d")
    assert "Step 3 of 40" in after[0]
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_a_click_a_drag_and_a_slider_move_the_start(lab, page, explorer):
    area = explorer('"two valleys"')
    assert "not the lowest place" in says(area)
    left, right = pad(area, 0.1, 0.5), pad(area, 0.8, 0.3)
    page.mouse.click(*left)
    lab.settle(page)
    assert ring(area)[0] == pytest.approx(left[0], abs=4)  # it stands on the curve there
    assert "SGD converges" in says(area)
    assert "lowest" not in says(area)
    page.mouse.move(*ring(area))
    page.mouse.down()
    page.mouse.move(*right, steps=15)
    page.mouse.up()
    lab.settle(page)
    assert ring(area)[0] == pytest.approx(right[0], abs=4)
    assert "not the lowest place" in says(area)
    slider(area, "start w").focus()
    press(lab, page, "ArrowLeft", 20)
    assert left[0] < ring(area)[0] < right[0] - 12


def test_a_click_counts_however_soon_it_comes_after_another(lab, page, explorer):
    area = explorer('"two valleys"')
    for n in range(8):
        places = pad(area, 0.12 + 0.02 * n, 0.5), pad(area, 0.88 - 0.02 * n, 0.5)
        for place in places:  # what the slider has to say to the first one may come after the second one
            page.mouse.click(*place)
        lab.settle(page)
        assert ring(area)[0] == pytest.approx(places[1][0], abs=4)
        w, on_slider = start(lab, page)
        assert on_slider == pytest.approx(w)


def test_a_slider_that_the_widget_moves_is_not_taken_for_a_move_of_the_user(lab, page, explorer):
    area = explorer('"two valleys"')
    lab.ask(page, LISTEN)
    for name in area.locator("option").all_text_contents():  # each with another range and start
        area.locator("select").select_option(name)
        lab.settle(page)
        assert lab.ask(page, "print(explorer.start == explorer.landscape.start)") == "True", name
    for n in range(12):
        page.mouse.click(*pad(area, 0.1 + 0.07 * n, 0.5))
        lab.settle(page)
    assert lab.ask(page, "print(heard)") == "[]"


def test_another_loss_can_be_chosen(lab, page, explorer):
    area = explorer('"two valleys"')
    area.locator("select").select_option("saddle")
    lab.settle(page)
    assert area.locator("[data-mark=height]").count() > 0
    assert slider(area, "start w₂").is_visible()
    area.locator("select").select_option("plateau")
    lab.settle(page)
    assert area.locator("[data-mark=curve]").count() > 0
    assert "SGD creeps" in says(area)
    assert area.locator("[data-mark=height]").count() == 0


def test_optimizers_are_chosen_and_compared(lab, page, explorer):
    area = explorer('"ravine", lr=0.02')
    assert "SGD creeps" in says(area)
    area.get_by_role("button", name="Momentum", exact=True).click()
    lab.settle(page)
    assert "Momentum overshoots and comes back" in says(area)
    assert area.locator("[data-number=bend]").count() == 0
    assert area.locator("[data-path]").count() == 1
    area.get_by_role("checkbox").check()
    lab.settle(page)
    assert area.locator("[data-path=Adam]").count() == 1
    for words in ("Momentum overshoots", "Adam creeps", "SGD creeps"):
        assert words in says(area)


def test_the_keyboard_moves_the_start_on_the_picture(lab, page, explorer):
    area = explorer('"ravine", lr=0.005')
    before = ring(area)
    area.locator("div[role=application]").focus()
    press(lab, page, "ArrowRight", 4)
    press(lab, page, "Enter", 1)
    assert re.search(r"from w = \(0\.\d+, ", number(area, "title"))
    assert ring(area) != before
