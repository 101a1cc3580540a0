"""Voilà shows a notebook as a page of text and widgets: no code, everything moves, nothing leaves the machine."""

import os
import shutil
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import new_page
from tests.browser.lab import NOTEBOOKS
from tests.server import Server, free_ports

NOTEBOOK = "01_computation_graph.ipynb"
SETTINGS = NOTEBOOKS.parent / "binder"


@pytest.fixture
def voila(tmp_path):
    """The address of a Voilà that was started as binder/README.md says, with nobody's settings."""
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS / NOTEBOOK, tmp_path / "notebooks")
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    private = {
        name: str(tmp_path / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    command = [
        sys.executable, "-m", "voila", "notebooks", f"--Voila.config_file_paths={SETTINGS}", "--no-browser",
        f"--port={port}", "--Voila.ip=127.0.0.1",
    ]  # fmt: skip
    server = Server(command, address, tmp_path / "log", cwd=tmp_path, env=os.environ | private)
    yield address
    server.close()


@pytest.fixture
def visit(browser):
    """An empty page that keeps what it asks for and what could not be had, beside its errors."""
    page = new_page(browser)
    page.requests, page.failed = [], []
    page.on("request", lambda request: page.requests.append(request))
    page.on("requestfailed", lambda request: page.failed.append(request))
    yield page
    page.context.close()


def test_a_notebook_is_a_page_without_code_whose_widgets_work_and_nothing_leaves_the_machine(visit, voila):
    visit.goto(f"{voila}/voila/render/{NOTEBOOK}", wait_until="commit")
    graphs = visit.locator(".nbkit-graph-view svg.nbkit")
    expect(graphs).to_have_count(4)  # the kernel starts, and runs the notebook
    assert visit.get_by_role("heading", name="01 · A bill is a graph").is_visible()
    assert visit.locator(".jp-CodeCell .jp-InputArea, .jp-Editor").count() == 0
    assert visit.get_by_text("GraphExplorer(bill, ranges=").count() == 0

    area = visit.locator(".jp-OutputArea-output:has(.nbkit-graph-view)").first
    values, readout = area.locator("svg text.val"), area.locator(".widget-readout").first
    assert "220" in values.all_text_contents()
    area.locator(".widget-inline-hbox:has(> .widget-label:text-is('apple')) .noUi-handle").press("ArrowRight")
    expect(values.filter(has_text="231")).to_have_count(1)
    assert readout.inner_text() == "105"
    assert "220" not in values.all_text_contents()

    area.get_by_role("button", name="First step (Home)").click()
    expect(area.locator(".nbkit-counter")).to_have_text("the start")

    # What asks another machine is held up by the page's own rule for it, and complains of that and of nothing else.
    here = (voila, "data:", "blob:")
    foreign = [request for request in visit.requests if not request.url.startswith(here)]
    assert [request.url for request in foreign if request.response() or request.failure != "csp"] == []
    assert [request.url for request in visit.failed if request.url.startswith(here)] == []
    assert [error for error in visit.errors if "Content Security Policy" not in error] == []
