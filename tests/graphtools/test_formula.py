"""Formulas that are typed: the good ones compute what Python computes, all others are refused with their place."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbkit import FormulaError, Variable, check_gradients, tape, trace
from nbkit.graphtools.formula import MAX_FORMULA_CHARACTERS, MAX_OPERATIONS, trace_and_count

AT = {"x": 1.5, "y": -0.75}
KNOWN = {
    "exp": math.exp, "log": math.log, "tanh": math.tanh, "sum": lambda x: x,
    "relu": lambda x: max(x, 0.0), "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}  # fmt: skip
GOOD = [
    "x", "x * y + tanh(x)", "x - y - 1", "2 ** x ** 2", "-x ** 2", "(-x) ** 2", "x / y / 2", "+x - -y", "x*x*x",
    "sigmoid(x * (y + 1)) / exp(-y)", "relu(y) + relu(-y)", "log(x) * 1e-3", "sum(x) + 3", "exp(2) * x",
    "((x))", "  x +y  ", "x + 2 ** 3", "x ** -1", "1_000 * x",
]  # fmt: skip


@pytest.mark.parametrize("formula", GOOD)
def test_it_computes_what_python_computes(formula):
    graph = trace(formula, AT)
    assert float(graph.output.value) == pytest.approx(eval(formula.strip(), {**KNOWN, **AT}), rel=1e-14)
    check_gradients(graph)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("x × y ÷ 2 − 1", "x * y / 2 - 1"),
        ("x ⋅ y ∙ 2 ∗ x", "x * y * 2 * x"),
        ("x · y", "x * y"),
        ("x ∕ y ⁄ 2", "x / y / 2"),
        ("x – y", "x - y"),
        ("x² + y³", "x ** 2 + y ** 3"),
        ("-x²", "-(x ** 2)"),
        ("x⁻¹ * y²", "x ** -1 * y ** 2"),
        ("x¹⁰", "x ** 10"),
        ("exp(x²)²", "exp(x ** 2) ** 2"),
        ("2 ** x²", "2 ** (x ** 2)"),
        ("（ｘ＋ｙ）＊２．５", "(x + y) * 2.5"),
        ("ｔａｎｈ（ｘ）／１０", "tanh(x) / 10"),
        ("x\u00a0+\u3000y", "x + y"),
        ("x＊＊2", "x ** 2"),
    ],
)
def test_signs_from_paper_and_from_wide_keyboards_are_read(typed, meant):
    graph = trace(typed, AT)
    assert [step.line for step in tape(graph)] == [step.line for step in tape(trace(meant, AT))]
    assert float(graph.output.value) == pytest.approx(eval(meant, {**KNOWN, **AT}), rel=1e-14)


def test_a_sign_in_the_name_of_an_input_belongs_to_the_name():
    assert [step.line for step in tape(trace("a·b * 2", {"a·b": 3.0}))] == ["v1 = a_b * 2"]


@pytest.mark.parametrize(
    ("formula", "folded"), [("x * y", 0), ("0.1 + 0.2 + x", 1), ("-2 * x", 0), ("exp(2) ** 2 * x", 2)]
)
def test_operations_on_bare_numbers_are_counted_and_not_recorded(formula, folded):
    graph, count = trace_and_count(formula, AT)
    assert count == folded
    assert len(tape(graph)) == 1


def test_only_the_inputs_of_the_formula_are_in_the_graph():
    assert list(trace("x * x", AT).inputs) == ["x"]
    assert [step.line for step in tape(trace("x * y + tanh(x)", AT))] == [
        "v1 = x * y", "v2 = np.tanh(x)", "v3 = v1 + v2",
    ]  # fmt: skip


def test_what_is_written_twice_is_recorded_twice():
    assert len(tape(trace("(x + y) * (x + y)", AT))) == 3


def test_arrays_and_their_products():
    graph = trace("sigmoid(x @ W + b)", {"x": [[1.0, 2.0]], "W": [[0.5], [1.0]], "b": [-2.0]})
    assert float(graph.output.value[0, 0]) == pytest.approx(1 / (1 + math.exp(-0.5)))
    check_gradients(graph)


BAD = [  # formula, column, words
    ("", 1, "nothing yet"),
    ("   ", 1, "nothing yet"),
    ("  x * q", 7, "no input called q; there are x, y"),
    ("x + foo(y)", 5, "no function called foo; there are exp, log"),
    ("x * exp", 5, "exp is a function"),
    ("0,5 * x", 1, "write 0.5, not 0,5"),
    ("x * exp(0,5)", 5, "or exp(0.5), not exp(0,5)"),
    ("exp(x, y)", 1, "takes one value"),
    ("exp()", 1, "takes one value"),
    ("x + exp(x=2)", 5, "takes one value"),
    ("exp(*x)", 5, "no place in a formula"),
    ("x.value", 1, "x.value has no place"),
    ("y + x.__class__", 5, "no place"),
    ("__import__('os').system('ls')", 1, "no function called"),
    ("(lambda: x)()", 1, "no function called"),
    ("x[0]", 1, "no place"),
    ("[x]", 1, "no place"),
    ("x if x else y", 1, "no place"),
    ("x < y", 1, "no place"),
    ("x and y", 1, "no place"),
    ("{x for x in y}", 1, "no place"),
    ("f'{x}'", 1, "no place"),
    ("(x := 3)", 2, "no place"),
    ("x // 2", 1, "only + - * / ** @"),
    ("x + y % 2", 5, "only + - * / ** @"),
    ("~x", 1, "of signs"),
    ("y * (not x)", 6, "of signs"),
    ("'a' + x", 1, "no plain number"),
    ("x + True", 5, "no plain number"),
    ("x + None", 5, "no plain number"),
    ("x + ...", 5, "no plain number"),
    ("1j * x", 1, "no plain number"),
    ("x + 1e999", 5, "too large"),
    ("x + 2 ** 5000", 5, "no finite number"),
    ("x + 1 / 0", 5, "no finite number"),
    ("x + log(0)", 5, "no finite number"),
    ("3 + 4", 1, "at least one of the inputs x, y"),
    ("y + x @ y", 5, "got shapes () and ()"),
    ("é * x", 1, "no input called é"),
    ("x * (é + ü)", 6, "no input called é"),
    ("x * (x + ö * ü)", 10, "no input called ö"),
    ("x ^ 2", 1, "with two stars: x ** 2"),
    ("y + x ^ y * 2", 1, "with two stars: x ** 2"),
    ("()", 1, "brackets are empty"),
    ("x + ()", 5, "brackets are empty"),
    ("[x + y] * 2", 1, "brackets are round"),
    ("{x} * 2", 1, "brackets are round"),
    ("2x", 2, "a product needs its sign: write 2 * x"),
    ("x * 3 y", 7, "write 3 * y"),
    ("x y", 3, "write x * y"),
    ("2exp(x)", 2, "write 2 * exp"),
    ("x2 + 1", 1, "no input called x2"),
    ("x 2", 3, "write x * 2"),
    ("x (y + 1)", 1, "write x * (...)"),
    ("2(x + 1)", 1, "write 2 * (...)"),
    ("(x + 1)(y)", 1, "write (...) * (...)"),
    ("(x + 1) y", 9, "write (...) * y"),
    ("x²y", 3, "write ...² * y"),
    ("x² (y + 1)", 2, "write (...) * (...)"),
    ("y = x * 2", 3, "there is no = in a formula"),
    ("x² ** 2", 2, "² ** can be read in two ways"),
    ("x³^2", 2, "³^ can be read in two ways"),
    ("  x² * q", 8, "no input called q"),
    ("ｘ × ｑ", 5, "no input called"),
    ("x × foo²(y)", 5, "no input called foo"),
    ("0，5 × x", 1, "write 0.5, not 0,5"),
]


@pytest.mark.parametrize(("formula", "column", "words"), BAD, ids=[repr(case[0]) for case in BAD])
def test_everything_else_is_refused_where_it_stands(formula, column, words):
    with pytest.raises(FormulaError) as caught:
        trace(formula, AT)
    assert words in str(caught.value)
    assert (caught.value.column, str(caught.value).split(":")[0]) == (column, f"column {column}")


@pytest.mark.parametrize(
    "formula", ["x +", "x * (3 +", "(x", "x; y", "import os", "x\0", "'", "\\", "²", "x × ", "3 4", "√x"]
)
def test_what_python_cannot_read_is_refused_with_a_place_inside(formula):
    with pytest.raises(FormulaError, match="missing or wrong") as caught:
        trace(formula, AT)
    assert 1 <= caught.value.column <= len(formula) + 1


@pytest.mark.parametrize(("formula", "column"), [("  é + ö * q", 11), ("é * ö +", 8)])
def test_columns_count_characters_not_bytes(formula, column):
    with pytest.raises(FormulaError) as caught:
        trace(formula, {"é": 1.0, "ö": 2.0})
    assert caught.value.column == column


def test_words_speak_of_the_inputs_that_there_are():
    for formula, words in [("exp(2, 3)", "exp(price)"), ("(price + 1) ^ 2", "price ** 2"), ("2 price", "2 * price")]:
        with pytest.raises(FormulaError) as caught:
            trace(formula, {"price": 2.0})
        assert words in str(caught.value)


def test_long_and_deep_formulas_are_refused_before_they_run():
    with pytest.raises(
        FormulaError, match=f"at most {MAX_FORMULA_CHARACTERS} characters, this has {MAX_FORMULA_CHARACTERS + 1}"
    ):
        trace("x" * (MAX_FORMULA_CHARACTERS + 1), AT)
    with pytest.raises(FormulaError, match=f"at most {MAX_OPERATIONS} operations, this has {MAX_OPERATIONS + 1}"):
        trace("-" * (MAX_OPERATIONS + 1) + "x", AT)
    assert len(tape(trace("-" * MAX_OPERATIONS + "x", AT))) == MAX_OPERATIONS
    assert trace("(" * 99 + "x" + ")" * 99, AT).output.name == "x"
    with pytest.raises(FormulaError):
        trace("(" * 100 + "x" + ")" * 99, AT)


def test_no_name_but_the_inputs_and_the_functions_can_be_reached():
    for name in ("print", "open", "np", "Variable", "trace", "layers", "__builtins__", "self", "_"):
        with pytest.raises(FormulaError, match=r"no input called|no function called"):
            trace(name, AT)
        with pytest.raises(FormulaError, match="no function called"):
            trace(f"{name}(x)", AT)


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        ({}, TypeError, "a dict from names to values"),
        (["x"], TypeError, "a dict from names to values"),
        ({"exp": 1.0}, ValueError, "no function, got text 'exp'"),
        ({"a b": 1.0}, ValueError, "Python name"),
        ({3: 1.0}, ValueError, "Python name"),
        ({"x": "two"}, TypeError, "number"),
    ],
)
def test_bad_inputs_are_refused(inputs, error, words):
    with pytest.raises(error, match=words):
        trace("x", inputs)


@pytest.mark.parametrize("formula", [None, 3, b"x", ["x"]])
def test_a_formula_is_text(formula):
    with pytest.raises(TypeError, match="a formula is text"):
        trace(formula, AT)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet="xy+-*/@()[]{}.,:;=<>!'\"#\\ \n\t0123456789eEjJ_lambdaexpé√×÷−·²⁻¹（）ｘ＋　^", max_size=25))
def test_any_text_is_a_graph_or_a_formula_error(text):
    column = 1
    try:
        assert isinstance(trace(text, AT).output, Variable)
    except FormulaError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1
