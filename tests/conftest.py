"""The browser that all tests of a worker share: playwright can be started once in a process."""

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
