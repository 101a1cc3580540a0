"""Every widget of the course for everybody: keyboard alone, typed numbers, no motion of its own, a narrow page.

What axe-core has to say of them stands in `test_learner.py`, which shows it whole notebooks.
"""

import json

import nbformat
import pytest

from nbkit.widgets.kit.snapped_slider import snap
from tests.browser.conftest import SIZE, fresh_page
from tests.browser.lab import NOTEBOOKS
from tests.browser.widgets import FIRST, WIDGETS, Widget

CONTROLS = """area => {
    document.activeElement.blur();
    const kinds = 'button, input, select, textarea, [tabindex="0"], [contenteditable="true"]';
    const seen = e => e.getClientRects().length && e.checkVisibility({ visibilityProperty: true });
    window.controls = [...area.querySelectorAll(kinds)].filter(e =>
        !e.closest('[disabled]') && (e.tabIndex >= 0 || e.isContentEditable) && seen(e));
    // What of an element, of what it stands in and of what it is drawn with, can show that it has the focus.
    const drawn = 'rect, .glow, .nbkit-cursor';
    window.look = e => {
        const parts = [e.parentElement.parentElement, e.parentElement, e, e.querySelector(drawn)].filter(Boolean);
        const looks = parts.map(part => getComputedStyle(part)).map(s => [s.outlineStyle, s.outlineWidth, s.boxShadow,
            s.borderColor, s.backgroundColor, s.stroke, s.strokeWidth].join(' '));
        return looks.join() + Boolean(e.querySelector('.nbkit-cursor'));
    };
    window.looks = window.controls.map(window.look);
    window.area = area;
    const before = document.createElement('span');  // the place from which Tab starts
    before.tabIndex = 0;
    area.prepend(before);
    before.focus();
    return window.controls.map(e => e.outerHTML.slice(0, 120));
}"""
STOP = """() => {
    const place = window.controls.indexOf(document.activeElement);
    const inside = window.controls.length && document.activeElement.closest('.jp-OutputArea-output') === window.area;
    return [place, place < 0 || window.look(document.activeElement) !== window.looks[place], inside];
}"""
# Reports a click without letting it through: a key has pressed this button, and no training starts.
CLICKED = """button => {
    window.clicked = 0;
    const count = event => { window.clicked += 1; event.stopImmediatePropagation(); };
    button.addEventListener('click', count, { capture: true, once: true });
    button.focus();
}"""
# Notes what a key picks at the moment of the press: the kernel may refuse it and put the list back.
CHOSEN = """list => {
    window.chosen = null;
    list.addEventListener('change', () => { window.chosen = list.selectedIndex; }, { capture: true, once: true });
    list.focus();
    return [list.selectedIndex, list.length];
}"""
MOVING = """() => [...document.querySelectorAll('.nbkit-panel, .nbkit-panel *')].filter(e => {
    const s = getComputedStyle(e);
    return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 || s.scrollBehavior === 'smooth';
}).map(e => e.outerHTML.slice(0, 100))"""
# Controls that stand outside of the output, and pictures that do and that nobody can scroll to.
OUT_OF_REACH = """area => {
    const right = area.getBoundingClientRect().right + 1;
    const shown = [...area.querySelectorAll('button, input, select, textarea, .noUi-target, .widget-readout, svg')]
        .filter(part => part.getClientRects().length && part.getBoundingClientRect().right > right);
    const scrolls = part => {
        for (let box = part.parentElement; box !== area; box = box.parentElement)
            if (box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX)) return true;
        return false;
    };
    return shown.filter(part => !scrolls(part)).map(part => part.outerHTML.slice(0, 200));
}"""
# What a screen reader says of each slider beside what the eye sees there.
TOLD = """area => [...area.querySelectorAll('.noUi-handle')].map(handle => {
    const row = handle.closest('.widget-inline-hbox, .widget-inline-vbox');
    return [handle.getAttribute('aria-label'), handle.getAttribute('aria-valuetext'),
            row.querySelector('.widget-readout').textContent.trim()];
})"""
LETTERS = """all => all.filter(one => one.getClientRects().length).map(one =>
    parseFloat(getComputedStyle(one).fontSize) * Math.hypot(one.getScreenCTM().a, one.getScreenCTM().b))"""
