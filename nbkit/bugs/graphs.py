"""Where the planted bugs are used: small graphs, and short trainings of which only the losses are seen."""

import numpy as np

from nbkit import datasets
from nbkit.experiment.run import Run
from nbkit.experiment.small_net import xor_net
from nbkit.functions import one_hot
from nbkit.graph import Variable
from nbkit.layers import Add, Affine, MSELoss, Mul, ReLU, SigmoidWithLoss, SoftmaxWithLoss
from nbkit.messages import _
from nbkit.network import Sequential
from nbkit.optimizers import SGD

# At both, every hidden unit is on for some rows and off for others: one that is off everywhere cannot be checked.
VARIANT_SEEDS = (18, 22)


def losses(net, x, t, lr, steps):
    """Return the losses of `steps` full-batch steps, or of those before the run diverged."""
    return np.array(Run(net, (x, t), SGD(lr), epochs=steps).finish().losses)


def losses_of_careless_loop(net, x, t, lr, steps):
    """Train as it is often written: ``b = b - lr * db`` makes a new array, in whatever shape comes out."""
    found = []
    for _step in range(steps):
        found.append(net.loss(x, t))
        net.backward()
        for layer in net.layers:
            layer.params = {name: param - lr * layer.grads[name] for name, param in layer.params.items()}
    return np.array(found)


def named(layer, name):
    """Give a layer of the code its name in picture and messages."""
    layer.name = name
    return layer


def numbers(variant):
    """Return a function that makes arrays of both signs: other ones for another variant."""
    rng = np.random.default_rng(VARIANT_SEEDS[variant])
    return lambda *shape: rng.normal(0, 1, shape).round(2)


def rows(variant):
    """How many rows the batch of a graph has."""
    return (4, 5)[variant]


# ---------------------------------------------------------------- graphs of numbers


def tiles(names, variant):
    """Record a bill for a square floor: side · side · price."""
    side, price = ((3.0, 4.0), (1.7, 25.0))[variant]
    bill = Mul()(names["Square"]()(Variable(side, _("side"))), Variable(price, _("price")))
    bill.name = _("bill")
    return bill


def fruit(names, variant):
    """Record apples and oranges at the till: one Mul for both products."""
    apple, orange, tax = ((100.0, 150.0, 1.1), (80.0, 30.0, 1.2))[variant]
    mul = names["Mul"]()
    apples = mul(Variable(apple, _("apple")), Variable(2.0 + variant, _("apples")))
    oranges = mul(Variable(orange, _("orange")), Variable(3.0 + variant, _("oranges")))
    bill = Mul()(Add()(apples, oranges), Variable(tax, _("tax")))
    bill.name = _("bill")
    return bill


def detour(names, variant):
    """Record a value that goes through a ReLU and, beside it, straight on: x + relu(x)."""
    x = Variable(([-1.0, 1.0], [0.5, -2.0, 3.0])[variant], "x")
    return Add()(x, names["ReLU"]()(x))


# ---------------------------------------------------------------- graphs of networks


def affine(names, make, d, k, name):
    """Make an Affine of the code, from d features to k units."""
    return named(names["Affine"](make(d, k), make(k)), name)


def xor_graph(names, variant):
    """Affine, ReLU, Affine, all from the code, and nbkit's ½MSE."""
    make, n = numbers(variant), rows(variant)
    x, t = Variable(make(n, 2), "x"), Variable(np.arange(n)[:, None] % 2, "t")
    hidden, output = affine(names, make, 2, 3, _("hidden")), affine(names, make, 3, 1, _("output"))
    return MSELoss()(output(names["ReLU"]()(hidden(x))), t)


def flower_graph(names, variant):
    """The same with three of everything: features, units, classes."""
    make, n = numbers(variant), rows(variant)
    x, t = Variable(make(n, 3), "x"), Variable(np.arange(n) % 3, "t")
    hidden, output = affine(names, make, 3, 3, _("hidden")), affine(names, make, 3, 3, _("output"))
    return SoftmaxWithLoss()(output(names["ReLU"]()(hidden(x))), t)


