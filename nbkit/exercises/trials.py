"""A learner's code beside the rule, on many inputs: a diagnosis names the first place at which they differ.

A judge first looks for the usual mistakes, each of which has a diagnosis of its own. What is left then goes through
the trials here, so that no answer is right that fits a few numbers only.
"""

import contextlib
import copy
import io
from typing import NamedTuple

import numpy as np

from nbkit.exercises.answers import as_array, as_number
from nbkit.exercises.compare import close, first_difference
from nbkit.exercises.learner_code import DOTS_MET, call, call_method, instantiate, met_dots
from nbkit.exercises.verdicts import Forgotten, NotTried, Wrong
from nbkit.formatting import number
from nbkit.messages import _, listed, said_by

MAX_WRITTEN_NUMBERS = 12  # numbers of an array that a diagnosis writes out


def try_function(function, rule, trials, names, result=None, rtol=1e-6, read=as_array):
    """Run a learner's function beside the rule, the first trial once more at the end; `result` names what comes."""
    for inputs in [*trials, trials[0]]:
        given = copy.deepcopy(inputs)
        where = described(names, inputs)
        got = _run(lambda given=given: call(function, *given), where)
        _compare(rule(*copy.deepcopy(inputs)), got, result or _("the result"), where, rtol, read)
        judge_untouched(names, inputs, given)


def as_one(part, name):
    """Read a result that has to be one number, as `try_function` wants it."""
    return as_array(as_number(part, name), name)


def try_layer(make, forward, backward, trials, names, result=None):
    """Run new layers of a learner beside the rules, two alternately and one twice; a trial is a pair (inputs, dout)."""
    result = result or tuple(f"d{name}" for name in names.split(", "))
    result = result[0] if len(result) == 1 else result
    walk = _Walk(names, forward, backward, result)
    for trial in trials:
        layer = make()
        given, sent = walk.forward(layer, trial)
        kept = copy.deepcopy(sent)
        walk.back(layer, trial)
        judge_untouched(names, trial[0], given)
        judge_untouched(_("what forward has returned"), (kept,), (sent,))
    for first, second in zip(trials, [*trials[1:], trials[0]], strict=True):
        one, other = make(), make()
        walk.forward(one, first)
        walk.back(one, first)
        again = _("Right at first, but when backward is called a second time: {}")
        with _later(again), contextlib.suppress(Stopped):  # it may forget after the first time, not remember wrongly
            walk.back(one, first)
        with _later(_("Right at first, but when the same object is used again: {}")):
            walk.forward(one, second)
            walk.back(one, second)
        with _later(_("Right for one object, but not for two by turns (each has to keep its own in self): {}")):
            walk.forward(one, first)
            walk.forward(other, second)
            walk.back(one, first)
            walk.back(other, second)


@contextlib.contextmanager
def forward_first(make, forward, trials, names):
    """Look at forward on all trials before a backward that is still open may end the check."""
    try:
        yield
    except NotTried:
        walk = _Walk(names, forward, None, None)
        with contextlib.suppress(NotTried):  # forward is the part that is open
            for trial in trials:
                walk.forward(make(), trial)
        raise


class Stopped(Wrong):
    """Raised where code of the learner stops with an error."""


class Later(Wrong):
    """Raised of a layer that is right at first: what it remembers is wrong."""


@contextlib.contextmanager
def _later(words):
    try:
        yield
    except Wrong as error:
        raise Later(words.format(error)) from None


class _Walk(NamedTuple):
    """Forward and backward passes through a learner's layer, beside the rules."""

    names: str
    to_right: object
    to_left: object
    result: object

    def forward(self, layer, trial):
        """Return the inputs as the layer has got them, and what it gave back."""
        inputs, _dout = trial
        given, where = copy.deepcopy(inputs), described(self.names, inputs)
        got = _run(lambda: call_method(layer, "forward", *given), where)
        _compare(self.to_right(*copy.deepcopy(inputs)), got, _("forward"), where)
        judge_untouched(self.names, inputs, given)
        return given, got

    def back(self, layer, trial):
        inputs, dout = trial
        given, where = copy.deepcopy(dout), described(f"{self.names}, dout", (*inputs, dout))
        got = _run(lambda: call_method(layer, "backward", given), where)
        _compare(self.to_left(dout, *copy.deepcopy(inputs)), got, self.result, where)
        judge_untouched("dout", (dout,), (given,))


