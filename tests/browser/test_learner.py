"""What a learner does: open a notebook, look, run it, move what can be moved, and see the picture follow."""

import re

import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns
from playwright.sync_api import expect

from tests.browser.axe import OURS, serious
from tests.browser.lab import NOTEBOOKS, OUTPUTS, THEMES, cells_of, slider

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
SANITIZE = get_sanitize_patterns((NOTEBOOKS.parent / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf-8"))
PIXELS = ("image/png", "application/vnd.jupyter.widget-view+json")  # what differs from run to run: see nbval
PICTURES = (
    """() => [...document.querySelectorAll('.jp-OutputArea-output img')].map(i => [i.naturalWidth, i.alt.length])"""
)
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
        widths, words = zip(*page.evaluate(PICTURES), strict=True)
        assert min(widths) > 100
        assert min(words) >= 20
        assert page.get_by_text("run this cell to touch it").count() == 0

        assert lab.run_all(page) == []
        assert page.get_by_text(re.compile("Error displaying widget|Model not found")).count() == 0
        assert page.locator(".widget-vbox svg.nbkit").count() >= 1
        cells = [cell for cell in nbformat.read(NOTEBOOKS / name, as_version=4).cells if cell.cell_type == "code"]
        for cell, outputs in zip(cells, page.evaluate(OUTPUTS), strict=True):
            assert words_of(outputs) == words_of(cell.outputs), cell.source

        assert serious(page, *OURS) == []
        lab.set_theme(page, THEMES[1])
        assert serious(page, *OURS, rules=["color-contrast"]) == []  # the others do not depend on the theme


@pytest.fixture
def bill(lab, page):
    """The first explorer of chapter 01."""
    lab.show(page, *cells_of("01_computation_graph.ipynb", 'bill.name = "bill"', "GraphExplorer(bill"))
    return page.locator(".jp-OutputArea-output:has(.widget-vbox svg.nbkit)").last


def numbers(area, kind):
    return area.locator(f"text.{kind}").all_text_contents()


def test_an_input_slider_moves_every_value_and_gradient(lab, page):
    """The shop, with gradients."""
    lab.show(page, *cells_of("01_computation_graph.ipynb", "shop =", "GraphExplorer(shop"))
    area = page.locator(".jp-OutputArea-output:has(.widget-vbox text.grad)").first
    before = numbers(area, "val"), numbers(area, "grad")
    assert {"100", "200", "715"} <= set(before[0])
    assert {"← 2.2", "← 110"} <= set(before[1])
    slider(area, "apple").press("ArrowRight")
    lab.settle(page)
    assert {"105", "210", "660", "726"} <= set(numbers(area, "val"))
    assert "← 115.5" in numbers(area, "grad")
    slider(area, "tax").press("End")
    lab.settle(page)
    assert "← 3" in numbers(area, "grad")  # 2 apples with the highest tax


def test_a_number_can_be_typed_over(lab, page, bill):
    bill.locator(".widget-inline-hbox:has(.widget-label:text-is('apple')) .widget-readout").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("250")
    page.keyboard.press("Enter")
    lab.settle(page)
    assert "550" in numbers(bill, "val")


def test_a_live_picture_follows_the_theme_at_once(lab, page, bill):
    value = bill.locator("svg.nbkit text.val").first
    expect(value).to_have_css("fill", "rgb(0, 81, 143)")
    lab.set_theme(page, THEMES[1])
    expect(value).to_have_css("fill", "rgb(124, 196, 255)")
