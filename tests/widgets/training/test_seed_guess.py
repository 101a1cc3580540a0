"""How many seeds will learn? What was guessed before stands beside the truth, and nobody has to guess."""

import pytest

from tests.widgets.training.galleries import gallery, marks


def enter(widget):
    widget.guess._handle_custom_msg({"event": "submit"}, [])


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        ("6", "6 of 6 seeds learned. You guessed 6: exactly!"),
        ("4", "You guessed 4: well guessed, it lies within the bar."),  # Wilson: 61 % to 100 %
        (" 3 ", "You guessed 3, 3 too few: a surprise that is worth remembering."),
    ],
)
def test_a_guess_stands_beside_the_truth(guess, words):
    widget = gallery()
    assert not widget.guess.disabled
    widget.guess.value = guess
    widget.run_button.click()
    assert words in widget.status.value
    assert marks(widget)["tally"].guesses == {"tanh": int(guess) / 6}
    assert widget.guess.disabled  # it counts as it was before the first step
    assert widget.guess.value == guess


def test_a_guess_that_is_too_high_is_told_by_how_much():
    widget = gallery()
    widget.recipe.value = "line"
    widget.guess.value = "5"
    widget.run_button.click()
    assert "You guessed 5, 5 too many" in widget.status.value


@pytest.mark.parametrize("before", ["", "many"])
def test_nobody_has_to_guess(before):
    widget = gallery()
    widget.guess.value = before
    widget.guess.value = ""
    widget.run_button.click()
    assert widget.group.finished
    assert "guessed" not in widget.status.value
    assert marks(widget)["tally"].guesses == {}
    assert "your guess" not in widget.view.svg


def test_enter_in_the_box_runs():
    widget = gallery()
    widget.guess.value = "2"
    enter(widget)
    assert widget.group.finished
    assert "You guessed 2" in widget.status.value


def test_each_recipe_has_a_guess_of_its_own_and_it_is_of_the_first_seeds():
    widget = gallery()
    widget.guess.value = "6"
    widget.run_button.click()
    widget.recipe.value = "line"
    assert (widget.guess.value, widget.guess.disabled) == ("", False)
    widget.guess.value = "0"
    widget.run_button.click()
    assert marks(widget)["tally"].guesses == {"tanh": 1.0, "line": 0.0}
    widget.recipe.value = "tanh"
    assert (widget.guess.value, widget.guess.disabled) == ("6", True)
    widget.more_button.click()
    assert "12 of 12 seeds learned" in widget.status.value
    assert "guessed" not in widget.status.value
    assert marks(widget)["tally"].guesses["tanh"] == 1.0
    widget.restart_button.click()
    assert (widget.guess.value, widget.guess.disabled) == ("6", False)


@pytest.mark.parametrize("wrong", ["7", "-1", "2.5", "many"])
def test_what_is_no_guess_is_refused_stays_and_starts_nothing(wrong):
    widget = gallery()
    rule = f"A guess is a whole number from 0 to 6, got text '{wrong}'. Empty the box to run without a guess."
    widget.guess.value = wrong
    assert widget.message.value == rule
    for start in (lambda: enter(widget), widget.run_button.click):
        widget.show_message("")
        start()
        assert widget.message.value == rule
        assert (widget.guess.value, widget.guess.disabled, widget.guesses) == (wrong, False, {})
        assert not any(run.step for run in widget.group.runs)
    widget.guess.value = "6"
    assert widget.message.value == ""
    widget.run_button.click()
    assert "You guessed 6: exactly!" in widget.status.value
