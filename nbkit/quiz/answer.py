"""Parses what a learner types into a box, and compares numbers up to rounding."""

import math
import re

from nbkit.messages import _

# Characters that keyboards and copied text put in place of the plain ones.
PLAIN_CHARACTERS = str.maketrans("−–－＋．，／⁄０１２３４５６７８９", "---+.,//0123456789")
NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
ANSWER = re.compile(rf"({NUMBER})(?:\s*/\s*({NUMBER}))?")
MAX_ANSWER_CHARACTERS, MAX_ANSWER = 40, 1e15


def parse(text):
    """Read a number such as ``2.2``, ``.5``, ``2/3``, ``1e-3``, ``2,2`` or ``−3``; refuse anything else."""
    text = str(text).strip()
    if not text:
        raise ValueError(_("This box is still empty: type a number, then press Enter."))
    found = ANSWER.fullmatch(text.translate(PLAIN_CHARACTERS)) if len(text) <= MAX_ANSWER_CHARACTERS else None
    if found is None:
        raise ValueError(_("This is not a number that I can read. Write it like 2.2, 0.5, 2/3 or 1e-3."))
    top, bottom = (float((part or "1").replace(",", ".")) for part in found.groups())
    if not bottom:
        raise ValueError(_("Nothing can be divided by 0."))
    if not abs(top / bottom) < MAX_ANSWER:
        raise ValueError(_("This number is far too large. Is there a digit too many?"))
    return top / bottom


def parse_or_nan(text):
    """Read a number; NaN where `parse` reads none."""
    try:
        return parse(text)
    except ValueError:
        return math.nan


def matches(answer, truth):
    """Tell whether two numbers are the same when written with four significant digits."""
    if not math.isfinite(truth):
        return False
    half = 0.5 * 10.0 ** (math.floor(math.log10(abs(truth))) - 3) if truth else 0.0
    return abs(answer - truth) <= half * (1 + 1e-9) + 1e-12


def is_near(answer, truth):
    """Tell whether a number is so close that only rounding can be the reason."""
    return abs(answer - truth) <= 0.02 * abs(truth)
