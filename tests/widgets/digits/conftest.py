"""A network that reads digits, and the pad before it."""

import numpy as np
import pytest

from nbkit import SGD, Affine, DigitPad, History, ReLU, Sequential, SoftmaxWithLoss, datasets, train

DATA = datasets.digits()
HELD_OUT = DATA.x[1500:], DATA.t[1500:]


@pytest.fixture(scope="session")
def net():
    rng = np.random.default_rng(0)
    net = Sequential([Affine.random(64, 20, rng), ReLU(), Affine.random(20, 10, rng)], SoftmaxWithLoss())
    History(train(net, (DATA.x[:1500], DATA.t[:1500]), SGD(lr=0.2), batch_size=32, epochs=15))
    return net


@pytest.fixture
def pad(net):
    return DigitPad(net, HELD_OUT)
