"""A case of the bug hunt: source text with one wrong line, the graph that uses it, and what the checks report."""

import ast
import warnings
from contextlib import contextmanager
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nbkit.bugs.time_limit import LOOK, OutOfTime, look_at_the_clock, time_limit, with_looks
from nbkit.gradcheck import GradientError, check_gradients, check_nodes
from nbkit.graph import Graph
from nbkit.layer import Layer, Loss
from nbkit.messages import _, said_by

FILE = "<the code in the box>"
VARIANTS = (0, 1)  # the numbers that are shown, and others, so that code made for the first alone is caught
MAX_CHECK_SECONDS = 3  # of computing, for code to be run and checked: it takes some hundredths
MAX_TRAINING_SECONDS = 10  # the same for a training: it runs the code in some hundred steps


class CodeError(Exception):
    """Code from the box that cannot be run: `line`, from 1, says where; None where no single line is to blame."""

    def __init__(self, message, line=None):
        super().__init__(message)
        self.line = line


class Report(NamedTuple):
    """What the gradient checks say about a graph that uses some code.

    Attributes
    ----------
    graph : Graph
        After a ``backward``, so that it shows the gradients that the code gives.
    errors : dict of Variable to (GradientError or None)
        For each node by itself, in topological order.
    whole : GradientError or None
        Of the graph as a whole; looked at only where each node by itself is right.
    objection : str
        Why the code is wrong although this graph's gradients are right, if it is.
    """

    graph: Graph
    errors: dict
    whole: GradientError | None
    objection: str

    @property
    def solved(self):
        """Whether all is right."""
        return not any(self.errors.values()) and self.whole is None and not self.objection


class Case:
    """One planted bug.

    Parameters
    ----------
    title : str
        What it is about, without telling what is wrong.
    outside : str
        What one sees before any check.
    code : str
        The right source text. It may use ``np``, ``Layer`` and ``Loss``.
    good, bad : str
        The line (or part of it) that is right, once in `code`, and what stands there in its place.
    graph : callable
        ``graph(names, variant)`` records the computation and returns the Variable at its end. `names` holds what
        the code defines, `variant` is 0 for the numbers of the picture and 1 for others.
    found, mended : str
        The explanation: how the check shows it, and what puts it right.
    training : callable, optional
        ``training(names)`` gives the losses of a short run, (steps,) array. Left out where there is nothing to train.

    Attributes
    ----------
    broken : str
        The source text with the bug.
    layers : tuple of str
        Names of the classes that the code must define.
    """

    def __init__(self, title, *, outside, code, good, bad, graph, found, mended, training=None):
        code = code.strip("\n")
        if code.count(good) != 1 or good == bad:
            raise ValueError(_("the good line must stand in the code exactly once, and the bad one must differ"))
        self.title, self.outside, self.found, self.mended = title, outside, found, mended
        self.code, self.good, self.bad = code, good, bad
        self.broken = code.replace(good, bad)
        self.graph, self.training = graph, training
        self.layers = tuple(name for name, thing in run_code(code).items() if _is_layer(thing))

    def __repr__(self):
        return f"Case: {self.title}"

    @property
    def line(self):
        """Number of the line with the bug, counted from 1."""
        return self.code[: self.code.index(self.good)].count("\n") + 1

    def examine(self, code):
        """Return a `Report` on the graph with the layers of `code`; `CodeError` if it cannot be run."""
        with time_limit(MAX_CHECK_SECONDS):
            names = self._defined(code)
            shown, elsewhere = (self._report(names, variant) for variant in VARIANTS)
        if not any(shown.errors.values()) and shown.whole is None and not shown.objection:
            first = next(filter(None, [*elsewhere.errors.values(), elsewhere.whole]), None)
            if first is not None:
                words = _("Right for these numbers, wrong for others: {}").format(first)
                return shown._replace(objection=words)
        return shown

    def losses(self, code, **settings):
        """Return the loss of each step of a training with the layers of `code`; some take a ``seed``."""
        names = self._defined(code)
        with blamed_on_code(MAX_TRAINING_SECONDS):
            return self.training(names, **settings)

    @cached_property
    def right_losses(self):
        """The losses of the same run with the right code."""
        return self.losses(self.code)

    @cached_property
    def buggy_losses(self):
        """The losses of the same run with the bug."""
        return self.losses(self.broken)

    def _defined(self, code):
        names = run_code(code)
        for name in self.layers:
            if not _is_layer(names.get(name)):
                raise CodeError(_("the code must define a class {}, with Layer (or Loss) in its brackets").format(name))
        return names

    def _report(self, names, variant):
        """Check one graph; what the layers compute going forward must not have changed."""
        with blamed_on_code():
            graph = Graph(self.graph(names, variant))
            errors = check_nodes(graph)
            whole = None if any(errors.values()) else _whole_error(graph)
            _run_backward(graph)
        right = Graph(self.graph(run_code(self.code), variant))
        return Report(graph, errors, whole, _changed(graph, right))


