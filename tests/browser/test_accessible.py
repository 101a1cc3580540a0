"""Every widget of the course for everybody: keyboard alone, no motion of its own, a narrow page.

What axe-core has to say of them stands in `test_learner.py`, which shows it whole notebooks.
"""

import nbformat
import pytest

from nbkit import GraphExplorer, Variable
from nbkit.widgets.kit.graph_view import GraphView
from nbkit.widgets.kit.svg_view import SvgView
from tests.browser.lab import NOTEBOOKS
from tests.browser.widgets import FIRST, WIDGETS

CONTROLS = """area => {
    document.activeElement.blur();
    const kinds = 'button, input, select, textarea, [tabindex="0"], [contenteditable="true"]';
    const seen = e => e.getClientRects().length && e.checkVisibility({ visibilityProperty: true });
    window.controls = [...area.querySelectorAll(kinds)].filter(e =>
        !e.closest('[disabled]') && (e.tabIndex >= 0 || e.isContentEditable) && seen(e));
    // What of an element, of what it stands in and of what it is drawn with, can show that it has the focus.
    window.look = e => [e.parentElement.parentElement, e.parentElement, e, e.querySelector('rect, .nbkit-cursor')]
        .map(part => part && getComputedStyle(part))
        .map(s => s && [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor, s.stroke,
                        s.strokeWidth].join(' ')).join() + Boolean(e.querySelector('.nbkit-cursor'));
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
NARROW = {"narrow": (400, 800), "projector at 200 %": (640, 512)}


def test_every_widget_stands_in_a_notebook():
    """So axe-core looks at it there."""
    cells = [cell for path in NOTEBOOKS.glob("*.ipynb") for cell in nbformat.read(path, as_version=4).cells]
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert [name for name in WIDGETS if f"{name.split(',')[0]}(" not in code] == []


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_for_everybody(lab, page, name):
    lab.show(page, FIRST, WIDGETS[name])
    area = page.locator(".jp-OutputArea-output:has(> .nbkit-panel)").first
    tab_reaches_every_control_and_shows_where_it_is(page, area)
    keys_use_every_slider_button_and_list(lab, page, area)
    for width, height in NARROW.values():
        page.set_viewport_size({"width": width, "height": height})
        on_a_narrow_page_everything_can_be_reached(lab, page, area)


def next_stop(page):
    """Press Tab, and say on which control the focus is now, and whether that can be seen."""
    if page.evaluate("() => document.activeElement.tagName") == "TEXTAREA":
        page.keyboard.press("Escape")  # in a box for code Tab indents, until Escape
    page.keyboard.press("Tab")
    return page.evaluate(STOP)


def tab_reaches_every_control_and_shows_where_it_is(page, area):
    controls = area.evaluate(CONTROLS)
    reached, inside = [], True
    while inside and len(reached) < 3 * len(controls):
        place, seen, inside = next_stop(page)
        assert seen, controls[place]
        reached.append(place)
    assert not inside  # no widget keeps the focus for itself
    assert [control for place, control in enumerate(controls) if place not in reached] == []


def sliders_tell_what_is_seen(page, area):
    """Not the place of a value in its list, nor all digits of it."""
    alike = f"area => ({TOLD})(area).every(([_name, told, seen]) => told === seen)"
    page.wait_for_function(alike, arg=area.element_handle(), timeout=20_000)
    assert [row for row in area.evaluate(TOLD) if row[1] != row[2] or not row[0]] == []


def keys_use_every_slider_button_and_list(lab, page, area):
    sliders_tell_what_is_seen(page, area)
    for handle in area.locator(".noUi-target:not([disabled]) .noUi-handle:visible").all():
        where = "handle => handle.parentElement.style.transform"
        before = handle.evaluate(where)
        handle.press("ArrowRight")
        if handle.evaluate(where) == before:  # it stood at its end
            handle.press("ArrowLeft")
        assert handle.evaluate(where) != before
        lab.settle(page)  # what was moved may move the next one
    sliders_tell_what_is_seen(page, area)
    for button in area.locator("button:visible:enabled").all():
        button.evaluate(CLICKED)
        page.keyboard.press("Enter")
        assert page.evaluate("() => window.clicked") == 1, button.inner_text()
    for box in area.locator("input[type=checkbox]:visible:enabled").all():
        before = box.is_checked()
        box.press("Space")
        assert box.is_checked() != before
        lab.settle(page)
        box.press("Space")
        lab.settle(page)
    for choice in area.locator("select:visible:enabled").element_handles():
        if not choice.is_visible():  # another choice has hidden it
            continue
        before, length = choice.evaluate(CHOSEN)
        page.keyboard.press("ArrowUp" if before == length - 1 else "ArrowDown")
        assert length == 1 or page.evaluate("() => window.chosen") not in (None, before)
        lab.settle(page)
    for picture in area.locator("[role=application]:visible").all():
        picture.focus()
        places = []
        for key in ("ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
            places.append(picture.locator(".nbkit-cursor path").first.get_attribute("d"))
        assert places[0] != places[1]


def on_a_narrow_page_everything_can_be_reached(lab, page, area):
    lab.settle(page)  # sliders and pictures follow
    assert area.evaluate(OUT_OF_REACH) == []
    assert area.locator(".widget-box").evaluate_all(WIDE) == []  # pictures scroll by themselves, rows of controls wrap
    letters = area.locator("svg.nbkit text").evaluate_all(LETTERS)
    assert min(letters, default=10) > 6  # pixels: a picture is scrolled, not shrunk to dust


# ---------------------------------------------------------------- eyes that want little motion

# The module of a widget alone in a plain page; `put` gives it another picture, as the kernel would.
RENDER = """([module, svg]) => {
    const address = URL.createObjectURL(new Blob([module], { type: 'text/javascript' }));
    return import(address).then(({ default: { render } }) => {
        const state = { svg, step: -1, doors: {}, number: 0 }, heard = {};
        window.put = (name, value) => { state[name] = value; heard['change:' + name](); };
        const model = { get: name => state[name], set: put, save_changes() {}, send() {},
                        on: (event, tell) => { heard[event] = tell; }, off() {} };
        const el = document.body.appendChild(document.createElement('div'));
        render({ el, model });
        window.shown = [];
        new MutationObserver(() => { window.shown.push(el.textContent.trim()); })
            .observe(el, { childList: true, subtree: true });
    });
}"""
PUT = "words => words.forEach(word => put('svg', `<svg class='nbkit' viewBox='0 0 9 9'><text>${word}</text></svg>`))"
SHOWN = "() => new Promise(done => { queueMicrotask(() => done(window.shown.splice(0))); })"


@pytest.fixture
def calm(browser):
    """A plain page of a reader who wants little motion, in which time stands still until the test moves it."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.clock.install(time=0)
    page.goto("about:blank")
    page.clock.pause_at(10)
    yield page
    context.close()


