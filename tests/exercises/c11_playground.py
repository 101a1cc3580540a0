"""Answers to the exercises of chapter 11: usual mistakes, each with a word of its diagnosis, and right ones."""

from nbkit import Experiment, Settings
from nbkit.experiment import PRESETS
from nbkit.messages import _

PRESET = {preset.name: preset.settings for preset in PRESETS}
WILD, HEART = PRESET[_("learning rate 3, and why it blows up")], PRESET[_("learned by heart")]
RINGS = Settings(data="circles", hidden=(4,), optimizer="Adam", lr=0.05)

MISTAKES = {
    "11.rings": [
        (RINGS.replace(data="moons"), 'data should be "circles"'),
        (RINGS.replace(noise=0.0), "with noise 0.1"),
        (RINGS.replace(features=("x1**2", "x2**2"), hidden=()), "The inputs should be x₁ and x₂ alone"),
        (RINGS.replace(hidden=(8,)), "at most 4 hidden units in all, this net has 8"),
        (RINGS.replace(held_out=0.0), "Hold out at least 0.2"),
        (RINGS.replace(hidden=()), "one straight line"),
        (RINGS.replace(hidden=(2,)), "Units in the first layer: 2"),
        (RINGS.replace(hidden=(2, 2)), "Units in the first layer: 2"),
        (
            RINGS.replace(hidden=(3, 1)),
            "Right are 41 of 53 (77.4 %) of the held-out points, and 95 % are wanted. The loss",
        ),
        (RINGS.replace(optimizer="SGD", lr=0.01), "too short"),
        (RINGS.replace(lr=0.002), "still falling"),
        (RINGS.replace(lr=1e-6), "the steps are too short"),
        (RINGS.replace(held_out=0.9), "Of the 30 training points"),
        (RINGS.replace(activation="ReLU", optimizer="SGD", lr=100.0), "The first steps were too long"),
        (RINGS.replace(weight_decay=10.0), "decay keeps the weights too small"),
        (RINGS.replace(lr=0.1), "With a smaller lr it gets there"),
        ({"hidden": [4]}, "Hand in Settings(...)"),
        ('{"hidden": [4]', "cannot be read"),
    ],
    "11.calm": [
        (WILD.replace(lr=0.3, activation="Tanh"), "You changed activation and lr: one change"),
        (WILD.replace(activation="Tanh"), "Diverged in step"),
        (WILD.replace(loss="cross-entropy"), "are asleep"),
        (WILD.replace(lr=1e-4), "still falling"),
        (WILD.replace(lr=1e-6), "the steps are too short"),
        (
            WILD.replace(lr=0.7),
            "Right are 49 of 53 (92.5 %) of the held-out points, and 95 % are wanted. With",
        ),
        (WILD.replace(lr=2.9), "The steps are too long"),
        (WILD.replace(features=("x1**2", "x2**2")), "Diverged in step"),
        (WILD.replace(data="moons"), "The data should stay"),
        (WILD.replace(held_out=0.0), "The data should stay"),
    ],
    "11.heart": [
        (HEART.replace(weight_decay=0.1), "It takes more"),
        (HEART.replace(weight_decay=3.0), "too much"),
        (HEART.replace(weight_decay=90.0), "too much: the net cannot even follow"),
        (HEART.replace(weight_decay=1000.0), "too much"),
        (HEART.replace(weight_decay=0.3, lr=0.1), "Only the weight decay may change, you changed lr"),
        (HEART.replace(hidden=(2,)), "Only the weight decay may change, you changed hidden"),
    ],
}
RIGHT = {
    "11.rings": [
        RINGS.to_json(),
        RINGS.replace(hidden=(3,), seed=1),
        RINGS.replace(hidden=(3, 1), seed=3),
        Experiment(RINGS),
    ],
    "11.calm": [WILD.replace(lr=0.1), WILD.replace(lr=0.5).to_json()],
    "11.heart": [HEART.replace(weight_decay=0.3), HEART.replace(weight_decay=0.25).to_json()],
}
