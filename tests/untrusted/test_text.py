"""Text that is typed, formulas, code and numbers, and things that a message names: no text becomes code unasked."""

import ast
import math
import re
import warnings
from itertools import chain

import numpy as np
import pytest
from hypothesis import example
from hypothesis import strategies as st

from nbkit import (
    Affine,
    Graph,
    Variable,
    draw,
    tape,
    trace,
)  # fmt: skip
from nbkit.bugs import CASES, CodeError
from nbkit.graphtools.formula import FUNCTIONS, MAX_FORMULA_CHARACTERS, FormulaError
from nbkit.graphtools.numpy_code import names_of_leaves, names_of_parameters
from nbkit.messages import kind_of, said_by
from nbkit.quiz.answer import MAX_ANSWER, parse
from tests.absurd import ERRORS, things
from tests.hostile import ATTACKS, TEXTS, attempt, fuzz, readable

# ---------------------------------------------------------------- formulas

INPUTS = {"x": 2.0, "y": -0.5}
ATOMS = st.sampled_from(["x", "y"]) | st.floats(-1e6, 1e6).map("({!r})".format) | st.integers(0, 10**6).map(str)
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("({}{}{})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner)
        | st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), inner)
        | st.builds("-{}".format, inner)
    ),
    max_leaves=6,
)
MEANING = {"exp": np.exp, "log": np.log, "relu": lambda x: np.maximum(x, 0), "sum": np.sum, "tanh": np.tanh,
           "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "__builtins__": {}}  # fmt: skip


@fuzz(150, FORMULAS)
def test_a_formula_means_what_it_says(formula):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Numbers as NumPy's, for which a power or quotient may be infinite
        literal = re.sub(r"(?<![\w.])(\d[\d.]*(e[+-]?\d+)?)", r"f(\1)", formula)
        truth = eval(literal, MEANING | {"f": np.float64} | {name: np.float64(x) for name, x in INPUTS.items()})
    graph, refusal = attempt(trace, formula, INPUTS, refusal=FormulaError)
    if refusal:
        assert (
            re.search("at least one of the inputs|no finite number", str(refusal))
            or len(formula) > MAX_FORMULA_CHARACTERS
        )
    else:
        np.testing.assert_allclose(graph.output.value, truth, rtol=1e-9)


TOKENS = ("x", "y", "(", ")", "**", "9", ".", "exp", "lambda", ":=", "[", "f'{x}'", "if")
PIECES = st.sampled_from([*ATTACKS[:-1], *TOKENS])


@fuzz(300, TEXTS | st.lists(PIECES, max_size=12).map("".join) | st.lists(PIECES, max_size=12).map(" ".join))
@example("9**9**9**9")
@example("x" + "**9" * 60)
@example("(" * 200)
@example("-" * 199 + "x")
@example("x" + ".a" * 99)
@example("x" + "[0]" * 60)
@example("9" * 200)
@example("0x" + "f" * 190 + "*x")
@example("x\0")
@example("x.__class__.__mro__[1].__subclasses__()")
@example("(lambda: x)()")
@example("[x for x in y]")
@example("\f x")
def test_a_formula_that_is_any_text(formula):
    graph, refusal = attempt(trace, formula, INPUTS, refusal=FormulaError)
    if refusal:
        assert 1 <= refusal.column <= min(len(formula), MAX_FORMULA_CHARACTERS) + 2
    else:
        assert set(graph.inputs) <= set(INPUTS)


@fuzz(80, TEXTS)
@example("µ")
@example("ﬁ")
@example("Ｔｒｕｅ")
@example("ｅｘｐ")
@example("lambda")
def test_an_input_of_a_formula_with_any_name(name):
    graph, refusal = attempt(trace, f"{name}*2", {name: 3.0})
    if refusal:  # a FormulaError, where a good name makes the formula too long
        assert not name.isidentifier() or kind_of(name) in str(refusal) or len(name) > MAX_FORMULA_CHARACTERS - 2
    else:
        assert graph.output.value == 6.0
        assert list(graph.inputs) == [name]


# ---------------------------------------------------------------- names in lines of code

IN_LINES = (ast.Module, ast.Assign, ast.Name, ast.Store, ast.Load, ast.BinOp, ast.UnaryOp, ast.USub, ast.Add, ast.Sub,
            ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.Constant)  # fmt: skip


@fuzz(150, st.lists(TEXTS, min_size=5, max_size=5, unique=True))
@example(["__import__('os').system('true')", "v1", "np", "W", "b"])
@example(["v2", "v1", "c0", "Affine", "lambda"])
@example(["µ", "μ", "ﬁ", "fi", "f i"])
@example(["a b", "a_b", "1", "٣", "²"])
def test_lines_of_a_tape_hold_names_and_never_code(names):
    x, y, z = (Variable(value, name) for value, name in zip((2.0, 3.0, 5.0), names, strict=False))
    s = x * y
    s.name = names[3]
    s = Affine(np.ones((1, 1)), [1.0])(s + z - np.ones((1, 1)))
    s.name = names[4]
    graph = Graph(s * math.inf + s)
    leaves, parameters = names_of_leaves(graph), names_of_parameters(graph)
    namespace = {"np": np} | {known: v.value for v, known in leaves.items() if known.isidentifier()}
    namespace |= {known: owner.params[own] for (owner, own), known in parameters.items()}
    assert len(namespace) == 7  # np, three inputs, an array, W and b: none has taken the name of another
    steps = tape(graph)
    assert len({step.name for step in steps} | set(namespace)) == 7 + len(steps)
    for step in steps:
        tree = ast.parse(step.line)
        assert all(isinstance(node, IN_LINES) or ast.unparse(node) == "np.inf" for node in ast.walk(tree))
        exec(step.line, namespace)
    assert namespace[steps[-1].name] == graph.output.value


# ---------------------------------------------------------------- code of the bug hunt: the learner's own


@pytest.mark.parametrize(
    "code",
    [
        "", "\0", "\ud800", "(" * 5000, "-" * 50_000 + "1", "exit()", "import sys; sys.exit(3)",
        "raise KeyboardInterrupt",
        "def f(): f()\nf()", "1/0", "class Add(Layer): pass", "class E(Exception):\n def __str__(s): 1/0\nraise E",
        "raise ValueError('x' * 10**6)", "Layer = None", "x = '" + "y" * 100_000, "\t\tx", "é" * 2000,
    ],
)  # fmt: skip
def test_code_that_cannot_be_used_is_named_and_leaves_the_kernel_alone(code):
    with pytest.raises(CodeError) as refusal:
        CASES[0].examine(code)
    assert readable(refusal.value)


def test_code_of_the_bug_hunt_has_names_of_its_own():
    with pytest.raises(CodeError, match="must define"):
        CASES[0].examine("leak = 1\nnp.leak = 1")
    try:
        assert "leak" not in chain.from_iterable(map(dir, (CASES[0], draw)))
    finally:
        del np.leak


# ---------------------------------------------------------------- numbers typed into a quiz


@fuzz(200, TEXTS | st.text("0123456789.,eE+-−/ ", max_size=45))
@example("1e999/1e999")
@example("1/1e-400")
@example("9" * 40)
def test_a_number_typed_into_a_quiz(text):
    number, refusal = attempt(parse, text)
    assert refusal or abs(number) < MAX_ANSWER


@fuzz(60, st.floats(-1e14, 1e14))
def test_a_plain_number_typed_into_a_quiz_is_read(number):
    assert parse(repr(number)) == number


# ---------------------------------------------------------------- things that a message names


def test_whatever_came_is_named_shortly():
    assert [place for place, thing in enumerate(things()) if not 0 < len(kind_of(thing)) <= 200] == []


def test_whatever_an_error_says_is_short():
    assert [place for place, error in enumerate(ERRORS) if len(said_by(error)) > 500] == []
