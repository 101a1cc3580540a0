"""What every committed notebook must keep to; that its cells still print the same is nbval's part."""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat

from tests.each import of_each, of_each_name
from tests.execute import without_cover

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))


@cache
def read(name):
    return nbformat.read(FOLDER / name, as_version=nbformat.NO_CONVERT)


def of_each_notebook(question):
    """Ask a question about the content of each notebook, which is read once for all questions."""
    return of_each([(name, name) for name in NAMES])(lambda name: question(read(name)))


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_series_is_numbered():
    assert NAMES
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", name) for name in NAMES)


@of_each_notebook
def test_it_is_valid_and_runs_on_any_python3(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor >= 5) == (4, True)
    assert "widgets" not in notebook.metadata


# What JupyterLab writes when it has asked the kernel; nbconvert needs it, to write a script as .py.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


@of_each_notebook
def test_opening_it_changes_nothing_in_it(notebook):
    """The version of Python is left to the course's server: see `name_python` in nbkit/server.py."""
    metadata = {name: dict(part) for name, part in notebook.metadata.items()}
    assert re.fullmatch(r"3\.\d+\.\d+", metadata["language_info"].pop("version"))
    assert metadata == {"kernelspec": KERNEL, "language_info": LANGUAGE, "nbkit": {"language": "en"}}
    assert {name for cell in notebook.cells for name in cell.metadata} <= {"tags", "jupyter"}


def test_it_can_be_written_as_a_script():
    from nbconvert.exporters import ScriptExporter

    code, resources = ScriptExporter().from_notebook_node(read(NAMES[0]))
    assert resources["output_extension"] == ".py"
    ast.parse(code)


@of_each_notebook
def test_cells_ran_once_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


@of_each_notebook
def test_a_cell_that_ends_in_an_expression_shows_something(notebook):
    for cell in code_cells(notebook):
        assert cell.source.strip(), "an empty cell"
        last = ast.parse(cell.source).body[-1]
        prints = any(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "print" for n in ast.walk(last))
        prints = prints and not isinstance(last, ast.FunctionDef)  # which prints when it is called
        if isinstance(last, ast.Expr) or prints:
            assert cell.outputs, cell.source


@of_each_notebook
def test_nothing_raised_and_nothing_was_written_to_stderr(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source


@of_each_notebook
def test_cells_are_short_and_hide_nothing(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 15, cell.source
        assert not cell.source.rstrip().endswith(";"), cell.source
        assert "clear_output" not in cell.source
        assert "%matplotlib" not in cell.source


@of_each_notebook
def test_every_picture_has_words_and_a_widget_leaves_one_behind(notebook):
    shown = [o.data for cell in code_cells(notebook) for o in without_cover(cell.outputs) if "data" in o]
    widgets = [data for data in shown if "application/vnd.jupyter.widget-view+json" in data]
    assert widgets
    pictures = re.findall("<img .*?>", "".join(data.get("text/html", "") for data in shown))
    # A bare picture has no words in JupyterLab, and not every page shows SVG: see nbkit/drawing/still.py.
    bare = [data["text/plain"] for data in shown if "text/html" not in data and any("image/" in kind for kind in data)]
    assert bare == []
    assert [data["text/plain"] for data in widgets if "<img " not in data.get("text/html", "")] == []
    wordy = re.compile('<img alt="[^"]{20,}" width="\\d+" src="data:image/png;')
    assert [picture[:80] for picture in pictures if not wordy.match(picture)] == []


@of_each_notebook
def test_every_picture_of_the_text_has_words(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    words = re.findall(r"!\[(.*?)\]\(", text) + re.findall(r'<img(?=[^>]* alt="([^"]*)")', text)
    assert len(words) == text.count("![") + text.count("<img")
    assert all(len(word) >= 20 for word in words)


@of_each_notebook
def test_it_carries_no_path_of_a_machine(notebook):
    written = re.sub(r"base64,[\w+/=]+", "", nbformat.writes(notebook))  # in pixels anything may stand, by chance
    assert not re.search(r"/(home|Users|root|tmp|work)/|[A-Z]:\\\\", written)


@of_each_notebook
def test_links_lead_somewhere(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith(("http://", "https://")):
            assert (FOLDER / target).exists(), target


def titles():
    """The head of each notebook without its #, by file name."""
    return {name: read(name).cells[0].source.splitlines()[0].removeprefix("# ") for name in NAMES}


@of_each_name(NAMES)
def test_its_last_lines_lead_back_and_on(name):
    last, named, place = read(name).cells[-1].source, titles(), NAMES.index(name)
    if place:
        before = NAMES[place - 1]
        assert f"Back: [{named[before]}]({before})" in last
    after = NAMES[place + 1] if place + 1 < len(NAMES) else NAMES[0]
    assert f"[{named[after]}]({after})" in last, "the last notebook leads to the map, every other one to the next"


@of_each_name(["00_start_here.ipynb", "README.md"])
def test_maps_show_every_chapter(page):
    """The table of chapter 00, and the one for teachers."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    missing = [f"[{title}]({name})" for name, title in titles().items() if name != page]
    assert [link for link in missing if f"| {link} |" not in text] == []


@of_each_notebook
def test_it_says_what_it_is_for(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook.cells[0].source.startswith("# ")
    for part in ("After this notebook you can", "What often goes wrong", "In three lines", "redict", "## Exercises"):
        assert part in text, part
    assert text.count("<summary>Solution</summary>") >= 2