def try_class(cls, forward, backward, trials, names, *arguments):
    """Look at a learner's class as `instantiate` does, then run it as `try_layer` does."""
    instantiate(cls, *arguments, forward=names)
    try_layer(lambda: cls(*copy.deepcopy(arguments)), forward, backward, trials, names)


def _run(code, where):
    """Run code of the learner, silently, for there are many trials; if it stops, say for which inputs."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return code()
    except Forgotten:
        text = _("For {where} your code hands nothing back: every way through it has to end in a `return`.")
        raise Wrong(text.format(where=where)) from None
    except (Wrong, NotTried, NotImplementedError):
        raise
    except Exception as error:
        if met_dots(error):
            raise NotTried(DOTS_MET) from None
        text = _("For {where} your code stopped with {kind}: {error}")
        raise Stopped(text.format(where=where, kind=type(error).__name__, error=said_by(error))) from None


def _compare(want, got, result, where, rtol=1e-6, read=as_array):
    """Compare what came with the rule, each of several results by itself."""
    if isinstance(want, tuple):
        if not isinstance(got, tuple | list | np.ndarray) or len(got) != len(want):
            text = _("For {where} there should be {n} results: {names}.")
            raise Wrong(text.format(where=where, n=len(want), names=listed(result)))
        for one, other, name in zip(want, got, result, strict=True):
            _compare(one, other, name, where, rtol, read)
        return
    want = np.asarray(want, dtype=float)
    if isinstance(got, tuple) and len(got) == 1 and want.ndim:  # `return dx,` gives a tuple of one
        inner = read(got[0], result)
        got = inner if inner.shape == want.shape else got
    got = read(got, result)
    if got.shape != want.shape and not (got.size == 1 and want.ndim == 0):
        text = _("For {where}, {result} should have shape {want}, yours has {got}.")
        raise Wrong(text.format(where=where, result=result, want=want.shape, got=got.shape))
    got = got.reshape(want.shape)
    if close(got, want, rtol):
        return
    place, right, wrong = first_difference(want, got, rtol)
    raise Wrong(
        _("For {where}, {result}{place} should be {want}, yours is {got}.").format(
            where=where, result=result, place=f"[{', '.join(map(str, place))}]" if place else "", want=right, got=wrong
        )
    )


def judge_untouched(names, inputs, given):
    """Refuse an answer that has changed an array which belongs to its caller."""
    for name, before, after in zip(names.split(", "), inputs, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after, equal_nan=True):
            text = _(
                "Your code has changed {name}, which belongs to its caller (`+=`, `-=`, `*=` and `sort` do that). "
                "Make a new array."
            )
            raise Wrong(text.format(name=name))
        if isinstance(before, list) and repr(before) != repr(after):
            text = _("Your code has changed the list {name}, which belongs to its caller. Work on a copy.")
            raise Wrong(text.format(name=name))


def described(names, inputs):
    """Write inputs as a diagnosis quotes them: ``x = [1, −2] and t = 3``; large arrays by their shape."""
    parts = []
    for name, thing in zip(names.split(", "), inputs, strict=True):
        if not callable(thing):
            if np.size(thing) > MAX_WRITTEN_NUMBERS:
                parts.append(_("{name} of shape {shape}").format(name=name, shape=np.shape(thing)))
            else:
                parts.append(f"{name} = {written(thing)}")
    return listed(parts)


def written(thing):
    """Write an input: a number, text, or an array in brackets."""
    if isinstance(thing, str):
        return repr(thing)
    if np.ndim(thing) or isinstance(thing, list | tuple):
        return "[" + ", ".join(map(written, thing)) + "]"
    return number(thing)


def drawn(rng, *shape):
    """Draw numbers of both signs for a trial, none of them near 0 and no two alike in size."""
    count = int(np.prod(shape))
    sizes = 0.3 + 2.4 * (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return (sizes * rng.choice([-1.0, 1.0], count)).reshape(shape)
