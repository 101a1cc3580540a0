"""A learner solves an exercise, saves, and sees it on the map."""

import re
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

DIRTY = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
IN_SIGHT = """heading => {
    const { top, bottom } = heading.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""
COPY = "01_computation_graph-Copy1.ipynb"  # tests share the notebook itself


@pytest.fixture
def chapter(lab, page):
    """The numbers of the cells of an open copy of chapter 01, by their ids."""
    shutil.copy(lab.root / "01_computation_graph.ipynb", lab.root / COPY)
    ids = [cell.id for cell in nbformat.read(lab.root / COPY, as_version=4).cells]
    with lab.beside(page, COPY):
        yield {cell_id: place for place, cell_id in enumerate(ids)}
    (lab.root / COPY).unlink()


def answer(page, dots, text):
    """Type an answer over the dots of an exercise, and run it with Shift+Enter; return its cell."""
    cell = page.locator(".jp-CodeCell:visible").filter(has_text=dots)
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def test_what_is_solved_and_saved_is_on_the_map_and_what_is_wrong_has_a_link(lab, page, chapter):
    lab.run_cell(page, chapter["01-01"])
    answer(page, "pears_and_melons = ...", 'check("01.bill", (4 * 80 + 2 * 120) * 1.08)')
    answer(page, "order = ...", 'check("01.order", ["+", "apples ×", "oranges ×", "tax ×"])')
    expect(page.get_by_text("✓ Right")).to_be_visible()
    shown = page.locator(".jp-Cell:visible").nth(chapter["01-progress"]).locator(".jp-OutputArea-output")

    lab.run_cell(page, chapter["01-progress"])
    expect(shown).to_contain_text(re.compile(r": 0 of \d+ exercises solved, 0 open"))  # nothing is saved yet
    page.keyboard.press("ControlOrMeta+S")
    page.wait_for_function(f"() => !({DIRTY})()")
    lab.run_cell(page, chapter["01-progress"])
    expect(shown).to_contain_text(re.compile(r": 1 of \d+ exercises solved, 1 open"))
    expect(shown).to_contain_text(f"Chapter 01 is counted in {COPY}")
    expect(shown.get_by_role("img")).to_have_attribute(
        "alt", re.compile(r"01 a bill 1 of 3, 1 open; .*Go on with 01\.")
    )

    heading = page.locator("h2:visible", has_text="Exercises")
    assert not heading.evaluate(IN_SIGHT)
    shown.get_by_role("listitem").filter(has_text="01.order").get_by_role("link").click()
    page.wait_for_function(f"heading => ({IN_SIGHT})(heading)", arg=heading.element_handle())
