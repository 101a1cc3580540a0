"""Layers in a row: forward left to right, backward right to left, parameters in one list."""

import copy
import io
import math
from collections import deque

import numpy as np

from nbkit.files import as_path, to_read, write_whole
from nbkit.functions import as_float, as_labels, check_finite
from nbkit.layer import Layer, Loss
from nbkit.messages import _, kind_of

MAX_UNPACKED_BYTES = 32e6  # of a file of weights, beyond those of the network itself


class Sequential:
    """A network whose layers feed one another in order, with a loss at the end.

    Parameters
    ----------
    layers : sequence of Layer
        A layer without a name gets one from its kind and place, such as ``"Affine 1"``.
    loss : Loss, optional
        Needed to train and to decide, not to predict.

    Raises
    ------
    TypeError
        If something in the row is no layer.
    ValueError
        If there is no layer, or two layers share a name or are one and the same.
    """

    def __init__(self, layers, loss=None):
        layers = tuple(layers)
        for layer in layers:
            if not isinstance(layer, Layer) or isinstance(layer, Loss):
                raise TypeError(_("a network is made of layers, with the loss apart, got {}").format(kind_of(layer)))
        if loss is not None and not isinstance(loss, Loss):
            raise TypeError(_("the loss must be one of nbkit's loss layers, got {}").format(kind_of(loss)))
        names = [layer.name or f"{type(layer).__name__} {i}" for i, layer in enumerate(layers, 1)]
        if not layers or len(set(names)) < len(names) or len(set(map(id, layers))) < len(layers):
            rule = _("a network needs at least one layer, each once and with its own name, got {}")
            raise ValueError(rule.format(names))
        for layer, name in zip(layers, names, strict=True):
            layer.name = name
        self.layers = layers
        self.loss_layer = loss

    def __repr__(self):
        row = " → ".join(map(str, self.layers))
        return f"Sequential: {row} | {self.loss_layer}" if self.loss_layer else f"Sequential: {row}"

    def __call__(self, x, t=None):
        """Run the layers on `x`, and the loss where `t` is given; a `Variable` among them is recorded."""
        for layer in self.layers:
            x = layer(x)
        return x if t is None else self._loss_layer()(x, t)

    def _loss_layer(self):
        if self.loss_layer is None:
            raise RuntimeError(_("this network has no loss: make it with Sequential(layers, loss)"))
        return self.loss_layer

    def predict(self, x):
        """Return the scores of the last layer.

        Parameters
        ----------
        x : (n, d) or (d,) array
            At least one row of finite numbers.

        Returns
        -------
        (n, k) or (k,) array
        """
        (scores,) = deque(self.layer_outputs(x), maxlen=1)  # no output of an earlier layer is kept
        return scores

    def layer_outputs(self, x):
        """Yield what each layer gives for the rows of `x`, from the first layer to the scores of the last.

        Parameters
        ----------
        x : (n, d) or (d,) array
            At least one row of finite numbers.

        Yields
        ------
        (n, k) or (k,) array
        """
        x = check_finite(x, "x")
        if not x.size:
            raise ValueError(_("there is nothing to predict: x has shape {}").format(x.shape))
        for layer in self.layers:
            x = copy.copy(layer)(x)  # a copy: what a running training has saved for backward stays as it is
            yield x

    def decide(self, x):
        """Return the class number for each row of `x`, by the rule of the loss (largest score, or a threshold)."""
        return self._loss_layer().decide(self.predict(x))

    def probabilities(self, x):
        """Return (n, k) probabilities of the classes for each row of `x`, as the loss understands the scores."""
        return self._loss_layer().probabilities(self.predict(x))

    def accuracy(self, x, t):
        """Return the share of rows decided as the labels say, from 0 to 1.

        Raises
        ------
        ValueError
            If the labels do not have the shape of the decisions: NumPy would compare each with each.
        """
        y, t = self.decide(x), as_labels(t)
        if y.shape != t.shape:
            rule = _("labels must have the shape of the decisions, {rule}, got {got}")
            raise ValueError(rule.format(rule=y.shape, got=t.shape))
        return float(np.mean(y == t))

    def loss(self, x, t):
        """Run forward to the loss.

        Parameters
        ----------
        x : (n, d) array
        t : array
            In a shape that the loss takes.

        Returns
        -------
        float
            May be infinite or NaN where the weights have grown out of bounds, never because of bad data.

        Raises
        ------
        ValueError
            If `x` or `t` hold NaN or infinite numbers, or shapes do not fit.
        """
        x = y = as_float(x)
        if not math.isfinite(np.vdot(x, x)):  # the cheapest test for NaN and infinity
            check_finite(x, "x")
        for layer in self.layers:
            y = layer.forward(y)
        loss = float(self._loss_layer().forward(y, t))
        if not math.isfinite(loss):
            check_finite(t, "t")
        return loss

    def backward(self):
        """Carry the gradient of the loss back through all layers, which sets their ``grads``.

        The data x gets no gradient: it would be the most expensive product of all. For dL/dx record the network on a
        `Variable`.
        """
        dout = self._loss_layer().backward(1.0)
        for layer in self.layers[:0:-1]:
            dout = layer.backward(dout)
        self.layers[0].backward_params(dout)

    def params_and_grads(self):
        """Return (parameter, gradient) pairs, layer by layer: what an optimizer's ``step`` takes."""
        try:
            return [(param, layer.grads[name]) for layer in self.layers for name, param in layer.params.items()]
        except KeyError:
            raise RuntimeError(_("{} has no gradients yet: call loss, then backward").format(self)) from None

    def parameters(self):
        """Return all parameters by name, such as ``"Affine 1.W"``: the arrays themselves, not copies."""
        return {f"{layer.name}.{name}": param for layer in self.layers for name, param in layer.params.items()}

    def save(self, path):
        """Write all parameters to an ``.npz`` file (the ending is added where it is missing).

        A file that is there already is replaced only once the new one is whole.

        Returns
        -------
        pathlib.Path
            Where the file is.
        """
        path = _npz(path)
        content = io.BytesIO()
        np.savez(content, **self.parameters())
        write_whole(path, lambda file: file.write(content.getbuffer()))
        return path

    def load(self, path):
        """Read parameters that `save` wrote into this network; nothing changes unless all of them fit.

        Raises
        ------
        ValueError
            If it is no file, or none with an ``.npz`` of plain numbers, or names or shapes are not those of this
            network.
        FileNotFoundError
            If there is no such file.
        """
        path = to_read(_npz(path))
        try:
            found = {name: check_finite(array, name) for name, array in self._arrays_in(path).items()}
        except (TypeError, ValueError) as error:
            rule = _("{path} holds no parameters that can be read: {error}")
            raise ValueError(rule.format(path=path, error=error)) from error
        mine = self.parameters()
        rule = {name: param.shape for name, param in mine.items()}
        got = {name: param.shape for name, param in found.items()}
        if rule != got:
            raise ValueError(_("the file must hold {rule}, got {got}").format(rule=rule, got=got))
        for name, param in mine.items():
            param[...] = found[name]

    def _arrays_in(self, path):
        """Read all arrays of a file, unless they would unpack into far more than this network holds."""
        most = MAX_UNPACKED_BYTES + 16 * sum(param.size for param in self.parameters().values())
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                if sum(entry.file_size for entry in file.zip.infolist()) <= most:
                    return {name: file[name] for name in file.files}
        except Exception:  # a damaged archive fails in many ways, which mean the same to the reader
            raise ValueError(_("it is no .npz file of plain numbers, as save writes it")) from None
        raise ValueError(_("it is far too large for this network"))


def _npz(path):
    path = as_path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
