"""Exercises of chapter 02: write the backward of a node, carry gradients through a bill, add where paths meet."""

import numpy as np

from nbkit.exercises.answers import as_number, by_name, filled, is_open, nothing_open
from nbkit.exercises.compare import apart, close
from nbkit.exercises.core import exercise
from nbkit.exercises.kinds import judge_layer, judge_number, rules_of
from nbkit.exercises.verdicts import Wrong
from nbkit.messages import _, kind_of

# ---------------------------------------------------------------- 02.mul and 02.sub: a node as a class

# Pairs ((x, y), dout): both signs, whole numbers, equal ones and 0.
TRIALS = [
    ((100.0, 2.0), 1.1), ((3.0, -5.0), 0.5), ((-4.0, 3.0), -2.0), ((-2.5, -1.25), 1.0), ((0.0, 7.0), 3.0),
    ((6, 6), 1), ((2, 0), -4), ((0.0312, 1201.0), 0.00123), ((-8.712, 0.0456), 1234.0), ((987.7, -654.3), -0.9877),
    ((1, 1), 0), ((0, 0), 5.0), ((-4322000.0, 654300.0), 98765.0), ((7654000.0, 1234.0), -3.21e8),
    ((1.0, 0.00002345), -0.5),
]  # fmt: skip


def _read(result, method):
    """Return the number of forward, or the two gradients of backward, of which one may be dots."""
    if method == "forward":
        return as_number(result, _("forward's result"))
    result = result.tolist() if isinstance(result, np.ndarray) else result
    if not isinstance(result, tuple | list):
        text = _("backward should return two numbers, `return dx, dy`, one for each input; this is {}.")
        raise Wrong(text.format(kind_of(result)))
    if len(result) != 2:
        raise Wrong(_("backward should return two numbers, one for each input; these are {}.").format(len(result)))
    parts = dict(zip(("dx", "dy"), result, strict=True))
    for name, part in parts.items():
        if part is None:
            raise Wrong(_("backward gives nothing for {}: it should return two numbers, dx and dy.").format(name))
    return tuple(part if part is ... else as_number(part, name) for name, part in parts.items())


LAYER = {
    "judge": judge_layer, "probes": TRIALS[:4], "trials": TRIALS, "names": "x, y", "read": _read,
    "stub": _("forward is right. Now write backward."),
}  # fmt: skip

exercise(
    "02.mul",
    _("Look at the apples: the gradient 1.1 arrived, the price got 1.1 × 2. Where does the 2 come from?"),
    _("Each input gets dout times the other input, and forward kept both: self.x and self.y."),
    _("Two numbers go back, in the order of forward's arguments: first the one for x, then the one for y."),
    **LAYER,
    forward=lambda x, y: x * y,
    backward=lambda dout, x, y, out: (dout * y, dout * x),
    mistakes={
        _("Each input got itself. × swaps: x gets dout times *y*."): lambda dout, x, y, out: (dout * x, dout * y),
        _("The swap is right, but dout is missing: what comes from the right is a factor."):
            lambda dout, x, y, out: (y, x),
        _("These are the inputs themselves: neither swapped nor multiplied by dout."): lambda dout, x, y, out: (x, y),
        _("Copying dout to both sides is what + does. A × multiplies."): lambda dout, x, y, out: (dout, dout),
        _("dout was added. Along a path, slopes are *multiplied*."): lambda dout, x, y, out: (dout + y, dout + x),
        _("Both got dout times the output: leave out the input's own value."):
            lambda dout, x, y, out: (dout * out, dout * out),
        _("The first is right; the second forgot dout."): lambda dout, x, y, out: (dout * y, x),
        _("The second is right; the first forgot dout."): lambda dout, x, y, out: (y, dout * x),
    },
    words=_("dout times the other input"),
    shared=_("Two objects of your class share one memory: keep the inputs on self, self.x and self.y."),
    praise=_("Right: dout times the other input, first for x, then for y."),
)  # fmt: skip

exercise(
    "02.sub",
    _("Nudge in your head: one yen more for x, what happens to x − y? And one yen more for y?"),
    _("The local slopes are 1 for x and −1 for y. Each is multiplied by dout."),
    **LAYER,
    forward=lambda x, y: x - y,
    backward=lambda dout, x, y, out: (dout, -dout),
    mistakes={
        _("That is +. If y grows, x − y *falls*: one of the two needs a minus sign."):
            lambda dout, x, y, out: (dout, dout),
        _("The signs have changed places: x − y grows with x and falls with y."):
            lambda dout, x, y, out: (-dout, dout),
        _("x − y grows with x: the first one needs no minus sign."): lambda dout, x, y, out: (-dout, -dout),
        _("The slopes 1 and −1 are right, but dout is missing: multiply by it."): lambda dout, x, y, out: (1, -1),
        _("dout is missing, and so is the minus sign for y."): lambda dout, x, y, out: (1, 1),
        _("The other input is the slope of ×. For − the slopes are 1 and −1."):
            lambda dout, x, y, out: (dout * y, -dout * x),
        _("This is the backward of ×. For − the slopes are 1 and −1."):
            lambda dout, x, y, out: (dout * y, dout * x),
        _("The inputs play no part here: the slopes of x − y are 1 and −1, whatever x and y are."):
            lambda dout, x, y, out: (dout * x, -dout * y),
    },
    words=_("dout and −dout"),
    praise=_("Right: dout for x, −dout for y. A coupon of 1 yen more makes the bill 1 yen less."),
)  # fmt: skip


# ---------------------------------------------------------------- 02.bill: gradients on paper