def test_a_picture_that_changes_by_itself_does_so_once_a_second(calm):
    def put(*words):
        calm.evaluate(PUT, words)
        return calm.evaluate(SHOWN)

    def after(milliseconds):
        calm.clock.run_for(milliseconds)
        return calm.evaluate(SHOWN)

    calm.evaluate(RENDER, [SvgView._esm, "<svg class='nbkit' viewBox='0 0 9 9'><text>0</text></svg>"])
    calm.clock.run_for(1000)
    assert put("1") == ["1"]
    assert put("2", "3") == []
    assert after(999) == []
    assert after(1) == ["3"]
    calm.dispatch_event("body", "keydown")
    assert put("4") == ["4"]  # what a user has moved is seen at once
    assert after(1001) == []
    calm.emulate_media(reduced_motion="no-preference")
    assert put("5") == ["5"]
    assert put("6") == ["6"]


def test_play_takes_one_step_and_nothing_goes_on_by_itself(calm):
    calm.evaluate(RENDER, [GraphView._esm, GraphExplorer(Variable(100, "apple") * Variable(2, "count")).view.svg])

    def button(name):
        return calm.get_by_role("button", name=name)

    count = calm.locator(".nbkit-counter")
    button("First step").click()
    button("One step").click()
    assert count.text_content() == "step 1 of 3"
    calm.clock.run_for(10_000)
    assert count.text_content() == "step 1 of 3"
    button("Last step").click()
    button("One step").click()
    assert count.text_content() == "step 0 of 3"
    calm.emulate_media(reduced_motion="no-preference")
    button("Play").click()
    calm.emulate_media(reduced_motion="reduce")  # in the middle
    button("One step").wait_for()
    calm.clock.run_for(10_000)
    assert count.text_content() == "step 0 of 3"


def test_nothing_in_a_widget_glides(lab, page):
    lab.show(page, FIRST, WIDGETS["GraphExplorer"], WIDGETS["SoftmaxExplorer"])
    assert page.locator(".nbkit-graph-view select[aria-label=Speed]").is_visible()
    page.evaluate("() => document.querySelector('.noUi-target').classList.add('noUi-state-tap')")  # as after a click
    assert page.evaluate(MOVING) != []  # the handle of ipywidgets does
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    assert page.locator(".nbkit-graph-view select[aria-label=Speed]").is_hidden()
