"""The usual kinds of answer, each judged by the right rule, by wrong rules that have a diagnosis, and by trials.

`mistakes` maps a diagnosis to the wrong rule that it explains, or to a list of such rules. A rule computes what an
answer that follows it would give, so a test can make that answer and see that it gets its diagnosis.
"""

import copy
import math

import numpy as np

from nbkit.exercises.answers import as_array, as_number, filled, nothing_open, parts_of
from nbkit.exercises.compare import apart, close, rows_apart
from nbkit.exercises.learner_code import call, call_method, instantiate, is_stub
from nbkit.exercises.trials import forward_first, judge_untouched, try_class, try_function, written
from nbkit.exercises.verdicts import Wrong
from nbkit.messages import _, kind_of


def rules_of(mistakes):
    """Yield pairs (diagnosis, wrong rule or number)."""
    for diagnosis, wrong in mistakes.items():
        for rule in wrong if isinstance(wrong, list) else [wrong]:
            yield diagnosis, rule


def name_mistake(results, mistakes, probes, rtol=1e-6):
    """Raise the diagnosis of the wrong rule that explains the results of all probes, if there is one."""
    for diagnosis, rule in rules_of(mistakes):
        if _explains(rule, results, probes, rtol):
            raise Wrong(diagnosis)


def _explains(rule, results, probes, rtol):
    """Tell whether a rule gives the results of all probes."""
    return all(_agree(got, rule(*inputs), rtol) for got, inputs in zip(results, probes, strict=True))


def _agree(got, want, rtol=1e-6):
    """Compare results, each of several by itself; None stands for one that may be anything."""
    if isinstance(want, tuple):
        return all(other is None or close(one, other, rtol) for one, other in zip(got, want, strict=True))
    return close(got, want, rtol)


# ---------------------------------------------------------------- numbers


def judge_number(answer, right, mistakes, otherwise, rtol=1e-6, read=as_number):
    """Judge one number.

    Parameters
    ----------
    answer : object
    right : float
    mistakes : dict
        Maps a diagnosis to the wrong number, or to a list of them.
    otherwise : str or function
        What to say of any other number: a text with ``{}`` for it, or a function that makes the text of it.
    rtol : float, optional
        Relative error that counts as rounding.
    read : function, optional
        Makes a number of the answer.

    Raises
    ------
    NotTried, Wrong
    """
    value = read(answer)
    if close(value, right, rtol):
        return
    for diagnosis, wrong in rules_of(mistakes):
        if close(value, wrong, rtol):
            raise Wrong(diagnosis)
    if not math.isfinite(value):
        raise Wrong(_("This is no finite number."))
    if callable(otherwise):
        raise Wrong(otherwise(value))
    raise Wrong(otherwise.format(apart(right, value)[1]))


def judge_numbers(answer, ask, parts, together=None, rtol=1e-6, called="{}", prefix=str):
    """Judge several numbers, in a row or by name; what is still open is named once all else is right.

    Parameters
    ----------
    answer : object
    ask : str
        What to say of an answer of another kind: ``{}`` is what came.
    parts : dict
        Maps the name of each number to what `judge_number` takes: (right, mistakes, otherwise).
    together : dict, optional
        Maps a diagnosis to a tuple of all numbers, or to a list of such tuples.
    rtol : float, optional
    called : str, optional
        What to call a part that is no number, with ``{}`` for its name.
    prefix : function, optional
        Makes of the name what stands before a diagnosis.

    Raises
    ------
    NotTried, Wrong
    """
    handed_in = parts_of(answer, tuple(parts))
    if handed_in is None or len(handed_in) != len(parts):
        raise Wrong(ask.format(kind_of(answer)))
    given, still = filled(dict(zip(parts, handed_in, strict=True)))
    values = {part: as_number(thing, called.format(part)) for part, thing in given.items()}
    for diagnosis, wrong in rules_of(together or {}):
        if not still and close(list(values.values()), wrong, rtol):
            raise Wrong(diagnosis)
    for part, value in values.items():
        try:
            judge_number(value, *parts[part], rtol)
        except Wrong as error:
            raise Wrong(_("{part}: {error}").format(part=prefix(part), error=error)) from None
    nothing_open(still)


