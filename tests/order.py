"""A pytest plugin: tests run in random order, on whichever worker is free, except what has to stay together.

pytest-randomly shuffles, seeds ``random`` and NumPy, and says its seed in the first lines of the report;
``-p no:randomly`` keeps the order of the files, ``--randomly-seed=N`` repeats that of a report.
"""

import random
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell
from xdist.scheduler import LoadScopeScheduling

BROWSERS = [Path(__file__).with_name(name) for name in ("browser", "live")]
TOGETHER = ("test_site.py",)  # it writes the whole site for its tests
LONG = ("test_learner.py", "test_notebooks.py")  # up to a minute each: begun last, one worker would end long after


def is_in_a_browser(path):
    return any(Path(path).is_relative_to(folder) for folder in BROWSERS)


def is_single(path):
    """Whether the tests of a file share nothing but the page, so that any worker may take any of them."""
    return is_in_a_browser(path) and Path(path).name not in TOGETHER


class Scheduler(LoadScopeScheduling):
    """Sends a whole file to one worker, but the tests in a browser one by one."""

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return nodeid if is_single(self.config.rootpath / path) else path


def pytest_xdist_make_scheduler(config, log):
    return Scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Bring the cells of a notebook back into their order, and shuffle the tests of all browser files together.

    Tests in a browser come last: they take longest, so they fill all workers to the end, and they leave playwright's
    event loop running in the worker, where other tests start one of their own.
    """
    cells = [item for item in items if isinstance(item, IPyNbCell)]
    browser = [item for item in items if is_in_a_browser(item.path)]
    apart = {*cells, *browser}
    others = [item for item in items if item not in apart]
    cells.sort(key=lambda cell: (cell.path, cell.cell_num))
    if config.pluginmanager.hasplugin("randomly"):
        browser.sort(key=lambda item: item.nodeid)
        random.Random(config.getoption("randomly_seed")).shuffle(browser)
    browser.sort(key=lambda item: item.path.name not in LONG)
    together = [item for item in browser if not is_single(item.path)]
    items[:] = [*cells, *others, *together, *(item for item in browser if is_single(item.path))]
