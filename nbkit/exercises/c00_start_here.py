"""Exercises of chapter 00: how to hand in a number, and how to hand in a function."""

from nbkit.exercises.core import Wrong, apart, as_number, call, close, exercise
from nbkit.exercises.trials import try_function
from nbkit.formatting import number
from nbkit.messages import _


@exercise(
    "00.number",
    _("An answer takes the place of the three dots. It may be a sum: Python does the arithmetic for you."),
    _("3 * 100 + 2 * 50, and no units."),
)
def judge_number(answer):
    value = as_number(answer)
    if close(value, 400):
        return _("Right: 300 for the apples and 100 for the pears. This is how every exercise works.")
    if close(value, 150):
        raise Wrong(_("150 is the price of one of each. There are three apples and two pears."))
    if close(value, (3 + 2) * (100 + 50)):
        raise Wrong(_("Counts and prices were added first. Multiply for each fruit, then add."))
    if close(value, 300) or close(value, 100):
        raise Wrong(_("{} is the price of one kind of fruit. Add the other.").format(number(value)))
    _want, text = apart(400, value)
    raise Wrong(_("{} is not it. Three apples, and then two pears at half the price.").format(text))


NUMBERS = (2.0, 5.0, 7, -3.0, 0.0, 0.1234, -4, 1000.567, 3.217e-5, -4271000.0, 98760000)


@exercise(
    "00.function",
    _("Write `return` and then the number that you want to hand back."),
    _("The body is one line: return 2 * x. Then hand the function itself to check, without brackets."),
)
def judge_function(answer):
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        raise Wrong(_("This is a number: the function has run already. Hand in its name alone, without brackets."))
    result = _("what your function hands back")
    first, second = (as_number(call(answer, x), result) for x in (2.0, 5.0))
    if close([first, second], [4, 25]):
        raise Wrong(_("This is x times x: for 2 it happens to fit, for 5 it gives 25. Twice 5 is 10."))
    if close([first, second], [4, 7]):
        raise Wrong(_("This adds 2: for 2 it happens to fit, for 5 it gives 7. Twice 5 is 10."))
    if close(first, second):
        raise Wrong(_("Your function says {} for 2 and for 5: it should use x.").format(number(first)))
    try_function(answer, lambda x: 2 * x, [(x,) for x in NUMBERS], "x", result)
    return _("Right: 2 becomes 4, and 5 becomes 10.")