WIDE = "all => all.filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.outerHTML.slice(0, 200))"
# Tracks too short for a finger, and texts of controls that are cut.
CRAMPED = """area => {
    const seen = kinds => [...area.querySelectorAll(kinds)].filter(part => part.getClientRects().length);
    const tracks = seen('.noUi-base').map(track => track.getBoundingClientRect().width).filter(width => width < 160);
    const pen = document.createElement('canvas').getContext('2d');
    const written = list => {
        pen.font = getComputedStyle(list).font;
        return pen.measureText(list.selectedOptions[0]?.text ?? '').width + 24;  // pixels of the arrow
    };
    const cut = seen('button, .widget-label, .widget-readout').filter(part =>
        part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 2);
    const lists = seen('select').filter(list => written(list) > list.clientWidth);
    return [...tracks, ...[...cut, ...lists].map(part => part.outerHTML.slice(0, 200))];
}"""
PAGES = {
    "narrow": (400, 800), "200 % of 1100 pixels": (550, 500), "projector at 200 %": (640, 512),
    "half a screen": (700, 800), "1100 pixels": (1100, 800),
}  # fmt: skip
# What the kernel knows of each number of the widget, from top to bottom.
NUMBERS = """import ipywidgets, json
def numbers_of(widget):
    kinds = ("SelectionSlider", "FloatSlider", "IntSlider", "BoundedIntText")
    for kind in kinds:
        if isinstance(widget, getattr(ipywidgets, kind)):
            stops = [value for _label, value in widget.options] if kind == "SelectionSlider" else None
            sizes = [getattr(widget, name, None) for name in ("min", "max", "step")]
            return [(kind, widget.description, widget.value, stops, *sizes)]
    return [number for child in getattr(widget, "children", ()) for number in numbers_of(child)]
print(json.dumps(numbers_of(panel)))"""
# All that the panel shows, apart from the sliders themselves.
SHOWN = """area => {
    const copy = area.cloneNode(true);
    copy.querySelectorAll('.noUi-target, .widget-readout').forEach(part => part.remove());
    return copy.innerHTML + [...area.querySelectorAll('input')].map(box => box.value).join();
}"""
HANDLES = "svg [role=slider]"  # values that are moved in a picture
UNSEEN = {("WeightSliders", "lr")}  # what shows only when descent goes on
UNLOCKED = {"AffineExplorer": "panel.follow.value = False"}  # sliders that follow others are locked
EDITABLE = "box => box.isContentEditable || ('value' in box && !box.disabled && !box.readOnly)"
BOXES = ".widget-readout, .widget-text input[type=number], .widget-text input[inputmode=decimal]"


def test_every_widget_stands_in_a_notebook():
    """So axe-core looks at it there."""
    cells = [cell for path in NOTEBOOKS.glob("*.ipynb") for cell in nbformat.read(path, as_version=4).cells]
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert [name for name in WIDGETS if f"{name.split(',')[0]}(" not in code] == []


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_for_everybody(lab, page, name):
    widget = Widget(lab, page, FIRST, f"panel = {WIDGETS[name]}\npanel")
    tab_reaches_every_control_and_shows_where_it_is(widget)
    keys_use_every_slider_button_and_list(widget, name)
    letters_do_nothing_to_the_notebook(widget)
    for width, height in PAGES.values():
        page.set_viewport_size({"width": width, "height": height})
        on_any_page_everything_can_be_reached(widget)
    page.set_viewport_size(SIZE)
    widget.ask(UNLOCKED.get(name, ""))
    what_is_typed_is_taken_and_shown(widget)


def next_stop(page):
    """Press Tab, and say on which control the focus is now, and whether that can be seen."""
    if page.evaluate("() => document.activeElement.tagName") == "TEXTAREA":
        page.keyboard.press("Escape")  # in a box for code Tab indents, until Escape
    page.keyboard.press("Tab")
    return page.evaluate(STOP)


def tab_reaches_every_control_and_shows_where_it_is(widget):
    controls = widget.area.evaluate(CONTROLS)
    reached, inside = [], True
    while inside and len(reached) < 3 * len(controls):
        place, seen, inside = next_stop(widget.page)
        assert seen, controls[place]
        reached.append(place)
    assert not inside  # no widget keeps the focus for itself
    assert [control for place, control in enumerate(controls) if place not in reached] == []


def sliders_tell_what_is_seen(area):
    """Not the place of a value in its list, nor all digits of it."""
    alike = f"area => ({TOLD})(area).every(([_name, told, seen]) => told === seen)"
    area.page.wait_for_function(alike, arg=area.element_handle(), timeout=20_000)
    assert [row for row in area.evaluate(TOLD) if row[1] != row[2] or not row[0]] == []