PEAR, PEARS, MELON, MELONS, TAX_NAME = _("pear"), _("pear count"), _("melon"), _("melon count"), _("tax")
PRICES = {PEAR: 80.0, PEARS: 4.0, MELON: 120.0, MELONS: 2.0}
OTHER = {PEAR: 4.0, PEARS: 80.0, MELON: 2.0, MELONS: 120.0}  # what meets it in its ×
TAX = 1.08
BEFORE_TAX = 560.0
BILL = {TAX_NAME: BEFORE_TAX} | {name: other * TAX for name, other in OTHER.items()}


def _bill_mistakes():
    """Return for each name the wrong gradients of the bill, by what is to be said of them."""
    mistakes = {TAX_NAME: {
        _("The tax got itself. The last × swaps: tax gets the *other* input, the sum before tax."): TAX,
        _("604.8 is the bill. The tax gets the other input of its ×, the sum before tax."): BEFORE_TAX * TAX,
        _("1 is what arrives at the last × from the right. It is still to be multiplied by the other input."): 1,
    }}  # fmt: skip
    for name, other in OTHER.items():
        own = PRICES[name]
        known = {
            _("{name} has the other input of its ×, but the tax is missing: 1.08 comes from the right."): other,
            _("{name} has what comes from the right, 1.08, not yet multiplied by the other input of its ×."): TAX,
            _("{name} got its own value times 1.08. A × swaps: it gets the *other* input."): own * TAX,
            _("{name} got its own value: × swaps, and 1.08 comes from the right."): own,
            _("{name} has both inputs of its × in it. Leave out its own value."): own * other * TAX,
            _("{name}: the two numbers were added. Along a path they are *multiplied*."): other + TAX,
            _("{name}: 560 goes to the tax. To the left, the last × sends its other input, 1.08."): other * BEFORE_TAX,
            _("{name} has the whole bill in it. What comes from the right is 1.08 alone."): other * BEFORE_TAX * TAX,
        }
        mistakes[name] = {diagnosis.format(name=name): wrong for diagnosis, wrong in known.items()}
    return mistakes


@exercise(
    "02.bill",
    _("Start on the right: the last × has 560 and 1.08. Which of the two goes to the tax, and which to the sum?"),
    _("The + hands the 1.08 to both fruits unchanged. Then each × multiplies it by the other input."),
    _("For a pear: 1.08 from the right, times the pear count, 4."),
    mistakes=_bill_mistakes(),
    praise=_("Right: the tax gets 560, the + passes 1.08 on to both fruits, and each × swaps."),
)
def judge_bill(answer, mistakes):
    given, still = _gradients(answer)
    wrong = [name for name in BILL if name in given and not close(given[name], BILL[name])]
    if not wrong:
        return nothing_open(still)
    name, value = wrong[0], given[wrong[0]]
    text = _("{name}: {got} is not it. What comes from the right, and what is the other input of its ×?")
    text = text.format(name=name, got=apart(BILL[name], value)[1])
    known = [diagnosis for diagnosis, mistake in rules_of(mistakes[name]) if close(value, mistake)]
    raise Wrong(SO_FAR[len(given) - len(wrong)].format([*known, text][0]))


SO_FAR = (  # by how many gradients are right
    "{}",
    _("One of five is right. {}"),
    _("Two of five are right. {}"),
    _("Three of five are right. {}"),
    _("Four of five are right. {}"),
)


def _gradients(answer):
    """Return the gradients by name, as far as they are there, and the names that are open; or say what is missing."""
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    ask = _("Hand in a dict with the five names {names}, this is {got}.")
    parts, still = filled(by_name(answer, (*PRICES, TAX_NAME), ask, _("There is no gradient for {}.")))
    return {name: as_number(part, name) for name, part in parts.items()}, still


# ---------------------------------------------------------------- 02.cube: add where paths meet


def _one_gradient(answer):
    """Return one number, also where it stands alone in a dict; say of three shares that they are to be added."""
    if isinstance(answer, dict) and len(answer) == 1:  # Graph(x * x * x).backward()
        [answer] = answer.values()
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        return as_number(answer)
    if any(map(is_open, answer)):
        raise Wrong(_("Hand in one number, the gradient of z with respect to x."))
    if all(close(as_number(share, _("Each share")), 25) for share in answer):
        raise Wrong(_("Three shares, yes: now they meet at x and are added. Hand in their sum, one number."))
    raise Wrong(_("Three shares, yes, but they are not all right. And where they meet they are added to one number."))


exercise(
    "02.cube",
    _("Draw it: x·x goes into a second ×, together with x. How many edges leave the box x?"),
    _("The second × sends 5 to the first × and 25 straight to x. What does the first × make of the 5?"),
    _("Three shares meet at x. Add them."),
    judge=judge_number,
    right=75,
    mistakes={
        _("25 is the share of one single edge. Count the edges that leave the box x: all their shares meet there."): 25,
        _("Two shares of 25 are there. A third edge leaves the box x: straight into the second ×."): 50,
        _("125 is the value of x·x·x. The question is how fast it changes."): 125,
        _("The three shares were multiplied. Along a path we multiply; where paths meet we *add*."): 25 * 25 * 25,
        _("Two shares were multiplied. Where paths meet we *add*; and there are three of them."): 25 * 25,
        _("10 is the gradient of x·x. Here is one × more, with its own two edges."): 10,
        _("10 + 25: the 10 of the first × must still be multiplied by what arrives there from the right, 5."): 35,
        _("15 is 3 × 5. The first × gets 5 from the right: its two shares are 5 × 5 each."): 15,
        _("3 is the number of paths. Each brings a share of its own: which?"): 3,
    },
    otherwise=_("{} is not it. Write the gradient below each edge, from right to left."),
    read=_one_gradient,
    praise=_("Right: 25 + 25 + 25 = 75, three equal shares. (And the rule from school: 3x² = 3 · 25.)"),
)
