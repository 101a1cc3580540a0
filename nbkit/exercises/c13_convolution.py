"""Exercise of chapter 13: how many places a window finds along one side of a picture."""

import math

from nbkit.exercises.answers import as_number
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_function
from nbkit.exercises.trials import as_one
from nbkit.messages import _

# Rows of n, k, padding, stride; in the first ones every usual mistake shows.
SIZES = [
    (8, 3, 0, 1), (8, 5, 2, 1), (8, 4, 1, 2), (8, 3, 1, 2), (10, 3, 0, 3),
    (8, 5, 4, 1), (8, 5, 0, 1), (7, 7, 0, 1), (7, 7, 0, 3), (28, 5, 2, 1), (224, 7, 3, 2), (1, 1, 0, 1), (5, 2, 0, 2),
    (6, 2, 0, 2), (9, 3, 0, 4), (32, 3, 1, 2), (3, 5, 1, 1), (4, 3, 2, 5), (12, 1, 0, 1), (12, 1, 0, 5), (16, 8, 0, 8),
    (15, 4, 3, 3), (100, 11, 0, 4), (11, 4, 0, 1), (2, 2, 1, 2), (20, 6, 5, 7), (1000, 3, 0, 1), (13, 10, 1, 6),
]  # fmt: skip


def _places(n, k, padding, stride):
    return (n + 2 * padding - k) // stride + 1


exercise(
    "13.size",
    _("Begin with padding 0 and stride 1: in which rows can the window begin? Count them, the first, too."),
    _("Padding adds to both sides: the picture has n + 2 · padding rows then. From the first place to the last it is "
      "that, minus k."),
    _("How often does a step of `stride` fit into n + 2 · padding − k? Whole steps only: //. And the first place needs "
      "no step: + 1."),
    judge=judge_function,
    rule=_places,
    mistakes={
        _("One too few: 8 pixels and a window of 3, the first rows it can see are 0 to 2, the last 5 to 7. Count the "
          "first place, too: + 1."): lambda n, k, p, s: (n + 2 * p - k) // s,
        _("The window slides, it is not laid like tiles: it may see a pixel again. Do not divide by k."): [
            lambda n, k, p, s: n / k, lambda n, k, p, s: n // k, lambda n, k, p, s: (n + 2 * p) // k,
            lambda n, k, p, s: (n + 2 * p) / k, lambda n, k, p, s: n // k // s,
        ],
        _("Half a place is no place: a step that does not fit whole is not made. Use // in place of /."):
            lambda n, k, p, s: (n + 2 * p - k) / s + 1,
        _("Rounded up: where the last step would lead over the rim, it is not made. Use //, which rounds down."):
            lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1,
        _("The + 1 stands for the first place, which needs no step: add it after the division."): [
            lambda n, k, p, s: (n + 2 * p - k + 1) // s, lambda n, k, p, s: (n + 2 * p - k + 1) / s,
        ],
        _("The stride is not in it: with stride 2 the window goes two pixels at a time."):
            lambda n, k, p, s: n + 2 * p - k + 1,
        _("The padding is not in it: it makes the picture larger, on both sides."): [
            lambda n, k, p, s: (n - k) // s + 1, lambda n, k, p, s: n - k + 1,
        ],
        _("Padding stands on *both* sides: 2 · padding."): lambda n, k, p, s: (n + p - k) // s + 1,
        _("Padding makes the picture larger, so it adds."): lambda n, k, p, s: (n - 2 * p - k) // s + 1,
        _("A larger stride gives fewer places: divide by it."): lambda n, k, p, s: (n + 2 * p - k) * s + 1,
        _("Asked for is one side: its places, not those of the whole square."):
            lambda n, k, p, s: _places(n, k, p, s) ** 2,
        _("One too many: the first place counts once."): lambda n, k, p, s: _places(n, k, p, s) + 1,
    },
    probes=SIZES[:5],
    trials=SIZES,
    names="n, k, padding, stride",
    unpack=lambda result: as_number(result, _("The size")),
    read=as_one,
    praise=_("Right: n − k + 1 for the plain case, and the same with a rim and with longer steps."),
)  # fmt: skip
