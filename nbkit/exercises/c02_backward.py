"""Exercises of chapter 02: write the backward of a node, carry gradients through a bill, add where paths meet."""

import math
from types import SimpleNamespace

import numpy as np

from nbkit.exercises.core import (
    Wrong,
    apart,
    as_number,
    call_method,
    close,
    exercise,
    filled,
    is_open,
    is_stub,
    made,
    nothing_open,
    rows_apart,
)
from nbkit.exercises.trials import forward_first, try_class
from nbkit.formatting import number
from nbkit.messages import _, kind_of

# ---------------------------------------------------------------- 02.mul and 02.sub: a node as a class

# Pairs ((x, y), dout): both signs, whole numbers, equal ones and 0.
TRIALS = [
    ((100.0, 2.0), 1.1),
    ((3.0, -5.0), 0.5),
    ((-4.0, 3.0), -2.0),
    ((-2.5, -1.25), 1.0),
    ((0.0, 7.0), 3.0),
    ((6, 6), 1),
    ((2, 0), -4),
    ((0.0312, 1201.0), 0.00123),
    ((-8.712, 0.0456), 1234.0),
    ((987.7, -654.3), -0.9877),
    ((1, 1), 0),
    ((0, 0), 5.0),
    ((-4322000.0, 654300.0), 98765.0),
    ((7654000.0, 1234.0), -3.21e8),
    ((1.0, 0.00002345), -0.5),
]


@exercise(
    "02.mul",
    _("Look at the apples: the gradient 1.1 arrived, the price got 1.1 × 2. Where does the 2 come from?"),
    _("Each input gets dout times the other input, and forward kept both: self.x and self.y."),
    _("Two numbers go back, in the order of forward's arguments: first the one for x, then the one for y."),
)
def judge_mul(answer):
    tries = _tries(answer, lambda x, y: x * y, lambda dout, x, y: (dout * y, dout * x))
    _diagnose(
        tries,
        lambda t: (t.dout * t.y, t.dout * t.x),
        (
            (lambda t: (t.dout * t.x, t.dout * t.y), _("Each input got itself. × swaps: x gets dout times *y*.")),
            (lambda t: (t.y, t.x), _("The swap is right, but dout is missing: what comes from the right is a factor.")),
            (lambda t: (t.x, t.y), _("These are the inputs themselves: neither swapped nor multiplied by dout.")),
            (lambda t: (t.dout, t.dout), _("Copying dout to both sides is what + does. A × multiplies.")),
            (lambda t: (t.dout + t.y, t.dout + t.x), _("dout was added. Along a path, slopes are *multiplied*.")),
            (
                lambda t: (t.dout * t.x * t.y,) * 2,
                _("Both got dout times the output: leave out the input's own value."),
            ),
            (lambda t: (t.dout * t.y, t.x), _("The first is right; the second forgot dout.")),
            (lambda t: (t.y, t.dout * t.x), _("The second is right; the first forgot dout.")),
        ),
        _("dout times the other input"),
    )
    _judge_memory(answer)
    try_class(answer, lambda x, y: x * y, lambda dout, x, y: (dout * y, dout * x), TRIALS, "x, y")
    return _("Right: dout times the other input, first for x, then for y.")


@exercise(
    "02.sub",
    _("Nudge in your head: one yen more for x, what happens to x − y? And one yen more for y?"),
    _("The local slopes are 1 for x and −1 for y. Each is multiplied by dout."),
)
def judge_sub(answer):
    tries = _tries(answer, lambda x, y: x - y, lambda dout, x, y: (dout, -dout))
    _diagnose(
        tries,
        lambda t: (t.dout, -t.dout),
        (
            (lambda t: (t.dout, t.dout), _("That is +. If y grows, x − y *falls*: one of the two needs a minus sign.")),
            (lambda t: (-t.dout, t.dout), _("The signs have changed places: x − y grows with x and falls with y.")),
            (lambda t: (-t.dout, -t.dout), _("x − y grows with x: the first one needs no minus sign.")),
            (lambda t: (1, -1), _("The slopes 1 and −1 are right, but dout is missing: multiply by it.")),
            (lambda t: (1, 1), _("dout is missing, and so is the minus sign for y.")),
            (
                lambda t: (t.dout * t.y, -t.dout * t.x),
                _("The other input is the slope of ×. For − the slopes are 1 and −1."),
            ),
            (lambda t: (t.dout * t.y, t.dout * t.x), _("This is the backward of ×. For − the slopes are 1 and −1.")),
            (
                lambda t: (t.dout * t.x, -t.dout * t.y),
                _("The inputs play no part here: the slopes of x − y are 1 and −1, whatever x and y are."),
            ),
        ),
        _("dout and −dout"),
    )
    try_class(answer, lambda x, y: x - y, lambda dout, x, y: (dout, -dout), TRIALS, "x, y")
    return _("Right: dout for x, −dout for y. A coupon of 1 yen more makes the bill 1 yen less.")


