"""The score card: cases solved, with or without help, each with the time for which it was open."""

import pytest

from nbkit.widgets.bughunt.score_card import Score, ScoreCard


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def score(now):
    return Score(["a", "b", "c"], lambda: now[0])


def test_a_case_takes_the_time_for_which_it_is_open(score, now):
    score.open(1)
    now[0] += 50
    score.open(2)
    now[0] += 7
    score.open(1)
    now[0] += 15.9
    score.solve()
    now[0] += 1000
    score.open(2)
    score.open(1)
    now[0] += 1000
    score.solve()
    assert (score.time(1), score.time(2), score.time(3)) == ("1:05", "0:07", "0:00")


def test_help_is_no_solution_and_a_solution_stays_one(score, now):
    score.open(1)
    now[0] += 61
    score.help()
    score.solve()
    score.open(2)
    now[0] += 3
    score.solve()
    score.help()
    assert (score.solved, score.helped) == ({2}, {1})
    assert [score.badge(number) for number in (1, 2, 3)] == ["1 · with help", "✓ 2 · 0:03", "3"]
    assert score.about(1) == "Case 1, a: the mended code was shown after 1:01."
    assert score.about(2) == "Case 2, b: solved in 0:03 without help."
    assert score.about(3) == "Case 3, c: not solved yet."
    assert score.sentence == "Solved 1 of 3 without help, 1 with help."


def test_the_next_case_is_one_that_is_not_done_from_here_on_and_around(score):
    score.open(2)
    assert score.next == 3
    score.open(3)
    score.solve()
    assert score.next == 1
    score.open(1)
    score.help()
    assert score.next == 2
    score.open(2)
    score.solve()
    assert score.next is None


def test_the_card_has_a_button_for_each_case(score):
    gone = []
    card = ScoreCard(score, gone.append)
    score.open(2)
    score.solve()
    card.show()
    assert [badge.description for badge in card.badges] == ["1", "✓ 2 · 0:00", "3"]
    assert ["nbkit-present" in badge._dom_classes for badge in card.badges] == [False, True, False]
    card.badges[2].click()
    assert gone == [3]
