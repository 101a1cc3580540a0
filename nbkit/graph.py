"""The recorded graph: which value feeds which, replayed forward and walked backward along one list."""

import copy
from types import MappingProxyType

import numpy as np

from nbkit.functions import as_float, without_warnings
from nbkit.messages import _, as_name, kind_of, listed
from nbkit.operators import OperatorMixin


class Variable(OperatorMixin):
    """A value that remembers which layer made it, and from what.

    Parameters
    ----------
    value : number or array_like
        Copied; integers become floats.
    name : str, optional
        Shown in pictures; `Graph.forward` sets a value by this name.
    constant : bool
        A constant is part of the formula, like the 2 of ``x ** 2``: it gets no gradient.

    Attributes
    ----------
    value : array or float
        dtype float64, or float32 where the caller's array was.
    grad : array, float or None
        dL/d(value), in the shape of the value, after `Graph.backward`.
    layer : Layer or None
        The layer that computed the value; ``None`` for a leaf.
    inputs : tuple of Variable
        What the layer was given, in order; ``()`` for a leaf.
    dinputs : tuple
        The gradient that was sent back along the edge to each input; where one input feeds several layers, its
        ``grad`` is the sum of what they send.
    """

    name = None
    constant = False
    grad = None
    layer = None
    inputs = ()
    dinputs = ()
    source = None

    def __init__(self, value, name=None, *, constant=False):
        if isinstance(value, Variable):
            raise TypeError(_("{} is a Variable already: use it as it is").format(value))
        self.name = as_name(name)
        self.value = np.array(as_float(value))[()]
        self.constant = constant

    def __repr__(self):
        said = f"{self.value:.4g}" if not self.shape else _("array of shape {}").format(self.shape)
        if self.layer:
            said = _("{value} from {layer}").format(value=said, layer=self.layer)
        return f"Variable {self.name!r}: {said}" if self.name else f"Variable: {said}"

    @property
    def shape(self):
        """Shape of the value; ``()`` for a number."""
        return self.value.shape

    def record(self, layer, inputs, *, fresh=False):
        """Run a copy of `layer` on `inputs`; return the result as a `Variable` that remembers both.

        The copy owns its memory of this one use, so a layer that is used twice cannot forget its
        first inputs; `Graph.backward` sums the parameter gradients of all copies onto the layer.
        A `fresh` layer, which an operator has just made, needs no copy.
        """
        inputs = tuple([v if isinstance(v, Variable) else self._constant(v) for v in inputs])
        use = layer if fresh else layer.for_one_use()
        result = Variable.__new__(Variable)  # no copy: the value is nobody else's
        values = [v.value for v in inputs]
        result.value = as_float(without_warnings(use.forward, *values))  # a picture shows ∞
        result.layer = use
        result.inputs = inputs
        return result

    def _constant(self, value):
        """Wrap a part of the formula; a plain number follows the type of the Variable that it meets."""
        if isinstance(value, int | float):
            value = np.asarray(value, dtype=self.value.dtype)
        return Variable(value, constant=True)

    def parameter(self, layer, name):
        """Return a leaf that holds parameter `name` of `layer` and passes its gradient on to it."""
        leaf = Variable(0.0, name)
        leaf.value = layer.params[name]  # the array itself: training is seen here at once
        leaf.source = layer.owner, name
        return leaf


def topological_order(output):
    """List `output` and all it is made from, every variable after its inputs.

    The walk keeps its own stack, so a graph may be deeper than Python's recursion limit.

    Raises
    ------
    ValueError
        If a variable feeds itself, directly or around a circle.
    """
    order, done, open_ = [], set(), set()
    stack = [(output, iter(output.inputs))]
    open_.add(output)
    while stack:
        variable, rest = stack[-1]
        for v in rest:
            if not isinstance(v, Variable):
                rule = _("the inputs of a Variable must be Variables, got {}")
                raise TypeError(rule.format(kind_of(v)))
            if v in open_:
                rule = _("a graph must not run in a circle, but {} feeds itself")
                raise ValueError(rule.format(v))
            if v not in done:
                stack.append((v, iter(v.inputs)))
                open_.add(v)
                break
        else:
            stack.pop()
            open_.remove(variable)
            done.add(variable)
            order.append(variable)
    return order


def note_origin(part, origin, origins):
    """Note `origin` for `part` and for every operation before it that has none yet."""
    new = [part]
    while new:
        part = new.pop()
        if part.layer is not None and part not in origins:
            origins[part] = origin
            new += part.inputs