def logistic_graph(names, variant):
    """One Affine from the code, and nbkit's loss for yes or no."""
    make, n = numbers(variant), rows(variant)
    x, t = Variable(make(n, 2), "x"), Variable(np.arange(n)[:, None] % 2, "t")
    return SigmoidWithLoss()(affine(names, make, 2, 1, _("line"))(x), t)


def line_graph(names, variant):
    """nbkit's Affine, and a squared error from the code."""
    make, n = numbers(variant), rows(variant)
    x, t = Variable(make(n, 1), "x"), Variable(make(n, 1), "t")
    return names["HalfSquaredError"]()(Affine(make(1, 1), make(1), _("line"))(x), t)


def tenth_graph(names, variant):
    """A softmax loss from the code that counts for a tenth."""
    make, n = numbers(variant), rows(variant)
    x, t = Variable(make(n, 2), "x"), Variable(one_hot(np.arange(n) % 3, 3), "t")
    loss = names["SoftmaxLoss"]()(Affine(make(2, 3), make(3), _("line"))(x), t)
    return Mul()(loss, 0.1 + variant)


def sure_graph(names, variant):
    """A yes-or-no loss from the code: the first row is confidently wrong."""
    x = Variable(([[2.0], [-1.0], [0.5]], [[1.5], [0.2], [-1.0], [-2.0]])[variant], "x")
    t = Variable(([[1.0], [1.0], [0.0]], [[1.0], [0.0], [0.0], [1.0]])[variant], "t")
    return names["SigmoidLoss"]()(Affine([[-3.0 + variant]], [0.0], _("line"))(x), t)


# ---------------------------------------------------------------- trainings


def train_xor(names, seed=0):
    """Exclusive or with four rows."""
    data = datasets.xor()
    net = xor_net(names.get("Affine", Affine), names.get("ReLU", ReLU), seed)
    return losses(net, data.x, data.t[:, None], lr=0.2, steps=600)


def train_flowers(names, seed=0):
    """Three species of iris from three features, with three units: every matrix is square."""
    x, t = _flowers([1, 2, 3])
    rng = np.random.default_rng(seed)
    hidden = named(names["Affine"](rng.normal(0, 1, (3, 3)), np.zeros(3)), _("hidden"))
    output = named(names["Affine"](rng.normal(0, 1, (3, 3)), np.zeros(3)), _("output"))
    return losses(Sequential([hidden, names["ReLU"](), output], SoftmaxWithLoss()), x, t, lr=0.5, steps=100)


def train_logistic(names):
    """XOR with a straight line, which cannot do it."""
    data = datasets.xor()
    net = Sequential([named(names["Affine"](np.array([[0.5], [-0.3]]), np.zeros(1)), _("line"))], SigmoidWithLoss())
    return losses_of_careless_loop(net, data.x, data.t[:, None], lr=0.5, steps=300)


def train_line(names):
    """Points on the line t = 2x + 1."""
    x = np.linspace(-1, 1, 8)[:, None]
    return losses(Sequential([Affine([[0.0]], [0.0])], names["HalfSquaredError"]()), x, 2 * x + 1, lr=0.1, steps=60)


def train_softmax(names):
    """Three species of iris, one Affine."""
    x, t = _flowers([2, 3])
    net = Sequential([Affine(np.zeros((2, 3)), np.zeros(3))], names["SoftmaxLoss"]())
    return losses(net, x, one_hot(t, 3), lr=0.5, steps=100)


def train_sure(names):
    """Setosa or not, from a start that is sure of the opposite."""
    x, t = _flowers([2, 3])
    net = Sequential([Affine([[3.0], [3.0]], [0.0])], names["SigmoidLoss"]())
    return losses(net, x, (t == 0).astype(float)[:, None], lr=0.5, steps=100)


def _flowers(columns):
    """Some features of the iris data, each with mean 0 and standard deviation 1, and the species."""
    data = datasets.iris()
    x = data.x[:, columns]
    return (x - x.mean(axis=0)) / x.std(axis=0), data.t
