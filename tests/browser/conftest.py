"""One JupyterLab and one browser for all browser tests of a worker."""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab import FLAGS, Lab, find_browser

HERE = Path(__file__).parent
# JupyterLab's own words when a page is closed soon after it was opened, or changes its theme.
OF_THE_LAB = ("Could not restore the debugger state", "Failed to execute 'removeChild' on 'Node'")


def pytest_collection_modifyitems(items):
    """Try a browser test once more where it fails: two servers, a browser and a kernel share two cores here.

    The report names it (``RERUN``). Who meets one there looks for what the test should have waited for.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser():
    path = find_browser()
    if path is None:
        message = "no Chromium, Chrome or Edge found; on Debian or Ubuntu: sudo apt-get install chromium"
        if os.environ.get("NBKIT_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def lab(server):
    lab = server  # one for all modules of a worker: to start it takes seconds
    lab.forget()
    yield lab
    assert not lab.requests.exists(), f"JupyterLab or a kernel asked the network:\n{lab.requests.read_text()}"


@contextmanager
def fresh_page(browser, lab, **options):
    """A page of its own; leaving it fails if the page has reported an error, or asked another machine for anything."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 1000}} | options)
    here, asked = (lab.address, lab.address.replace("http", "ws", 1), "data:", "blob:", "about:"), []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("websocket", lambda socket: asked.append(socket.url))
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    if page.url.startswith(lab.address):
        lab.shut_down(page)
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith(here)] == []
    assert [error for error in errors if not error.startswith(OF_THE_LAB)] == []


@pytest.fixture
def page(browser, lab):
    """A page for one test."""
    with fresh_page(browser, lab) as page:
        yield page


@pytest.fixture(scope="module")
def module_page(browser, lab):
    """A page for all tests of a module, which start from a notebook that is run anew: opening one takes seconds."""
    with fresh_page(browser, lab) as page:
        yield page