class Graph:
    """All variables that an output is made from, in one order that every walk uses.

    Parameters
    ----------
    output : Variable
        The result of a computation on Variables.

    Attributes
    ----------
    output : Variable
    variables : tuple of Variable
        In topological order: each after its inputs. Their ids are ``v0, v1, ...`` in this order.
    inputs : mapping of str to Variable
        The named leaves, in the same order.

    Raises
    ------
    TypeError
        If `output` is no Variable.
    ValueError
        If the graph has a circle, only constants, or two inputs of one name.
    """

    def __init__(self, output):
        if not isinstance(output, Variable):
            raise TypeError(_("a Graph is made from the Variable at its end, got {}").format(kind_of(output)))
        order = topological_order(output)
        if all(v.constant for v in order if v.layer is None):
            raise ValueError(_("a graph needs at least one input that may change, got only constants"))
        inputs = {}
        for v in order:
            if v.layer is None and v.name and v.source is None:
                if v.name in inputs:
                    raise ValueError(_("each input needs a name of its own, got two called {!r}").format(v.name))
                inputs[v.name] = v
        self.output = output
        self.variables = tuple(order)
        self.inputs = MappingProxyType(inputs)
        self.positions = {v: i for i, v in enumerate(order)}

    def __repr__(self):
        inputs = listed(self.inputs) or _("without names")
        return _("Graph of {n} variables, inputs {inputs}").format(n=len(self.variables), inputs=inputs)

    def id(self, variable):
        """Return the stable id of a `variable` of this graph, such as ``"v3"``."""
        if variable not in self.positions:
            raise ValueError(_("{} is not part of this graph").format(variable))
        return f"v{self.positions[variable]}"

    def forward(self, /, **values):
        """Set named inputs, compute everything anew from left to right, and return the output's value.

        Gradients are forgotten: they belonged to the old values.

        Parameters
        ----------
        **values : number or array
            New values by input name, each in the shape that was recorded.

        Raises
        ------
        ValueError
            If there is no input of that name or the shape differs. Nothing is changed then.
        """
        new = {self.inputs[name]: value for name, value in self._checked(values).items()}
        old = {v: v.value for v in new}
        try:
            self._replay(new)
        except Exception:
            self._replay(old)
            raise
        return self.output.value

    def _checked(self, values):
        """Return `values` as floats in the recorded shapes and types, or say what is wrong with them."""
        checked = {}
        for name, value in values.items():
            if name not in self.inputs:
                rule = _("this graph has no input called {got!r}; its inputs are {known}")
                raise ValueError(rule.format(got=name, known=", ".join(self.inputs)))
            was = self.inputs[name].value
            value = as_float(value)
            if value.shape != was.shape:
                rule = _("{name!r} was recorded with shape {rule}, got shape {got}")
                raise ValueError(rule.format(name=name, rule=was.shape, got=value.shape))
            checked[name] = np.array(value, dtype=was.dtype)[()]
        return checked

    def _replay(self, new):
        """Put `new` values into leaves and let every layer compute again."""
        for v, value in new.items():
            v.value = value
        with np.errstate(all="ignore"):  # an infinite value is shown in the picture, not as a warning
            for v in self.variables:
                if v.layer is not None:
                    v.value = as_float(v.layer.forward(*[i.value for i in v.inputs]))
                elif v.source is not None:
                    layer, name = v.source
                    v.value = layer.params[name]
                v.grad, v.dinputs = None, ()

    def backward(self, dout=1.0):
        """Carry gradients from right to left, and return those of the named inputs.

        Every call starts from nothing. Where a value feeds several layers, the gradients that come back are added.

        Parameters
        ----------
        dout : number or array
            Gradient of the final result with respect to this graph's output: a number, or the output's shape.

        Returns
        -------
        dict of str to array or float
            dL/d(input) in the shape of each input; ``None`` for a target, which is data.
        """
        dout = as_float(dout)
        if dout.shape not in ((), self.output.shape):
            rule = _("dout must be a number or have the output's shape {rule}, got {got}")
            raise ValueError(rule.format(rule=self.output.shape, got=dout.shape))
        for v in self.variables:
            v.grad, v.dinputs = None, ()
        self.output.grad = np.full(self.output.shape, dout, dtype=self.output.value.dtype)[()]
        with np.errstate(all="ignore"):
            self._walk_back()
        self._collect_parameter_gradients()
        return {name: v.grad for name, v in self.inputs.items()}

    def copy(self):
        """Return a graph of its own: same structure and numbers, but its values, layers and parameters are copies.

        What is done to the copy leaves no trace here. A layer that is used twice is still one layer in the copy.
        """
        twins, owners = {}, {}

        def own(layer):
            if layer not in owners:
                owners[layer] = twin = copy.copy(layer)
                twin.params = {name: param.copy() for name, param in layer.params.items()}
                twin.grads = {}
            return owners[layer]

        for v in self.variables:
            twin = twins[v] = copy.copy(v)
            twin.inputs = tuple(twins[i] for i in v.inputs)
            if v.layer is not None:
                twin.layer = copy.copy(v.layer)
                twin.layer.original = own(v.layer.owner)
                twin.layer.params = twin.layer.owner.params
            if v.source is not None:
                twin.source = own(v.source[0]), v.source[1]
                twin.value = twin.source[0].params[v.source[1]]
        return Graph(twins[self.output])

    def nudge(self, variable, slot, eps):
        """Return how much the output changes if one edge carried a little more.

        Only this edge is changed, not the other edges that carry the same value; the graph is left as it was.

        Parameters
        ----------
        variable : Variable
            The node into which the edge runs.
        slot : int
            Place of the edge among the node's inputs.
        eps : float
            Added to (every entry of) the value on the edge.

        Returns
        -------
        float
            The change, summed over all entries of the output: compare it with ``eps`` times the edge's gradient.
        """
        self.id(variable)
        if variable.layer is None or not 0 <= slot < len(variable.inputs):
            raise ValueError(_("{} has no input number {}").format(variable, slot))
        arriving = [i.value for i in variable.inputs]
        arriving[slot] = arriving[slot] + as_float(eps)
        new = {}
        try:
            with np.errstate(all="ignore"):
                new[variable] = variable.layer.forward(*arriving)
                for v in self.variables[self.positions[variable] + 1 :]:
                    if any(i in new for i in v.inputs):
                        new[v] = v.layer.forward(*(new.get(i, i.value) for i in v.inputs))
                return float(np.sum(new[self.output] - self.output.value))
        finally:
            with np.errstate(all="ignore"):
                for v in new:  # what each layer has saved must belong to the recorded values
                    v.layer.forward(*(i.value for i in v.inputs))

    def opened(self, nodes):
        """Return the same function with some composite layers written out in single nodes.

        Parameters
        ----------
        nodes : collection of Variable
            Those whose layers are to be opened.

        Returns
        -------
        graph : Graph
            New nodes on the same leaves: setting an input in one graph sets it in both.
        origins : dict of Variable to Variable
            For each node of the new graph, the node of this graph that it is or is a part of.

        Raises
        ------
        TypeError
            If a layer is a single node.
        """
        twins, origins = {}, {}
        for v in self.variables:
            if v.layer is None:
                twins[v] = v
                continue
            inputs = [twins[i] for i in v.inputs]
            twin = v.layer.expand(*inputs) if v in nodes else v.layer.owner(*inputs)
            twin.name, twins[v] = v.name, twin
            note_origin(twin, v, origins)
        return Graph(twins[self.output]), origins

    def _walk_back(self):
        """From right to left, ask each layer for the gradients of its inputs, and add them there."""
        for v in reversed(self.variables):
            dout = v.grad
            if v.layer is None or dout is None:
                continue
            dinputs = v.layer.backward(dout)
            v.dinputs = dinputs if isinstance(dinputs, tuple) else (dinputs,)
            for i, dinput in zip(v.inputs, v.dinputs):  # noqa: B905 (a target comes last and gets none)
                if not i.constant:
                    before = i.grad
                    i.grad = dinput if before is None else before + dinput

    def _collect_parameter_gradients(self):
        """Sum the parameter gradients of all uses of a layer onto the layer they are copies of."""
        sums = {}
        for v in self.variables:
            if v.layer is not None:
                found = [(v.layer.owner, *pair) for pair in v.layer.grads.items()] if v.layer.grads else ()
            else:
                found = [(*v.source, v.grad)] if v.source is not None and v.grad is not None else ()
            for owner, name, grad in found:
                grads = sums.setdefault(owner, {})
                grads[name] = grads[name] + grad if name in grads else grad
        for owner, grads in sums.items():
            owner.grads = grads


def graph_of(graph, caller):
    """Return a Graph as it is, and of a Variable the graph that ends in it; `caller` is named in the error."""
    if isinstance(graph, Variable):
        return Graph(graph)
    if not isinstance(graph, Graph):
        raise TypeError(_("{caller} takes a Graph or a Variable, got {got}").format(caller=caller, got=kind_of(graph)))
    return graph
