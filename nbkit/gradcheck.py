"""Gradient checking: compares every gradient with what the function itself does when an input is nudged."""

import copy
import inspect

import numpy as np

from nbkit.checks import real
from nbkit.messages import _


class GradientError(AssertionError):
    """A gradient that disagrees with central differences.

    Attributes
    ----------
    layer, argument : str
        Where the wrong number came from.
    index : tuple of int or None
        Position inside the argument; ``None`` where shape or count are wrong already.
    backward, numeric : float or None
        The two numbers that disagree.
    dout : number, array or None
        The random gradient from the right for which they were found.
    """

    def __init__(self, message, layer, argument, index=None, backward=None, numeric=None, dout=None):
        super().__init__(message)
        self.layer = layer
        self.argument = argument
        self.index = index
        self.backward = backward
        self.numeric = numeric
        self.dout = dout


def numerical_gradient(f, x, dout=1.0, eps=1e-5):
    """Nudge each entry of `x` both ways: ``sum(dout * (f(x + eps) - f(x - eps))) / (2 eps)``.

    Parameters
    ----------
    f : callable
        Takes an array like `x`, gives a number or an array.
    x : number or (...) array
        Left as it is; worked on as float64.
    dout : number or array
        Weights of the outputs, in the shape of ``f(x)``.
    eps : float
        Size of the nudge, relative to entries above 1. The error of the formula falls with
        eps**2, that of rounding rises with 1/eps.

    Returns
    -------
    (...) array in the shape of `x`
    """
    eps = real("eps", eps, above=0)
    x = np.array(x, dtype=np.float64)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        # 0.00001 beside a million: few digits are left to tell
        step = eps * max(1.0, abs(x[index]))
        high, low = (np.asarray(f(_nudged(x, index, by)), dtype=float) for by in (step, -step))
        gradient[index] = (dout * (high - low)).sum() / (2 * step)
    return gradient[()]


def _nudged(x, index, by):
    x = x.copy()
    x[index] += by
    return x[()]


def check_gradients(subject, *inputs, rtol=1e-6, rng=0):
    """Compare every gradient of a layer or a graph with central differences.

    A layer is anything with ``forward`` and ``backward``; it is checked at `inputs`, with a random ``dout``. A graph
    is checked at its present values: each layer alone first, so that the guilty one is named, then the whole. The
    subject is left as it was. Numbers of less than 64 bits are checked as a copy in float64: in float32 a difference of
    two close values is mostly rounding. Where ``forward`` itself rounds, nudges and tolerance are larger accordingly.

    Parameters
    ----------
    subject : layer or Graph
    *inputs : array_like
        What the layer's ``forward`` takes. A graph has its own.
    rtol : float
        Allowed difference, relative to the largest gradient of the same argument (or to 1 where that is smaller).
    rng : numpy.random.Generator or int
        For the random ``dout``.

    Raises
    ------
    GradientError
        Naming layer, argument, index and both numbers; also for a gradient of the wrong shape, a missing one, and
        a ``backward`` that changes the ``dout`` it was given.
    """
    rng = np.random.default_rng(rng)
    if hasattr(subject, "variables"):
        _check_graph(_graph_in_full(subject), rtol, rng)
    else:
        _check_layer(copy.deepcopy(subject), inputs, rtol, rng)


def _graph_in_full(graph):
    """Return the graph, or where it has numbers of less than 64 bits a copy in float64."""
    things = [v.value for v in graph.variables]
    things += [param for v in graph.variables if v.layer is not None for param in v.layer.params.values()]
    if all(np.asarray(thing).dtype.itemsize >= 8 for thing in things):
        return graph
    twin = graph.copy()
    for v in twin.variables:
        owner = v.layer.owner if v.layer is not None else v.source[0] if v.source is not None else None
        if owner is not None:
            owner.params.update((name, _in_full(param)) for name, param in owner.params.items())
        v.value = _in_full(v.value)
    twin.forward()
    return twin


def _in_full(value):
    """Return an array of floats, or a number, in float64; anything else as it is."""
    short = isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f" and value.dtype.itemsize < 8
    return value.astype(np.float64) if short else value


