"""Chapter 07 in a real page: a ball rolls, three race, and keyboard, mouse and fingers move where they start."""

import re

import pytest

from tests.browser.lab import cells_of
from tests.browser.widgets import Widget

RING = "[data-item=start]"
AREA = "[data-area]"
# Keeps what the page tells the kernel about the first slider of the start.
LISTEN = """heard, slider = [], explorer.starts[0]
tell = slider.set_state
slider.set_state = lambda state: (heard.append(state), tell(state))"""


# Notes where a ball is, whenever the page moves it.
FOLLOW = """ball => {
    window.places = [];
    const note = () => window.places.push(ball.getCTM().e - ball.ownerSVGElement.getCTM().e);
    new MutationObserver(note).observe(ball, { attributes: true });
}"""


class Descent(Widget):
    """The explorer, named `explorer` in the kernel."""

    @property
    def told(self):
        """All that is said at the step that is looked at."""
        return " ".join(" ".join(self.texts(".nbkit-told")).split())

    @property
    def step(self):
        return int(re.match(r"step (\d+) of", self.counter)[1])

    def look_at(self, step):
        """Move the slider over the steps."""
        self.range.fill(str(step))
        self.settle()

    @property
    def range(self):
        return self.area.get_by_role("slider", name="look at step")

    def play(self, speed="fast"):
        """Press Play, and come back when it has ended by itself."""
        self.locator(".nbkit-transport select").select_option(label=speed)
        self.button("Play", exact=True).click()
        self.button("Play", exact=True).wait_for()
        self.settle()

    def ball(self, name):
        """Where the ball of an optimizer stands on the screen: its middle."""
        x, y, width, height = self.box(f"[data-part='ball {name}']")
        return x + width / 2, y + height / 2


@pytest.fixture
def explorer(lab, page):
    """Return a function that shows the explorer of the chapter's cell with these words, named `explorer`."""

    def show(words):
        imports, cell = cells_of("07_gradient_descent.ipynb", f"DescentExplorer({words}")
        explorer = Descent(lab, page, imports, f"explorer = {cell}\nexplorer")
        explorer.locator(AREA).scroll_into_view_if_needed()
        return explorer

    return show


def ring(explorer):
    """Where the ring of the start stands on the screen."""
    return explorer.spot(RING, 0.5, 0.5)


def test_a_ball_rolls_from_the_start_to_where_all_is_seen(explorer):
    bowl = explorer('"bowl", start=-2')
    assert bowl.counter == "step 0 of 40"
    assert "press Play" in bowl.told
    assert bowl.ball("SGD") == pytest.approx(ring(bowl), abs=1)
    path = bowl.locator("[data-path=SGD]")
    assert path.get_attribute("d").count("L") == 0  # nothing of the way is there yet
    assert bowl.numbers("predicted", "actual") == ["1.6", "?"]
    bowl.locator("[data-part='ball SGD']").evaluate(FOLLOW)
    bowl.play()
    assert (bowl.step, bowl.ask("print(explorer.step)")) == (26, "26")  # 0.8²⁶ · 2 is a 1000th of the picture's width
    assert "SGD converges" in bowl.told
    assert "Play stops here" in bowl.told
    places = bowl.page.evaluate("window.places")
    assert places == sorted(places)  # to the right all the way
    assert len({round(place) for place in places}) > 40  # and not in 26 leaps
    bowl.look_at(1)
    assert path.get_attribute("d").count("L") == 1
    assert bowl.numbers("predicted", "actual") == ["1.6", "1.44"]
    assert "converges" not in bowl.told
    bowl.press("Back to the start")
    assert bowl.ball("SGD") == pytest.approx(ring(bowl), abs=1)


