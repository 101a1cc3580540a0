"""Voilà shows a notebook as a page of text and widgets: no code, everything moves, nothing leaves the machine."""

import os
import shutil
import sys

import pytest

from tests.browser.lab import NOTEBOOKS
from tests.server import Server, free_ports

NOTEBOOK = "01_computation_graph.ipynb"
SETTINGS = NOTEBOOKS.parent / "binder"


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """The address of a Voilà that was started as binder/README.md says, with nobody's settings."""
    folder = tmp_path_factory.mktemp("voila")
    shutil.copytree(NOTEBOOKS, folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    private = {
        name: str(folder / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    command = [
        sys.executable, "-m", "voila", "notebooks", f"--Voila.config_file_paths={SETTINGS}", "--no-browser",
        f"--port={port}", "--Voila.ip=127.0.0.1",
    ]  # fmt: skip
    server = Server(command, address, folder / "log", cwd=folder, env=os.environ | private)
    yield address
    server.close()


@pytest.fixture(scope="module")
def page(browser, voila):
    """A notebook in Voilà, and what its page has asked for and complained of."""
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.foreign, page.stopped, page.errors = [], [], []
    page.on("request", lambda r: None if r.url.startswith((voila, "data:", "blob:")) else page.foreign.append(r.url))
    page.on("requestfailed", lambda r: page.stopped.append(r.url) if r.failure == "csp" else page.errors.append(r.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.goto(f"{voila}/voila/render/{NOTEBOOK}", wait_until="commit")
    page.locator(".nbkit-graph-view").nth(3).wait_for()  # the last of the notebook
    yield page
    context.close()


def test_it_shows_text_and_widgets_but_no_code(page):
    assert page.get_by_role("heading", name="01 · A bill is a graph").is_visible()
    assert page.locator(".nbkit-graph-view").count() == 4
    assert page.locator(".jp-CodeCell .jp-InputArea, .jp-Editor").count() == 0
    assert page.get_by_text("GraphExplorer(bill, ranges=").count() == 0


def test_a_slider_that_is_moved_by_keyboard_changes_the_picture(page):
    values = page.locator(".nbkit-graph-view").first.locator("svg text.val")
    assert "220" in values.all_text_contents()
    handle = page.locator(".noUi-handle").first
    handle.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('svg.nbkit').textContent.includes('231')")
    assert page.locator(".widget-readout").first.inner_text() == "105"
    assert "220" not in values.all_text_contents()


def test_a_graph_steps(page):
    graph = page.locator(".nbkit-graph-view").first
    graph.get_by_role("button", name="First step (Home)").click()
    assert "step 0 of" in graph.locator(".nbkit-counter").inner_text()


def test_nothing_leaves_the_machine_and_nothing_else_is_wrong(page):
    assert sorted(page.foreign) == sorted(page.stopped)
    assert [error for error in page.errors if "Content Security Policy" not in error] == []
