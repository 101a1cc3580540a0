"""Exercises of chapter 11: a solution passes, each usual mistake gets a diagnosis of its own, no answer raises."""

import pytest

from nbkit import Settings, check, hint
from nbkit.exercises.core import EXERCISES
from nbkit.experiment import PRESETS
from tests.chapter import Chapter

CHAPTER = Chapter("11_playground.ipynb")
NAMES = ["11.rings", "11.calm", "11.heart"]
PRESET = {preset.name: preset.settings for preset in PRESETS}
WILD, HEART = PRESET["learning rate 3, and why it blows up"], PRESET["learned by heart"]
RINGS = Settings(data="circles", hidden=(4,), optimizer="Adam", lr=0.05)


def test_the_chapter_and_the_judges_name_the_same_exercises():
    assert list(CHAPTER.places) == NAMES
    assert {name for name in EXERCISES if name.startswith("11.")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_is_not_tried(name):
    cell = CHAPTER.stub(name)
    assert "exercise" in cell.metadata["tags"]
    verdict = CHAPTER.run(cell.source)
    assert verdict.state == "not tried"
    assert "change the settings" in verdict.text


ALSO_RIGHT = [
    ("11.rings", RINGS.line),
    ("11.rings", RINGS.but(hidden=(3,), seed=1)),
    ("11.calm", WILD.but(lr=0.1)),
    ("11.calm", WILD.but(lr=0.5).line),
]


@pytest.mark.parametrize(("name", "answer"), ALSO_RIGHT)
def test_other_answers_are_right_too(name, answer):
    assert check(name, answer).state == "right", check(name, answer)


MISTAKES = [
    ("11.rings", RINGS.but(data="moons"), 'data should be "circles"'),
    ("11.rings", RINGS.but(noise=0.0), "with noise 0.1"),
    ("11.rings", RINGS.but(hidden=(8,)), "at most 4 hidden units in all, this net has 8"),
    ("11.rings", RINGS.but(held_out=0.0), "Hold out at least 0.2"),
    ("11.rings", RINGS.but(hidden=()), "one straight line"),
    ("11.rings", RINGS.but(hidden=(2,)), "2 units in a layer are too few"),
    ("11.rings", RINGS.but(optimizer="SGD", lr=0.01), "too short"),
    ("11.rings", RINGS.but(lr=0.002), "still falling"),
    ("11.rings", RINGS.but(activation="ReLU", optimizer="SGD", lr=100.0), "asleep"),
    ("11.calm", WILD.but(lr=0.3, activation="Tanh"), "You changed activation and lr: one change"),
    ("11.calm", WILD.but(activation="Tanh"), "Diverged in step"),
    ("11.calm", WILD.but(loss="cross-entropy"), "are asleep"),
    ("11.calm", WILD.but(lr=1e-4), "still falling"),
    ("11.heart", HEART.but(weight_decay=0.1), "It takes more"),
    ("11.heart", HEART.but(weight_decay=3.0), "too much"),
    ("11.heart", HEART.but(weight_decay=0.3, lr=0.1), "Only the weight decay may change, you changed lr"),
    ("11.heart", HEART.but(hidden=(2,)), "Only the weight decay may change, you changed hidden"),
]


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_each_usual_mistake_gets_its_own_diagnosis(name, answer, diagnosis):
    verdict = check(name, answer)
    assert verdict.state == "wrong"
    assert diagnosis in verdict.text


@pytest.mark.parametrize("answer", [3, "circles", "{}{", [], {"lr": 1}, object(), Settings, WILD.but])
@pytest.mark.parametrize("name", NAMES)
def test_no_answer_raises(name, answer):
    assert check(name, answer).state == "wrong"


@pytest.mark.parametrize("name", NAMES)
def test_dots_are_not_tried_and_hints_are_there(name):
    assert check(name, ...).state == check(name, None).state == "not tried"
    assert hint(name).text != hint(name, 2).text
