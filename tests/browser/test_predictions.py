"""The answer to a prediction stays out of sight until its cell runs, and nothing of it can be read before."""

import nbformat
from playwright.sync_api import expect

from tests.browser.lab import NOTEBOOKS
from tests.execute import is_hidden

CHAPTER = "01_computation_graph.ipynb"
# What can be read beside the dots of hidden outputs, where JupyterLab writes the first line of the first of them.
BESIDE_DOTS = """() => [...document.querySelectorAll('.jp-OutputPlaceholder')]
    .map(dots => dots.innerText.replaceAll(/[.…\\s]/g, ''))"""


def test_running_a_cell_shows_its_answer_and_no_other(lab, own_page):
    page = own_page
    cells = nbformat.read(NOTEBOOKS / CHAPTER, as_version=4).cells
    hidden = [number for number, cell in enumerate(cells) if is_hidden(cell) and cell.outputs]
    bill = next(number for number in hidden if "bill: 220 yen" in str(cells[number].outputs))
    lab.open(page, CHAPTER)
    rows = page.locator(".jp-Notebook .jp-Cell")
    expect(rows.nth(bill).locator(".jp-OutputPlaceholder")).to_be_visible()
    assert page.evaluate(BESIDE_DOTS) == [""] * len(hidden)
    assert "220" not in rows.nth(bill).inner_text()

    rows.nth(bill).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(rows.nth(bill).locator(".jp-OutputArea-output")).to_contain_text("bill: 220 yen")
    expect(rows.nth(bill).locator(".jp-OutputPlaceholder")).to_have_count(0)
    expect(page.locator(".jp-OutputPlaceholder")).to_have_count(len(hidden) - 1)


def test_without_its_cover_a_hidden_output_could_be_read(lab, own_page):
    """Else the test above would look at the wrong place."""
    made = nbformat.read(NOTEBOOKS / CHAPTER, as_version=4)
    for cell in made.cells:
        if is_hidden(cell):
            cell.outputs = cell.outputs[1:]
    nbformat.write(made, lab.root / "uncovered.ipynb")
    lab.open(own_page, "uncovered.ipynb")
    expect(own_page.locator(".jp-OutputPlaceholder").first).to_be_visible()
    assert any("bill:220yen" in text for text in own_page.evaluate(BESIDE_DOTS))