def _layer_in_full(layer):
    """Turn all numbers of a layer that is a copy into float64, its `params` and whatever else it holds."""
    full = {}  # an array that stands in two places stays one

    def own(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                value[key] = own(inner)
            return value
        if isinstance(value, list):
            value[:] = map(own, value)
            return value
        return full.setdefault(id(value), _in_full(value)) if isinstance(value, np.ndarray | np.floating) else value

    if hasattr(layer, "__dict__"):
        own(vars(layer))
    return layer


def check_nodes(graph, rtol=1e-6, rng=0):
    """Check every layer of a graph by itself, at the values it has there, and go on after a wrong one.

    Parameters
    ----------
    graph : Graph
        Left as it was.
    rtol, rng
        As in `check_gradients`.

    Returns
    -------
    dict of Variable to (GradientError or None)
        For the node that each layer made, in topological order: what is wrong with its backward, if anything.
    """
    rng = np.random.default_rng(rng)
    return {v: _node_error(v, rtol, rng) for v in graph.variables if v.layer is not None}


def _node_error(v, rtol, rng):
    try:
        inputs = [i.value for i in v.inputs]
        _check_layer(copy.deepcopy(v.layer), inputs, rtol, rng, [i.constant for i in v.inputs])
    except GradientError as error:
        return error
    return None


def _check_graph(graph, rtol, rng):
    """Check each layer alone, then the whole; all that changes is put back, as a copy could be too deep."""
    values = {name: v.value for name, v in graph.inputs.items()}
    gradients = [(v, v.grad, v.dinputs) for v in graph.variables]
    owners = [v.layer.owner if v.layer else v.source[0] for v in graph.variables if v.layer or v.source]
    owners = [(owner, owner.grads) for owner in owners]
    try:
        for error in (_node_error(v, rtol, rng) for v in graph.variables if v.layer is not None):
            if error is not None:
                raise error
        dout = rng.normal(size=graph.output.shape)
        for name, gradient in graph.backward(dout).items():
            if gradient is not None and not graph.inputs[name].constant:
                _check_input(graph, name, gradient, dout, rtol)
    finally:
        graph.forward(**values)
        for v, grad, dinputs in gradients:
            v.grad, v.dinputs = grad, dinputs
        for owner, grads in owners:
            owner.grads = grads


def _check_input(graph, name, gradient, dout, rtol):
    value = graph.inputs[name].value
    numeric = numerical_gradient(lambda x: graph.forward(**{name: x}), value, dout)
    graph.forward(**{name: value})
    _compare(_("the whole graph"), name, gradient, numeric, dout, rtol)


def _check_layer(layer, inputs, rtol, rng, skip=()):
    layer, inputs = _layer_in_full(layer), [_in_full(np.array(x)) for x in inputs]
    arguments, name = _arguments(layer, len(inputs)), _name(layer)
    output = layer.forward(*_fresh(inputs))
    if output is None:
        raise GradientError(_("{}: forward returns nothing").format(name), name, "output")
    digits = {}
    if np.asarray(output).dtype in (np.float32, np.float16):  # the layer rounds by itself
        eps = float(np.finfo(np.asarray(output).dtype).eps)
        digits, rtol = {"eps": eps ** (1 / 3)}, max(rtol, 100 * eps ** (2 / 3))
    dout = rng.normal(size=np.shape(output))
    wanted = [i for i, argument in enumerate(arguments) if argument not in getattr(layer, "targets", ())]
    gradients = _backward(layer, name, dout, [arguments[i] for i in wanted], len(inputs))
    of_parameters = {key: np.array(grad) for key, grad in getattr(layer, "grads", {}).items()}
    for i in wanted:
        if not (skip and skip[i]):
            numeric = numerical_gradient(
                lambda x, i=i: layer.forward(*_fresh([*inputs[:i], x, *inputs[i + 1 :]])), inputs[i], dout, **digits
            )
            _compare(name, arguments[i], gradients[i], numeric, dout, rtol)
    for key in getattr(layer, "params", {}):
        numeric = numerical_gradient(
            lambda p, key=key: _with_parameter(layer, key, p, inputs), layer.params[key], dout, **digits
        )
        _compare(name, key, of_parameters.get(key), numeric, dout, rtol)


def _name(layer):
    """Name the layer for an error: a learner's plain class by its name, not by its place in memory."""
    kind = type(layer)
    return kind.__name__ if kind.__repr__ is object.__repr__ else str(layer)


def _backward(layer, name, dout, wanted, most):
    """Run backward, and refuse a changed `dout` or the wrong number of gradients."""
    given = dout.copy()
    gradients = layer.backward(given if given.ndim else given[()])
    if not np.array_equal(given, dout):
        message = _("{}: backward changed the dout it was given; it belongs to the caller, work on a copy")
        raise GradientError(message.format(name), name, "dout")
    gradients = tuple(gradients) if isinstance(gradients, tuple | list) else (gradients,)
    if not len(wanted) <= len(gradients) <= most:
        message = _("{layer}: backward must return one gradient per input, {rule}, got {got}")
        missing = wanted[min(len(gradients), len(wanted) - 1)]
        raise GradientError(message.format(layer=name, rule=len(wanted), got=len(gradients)), name, missing)
    return gradients


def _fresh(inputs):
    """Copy the inputs, numbers as numbers, so that no forward can spoil the next one."""
    return [np.array(x)[()] for x in inputs]


def _with_parameter(layer, name, value, inputs):
    """Run the layer with one parameter replaced for a moment."""
    kept = layer.params[name]
    layer.params[name] = value
    try:
        return layer.forward(*_fresh(inputs))
    finally:
        layer.params[name] = kept


def _arguments(layer, count):
    """List the names of the arguments of ``forward``; x0, x1, ... where it takes any number."""
    names = [
        p.name
        for p in inspect.signature(layer.forward).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    return (names + [f"x{i}" for i in range(len(names), count)])[:count]


def _compare(name, argument, gradient, numeric, dout, rtol):
    if gradient is None:
        message = _("{layer}: backward gave no gradient for {argument}")
        raise GradientError(message.format(layer=name, argument=argument), name, argument)
    gradient = np.asarray(gradient, dtype=np.float64)
    if gradient.shape != numeric.shape:
        message = _("{layer}: the gradient of {argument} must have its shape {rule}, got {got}")
        text = message.format(layer=name, argument=argument, rule=numeric.shape, got=gradient.shape)
        raise GradientError(text, name, argument)
    # "not close" instead of "far", so that NaN counts as wrong
    wrong = ~(np.abs(gradient - numeric) <= rtol * max(1.0, np.abs(numeric).max(initial=0.0)))
    if wrong.any():
        index = tuple(map(int, np.argwhere(wrong)[0]))
        found, true = float(gradient[index]) + 0.0, float(numeric[index]) + 0.0  # + 0.0: no "-0" in the message
        entry = _("{argument} at index {index}").format(argument=argument, index=index) if index else argument
        message = _("{layer}: gradient of {entry}: backward says {found:.6g}, central differences say {true:.6g}")
        text = message.format(layer=name, entry=entry, found=found, true=true)
        raise GradientError(text, name, argument, index, found, true, dout)
