"""Every widget of the course for everybody: axe-core, keyboard alone, no motion of its own, a narrow page."""

import pytest

from tests.browser.axe import serious
from tests.browser.lab import THEMES
from tests.browser.widgets import FIRST, WIDGETS

# A picture that changes 40 times, as one of a training does.
LIVELY = (
    "lively = SoftmaxExplorer()\nlively",
    """import time
for i in range(40):
    lively.view.svg = lively.view.svg.split("<!--")[0] + f"<!-- {i} -->"
    time.sleep(0.05)""",
)
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


@pytest.fixture(scope="module")
def page(lab, module_page):
    lab.open(module_page, lab.write("widgets.ipynb", FIRST, *WIDGETS.values(), *LIVELY))
    assert lab.run_all(module_page) == []
    module_page.evaluate("() => document.querySelectorAll('.jp-CodeCell').forEach((e, i) => { e.dataset.place = i; })")
    return module_page


def area_of(name):
    return f".jp-CodeCell[data-place='{1 + list(WIDGETS).index(name)}'] .jp-OutputArea-output"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", WIDGETS)
def test_axe_finds_nothing_serious(lab, page, name, theme):
    lab.set_theme(page, theme)
    page.wait_for_timeout(200)
    assert page.locator(area_of(name)).count() == 1
    assert serious(page, area_of(name)) == []


def next_stop(page):
    """Press Tab, and say on which control the focus is now, and whether that can be seen."""
    if page.evaluate("() => document.activeElement.tagName") == "TEXTAREA":
        page.keyboard.press("Escape")  # in a box for code Tab indents, until Escape
    page.keyboard.press("Tab")
    return page.evaluate(STOP)


@pytest.mark.parametrize("name", WIDGETS)
def test_tab_reaches_every_control_and_shows_where_it_is(page, name):
    controls = page.locator(area_of(name)).evaluate(CONTROLS)
    reached, inside = [], True
    while inside and len(reached) < 3 * len(controls):
        place, seen, inside = next_stop(page)
        assert seen, controls[place]
        reached.append(place)
    assert not inside  # no widget keeps the focus for itself
    assert [control for place, control in enumerate(controls) if place not in reached] == []


