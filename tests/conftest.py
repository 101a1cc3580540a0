"""What browser tests share: one browser for each worker, as playwright starts once; and whether a test has failed."""

import os

import pytest

from tests.browser.lab import FLAGS, find_browser


@pytest.fixture(scope="session")
def browser():
    path = find_browser()
    if path is None:
        message = "no Chromium, Chrome or Edge found; on Debian or Ubuntu: sudo apt-get install chromium"
        if os.environ.get("NBKIT_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


FAILED = pytest.StashKey[bool]()  # the page of a test that did is not used again


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
