"""Galleries for the tests of `SeedGallery`, and the marks of their pictures."""

from nbkit import Affine, MSELoss, Recipe, SeedGallery, Sequential
from tests.experiment.xor import T, X, relu, tanh


def line(rng):
    return Sequential([Affine.random(2, 1, rng)], MSELoss())


RECIPES = {
    "tanh": Recipe(tanh, lr=0.5, steps=300, enough=0.1),
    "relu": Recipe(relu, lr=0.2, steps=200, enough=0.03),
    "line": Recipe(line, lr=0.1, steps=30),
}


def gallery(recipes=RECIPES, seeds=6, **more):
    return SeedGallery(recipes, (X, T), seeds=seeds, **more)


def marks(widget):
    return widget.view.svg.marks