@pytest.mark.parametrize("name", WIDGETS)
def test_keys_use_every_slider_button_and_list(lab, page, name):
    area = page.locator(area_of(name))
    for handle in area.locator(".noUi-target:not([disabled]) .noUi-handle:visible").all():
        where = "handle => handle.parentElement.style.transform"
        lab.settle(page)  # what was moved before may move this one
        before = handle.evaluate(where)
        handle.focus()
        page.keyboard.press("ArrowRight")
        if handle.evaluate(where) == before:  # it stood at its end
            page.keyboard.press("ArrowLeft")
        assert handle.evaluate(where) != before
    for button in area.locator("button:visible:enabled").all():
        button.evaluate(CLICKED)
        page.keyboard.press("Enter")
        assert page.evaluate("() => window.clicked") == 1, button.inner_text()
    for box in area.locator("input[type=checkbox]:visible:enabled").all():
        box.focus()
        before = box.is_checked()
        page.keyboard.press("Space")
        assert box.is_checked() != before
        page.keyboard.press("Space")
    for choice in area.locator("select:visible:enabled").element_handles():
        lab.settle(page)
        if not choice.is_visible():  # another choice has hidden it
            continue
        before, length = choice.evaluate(CHOSEN)
        page.keyboard.press("ArrowUp" if before == length - 1 else "ArrowDown")
        assert length == 1 or page.evaluate("() => window.chosen") not in (None, before)
    for picture in area.locator("[role=application]:visible").all():
        picture.focus()
        places = []
        for key in ("ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
            places.append(picture.locator(".nbkit-cursor path").first.get_attribute("d"))
        assert places[0] != places[1]


# ---------------------------------------------------------------- eyes that want little motion


@pytest.fixture
def calm(page):
    page.emulate_media(reduced_motion="reduce")
    yield page
    page.emulate_media(reduced_motion="no-preference")


def pictures_shown(lab, page):
    """Run the cell that changes a picture 40 times; return how many were shown, and in how many seconds."""
    watch = """() => {
        const last = [...document.querySelectorAll('.jp-CodeCell')].at(-2).querySelector('svg.nbkit').parentElement;
        window.shown = 0;
        window.start = performance.now();
        window.watcher?.disconnect();
        window.watcher = new MutationObserver(changes => { window.shown += changes.some(c => c.addedNodes.length); });
        window.watcher.observe(last, { childList: true });
    }"""
    page.evaluate(watch)
    lab.run_cell(page, 2 + len(WIDGETS))
    page.wait_for_function("""() => [...document.querySelectorAll('.jp-CodeCell')].at(-2)
        .querySelector('.nbkit').parentElement.innerHTML.endsWith('<!-- 39 -->')""")
    return page.evaluate("() => [window.shown, (performance.now() - window.start) / 1000]")


def test_a_picture_that_changes_by_itself_does_so_once_a_second(lab, page, calm):
    calm.wait_for_timeout(1100)  # no hand any more
    shown, seconds = pictures_shown(lab, calm)
    assert 1 <= shown <= seconds + 2
    calm.emulate_media(reduced_motion="no-preference")
    shown, _seconds = pictures_shown(lab, calm)
    assert shown == 40


def test_play_takes_one_step_and_nothing_goes_on_by_itself(calm):
    area = calm.locator(area_of("GraphExplorer"))
    count = area.locator(".nbkit-counter")
    assert area.locator("select[aria-label=Speed]").is_hidden()
    area.get_by_role("button", name="First step").click()
    area.get_by_role("button", name="One step").click()
    assert count.text_content().startswith("step 1 of")
    calm.wait_for_timeout(1500)
    assert count.text_content().startswith("step 1 of")
    area.get_by_role("button", name="Last step").click()
    area.get_by_role("button", name="One step").click()
    assert count.text_content().startswith("step 0 of")
    calm.emulate_media(reduced_motion="no-preference")
    area.get_by_role("button", name="Play").click()
    calm.emulate_media(reduced_motion="reduce")  # in the middle
    area.get_by_role("button", name="One step").wait_for()


def test_nothing_in_a_widget_glides(page, calm):
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate("() => document.querySelector('.noUi-target').classList.add('noUi-state-tap')")  # as after a click
    assert page.evaluate(MOVING) != []  # the handle of ipywidgets does
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


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


@pytest.fixture(params=[(400, 800), (640, 512)], ids=["narrow", "projector at 200 %"])
def narrow_page(request, page):
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))
    page.wait_for_timeout(500)  # sliders and pictures follow
    yield page
    page.set_viewport_size({"width": 1200, "height": 1000})


def test_on_a_narrow_page_everything_can_be_reached(narrow_page):
    areas = narrow_page.locator(".jp-CodeCell .jp-OutputArea-output:has(.nbkit-panel)")
    assert areas.count() > len(WIDGETS)  # the lively one stands last
    found = {name: areas.nth(i).evaluate(OUT_OF_REACH) for i, name in enumerate(WIDGETS)}
    assert {name: parts for name, parts in found.items() if parts} == {}
    wide = "all => all.filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.outerHTML.slice(0, 200))"
    assert areas.locator(".widget-box").evaluate_all(wide) == []  # pictures scroll by themselves, rows of controls wrap
    letters = areas.locator("svg.nbkit text").evaluate_all(
        "all => all.filter(one => one.getClientRects().length).map(one => "
        "parseFloat(getComputedStyle(one).fontSize) * Math.hypot(one.getScreenCTM().a, one.getScreenCTM().b))"
    )
    assert min(letters) > 6  # pixels: a picture is scrolled, not shrunk to dust
