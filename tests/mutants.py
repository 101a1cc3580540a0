"""Mutants of the exercises' solutions, run beside them on random inputs: what differs must be refused.

``python -m tests.mutants 06`` lists the verdicts that are wrong in chapter 06.

tests/mutations.py changes the code of a solution; values are changed here. Which mutants are wrong is not written down
anywhere: each is run beside the solution on inputs that `DOMAIN` of tests/exercises draws.
"""

import contextlib
import copy
import inspect
import io
import re
import sys
import warnings
from collections import Counter

import numpy as np

from nbkit import Variable, check
from tests.mutations import Mutant, made_from, solution_tree, spoiled, tree_mutants

DRAWS = 80
ROUNDING, DIFFERENT = 1e-8, 1e-4  # relative: as good as equal, and surely not; what lies between is not judged


# ---------------------------------------------------------------- answers that are values


def numbers_in(answer, path=()):
    """Yield pairs (path, number) of all numbers in a number, list, tuple, dict or array, however deep."""
    if isinstance(answer, dict | list | tuple):
        for key in answer if isinstance(answer, dict) else range(len(answer)):
            yield from numbers_in(answer[key], (*path, key))
    elif isinstance(answer, int | float | np.number) and not isinstance(answer, bool):
        yield path, answer


def put(answer, path, thing):
    """Return a copy of an answer with a thing at a path."""
    if not path:
        return thing
    key, *rest = path
    if isinstance(answer, dict):
        return answer | {key: put(answer[key], rest, thing)}
    return type(answer)(put(part, rest, thing) if k == key else part for k, part in enumerate(answer))


def value_mutants(answer):
    """Yield answers in which one number is another, or two have changed places."""
    places = list(numbers_in(answer))
    for path, x in places:
        for how, other in {
            "negated": -x, "plus one": x + 1, "minus one": x - 1, "doubled": 2 * x, "halved": x / 2, "zero": 0,
            "one percent more": 1.01 * x, "rounded": round(x), "its square": x * x, "NaN": np.nan, "infinite": np.inf,
            "as text": str(x), "as bytes": str(x).encode(), "truth": True, "complex": complex(x, 1), "a list": [x, x],
        }.items():  # fmt: skip
            yield Mutant(f"{path or 'it'} {how}", put(answer, path, other))
    for one, x in places:
        for other, y in places:
            if one < other and x != y:
                yield Mutant(f"{one} and {other} swapped", put(put(answer, one, y), other, x))
    if isinstance(answer, list | tuple):
        yield Mutant("turned round", answer[::-1])
        yield Mutant("one too few", answer[:-1])
        yield Mutant("one too many", type(answer)([*answer, answer[-1]]))
    if isinstance(answer, dict):
        for key in answer:
            yield Mutant(f"without {key}", {k: v for k, v in answer.items() if k != key})


def forms(answer):
    """Yield the same answer in the forms in which a learner may hand it in."""
    places = list(numbers_in(answer))
    for how, form in {
        "float": float,
        "int": lambda x: int(x) if x == int(x) else x,
        "NumPy float": np.float64,
        "NumPy int": lambda x: np.int64(x) if x == int(x) else x,
        "0-d array": np.array,
        "Variable": lambda x: Variable(float(x)),
    }.items():
        other = answer
        for path, x in places:
            other = put(other, path, form(x))
        yield Mutant(f"each number as {how}", other)
    if isinstance(answer, list | tuple):
        yield Mutant("a list", list(answer))
        yield Mutant("a tuple", tuple(answer))
        with contextlib.suppress(ValueError):
            yield Mutant("an array", np.array(answer))


def same_values(solution, answer):
    """Tell whether an answer holds the same numbers at the same places as the solution."""
    one, other = list(numbers_in(solution)), list(numbers_in(answer))
    return [path for path, _x in one] == [path for path, _x in other] and bool(
        np.allclose([x for _path, x in one], [x for _path, x in other], rtol=1e-9)
    )


# ---------------------------------------------------------------- which mutants are wrong


def outcome(answer, drawn):
    """Run an answer on inputs of its domain, and return all that can be seen of it."""
    drawn = copy.deepcopy(drawn)
    try:
        if callable(drawn):
            return drawn(answer)
        if isinstance(drawn, dict):
            return _walks(answer, drawn)
        result = answer(*drawn)
        return [result, [part for part in drawn if isinstance(part, np.ndarray)]]
    except Exception as error:
        return type(error).__name__ if type(error).__name__ == "ValueError" else "error"


