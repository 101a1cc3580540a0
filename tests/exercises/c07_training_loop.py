"""Answers to the exercise of chapter 07 about a training loop: usual mistakes, right ones, and stubs."""

import numpy as np

from nbkit import Adam, Affine, MSELoss, Sequential, Tanh, train
from nbkit.exercises.kinds import rules_of


def loop(net, x, t, optimizer, batch_size, epochs, rng):
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            losses.append(net.loss(x[rows], t[rows]))
            net.backward()
            optimizer.step(net.params_and_grads())
    return losses


def shuffled_list(net, x, t, optimizer, batch_size, epochs, rng):
    """Counts down a list of rows instead of slicing an order, and looks at all rows after each step."""
    losses = []
    for _ in range(epochs):
        rows = list(range(len(x)))
        rng.shuffle(rows)
        while rows:
            batch, rows = rows[:batch_size], rows[batch_size:]
            losses += [net.loss(x[batch], t[batch])]
            net.backward()
            optimizer.step(net.params_and_grads())
            net.loss(x, t)
    return np.array(losses)


def copied(net, x, t, optimizer, batch_size, epochs, rng):
    """Shuffles copies of the data."""
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        xs, ts = x[order], t[order]
        for k in range(int(np.ceil(len(x) / batch_size))):
            part = slice(k * batch_size, (k + 1) * batch_size)
            loss = net.loss(xs[part], ts[part])
            net.backward()
            optimizer.step(net.params_and_grads())
            losses.append(loss)
    return tuple(losses)


def by_train(net, x, t, optimizer, batch_size, epochs, rng):
    records = train(net, (x, t), optimizer, batch_size=batch_size, epochs=epochs, rng=rng)
    return [record.loss for record in records]


def in_place(net, x, t, optimizer, batch_size, epochs, rng):
    order = rng.permutation(len(x))
    x[:], t[:] = x[order], t[order]
    return loop(net, x, t, optimizer, batch_size, epochs, rng)


def no_backward(net, x, t, optimizer, batch_size, epochs, rng):
    net.loss(x[:batch_size], t[:batch_size])
    optimizer.step(net.params_and_grads())
    return [0.0]


def one_backward(net, x, t, optimizer, batch_size, epochs, rng):
    net.loss(x, t)
    net.backward()
    for _ in range(epochs * -(-len(x) // batch_size)):
        optimizer.step(net.params_and_grads())
    return [0.0]


def twice(net, x, t, optimizer, batch_size, epochs, rng):
    """Makes each step twice."""
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            losses.append(net.loss(x[rows], t[rows]))
            net.backward()
            optimizer.step(net.params_and_grads())
            optimizer.step(net.params_and_grads())
    return losses


def own_seed(net, x, t, optimizer, batch_size, epochs, rng):
    return loop(net, x, t, optimizer, batch_size, epochs, np.random.default_rng(0))


def loop_of_dots(net, x, t, optimizer, batch_size, epochs, rng):
    losses = []
    for _ in range(epochs):
        ...
    return losses


MISTAKES = {
    "07.loop": [
        (in_place, "changed x, which belongs to its caller"),
        (no_backward, "no gradients yet"),
        (one_backward, "has no gradient of its own"),
        (twice, "it should make 9 steps, yours makes 18"),
        (own_seed, "Shuffle with the rng that you were given"),
        (lambda net, x, t, o, size, epochs, rng: loop(net, x, t, o, 4, epochs, rng), "it should make 8 steps"),
        (lambda net, x, t, o, size, epochs, rng: loop(net, x, t, o, size, 3, rng), "it should make 8 steps"),
        (lambda net, x, t, o, size, epochs, rng: loop(net, x, t, Adam(0.05), size, epochs, rng), "Let the optimizer"),
        (lambda net, x, t, o, size, epochs, rng: print(loop(net, x, t, o, size, epochs, rng)), "hands nothing back"),
        (lambda net, x, t, o, size, epochs, rng: [2 * a for a in loop(net, x, t, o, size, epochs, rng)], "the losses"),
        (lambda net, x, t, o, size, epochs, rng: (loop(net, x, t, o, size, epochs, rng), net)[1], "numbers only"),
        (lambda net, x, t: [], "7 arguments"),
    ]
}
RIGHT = {"07.loop": [loop, shuffled_list, copied, by_train]}
NOT_TRIED = {"07.loop": [loop_of_dots]}
BUILT = {"07.loop": lambda mistakes: rules_of(mistakes)}


def training(rng):
    """Draw what a training takes; what can be seen of it are its losses and where the network ends."""
    n, d, units = (int(rng.integers(low, high)) for low, high in ((2, 14), (1, 4), (1, 4)))
    x, t = rng.normal(size=(n, d)), rng.normal(size=(n, 1))
    size, epochs, seed = int(rng.integers(1, n + 1)), int(rng.integers(1, 4)), int(rng.integers(99))
    lr = rng.uniform(0.01, 0.1)

    def run(answer):
        net = Sequential([Affine.random(d, units, 0), Tanh(), Affine.random(units, 1, 1)], MSELoss())
        given = x.copy(), t.copy()
        losses = answer(net, *given, Adam(lr), size, epochs, np.random.default_rng(seed))
        return [losses, *net.parameters().values(), *given]

    return run


DOMAIN = {"07.loop": training}
