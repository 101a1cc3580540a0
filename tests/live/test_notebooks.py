"""Every notebook in the browser edition, from top to bottom: it shows what is stored, compared as nbval does."""

import pytest
from nbformat import from_dict
from nbval.plugin import IPyNbFile

from tests.browser.lab import NOTEBOOKS, OUTPUTS, RUN_ALL, evaluate
from tests.findings import difference

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
# Cells that show something else in a tab, by notebook: each with the reason. One that shows what is stored fails, too.
DIFFERENT = {
    "13_from_layers_to_autodiff.ipynb": {
        "13-90": "of two layouts that are as good, Graphviz as WebAssembly takes the other one",
    },
}


def joined(outputs):
    """Return the outputs of a cell as nbformat reads them: texts in one piece."""
    for output in outputs:
        for bundle in (output, output.get("data", {})):
            for kind, value in bundle.items():
                if isinstance(value, list) and kind != "traceback":
                    bundle[kind] = "".join(value)
    return from_dict(outputs)


def differences(notebook, came):
    """Return by the id of a cell how what came differs from what is stored, where nbval finds that it does."""
    found = {}
    for cell, outputs in zip(notebook.collect(), came, strict=True):
        cell.test_outputs = joined(outputs)
        if cell.options["check"] and not cell.compare_outputs(cell.test_outputs, cell.cell.outputs):
            found[cell.cell.id] = "\n".join(difference(cell))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_in_a_tab_what_is_stored(opened, show, request, name):
    notebook = IPyNbFile.from_parent(request.session, path=NOTEBOOKS / name)
    notebook.setup_sanitize_files()
    page = show(name)
    evaluate(page, RUN_ALL)
    opened.lite.rendered(page)
    found, known = differences(notebook, page.evaluate(OUTPUTS)), DIFFERENT.get(name, {})
    new = [f"cell {cell}:\n{lines}" for cell, lines in found.items() if cell not in known]
    assert not new, "\n\n".join(new)
    assert known.keys() <= found.keys(), "a cell that is said to differ shows what is stored: take it from the list"


def test_a_cell_that_shows_something_else_is_found(request):
    """Or the tests above would say nothing."""
    notebook = IPyNbFile.from_parent(request.session, path=NOTEBOOKS / "00_start_here.ipynb")
    notebook.setup_sanitize_files()
    stored = [cell.cell.outputs for cell in notebook.collect()]
    assert differences(notebook, stored) == {}
    outputs = next(outputs for outputs in stored if outputs and "text" in outputs[0])
    outputs[0].text = outputs[0].text.replace("3", "4")
    (words,) = differences(notebook, stored).values()
    assert "+3" not in words
    assert "apples at" in words