# ---------------------------------------------------------------- functions


def judge_function(
    answer, rule, probes, mistakes, trials, names, result=None, *,
    called=None, read=as_array, unpack=None, shape=None, broadcast=None, otherwise=None, then=None,
    rtol=1e-6, trial_rtol=None,
):  # fmt: skip
    """Judge a learner's function: first on a few probes that tell the usual mistakes apart, then on many trials.

    Parameters
    ----------
    answer : object
    rule : function or list of function
        The right rule, of the inputs: returns a number, an array, or a tuple of arrays. Several may be equally good.
    probes, trials : list of tuple
        Inputs.
    mistakes : dict
        Maps a diagnosis to a wrong rule of the inputs, or to a list of them.
    names : str
        What the inputs are called, such as ``"x, t"``.
    result : str or tuple of str, optional
        What to call the result of a trial, or each of several.
    called : str, optional
        What to call the result of a probe.
    read : function, optional
        Makes numbers of one result: ``read(result, name)``.
    unpack : function, optional
        Makes numbers of what came back from a probe, where there is more to it than `read`.
    shape : str, optional
        What to say of another shape than that of the rule, with ``{want}`` and ``{got}``.
    broadcast : str, optional
        What to say where NumPy cannot fit shapes, with ``{error}`` and the ``{shape}`` of the first input.
    otherwise : function, optional
        Says in what a result differs that no usual mistake explains: ``otherwise(inputs, want, got)`` of the first
        such probe. Without it, a trial will tell.
    then : function, optional
        Looks at more than the probes: it is given a function that runs the answer on other inputs.
    rtol, trial_rtol : float, optional
        Relative error that counts as rounding, and that in the trials if it is another.

    Raises
    ------
    NotTried, Wrong
    """
    unpack = unpack or (lambda result: read(result, called))

    def at(*inputs):
        return unpack(_probe_function(answer, inputs, names, broadcast))

    def well_shaped(got, want):
        if shape and np.shape(got) != np.shape(want):
            raise Wrong(shape.format(want=np.shape(want), got=np.shape(got)))
        return got

    results = [at(*inputs) for inputs in probes]
    rules = rule if isinstance(rule, list) else [rule]
    rule = next((good for good in rules if _explains(good, results, probes, rtol)), None)
    if rule is None:
        rule, trials = rules[0], [*trials, *probes]
        name_mistake(results, mistakes, probes, rtol)
        for inputs, got in zip(probes, results, strict=True):
            well_shaped(got, want := rule(*inputs))
            if otherwise and not _agree(got, want, rtol):
                otherwise(inputs, want, got)
    if then:
        then(lambda *inputs: well_shaped(at(*inputs), rule(*inputs)))
    try_function(answer, rule, trials, names, result, trial_rtol or rtol, read)


def _probe_function(function, inputs, names, broadcast=None):
    """Run a learner's function on copies of the inputs, and make sure that it leaves them alone."""
    given = copy.deepcopy(inputs)
    try:
        result = call(function, *given)
    except ValueError as error:
        if not broadcast or "broadcast" not in str(error):
            raise
        raise Wrong(broadcast.format(error=error, shape=getattr(inputs[0], "shape", ()))) from None
    judge_untouched(names, inputs, given)
    return result


# ---------------------------------------------------------------- layers


