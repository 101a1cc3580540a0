"""A class on JupyterHub: each learner starts a server, opens notebook 02, runs all cells and moves a slider.

Twice, each time on a fresh hub with binder/jupyterhub_config.py: first 20 learners without pages, who all come at the
same moment (what the servers can do), then 20 pages of Chromium, one more every few seconds (what a class sees).
``python -m tests.benchmarks.hub 5`` has 5 learners instead. The exit code is 1 if anybody did not come through.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import numpy as np

from tests.benchmarks.timing import Table, show

LEARNERS = 20
NOTEBOOK = "02_backward.ipynb"
PAUSE = 10  # seconds from one page to the next
MANY = 500  # learners on Kubernetes
MINUTES = 10  # in which they arrive
PATIENCE = 900  # seconds; a learner who is not through by then has failed


def told(name, answer):
    """Say on the terminal how a learner's arrival went: a class takes minutes."""
    took = repr(answer) if isinstance(answer, Exception) else " + ".join(f"{seconds:.0f}" for seconds in answer) + " s"
    print(f"{name}: {took}", file=sys.stderr, flush=True)
    return answer


def attempt(action, *arguments):
    """Return what `action` returns, or the error that it raised."""
    try:
        return action(*arguments)
    except Exception as error:  # whatever it is, this learner has failed and the others go on
        return error


async def attempt_later(awaitable, seconds=0):
    """Do the same as `attempt` for a coroutine, after some seconds."""
    await asyncio.sleep(seconds)
    try:
        return await asyncio.wait_for(awaitable, PATIENCE)
    except Exception as error:
        return error


def without_pages(hub, count):
    """Return what each learner's arrival and slider took, or an error, and what the processes took meanwhile."""
    from tests.benchmarks.hub_class.learner import Learner

    learners = [Learner(hub.address, f"learner{i:02}") for i in range(1, count + 1)]
    with ThreadPoolExecutor(count) as pool:
        arrivals = list(pool.map(lambda one: told(one.name, attempt(one.arrive, f"notebooks/{NOTEBOOK}")), learners))
        usage = measure(hub)
        slides = list(pool.map(lambda one: attempt(one.slide), learners))
    for one in learners:
        one.close()
    return arrivals, slides, usage, []


async def with_pages(hub, count):
    """Do the same with a page of Chromium for each learner."""
    from playwright.async_api import async_playwright

    from tests.benchmarks.hub_class.page import PageLearner
    from tests.browser.lab import FLAGS, find_browser

    async def come(learner, seconds):
        return told(learner.name, await attempt_later(learner.arrive(NOTEBOOK), seconds))

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        learners = [PageLearner(hub.address, f"learner{i:02}", browser) for i in range(1, count + 1)]
        arrivals = await asyncio.gather(*(come(one, PAUSE * i) for i, one in enumerate(learners)))
        usage = measure(hub)
        slides = await asyncio.gather(*(attempt_later(one.slide()) for one in learners))
        await browser.close()
    return arrivals, slides, usage, [remark for one in learners for remark in one.reloads]


def measure(hub):
    """Return (kind, learner, PSS, RSS, seconds of processor) for each process; memory in MB.

    PSS shares out what several processes have in common, so a sum of it is what the machine has lost.
    """
    found = []
    for kind, learner, process in hub.processes():
        memory, spent = process.memory_full_info(), sum(process.cpu_times()[:4])
        spent -= hub.own_start if kind == "hub" else 0  # what it does for learners only
        found.append((kind, learner, memory.pss / 2**20, memory.rss / 2**20, spent))
    return found


def middle_and_worst(values):
    return f"{np.median(values):.1f} / {max(values):.1f}"


def waits(name, arrivals, slides):
    """Return a row: who came through, and how long each step took, median and slowest."""
    pairs = zip(arrivals, slides, strict=True)
    good = [(a[0], sum(a[1:]), 1000 * s) for a, s in pairs if not any(isinstance(x, Exception) for x in (a, s))]
    took = [middle_and_worst(times) for times in zip(*good, strict=True)] or ["–"] * 3
    return name, f"{len(good)} of {len(arrivals)}", *took


def memory(usage):
    """Return a row for each kind of process, and one for a whole learner."""
    rows = []
    for kind in ("hub", "proxy", "culler", "server", "kernel"):
        of_kind = [row for row in usage if row[0] == kind]
        if of_kind:
            _kinds, _learners, pss, rss, seconds = zip(*of_kind, strict=True)
            rows.append((kind, len(of_kind), *map(middle_and_worst, (pss, rss, seconds))))
    people = list(learners_of(usage).values())
    shares = [middle_and_worst(values) for values in zip(*people, strict=True)] or ["–"] * 3
    rows.append(("a learner: server and kernels", len(people), *shares))
    return rows


