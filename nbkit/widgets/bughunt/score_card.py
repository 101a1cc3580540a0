"""The score card of the bug hunt: which cases are solved, in how much time, with or without help."""

from time import monotonic

import ipywidgets

from nbkit.messages import _
from nbkit.widgets.kit.explorer import button


class Score:
    """Which cases are solved, and for how long each was open until then.

    Parameters
    ----------
    titles : sequence of str
        Of the cases, which are numbered from 1.
    clock : callable
        Returns seconds.

    Attributes
    ----------
    solved, helped : set of int
        Cases that were solved without a look at the answer, and those whose answer was shown first.
    """

    def __init__(self, titles, clock=monotonic):
        self.titles, self.clock = titles, clock
        self.solved, self.helped = set(), set()
        self.spent = dict.fromkeys(range(1, len(titles) + 1), 0.0)  # seconds, but for the present stretch
        self.number, self.since = None, 0.0

    def open(self, number):
        """Let the time of this case go on, and that of the one before rest."""
        self._rest()
        self.number, self.since = number, self.clock()

    def solve(self):
        """Note that the present case is solved."""
        self._rest()
        if not self.is_done(self.number):
            self.solved.add(self.number)

    def help(self):
        """Note that the answer of the present case is shown."""
        self._rest()
        if not self.is_done(self.number):
            self.helped.add(self.number)

    def _rest(self):
        now = self.clock()
        if self.number is not None and not self.is_done(self.number):
            self.spent[self.number] += now - self.since
        self.since = now

    def is_done(self, number):
        """Whether nothing is left to find out in a case."""
        return number in self.solved or number in self.helped

    @property
    def next(self):
        """Number of the next case that is not done, from the present one on and around; None if all are."""
        n, here = len(self.titles), self.number or 0
        around = [*range(here + 1, n + 1), *range(1, here)]
        return next((number for number in around if not self.is_done(number)), None)

    # ------------------------------------------------------------ words

    def time(self, number):
        """Write how long a case was open: ``1:05``."""
        minutes, seconds = divmod(int(self.spent[number]), 60)
        return f"{minutes}:{seconds:02d}"

    def badge(self, number):
        """Write what the card says of a case."""
        if number in self.solved:
            return _("✓ {number} · {time}").format(number=number, time=self.time(number))
        return _("{number} · with help").format(number=number) if number in self.helped else str(number)

    def about(self, number):
        """Say the same in a sentence."""
        names = {"number": number, "title": self.titles[number - 1], "time": self.time(number)}
        if number in self.solved:
            return _("Case {number}, {title}: solved in {time} without help.").format(**names)
        if number in self.helped:
            return _("Case {number}, {title}: the mended code was shown after {time}.").format(**names)
        return _("Case {number}, {title}: not solved yet.").format(**names)

    @property
    def sentence(self):
        """The score in words."""
        names = {"n": len(self.solved), "all": len(self.titles), "helped": len(self.helped)}
        if self.helped:
            return _("Solved {n} of {all} without help, {helped} with help.").format(**names)
        return _("Solved {n} of {all}.").format(**names)


class ScoreCard(ipywidgets.HBox):
    """A button for each case, which says how it stands and goes there.

    Parameters
    ----------
    score : Score
    go_to : callable
        Is called with the number of a case.
    """

    def __init__(self, score, go_to):
        self.score = score
        self.badges = [self._badge(number, go_to) for number in score.spent]
        super().__init__(self.badges)
        self.add_class("nbkit-score-card")

    def _badge(self, number, go_to):
        return button(str(number), lambda _button: go_to(number), layout={"width": "auto"})

    def show(self):
        """Write how all cases stand, and mark the present one."""
        for number, badge in enumerate(self.badges, 1):
            badge.description, badge.tooltip = self.score.badge(number), self.score.about(number)
            badge.add_class("nbkit-present") if number == self.score.number else badge.remove_class("nbkit-present")
