"""The browser edition as a learner has it: JupyterLite in a page, its kernel in a worker of the page."""

from tests.browser.lab import CLOSE, IDLE, OPEN, WATCH, Lab, evaluate

MISSING = (
    "no Pyodide: put the path of an unpacked release (https://pyodide.org, 0.27.7) or of its archive into NBKIT_PYODIDE"
)


class Lite(Lab):
    """JupyterLite at an address below a host, with what `Lab` does in a page; there is no server to ask."""

    theme = "JupyterLab Light"

    def __init__(self, address):
        self.address = address.rstrip("/")

    def url(self, name):
        return f"{self.address}/lab/index.html?path={name}"

    def open(self, page, name):
        """Open a notebook in `page` and wait for its kernel."""
        page.goto(self.url(name))
        self.opened(page)

    def opened(self, page):
        page.locator(".jp-Notebook .jp-Cell:visible").first.wait_for()
        page.wait_for_function(IDLE)
        page.evaluate(WATCH, False)  # the kernel has no threads

    def change_to(self, page, name):
        """Open another notebook in the place of the one that stands there, which ends with its kernel."""
        evaluate(page, CLOSE)
        evaluate(page, OPEN, name)
        self.opened(page)