def test_play_pauses_at_a_step_and_one_step_is_a_step(explorer):
    bowl = explorer('"bowl", start=-2')
    bowl.locator(".nbkit-transport select").select_option(label="slow")
    bowl.button("Play", exact=True).click()
    bowl.locator(".nbkit-rolls").wait_for(state="attached")
    bowl.press("Pause")
    assert bowl.step == 1
    assert bowl.count(".nbkit-rolls") == 0
    for expected in (2, 3):
        bowl.button("One step", exact=True).click()
        bowl.locator(f".nbkit-counter:has-text('step {expected} ')").wait_for()
    bowl.press("One step back")
    assert bowl.step == 2
    bowl.keys("ArrowRight", on=bowl.range)
    assert bowl.step == 3
    bowl.keys("End")
    assert (bowl.step, bowl.ask("print(explorer.step)")) == (40, "40")


def test_whoever_wants_less_motion_steps_without_any(explorer):
    bowl = explorer('"bowl", start=-2')
    bowl.page.emulate_media(reduced_motion="reduce")
    bowl.locator("[data-part='ball SGD']").evaluate(FOLLOW)
    bowl.press("One step, from the end to the start")
    assert bowl.step == 1
    bowl.press("One step", exact=True)
    assert bowl.step == 2
    assert len(bowl.page.evaluate("window.places")) == 2


def test_three_optimizers_race_from_one_start(explorer):
    ravine = explorer('"ravine", lr=0.005, optimizer="Momentum", compare=True')
    names = ["SGD", "Momentum", "Adam"]
    for name in names:
        assert ravine.ball(name) == pytest.approx(ring(ravine), abs=1.5)
    assert ravine.numbers(*[f"loss {name}" for name in names]) == ["51.25"] * 3
    ravine.look_at(12)
    assert "SGD is ahead. Losses after step 12: SGD 5.123, Momentum 9.882, Adam 47.43." in ravine.told
    assert ravine.numbers(*[f"loss {name}" for name in names]) == ["5.123", "9.882", "47.43"]
    assert len({ravine.ball(name) for name in names}) == 3
    ravine.look_at(0)
    stood = [ravine.ball(name) for name in names]
    ravine.button("One step", exact=True).click()
    ravine.locator(".nbkit-counter:has-text('step 1 ')").wait_for()
    for name, before in zip(names, stood, strict=True):
        assert ravine.ball(name) != before  # all have rolled, Adam by a third of a pixel
    ravine.press("To the end")
    assert "Momentum is ahead" in ravine.told
    assert ravine.count("[data-path]") == 3
    for words in ("Momentum overshoots", "Adam creeps", "SGD creeps", "None of them comes near the bottom"):
        assert words in ravine.told


def test_the_learning_rate_creeps_bounces_and_diverges(explorer):
    bowl = explorer('"bowl", start=-2')
    bowl.press("To the end")
    assert "SGD converges" in bowl.told
    bowl.slide("learning rate lr", *["ArrowRight"] * 3)  # 0.2, 0.5, 1
    assert "SGD bounces for ever" in bowl.told
    assert "lr × curvature is 2" in bowl.told
    bowl.look_at(1)
    assert bowl.number("actual") == "0"
    bowl.slide("learning rate lr", "ArrowRight")
    assert "SGD diverges" in bowl.told
    assert "Step 1 leaves the picture" in bowl.told
    assert bowl.number("actual") == "−32"  # from 4 to 36
    bowl.press("To the end")
    last = bowl.step
    assert bowl.counter == f"step {last} of {last}, then too far away"
    bowl.press("One step back")
    assert bowl.counter == f"step {last - 1} of {last}"
    assert f"Step {last - 1}, to w" in bowl.told
    bowl.slide("learning rate lr", *["ArrowLeft"] * 8)  # down to 0.005
    bowl.look_at(40)
    assert "SGD creeps" in bowl.told


def test_a_learning_rate_that_is_typed_is_the_one_that_the_ball_has(explorer):
    bowl = explorer('"bowl", start=-2')
    bowl.look_at(1)
    for typed, stop, place in (("2", "2", 6), ("0.4", "0.5", 0), ("3", "2", 6)):
        bowl.type_over(bowl.readout("learning rate lr"), typed)
        bowl.keys("Tab")
        assert bowl.readout("learning rate lr").text_content() == stop
        assert bowl.slider("learning rate lr").get_attribute("aria-valuetext") == stop
        assert f"Step 1, to w = {place}." in bowl.told
        assert bowl.ask("print(explorer.lr.value, explorer.walk.lr)") == f"{float(stop)} {float(stop)}"


