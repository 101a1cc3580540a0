"""A learner on a hub with a real page: logs in, opens a notebook, runs it and moves a slider with the keyboard."""

import time

from playwright.async_api import TimeoutError

from tests.browser.lab import IDLE, PROBLEMS, RUN_ALL

PATIENCE = 600_000  # milliseconds; a learner who waits longer has failed
STUCK = 150_000  # milliseconds; a learner who sees no notebook for so long reloads the page, once
# JupyterLab takes cells that are far away out of the page: go to the first that shows a slider, as a hand would scroll.
GO = r"""async () => {
    const { content } = window.jupyterapp.shell.currentWidget;
    const first = cell => /^GraphExplorer\(/m.test(cell.sharedModel.source);
    content.activeCellIndex = [...content.model.cells].findIndex(first);
    await content.scrollToItem(content.activeCellIndex, 'start');
}"""
# Resolves with the milliseconds from the next key press until a new picture is painted.
WATCH = """handle => { window.nbkitMoved = new Promise(done => {
    const area = handle.closest('.jp-OutputArea-output');
    let start;
    handle.addEventListener('keydown', () => { start = performance.now(); }, { once: true, capture: true });
    const watch = new MutationObserver(changes => {
        const places = changes.flatMap(({ target, addedNodes }) => [target, ...addedNodes]);
        if (!places.some(node => (node.closest ? node : node.parentElement)?.closest('svg.nbkit'))) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.now() - start));
    });
    watch.observe(area, { childList: true, characterData: true, attributes: true, subtree: true });
}); }"""


class PageLearner:
    """One who sits before a page of Chromium, in a browser context that shares nothing with the others."""

    def __init__(self, address, name, browser):
        self.address, self.name, self.browser = address, name, browser
        self.context = self.page = None
        self.under_way, self.reloads = set(), []  # requests without an answer yet; what was missing when it reloaded

    async def arrive(self, notebook):
        """Log in and run all cells; return the seconds until chapter 00 was there, and those to open and to run."""
        start = time.perf_counter()
        await self._log_in()
        await self._see_first_notebook()
        ready = time.perf_counter()
        await self.page.locator(".jp-DirListing-item", has_text=notebook).dblclick()
        await self._see_notebook(notebook)
        await self.page.wait_for_function(IDLE)
        opened = time.perf_counter()
        await self.page.evaluate(RUN_ALL)
        problems = await self.page.evaluate(PROBLEMS)
        if problems:
            raise RuntimeError(f"{self.name}: {problems}")
        return ready - start, opened - ready, time.perf_counter() - opened

    async def slide(self):
        """Move the first slider by a key; return the seconds until the new picture is painted."""
        await self.page.evaluate(GO)
        handle = self.page.locator(".jp-MainAreaWidget:not(.lm-mod-hidden) .jp-Cell.jp-mod-active .noUi-handle").first
        await handle.evaluate(WATCH)
        before = await handle.get_attribute("aria-valuenow")
        await handle.press("ArrowRight")
        milliseconds = await self.page.evaluate("() => window.nbkitMoved")
        if await handle.get_attribute("aria-valuenow") == before:
            raise RuntimeError(f"{self.name}: the slider still stands at {before}")
        return milliseconds / 1000

    async def close(self):
        if self.context:
            await self.context.close()

    async def _log_in(self):
        self.context = await self.browser.new_context(viewport={"width": 1200, "height": 1000})
        self.page = await self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.under_way.add(request.url))
        self.page.on("requestfinished", lambda request: self.under_way.discard(request.url))
        self.page.on("requestfailed", lambda request: self.under_way.discard(request.url))
        await self.page.goto(f"{self.address}/hub/login")
        await self.page.locator("#username_input").fill(self.name)
        await self.page.locator("#password_input").fill("any")
        await self.page.locator("#login_submit").click()

    async def _see_first_notebook(self):
        try:
            await self._see_notebook("00_start_here.ipynb", STUCK)
        except TimeoutError:
            self.reloads.append(f"{self.name} reloaded the page; no answer had come to {self.under_way or 'nothing'}.")
            self.under_way.clear()
            await self.page.reload()
            await self._see_notebook("00_start_here.ipynb")

    async def _see_notebook(self, name, patience=PATIENCE):
        """Wait until the notebook of this name is the one that is open and shown."""
        await self.page.wait_for_function(
            """name => {
                const panel = window.jupyterapp?.shell.currentWidget;
                return panel?.context?.path.endsWith(name) && panel.node.querySelector('.jp-Notebook .jp-Cell');
            }""",
            arg=name,
            timeout=patience,
        )
