"""What is said at each step of a walk, or of a race: pairs of words that stand out, and the rest of the sentence."""

from functools import cached_property

from nbkit.descent.outcome import is_outside, verdict
from nbkit.descent.race import all_seen, arrival, leaders, standing
from nbkit.formatting import number
from nbkit.messages import _, in_a_row, listed
from nbkit.widgets.descent.looks import in_button_order
from nbkit.widgets.descent.one_step import as_text


class Story:
    """The lines for each step; how it ends is said only where all has been seen.

    Parameters
    ----------
    walks : list of Walk
        The last one is that of the chosen optimizer.
    landscape : Landscape
    """

    def __init__(self, walks, landscape):
        self.walks, self.walk, self.landscape = in_button_order(walks), walks[-1], landscape
        self.is_race = len(walks) > 1
        self.end = max(all_seen(walk, landscape) for walk in walks)  # in steps
        self.rows = 3 if self.is_race else 2  # of lines at most, on a wide page

    @cached_property
    def verdicts(self):
        """How each walk ends, in the order of the buttons."""
        return [_end(walk.optimizer, *verdict(walk, self.landscape)) for walk in self.walks]

    def lines(self, k, step):
        """Return [words that stand out, rest] for each line after step `k`, given as a `Step`; None for the start."""
        if not k:
            told = [self._start()]
        else:
            told = [self._standing(k), self._step(k, step)] if self.is_race else [self._step(k, step)]
        if k < self.end:
            return told
        told = [*told, self._result()] if self.is_race else [*told, *self.verdicts]
        return told if k > self.end else self._with_why(told)

    def _with_why(self, told):
        """Add to what is said where playing ends why it does: at the last step of all, that needs no word."""
        if self.end in (0, max(walk.steps for walk in self.walks)):
            return told
        gone = [is_outside(walk.places[min(self.end, walk.steps)], self.landscape) for walk in self.walks]
        if all(gone):
            why = _("Play stops here: what follows is outside the picture.")
        elif any(gone):
            why = _("Play stops here: what follows is outside the picture, or too small to see.")
        else:
            why = _("Play stops here: the steps that follow are too small to see.")
        *before, (head, rest) = told
        return [*before, [head, in_a_row([rest, why])]]

    def ends(self, k):
        """Return such lines for how each walk of a race ends."""
        return self.verdicts if self.is_race and k >= self.end else []

    def _start(self):
        place, loss = as_text(self.walk.places[0]), number(self.walk.losses[0])
        if self.is_race:
            text = _(
                "All three stand at w = {place}, where the loss is {loss}. Who gets down first? Guess, then press Play."
            )
        else:
            text = _(
                "The ball stands at w = {place}, where the loss is {loss}. Where does it go? Guess, then press Play."
            )
        return [_("At the start."), text.format(place=place, loss=loss)]

    def _step(self, k, step):
        if step is None or k > self.walk.steps:
            return ["", _("{optimizer} has made its last step.").format(optimizer=self.walk.optimizer)]
        head = _("{optimizer}, step {k}, to w = {place}.") if self.is_race else _("Step {k}, to w = {place}.")
        head = head.format(optimizer=self.walk.optimizer, k=k, place=as_text(self.walk.places[k]))
        return [head, in_a_row([_promise(step.predicted), _change(step.actual, self.walk.losses[k])])]

    def _standing(self, k):
        """Say who is ahead, and what the losses are."""
        ahead = leaders(self.walks, k)
        if len(ahead) == 1:
            head = _("{name} is ahead.").format(name=ahead[0])
        elif len(ahead) == 2:
            head = _("{one} and {other} are level.").format(one=ahead[0], other=ahead[1])
        else:
            head = _("All three are level.")
        pairs = [_("{name} {loss}").format(name=name, loss=number(loss)) for name, loss in standing(self.walks, k)]
        rest = _("Losses after step {k}: {losses}.").format(k=k, losses=listed(pairs))
        return [head, rest]

    def _result(self):
        """Say who was near the bottom first, and when."""
        arrivals = {walk.optimizer: arrival(walk, self.landscape) for walk in self.walks}
        there = {name: k for name, k in arrivals.items() if k is not None}
        if not there:
            rule = _("Near means: at most 1 % of the loss above the lowest is left.")
            return [_("None of them comes near the bottom."), rule]
        first = min(there.values())
        names = [name for name, k in there.items() if k == first]
        head = (
            _("{name} is near the bottom first.")
            if len(names) == 1
            else _("{name} are near the bottom first, together.")
        )
        rest = _("From step {k} on, at most 1 % of the loss above the lowest is left.")
        return [head.format(name=listed(names)), rest.format(k=first)]


def _end(optimizer, kind, more):
    return [_("{optimizer} {verdict}.").format(optimizer=optimizer, verdict=kind), more]


def _promise(predicted):
    if number(predicted) == "0":
        return _("The gradient promised no change.")
    text = (
        _("The gradient promised a fall by {much}.") if predicted > 0 else _("The gradient promised a rise by {much}.")
    )
    return text.format(much=number(abs(predicted)))


def _change(actual, loss):
    if actual != actual or abs(loss) == float("inf"):
        return _("The loss is too large for a float now.")
    if number(actual) == "0":
        return _("The loss stays at {loss}.").format(loss=number(loss))
    text = _("The loss falls by {much}, to {loss}.") if actual > 0 else _("The loss rises by {much}, to {loss}.")
    return text.format(much=number(abs(actual)), loss=number(loss))
