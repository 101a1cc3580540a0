"""The answers of one notebook, run again."""

import asyncio
import re
import time
from typing import NamedTuple

from nbkit.classroom.run import limits as most
from nbkit.classroom.run.slices import Slices, asked_again
from nbkit.course.checks import names_checked, stopped_by
from nbkit.course.notebook_files import cells_of, text_of
from nbkit.course.records import UNTRIED, best_of, exercise_of, heading_after, stored_exercises
from nbkit.exercises.core import MAX_DIAGNOSIS_CHARACTERS, exercises_of
from nbkit.messages import _, shortened

OTHER_NAME = re.compile(r"\bcheck[ ]+as[ ]+([^\W\d]\w*)|^[ ]*([^\W\d]\w*)[ ]*=[ ]*(?:\w+\.)?check[ ]*$", re.MULTILINE)
MAX_OTHER_NAMES = 5
UNBOUND = re.compile(r"NameError(?:: |：)name '(\w+)'")  # as it is said in any language


class Cell(NamedTuple):
    """A cell of code."""

    source: str
    heading: str  # below which it stands
    names: tuple  # of the exercises that it checks
    count: int  # the how manyth it was that the learner ran; 0 where that is unknown


def code_cells(file):
    """Return the cells of code in a notebook."""
    found, heading, exercises = [], "", exercises_of()
    for cell in cells_of(file):
        source = text_of(cell.get("source"))
        if cell.get("cell_type") == "markdown":
            heading = heading_after(source, heading)
        elif cell.get("cell_type") == "code":
            count = cell.get("execution_count")
            names = tuple(name for name in dict.fromkeys(names_checked(source)) if name in exercises)
            found.append(Cell(source, heading, names, count if type(count) is int else 0))
    return found


def asking(cells):
    """Return the cells that check an answer, and, unless they are too many, those that may: `check(name, answer)`."""
    sure = [k for k, cell in enumerate(cells) if cell.names]
    others = [a or b for cell in cells if "check" in cell.source for a, b in OTHER_NAME.findall(cell.source)]
    names = "|".join(["check", *list(dict.fromkeys(others))[:MAX_OTHER_NAMES]])
    call = re.compile(rf"\b(?:{names})[ ]*\(")
    perhaps = [k for k, cell in enumerate(cells) if cell.names or call.search(cell.source)]
    return perhaps if len(perhaps) <= most.MAX_CHECKED else sure