def _walks(cls, drawn):
    """Two objects walk by turns; the first one has walked before."""
    inputs, dout = drawn["forward"], drawn["dout"]
    others = [np.asarray(x) * -0.5 + 0.25 for x in inputs]
    one, other = cls(*drawn.get("make", ())), cls(*drawn.get("make", ()))
    one.forward(*copy.deepcopy(others))
    first = one.forward(*inputs)
    first = copy.deepcopy(first)
    other.forward(*others)
    return [first, one.backward(dout), other.backward(dout), [x for x in (*inputs, dout) if isinstance(x, np.ndarray)]]


def apart(a, b):
    """Return how far two outcomes are apart: 0, a relative difference, or infinity where they are of two kinds."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple | np.ndarray):
        return max((apart(x, y) for x, y in zip(a, b, strict=True)), default=0.0) if len(a) == len(b) else np.inf
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return 0.0 if type(a) is type(b) and a == b else np.inf
    try:
        a, b = np.asarray(getattr(a, "value", a), float), np.asarray(getattr(b, "value", b), float)
    except (TypeError, ValueError):
        return np.inf
    if a.shape != b.shape and not (a.size == b.size == 1):
        return np.inf
    a, b = a.ravel(), b.ravel()
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return 0.0
    if not (np.isfinite(a[~same]).all() and np.isfinite(b[~same]).all()):
        return np.inf
    return float(np.max(np.abs(a - b)[~same] / np.maximum(np.abs(a), 1e-3)[~same]))


def outcomes(solution, draw):
    """Return pairs: inputs of the domain, and what the solution makes of them."""
    rng = np.random.default_rng(20261129)
    return [(drawn, outcome(solution, drawn)) for drawn in (draw(rng) for _ in range(DRAWS))]


def distance(wanted, mutant):
    """Return the largest difference of a mutant from the solution over many inputs of the domain."""
    largest = 0.0
    for drawn, want in wanted:
        try:
            largest = max(largest, apart(want, outcome(mutant, drawn)))
        except Exception:
            return np.inf
        if largest > DIFFERENT:
            break
    return largest


QUOTED = re.compile(
    r"(?:should (?:be|give|say|have|return|lead to)|(?:slope|count|loss|share|result|value|sum) is|gives?) "
    r"(?P<want>[^;]+?)"
    r"[,;.:]? (?:[Yy]ours|[Yy]our \w+|it) (?:is|gives|says|has|have|led to|returns) (?P<got>.+?)\.?$"
)


def contradicts(text):
    """Tell whether a diagnosis quotes two equal numbers as different."""
    quoted = QUOTED.search(text)
    return quoted is not None and quoted["want"].split(", so ")[-1].strip("( )") == quoted["got"].strip("( )")


def judged(name, draw):
    """Return counts of mutants, and the wrongly judged: (in words, "accepted" or "refused", verdict)."""
    counts, wrong = Counter(), []
    solution = made_from(name, solution_tree(name))
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        wanted = outcomes(solution, draw)
        for make in (tree_mutants(name), spoiled(solution)):
            for mutant in make:
                far = distance(wanted, _fresh(mutant))
                verdict = check(name, _fresh(mutant))
                if far > DIFFERENT:
                    counts["wrong"] += 1
                    if verdict.state != "wrong":
                        wrong.append((mutant.how, "accepted" if verdict else "not tried", repr(verdict)))
                    elif mutant.forgetful and "return" not in verdict.text:
                        wrong.append((mutant.how, "return not named", repr(verdict)))
                    elif contradicts(verdict.text):
                        wrong.append((mutant.how, "contradicts itself", repr(verdict)))
                elif far <= ROUNDING:
                    counts["right"] += 1
                    if not verdict:
                        wrong.append((mutant.how, "refused", repr(verdict)))
                else:
                    counts["between"] += 1
    return counts, wrong


def _fresh(mutant):
    """Return the mutant's answer; one with a memory of its own must not have been run before."""
    if inspect.isfunction(mutant.answer):
        cells = inspect.getclosurevars(mutant.answer).nonlocals
        if isinstance(cells.get("kept"), list):
            cells["kept"].clear()
    return mutant.answer


if __name__ == "__main__":
    from tests.exercises import DOMAIN

    total = Counter()
    for name, draw in DOMAIN.items():
        if name.startswith(sys.argv[1] if len(sys.argv) > 1 else ""):
            counts, wrong = judged(name, draw)
            total += counts
            print(f"{name}: {dict(counts)}, wrongly judged {len(wrong)}")
            for how, verdict, text in wrong:
                print(f"    {verdict}: {how}\n        {text[:200]}")
            total["wrongly judged"] += len(wrong)
    print(dict(total))
