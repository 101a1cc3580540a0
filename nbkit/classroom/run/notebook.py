"""The answers of one notebook, run again."""

import re
import time
from typing import NamedTuple

from nbkit.classroom.run import limits as most
from nbkit.classroom.run.slices import Slices, asked_again
from nbkit.course.checks import names_checked, stopped_by
from nbkit.course.notebook_files import cells_of, text_of
from nbkit.course.records import RANK, SOLVED, best_of, exercise_of, stored_exercises
from nbkit.exercises.core import exercises_of


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
            heading = [heading, *re.findall(r"^#+ (.+)$", source, re.MULTILINE)][-1].strip()
        elif cell.get("cell_type") == "code":
            count = cell.get("execution_count")
            names = tuple(name for name in dict.fromkeys(names_checked(source)) if name in exercises)
            found.append(Cell(source, heading, names, count if type(count) is int else 0))
    return found


class Answers:
    """Runs the cells of a notebook that check an answer, with those that they need; `start` makes a kernel."""

    def __init__(self, file, limits, start):
        self.file, self.limits, self.start = file, limits, start
        self.cells = code_cells(file)
        self.asked = [k for k, cell in enumerate(self.cells) if cell.names]
        if len(self.cells) > most.MAX_CELLS or len(self.asked) > most.MAX_CHECKED:
            raise ValueError(most.too_many_cells())
        self.slices = Slices([cell.source for cell in self.cells])
        self.spent, self.failed = 0.0, set()  # the cells that did not come to their end

    async def exercises(self):
        """Return the exercises by their names, the best that they come out in one of these ways.

        First each answer runs with the cells that it needs. Where that says anything else than the notebook does, and
        other cells may make a difference, the cells run as the learner would run them: all from the top, and then in
        the order in which they last ran.
        """
        if not self.asked:
            return {}
        stored, found = stored_exercises(self.file), {}
        await self.run(self.needed, self.asked, found)
        for order in (self.from_top, self.as_executed):
            open_ = self.unsettled(self.as_exercises(found), stored)
            if open_:
                await self.run(order, open_, found)
        return {name: self.shown(one, stored.get(name)) for name, one in self.as_exercises(found).items()}

    def shown(self, now, stored):
        """Return an exercise with as much of its code as is shown without a run."""
        same = stored is not None and stored.code.endswith(now.code)
        return now._replace(code=stored.code) if same else now

    def unsettled(self, now, stored):
        """Return the cells whose exercises came out otherwise than the notebook says, where it may be our fault."""
        others = {name for name in now if name not in stored or not _agree(now[name], stored[name])}
        cells = [k for k in self.asked if others.intersection(self.cells[k].names)]
        return [k for k in cells if self.failed.intersection(self.slices.needed(k)) or not self.slices.is_certain(k)]

    def needed(self, left):
        """Return these cells and those that they need."""
        return sorted({*left, *(k for cell in left for k in self.slices.needed(cell))})

    def from_top(self, left):
        """Return all cells down to the last of these."""
        return list(range(max(left) + 1))

    def as_executed(self, left):
        """Return all cells that the learner has run in that order, where it is another than their own."""
        executed = sorted((k for k, cell in enumerate(self.cells) if cell.count > 0), key=lambda k: self.cells[k].count)
        return executed if executed != sorted(executed) else []

    async def run(self, order, asked, found):
        """Run cells in an order, and keep in `found` the best of what is said of each exercise in each cell."""
        left, stopped = set(asked), {}
        while left and len(stopped) < most.MAX_STOPS and self.spent < self.limits.seconds:
            todo = [k for k in order(left) if k not in stopped]
            if not todo:
                return
            async with self.start() as kernel:
                for k in todo:
                    ended = await self.timed(kernel, k)
                    if ended is None:
                        break
                    if ended.error or ended.stopped:
                        self.failed.add(k)
                    if ended.stopped:
                        stopped[k] = ended.stopped
                    self.keep(found, k, ended, stopped)
                    left.discard(k)
                    if ended.is_dead or not left:
                        break
                else:
                    return
        for k in left:
            for name in self.cells[k].names:
                found.setdefault((k, name), ("wrong", most.notebook_took_longer(self.limits.seconds)))

    async def timed(self, kernel, k):
        """Run a cell in the time that is left; return None where none is left."""
        seconds = min(self.limits.cell_seconds, self.limits.seconds - self.spent)
        if seconds <= 0:
            return None
        start, cell = time.monotonic(), self.cells[k]
        ended = await kernel.execute(cell.source, seconds)
        said = {name for name, _state, _text in ended.verdicts}
        for name in cell.names if not (ended.error or ended.stopped) else ():
            code = "" if name in said else asked_again(cell.source, name)  # where the cell has a `check` of its own
            if code and not ended.is_dead:
                again = await kernel.execute(code, seconds)
                ended = again._replace(verdicts=(*ended.verdicts, *again.verdicts))
        self.spent += time.monotonic() - start
        return ended

    def keep(self, found, k, ended, stopped):
        """Keep what a cell has said of its exercises, and why it said nothing."""
        said = {name: (state, text) for name, state, text in ended.verdicts}
        for name in self.cells[k].names:
            if name not in said and (ended.stopped or ended.error):
                causes = [ended.stopped, *(stopped[above] for above in self.slices.needed(k) if above in stopped)]
                said[name] = ("wrong", next(filter(None, causes), "") or stopped_by(*ended.error))
            said.setdefault(name, None)
        for name, verdict in said.items():
            before = found.get((k, name))
            if (k, name) not in found or self.rank(k, name, verdict) <= self.rank(k, name, before):
                found[k, name] = verdict

    def exercise(self, k, name, verdict):
        return exercise_of(name, verdict, self.cells[k].heading, self.cells[k].source)

    def rank(self, k, name, verdict):
        return RANK(self.exercise(k, name, verdict).state)

    def as_exercises(self, found):
        """Return the exercises by their names."""
        return best_of(self.exercise(k, name, verdict) for (k, name), verdict in sorted(found.items(), key=_place))


def _place(item):
    return item[0]


def _agree(now, stored):
    """Tell whether an exercise came out as its notebook says, or better."""
    return now.state == SOLVED or (now.state, now.verdict) == (stored.state, stored.verdict)