def test_a_click_a_drag_and_a_slider_move_the_start(explorer):
    valleys = explorer('"two valleys"')
    left, right = valleys.spot(AREA, 0.1, 0.5), valleys.spot(AREA, 0.8, 0.3)
    valleys.click_at(left)
    assert ring(valleys)[0] == pytest.approx(left[0], abs=4)  # it stands on the curve there
    assert valleys.ball("SGD") == pytest.approx(ring(valleys), abs=1)
    valleys.press("To the end")
    assert "SGD converges" in valleys.told
    assert "lowest" not in valleys.told
    valleys.page.mouse.move(*ring(valleys))
    valleys.page.mouse.down()
    valleys.page.mouse.move(*right, steps=15)
    valleys.settle()
    w = valleys.ask("print(f'{explorer.start[0]:.2f}')").replace("-", "−")
    assert valleys.readout("start w").text_content().replace("-", "−") == w  # while the button is still down
    valleys.page.mouse.up()
    valleys.settle()
    assert ring(valleys)[0] == pytest.approx(right[0], abs=4)
    assert "not the lowest place" in valleys.told
    valleys.slide("start w", *["ArrowLeft"] * 20)
    assert left[0] < ring(valleys)[0] < right[0] - 12


def test_a_finger_moves_the_start(explorer):
    valleys = explorer('"two valleys"')
    devices = valleys.page.context.new_cdp_session(valleys.page)

    def touch(kind, *points):
        at = [{"x": x, "y": y} for x, y in points]
        devices.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    there = valleys.spot(AREA, 0.2, 0.5)
    scrolled = valleys.spot(AREA, 0, 0)
    touch("touchStart", ring(valleys))
    touch("touchMove", valleys.spot(AREA, 0.5, 0.5))
    touch("touchMove", there)
    valleys.settle()
    touch("touchEnd")
    valleys.settle()
    assert ring(valleys)[0] == pytest.approx(there[0], abs=4)
    assert valleys.spot(AREA, 0, 0) == scrolled


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
    for name in valleys.texts(".widget-dropdown option"):  # each with another range and start
        valleys.select(name)
        assert valleys.ask("print(explorer.start == explorer.landscape.start)") == "True", name
    for n in range(12):
        valleys.click_at(valleys.spot(AREA, 0.1 + 0.07 * n, 0.5))
    assert valleys.ask("print(heard)") == "[]"


def test_optimizers_are_chosen_and_compared(explorer):
    ravine = explorer('"ravine", lr=0.02')
    ravine.press("To the end")
    assert "SGD creeps" in ravine.told
    ravine.press("Momentum", exact=True)
    assert "Momentum overshoots and comes back" in ravine.told
    assert ravine.count("[data-path]") == 1
    ravine.area.get_by_role("checkbox").check()
    ravine.settle()
    assert ravine.count("[data-path=Adam]") == 1
    for words in ("Momentum overshoots", "Adam creeps", "SGD creeps", "SGD is near the bottom first"):
        assert words in ravine.told


def test_what_changes_while_it_plays_begins_anew(explorer):
    bowl = explorer('"bowl", start=-2')
    bowl.look_at(20)
    bowl.button("Play", exact=True).click()
    bowl.slide("learning rate lr", *["ArrowRight"] * 2)  # 0.5, with which one step does it
    bowl.button("Play", exact=True).wait_for()
    bowl.settle()
    assert bowl.step == 1
    assert "One step does it" in bowl.told


def test_the_keyboard_moves_the_start_on_the_picture(explorer):
    ravine = explorer('"ravine", lr=0.005')
    before = ring(ravine)
    ravine.keys(*["ArrowRight"] * 4, "Enter", on=ravine.locator("div[role=application]"))
    assert "from w = (0." in ravine.number("title")
    assert ring(ravine) != before
