"""An experiment as Python code that a learner can read, run and change."""

from itertools import pairwise

import numpy as np

from nbkit.experiment.experiment import initializer
from nbkit.experiment.features import code_lines
from nbkit.experiment.sources import SCALED, SOURCES
from nbkit.layers import MSELoss
from nbkit.messages import _


def code_of(experiment, weights="playground.npz"):
    """Write a notebook cell that rebuilds the net of an experiment and trains it as far as it is now.

    Parameters
    ----------
    experiment : Experiment
    weights : str
        Where the weights may be loaded from instead, named in the last line.

    Returns
    -------
    str
        Run in a fresh kernel, it makes the same steps to the same weights, unless something was changed on the way.
    """
    settings, net = experiment.settings, experiment.net
    kinds = {type(layer).__name__ for layer in (*net.layers, net.loss_layer)}
    uses_sources = SOURCES[settings.data][1].startswith("sources.")
    names = ["History", "Sequential", settings.optimizer, "train", *kinds, *([] if uses_sources else ["datasets"])]
    lines = [
        f"# {settings.to_json()}",
        *([f"# {CHANGED}"] if experiment.altered else []),
        "from itertools import islice",
        "",
        "import numpy as np",
        "",
        f"from nbkit import {', '.join(sorted(names, key=str.lower))}",
        *(["from nbkit.experiment import sources"] if uses_sources else []),
        *(["from nbkit.functions import one_hot"] if _needs_one_hot(experiment) else []),
        "",
        *_data_lines(experiment),
        "",
        f"rng = np.random.default_rng({settings.seed})",
        "net = Sequential(",
        "    [",
        *_layer_lines(net, initializer(settings.activation)),
        "    ],",
        f"    {type(net.loss_layer).__name__}(),",
        ")",
        *_training_lines(experiment),
        f"# net.load({weights!r})  # {TAKE}",
    ]
    return "\n".join(lines) + "\n"


CHANGED = _("Something was changed by hand on the way: these are the settings of the end, used from the start.")
CONSTANT = _("nothing to divide by where all numbers of a column are equal")
TAKE = _("takes the saved weights instead")
TOSS = _("held out: a coin toss for each row")
NONE_OUT = _("no row is held out")


def _needs_one_hot(experiment):
    return isinstance(experiment.net.loss_layer, MSELoss) and len(experiment.data.classes) > 2


def _data_lines(experiment):
    settings, classes = experiment.settings, len(experiment.data.classes)
    yield "data = " + SOURCES[settings.data][1].format(noise=settings.noise, points=settings.points, path=settings.path)
    if experiment.held_out_mask.any():
        share = settings.held_out
        yield f"out = np.random.default_rng(0).random(len(data.x)) < {share}  # {TOSS}"
    else:
        yield f"out = np.zeros(len(data.x), dtype=bool)  # {NONE_OUT}"
    if settings.data in SCALED:
        yield "mean, spread = data.x[~out].mean(axis=0), data.x[~out].std(axis=0)"
        if (np.ptp(experiment.data.x[~experiment.held_out_mask], axis=0) == 0).any():
            yield f"spread[data.x[~out].max(axis=0) == data.x[~out].min(axis=0)] = 1.0  # {CONSTANT}"
        yield "x = (data.x - mean) / spread"
    else:
        yield "x = data.x"
    yield from code_lines(settings.features)
    if classes == 2:
        yield "t = data.t.reshape(-1, 1)"
    else:
        yield f"t = one_hot(data.t, {classes})" if _needs_one_hot(experiment) else "t = data.t"


def _layer_lines(net, init):
    for layer, after in pairwise((*net.layers, None)):
        if layer.params:
            d, k = layer.params["W"].shape
            activation = f" {type(after).__name__}()," if after is not None else ""
            yield f'        Affine.random({d}, {k}, rng, "{init}", "{layer.name}"),{activation}'


def _training_lines(experiment):
    settings = experiment.settings
    rows = int((~experiment.held_out_mask).sum())
    decay = f", weight_decay={settings.weight_decay}" if settings.weight_decay else ""
    yield f"optimizer = {settings.optimizer}(lr={settings.lr}{decay})"
    if experiment.step:
        batch = min(settings.batch_size, rows)
        epochs = -(-experiment.step // -(-rows // batch))
        yield f"steps = train(net, (x[~out], t[~out]), optimizer, batch_size={batch}, epochs={epochs}, rng=rng)"
        yield f"history = History(islice(steps, {experiment.step}))"
    parts = [(_("right on training rows:"), "~out")]
    if experiment.held_out_mask.any():
        parts.append((_("right on held-out rows:"), "out"))
    for words, which in parts:
        yield f'print("{words}", np.mean(net.decide(x[{which}]).ravel() == data.t[{which}]).round(3))'