def _tries(cls, forward, backward):
    """Run the learner's class on the first trials; a part of it that is still open is told after all else is right."""
    with forward_first(cls, forward, TRIALS, "x, y"):
        tries = [_run(cls, *inputs, dout, forward) for inputs, dout in TRIALS[:4]]
    open_ = {name for t in tries for name in t.still}
    if open_:
        for t in tries:
            for name, want, got in zip(("dx", "dy"), backward(t.dout, t.x, t.y), t.got, strict=True):
                if name not in open_ and not close(got, want):
                    want, got = apart(want, got)
                    told = {"x": number(t.x), "y": number(t.y), "dout": number(t.dout)}
                    raise Wrong(
                        _("After forward({x}, {y}), backward({dout}) should give {name} = {want}, yours is {got}.")
                        .format(**told, name=name, want=want, got=got)
                    )  # fmt: skip
        nothing_open(sorted(open_))
    return tries


def _run(cls, x, y, dout, rule):
    """Run the learner's class forward and backward, and return what came out."""
    node = made(cls, forward="x, y")
    stub = None if is_stub(cls.backward) else _("backward is there. Still open: forward.")
    got = as_number(call_method(node, "forward", x, y, stub=stub), _("forward's result"))
    if not close(got, rule(x, y)):
        want, got = apart(rule(x, y), got)
        raise Wrong(
            _("forward({x}, {y}) should give {want}, yours gives {got}.").format(
                x=number(x), y=number(y), want=want, got=got
            )
        )
    result = call_method(node, "backward", dout, stub=_("forward is right. Now write backward."))
    got, still = _pair(result)
    return SimpleNamespace(x=x, y=y, dout=dout, got=got, still=still)


def _pair(result):
    """Return the two gradients that a backward gave and the names of those that are dots, or say what it gave."""
    result = result.tolist() if isinstance(result, np.ndarray) else result
    if not isinstance(result, tuple | list):
        raise Wrong(
            _("backward should return two numbers, `return dx, dy`, one for each input; this is {}.").format(
                kind_of(result)
            )
        )
    if len(result) != 2:
        raise Wrong(_("backward should return two numbers, one for each input; these are {}.").format(len(result)))
    parts = dict(zip(("dx", "dy"), result, strict=True))
    for name, part in parts.items():
        if part is None:
            raise Wrong(_("backward gives nothing for {}: it should return two numbers, dx and dy.").format(name))
    still = [name for name, part in parts.items() if part is ...]
    return tuple(part if part is ... else as_number(part, name) for name, part in parts.items()), still


def _diagnose(tries, rule, mistakes, in_words):
    """Say nothing if all `tries` follow `rule`; name the mistake that explains them, or show the numbers."""
    if all(close(t.got, rule(t)) for t in tries):
        return
    for mistake, diagnosis in mistakes:
        if all(close(t.got, mistake(t)) for t in tries):
            raise Wrong(diagnosis)
    t = next(t for t in tries if not close(t.got, rule(t)))
    want, got = rows_apart(rule(t), t.got)
    raise Wrong(
        _("After forward({x}, {y}), backward({dout}) should give ({rule}), {words}; yours gives ({got}).").format(
            x=number(t.x), y=number(t.y), dout=number(t.dout), words=in_words,
            rule=want, got=got,
        )
    )  # fmt: skip


def _judge_memory(cls):
    """Two objects of a class for × must not share one memory."""
    first, second = cls(), cls()
    first.forward(2.0, 3.0)
    second.forward(5.0, 7.0)
    if close(_pair(call_method(first, "backward", 1.0))[0], (7.0, 5.0)):
        raise Wrong(_("Two objects of your class share one memory: keep the inputs on self, self.x and self.y."))


# ---------------------------------------------------------------- 02.bill: gradients on paper

PRICES = {"pear": 80.0, "pear count": 4.0, "melon": 120.0, "melon count": 2.0}
PARTNER = {"pear": "pear count", "pear count": "pear", "melon": "melon count", "melon count": "melon"}
TAX = 1.08
BEFORE_TAX = 560.0
NAMES = (*PRICES, "tax")
BILL = {name: PRICES[PARTNER[name]] * TAX for name in PRICES} | {"tax": BEFORE_TAX}


@exercise(
    "02.bill",
    _("Start on the right: the last × has 560 and 1.08. Which of the two goes to the tax, and which to the sum?"),
    _("The + hands the 1.08 to both fruits unchanged. Then each × multiplies it by the other input."),
    _("For a pear: 1.08 from the right, times the pear count, 4."),
)
def judge_bill(answer):
    given, still = _gradients(answer)
    wrong = [name for name in ("tax", *PRICES) if name in given and not close(given[name], BILL[name])]
    if not wrong:
        nothing_open(still)
        return _("Right: the tax gets 560, the + passes 1.08 on to both fruits, and each × swaps.")
    raise Wrong(_so_far(len(given) - len(wrong)) + _why(wrong[0], given[wrong[0]]))


