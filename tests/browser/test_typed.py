"""A number that is typed beside a slider, or into a box, is taken: at the nearest stop, and the number says which."""

import json

import pytest

from nbkit.widgets.kit.snapped_slider import snap
from tests.browser.widgets import FIRST, WIDGETS

# What the kernel knows of each number of the widget, from top to bottom.
NUMBERS = """import ipywidgets, json
def numbers_of(widget):
    kinds = ("SelectionSlider", "FloatSlider", "IntSlider", "BoundedIntText", "FloatText")
    for kind in kinds:
        if isinstance(widget, getattr(ipywidgets, kind)):
            stops = [value for _label, value in widget.options] if kind == "SelectionSlider" else None
            sizes = [getattr(widget, name, None) for name in ("min", "max", "step")]
            return [(kind, widget.description, widget.value, stops, *sizes)]
    return [number for child in getattr(widget, "children", ()) for number in numbers_of(child)]
print(json.dumps(numbers_of(panel)))"""
UNLOCKED = {"AffineExplorer": "panel.follow.value = False"}  # sliders that follow others are locked
EDITABLE = "box => box.isContentEditable || ('value' in box && !box.disabled && !box.readOnly)"
BOXES = ".widget-readout, .widget-text input[type=number], .widget-text input[inputmode=decimal]"


def type_over(lab, page, box, text):
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    lab.settle(page)


def to_type(kind, stops, low, high, step):
    """Return a number between two stops, where there are stops, and the value that must come of it."""
    if kind == "SelectionSlider":
        below, above = stops[len(stops) // 2 - 1 :][:2]
        return 0.7 * below + 0.3 * above, below
    if kind.endswith("Slider"):
        place = low + step * (round((high - low) / step) // 3 + (0.3 if kind == "FloatSlider" else 0))
        return place, snap(place, low, high, step)
    return (0.25, 0.25) if kind == "FloatText" else (min(low + 1, high), min(low + 1, high))


@pytest.mark.parametrize("name", WIDGETS)
def test_what_is_typed_is_taken_and_shown(lab, page, name):
    lab.show(page, FIRST, f"panel = {WIDGETS[name]}\n{UNLOCKED.get(name, '')}\npanel")
    area = page.locator(".jp-OutputArea-output:has(> .nbkit-panel)").first
    boxes = area.locator(BOXES).all()
    numbers = json.loads(lab.ask(page, NUMBERS))
    assert len(boxes) == len(numbers)
    for place, box in enumerate(boxes):
        if not box.is_visible() or not box.evaluate(EDITABLE):  # keys would go to the notebook
            continue
        kind, label, _value, *sizes = json.loads(lab.ask(page, NUMBERS))[place]
        typed, wanted = to_type(kind, *sizes)
        for text in (f"{typed:.15g}".replace(".", ","), "half"):  # what is no number changes nothing
            type_over(lab, page, box, text)
            value = json.loads(lab.ask(page, NUMBERS))[place][2]
            shown = box.text_content() if kind.endswith("Slider") else box.input_value()
            assert value == pytest.approx(wanted, rel=1e-9, abs=1e-12), (label, text)
            assert float(shown.replace("−", "-")) == pytest.approx(wanted, rel=5e-3, abs=0.0051), (label, text)


RATES = {"0,06": "0.05", "0.08": "0.1", "7e-2": "0.05", "1e999": "50", "-3": "0.0001", "−3": "0.0001", "+2": "2",
         "half": "0.1", "": "0.1", "1.5.2": "0.1"}  # what is no number leaves the old one  # fmt: skip


def test_a_learning_rate_that_is_typed_goes_to_the_nearest_stop(lab, page):
    lab.show(page, FIRST, "panel = DescentExplorer()\npanel")
    box = page.locator(".widget-inline-hbox:has(.widget-label:text-is('learning rate lr')) .widget-readout")
    shown, known = {}, {}
    for typed in RATES:
        type_over(lab, page, box, "0.1")
        type_over(lab, page, box, typed)
        shown[typed], known[typed] = box.text_content(), lab.ask(page, "print(f'{panel.lr.value:g}')")
    assert shown == known == RATES


def test_leaving_the_number_takes_it_too_and_no_second_line_is_left(lab, page):
    lab.show(page, FIRST, "panel = NudgeLab(x * x * x)\npanel")
    box = page.locator(".nbkit-panel .widget-readout")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("0.00012")
    page.keyboard.press("Tab")
    lab.settle(page)
    assert box.text_content() == "1e-4"
    assert lab.ask(page, "print(panel.eps.value)") == "0.0001"
    box.click()
    page.keyboard.press("Enter")
    assert box.evaluate("box => box.innerHTML") == "1e-4"
