"""The Chinese course in JupyterLab: chapters run, and the words of every widget are Chinese, whole and no boxes."""

import os

import nbformat
import pytest
from playwright.sync_api import expect

from nbkit.drawing.fonts import CJK
from tests.browser.axe import OURS, serious
from tests.browser.lab import NOTEBOOKS, OUTPUTS
from tests.browser.test_learner import words_of
from tests.browser.widgets import FIRST, PANEL, WIDGETS
from tests.chinese_font import has_font
from tests.translation.english import english_in_message

CHAPTERS = ["02_backward.ipynb", "07_gradient_descent.ipynb", "10_digits.ipynb", "11_playground.ipynb"]
FOLDER = "zh-CN"
# What can be read in a panel or heard from it, one text a line.
READ = """panel => {
    const heard = [...panel.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].flatMap(part =>
        ['aria-label', 'title', 'placeholder', 'alt'].map(name => part.getAttribute(name) ?? ''));
    const seen = [...panel.querySelectorAll('*:not(style, metadata)')].flatMap(part =>
        [...part.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent));
    return [...heard, ...seen].filter(text => text.trim() && text !== 'null');  // ipywidgets' tip of what has none
}"""
# Words of controls that do not fit into the room that they have, and texts that leave their picture or their box.
CUT = """panel => {
    const found = [];
    for (const part of panel.querySelectorAll('.widget-label, button, .widget-readout, label, th, td, select')) {
        const style = getComputedStyle(part);
        const isCut = style.overflowX !== 'visible' && part.scrollWidth > part.clientWidth + 1;
        if (part.checkVisibility() && part.textContent.trim() && isCut) found.push(part.textContent.trim());
    }
    for (const svg of panel.querySelectorAll('svg.nbkit')) {
        const whole = svg.viewBox.baseVal;
        for (const text of svg.querySelectorAll('text')) {
            if (!text.checkVisibility() || !text.textContent.trim()) continue;
            const box = text.getBBox();
            const matrix = svg.getCTM().inverse().multiply(text.getCTM());
            const ends = [[box.x, box.y], [box.x + box.width, box.y + box.height]]
                .map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
            const [left, right] = [Math.min(ends[0].x, ends[1].x), Math.max(ends[0].x, ends[1].x)];
            if (left < whole.x - 1 || right > whole.x + whole.width + 1)
                found.push('leaves the picture: ' + text.textContent);
            const frame = text.parentNode.querySelector(':scope > rect');
            if (frame && text.parentNode.matches('.node')) {
                const room = frame.getBBox();
                if (box.width > room.width + 1) found.push('wider than its box: ' + text.textContent);
            }
        }
    }
    return found;
}"""
# Texts of a picture that lie on each other.
OVERLAPS = """panel => [...panel.querySelectorAll('svg.nbkit')].flatMap(svg => {
    const texts = [...svg.querySelectorAll('text')].filter(text => text.checkVisibility() && text.textContent.trim());
    const boxes = texts.map(text => text.getBoundingClientRect());
    return texts.flatMap((one, i) => texts.slice(i + 1).flatMap((other, k) => {
        const [a, b] = [boxes[i], boxes[i + 1 + k]];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        return width > 3 && height > 5 ? [`${one.textContent} / ${other.textContent}`] : [];
    }));
})"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chinese_chapter_runs_and_shows_what_is_stored(lab, page, name):
    with lab.beside(page, f"{FOLDER}/{name}"):
        cells = nbformat.read(NOTEBOOKS / FOLDER / name, as_version=4).cells
        assert lab.run_all(page) == []
        stored = [cell.outputs for cell in cells if cell.cell_type == "code"]
        for outputs, kept in zip(page.evaluate(OUTPUTS), stored, strict=True):
            assert words_of(outputs) == words_of(kept)
        panels = page.locator(PANEL).locator("visible=true")
        expect(panels.first).to_be_visible()
        texts = [text for panel in panels.all() for text in panel.evaluate(READ)]
        assert [(text, found) for text in texts if (found := english_in_message(text))] == []
        assert [cut for panel in panels.all() for cut in panel.evaluate(CUT)] == []
        assert serious(page, *OURS) == []


def fonts_of(page, selector):
    """Return the fonts of the system with which the letters of elements are drawn: (family, letters)."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    told = [session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"] for node in nodes]
    session.detach()
    return {font["familyName"] for fonts in told for font in fonts}


def test_every_widget_speaks_chinese_and_its_words_have_room(lab, own_page):
    lab.write(f"{FOLDER}/all_widgets.ipynb", FIRST, *WIDGETS.values())
    lab.open(own_page, f"{FOLDER}/all_widgets.ipynb")
    assert lab.run_all(own_page) == []
    panels = own_page.locator(PANEL)
    expect(panels).to_have_count(len(WIDGETS))
    english, cut, overlaps = {}, {}, {}
    for name, panel in zip(WIDGETS, panels.all(), strict=True):
        english[name] = [(text, found) for text in panel.evaluate(READ) if (found := english_in_message(text))]
        cut[name], overlaps[name] = panel.evaluate(CUT), panel.evaluate(OVERLAPS)
    assert {name: found for name, found in english.items() if found} == {}
    assert {name: found for name, found in cut.items() if found} == {}
    assert {name: found for name, found in overlaps.items() if found} == {}
    fonts = fonts_of(own_page, f"{PANEL} svg text, {PANEL} .widget-label, {PANEL} button")
    if os.environ.get("NBKIT_BROWSER") == "required" or has_font():
        assert fonts.intersection(name for names in CJK.values() for name in names), fonts