def _so_far(right):
    """Say how many gradients are right, as the beginning of a diagnosis."""
    if right == 0:
        return ""
    if right == 1:
        return _("One of five is right. ")
    return _("{n} of five are right. ").format(n=[_("Two"), _("Three"), _("Four")][right - 2])


def _gradients(answer):
    """Return the gradients by name, as far as they are there, and the names that are open; or say what is missing."""
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if isinstance(answer, tuple | list) and len(answer) == len(NAMES):
        answer = dict(zip(NAMES, answer, strict=True))
    if not isinstance(answer, dict):
        raise Wrong(
            _("Hand in a dict with the five names {names}, this is {got}.").format(
                names=", ".join(NAMES), got=kind_of(answer)
            )
        )
    missing = [name for name in NAMES if name not in answer]
    if missing:
        raise Wrong(_("There is no gradient for {}.").format(", ".join(missing)))
    parts, still = filled({name: answer[name] for name in NAMES})
    return {name: as_number(part, name) for name, part in parts.items()}, still


def _why(name, value):
    """Explain a wrong gradient of the bill."""
    if name == "tax":
        known = (
            (TAX, _("The tax got itself. The last × swaps: tax gets the *other* input, the sum before tax.")),
            (BEFORE_TAX * TAX, _("604.8 is the bill. The tax gets the other input of its ×, the sum before tax.")),
            (1, _("1 is what arrives at the last × from the right. It is still to be multiplied by the other input.")),
        )
    else:
        own, other = PRICES[name], PRICES[PARTNER[name]]
        known = (
            (other, _("{name} has the other input of its ×, but the tax is missing: 1.08 comes from the right.")),
            (TAX, _("{name} has what comes from the right, 1.08, not yet multiplied by the other input of its ×.")),
            (own * TAX, _("{name} got its own value times 1.08. A × swaps: it gets the *other* input.")),
            (own, _("{name} got its own value: × swaps, and 1.08 comes from the right.")),
            (own * other * TAX, _("{name} has both inputs of its × in it. Leave out its own value.")),
            (other + TAX, _("{name}: the two numbers were added. Along a path they are *multiplied*.")),
            (
                other * BEFORE_TAX,
                _("{name}: 560 goes to the tax. To the left, the last × sends its other input, 1.08."),
            ),
            (other * BEFORE_TAX * TAX, _("{name} has the whole bill in it. What comes from the right is 1.08 alone.")),
        )
    for mistake, diagnosis in known:
        if close(value, mistake):
            return diagnosis.format(name=name)
    return _("{name}: {got} is not it. What comes from the right, and what is the other input of its ×?").format(
        name=name, got=apart(BILL[name], value)[1]
    )


# ---------------------------------------------------------------- 02.cube: add where paths meet

CUBE_KNOWN = (
    (25, _("25 is the share of one single edge. Count the edges that leave the box x: all their shares meet there.")),
    (50, _("Two shares of 25 are there. A third edge leaves the box x: straight into the second ×.")),
    (125, _("125 is the value of x·x·x. The question is how fast it changes.")),
    (25 * 25 * 25, _("The three shares were multiplied. Along a path we multiply; where paths meet we *add*.")),
    (25 * 25, _("Two shares were multiplied. Where paths meet we *add*; and there are three of them.")),
    (10, _("10 is the gradient of x·x. Here is one × more, with its own two edges.")),
    (35, _("10 + 25: the 10 of the first × must still be multiplied by what arrives there from the right, 5.")),
    (15, _("15 is 3 × 5. The first × gets 5 from the right: its two shares are 5 × 5 each.")),
    (3, _("3 is the number of paths. Each brings a share of its own: which?")),
)


@exercise(
    "02.cube",
    _("Draw it: x·x goes into a second ×, together with x. How many edges leave the box x?"),
    _("The second × sends 5 to the first × and 25 straight to x. What does the first × make of the 5?"),
    _("Three shares meet at x. Add them."),
)
def judge_cube(answer):
    if isinstance(answer, dict) and len(answer) == 1:  # Graph(x * x * x).backward()
        [answer] = answer.values()
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if isinstance(answer, tuple | list) and len(answer) == 3:
        _judge_shares(answer)
    value = as_number(answer)
    if close(value, 75):
        return _("Right: 25 + 25 + 25 = 75, three equal shares. (And the rule from school: 3x² = 3 · 25.)")
    for mistake, diagnosis in CUBE_KNOWN:
        if close(value, mistake):
            raise Wrong(diagnosis)
    if not math.isfinite(value):
        raise Wrong(_("This is no finite number."))
    raise Wrong(_("{} is not it. Write the gradient below each edge, from right to left.").format(apart(75, value)[1]))


def _judge_shares(answer):
    """Three numbers in place of their sum: the shares, perhaps."""
    if any(map(is_open, answer)):
        raise Wrong(_("Hand in one number, the gradient of z with respect to x."))
    if all(close(as_number(share, _("Each share")), 25) for share in answer):
        raise Wrong(_("Three shares, yes: now they meet at x and are added. Hand in their sum, one number."))
    raise Wrong(_("Three shares, yes, but they are not all right. And where they meet they are added to one number."))