def judge_layer(
    answer, forward, backward, probes, mistakes, trials, names, words, *,
    read, stub=None, shared=None, wrote=None, then=None,
):  # fmt: skip
    """Judge a learner's class with forward and backward: on probes, two objects crosswise, and on many trials.

    Parameters
    ----------
    answer : object
    forward : function
        The right rule of the inputs.
    backward : function
        The right rule of ``(dout, *inputs, output)``.
    probes, trials : list of pairs
        The inputs, a tuple, and dout.
    mistakes : dict
        Maps a diagnosis to a wrong rule of ``(dout, *inputs, output)``, or to a list of them.
    names : str
        What the inputs are called.
    words : str
        What backward should give, in words.
    read : function
        Makes numbers of a result: ``read(result, "forward" or "backward")``. A gradient that is open stays dots.
    stub : str, optional
        What to say of a backward that is not written yet.
    shared : str, optional
        What to say of objects that share what they remember.
    wrote : str, optional
        What to say of a backward that has written into dout.
    then : function, optional
        Looks at more of the class after the trials.

    Raises
    ------
    NotTried, Wrong
    """

    def rule(dout, *inputs):
        return backward(dout, *inputs, forward(*inputs))

    with forward_first(answer, forward, trials, names):
        got = [_probe_layer(answer, forward, *probe, names, read, stub, wrote) for probe in probes]
    want = [rule(dout, *inputs) for inputs, dout in probes]
    _judge_gradients(got, want, probes, mistakes, forward, names, words)
    _judge_memory(answer, rule, *probes[0], read, shared)
    try_class(answer, forward, rule, trials, names)
    if then:
        then(answer)


def _probe_layer(cls, forward, inputs, dout, names, read, stub, wrote):
    """Run a learner's layer forward and backward, and return the gradients."""
    layer, given, sent = instantiate(cls, forward=names), copy.deepcopy(inputs), copy.deepcopy(dout)
    half = None if is_stub(cls.backward) else _("backward is there. Still open: forward.")
    out, want = read(call_method(layer, "forward", *given, stub=half), "forward"), forward(*inputs)
    if not all(map(np.array_equal, given, inputs)):
        raise Wrong(_("forward has written into x. It belongs to somebody else: make a new array."))
    if not close(out, want):
        right, wrong = _both_written(want, out)
        text = _("forward({inputs}) should give {want}, yours gives {got}.")
        raise Wrong(text.format(inputs=", ".join(map(written, inputs)), want=right, got=wrong))
    result = call_method(layer, "backward", sent, stub=stub)
    if not np.array_equal(sent, dout):
        rule = _("backward has written into dout. Others may still need it: multiply, and return a *new* array.")
        raise Wrong(wrote or rule)
    return read(result, "backward")


def _judge_gradients(results, rights, probes, mistakes, forward, names, words):
    """Compare the gradients that came back from the probes with the right ones; those that are open come last."""
    gradients = [f"d{name}" for name in names.split(", ")]
    still = {name for got in results for name, part in zip(gradients, _parts(got), strict=True) if part is ...}
    for (inputs, dout), want, got in zip(probes, rights, results, strict=True):
        there = tuple(right if part is ... else part for part, right in zip(_parts(got), _parts(want), strict=True))
        if _agree(there, _parts(want)):
            continue
        if not still:
            name_mistake(results, mistakes, [(dout, *inputs, forward(*inputs)) for inputs, dout in probes])
        right, wrong = _both_written(want, got)
        text = _("After forward({inputs}), backward({dout}) should give {want}, {words}; yours gives {got}.")
        raise Wrong(
            text.format(inputs=", ".join(map(written, inputs)), dout=written(dout), want=right, words=words, got=wrong)
        )
    nothing_open(sorted(still))


def _parts(gradients):
    return gradients if isinstance(gradients, tuple) else (gradients,)


def _both_written(want, got):
    """Write a right result and the one that came: numbers, rows, or several numbers in brackets."""
    if isinstance(want, tuple):
        pairs = [("...", "...") if part is ... else _both_written(right, part)
                 for right, part in zip(want, got, strict=True)]  # fmt: skip
        return tuple(f"({', '.join(texts)})" for texts in zip(*pairs, strict=True))
    if np.ndim(want):
        return tuple(f"[{text}]" for text in rows_apart(want, got))
    return (written(want), written(got)) if close(want, got) else apart(want, got)


def _judge_memory(cls, rule, inputs, dout, read, shared):
    """Two objects must not share what they remember: the second one runs forward before the first runs backward."""
    others = tuple(-x for x in inputs)
    one, other = cls(), cls()
    one.forward(*copy.deepcopy(inputs))
    other.forward(*others)
    got = read(call_method(one, "backward", copy.deepcopy(dout)), "backward")
    if _agree(got, rule(dout, *others)) and not _agree(got, rule(dout, *inputs)):
        raise Wrong(shared or _("Two objects of your class share one memory: keep what backward needs on self."))
