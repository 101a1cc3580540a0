"""Exercises of chapter 00: how to hand in a number, and how to hand in a function."""

from nbkit._text import _
from nbkit.drawing.numbers import number
from nbkit.exercises.core import NotTried, Wrong, as_number, call, close, exercise


@exercise(
    "00.number",
    _("An answer takes the place of the three dots. It may be a sum: Python does the arithmetic for you."),
    _("3 * 100 + 2 * 50, and no units."),
)
def judge_number(answer):
    if isinstance(answer, str):
        raise Wrong(_("This is text, as it stands in quotes. Hand in the number itself, without quotes and units."))
    value = as_number(answer)
    if close(value, 400):
        return _("Right: 300 for the apples and 100 for the pears. This is how every exercise works.")
    if close(value, 150):
        raise Wrong(_("150 is the price of one of each. There are three apples and two pears."))
    if close(value, (3 + 2) * (100 + 50)):
        raise Wrong(_("Counts and prices were added first. Multiply for each fruit, then add."))
    if value in (300, 100):
        raise Wrong(_("{} is the price of one kind of fruit. Add the other.").format(number(value)))
    raise Wrong(_("{} is not it. Three apples, and then two pears at half the price.").format(number(value)))


@exercise(
    "00.function",
    _("Write `return` and then the number that you want to hand back."),
    _("The body is one line: return 2 * x. Then hand the function itself to check, without brackets."),
)
def judge_function(answer):
    if isinstance(answer, int | float):
        raise Wrong(_("This is a number: the function has run already. Hand in its name alone, without brackets."))
    try:
        results = [call(answer, x) for x in (2.0, 5.0)]
    except NotTried:
        if _is_stub(answer):
            raise
        raise Wrong(
            _("Your function hands nothing back. `print` shows a number on the page, `return` hands it back.")
        ) from None
    first, second = map(as_number, results)
    if close([first, second], [4, 10]):
        return _("Right: 2 becomes 4, and 5 becomes 10.")
    if close([first, second], [4, 25]):
        raise Wrong(_("This is x times x: for 2 it happens to fit, for 5 it gives 25. Twice 5 is 10."))
    if close([first, second], [4, 7]):
        raise Wrong(_("This adds 2: for 2 it happens to fit, for 5 it gives 7. Twice 5 is 10."))
    if first == second:
        raise Wrong(_("Your function says {} whatever x is: it should use x.").format(number(first)))
    raise Wrong(_("For 5 your function says {}, twice 5 is 10.").format(number(second)))


def _is_stub(function):
    """Tell whether a function has an empty body: one that forgot its `return` has not."""

    def stub(x): ...

    return getattr(getattr(function, "__code__", None), "co_code", None) == stub.__code__.co_code
