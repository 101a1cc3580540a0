"""Exercises of chapter 01: read a graph, draw a graph."""

from nbkit._text import _, kind_of
from nbkit.drawing.numbers import number
from nbkit.exercises.core import Wrong, as_number, close, exercise
from nbkit.graph import Graph, Variable


@exercise(
    "01.bill",
    _("Go from left to right: one product for the pears, one for the melons, then the sum, then the tax."),
    _("4 × 80 and 2 × 120 meet in the +; the last × multiplies their sum by 1.08."),
)
def judge_bill(answer):
    value = as_number(answer)
    if close(value, 604.8):
        return _("Right: 320 + 240 = 560, and 560 × 1.08 = 604.8.")
    if close(value, 560):
        raise Wrong(_("560 is the sum before tax: one more × is waiting at the right end."))
    if close(value, 320 * 1.08 + 240) or close(value, 320 + 240 * 1.08):
        raise Wrong(_("The tax has reached only one of the two fruits: it comes after the +, so it applies to both."))
    if close(value, (80 + 120) * (4 + 2) * 1.08):
        raise Wrong(_("Prices and counts were added first. Each × sees only its own two inputs: 4 × 80 and 2 × 120."))
    raise Wrong(_("{} is not it. Write the value above each edge, from left to right.").format(number(value)))


@exercise(
    "01.graph",
    _("Three Variables with names: price, count and coupon."),
    _("bill = price * count - coupon, in this order: the coupon is taken off after multiplying."),
)
def judge_graph(answer):
    if isinstance(answer, int | float):
        raise Wrong(_("This is a plain number: the graph was not recorded. Start from Variable(250, 'price')."))
    if not isinstance(answer, Variable):
        raise Wrong(
            _("The answer should be the Variable at the right end of the graph, this is {}.").format(kind_of(answer))
        )
    graph = Graph(answer)
    missing = {"price", "count", "coupon"} - set(graph.inputs)
    if missing:
        raise Wrong(_("The graph has no input called {}.").format(", ".join(sorted(missing))))
    before = {name: v.value for name, v in graph.inputs.items()}
    values = [float(graph.forward(price=p, count=c, coupon=k)) for p, c, k in ((250, 4, 100), (10, 3, 6))]
    graph.forward(**before)
    if close(values, [900, 24]):
        return _("Right: 250 × 4 = 1000, and 1000 − 100 = 900. It still holds for other prices.")
    if close(values, [1100, 36]):
        raise Wrong(_("The coupon was added: it makes the bill smaller, so it takes a −."))
    if close(values, [600, 12]):
        raise Wrong(_("The coupon was taken off each single piece. It counts once: multiply first, then subtract."))
    if close(values, [-900, -24]):
        raise Wrong(_("The sign is turned: x − y is not y − x. The bill comes first, the coupon second."))
    raise Wrong(_("With price 250, count 4 and coupon 100 your graph says {}.").format(number(values[0])))


@exercise(
    "01.order",
    _("A node can only run when everything to its left has a value."),
)
def judge_order(answer):
    steps = [str(step).strip() for step in answer] if isinstance(answer, list | tuple) else []
    nodes = ["apples ×", "oranges ×", "+", "tax ×"]
    if sorted(steps) != sorted(nodes):
        raise Wrong(_("The answer should be a list of these four, each once: {}.").format(", ".join(map(repr, nodes))))
    if steps.index("+") < max(steps.index("apples ×"), steps.index("oranges ×")):
        raise Wrong(_("The + ran before both fruits had a price: one of its edges still had no value."))
    if steps[-1] != "tax ×":
        raise Wrong(_("The tax × ran before the sum was there."))
    return _("Right. The two fruits may swap places: neither feeds the other. Each such list is a topological order.")
