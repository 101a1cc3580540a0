"""The reject option: shares counted anew by hand, one threshold at a time."""

import numpy as np
import pytest

from nbkit.experiment.rejection import THRESHOLDS, Rejection

SURE = np.array([0.2, 0.5, 0.5, 0.9, 0.95, 0.95])
RIGHT = np.array([False, True, False, True, False, True])


@pytest.mark.parametrize(
    ("threshold", "answered", "wrong"),
    [(0.0, 6, 3), (0.2, 6, 3), (0.21, 5, 2), (0.5, 5, 2), (0.51, 3, 1), (0.9, 3, 1), (0.95, 2, 1)],
)
def test_an_answer_just_as_sure_as_the_threshold_is_given(threshold, answered, wrong):
    k = round(100 * threshold)
    rejection = Rejection([(SURE, RIGHT)])
    assert rejection.answered[0, k] == pytest.approx(answered / 6)
    assert rejection.wrong[0, k] == pytest.approx(wrong / answered)


def test_many_answers_are_counted_as_one_by_one():
    rng = np.random.default_rng(0)
    runs = [(rng.random(n), rng.random(n) < 0.7) for n in (1, 7, 200)]
    rejection = Rejection(runs)
    for row, (sure, right) in enumerate(runs):
        for k, threshold in enumerate(THRESHOLDS):
            given = [bool(hit) for s, hit in zip(sure, right, strict=True) if s >= threshold]
            assert rejection.answered[row, k] == pytest.approx(len(given) / len(sure))
            if given:
                assert rejection.wrong[row, k] == pytest.approx(given.count(False) / len(given))
            else:
                assert np.isnan(rejection.wrong[row, k])


def test_a_silent_network_has_no_say_in_the_mean_of_the_mistakes():
    rejection = Rejection([(SURE, RIGHT), (SURE / 2, RIGHT)])
    answered, wrong = rejection.means()
    assert len(rejection) == 2
    assert answered[90] == pytest.approx(0.25)
    assert wrong[90] == pytest.approx(1 / 3)
    assert wrong[99] == 0
    assert wrong[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        ([], "at least one network"),
        (None, "at least one network, in a list; got None"),
        ([SURE], "two rows are needed"),
        ([(SURE, RIGHT[:3])], "same length"),
        ([([], np.array([], bool))], "same length"),
        ([(SURE, RIGHT.astype(int))], "same length, numbers and truths"),
        ([(2 * SURE, RIGHT)], "between 0 and 1, got 1.8"),
        ([(SURE * np.nan, RIGHT)], "finite"),
    ],
)
def test_what_is_no_answer_is_refused(runs, words):
    with pytest.raises(ValueError, match=words):
        Rejection(runs)
