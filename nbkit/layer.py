"""What all layers share: the memory between forward and backward, and the hook for recording."""

import copy

import numpy as np

from nbkit.functions import as_float, target_rows
from nbkit.messages import _, as_name


def value_of(x):
    """Return the array inside a `Variable`, and anything else as an array."""
    return np.asarray(getattr(x, "value", x))


def batch_size(x):
    """Return n, the number of rows over which a loss takes its mean; a single number counts as one."""
    return x.shape[0] if x.ndim else 1


def binary_probabilities(yes):
    """Return (n, 2) probabilities of no and yes from an (n, 1) or (n,) column of yes."""
    yes = yes.reshape(len(yes), -1)
    if yes.shape[1] != 1:
        raise ValueError(_("a yes-or-no loss has one score per row, got {}").format(yes.shape[1]))
    return np.concatenate([1.0 - yes, yes], axis=1)


class Layer:
    """What all layers share: a memory from forward to backward, parameters, and the hook for recording.

    Parameters
    ----------
    name : str, optional
        Shown in pictures and error messages.

    Attributes
    ----------
    symbol : str
        What stands inside the round node of a picture.
    params, grads : dict of str to array
        Parameters, and after ``backward`` their gradients in the same shapes.
    formula : str
        The output in words, with the names of ``forward``'s arguments in braces.
    local_derivatives : tuple of str
        The local derivative for each input in words; ``{out}`` is the output, ``{slope}`` the derivative itself.
    numpy : str
        The line of NumPy that computes it: ``{}`` for each input, parameters by their names, ``{layer}`` for itself.
        Where there is none, a call such as ``Take(x)`` stands in its place.
    targets : tuple of str
        Arguments of ``forward`` that are data to compare with and so get no gradient.
    original : Layer or None
        A recording works on a copy of the layer; this is the layer it was copied from.
    owner : Layer
        That layer, or the layer itself where it is no copy.
    """

    symbol = ""
    formula = ""
    local_derivatives = ()
    numpy = ""
    targets = ()
    original = None
    memory = None

    def __init__(self, name=None):
        self.name = as_name(name)
        self.params = {}
        self.grads = {}

    def __init_subclass__(cls):
        if "forward" in vars(cls) and "numpy" not in vars(cls):
            cls.numpy = ""  # another forward is another function: an inherited line would not compute it

    def __copy__(self):
        twin = object.__new__(type(self))  # what Python does by itself, in a fifth of the time: recordings copy layers
        twin.__dict__.update(self.__dict__)
        return twin

    def for_one_use(self):
        """Return a copy that shares the parameters, and has a memory and gradients of its own."""
        use = copy.copy(self)
        use.original = self.owner
        use.grads = {}
        return use

    @property
    def owner(self):
        """The layer that holds the parameters and gradients: see Attributes."""
        return self.original or self

    def __repr__(self):
        kind = type(self).__name__
        return f"{kind} {self.name!r}" if self.name else kind

    def __call__(self, *inputs):
        """Compute; and where an input is a `Variable`, let it record what is computed."""
        for x in inputs:
            record = getattr(x, "record", None)
            if record is not None:
                return record(self, inputs)
        return self.forward(*inputs)

    def forward(self, *inputs):
        raise NotImplementedError(_("{} has no forward yet").format(self))

    def backward(self, dout):
        raise NotImplementedError(_("{} has no backward yet").format(self))

    def backward_params(self, dout):
        """Set the gradients of the parameters only: all that the first layer of a network needs to do."""
        self.backward(dout)

    def expand(self, *inputs):
        """Compute the same function with node layers; only composite layers can be opened like this."""
        raise TypeError(_("{} is a single node: there is nothing to open").format(self))

    @property
    def is_composite(self):
        """Whether ``expand`` can open this layer."""
        return type(self).expand is not Layer.expand

    def save_for_backward(self, out, *things):
        """Keep what ``backward`` will need, and return `out`."""
        self.memory = out.shape, things
        return out

    def saved(self, dout):
        """Return `dout` as floats, checked against the output's shape, and what `save_for_backward` kept."""
        if self.memory is None:
            raise RuntimeError(_("{}: backward needs a forward first, there is nothing to go back from").format(self))
        shape, things = self.memory
        if type(dout) is not np.float64:  # a single number, most often, which needs no second look
            dout = as_float(dout)
        if dout.shape != shape:
            rule = _("{layer}: dout must have the shape of the output, {rule}, got {got}")
            raise ValueError(rule.format(layer=self, rule=shape, got=dout.shape))
        return dout, *things

    def broadcast_pair(self, x, y):
        """Return two inputs as floats, checked to broadcast to one shape."""
        if type(x) is type(y) is np.float64:
            return x, y
        x, y = as_float(x), as_float(y)
        if x.dtype != y.dtype:  # a plain number follows the array that it meets
            x, y = (x, y.astype(x.dtype)) if not y.ndim else (x.astype(y.dtype), y) if not x.ndim else (x, y)
        if x.shape != y.shape:
            try:
                np.broadcast_shapes(x.shape, y.shape)
            except ValueError:
                rule = _("{layer} needs two shapes that fit each other, got {x} and {y}")
                raise ValueError(rule.format(layer=self, x=x.shape, y=y.shape)) from None
        return x, y

    def parameter(self, name, x):
        """Return parameter `name`: as a graph's leaf where `x` is a `Variable`, as an array elsewhere."""
        leaf = getattr(x, "parameter", None)
        return self.params[name] if leaf is None else leaf(self, name)


class Elementwise(Layer):
    """A layer that works on each number by itself, so that single numbers can take the place of arrays."""


class Rearrangement(Layer):
    """A layer that computes nothing: each entry of its output is some entry of its input, in another place."""


class Target(Layer):
    """Hands on what a loss compares with, and sends no gradient back: nobody trains the truth.

    Labels become one-hot rows for scores of a `shape`; without one they are left as they are.
    """

    symbol = _("data")
    numpy = "{}"
    targets = ("t",)

    def __init__(self, shape=None, name=None):
        super().__init__(name)
        self.shape = shape

    def forward(self, t):
        return self.save_for_backward(as_float(t) if self.shape is None else target_rows(np.empty(self.shape), t))

    def backward(self, dout):
        self.saved(dout)
        return ()


def target(t, shape=None):
    """Return a target for an expansion: an array, or behind a `Target` node where `t` is an input of the graph."""
    node = Target(shape)
    return node.forward(value_of(t)) if getattr(t, "constant", True) else node(t)


class Loss(Layer):
    """A layer that ends a network: compares scores `x` with the target `t` and gives one number.

    The loss of a batch is the mean over its n rows, so a gradient does not grow with the batch.
    """

    targets = ("t",)

    def decide(self, x):
        """Turn scores into the class numbers that this loss stands for."""
        raise NotImplementedError(_("{} makes no decisions").format(self))

    def probabilities(self, x):
        """Turn (n, ...) scores into (n, k) probabilities, one column per class."""
        raise NotImplementedError(_("{} knows no probabilities").format(self))

    def same_shape(self, x, t):
        """Return `x` and `t` as floats, refusing shapes that NumPy would silently stretch to a matrix."""
        x, t = as_float(x), as_float(t)
        if x.shape != t.shape or not x.size:
            rule = _("{layer}: predictions and t must have the same shape and at least one row, got {x} and {t}")
            raise ValueError(rule.format(layer=self, x=x.shape, t=t.shape))
        return x, t.astype(x.dtype, copy=False)
