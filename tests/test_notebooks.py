"""What every committed notebook must keep to; that its cells still print the same is nbval's part."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NAMES)
def notebook(request):
    return nbformat.read(FOLDER / request.param, as_version=nbformat.NO_CONVERT)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_series_is_numbered():
    assert NAMES
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", name) for name in NAMES)


def test_it_is_valid_and_runs_on_any_python3(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor >= 5) == (4, True)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata


def test_cells_ran_once_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_a_cell_that_ends_in_an_expression_shows_something(notebook):
    for cell in code_cells(notebook):
        assert cell.source.strip(), "an empty cell"
        last = ast.parse(cell.source).body[-1]
        prints = any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "print" for n in ast.walk(last))
        if isinstance(last, ast.Expr) or prints:
            assert cell.outputs, cell.source


def test_nothing_raised_and_nothing_was_written_to_stderr(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source


def test_cells_are_short_and_hide_nothing(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 15, cell.source
        assert not cell.source.rstrip().endswith(";"), cell.source
        assert "clear_output" not in cell.source
        assert "%matplotlib" not in cell.source


def test_a_picture_or_widget_leaves_a_png_behind(notebook):
    shown = [o.data for cell in code_cells(notebook) for o in cell.outputs if "data" in o]
    pictures = [data for data in shown if "image/svg+xml" in data or "application/vnd.jupyter.widget-view+json" in data]
    assert any("application/vnd.jupyter.widget-view+json" in data for data in pictures)
    assert all("image/png" in data for data in pictures)


def test_it_carries_no_path_of_a_machine(notebook):
    assert not re.search(r"/(home|Users|root|tmp|work)/|[A-Z]:\\\\", nbformat.writes(notebook))


def test_links_lead_somewhere(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith(("http://", "https://")):
            assert (FOLDER / target).exists(), target


def test_it_says_what_it_is_for(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook.cells[0].source.startswith("# ")
    for part in ("After this notebook you can", "What often goes wrong", "In three lines", "redict", "## Exercises"):
        assert part in text, part
    assert text.count("<summary>Solution</summary>") >= 2
