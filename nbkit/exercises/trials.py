"""A learner's code beside the rule, on many inputs: the first place at which the two differ is told.

A judge first looks for the usual mistakes, each of which has a diagnosis of its own. What is left then goes through
the trials here, so that no answer is right that fits a few numbers only.
"""

import contextlib
import copy
import io
from typing import NamedTuple

import numpy as np

from nbkit.exercises.core import (
    DOTS_MET,
    Forgotten,
    NotTried,
    Wrong,
    as_array,
    as_number,
    call,
    call_method,
    close,
    first_difference,
    made,
    met_dots,
)
from nbkit.formatting import number
from nbkit.messages import _, said_by

MOST_WRITTEN = 12  # numbers of an array that a diagnosis writes out


def try_function(function, rule, trials, names, result=None, rtol=1e-6, read=as_array):
    """Run a learner's function beside the rule, the first trial once more at the end.

    Parameters
    ----------
    function, rule : function
        Both take the inputs of a trial; `rule` returns a number, an array, or a tuple of arrays.
    trials : list of tuple
        Inputs of the exercise's own domain: shapes, signs and sizes that a learner's rule may have forgotten.
    names : str
        What the inputs are called, such as ``"x, t"``.
    result : str or tuple of str, optional
        What to call the result, or each of several.
    rtol : float, optional
        Relative error that counts as rounding.
    read : function, optional
        Makes an array of what came: ``read(part, name)``.

    Raises
    ------
    NotTried, Wrong
    """
    for inputs in [*trials, trials[0]]:
        given = copy.deepcopy(inputs)
        where = told(names, inputs)
        got = _run(lambda given=given: call(function, *given), where)
        _compare(rule(*copy.deepcopy(inputs)), got, result or _("the result"), where, rtol, read)
        judge_untouched(names, inputs, given)


def as_one(part, name):
    """Read a result that has to be one number, as `try_function` wants it."""
    return as_array(as_number(part, name), name)


def try_layer(make, forward, backward, trials, names, rtol=1e-6, result=None):
    """Run a learner's layer beside the rules: two objects by turns, and one of them twice.

    Parameters
    ----------
    make : class or function
        Returns a new object of the learner's.
    forward : function
        The rule for the way to the right, of the inputs.
    backward : function
        The rule for the way back, of ``(dout, *inputs)``: one gradient, or a tuple of them.
    trials : list of pairs
        The inputs, a tuple, and dout.
    names : str
        What the inputs are called.
    rtol : float, optional
        Relative error that counts as rounding.
    result : str or tuple of str, optional
        What to call the gradient of each input.

    Raises
    ------
    NotTried, Wrong
    """
    result = result or tuple(f"d{name}" for name in names.split(", "))
    result = result[0] if len(result) == 1 else result
    walk = _Walk(names, forward, backward, rtol, result)
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
    """Look at forward on all trials before a backward that is still open is told: so forward is right, if it is."""
    try:
        yield
    except NotTried:
        walk = _Walk(names, forward, None, 1e-6, None)
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
    """Ways to the right and back through a learner's layer, beside the rules."""

    names: str
    to_right: object
    to_left: object
    rtol: float
    result: object

    def forward(self, layer, trial):
        """Return the inputs as the layer has got them, and what it gave back."""
        inputs, _dout = trial
        given, where = copy.deepcopy(inputs), told(self.names, inputs)
        got = _run(lambda: call_method(layer, "forward", *given), where)
        _compare(self.to_right(*copy.deepcopy(inputs)), got, _("forward"), where, self.rtol, as_array)
        judge_untouched(self.names, inputs, given)
        return given, got

    def back(self, layer, trial):
        inputs, dout = trial
        given, where = copy.deepcopy(dout), told(f"{self.names}, dout", (*inputs, dout))
        got = _run(lambda: call_method(layer, "backward", given), where)
        _compare(self.to_left(dout, *copy.deepcopy(inputs)), got, self.result, where, self.rtol, as_array)
        judge_untouched("dout", (dout,), (given,))


def try_class(cls, forward, backward, trials, names, *arguments):
    """Look at a learner's class as `made` does, then run it as `try_layer` does."""
    made(cls, *arguments, forward=names)
    try_layer(lambda: cls(*copy.deepcopy(arguments)), forward, backward, trials, names)


def _run(code, where):
    """Run code of the learner, silently, for there are many trials; if it stops, say for which inputs."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return code()
    except Forgotten:
        raise Wrong(
            _("For {where} your code hands nothing back: every way through it has to end in a `return`.").format(
                where=where
            )
        ) from None
    except (Wrong, NotTried, NotImplementedError):
        raise
    except Exception as error:
        if met_dots(error):
            raise NotTried(DOTS_MET) from None
        raise Stopped(
            _("For {where} your code stopped with {kind}: {error}").format(
                where=where, kind=type(error).__name__, error=said_by(error)
            )
        ) from None


def _compare(want, got, result, where, rtol, read):
    """Compare what came with the rule, each of several results by itself."""
    if isinstance(want, tuple):
        if not isinstance(got, tuple | list | np.ndarray) or len(got) != len(want):
            raise Wrong(
                _("For {where} there should be {n} results: {names}.").format(
                    where=where, n=len(want), names=", ".join(result)
                )
            )
        for one, other, name in zip(want, got, result, strict=True):
            _compare(one, other, name, where, rtol, read)
        return
    want = np.asarray(want, dtype=float)
    if isinstance(got, tuple) and len(got) == 1 and want.ndim:  # `return dx,` gives a tuple of one
        inner = read(got[0], result)
        got = inner if inner.shape == want.shape else got
    got = read(got, result)
    if got.shape != want.shape and not (got.size == 1 and want.ndim == 0):
        raise Wrong(
            _("For {where}, {result} should have shape {want}, yours has {got}.").format(
                where=where, result=result, want=want.shape, got=got.shape
            )
        )
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
            raise Wrong(
                _(
                    "Your code has changed {name}, which belongs to its caller (`+=`, `-=`, `*=` and `sort` do that). "
                    "Make a new array."
                ).format(name=name)
            )
        if isinstance(before, list) and repr(before) != repr(after):
            raise Wrong(
                _("Your code has changed the list {name}, which belongs to its caller. Work on a copy.").format(
                    name=name
                )
            )


def told(names, inputs):
    """Write inputs as a diagnosis quotes them: ``x = [1, −2] and t = 3``; large arrays by their shape."""
    return ", ".join(
        f"{name} = {_written(thing)}" if np.size(thing) <= MOST_WRITTEN else f"{name} {_('of shape')} {np.shape(thing)}"
        for name, thing in zip(names.split(", "), inputs, strict=True)
        if not callable(thing)
    )


def _written(thing):
    if isinstance(thing, str):
        return repr(thing)
    if np.ndim(thing) or isinstance(thing, list | tuple):
        return "[" + ", ".join(map(_written, thing)) + "]"
    return number(thing)


def drawn(rng, *shape):
    """Draw numbers of both signs for a trial, none of them near 0 and no two alike in size."""
    count = int(np.prod(shape))
    sizes = 0.3 + 2.4 * (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return (sizes * rng.choice([-1.0, 1.0], count)).reshape(shape)
