"""Every layer of the course, and the only place in which a derivative is written down.

A layer knows two things about one node of a graph: how its output follows from its inputs (``forward``), and how its
gradient is shared among them (``backward``). In every ``backward``, ``dout`` is dL/d(output), the gradient
that arrives from the right, and what is returned is dL/d(input), one gradient per input, in the shape of that input.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nbkit.checks import real, whole
from nbkit.functions import as_float, sigmoid, softmax, target_rows, unbroadcast
from nbkit.layer import Elementwise, Layer, Loss, Rearrangement, batch_size, binary_probabilities, target, value_of
from nbkit.messages import _, shortened

# ---------------------------------------------------------------- nodes: one operation each


class Add(Elementwise):
    """Sum ``x + y``: the gradient goes to both inputs unchanged, dx = dout, dy = dout."""

    symbol = "+"
    formula = "{x} + {y}"
    local_derivatives = ("1", "1")
    numpy = "{} + {}"

    def forward(self, x, y):
        x, y = self.broadcast_pair(x, y)
        return self.save_for_backward(x + y, x.shape, y.shape)

    def backward(self, dout):
        dout, x_shape, y_shape = self.saved(dout)
        return unbroadcast(dout, x_shape), unbroadcast(dout, y_shape)


class Sub(Elementwise):
    """Difference ``x - y``: dx = dout, dy = -dout."""

    symbol = "−"
    formula = "{x} − {y}"
    local_derivatives = ("1", "−1")
    numpy = "{} - {}"

    def forward(self, x, y):
        x, y = self.broadcast_pair(x, y)
        return self.save_for_backward(x - y, x.shape, y.shape)

    def backward(self, dout):
        dout, x_shape, y_shape = self.saved(dout)
        return unbroadcast(dout, x_shape), unbroadcast(-dout, y_shape)


class Mul(Elementwise):
    """Product ``x * y``: each input gets dout times the other input,
    dx = dout * y, dy = dout * x.
    """

    symbol = "×"
    formula = "{x} × {y}"
    local_derivatives = ("the other input {y}", "the other input {x}")
    numpy = "{} * {}"

    def forward(self, x, y):
        x, y = self.broadcast_pair(x, y)
        return self.save_for_backward(x * y, x, y)

    def backward(self, dout):
        dout, x, y = self.saved(dout)
        return unbroadcast(dout * y, x.shape), unbroadcast(dout * x, y.shape)


class Div(Elementwise):
    """Quotient ``x / y``: dx = dout / y, dy = -dout * x / y**2."""

    symbol = "÷"
    formula = "{x} ÷ {y}"
    local_derivatives = ("1 ÷ {y}", "−{x} ÷ {y}²")
    numpy = "{} / {}"

    def forward(self, x, y):
        x, y = self.broadcast_pair(x, y)
        return self.save_for_backward(x / y, x, y)

    def backward(self, dout):
        dout, x, y = self.saved(dout)
        return unbroadcast(dout / y, x.shape), unbroadcast(-dout * x / y**2, y.shape)


class Pow(Elementwise):
    """Power ``x ** p``: dx = dout * p * x**(p-1), dp = dout * x**p * log(x).

    For x = 0 the gradient dp is taken as 0; for x < 0 there is none (NaN), as x**p is then no smooth function of p.
    """

    symbol = "xᵖ"
    formula = "{x} to the power {p}"
    local_derivatives = ("{p} × {x} to the power ({p} − 1)", "{out} × log {x}")
    numpy = "{} ** {}"

    def forward(self, x, p):
        x, p = self.broadcast_pair(x, p)
        return self.save_for_backward(x**p, x, p)

    def backward(self, dout):
        dout, x, p = self.saved(dout)
        with np.errstate(divide="ignore", invalid="ignore"):
            dx = np.where(p == 0, 0.0, p * x ** (p - 1))
            dp = np.where(x == 0, 0.0, x**p * np.log(x))
        return unbroadcast(dout * dx, x.shape), unbroadcast(dout * dp, p.shape)


class Neg(Elementwise):
    """Change of sign ``-x``: dx = -dout."""

    symbol = "×(−1)"
    formula = "−1 × {x}"
    local_derivatives = ("−1",)
    numpy = "-{}"

    def forward(self, x):
        return self.save_for_backward(-as_float(x))

    def backward(self, dout):
        (dout,) = self.saved(dout)
        return -dout


class Exp(Elementwise):
    """Exponential ``exp(x)``, its own derivative: dx = dout * exp(x)."""

    symbol = "exp"
    formula = "exp({x})"
    local_derivatives = ("the output {out}",)
    numpy = "np.exp({})"

    def forward(self, x):
        y = np.exp(as_float(x))
        return self.save_for_backward(y, y)

    def backward(self, dout):
        dout, y = self.saved(dout)
        return dout * y


class Log(Elementwise):
    """Natural logarithm ``log(x)``: dx = dout / x."""

    symbol = "log"
    formula = "log({x})"
    local_derivatives = ("1 ÷ {x}",)
    numpy = "np.log({})"

    def forward(self, x):
        x = as_float(x)
        return self.save_for_backward(np.log(x), x)

    def backward(self, dout):
        dout, x = self.saved(dout)
        return dout / x


class Sum(Layer):
    """Sum over `axis`: every summand gets the whole gradient, dx = dout, copied along `axis`.

    Parameters
    ----------
    axis : int or tuple of int, optional
        All axes where left out.
    keepdims : bool
        Keep the summed axes with size 1.
    """

    symbol = "Σ"
    formula = "Σ {x}"
    local_derivatives = ("1",)

    def __init__(self, axis=None, keepdims=False, name=None):
        super().__init__(name)
        self.axis, self.keepdims = axis, keepdims
        options = ("" if axis is None else f", axis={axis}") + (", keepdims=True" if keepdims else "")
        self.numpy = f"np.sum({{}}{options})"

    def forward(self, x):
        x = as_float(x)
        for axis in [] if self.axis is None else np.atleast_1d(self.axis):
            if not -x.ndim <= axis < x.ndim:
                raise ValueError(_("{}: axis {} is not there, x has shape {}").format(self, axis, x.shape))
        return self.save_for_backward(x.sum(axis=self.axis, keepdims=self.keepdims), x.shape)

    def backward(self, dout):
        dout, shape = self.saved(dout)
        if self.axis is not None and not self.keepdims:
            dout = np.expand_dims(dout, self.axis)
        return np.broadcast_to(dout, shape)[()]


class MatMul(Layer):
    """Matrix product ``X @ W``: dX = dout Wᵀ, dW = Xᵀ dout. One-dimensional inputs are single rows or columns."""

    symbol = "@"
    numpy = "{} @ {}"

    def forward(self, x, w):
        x, w = as_float(x), as_float(w)
        try:
            y = x @ w
        except (TypeError, ValueError):  # a TypeError where one of them is a single number
            rule = _("{layer}: the columns of x must be as many as the rows of w, got shapes {x} and {w}")
            raise ValueError(rule.format(layer=self, x=x.shape, w=w.shape)) from None
        return self.save_for_backward(y, x, w)

    def backward(self, dout):
        dout, x, w = self.saved(dout)
        if x.ndim == 1:
            dout = np.expand_dims(dout, -2 if w.ndim > 1 else -1)
        if w.ndim == 1:
            dout = np.expand_dims(dout, -1)
        rows = x[None] if x.ndim == 1 else x
        columns = w[:, None] if w.ndim == 1 else w
        dx = unbroadcast(dout @ columns.swapaxes(-1, -2), rows.shape)
        dw = unbroadcast(rows.swapaxes(-1, -2) @ dout, columns.shape)
        return dx.reshape(x.shape), dw.reshape(w.shape)


class Shift(Layer):
    """Subtract each row's largest entry, ``x - max(x)``: dx = dout, less the row's sum of dout at the maximum."""

    symbol = "x−max"
    numpy = "{0} - {0}.max(axis=-1, keepdims=True)"

    def forward(self, x):
        x = as_float(x)
        if not x.size or not x.ndim:
            raise ValueError(_("{} needs rows of scores, got x with shape {}").format(self, x.shape))
        return self.save_for_backward(x - x.max(axis=-1, keepdims=True), x.argmax(axis=-1, keepdims=True))

    def backward(self, dout):
        dout, largest = self.saved(dout)
        is_largest = largest == np.arange(dout.shape[-1])
        return np.where(is_largest, dout - dout.sum(axis=-1, keepdims=True), dout)


class Flatten(Rearrangement):
    """Lay each sample of a batch out as one row, ``(n, a, b) -> (n, a*b)``: dx = dout in the old shape."""

    symbol = _("flat")
    numpy = "{0}.reshape(len({0}), -1)"

    def forward(self, x):
        x = as_float(x)
        if not x.ndim:
            raise ValueError(_("{} needs a batch, got a single number").format(self))
        return self.save_for_backward(x.reshape(len(x), math.prod(x.shape[1:])), x.shape)

    def backward(self, dout):
        dout, shape = self.saved(dout)
        return dout.reshape(shape)


class Transpose(Rearrangement):
    """Swap the last two axes, ``(..., a, b) -> (..., b, a)``: dx = dout swapped back."""

    symbol = "xᵀ"
    numpy = "np.swapaxes({}, -1, -2)"

    def forward(self, x):
        x = as_float(x)
        if x.ndim < 2:
            raise ValueError(_("{} needs rows and columns, got x with shape {}").format(self, x.shape))
        return self.save_for_backward(x.swapaxes(-1, -2))

    def backward(self, dout):
        (dout,) = self.saved(dout)
        return dout.swapaxes(-1, -2)


class Take(Rearrangement):
    """Pick entries along the last axis, ``x[..., indices]``: each dout goes back to where its entry was picked.

    An entry that is picked twice fans out, so it gets the sum of both gradients.

    Parameters
    ----------
    indices : array of int
        Its shape takes the place of the last axis: picking patches of an image makes a convolution of a product.
    """

    symbol = _("pick")

    def __init__(self, indices, name=None):
        super().__init__(name)
        self.indices = np.asarray(indices)
        if self.indices.dtype.kind not in "iu":
            raise TypeError(_("{}: indices must be whole numbers, got {}").format(self, self.indices.dtype))

    def forward(self, x):
        x = as_float(x)
        size = x.shape[-1] if x.ndim else 0
        low, high = self.indices.min(initial=0), self.indices.max(initial=0)
        if not size or low < 0 or high >= size:
            raise ValueError(_("{}: indices from {} to {} do not fit x with shape {}").format(self, low, high, x.shape))
        return self.save_for_backward(x[..., self.indices], x.shape)

    def backward(self, dout):
        dout, shape = self.saved(dout)
        dx = np.zeros(shape, dtype=dout.dtype)
        np.add.at(dx, (..., self.indices), dout)
        return dx


# ---------------------------------------------------------------- activations: each number by itself


class ReLU(Elementwise):
    """Rectifier ``max(x, 0)``: a switch,
    dx = dout where x > 0 and 0 elsewhere (at x = 0 by choice).
    """

    symbol = "ReLU"
    formula = "max({x}, 0)"
    local_derivatives = ("the switch {slope}",)
    numpy = "np.maximum({}, 0)"

    def forward(self, x):
        x = as_float(x)
        on = (x > 0.0).astype(x.dtype)  # the switch: 1 or 0
        return self.save_for_backward(np.maximum(x, 0.0), on)

    def backward(self, dout):
        dout, on = self.saved(dout)
        return dout * on


class LeakyReLU(Elementwise):
    """Rectifier that lets a little through: x where x > 0, else slope * x; dx = dout * (1 or slope).

    Parameters
    ----------
    slope : float
        Factor for x <= 0, at least 0 and below 1.
    """

    symbol = "Leaky\nReLU"
    formula = "{x}, if below 0 times a small slope,"
    local_derivatives = ("the slope {slope}",)
    numpy = "np.where({0} > 0, {0}, {layer.slope:g} * {0})"

    def __init__(self, slope=0.01, name=None):
        super().__init__(name)
        self.slope = real("slope", slope, 0, below=1)

    def forward(self, x):
        x = as_float(x)
        factor = np.where(x > 0, 1.0, self.slope).astype(x.dtype)[()]
        return self.save_for_backward(x * factor, factor)

    def backward(self, dout):
        dout, factor = self.saved(dout)
        return dout * factor


class Sigmoid(Elementwise):
    """Logistic curve ``y = 1 / (1 + exp(-x))``: dx = dout * y * (1 - y)."""

    symbol = "σ"
    formula = "1 ÷ (1 + exp(−{x}))"
    local_derivatives = ("{out} × (1 − {out})",)
    numpy = "1 / (1 + np.exp(-{}))"

    def forward(self, x):
        y = sigmoid(x)
        return self.save_for_backward(y, y)

    def backward(self, dout):
        dout, y = self.saved(dout)
        return dout * y * (1.0 - y)

    def expand(self, x):
        return Div()(1.0, Add()(1.0, Exp()(Neg()(x))))


class Tanh(Elementwise):
    """Hyperbolic tangent ``y = tanh(x)``: dx = dout * (1 - y**2)."""

    symbol = "tanh"
    formula = "tanh({x})"
    local_derivatives = ("(1 − {out}²)",)
    numpy = "np.tanh({})"

    def forward(self, x):
        y = np.tanh(as_float(x))
        return self.save_for_backward(y, y)

    def backward(self, dout):
        dout, y = self.saved(dout)
        return dout * (1.0 - y * y)

    def expand(self, x):
        up, down = Exp()(x), Exp()(Neg()(x))
        return Div()(Sub()(up, down), Add()(up, down))


# ---------------------------------------------------------------- affine: the layer that learns


def _random_weights(shape, fan_in, fan_out, rng, init):
    """Draw weights around 0 with the spread that suits as many numbers in and out."""
    known = {"he": math.sqrt(2 / fan_in), "xavier": math.sqrt(2 / (fan_in + fan_out))}
    if isinstance(init, str) and init not in known:
        raise ValueError(_("init must be 'he', 'xavier' or a number, got {!r}").format(shortened(init, 40)))
    std = known[init] if isinstance(init, str) else real("init", init, 0)
    return np.random.default_rng(rng).normal(0.0, std, shape)


class Affine(Layer):
    """Weighted sums plus a bias, ``x @ W + b``: dx = dout Wᵀ, dW = xᵀ dout, db = dout summed over the batch.

    Parameters
    ----------
    W : (d, k) array
        Weights. Copied, so that training does not change the caller's array.
    b : (k,) array
        Bias.
    name : str, optional

    Raises
    ------
    ValueError
        If `W` is no matrix or `b` does not hold one number per column of `W`.
    """

    symbol = "Affine"

    def __init__(self, W, b, name=None):
        super().__init__(name)
        W, b = as_float(W), as_float(b)
        if W.ndim != 2 or b.shape != W.shape[1:]:
            rule = _("{} needs W with shape (d, k) and b with shape (k,), got {} and {}")
            raise ValueError(rule.format(self, W.shape, b.shape))
        self.params = {"W": W.copy(), "b": b.copy()}

    @classmethod
    def random(cls, d, k, rng, init="he", name=None):
        """Start from random weights and a zero bias.

        Parameters
        ----------
        d, k : int
            Numbers of features in and out.
        rng : numpy.random.Generator or int
            Where the numbers come from; a seed gives the same weights each time.
        init : "he", "xavier" or float
            Standard deviation of the weights: ``sqrt(2/d)`` suits ReLU (He et al. 2015), ``sqrt(2/(d+k))`` suits tanh
            and sigmoid (Glorot & Bengio 2010); a number is taken as it is.
        """
        d, k = whole("d", d, 1), whole("k", k, 1)
        return cls(_random_weights((d, k), d, k, rng, init), np.zeros(k), name)

    @property
    def numpy(self):
        _shape, (_rows, x_shape) = self.memory
        return ("{0}" if len(x_shape) <= 2 else "{0}.reshape(len({0}), -1)") + " @ {W} + {b}"

    # np.dot instead of @: for matrices as small as most of the course's it takes half the time.
    def forward(self, x):
        x, W = as_float(x), self.params["W"]
        try:
            # A tensor is laid out in rows.
            rows = x if 0 < x.ndim <= 2 else x.reshape(len(x), math.prod(x.shape[1:]))
            y = np.dot(rows, W)
        except (TypeError, ValueError):
            rule = _("{} expects {} features, got x with shape {}")
            raise ValueError(rule.format(self, len(W), x.shape)) from None
        y += self.params["b"]  # in place: memory for another large array takes longer than the sum
        return self.save_for_backward(y, rows, x.shape)

    def backward(self, dout):
        self.backward_params(dout)
        _shape, (_rows, x_shape) = self.memory
        return np.dot(dout, self.params["W"].T).reshape(x_shape)

    def backward_params(self, dout):
        dout, rows, _x_shape = self.saved(dout)
        if rows.ndim == 1:
            self.grads = {"W": np.outer(rows, dout), "b": dout.copy()}
        else:
            self.grads = {"W": np.dot(rows.T, dout), "b": np.add.reduce(dout)}

    def expand(self, x):
        if len(x.shape) > 2:
            x = Flatten()(x)
        return Add()(MatMul()(x, self.parameter("W", x)), self.parameter("b", x))


# ---------------------------------------------------------------- pictures: the same few weights at every place


class Conv2D(Layer):
    """The same kernels at each place, ``y = sum(window * W) + b``: dW sums window * dout over the places,
    db sums dout, and each pixel gets W * dout of all windows that it lies in.

    Mathematics calls it cross-correlation: the kernel is not turned round. Windows lie one pixel apart, so
    ``(n, c, h, w)`` becomes ``(n, k, h + 2 padding - p + 1, w + 2 padding - q + 1)``.

    Parameters
    ----------
    W : (k, c, p, q) array
        k kernels of p by q pixels for pictures of c channels (1 for grey). Copied.
    b : (k,) array
        One bias for each kernel.
    padding : int
        Rows and columns of zeros that are put around the picture before the windows are taken.
    name : str, optional

    Raises
    ------
    ValueError
        If `W` does not have these four axes, or `b` does not hold one number for each kernel.

    References
    ----------
    LeCun et al. (1989), Backpropagation Applied to Handwritten Zip Code Recognition, Neural Computation 1 (4).
    """

    symbol = "Conv"

    def __init__(self, W, b, padding=0, name=None):
        super().__init__(name)
        self.padding = whole("padding", padding, 0)
        W, b = as_float(W), as_float(b)
        if W.ndim != 4 or not W.size or b.shape != W.shape[:1]:
            rule = _("{} needs W with shape (k, c, p, q) and b with shape (k,), got {} and {}")
            raise ValueError(rule.format(self, W.shape, b.shape))
        self.params = {"W": W.copy(), "b": b.copy()}

    @classmethod
    def random(cls, c, k, size, rng, init="he", padding=0, name=None):
        """Start from random kernels and a zero bias.

        Parameters
        ----------
        c, k : int
            Numbers of channels in and out: k is the number of kernels.
        size : int
            Kernels have `size` by `size` pixels.
        rng : numpy.random.Generator or int
            Where the numbers come from; a seed gives the same kernels each time.
        init : "he", "xavier" or float
            Spread of the weights as in `Affine.random`, with c times size² numbers going into each output.
        """
        c, k, size = whole("c", c, 1), whole("k", k, 1), whole("size", size, 1)
        W = _random_weights((k, c, size, size), c * size**2, k * size**2, rng, init)
        return cls(W, np.zeros(k), padding, name)

    @property
    def numpy(self):
        _k, _c, p, q = self.params["W"].shape
        rim = f"np.pad({{0}}, [(0, 0)] * 2 + [({self.padding},) * 2] * 2)" if self.padding else "{0}"
        windows = f"np.lib.stride_tricks.sliding_window_view({rim}, ({p}, {q}), (-2, -1))"
        return f"np.moveaxis(np.tensordot({windows}, {{W}}, ((1, 4, 5), (1, 2, 3))) + {{b}}, -1, 1)"

    def forward(self, x):
        x, W, b = as_float(x), *self.params.values()
        self.check_shape(x.shape)
        windows = self.windows(x)
        rows = windows.reshape(-1, W[0].size)
        y = (rows @ W.reshape(len(W), -1).T + b).reshape(*windows.shape[:3], len(W))
        return self.save_for_backward(np.moveaxis(y, -1, 1), rows, x.shape)

    def check_shape(self, shape):
        """Refuse pictures of other channels, or smaller than a kernel."""
        _k, c, *smallest = self.params["W"].shape
        smallest = [max(1, side - 2 * self.padding) for side in smallest]
        if len(shape) != 4 or shape[1] != c or shape[2] < smallest[0] or shape[3] < smallest[1]:
            rule = _("{} expects x with shape (n, {}, h, w), h at least {} and w at least {}, got {}")
            raise ValueError(rule.format(self, c, *smallest, shape))

    def windows(self, x):
        """Return what each window sees, (n, rows, columns, c, p, q)."""
        rim = [(0, 0)] * 2 + [(self.padding,) * 2] * 2
        framed = np.pad(x, rim) if self.padding else x
        return np.moveaxis(sliding_window_view(framed, self.params["W"].shape[2:], (2, 3)), 1, 3)

    def backward(self, dout):
        self.backward_params(dout)
        (_n, _k, high, wide), (_rows, (n, c, h, w)) = self.memory
        W, rim = self.params["W"], self.padding
        shares = np.tensordot(dout, W, (1, 0))  # (n, rows, columns, c, p, q)
        dx = np.zeros((n, c, h + 2 * rim, w + 2 * rim), dtype=shares.dtype)
        for i, j in np.ndindex(W.shape[2:]):
            dx[..., i : i + high, j : j + wide] += np.moveaxis(shares[..., i, j], -1, 1)
        return dx[..., rim : rim + h, rim : rim + w]  # what the rim gets concerns no pixel

    def backward_params(self, dout):
        dout, rows, _x_shape = self.saved(dout)
        W = self.params["W"]
        columns = np.moveaxis(dout, 1, -1).reshape(-1, len(W))
        self.grads = {"W": (columns.T @ rows).reshape(W.shape), "b": np.add.reduce(columns)}

    def expand(self, x):
        self.check_shape(x.shape)
        pixels = np.arange(1, math.prod(x.shape[1:]) + 1).reshape(1, *x.shape[1:])
        _one, high, wide, *_kernel = (seen := self.windows(pixels)).shape  # numbers of pixels, 0 on the rim
        seen = seen.reshape(high * wide, -1)
        rows = Take(np.maximum(seen - 1, 0))(Flatten()(x))
        if self.padding:
            rows = Mul()(rows, (seen > 0).astype(float))
        y = Add()(MatMul()(rows, Transpose()(Flatten()(self.parameter("W", x)))), self.parameter("b", x))
        return Take(np.arange(high * wide).reshape(high, wide))(Transpose()(y))


class GlobalAveragePooling(Layer):
    """Mean over all places, ``(n, c, h, w) -> (n, c)``: dx = dout / (h w), the same at each place.

    Where in the picture something was found does not matter any more, only how much (Lin et al. 2014).
    """

    symbol = _("mean")
    numpy = "np.mean({}, axis=(-2, -1))"

    def forward(self, x):
        x = as_float(x)
        if x.ndim < 3 or not x.size:
            raise ValueError(_("{} needs channels, rows and columns, got x with shape {}").format(self, x.shape))
        return self.save_for_backward(x.mean(axis=(-2, -1)), x.shape)

    def backward(self, dout):
        dout, shape = self.saved(dout)
        return np.broadcast_to((dout / (shape[-2] * shape[-1]))[..., None, None], shape)

    def expand(self, x):
        return Mul()(Sum(axis=(-2, -1))(x), 1.0 / (x.shape[-2] * x.shape[-1]))


# ---------------------------------------------------------------- losses: one number to make small


class SoftmaxWithLoss(Loss):
    """Softmax and cross-entropy in one, ``L = -sum(t * log(softmax(x))) / n``:
    dx = dout * (softmax(x) - t) / n.

    `x` holds scores, (n, k) or one row (k,); `t` holds labels, (n,) or (), or one-hot rows in
    the shape of `x`.
    """

    symbol = _("Softmax\nloss")

    def forward(self, x, t):
        x = as_float(x)
        t = target_rows(x, t)
        n = x.size // x.shape[-1]
        shifted = x - np.maximum.reduce(x, axis=-1, keepdims=True)
        e = np.exp(shifted)
        total = np.add.reduce(e, axis=-1, keepdims=True)
        # log(softmax) = shifted - log(total): no probability is rounded to 0 before its log
        loss = (np.log(total).sum() - np.vdot(t, shifted)) / n
        return self.save_for_backward(loss, e / total, t, n)

    def backward(self, dout=1.0):
        dout, y, t, n = self.saved(dout)
        return (y - t) * (float(dout) / n)

    def expand(self, x, t):
        rows = target(t, value_of(x).shape)
        n = value_of(x).size // value_of(x).shape[-1]
        e = Exp()(Shift()(x))
        y = Div()(e, Sum(axis=-1, keepdims=True)(e))
        return Mul()(Sum()(Mul()(rows, Log()(y))), -1.0 / n)

    def decide(self, x):
        return np.argmax(x, axis=-1)

    def probabilities(self, x):
        return softmax(x)


class SigmoidWithLoss(Loss):
    """Sigmoid and cross-entropy in one, for yes or no: dx = dout * (sigmoid(x) - t) / n.

    ``L = -sum(t * log(y) + (1 - t) * log(1 - y)) / n`` with y = sigmoid(x); `x` and `t`, 0 or 1, share one shape,
    (n, 1) or (n,).
    """

    symbol = _("Sigmoid\nloss")

    def forward(self, x, t):
        x, t = self.same_shape(x, t)
        if t.min() < 0 or t.max() > 1:
            raise ValueError(_("{}: t must lie between 0 and 1, got {}").format(self, t[(t < 0) | (t > 1)][0]))
        n = batch_size(x)
        # log(1 + exp(x)) - t*x, written so that exp never sees a large number
        loss = (np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))) - t * x).sum() / n
        return self.save_for_backward(loss, sigmoid(x), t, n)

    def backward(self, dout=1.0):
        dout, y, t, n = self.saved(dout)
        return (y - t) * (float(dout) / n)

    def expand(self, x, t):
        x_value, _t = self.same_shape(value_of(x), value_of(t))
        t, y = target(t), Sigmoid().expand(x)
        right = Add()(Mul()(t, Log()(y)), Mul()(Sub()(1.0, t), Log()(Sub()(1.0, y))))
        return Mul()(Sum()(right), -1.0 / batch_size(x_value))

    def decide(self, x):
        return (x > 0).astype(int)

    def probabilities(self, x):
        return binary_probabilities(sigmoid(x))


class MSELoss(Loss):
    """Half the squared error, ``L = sum((x - t)**2) / (2 n)``: dx = dout * (x - t) / n.

    The half is there so that no factor 2 is left in the gradient. `x` and `t` share one shape: a column where the
    target is yes or no, 1 or 0; one-hot rows (n, k) where there are k classes.
    """

    symbol = "½MSE"

    @property
    def numpy(self):
        _shape, (_error, n) = self.memory
        return f"np.sum(({{}} - {{}}) ** 2) / {2 * n}"

    def forward(self, x, t):
        x, t = self.same_shape(x, t)
        n = batch_size(x)
        error = x - t
        return self.save_for_backward(np.vdot(error, error) / (2 * n), error, n)

    def backward(self, dout=1.0):
        dout, error, n = self.saved(dout)
        return error * (float(dout) / n)

    def expand(self, x, t):
        x_value, _t = self.same_shape(value_of(x), value_of(t))
        return Mul()(Sum()(Pow()(Sub()(x, target(t)), 2.0)), 0.5 / batch_size(x_value))

    def decide(self, x):
        return np.argmax(x, axis=-1) if x.ndim == 2 and x.shape[1] > 1 else (x > 0.5).astype(int)

    def probabilities(self, x):
        """Read scores as probabilities: cut to 0 .. 1, and shared out where there is a column for each class."""
        y = np.clip(x, 0.0, 1.0)
        if y.ndim < 2 or y.shape[1] == 1:
            return binary_probabilities(y)
        total, alike = y.sum(axis=1, keepdims=True), np.full_like(y, 1 / y.shape[1])
        return np.divide(y, total, out=alike, where=total > 0)  # a row without a positive score: all classes alike