def learners_of(usage):
    """Return {learner: (PSS, RSS, seconds)}, summed over the learner's processes."""
    sums = {}
    for _kind, learner, *numbers in usage:
        if learner:
            sums[learner] = tuple(a + b for a, b in zip(sums.get(learner, (0, 0, 0)), numbers, strict=True))
    return sums


def sizing(usage, learners=MANY, minutes=MINUTES):
    """Return rows of what many learners need, with the arithmetic, from what these took."""
    people = list(learners_of(usage).values())
    if not people:
        return [("nobody had a server, so nothing can be told", "–", "–")]
    pss, _rss, seconds = np.median(people, axis=0)
    (hub,), (proxy,) = ([row for row in usage if row[0] == kind] for kind in ("hub", "proxy"))
    spawn = hub[4] / len(people)
    return [
        ("memory of all learners, GB", f"{learners} × {pss:.0f} MB / 1024", f"{learners * pss / 1024:.0f}"),
        (f"cores while they arrive in {minutes} minutes", f"{learners} × {seconds:.1f} s / {60 * minutes} s",
         f"{learners * seconds / 60 / minutes:.1f}"),
        ("the hub's only process is busy meanwhile", f"{learners} × {spawn:.2f} s / {60 * minutes} s",
         f"{learners * spawn / 60 / minutes:.0%}"),
        (f"memory of hub and proxy with {len(people)} learners, MB", f"{hub[2]:.0f} + {proxy[2]:.0f}",
         f"{hub[2] + proxy[2]:.0f}"),
    ]  # fmt: skip


def trial(name, count, act):
    """Have a class of `count` on a fresh hub; return the row of its waits, the processes' use, and what to note."""
    from tests.benchmarks.hub_class.server import Hub

    with tempfile.TemporaryDirectory() as folder:
        hub, load, start = Hub(Path(folder)), os.getloadavg()[0], perf_counter()
        try:
            arrivals, slides, usage, remarks = act(hub, count)
            notes = [f"{name}: {perf_counter() - start:.0f} s in all; load of the machine before it {load:.1f}."]
        finally:
            hub.close()
        answers = [answer for pair in zip(arrivals, slides, strict=True) for answer in pair]
        failures = [f"Failed: {answer!r}" for answer in answers if isinstance(answer, Exception)]
        if failures:
            log = Path(tempfile.gettempdir(), "class_on_a_hub.log")
            shutil.copyfile(hub.log, log)
            failures.append(f"What the hub told of it: {log}")
    return waits(name, arrivals, slides), usage, [*notes, *remarks, *failures]


def came_through(row):
    """Tell from a row of `waits` whether everybody did."""
    good, count = row[1].split(" of ")
    return good == count


def run(count=LEARNERS):
    """Return the tables, and whether everybody came through."""
    from tests.benchmarks.hub_class.server import missing

    absent = missing()
    if absent:
        how = "see tests/benchmarks/hub_requirements.txt; the proxy: npm install -g configurable-http-proxy"
        return [Table("A class on JupyterHub", ("missing",), [(name,) for name in absent], (how,))], False
    first, usage, notes = trial("all at once, no pages", count, without_pages)
    second, usage_of_pages, more = trial(f"a page every {PAUSE} s", count, lambda *a: asyncio.run(with_pages(*a)))
    header = ("class", "came through", "server ready s", "notebook 02 opened and run s", "slider to picture ms")
    kinds = ("process", "count", "PSS MB", "RSS MB", "processor s")
    tables = [
        Table("A class on JupyterHub (median / slowest)", header, [first, second], (*notes, *more)),
        Table("Its memory without pages: one kernel per learner (median / largest)", kinds, memory(usage)),
        Table("Its memory with pages: chapter 00 has a kernel, too (median / largest)", kinds, memory(usage_of_pages)),
        Table(f"{MANY} learners, from those with pages", ("what", "arithmetic", "sum"), sizing(usage_of_pages)),
    ]
    return tables, came_through(first) and came_through(second)


def main(arguments):
    """Return the exit code: 1 if anybody did not come through, or if there is no hub to be had."""
    tables, well = run(*map(int, arguments))
    show(tables)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
