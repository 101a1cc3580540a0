"""The playground in a page, spiral, 2-8-8-1, batch 16, full speed: pictures, steps per second and time to a stop."""

import re
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.benchmarks.timing import Table, show, spread
from tests.browser.lab import FLAGS, Lab, find_browser

PLAYGROUND = """from nbkit import TrainingPlayground
playground = TrainingPlayground('{"data": "spiral", "noise": 0.05, "hidden": [8, 8], "batch_size": 16}')
playground.speed.value = "full"
playground"""
SECONDS = 5
ROUNDS = 5

# Resolves with the pictures that came into the page in so many seconds, and the milliseconds that really passed.
PICTURES = """async seconds => {
    let pictures = 0;
    const watch = new MutationObserver(changes => {
        if (changes.some(change => [...change.addedNodes].some(node => node.matches?.('svg.nbkit')))) pictures++;
    });
    watch.observe(document.querySelector('.jp-Notebook'), { childList: true, subtree: true });
    const start = performance.now();
    await new Promise(done => setTimeout(done, seconds * 1000));
    watch.disconnect();
    return [pictures, performance.now() - start];
}"""

# Presses Pause; resolves with the milliseconds until the last picture that came after it.
PAUSE = """() => new Promise(done => {
    const button = [...document.querySelectorAll('button')].find(button => button.textContent.includes('Pause'));
    const start = performance.now();
    let last = start;
    const watch = new MutationObserver(changes => {
        if (changes.some(change => [...change.addedNodes].some(node => node.matches?.('svg.nbkit'))))
            last = performance.now();
    });
    watch.observe(document.querySelector('.jp-Notebook'), { childList: true, subtree: true });
    button.click();
    setTimeout(() => { watch.disconnect(); done(last - start); }, 1000);
})"""


def step(page):
    words = page.locator(".widget-html-content:has-text('step')").first.text_content()
    return int(re.search(r"step (\d+)", words)[1])


def measure(page):
    """Run and pause in turns, and collect (pictures per second, steps per second, milliseconds to stand still)."""
    found = []
    for _round in range(ROUNDS):
        page.locator("button:has-text('Run')").first.click()
        page.wait_for_timeout(1000)
        before = step(page)
        pictures, milliseconds = page.evaluate(PICTURES, SECONDS)
        steps = step(page) - before
        found.append((1000 * pictures / milliseconds, 1000 * steps / milliseconds, page.evaluate(PAUSE)))
    return np.array(found).T


def tables():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 1400})
        try:
            lab.open(page, lab.write("playground.ipynb", PLAYGROUND))
            problems = lab.run_all(page)
            assert problems == [], problems
            page.wait_for_timeout(2000)
            pictures, steps, still = measure(page)
        finally:
            browser.close()
            lab.close()
    rows = [
        ("pictures per second", spread(pictures, "{:.1f}")),
        ("training steps per second meanwhile", spread(steps, "{:.0f}")),
        ("milliseconds from Pause to standstill", spread(still, "{:.0f}") + f", at most {still.max():.0f}"),
    ]
    return [Table("Playground in the page: spiral, 2-8-8-1, batch 16", ("what", "median (quartiles)"), rows)]


if __name__ == "__main__":
    show(tables())
