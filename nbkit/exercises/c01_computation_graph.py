"""Exercises of chapter 01: read a graph, draw a graph."""

import numpy as np

from nbkit.exercises.answers import filled, nothing_open
from nbkit.exercises.compare import close
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_number, name_mistake
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.messages import _, as_in_any_language, kind_of, listed

exercise(
    "01.bill",
    _("Go from left to right: one product for the pears, one for the melons, then the sum, then the tax."),
    _("4 × 80 and 2 × 120 meet in the +; the last × multiplies their sum by 1.08."),
    judge=judge_number,
    right=604.8,
    mistakes={
        _("Nearly: hand it in as it comes out. Do not round a number that is not whole."): [605, 604],
        _("560 is the sum before tax: one more × is waiting at the right end."): 560,
        _("The tax has reached only one of the two fruits: it comes after the +, so it applies to both."):
            [320 * 1.08 + 240, 320 + 240 * 1.08],
        _("Prices and counts were added first. Each × sees only its own two inputs: 4 × 80 and 2 × 120."):
            (80 + 120) * (4 + 2) * 1.08,
        _("That is with the tax of the chapter, 1.1. Here it is 8 %, so the factor is 1.08."): 560 * 1.1,
        _("That is the tax alone. The bill is the sum and the tax: multiply by 1.08."): 560 * 0.08,
    },
    otherwise=_("{} is not it. Write the value above each edge, from left to right."),
    praise=_("Right: 320 + 240 = 560, and 560 × 1.08 = 604.8."),
)  # fmt: skip


ASKED = {"price": 250, "count": 4, "coupon": 100}
NAMES = {"price": _("price"), "count": _("count"), "coupon": _("coupon")}  # as the chapter has them, by ours
OTHERS = (
    {"price": 10, "count": 3, "coupon": 6},
    {"price": 2.5, "count": 2, "coupon": 30},
    {"price": 1730.2, "count": 57, "coupon": 0},
    {"price": 0, "count": 1, "coupon": 12.34},
    {"price": 88, "count": 0, "coupon": 777},
)


@exercise(
    "01.graph",
    _("Three Variables with names: price, count and coupon."),
    _("bill = price * count - coupon, in this order: the coupon is taken off after multiplying."),
    mistakes={
        _("The coupon was added: it makes the bill smaller, so it takes a −."):
            lambda price, count, coupon: price * count + coupon,
        _("The coupon was taken off each single piece. It counts once: multiply first, then subtract."):
            lambda price, count, coupon: (price - coupon) * count,
        _("The sign is turned: x − y is not y − x. The bill comes first, the coupon second."):
            lambda price, count, coupon: coupon - price * count,
    },
    praise=_("Right: 250 × 4 = 1000, and 1000 − 100 = 900. It still holds for other prices."),
)  # fmt: skip
def judge_graph(answer, mistakes):
    if isinstance(answer, int | float):
        raise Wrong(_("This is a plain number: the graph was not recorded. Start from Variable(250, 'price')."))
    if not isinstance(answer, Variable | Graph):
        raise Wrong(
            _("The answer should be the Variable at the right end of the graph, this is {}.").format(kind_of(answer))
        )
    graph = (answer if isinstance(answer, Graph) else Graph(answer)).copy()
    called = _judge_inputs(graph)
    given = {name: graph.inputs[called[name]].value for name in ASKED}
    for name, value in given.items():
        if np.shape(value):
            text = _("{name} should be one number, this is {got}.")
            raise Wrong(text.format(name=called[name], got=kind_of(value)))
    bills = (ASKED, *OTHERS)
    inputs = [{called[name]: value for name, value in bill.items()} for bill in bills]
    results = [float(np.asarray(graph.forward(**values)).item()) for values in inputs]
    name_mistake(results, mistakes, [tuple(bill.values()) for bill in bills])
    for bill, got in zip(bills, results, strict=True):
        if not close(got, bill["price"] * bill["count"] - bill["coupon"]):
            told = {name: number(value) for name, value in bill.items()} | {"got": number(got)}
            raise Wrong(
                _("With price {price}, count {count} and coupon {coupon} your graph says {got}.").format(**told)
            )
    for name, value in ASKED.items():
        if not close(given[name], value):
            text = _("The graph is right, but {name} has the value {got}. It should be {value}.")
            raise Wrong(text.format(name=called[name], got=number(given[name]), value=value))


def _judge_inputs(graph):
    """Return what the graph calls the three inputs, in any language; it should have these, and no other."""
    called = {
        name: next((one for one in as_in_any_language(here) if one in graph.inputs), here)
        for name, here in NAMES.items()
    }
    missing = {NAMES[name] for name in ASKED if called[name] not in graph.inputs}
    if missing:
        raise Wrong(_("The graph has no input called {}.").format(listed(sorted(missing))))
    boxes = [v for v in graph.variables if v.layer is None and not v.constant]
    more = [repr(v.name) if v.name else _("one without a name") for v in boxes if v.name not in called.values()]
    if more:
        raise Wrong(_("The graph has more inputs than the three that are asked for: {}.").format(listed(more)))
    return called


APPLES, ORANGES, TAX = _("apples ×"), _("oranges ×"), _("tax ×")
NODES = (APPLES, ORANGES, "+", TAX)


@exercise(
    "01.order",
    _("A node can only run when everything to its left has a value."),
)
def judge_order(answer):
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if not isinstance(answer, list | tuple) or len(answer) != len(NODES):
        raise Wrong(_("The answer should be a list of these four, each once: {}.").format(listed(map(repr, NODES))))
    places = {_("place {}").format(k): step for k, step in enumerate(answer, 1)}
    parts, still = filled(places)
    numbers = [k for k, name in enumerate(places, 1) if name in parts]
    steps = [_step(step) for step in parts.values()]
    if not set(steps) <= set(NODES) or len(set(steps)) < len(steps):
        raise Wrong(_("The answer should be a list of these four, each once: {}.").format(listed(map(repr, NODES))))
    place = dict(zip(steps, numbers, strict=True))  # two fruits come before the +, and three nodes before the tax
    if place.get("+", 3) < 3 or max(place.get(fruit, 0) for fruit in NODES[:2]) > place.get("+", 3):
        raise Wrong(_("The + ran before both fruits had a price: one of its edges still had no value."))
    if place.get(TAX, 4) < 4 or place.get("+", 3) > 3:
        raise Wrong(_("The tax × ran before the sum was there."))
    for fruit in NODES[:2]:
        if place.get(fruit, 0) > 2:
            raise Wrong(_("{} comes too late: the + and the tax × both wait for it.").format(fruit))
    nothing_open(still)
    return _("Right. The two fruits may swap places: neither feeds the other. Each such list is a topological order.")


def _step(step):
    """Read the name of a node; hardly a keyboard has a ×."""
    name = " ".join(step.lower().split()) if isinstance(step, str) else ""
    for sign in ("x", "*", "·", "⋅", "×", "✕", "✖"):
        for node in (APPLES, ORANGES, TAX):
            words = [one.replace(" ", "").removesuffix("×") for one in as_in_any_language(node)]
            if name.replace(" ", "") in (word + sign for word in words):
                return node
    return name
