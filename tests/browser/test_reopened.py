"""A notebook that was run, saved and opened again shows pictures, and no error; run again, it has its widgets."""

import json

from tests.browser.lab import NOTEBOOKS

CELLS = (
    "from nbkit import GraphExplorer, TrainingPlayground, Variable, draw",
    "GraphExplorer(Variable(2.0, 'x') * 3)",
    "TrainingPlayground()",
    "draw(Variable(2.0, 'x') * 3)",
)
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
DIRTY = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"


def reopened(lab, page):
    page.goto("about:blank")
    lab.open(page, "opened.ipynb")
    assert not page.evaluate(DIRTY)


def pictures_alone(page):
    """Wait until each output shows a picture, and no widget."""
    outputs = page.locator(".jp-OutputArea-output")
    outputs.nth(2).locator("img").wait_for()
    assert [outputs.nth(k).locator("img").count() for k in range(3)] == [1, 1, 1]
    assert page.get_by_text("A still picture of ").count() == 2
    return page.locator(".nbkit-panel").count() == 0 and "Error displaying" not in page.content()


def test_run_save_reopen(lab, own_page):
    page = own_page
    lab.write("opened.ipynb", *CELLS)
    lab.open(page, "opened.ipynb")
    assert lab.run_all(page) == []
    page.evaluate(SAVE)
    saved = json.loads((lab.root / "opened.ipynb").read_text("utf-8"))
    kinds = [set(output["data"]) for cell in saved["cells"] for output in cell["outputs"]]
    assert kinds == [{"text/html", "text/plain"}] * 2 + [{"text/html", "text/plain", "image/svg+xml"}]

    reopened(lab, page)  # the kernel still runs: so do the widgets
    page.locator(".nbkit-panel").nth(1).wait_for()
    lab.rendered(page)
    page.locator(".nbkit-panel .noUi-handle").first.press("ArrowRight")
    lab.settle(page)
    assert page.locator(".nbkit-graph-view text.val").first.text_content() != "2"

    lab.end_kernels()
    reopened(lab, page)
    assert pictures_alone(page)
    assert lab.run_all(page) == []
    assert page.locator(".nbkit-panel").count() == 2
    assert page.get_by_text("A still picture of ").count() == 0


def test_opening_a_notebook_changes_nothing_in_it_also_with_another_python(lab, own_page):
    made = json.loads((NOTEBOOKS / "02_backward.ipynb").read_text("utf-8"))
    made["metadata"]["language_info"]["version"] = "3.1.4"
    (lab.root / "opened.ipynb").write_text(json.dumps(made), "utf-8")
    lab.open(own_page, "opened.ipynb")
    lab.settle(own_page)
    assert not own_page.evaluate(DIRTY)
