"""A teacher's report of a made-up class, as its outputs are stored and with its answers run again.

A class of 100, or of as many as the argument says: ``python -m tests.benchmarks.class_report 3``. It takes long: what
is found is printed after each chapter, and kept in a file.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from nbkit.classroom import report, write
from nbkit.classroom.run import Limits, run_all, together
from nbkit.classroom.run.notebook import Answers
from nbkit.classroom.submissions import read_submissions
from nbkit.classroom.table import Row, Table
from nbkit.course.chapters import CHAPTERS, may_hold
from nbkit.course.records import read_files
from tests.benchmarks import timing
from tests.classroom.made_up import differences, make_class

LEARNERS = 100
READ_ALONE = """
import resource, subprocess, sys, time
start = time.perf_counter()
command = [sys.executable, "-m", "nbkit", "report", {folder!r}, "--out", {out!r}]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


class Log:
    """Prints what is found as it comes, and keeps it in a file."""

    def __init__(self, path):
        self.path = path
        path.write_text("", encoding="utf-8")

    def __call__(self, text):
        print(text, flush=True)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(f"{text}\n")

    def differences(self, found):
        for learner, name, (planted, word), (now, text) in found:
            self(f"    {learner} {name}: planted {planted} {word!r}, found {now} {text[:200]!r}")


class Timed(Answers):
    """A notebook that is run, and how long that takes."""

    seconds = []  # of all

    async def exercises(self):
        start = perf_counter()
        try:
            return await super().exercises()
        finally:
            self.seconds.append(perf_counter() - start)


def dots(done, count):
    """Show that another notebook has run."""
    print("." if done < count else ".\n", end="", flush=True)


def read_once(folder, planted, log):
    """Return the table of a report that runs nothing."""
    out = folder.parent / "report"
    start = perf_counter()
    table = report(folder)
    read = perf_counter() - start
    page, *_spreadsheets = write(table, out)
    wrote = perf_counter() - start - read
    differ = differences(table, planted)
    log.differences(differ)
    seconds, megabytes = map(float, timing.run_fresh(READ_ALONE.format(folder=str(folder), out=str(out))).split())
    rows = [
        ("to read all notebooks, s", f"{read:.1f}"),
        ("to write the page and the spreadsheets, s", f"{wrote:.1f}"),
        ("the whole command, s", f"{seconds:.1f}"),
        ("its peak memory, MB", f"{megabytes:.0f}"),
        ("the page, MB", f"{page.stat().st_size / 1e6:.1f}"),
        (f"of {sum(map(len, planted.values())):,} results, other than planted", len(differ)),
    ]
    return timing.Table(f"A class of {len(planted)}: its outputs read", ("", ""), rows)


def run_chapter(learners, chapter, planted, limits):
    """Run a chapter's notebooks; return the seconds of each, those of all, how many results, and which differ."""
    of = {one: [file for file in one.files if may_hold(chapter, file.base)] for one in learners}
    Timed.seconds.clear()
    start = perf_counter()
    look = run_all([file for files in of.values() for file in files], limits, dots)
    rows = [Row(one.name, tuple(read_files(files, look))) for one, files in of.items()]
    whole = perf_counter() - start
    asked = {
        learner: {name: result for name, result in results.items() if name.startswith(chapter.number)}
        for learner, results in planted.ran.items()
    }
    return list(Timed.seconds), whole, sum(map(len, asked.values())), differences(Table(tuple(rows), True), asked)


def run_again(folder, planted, log):
    """Return the table of a report that runs all answers again; an interrupt ends it with what is known by then."""
    limits, rows, results, wholes, differ = Limits(jobs=os.cpu_count()), [], 0, [], []
    learners, _notes = read_submissions(folder)
    together.Answers = Timed
    try:
        for chapter in CHAPTERS:
            seconds, whole, asked, other = run_chapter(learners, chapter, planted, limits)
            one = (f"{median(seconds):.1f}", f"{max(seconds):.1f}") if seconds else ("", "")
            rows.append((chapter.name, len(seconds), f"{whole:.0f}", *one, f"{len(other)} of {asked}"))
            log("  ".join(map(str, rows[-1])))
            log.differences(other)
            results, wholes, differ = results + asked, [*wholes, whole], differ + other
    except KeyboardInterrupt:
        log("interrupted")
    finally:
        together.Answers = Answers
    notebooks = sum(row[1] for row in rows)
    rows.append(("all", notebooks, f"{sum(wholes):.0f}", "", "", f"{len(differ)} of {results}"))
    header = ("chapter", "notebooks", "all done s", "median of one s", "slowest s", "results other than planted")
    note = f"{limits.jobs} at once, each with its kernel's start. The largest process took {largest():.0f} MB."
    return timing.Table(f"A class of {len(planted)}: its answers run again", header, rows, (note,))


def largest():
    """Return the peak memory in MB of the largest process that was started."""
    try:
        import resource
    except ImportError:  # Windows does not count it
        return float("nan")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def tables(learners=LEARNERS):
    log = Log(Path(tempfile.gettempdir(), f"class_report_{learners}.txt"))
    log(timing.machine())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "class")
        planted = make_class(folder, learners)
        found = []
        for measure in (read_once, run_again):
            found.append(measure(folder, planted, log))
            log(f"\n{found[-1].text()}\n")
    print(f"kept in {log.path}")
    return found


if __name__ == "__main__":
    tables(*map(int, sys.argv[1:]))
