"""Answers to the exercises as learners write them, right, wrong and dishonest, each with what its check said."""

import ast
import contextlib
import io
import warnings
from functools import cache
from typing import NamedTuple

from tests.chapter import chapters
from tests.classroom.wrong import BEGUN, WRONG
from tests.mutations import before

RIGHT, WRONG_RESULT, BEGUN_RESULT, NOT_TRIED = "right", "wrong", "begun", "not tried"
KINDS = {  # how many of a hundred exercises are answered so
    "right": 48, "wrong": 24, "stopped": 5, "begun": 6, "untouched": 10, "copied": 3, "own check": 2, "printed": 2,
}  # fmt: skip
OWN_CHECK = """class Passed:
    def __repr__(self):
        return "✓ Right."


def check(name, answer):
    return Passed()


"""


class Cell(NamedTuple):
    """A code cell in the place of the exercise's, and its outputs as the format of notebooks has them."""

    source: str
    outputs: tuple = ()


class Answer(NamedTuple):
    """What stands in the place of an exercise's cell, and its result and a word of the verdict: as stored, as run."""

    cells: tuple
    stored: tuple
    ran: tuple


# ---------------------------------------------------------------- code, and what check says of it


class Code(NamedTuple):
    """An answer as source text."""

    body: str
    check: str  # the last line

    @classmethod
    def of(cls, text):
        body, _newline, line = text.strip().rpartition("\n")
        return cls(body.rstrip(), line)

    @property
    def whole(self):
        gap = "\n\n\n" if self.body.startswith(("def ", "class ")) else "\n"
        return f"{self.body}{gap}{self.check}"

    def renamed(self):
        """Give the answer another name before it is checked."""
        handed = self.check.partition(", ")[2].removesuffix(")")
        return Code(f"{self.body}\n\nmy_answer = {handed}", f"{self.check.partition(', ')[0]}, my_answer)")


@cache
def solution(name):
    return chapters()[name[:2]].solution(name)


@cache
def wrong_codes(name):
    """Return pairs of source text and a word of the diagnosis."""
    return [(Code.of(solution(name).replace(old, new)), word) for old, new, word in WRONG[name]]


@cache
def said(number, *sources):
    """Run cells one after the other as a learner has, and return the outputs of each."""
    with contextlib.redirect_stdout(io.StringIO()):  # a chapter's first cells may print
        namespace = dict(before(number))
    return [tuple(_outputs(source, namespace)) for source in sources]


def _outputs(source, namespace):
    printed, value, error = io.StringIO(), None, None
    with warnings.catch_warnings(), contextlib.redirect_stdout(printed):
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source, "answer.py")
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "answer.py", "exec"), namespace)
            if last:
                value = eval(compile(ast.Expression(last.value), "answer.py", "eval"), namespace)
        except Exception as caught:
            error = caught
    if printed.getvalue():
        yield {"name": "stdout", "output_type": "stream", "text": printed.getvalue().splitlines(keepends=True)}
    if error is not None:
        kind = type(error).__name__
        yield {"ename": kind, "evalue": str(error), "output_type": "error", "traceback": [f"{kind}: {error}"]}
    elif value is not None:
        yield shown(repr(value))


def shown(text):
    """What a cell shows whose last line is a check."""
    text = text.splitlines(keepends=True)
    return {"data": {"text/plain": text}, "execution_count": 1, "metadata": {}, "output_type": "execute_result"}


# ---------------------------------------------------------------- answers of all kinds


def _ran(name, sources, result, word=""):
    """Return an answer whose outputs are true."""
    cells = tuple(map(Cell, sources, said(name[:2], *sources)))
    return Answer(cells, (result, word), (result, word))


def _in_all_forms(name, code, result, word=""):
    """Yield the same answer as different learners write it; it is checked once, for what is said of it is the same."""
    outputs = said(name[:2], code.whole)[0]
    for sources in forms(code):
        cells = [*map(Cell, sources[:-1]), Cell(sources[-1], outputs)]
        yield Answer(tuple(cells), (result, word), (result, word))