def run_code(code):
    """Run source text in a fresh namespace with ``np``, ``Layer`` and ``Loss``; return the names it defines."""
    given = {"np": np, "Layer": Layer, "Loss": Loss, "__name__": "bug_hunt", LOOK: look_at_the_clock}
    names = dict(given)
    with blamed_on_code():
        exec(compile(with_looks(compile(code, FILE, "exec", ast.PyCF_ONLY_AST)), FILE, "exec"), names)
    return {name: thing for name, thing in names.items() if given.get(name) is not thing and name != "__builtins__"}


@contextmanager
def blamed_on_code(seconds=MAX_CHECK_SECONDS):
    """Turn whatever stops the code in the box into a `CodeError` that names the line, and show no warnings."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), time_limit(seconds):
            warnings.simplefilter("ignore")
            yield
    except CodeError:
        raise
    except OutOfTime as error:
        rule = _("Stopped in line {line}, after {n} seconds: is there a loop that never ends?")
        raise CodeError(rule.format(line=(line := _line_of(error)), n=seconds), line) from None
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        kind, words = type(error).__name__, said_by(error)
        line = error.lineno if isinstance(error, SyntaxError) else _line_of(error)
        if isinstance(error, SyntaxError):
            words = error.msg
        where = _("{kind} in line {line}").format(kind=kind, line=line) if line else kind
        raise CodeError(_("{name}: {text}").format(name=where, text=words) if words else where, line) from None


def _line_of(error):
    """Find the last line of the code in the box through which an error went."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _is_layer(thing):
    return isinstance(thing, type) and issubclass(thing, Layer) and thing not in (Layer, Loss)


def _run_backward(graph):
    """Leave a graph with the gradients that its layers give, or with none where they are no gradients at all."""
    graph.forward()
    try:
        graph.backward()
        usable = all(map(_has_sent_numbers, graph.variables))
    except Exception:  # the check of the node that is wrong says it better
        usable = False
    if not usable:
        graph.forward()


def _has_sent_numbers(v):
    """Tell whether the node that made `v` has sent numbers to each of its inputs but targets, which come last."""
    if v.layer is None or v.grad is None:
        return True
    return len(v.dinputs) in (len(v.inputs), len(v.inputs) - len(v.layer.targets)) and all(
        isinstance(dinput, np.ndarray | np.generic | int | float) and np.asarray(dinput).dtype.kind in "fiub"
        for dinput in v.dinputs[: len(v.inputs) - len(v.layer.targets)]
    )


def _whole_error(graph):
    try:
        check_gradients(graph)
    except GradientError as error:
        return error
    return None


def _changed(graph, right):
    """Say which layer computes something else than the right one, if any does."""
    if len(graph.variables) != len(right.variables):
        return _("The graph has other nodes than before: a layer must take numbers and return numbers.")
    for v, truth in zip(graph.variables, right.variables, strict=True):
        if v.shape != truth.shape or not np.allclose(v.value, truth.value, rtol=1e-9, atol=1e-12, equal_nan=True):
            return _(
                "{}: forward gives other numbers than before, so this is another layer. "
                "Mend the gradient and leave forward's result alone."
            ).format(v.layer)
    return ""
