"""The graphs that several tests draw."""

from nbkit import Graph, Variable


def shop():
    apple, count, tax = Variable(100, "apple"), Variable(2, "count"), Variable(1.1, "tax")
    bill = apple * count * tax
    bill.name = "bill"
    return Graph(bill)


def busy_graph():
    a, b, c = Variable(1.5, "a"), Variable(-2, "b"), Variable(0.5, "c")
    s = a * b + c
    return backward((s * s + a / c - b * s) * (a + 1) ** 2)


def backward(output):
    """Return the graph of an output, with gradients."""
    graph = Graph(output) if isinstance(output, Variable) else output
    graph.backward()
    return graph
