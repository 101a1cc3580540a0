"""The numbers that the inputs of a quiz's graph may get: easy ones, or those of a given range."""

import math

from nbkit.messages import _, listed


def refuse_what_cannot_be_asked(graph):
    """Raise ValueError for a graph with arrays, with parameters or without an operation."""
    for v in graph.variables:
        if v.shape:
            rule = _("GraphQuiz asks for single numbers, but {} is an array")
            raise ValueError(rule.format(v.name or v.layer or graph.id(v)))
        if v.source is not None or (v.layer is not None and v.layer.params):
            raise ValueError(_("GraphQuiz asks about graphs without parameters, got {}").format(v.layer or v))
    if graph.output.layer is None:
        raise ValueError(_("there is nothing to ask: this graph has no operation"))


def choices(graph, ranges):
    """List the numbers that each named input may get."""
    inputs = {name: float(v.value) for name, v in graph.inputs.items() if not v.constant}
    unknown = [name for name in ranges if name not in inputs]
    if unknown:
        rule = _("ranges names {got}, but the inputs of the graph are {known}")
        raise ValueError(rule.format(got=listed(map(str, unknown)), known=listed(inputs)))
    return {name: _grid(name, *_limits(name, value, ranges)) for name, value in inputs.items()}


def _limits(name, value, ranges):
    """Return (low, high, step): as given, or of easy numbers of the size and sign of the old one."""
    if name in ranges:
        try:
            low, high, step = map(float, ranges[name])
        except (TypeError, ValueError):
            low = high = step = math.nan
        if not (math.isfinite(low) and low <= high < math.inf and 0 < step < math.inf):
            rule = _("the range of {name!r} must be (low, high, step) with low ≤ high and step above 0, got {got}")
            raise ValueError(rule.format(name=name, got=ranges[name]))
        return low, high, step
    size = abs(value)
    if size == round(size):
        step = 10.0 ** max(0, math.floor(math.log10(size or 1)) - 1)
        low, high = (2 * step, 2 * size) if size >= 10 else (2.0, 9.0)
    else:
        low, high, step = 0.2, max(2.0, round(2 * size, 1)), 0.1
    return (low, high, step) if value >= 0 else (-high, -low, step)


def _grid(name, low, high, step):
    """All numbers of a range but 0; 1 and -1 only where there is nothing else, as they hide mistakes."""
    count = min(10_000, math.floor((high - low) / step + 1e-9) + 1)
    every = [x for x in (round(low + k * step, 10) for k in range(count)) if x]
    if not every:
        raise ValueError(_("the range of {!r} holds no number but 0").format(name))
    return [x for x in every if abs(x) != 1] or every
