"""What to do with a gradient: three rules that turn it into a change of the parameters."""

import numpy as np

from nbkit.checks import one_of, real
from nbkit.messages import _


class Optimizer:
    """A learning rate, and a memory for each parameter where the rule needs one.

    Parameters
    ----------
    lr : float
        Learning rate: how far one step goes, above 0. May be changed between steps.
    weight_decay : float
        Before each step every matrix of weights shrinks by this share of the learning rate, ``W *= 1 - lr *
        weight_decay``; biases do not (Loshchilov & Hutter 2019). May be changed between steps.
    """

    def __init__(self, lr, *, weight_decay=0.0):
        self.lr = lr
        self.weight_decay = weight_decay
        self.steps = 0
        self.memory = []

    def __repr__(self):
        return f"{type(self).__name__}(lr={self.lr:g})"

    @property
    def lr(self):
        return self._lr

    @lr.setter
    def lr(self, value):
        self._lr = real(_("the learning rate"), value, above=0)

    @property
    def weight_decay(self):
        return self._weight_decay

    @weight_decay.setter
    def weight_decay(self, value):
        self._weight_decay = real(_("the weight decay"), value, 0)

    def step(self, pairs):
        """Change every parameter in place, against its gradient.

        Parameters
        ----------
        pairs : iterable of (array, array)
            Parameters and their gradients, the same parameters in the same order at each call.

        Raises
        ------
        ValueError
            If a gradient has not the shape of its parameter, or the parameters are not those of the first step.
            No parameter has changed then.
        """
        pairs = pairs if isinstance(pairs, list) else list(pairs)
        for param, grad in pairs:
            if param.shape != grad.shape:
                rule = _("a gradient must have the shape of its parameter, {rule}, got {got}")
                raise ValueError(rule.format(rule=param.shape, got=grad.shape))
        self._recognise(pairs)
        self.steps += 1
        if self._weight_decay:
            for param, _grad in pairs:
                if param.ndim > 1:
                    param *= max(0.0, 1.0 - self._lr * self._weight_decay)
        self.update(pairs)

    def _recognise(self, pairs):
        """Make a memory for each parameter at the first step, and later refuse other parameters."""

    def update(self, pairs):
        raise NotImplementedError(_("{} has no update rule yet").format(self))


class _WithMemory(Optimizer):
    """An optimizer that keeps `slots` arrays for each parameter, zero at the start."""

    slots = 1

    def _recognise(self, pairs):
        if not self.memory:
            self.params = [param for param, _grad in pairs]
            self.memory = [tuple(np.zeros_like(param) for _slot in range(self.slots)) for param in self.params]
        if len(pairs) != len(self.params) or any(a is not b for a, (b, _grad) in zip(self.params, pairs, strict=True)):
            raise ValueError(
                _("this optimizer remembers other parameters, with shapes {rule}, got {got}; make a new one").format(
                    rule=[param.shape for param in self.params], got=[param.shape for param, _grad in pairs]
                )
            )


class SGD(Optimizer):
    """Plain gradient descent, "stochastic" if a mini-batch stands for all: ``p -= lr * g``."""

    def update(self, pairs):
        for param, grad in pairs:
            param -= self._lr * grad


class Momentum(_WithMemory):
    """A ball with inertia: ``v = momentum * v - lr * g``, then ``p += v`` (Polyak 1964).

    Parameters
    ----------
    lr, weight_decay : float
    momentum : float
        Share of the speed that is kept in a step, at least 0 and below 1.
    """

    def __init__(self, lr, momentum=0.9, *, weight_decay=0.0):
        super().__init__(lr, weight_decay=weight_decay)
        self.momentum = real("momentum", momentum, 0, below=1)

    def update(self, pairs):
        for (param, grad), (v,) in zip(pairs, self.memory, strict=True):
            v *= self.momentum
            v -= self._lr * grad
            param += v


class Adam(_WithMemory):
    """Momentum with a step size of its own for each parameter (Kingma & Ba 2015).

    ``m`` and ``s`` are running means of g and g**2, ``p -= lr * m / (sqrt(s) + eps)``; both
    means start at zero and are divided by ``1 - beta**step`` to make up for it.

    Parameters
    ----------
    lr, weight_decay : float
    beta1, beta2 : float
        Shares of the running means that are kept in a step.
    eps : float
        Keeps the division harmless where gradients vanish.
    """

    slots = 2

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, *, weight_decay=0.0):
        super().__init__(lr, weight_decay=weight_decay)
        self.beta1 = real("beta1", beta1, 0, below=1)
        self.beta2 = real("beta2", beta2, 0, below=1)
        self.eps = eps

    def update(self, pairs):
        m_scale = 1.0 - self.beta1**self.steps
        s_scale = 1.0 - self.beta2**self.steps
        for (param, grad), (m, s) in zip(pairs, self.memory, strict=True):
            m += (1.0 - self.beta1) * (grad - m)
            s += (1.0 - self.beta2) * (grad * grad - s)
            param -= self._lr * (m / m_scale) / (np.sqrt(s / s_scale) + self.eps)


OPTIMIZERS = {"SGD": SGD, "Momentum": Momentum, "Adam": Adam}


def make_optimizer(name, lr, *, weight_decay=0.0):
    """Make an optimizer from its name: "SGD", "Momentum" or "Adam"."""
    return OPTIMIZERS[one_of(_("the optimizer"), name, OPTIMIZERS)](lr, weight_decay=weight_decay)