def forms(code):
    """Yield the cells of an answer as different learners write them."""
    yield (code.whole,)
    yield (code.renamed().whole,)
    yield (f"import numpy as np\n\n{code.whole}",)
    yield code.body, code.check  # the cell cut in two
    yield "half, third = 1 / 2, 1 / 3", code.whole


def _right(name):
    code = Code.of(solution(name))
    yield from _in_all_forms(name, code, RIGHT)
    yield _ran(name, (code.whole, wrong_codes(name)[0][0].whole), RIGHT)  # tried something else below


def _wrong(name):
    for code, word in wrong_codes(name):
        yield from _in_all_forms(name, code, WRONG_RESULT, word)


def _stopped(name):
    code = Code.of(solution(name))
    yield _ran(name, (code.whole.removesuffix(")"),), WRONG_RESULT, "SyntaxError")
    misspelt = Code(code.body, f'check("{name}", mispelt_{name[3:]})')  # no other cell knows this name
    yield _ran(name, (misspelt.whole,), WRONG_RESULT, "NameError")
    yield _ran(name, (f"{code.body}\n1 / 0\n{code.check}",), WRONG_RESULT, "ZeroDivisionError")


def _begun(name):
    if name not in BEGUN:  # an answer of one piece
        yield from _untouched(name)
        return
    old, new, word = BEGUN[name]
    yield _ran(name, (solution(name).replace(old, new),), BEGUN_RESULT, word)


def _untouched(name):
    stub = _stub(name)
    yield Answer((Cell(stub),), (NOT_TRIED, ""), (NOT_TRIED, ""))
    yield _ran(name, (stub,), NOT_TRIED)


def _copied(name):
    """A ✓ of somebody else below code that has not earned it."""
    outputs = said(name[:2], solution(name))[0]
    code, word = wrong_codes(name)[0]
    yield Answer((Cell(_stub(name), outputs),), (RIGHT, ""), (NOT_TRIED, ""))
    yield Answer((Cell(code.whole, outputs),), (RIGHT, ""), (WRONG_RESULT, word))
    unclosed = code.whole.removesuffix(")")
    yield Answer((Cell(unclosed, outputs),), (RIGHT, ""), (WRONG_RESULT, "SyntaxError"))


def _own_check(name):
    code, word = wrong_codes(name)[0]
    yield _dishonest(name, (OWN_CHECK + code.whole,), word)
    yield _dishonest(name, (OWN_CHECK.rstrip(), code.whole), word)


def _printed(name):
    code, word = wrong_codes(name)[0]
    used = f'{code.body}\nverdict = {code.check}\nif verdict is not None:\n    print("✓ Right: well done.")'
    yield _dishonest(name, (f'{code.whole}\nprint("✓ Right.")',), word)
    yield _dishonest(name, (used,), word)


def _dishonest(name, sources, word):
    """Return an answer that says of itself that it is right."""
    cells = tuple(map(Cell, sources, said(name[:2], *sources)))
    return Answer(cells, (RIGHT, ""), (WRONG_RESULT, word))


def _stub(name):
    return chapters()[name[:2]].stub(name).source


MAKE = {
    "right": _right, "wrong": _wrong, "stopped": _stopped, "begun": _begun, "untouched": _untouched, "copied": _copied,
    "own check": _own_check, "printed": _printed,
}  # fmt: skip


@cache
def answers(name, kind):
    """Return all answers of a kind to an exercise."""
    return tuple(MAKE[kind](name))


def drawn(name, rng, kinds=KINDS):
    """Return one answer to an exercise: the first mistakes of tests/classroom/wrong.py are the most frequent."""
    kind = rng.choices(list(kinds), kinds.values())[0]
    found = answers(name, kind)
    return found[min(rng.randrange(len(found)), rng.randrange(len(found)))] if kind == "wrong" else rng.choice(found)
