"""What nbkit does where Python runs in a browser tab: seen here by telling it that it does."""

import importlib.util
import logging
import sys
import time
from types import ModuleType

import IPython
import numpy as np
import pytest
import tqdm
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from nbkit import SetupCheck, TrainingPlayground, Variable, browser, datasets, draw, plots, progress
from nbkit.bugs import time_limit
from nbkit.drawing import fonts, still
from tests.drawing.test_still import image_in

FIGURES = [
    "plots.loss_curve(h)",
    "from nbkit.plots import confusion",
    "import nbkit.plots as p",
    "from nbkit import draw, plots as p",
    "f(nbkit . plots . f)",
]
NO_FIGURES = ["from nbkit import check, plots, progress", "subplots.x", "plots_of.x", "draw(graph)", "import numpy"]


@pytest.fixture
def drawing():
    return draw(Variable(2.0, "x") * 3)


@pytest.fixture
def in_a_tab(drawing, monkeypatch):  # drawn before: Graphviz, too, is another one in a browser
    monkeypatch.setattr(sys, "platform", "emscripten")


@pytest.fixture
def shell(monkeypatch):
    """A shell of IPython that has been prepared, and keeps nothing on the disk."""
    monkeypatch.setattr(InteractiveShell, "init_history", lambda self: None)
    made = InteractiveShell()
    made.history_manager = None
    monkeypatch.setattr(IPython, "get_ipython", lambda: made)
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    browser.prepare()
    yield made
    logger.setLevel(level)


def lack(monkeypatch, package):
    monkeypatch.setattr(browser, "find_spec", lambda name: None if name == package else object())


def test_a_picture_is_saved_as_svg_and_the_refusal_of_png_leaves_no_file(drawing, in_a_tab, tmp_path):
    with pytest.raises(ValueError, match=r"no PNG of a picture: save it as \.svg"):
        drawing.save(tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []
    assert drawing.save(tmp_path / "a.svg").read_text("utf-8") == drawing.svg


def test_a_large_picture_stays_svg(drawing, in_a_tab, monkeypatch):
    monkeypatch.setattr(still, "MAX_SVG_BYTES", 10)
    assert image_in(drawing)[0] == "svg+xml"


def test_the_set_up_check_asks_for_no_package_of_a_server(in_a_tab):
    said = SetupCheck().versions.value
    assert " in this browser tab, nbkit " in said
    assert f"numpy {np.__version__}" in said
    assert "jupyterlab" not in said


@pytest.mark.parametrize("drive", [True, False])
def test_without_a_service_worker_what_looks_for_a_file_says_why_there_is_none(in_a_tab, monkeypatch, tmp_path, drive):
    monkeypatch.setattr(browser, "DRIVE", str(tmp_path if drive else tmp_path / "drive"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no file 'points\.csv' in the folder ") as missing:
        datasets.read_csv("points.csv")
    with pytest.raises(ValueError, match="is a folder") as no_file:
        datasets.read_csv(tmp_path)
    playground = TrainingPlayground()
    playground.save()
    said = [
        str(missing.value),
        repr(progress()),
        progress()._repr_mimebundle_()["text/plain"],
        playground.message.value,
    ]
    assert [words.endswith(f": {browser.UNSEEN}") or f": {browser.UNSEEN}." in words for words in said] == 4 * [
        not drive
    ]
    assert (tmp_path / "playground.npz").is_file()
    assert browser.UNSEEN not in str(no_file.value)


def test_signs_without_a_font_are_told_of_without_an_advice_that_cannot_be_followed(in_a_tab, monkeypatch, capsys):
    monkeypatch.setattr(fonts, "REPORTED", set())
    fonts.report_missing("苹")
    said = capsys.readouterr().err
    assert said.startswith("Python has no font with 苹 in a browser tab")
    assert "nstall" not in said


def test_names_are_completed_without_jedi(shell, monkeypatch):
    shell.Completer.use_jedi = True  # as JupyterLite's kernel has it
    browser.prepare()
    assert shell.Completer.use_jedi
    lack(monkeypatch, "jedi")
    browser.prepare()
    shell.user_ns["thing"] = Variable(2.0, "x")
    with provisionalcompleter():
        found = [completion.text for completion in shell.Completer.completions("thing.gr", 8)]
    assert found == [".grad"]


@pytest.mark.parametrize("source", FIGURES)
def test_a_cell_with_a_figure_names_matplotlib_until_it_is_there(shell, monkeypatch, source):
    lack(monkeypatch, "matplotlib")
    assert "import matplotlib" in shell.transform_cell(source).splitlines()
    lack(monkeypatch, None)
    assert shell.transform_cell(source).strip() == source


@pytest.mark.parametrize("source", NO_FIGURES)
def test_other_cells_stay_as_they_are(shell, monkeypatch, source):
    lack(monkeypatch, "matplotlib")
    assert shell.transform_cell(source).strip() == source


def test_bars_of_tqdm_have_no_thread(shell, monkeypatch):
    monkeypatch.setattr(tqdm.tqdm, "monitor_interval", 10)
    shell.run_cell("1 + 1")
    assert tqdm.tqdm.monitor_interval == 10
    shell.run_cell("import tqdm")
    assert tqdm.tqdm.monitor_interval == 0


def test_the_search_for_fonts_is_no_warning(shell):
    assert not logging.getLogger("matplotlib.font_manager").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("kernel", ["ipykernel", "pyodide_kernel"])
def test_figures_get_words_in_notebooks_of_both_kernels(shell, monkeypatch, kernel):
    for name in plots.KERNELS:
        monkeypatch.delitem(sys.modules, name, raising=False)
    plots.show_figures_with_words()
    assert not shown(shell)
    monkeypatch.setitem(sys.modules, kernel, ModuleType(kernel))
    plots.show_figures_with_words()
    assert shown(shell)


def shown(shell):
    data, _metadata = shell.display_formatter.format(plots.loss_curve([2.0, 1.0]))
    return "<img alt=" in data.get("text/html", "")


def test_code_without_an_end_is_stopped_where_threads_have_no_clock(monkeypatch):
    monkeypatch.delattr(time, "thread_time")
    spec = importlib.util.spec_from_file_location("time_limit_in_a_tab", time_limit.__file__)
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)

    def forever():
        with copy.time_limit(0.01):
            while copy.look_at_the_clock():
                pass

    with pytest.raises(copy.OutOfTime):
        forever()
