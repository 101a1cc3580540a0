"""Which exercises a cell's code names, and which verdicts its outputs show."""

import pytest

from nbkit.course.checks import MAX_CODE, names_checked, stopped_by, verdicts_of, verdicts_shown
from tests.course.folders import RIGHT, WRONG, printed, raised, shown

A, B = "00.number", "00.function"


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (f'check("{A}", 1)', [A]),
        (f"nbkit.check('{A}', 1)", [A]),
        (f'check("{A}", 1); check("{B}", 2)', [A, B]),
        (f'print(check("{A}", 1), check("{B}", 2))', [A, B]),
        (f'check("{A}", check("{B}", 2))', [A, B]),
        (f'check("{A}", 1)\ncheck("{A}", 2)', [A, A]),
        (f'check(answer=(1, 2), name="{A}")', [A]),
        (f'check(name = "{A}", answer=1)', [A]),
        (f'check (  # a word\n\n    r"{A}", 1)', [A]),
        (f'x = "#"; check("{A}", x)', [A]),
        (f'# check("{A}", 1)\ncheck("{B}", 1)  # check("{A}", 1)', [B]),
        (f'"""\ncheck("{A}", 1)\n"""\ncheck("{B}", 2)', [B]),
        (f'x = \'check("{A}", 1)\'\ncheck("{B}", 2)', [B]),
        (f'%time check("{A}", 1); check("{B}", 2)', [A, B]),
        (f'def f(:\n  check("{A}", 1)', [A]),
        (f'check("{A}", (1', [A]),
        (f'```\ncheck("{A}", 1)\n  "', [A]),  # no Python: line by line
        (f'recheck("{A}", 1); check_all("{A}"); checks = ["{A}"]', []),
        (f'check(x, "{A}")', []),
        (f'check["{A}"]', []),
        ('check("number", 1)', []),
        ("check", []),
        ("check(" * 9000, []),
        (")" * 9000 + f'check("{A}", 1)', [A]),
        ("x" * (MAX_CODE + 1), []),
    ],
)
def test_names_are_read_as_python_reads_them(code, names):
    assert names_checked(code) == names


def test_code_that_is_too_long_is_refused_if_a_check_may_be_in_it():
    names_checked("check".ljust(MAX_CODE))
    with pytest.raises(ValueError, match="more than 100000 characters of code are in one of its cells"):
        names_checked("check".ljust(MAX_CODE + 1))


RIGHT_PAIR, WRONG_PAIR = ("right", RIGHT[2:]), ("wrong", WRONG[2:])


@pytest.mark.parametrize(
    ("outputs", "verdicts"),
    [
        ([], [None, None]),
        ([shown(RIGHT)], [None, RIGHT_PAIR]),  # a cell shows what stands last in it
        ([printed(f"{WRONG}\n"), shown(RIGHT)], [WRONG_PAIR, RIGHT_PAIR]),
        ([printed(f"{WRONG}\n{WRONG}\n{RIGHT}\n")], [WRONG_PAIR, RIGHT_PAIR]),
        ([printed(f"{WRONG} {RIGHT}\n")], [WRONG_PAIR, RIGHT_PAIR]),  # print(check(...), check(...))
        ([shown(f"({RIGHT}, {WRONG})")], [RIGHT_PAIR, WRONG_PAIR]),
        ([shown(f"[{RIGHT},\n {WRONG}]")], [RIGHT_PAIR, WRONG_PAIR]),
        ([shown(f"{RIGHT} ✗")], [None, ("right", f"{RIGHT[2:]} ✗")]),
        ([printed(f"x {RIGHT}\n{WRONG} {RIGHT} {RIGHT}\n")], [None, ("wrong", f"{WRONG[2:]} {RIGHT} {RIGHT}")]),
        ([printed("x\u2028✓ a\r✗ b\x0c✓c")], [("wrong", "b"), ("right", "c")]),
        ([raised()], [None, ("wrong", "The cell stopped with SyntaxError: no")]),
        ([printed(f"{RIGHT}\n"), raised()], [RIGHT_PAIR, ("wrong", "The cell stopped with SyntaxError: no")]),
        ([printed(f"{WRONG}\n"), shown(RIGHT), raised()], [WRONG_PAIR, RIGHT_PAIR]),  # both have spoken before
        (7, [None, None]),
    ],
)
def test_the_last_verdicts_belong_to_the_checks_in_their_order(outputs, verdicts):
    assert verdicts_shown(outputs, 2) == verdicts
    assert verdicts_shown(outputs, 0) == []


@pytest.mark.parametrize(
    ("code", "outputs", "verdicts"),
    [
        (f'print(check("{A}", 1))\nv = check("{B}", 2)', [printed(f"{RIGHT}\n")], [RIGHT_PAIR, None]),
        (f'v = check("{A}", 1)\nprint("✓ trained")', [printed("✓ trained\n")], [None]),
        (f'v = check("{A}", 1)\nv', [shown(RIGHT)], [RIGHT_PAIR]),
        (f'v = check("{A}", 1)\ncheck("{B}", 2)', [shown(RIGHT)], [None, RIGHT_PAIR]),
        (f'v = check("{A}", f())', [raised()], [("wrong", "The cell stopped with SyntaxError: no")]),
    ],
)
def test_a_check_that_is_not_shown_has_no_verdict(code, outputs, verdicts):
    assert verdicts_of(code, names_checked(code), outputs) == verdicts


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("incomplete input (1168716724.py, line 8)", "incomplete input (line 8)"),
        ("invalid syntax (<ipython-input-3-0aBc>, line 12)", "invalid syntax (line 12)"),
        ("bad mul.py (mul.py, line 8)", "bad mul.py (mul.py, line 8)"),  # a file of the learner's own
        ("(<" * 9000 + "12" * 9000, None),
    ],
)
def test_an_error_is_said_without_the_random_name_of_its_cell(said, text):
    assert stopped_by("SyntaxError", said) == f"The cell stopped with SyntaxError: {text}" or text is None
