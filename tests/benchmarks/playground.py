"""The playground in a page beside the same training without one: pictures, steps per second and time to a stop."""

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
SECONDS = 3
ROUNDS = 10  # after one that is not counted

# Prints the steps per second of the same experiment in the same kernel, from the start, without a single picture.
ALONE = f"""from time import perf_counter
from nbkit.experiment import Experiment
alone = Experiment(playground.settings)
start = perf_counter()
while perf_counter() < start + {SECONDS}:
    alone.advance(16)
print(alone.step / (perf_counter() - start))"""
WHERE = "from time import perf_counter\nprint(playground.experiment.step, perf_counter(), playground.running)"

ANY_CHANGE = {"childList": True, "attributes": True, "characterData": True, "subtree": True}

# Resolves with the frames in which so many seconds brought another picture, and the milliseconds that really passed.
PICTURES = """async ([seconds, anyChange]) => {
    let pictures = 0, changed = false;
    const count = () => { pictures++; changed = false; };
    const watch = new MutationObserver(() => {
        if (!changed) requestAnimationFrame(count);
        changed = true;
    });
    watch.observe(document.querySelector('.nbkit-svg-view'), anyChange);
    const start = performance.now();
    await new Promise(done => setTimeout(done, seconds * 1000));
    watch.disconnect();
    return [pictures, performance.now() - start];
}"""

# Presses Pause; resolves with the milliseconds until the last picture that came after it.
PAUSE = """anyChange => new Promise(done => {
    const button = [...document.querySelectorAll('button')].find(button => button.textContent.includes('Pause'));
    const start = performance.now();
    let last = start;
    const watch = new MutationObserver(() => { last = performance.now(); });
    watch.observe(document.querySelector('.nbkit-svg-view'), anyChange);
    button.click();
    setTimeout(() => { watch.disconnect(); done(last - start); }, 1000);
})"""


def where(lab, page):
    """Ask how many steps the playground has made, and when that was."""
    step, now, running = lab.ask(page, WHERE).split()
    assert running == "True", "the run has ended by itself"
    return int(step), float(now)


def in_the_page(lab, page):
    """Run from the start, then pause: (pictures per second, steps per second, milliseconds to stand still)."""
    page.locator("button:has-text('Reset')").first.click()
    page.locator("button:has-text('Run')").first.click()
    page.wait_for_timeout(1000)
    step, start = where(lab, page)
    pictures, milliseconds = page.evaluate(PICTURES, [SECONDS, ANY_CHANGE])
    last_step, end = where(lab, page)
    return 1000 * pictures / milliseconds, (last_step - step) / (end - start), page.evaluate(PAUSE, ANY_CHANGE)


def measure(lab, page, rounds=ROUNDS):
    """Train in the page and without it in turns: a row for each of pictures, steps, milliseconds, steps alone."""
    found = []
    for number in range(rounds + 1):
        alone = [] if number % 2 else [float(lab.ask(page, ALONE))]
        seen = in_the_page(lab, page)
        found.append((*seen, *(alone or [float(lab.ask(page, ALONE))])))
    return np.array(found[1:]).T


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
            pictures, steps, still, alone = measure(lab, page)
        finally:
            browser.close()
            lab.close()
    rows = [
        ("pictures per second", spread(pictures, "{:.1f}")),
        ("training steps per second meanwhile", spread(steps, "{:.0f}")),
        ("training steps per second of the same experiment alone", spread(alone, "{:.0f}")),
        ("share of its speed that the training keeps", spread(steps / alone)),
        ("milliseconds from Pause to standstill", spread(still, "{:.0f}") + f", at most {still.max():.0f}"),
    ]
    notes = (
        "Alone: the same kernel makes the same steps from the start in a plain loop, without any picture, while the "
        "page stands still. The two take turns.",
        "Goals: a share of 0.8 at 30 pictures per second, and 50 ms at most to a standstill.",
    )
    return [Table("Playground in the page: spiral, 2-8-8-1, batch 16", ("what", "median (quartiles)"), rows, notes)]


if __name__ == "__main__":
    show(tables())
