"""What a learner does with each notebook: open it, look, and run it, by day and in the dark."""

import re

import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns
from playwright.sync_api import expect

from tests.browser.axe import OURS, serious
from tests.browser.lab import NOTEBOOKS, OUTPUTS, THEMES
from tests.browser.test_predictions import BESIDE_DOTS
from tests.execute import is_hidden

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
SANITIZE = get_sanitize_patterns((NOTEBOOKS.parent / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf-8"))
WIDGET = "application/vnd.jupyter.widget-view+json"
PIXELS = ("image/png", WIDGET)  # what differs from run to run: see nbval
PICTURES = (
    """() => [...document.querySelectorAll('.jp-OutputArea-output img')].map(i => [i.naturalWidth, i.alt.length])"""
)
BRIGHT = """() => [...document.querySelectorAll('.jp-OutputArea-output img')]
    .filter(image => image.checkVisibility() && getComputedStyle(image).filter === 'none').length"""
STILL = "figcaption:visible:has-text('To move it, click here')"
DIRTY = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
LOADED = "() => [...document.querySelectorAll('.jp-OutputArea-output img')].every(i => i.complete)"


def words_of(outputs):
    """Return what can be read in the outputs of a cell, by kind, as nbval compares it."""
    found = {}
    for output in outputs:
        for kind, text in output.get("data", {output.get("name"): output.get("text", "")}).items():
            if kind not in PIXELS:
                text = "".join(text)
                for pattern, other in SANITIZE:
                    text = re.sub(pattern, other, text)
                found[kind] = found.get(kind, "") + text
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_as_a_learner_meets_it(lab, page, name):
    """Untrusted first, then run in a kernel that rounds as other processors do, then with an eye on accessibility."""
    with lab.beside(page, name):
        page.wait_for_function(LOADED)
        for width, words in page.evaluate(PICTURES):
            assert width > 100
            assert words >= 20
        assert not page.evaluate(DIRTY)
        cells = [cell for cell in nbformat.read(NOTEBOOKS / name, as_version=4).cells if cell.cell_type == "code"]
        hidden = [cell for cell in cells if is_hidden(cell) and cell.outputs]
        stored = [o for cell in cells if not is_hidden(cell) for o in cell.outputs if WIDGET in o.get("data", {})]
        expect(page.locator(STILL)).to_have_count(len(stored))
        assert page.evaluate(BESIDE_DOTS) == [""] * len(hidden)

        assert lab.run_all(page) == []
        assert page.get_by_text(re.compile("Error displaying widget|Model not found")).count() == 0
        assert page.locator(".widget-vbox svg.nbkit").count() >= 1
        expect(page.locator(STILL)).to_have_count(0)
        assert page.evaluate(BESIDE_DOTS) == []
        for cell, outputs in zip(cells, page.evaluate(OUTPUTS), strict=True):
            assert words_of(outputs) == words_of(cell.outputs), cell.source

        assert serious(page, *OURS) == []
        lab.set_theme(page, THEMES[1])
        assert page.evaluate(BRIGHT) == 0
        assert serious(page, *OURS, rules={"color-contrast": True}) == []  # the others do not depend on the theme
