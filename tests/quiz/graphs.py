"""Graphs of single numbers that the tests ask about."""

from nbkit import Exp, Graph, Log, MSELoss, ReLU, Sigmoid, Variable


def apple():
    bill = Variable(100, "apple") * Variable(2, "count") * Variable(1.1, "tax")
    bill.name = "bill"
    return Graph(bill)


def shop():
    apples = Variable(100, "apple") * Variable(2, "apple count")
    oranges = Variable(150, "orange") * Variable(3, "orange count")
    return Graph((apples + oranges) * Variable(1.1, "tax"))


def fan():
    x = Variable(3, "x")
    return Graph(x * x + x)


def twice():
    """A product whose result is used twice: y = x * w, y * y + y."""
    y = Variable(2, "x") * Variable(5, "w")
    return Graph(y * y + y)


def difference():
    return Graph(Variable(9, "a") - Variable(4, "b") / Variable(8, "c"))


def many():
    """Most kinds of layers that take single numbers."""
    x, w = Variable(2, "x"), Variable(3, "w")
    inside = Log()(x * w + 1) - x / w
    return Graph(MSELoss()(ReLU()(inside**2) + Sigmoid()(inside) * Exp()(-x), Variable(0.5, "t")))
