"""The whole website, built once for all workers and served to each; and a page in which a worker opens notebooks."""

import os
import re
import sqlite3
from contextlib import contextmanager

import pytest

from tests.browser.conftest import complaints, new_page
from tests.browser.lab import NOTEBOOKS
from tests.conftest import FAILED
from tests.live.host import Host
from tests.live.lite import MISSING, Lite

# Words of JupyterLite when a notebook is closed with its kernel, which is told to end twice; and of JupyterLab when it
# takes out the cells of a notebook that is shown, as "Reload Notebook from Disk" does, or is closed while drawing them.
OF_THE_SITE = re.compile(
    r"Session \S+ not found|NotFoundError: Failed to execute 'removeChild' on 'Node'|"
    r"Cannot read properties of null \(reading 'insertWidget'\)"
)
WITHOUT = {
    "WebAssembly": "delete window.WebAssembly;",
    "IndexedDB": "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); };",
}


@contextmanager
def one_at_a_time(folder):
    """Let one process after the other in; SQLite's lock is there on every system, and ends with a process that dies."""
    lock = sqlite3.connect(folder / "lock.sqlite", timeout=600, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()


def pytest_runtest_setup(item):
    """Skip what needs the site from here, so that the report has one line for all of it."""
    if "site" in item.fixturenames and not os.environ.get("NBKIT_PYODIDE"):
        pytest.skip(MISSING)


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The folder of the website: pages as stored, and the browser edition."""
    from nbkit.web import build  # it loads nbconvert, which takes a second
    from nbkit.web.languages import notebooks_in

    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    site, done = shared / "website", shared / "website is built"
    with one_at_a_time(shared):
        if not done.exists():
            build(notebooks_in(NOTEBOOKS), site, stored=True, live=True, pyodide=os.environ["NBKIT_PYODIDE"])
            done.touch()
    return site


@contextmanager
def served(site):
    host = Host(site)
    try:
        yield host
    finally:
        host.close()


@pytest.fixture(scope="session")
def worker_host(site):
    """The server from which this worker's notebooks come."""
    with served(site) as host:
        yield host


@pytest.fixture
def host(site):
    """A server for one test, which may count and change what it serves."""
    with served(site) as host:
        yield host


@pytest.fixture
def lite(host):
    return Lite(f"{host.address}live")


def trouble(page, host):
    """Return what a page has complained of, what it wanted of others, and what the site does not have."""
    # JupyterLite pings its service worker at the root of the host; if the worker did not answer, it would be missing.
    found = [words for words in complaints(page, host.origin) if not OF_THE_SITE.match(words)]
    found += [f"{path} is missing" for path in host.missing]
    host.missing.clear()
    return found


@pytest.fixture
def tab(host, browser):
    """A page of a browser that has never been here; the test fails if it asks for anything elsewhere, or complains."""
    page = new_page(browser)
    yield page
    page.context.close()
    assert page.asked  # or nothing is heard of what it asks
    assert trouble(page, host) == []


@pytest.fixture
def poor_tab(host, browser):
    """A function that returns a page of a browser that lacks something."""
    pages = []

    def poor(lack):
        page = new_page(browser, service_workers="block")
        page.context.add_init_script(WITHOUT[lack])
        pages.append(page)
        return page

    yield poor
    for page in pages:
        page.context.close()
        assert set(trouble(page, host)) <= {"undefined"}  # JupyterLite's own word where it gets no service worker


class Opened:
    """The page in which a worker opens one notebook after the other: the first one takes JupyterLite with it."""

    def __init__(self, host, browser):
        self.host, self.browser, self.page = host, browser, None
        self.lite = Lite(f"{host.address}live")

    def open(self, name):
        """Show a notebook as it is stored, with a new kernel."""
        if self.page is None:
            self.page = new_page(self.browser)
            self.lite.open(self.page, name)
        else:
            self.lite.change_to(self.page, name)
        return self.page

    def drop(self):
        if self.page is not None:
            self.page.context.close()
        self.page = None


@pytest.fixture(scope="session")
def opened(worker_host, browser):
    opened = Opened(worker_host, browser)
    yield opened
    opened.drop()


@pytest.fixture
def show(opened, request):
    """Open a notebook in the page of this worker; what goes wrong there is the test's, and the next gets a new page."""
    yield opened.open
    page, host = opened.page, opened.host
    found = trouble(page, host) if page else []
    if found or request.node.stash.get(FAILED, True):
        opened.drop()
    assert found == []