def keys_use_every_slider_button_and_list(widget, name):
    area, keyboard = widget.area, widget.page.keyboard
    sliders_tell_what_is_seen(area)
    for handle in area.locator(".noUi-target:not([disabled]) .noUi-handle:visible").all():
        where, label = "handle => handle.parentElement.style.transform", handle.get_attribute("aria-label")
        before, shown = handle.evaluate(where), area.evaluate(SHOWN)
        handle.press("ArrowRight")
        if handle.evaluate(where) == before:  # it stood at its end
            handle.press("ArrowLeft")
        assert handle.evaluate(where) != before
        widget.settle()  # what was moved may move the next one
        assert area.evaluate(SHOWN) != shown or (name, label) in UNSEEN, f"the panel does not follow {label}"
    sliders_tell_what_is_seen(area)
    for button in area.locator("button:visible:enabled").all():
        button.evaluate(CLICKED)
        keyboard.press("Enter")
        assert widget.page.evaluate("() => window.clicked") == 1, button.inner_text()
    for box in area.locator("input[type=checkbox]:visible:enabled").all():
        before = box.is_checked()
        box.press("Space")
        assert box.is_checked() != before
        widget.settle()
        widget.keys("Space")
    for choice in area.locator("select:visible:enabled").element_handles():
        if not choice.is_visible():  # another choice has hidden it
            continue
        before, length = choice.evaluate(CHOSEN)
        keyboard.press("ArrowUp" if before == length - 1 else "ArrowDown")
        assert length == 1 or widget.page.evaluate("() => window.chosen") not in (None, before)
        widget.settle()
    items = area.locator(HANDLES).evaluate_all("all => all.map(handle => handle.dataset.item)")
    for item in {*items[:2], *items[-2:]}:  # the lines and circles of a net are many of one kind
        keys_move_a_handle_that_keeps_the_focus(widget, area.locator(f"{HANDLES}[data-item='{item}']"))
    for picture in area.locator("[role=application]:visible").all():
        picture.focus()
        places = []
        for key in ("ArrowRight", "ArrowDown"):
            keyboard.press(key)
            places.append(picture.locator(".nbkit-cursor path").first.get_attribute("d"))
        assert places[0] != places[1]


def keys_move_a_handle_that_keeps_the_focus(widget, handle):
    """A value that can be moved in a picture: what a screen reader says of it follows."""
    told = "handle => ['label', 'valuenow', 'valuetext'].map(name => handle.getAttribute('aria-' + name))"
    before = handle.evaluate(told)
    handle.focus()
    for key in ("ArrowRight", "ArrowLeft"):  # the first changes nothing at the end of its way
        widget.keys(key)
        if handle.evaluate(told)[1:] != before[1:]:
            break
    label, now, _text = handle.evaluate(told)
    assert label == before[0]
    assert now != before[1], label
    assert handle.evaluate("handle => document.activeElement === handle"), label


def letters_do_nothing_to_the_notebook(widget):
    """There x cuts the cell, and b adds one."""
    cells = widget.page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    for control in widget.locator("button:visible:enabled, .noUi-handle:visible, svg [role=slider]").all()[:4]:
        control.focus()
        for key in ("b", "x"):
            widget.page.keyboard.press(key)
    widget.settle()
    assert cells.count() == before
    assert widget.area.is_visible()


def on_any_page_everything_can_be_reached(widget):
    widget.settle()  # sliders and pictures follow
    assert widget.area.evaluate(OUT_OF_REACH) == []
    assert widget.area.evaluate(CRAMPED) == []
    # Pictures scroll by themselves, rows of controls wrap.
    assert widget.locator(".widget-box").evaluate_all(WIDE) == []
    letters = widget.locator("svg.nbkit text").evaluate_all(LETTERS)
    assert min(letters, default=10) > 6  # pixels: a picture is scrolled, not shrunk to dust


# ---------------------------------------------------------------- numbers that are typed


def what_is_typed_is_taken_and_shown(widget):
    """A number beside a slider, or in a box: at the nearest stop, and the number says which."""
    boxes = widget.locator(BOXES).all()
    numbers = json.loads(widget.ask(NUMBERS))
    assert len(boxes) == len(numbers)
    refused = set()  # kinds of numbers in which something that is no number was typed
    for place, box in enumerate(boxes):
        if not box.is_visible() or not box.evaluate(EDITABLE):  # keys would go to the notebook
            continue
        kind, label, _value, *sizes = numbers[place]
        typed, wanted = to_type(kind, *sizes)
        texts = [f"{typed:.15g}".replace(".", ",")]
        if kind not in refused:  # one of each, for the same code sees to all of them
            texts.append("half")  # changes nothing
            refused.add(kind)
        for text in texts:
            widget.type_over(box, text)
            numbers = json.loads(widget.ask(NUMBERS))  # others may follow
            value = numbers[place][2]
            shown = box.text_content() if kind.endswith("Slider") else box.input_value()
            assert value == pytest.approx(wanted, rel=1e-9, abs=1e-12), (label, text)
            assert float(shown.replace("−", "-")) == pytest.approx(wanted, rel=5e-3, abs=0.0051), (label, text)


