"""Exercises of chapter 00: how to hand in a number, and how to hand in a function."""

from nbkit.exercises.answers import as_number
from nbkit.exercises.compare import close
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_number, name_mistake
from nbkit.exercises.learner_code import call
from nbkit.exercises.trials import try_function
from nbkit.exercises.verdicts import Wrong
from nbkit.formatting import number
from nbkit.messages import _

ONE_KIND = _("{} is the price of one kind of fruit. Add the other.")

exercise(
    "00.number",
    _("An answer takes the place of the three dots. It may be a sum: Python does the arithmetic for you."),
    _("3 * 100 + 2 * 50, and no units."),
    judge=judge_number,
    right=400,
    mistakes={
        _("150 is the price of one of each. There are three apples and two pears."): 150,
        _("Counts and prices were added first. Multiply for each fruit, then add."): (3 + 2) * (100 + 50),
        ONE_KIND.format(300): 300,
        ONE_KIND.format(100): 100,
    },
    otherwise=_("{} is not it. Three apples, and then two pears at half the price."),
    praise=_("Right: 300 for the apples and 100 for the pears. This is how every exercise works."),
)

NUMBERS = (2.0, 5.0, 7, -3.0, 0.0, 0.1234, -4, 1000.567, 3.217e-5, -4271000.0, 98760000)


@exercise(
    "00.function",
    _("Write `return` and then the number that you want to hand back."),
    _("The body is one line: return 2 * x. Then hand the function itself to check, without brackets."),
    mistakes={
        _("This is x times x: for 2 it happens to fit, for 5 it gives 25. Twice 5 is 10."): lambda x: x * x,
        _("This adds 2: for 2 it happens to fit, for 5 it gives 7. Twice 5 is 10."): lambda x: x + 2,
    },
    praise=_("Right: 2 becomes 4, and 5 becomes 10."),
)
def judge_function(answer, mistakes):
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        raise Wrong(_("This is a number: the function has run already. Hand in its name alone, without brackets."))
    result = _("what your function hands back")
    results = [as_number(call(answer, x), result) for x in (2.0, 5.0)]
    name_mistake(results, mistakes, [(2.0,), (5.0,)])
    if close(*results):
        raise Wrong(_("Your function says {} for 2 and for 5: it should use x.").format(number(results[0])))
    try_function(answer, lambda x: 2 * x, [(x,) for x in NUMBERS], "x", result)
