"""One JupyterLab, one browser and one notebook for all browser tests of a worker; each test finds them like new."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.lab import SCRATCH, Lab
from tests.conftest import FAILED

SIZE = {"width": 1200, "height": 1000}
PATIENCE = 120_000  # milliseconds until a wait has failed; only a test that fails waits so long
# JupyterLab's own words when a page is closed soon after it was opened, or changes its theme; and anywidget's when a
# busy machine takes more than two seconds for the module of a widget, which comes all the same: tests wait for it.
OF_THE_LAB = (
    "Could not restore the debugger state",
    "Failed to execute 'removeChild' on 'Node'",
    "[anywidget] Failed to initialize model.",
)
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"), rounding="1")  # what is seen depends on no last digit
    yield lab
    lab.close()


@pytest.fixture
def lab(server):
    """The JupyterLab of this worker; the test fails if the server or a kernel asks the network for anything."""
    server.forget()
    yield server
    asked = server.requests.read_text() if server.requests.exists() else ""
    server.requests.unlink(missing_ok=True)
    assert asked == "", "JupyterLab or a kernel asked the network"


def new_page(browser, **options):
    """Return a page of its own, which keeps the addresses that it asks for and the errors that it reports."""
    context = browser.new_context(**{"viewport": SIZE} | options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.asked, page.errors = [], []
    context.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda socket: page.asked.append(socket.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    return page


def complaints(page, address):
    """Return the errors that a page has reported since it was last asked, and what it wanted of other machines."""
    here = (address, address.replace("http", "ws", 1), "data:", "blob:", "about:")
    found = [url for url in page.asked if not url.startswith(here)]
    found += [error for error in page.errors if not error.startswith(OF_THE_LAB)]
    page.asked.clear()
    page.errors.clear()
    return found


@contextmanager
def fresh_page(browser, lab, **options):
    """A page for one purpose; leaving it fails if the page has reported an error, or asked another machine."""
    page = new_page(browser, **options)
    try:
        yield page
        if page.url.startswith(lab.address):
            lab.shut_down(page)
    finally:
        page.context.close()
    assert page.asked  # or nothing is heard of what it asks
    assert complaints(page, lab.address) == []


@pytest.fixture
def own_page(browser, lab):
    """A page for a test that opens notebooks, or does to a page what others must not find done."""
    with fresh_page(browser, lab) as page:
        yield page


class Shared:
    """The page with an open notebook that a worker's tests have one after the other: opening one takes seconds."""

    page = None

    def __init__(self, browser, lab):
        self.browser, self.lab = browser, lab

    def like_new(self):
        """Return the page as it was when it had just been opened; a new one if there is none, or none to rely on."""
        if self.page is not None:
            try:
                self.reset()
            except Exception:  # whatever it is, the next test must not suffer from it
                self.drop()
        if self.page is None:
            self.page = new_page(self.browser)
            self.lab.open(self.page, SCRATCH)
        return self.page

    def reset(self):
        page, lab = self.page, self.lab
        page.mouse.up()
        page.mouse.move(0, 0)
        page.emulate_media(reduced_motion="no-preference")
        page.set_viewport_size(SIZE)
        lab.clean(page)
        lab.set_theme(page, lab.theme)
        complaints(page, lab.address)

    def drop(self):
        if self.page is not None:
            self.page.context.close()
            self.lab.end_kernels()
        self.page = None


@pytest.fixture(scope="session")
def shared(browser, server):
    shared = Shared(browser, server)
    yield shared
    shared.drop()


@pytest.fixture
def page(shared, lab, request):
    """A page with an empty notebook and its kernel; what a test does there is undone before the next one.

    ``lab.show(page, "GraphExplorer(x * y)")`` puts cells into the notebook and runs them.
    """
    page = shared.like_new()
    yield page
    found = complaints(page, lab.address)
    if found or request.node.stash.get(FAILED, False):
        shared.drop()
    assert found == []