class Answers:
    """Runs the cells of a notebook that check an answer, with those that they need; `start` makes a kernel."""

    def __init__(self, file, limits, start):
        self.limits, self.start = limits, start
        self.cells = code_cells(file)
        self.asked = asking(self.cells)
        if len(self.cells) > most.MAX_CELLS or len(self.asked) > most.MAX_CHECKED:
            raise ValueError(most.too_many_cells())
        self.stored = stored_exercises(file) if self.asked else {}
        self.slices = Slices([cell.source for cell in self.cells] if self.asked else [])
        for k in self.asked:  # now, since this may be in a thread of its own
            self.slices.needed(k)
        self.spent, self.errors = 0.0, set()  # what is said of cells that an error has ended

    async def exercises(self):
        """Return the exercises by their names, as they come out.

        First each answer runs with the cells that it needs. Where that says the same as the notebook, it counts.
        Otherwise the cells run as the learner would run them: all from the top, and if that says something else, too,
        in the order in which they last ran. If none says the same as the notebook, what the run from the top says
        counts.
        """
        if not self.asked:
            return {}
        first, reached, why = await self.run(self.needed(self.asked), self.asked)
        first |= {(k, name): ("wrong", why) for k in self.asked if k not in reached for name in self.cells[k].names}
        results = self.as_exercises(first)
        open_, ran = {name for name in results if not self.agrees(results[name])}, [self.needed(self.asked)]
        for order in (self.from_top, self.as_executed):
            cells = sorted({k for k, name in first if name in open_})
            todo = order(cells)
            if not cells or not todo or any(before[: len(todo)] == todo for before in ran):
                continue
            ran.append(todo)
            found, reached, _why = await self.run(todo, cells)
            found = {key: verdict for key, verdict in first.items() if key[0] not in reached} | found
            for name, one in self.as_exercises(found).items():
                if name in open_ and (order == self.from_top or self.agrees(one)):
                    results[name] = one
            open_ = {name for name in open_ if not self.agrees(results[name])}
        return {name: self.shown(one) for name, one in results.items()}

    def agrees(self, now):
        """Tell whether an exercise came out as its notebook says; where an error ended its cell, in the same words."""
        stored = self.stored.get(now.name)
        if stored is None or now.state == UNTRIED:
            return stored is not None and stored.state == UNTRIED
        alike = (now.state, now.verdict) == (stored.state, stored.verdict)
        return alike and (now.text not in self.errors or now.text.startswith(stored.text))

    def shown(self, now):
        """Return an exercise with as much around it as is shown without a run."""
        stored = self.stored.get(now.name)
        if stored is None:
            return now
        code = stored.code if stored.code.endswith(now.code) else now.code
        return now._replace(heading=stored.heading, title=stored.title, code=code)

    def needed(self, left):
        """Return these cells and those that they need."""
        return sorted({*left, *(k for cell in left for k in self.slices.needed(cell))})

    def from_top(self, left):
        """Return all cells down to the last of these."""
        return list(range(max(left, default=-1) + 1))

    def as_executed(self, _left):
        """Return all cells that the learner has run in that order, where it is another than their own."""
        executed = sorted((k for k, cell in enumerate(self.cells) if cell.count > 0), key=lambda k: self.cells[k].count)
        return executed if executed != sorted(executed) else []

    async def run(self, order, asked):
        """Run cells in an order, until all that are asked have run.

        Returns a dict of what is said of each exercise in each cell, the cells that were reached, and why others not.
        """
        left, found, reached, why = set(asked), {}, set(), ""
        stopped, failed = {}, {}  # what is said of cells that did not come to their end
        while left and not why:
            async with self.start() as kernel:
                for k in [k for k in order if k not in stopped]:
                    ended = await self.timed(kernel, k)
                    if ended is None:
                        why = most.notebook_took_longer(self.limits.seconds)
                        break
                    if ended.stopped:
                        stopped[k] = ended.stopped
                    elif ended.error:
                        failed[k] = stopped_by(*ended.error)
                    if k not in reached:
                        reached.add(k)
                        self.keep(found, k, ended, stopped, failed)
                    left.discard(k)
                    if ended.is_dead or not left:
                        break
                else:
                    break
            if len(stopped) >= most.MAX_STOPS:
                why = why or most.stopped_often()
        return found, reached, why

    async def timed(self, kernel, k):
        """Run a cell in the time that is left; return None where none is left, or it did not suffice."""
        seconds = min(self.limits.cell_seconds, self.limits.seconds - self.spent)
        if seconds <= 0:
            return None
        start, cell = time.monotonic(), self.cells[k]
        ended = await kernel.execute(cell.source, seconds)
        said = {name for name, _state, _text in ended.verdicts}
        silent = [name for name in cell.names if name not in said]  # the cell may have a `check` of its own
        for name in silent if not (ended.error or ended.stopped) else ():
            code = await asyncio.to_thread(asked_again, cell.source, name)
            if code and not ended.is_dead:
                again = await kernel.execute(code, seconds)
                ended = again._replace(verdicts=(*ended.verdicts, *again.verdicts))
        self.spent += time.monotonic() - start
        is_over = ended.stopped and seconds < self.limits.cell_seconds and self.spent >= self.limits.seconds
        return None if is_over else ended

    def keep(self, found, k, ended, stopped, failed):
        """Keep what a cell has said of its exercises, and why it said nothing."""
        said = {name: (state, self.with_cause(text, k, failed)) for name, state, text in ended.verdicts}
        for name in self.cells[k].names:
            if name not in said and (ended.stopped or ended.error):
                said[name] = ("wrong", self.cause(k, ended, stopped, failed))
            said.setdefault(name, None)
        found |= {(k, name): verdict for name, verdict in said.items()}

    def cause(self, k, ended, stopped, failed):
        """Say why a cell did not come to its end: a cell above that it needs may be the reason."""
        above = [k for k in self.slices.needed(k) if k in stopped]
        if ended.stopped or above:
            return ended.stopped or stopped[above[0]]
        text = self.with_cause(failed[k], k, failed)
        self.errors.add(text)
        return text

    def with_cause(self, text, k, failed):
        """Add to what is said of a name that is not there why another cell has not bound it."""
        missing = UNBOUND.search(text)
        for cell in failed if missing else ():
            if cell != k and self.slices.binds(cell, missing[1]):
                why = _("{said}. Of the cell that binds it: {why}").format(said=text.rstrip("。"), why=failed[cell])
                return shortened(why, MAX_DIAGNOSIS_CHARACTERS)
        return text

    def as_exercises(self, found):
        """Return the exercises by their names."""
        cells, found = self.cells, sorted(found.items(), key=lambda item: item[0])
        return best_of(exercise_of(name, verdict, cells[k].heading, cells[k].source) for (k, name), verdict in found)
