"""How a number may be written, and when two are as good as equal."""

import math

import pytest

from nbkit.quiz.answer import is_near, matches, parse, parse_or_nan


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.2", 2.2), (".5", 0.5), ("2/3", 2 / 3), ("1e-3", 1e-3), ("2,2", 2.2), ("−3", -3), ("  7  ", 7), ("+4", 4),
        ("5.", 5), ("-2 / 4", -0.5), ("1E2", 100), ("−1,5e−2", -0.015), ("２．２", 2.2), ("0", 0), ("-0", 0),
        ("1/1e3", 1e-3),
    ],
)  # fmt: skip
def test_every_usual_notation_is_read(text, value):
    assert parse(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"), ("   ", "empty"), ("apple", "not a number"), ("2*1.1", "not a number"), ("1/0", "divided by 0"),
        ("1e400", "too large"), ("9" * 30, "too large"), ("inf", "not a number"), ("nan", "not a number"),
        ("-∞", "not a number"), ("1,234.5", "not a number"), ("1 000", "not a number"), ("3²", "not a number"),
        ("0x10", "not a number"), ("1_000", "not a number"), ("1/2/3", "not a number"), ("9" * 5000, "not a number"),
        ("1e999999999", "too large"), ("1/1e-999", "divided by 0"), ("__import__('os')", "not a number"),
    ],
)  # fmt: skip
def test_anything_else_gets_a_friendly_word(text, told):
    with pytest.raises(ValueError, match=told):
        parse(text)
    assert math.isnan(parse_or_nan(text))


@pytest.mark.parametrize(
    ("answer", "truth", "same"),
    [
        (0.3333, 1 / 3, True), (0.333, 1 / 3, False), (0.6667, 2 / 3, True), (0.667, 2 / 3, False), (220, 220, True),
        (12346, 12345.6, True), (12350, 12345.6, True), (12300, 12345.6, False), (0, 0.0, True), (1e-5, 0.0, False),
        (0, 1e-17, True), (1, -1, False), (5, math.nan, False), (5, math.inf, False), (0.0001234, 0.00012344, True),
    ],
)  # fmt: skip
def test_four_significant_digits_decide(answer, truth, same):
    assert matches(answer, truth) is same


def test_near_is_what_rounding_can_explain():
    assert is_near(0.33, 1 / 3)
    assert not is_near(0.3, 1 / 3)