def to_type(kind, stops, low, high, step):
    """Return a number between two stops, where there are stops, and the value that must come of it."""
    if kind == "SelectionSlider":
        below, above = stops[len(stops) // 2 - 1 :][:2]
        return 0.7 * below + 0.3 * above, below
    if kind.endswith("Slider"):
        place = low + step * (round((high - low) / step) // 3 + (0.3 if kind == "FloatSlider" else 0))
        return place, snap(place, low, high, step)
    return min(low + 1, high), min(low + 1, high)


# What is typed one after the other, and what stands there then: what is no number leaves the one before.
RATES = [("0.1", "0.1"), ("0,06", "0.05"), ("half", "0.05"), ("0.08", "0.1"), ("", "0.1"), ("7e-2", "0.05"),
         ("1.5.2", "0.05"), ("1e999", "50"), ("-3", "0.0001"), ("+2", "2"), ("−3", "0.0001")]  # fmt: skip
FLOATS = [("0.25", "0.25"), ("1,5", "1.50"), ("-1,5", "−1.50"), ("1.234,5", "−1.50"), ("−2.5", "−2.50"),
          ("1,2,3", "−2.50"), ("0.75", "0.75"), (",5", "0.50"), ("half", "0.50"), ("2e0", "2.00"),
          ("0.25", "0.25")]  # fmt: skip
NUDGED = 'GraphExplorer(Variable(0.25, "x") * y, {"x": (-5, 5, 0.05)})'


def test_numbers_may_have_a_decimal_comma(browser, lab):
    """In the page of a reader who writes 0,5 for a half."""
    with fresh_page(browser, lab, locale="de-DE") as page:
        lab.open(page, lab.write("komma.ipynb", FIRST, "DescentExplorer()"))
        assert page.evaluate("() => (0.5).toLocaleString()") == "0,5"
        widget = Widget(lab, page, FIRST, "panel = DescentExplorer()\npanel")
        assert typed_over(widget, "learning rate lr", RATES) == RATES
        assert widget.ask("print(panel.lr.value)") == "0.0001"

        widget = Widget(lab, page, FIRST, NUDGED)
        widget.press("Last step")
        assert typed_over(widget, "x", FLOATS) == FLOATS
        widget.type_over(widget.field("by ε ="), "0,25")
        assert widget.field("by ε =").input_value() == "0,25"  # what was typed stays
        assert "The gradient says 0.75 (gradient × ε)" in widget.words

        widget = Widget(lab, page, FIRST, "TraceLab()")
        widget.type_over(widget.field("formula (Enter draws it)"), "0,5 * x")
        assert "write 0.5, not 0,5" in widget.words


def typed_over(widget, label, texts):
    """Return each text with what a slider's number shows when it has been typed there."""
    shown = []
    for text, _wanted in texts:
        widget.type_over(widget.readout(label), text)
        shown.append((text, widget.readout(label).text_content()))
    return shown


def test_leaving_the_number_takes_it_too_and_no_second_line_is_left(lab, page):
    widget = Widget(lab, page, FIRST, "panel = NudgeLab(x * x * x)\npanel")
    box = widget.locator(".widget-readout")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("0.00012")
    widget.keys("Tab")
    assert box.text_content() == "1e-4"
    assert widget.ask("print(panel.eps.value)") == "0.0001"
    box.click()
    page.keyboard.press("Enter")
    assert box.evaluate("box => box.innerHTML") == "1e-4"


# ---------------------------------------------------------------- readers who want little motion


def test_nothing_in_a_widget_glides(lab, page):
    lab.show(page, FIRST, WIDGETS["GraphExplorer"], WIDGETS["SoftmaxExplorer"])
    assert page.locator(".nbkit-graph-view select[aria-label=Speed]").is_visible()
    page.evaluate("() => document.querySelector('.noUi-target').classList.add('noUi-state-tap')")  # as after a click
    assert page.evaluate(MOVING) != []  # the handle of ipywidgets does
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    assert page.locator(".nbkit-graph-view select[aria-label=Speed]").is_hidden()
