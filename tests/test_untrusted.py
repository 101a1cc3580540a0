"""Doors through which untrusted text enters: each says clearly what is wrong, or gives a right result.

A usual run tries a few inputs for each door, the same ones every time. ``NBKIT_FUZZ=100`` in the environment tries a
hundred times as many, new ones in each run, stops where a single one takes a minute, and tells how many there were.
"""

import ast
import csv
import io
import json
import math
import os
import pickle
import re
import sys
import tracemalloc
import warnings
from itertools import chain

import numpy as np
import pytest
from hypothesis import assume, example
from hypothesis import strategies as st

from nbkit import (
    Add,
    Affine,
    Exp,
    Experiment,
    Graph,
    Layer,
    MSELoss,
    Sequential,
    Settings,
    Variable,
    check,
    draw,
    tape,
    trace,
)  # fmt: skip
from nbkit.bugs import CASES, CodeError
from nbkit.datasets import LARGEST as LARGEST_NUMBER
from nbkit.datasets import LONGEST_NAME, read_csv
from nbkit.exercises.core import EXERCISES
from nbkit.experiment import code_of
from nbkit.experiment.settings import LARGEST
from nbkit.graphtools.formula import FUNCTIONS, LONGEST, FormulaError
from nbkit.graphtools.numpy_code import names_of_leaves, names_of_parameters
from nbkit.messages import kind_of, said_by
from nbkit.quiz.answer import LARGEST as LARGEST_ANSWER
from nbkit.quiz.answer import parse
from nbkit.widgets.kit.svg_view import HANDS, as_touch
from tests.absurd import Nasty
from tests.hostile import ATTACKS, JSON, TEXTS, Boxed, attempt, fuzz, readable

# ---------------------------------------------------------------- settings as a line of text

NAMES = list(vars(Settings()))
PLACES = st.floats(-LARGEST, LARGEST) | st.integers(-(10**6), 10**6)
VALID = st.fixed_dictionaries(
    {},
    optional={
        "data": st.sampled_from(["own points", "xor", "moons", "circles", "spiral", "iris, petals", "iris, sepals"]),
        "noise": st.floats(0, 1),
        "held_out": st.floats(0, 0.9),
        "hidden": st.lists(st.integers(1, 16), max_size=4),
        "activation": st.sampled_from(["ReLU", "LeakyReLU", "Sigmoid", "Tanh"]),
        "loss": st.sampled_from(["cross-entropy", "squared error"]),
        "optimizer": st.sampled_from(["SGD", "Momentum", "Adam"]),
        "lr": st.floats(0, 1e3, exclude_min=True),
        "batch_size": st.integers(1, 10**6),
        "weight_decay": st.floats(0, 1e3),
        "seed": st.integers(0, 2**32 - 1),
        "points": st.lists(st.tuples(PLACES, PLACES, st.integers(0, 2)), max_size=6),
        "path": TEXTS,
    },
)


@fuzz(150, TEXTS | st.builds("{}{}{}".format, TEXTS, st.sampled_from(['{"lr": 1}', "[", "{"]), TEXTS))
@example("[" * 100_000)
@example('{"points": ' + "[" * 40_000 + "]" * 40_000 + "}")
@example('{"points": ' + "[" * 900 + "]" * 900 + "}")
@example("1" * 100_000)
def test_a_line_of_settings_that_is_any_text(line):
    settings, refusal = attempt(Settings.from_line, line)
    assert refusal or Settings.from_line(settings.line) == settings


@fuzz(250, st.dictionaries(st.sampled_from(NAMES) | TEXTS, JSON | st.floats() | st.lists(JSON, max_size=3), max_size=3))
@example({"lr": 10**400})
@example({"points": [[10**400, 0, 0]]})
@example({"points": [[1e308, 0, 0], [-1e308, 1, 1]]})
@example({"path": "\ud800"})
def test_settings_with_values_of_any_kind(values):
    settings, refusal = attempt(Settings.from_line, json.dumps(values))
    if not refusal:
        assert Settings.from_line(settings.line) == settings
        assert "\n" not in settings.line


def test_of_a_setting_that_stands_twice_the_last_counts():
    assert Settings.from_line('{"lr": 5, "lr": 0.5}').lr == 0.5


# ---------------------------------------------------------------- settings as code

IN_CODE = {"Affine.random", "History", "Sequential", "islice", "len", "net.decide", "np.mean", "np.zeros", "one_hot",
           "print", "sources.own", "datasets.read_csv", "sources.noisy_xor", "sources.two_of_iris", "train",
           "np.random.default_rng", "datasets.circles", "datasets.moons", "datasets.spiral", "ReLU", "LeakyReLU",
           "Sigmoid", "Tanh", "SigmoidWithLoss", "SoftmaxWithLoss", "MSELoss", "SGD", "Momentum",
           "Adam"}  # fmt: skip
# of an array or generator, whatever made it
METHODS = {"random", "mean", "std", "max", "min", "reshape", "ravel", "round"}
MODULES = {"itertools", "numpy", "nbkit", "nbkit.experiment", "nbkit.functions"}


def calls_of(code):
    """Return the calls in a piece of code, and refuse every import and every call that is not expected."""
    calls = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name in IN_CODE or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS), name
            calls.append((name, node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            assert {getattr(node, "module", None) or node.names[0].name} <= MODULES
    return calls


def example_points():
    return ((0.0, 0.0, 0), (1.0, 1.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 2))


@pytest.fixture(scope="module")
def on_a_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "points.csv"
    path.write_text("1,2,yes\n3,4,no\n5,6,no\n")
    return Experiment(Settings(data="CSV file", path=str(path)))


@fuzz(30, VALID, TEXTS, TEXTS)
@example({"data": "own points", "points": example_points()}, "'''\n", "\"\n__import__('os')")
def test_exported_code_holds_settings_as_data_only(on_a_file, values, path, weights):
    settings = Settings(**values)
    assert Settings.from_line(settings.line) == settings
    if settings.data == "own points" and not settings.points:
        settings = settings.but(points=example_points())
    code = code_of(Experiment(settings), weights)
    calls = dict(calls_of(code))
    assert Settings.from_line(code.splitlines()[0].removeprefix("# ")) == settings
    if settings.data == "own points":
        assert ast.literal_eval(calls["sources.own"].args[0]) == settings.points
    on_a_file.settings = on_a_file.settings.but(path=path)
    assert dict(calls_of(code_of(on_a_file, weights)))["datasets.read_csv"].args[0].value == path


# ---------------------------------------------------------------- files of points


def read(tmp_path_factory, content):
    """Write bytes to a file and read them: points, or a ValueError that can be read."""
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    data, refusal = attempt(read_csv, path)
    if refusal:
        return None
    assert data.x.shape == (len(data.t), 2)
    assert np.abs(data.x).max() <= LARGEST_NUMBER
    assert len(data.features) == 2
    assert set(data.t) == set(range(len(data.classes)))
    assert list(data.classes) == sorted(data.classes)
    assert all(0 < len(name) <= LONGEST_NAME for name in data.classes + data.features)
    return data


CELLS = TEXTS.filter(lambda text: len(text) < 200) | st.sampled_from(["1", "-2.5", "1e999", "nan", "1e200", "", '"'])
LINES = st.lists(st.lists(CELLS, max_size=4), max_size=4)


def encoded(rows, code, end):
    return end.join(",".join(row) for row in rows).encode(code, errors="surrogatepass")


CODES = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-7"])


@fuzz(200, st.binary(max_size=200) | st.builds(encoded, LINES, CODES, st.sampled_from(["\n", "\r", "\r\n"])))
@example(b"a\n1,2,x\n3,4,y\n")  # one name for three columns
@example(b"1e200,2,x\n1,2,y\n1,2,x\n")  # too large a number is no name of a column
@example(b"1,2,x\x00\n3,4,x\n")  # NumPy cuts a zero at the end of a text
@example(b"1,2,x\n" + b",".join([b"a" * 130_000] * 6))
@example(b"," * 999_999)
@example(b"1,2," + b"a" * 140_000 + b"\n1,2,b\n")
def test_a_file_of_any_bytes(tmp_path_factory, content):
    read(tmp_path_factory, content)


PLAIN = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40) | st.sampled_from(ATTACKS)
WORDS = PLAIN.map(lambda text: re.sub("[\ud800-\udfff]", "", text.strip()[:LONGEST_NAME].strip())).filter(bool)
NUMBERS = st.floats(-LARGEST_NUMBER, LARGEST_NUMBER)


@fuzz(150, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=5), WORDS, WORDS, st.sampled_from(",;\t"))
@example([(1.0, 2.0), (3.0, 4.0)], "a\nb", "a\u2028b", ",")
@example([(1.0, 2.0), (3.0, 4.0)], "a", "a\x00", ",")
@example([(1.0, 2.0), (3.0, 4.0)], "a;b;c;d", "x\t\t\t\ty", ",")
@example([(1.0, 2.0), (3.0, 4.0)], "a\n;;;;b", 'say ""x"', ",")
def test_a_file_as_a_spreadsheet_writes_it_comes_back_as_it_was(tmp_path_factory, points, one, other, delimiter):
    assume(one != other)
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([f"{one[:50]}z", "weight", "kind"])
    rows = [(x, y, (one, other)[k % 2]) for k, (x, y) in enumerate(points)]
    writer.writerows(rows)
    data = read(tmp_path_factory, file.getvalue().encode())
    assert data.features == (f"{one[:50]}z", "weight")
    assert data.x.tolist() == [[x, y] for x, y, _name in rows]
    assert [data.classes[t] for t in data.t] == [row[2] for row in rows]


@pytest.mark.parametrize("path", ["a" * 100_000, "a\0b", "\ud800", ".", "no such file", "\n"])
def test_a_path_that_leads_to_no_file(path):
    with pytest.raises(FileNotFoundError) as refusal:
        read_csv(path)
    assert readable(refusal.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "pipe.csv")


@pytest.mark.parametrize(
    "content",
    ["1,2," + "a" * 100_000 + "\n" + "1,2,b\n" * 1000, "a" * 3_000_000, '"' * 999_999, "1,2,a\n" * 10_000],
    ids=["one long name", "one long line", "quotes", "many lines"],
)
def test_a_file_takes_memory_as_its_own_size(tmp_path, content):
    (tmp_path / "large.csv").write_text(content)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"must have|is too long|no text file"):
            read_csv(tmp_path / "large.csv")
        assert tracemalloc.get_traced_memory()[1] < 100e6  # the first took 800 MB: each name as long as the longest
    finally:
        tracemalloc.stop()


# ---------------------------------------------------------------- files of weights


def small_net():
    return Sequential([Affine(np.ones((2, 3)), np.zeros(3), name="one")], MSELoss())


@fuzz(60, st.binary(max_size=300) | st.builds(lambda head, rest: head + rest, st.just(b"PK\x03\x04"), st.binary()))
def test_weights_from_any_bytes(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzz.npz"
    path.write_bytes(content)
    net = small_net()
    with pytest.raises(ValueError, match="no parameters that can be read") as refusal:
        net.load(path)
    assert readable(refusal.value)
    assert (net.parameters()["one.W"] == 1).all()


class Trap:
    """Unpickled, it would end the tests."""

    def __reduce__(self):
        return sys.exit, (3,)


@pytest.mark.parametrize("how", ["as an array", "as the file"])
def test_weights_are_never_unpickled(tmp_path, how):
    path = tmp_path / "trap.npz"
    if how == "as the file":
        path.write_bytes(pickle.dumps(Trap()))
    else:
        np.savez(path, **{"one.W": np.array([Trap()], dtype=object)})
    with pytest.raises(ValueError, match="no parameters that can be read"):
        small_net().load(path)


def test_a_small_archive_that_unpacks_into_much_is_not_unpacked(tmp_path):
    np.savez_compressed(tmp_path / "bomb.npz", **{"one.W": np.zeros(5_000_000)})
    assert (tmp_path / "bomb.npz").stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="too large for this network"):
            small_net().load(tmp_path / "bomb.npz")
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


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
        assert re.search("at least one of the inputs|no finite number", str(refusal)) or len(formula) > LONGEST
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
        assert 1 <= refusal.column <= min(len(formula), LONGEST) + 2
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
        assert not name.isidentifier() or kind_of(name) in str(refusal) or len(name) > LONGEST - 2
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


# ---------------------------------------------------------------- answers to exercises


class Raises:
    """Whatever is asked of it fails, in the way that it was told."""

    def __init__(self, error):
        object.__setattr__(self, "error", error)

    def fail(self, *_arguments, **_named):
        raise object.__getattribute__(self, "error")

    __getattribute__ = __call__ = __array__ = __len__ = __iter__ = __float__ = __bool__ = __eq__ = __lt__ = fail
    __repr__ = __str__ = __add__ = __radd__ = __mul__ = __getitem__ = fail
    __hash__ = None


class Mute(Exception):
    """An error that cannot even be told."""

    def __str__(self):
        raise ValueError("no words")


class BadDict(dict):
    def values(self):
        raise RuntimeError("no values")


class Endless:
    """Claims to hold much, and says much."""

    shape = property(lambda self: (10**9,) * 1000)

    def __len__(self):
        return 10**9

    def __repr__(self):
        return "z" * 10**6


ERRORS = st.sampled_from([RuntimeError("no"), Mute(), SystemExit(3), MemoryError(), ValueError("y" * 10**6),
                          AttributeError("gone"), RecursionError("deep"), StopIteration()])  # fmt: skip
CIRCLE = []
CIRCLE.append(CIRCLE)
DEEP = []
for _level in range(3000):
    DEEP = [DEEP]


def class_that_gives(thing):
    """A class that could be a layer and gives `thing` each time."""

    class Answer:
        def __init__(self, *_arguments):
            self.params, self.grads = {}, {}

        def forward(self, x, y=None):
            return thing

        def backward(self, dout):
            return thing

    return Answer


def boxed(*things):
    """A strategy for things that a test tool must not look at."""
    return st.sampled_from([Boxed(thing) for thing in things])


THINGS = st.one_of(
    JSON.map(Boxed),
    ERRORS.map(lambda error: Boxed(Raises(error))),
    st.builds(np.zeros, st.lists(st.integers(0, 3), max_size=4).map(tuple)).map(Boxed),
    st.floats().map(lambda number: Boxed(Variable(number))),
    boxed(
        Nasty(), Endless(), BadDict(a=1), CIRCLE, DEEP, Add(), Exp, Layer, small_net(), Graph(Variable(1.0, "a") * 2)
    ),
    boxed(math.nan, math.inf, 1j, b"x", "x" * 10**5, int, Nasty, Exception, print, ..., range(10**5)),
    boxed(np.array([{}, None]), np.array("x"), np.ma.masked, np.datetime64("NaT"), np.zeros(2, "i,f")),
)
ANSWERS = st.one_of(  # any thing, several of them, and functions and classes that give or raise one
    THINGS,
    st.lists(THINGS, max_size=3).map(lambda boxes: Boxed(tuple(box.thing for box in boxes))),
    st.dictionaries(st.sampled_from(["a", "apple", "x", 1]), THINGS, max_size=2).map(
        lambda boxes: Boxed({name: box.thing for name, box in boxes.items()})
    ),
    THINGS.map(lambda box: Boxed(lambda *_arguments: box.thing)),
    ERRORS.map(lambda error: Boxed(lambda *_arguments: Raises(error).fail())),
    THINGS.map(lambda box: Boxed(class_that_gives(box.thing))),
)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_answer_of_any_kind(name):
    @fuzz(8, ANSWERS)
    @example(Boxed(Raises(RuntimeError("no"))))
    @example(Boxed(Raises(SystemExit(3))))
    @example(Boxed(class_that_gives(Nasty())))
    @example(Boxed(BadDict(a=1)))
    @example(Boxed(10**400))
    @example(Boxed(DEEP))
    @example(Boxed(lambda *_arguments: Raises(Mute()).fail()))
    @example(Boxed(lambda *_arguments: sys.exit(3)))
    def judged(box):
        verdict = check(name, box.thing)
        assert verdict.state in ("right", "wrong", "not tried")
        assert readable(verdict)

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        judged()


@fuzz(60, THINGS)
@example(Boxed(DEEP))
@example(Boxed(CIRCLE))
def test_whatever_came_is_named_shortly(box):
    assert 0 < len(kind_of(box.thing)) <= 200


@fuzz(20, ERRORS.map(Boxed))
def test_whatever_an_error_says_is_short(box):
    assert len(said_by(box.thing)) <= 500


# ---------------------------------------------------------------- numbers typed into a quiz


@fuzz(200, TEXTS | st.text("0123456789.,eE+-−/ ", max_size=45))
@example("1e999/1e999")
@example("1/1e-400")
@example("9" * 40)
def test_a_number_typed_into_a_quiz(text):
    number, refusal = attempt(parse, text)
    assert refusal or abs(number) < LARGEST_ANSWER


@fuzz(60, st.floats(-1e14, 1e14))
def test_a_plain_number_typed_into_a_quiz_is_read(number):
    assert parse(repr(number)) == number


# ---------------------------------------------------------------- messages from a page

TOUCH = st.fixed_dictionaries(
    {"hand": st.sampled_from(HANDS) | JSON, "pad": TEXTS | JSON, "item": TEXTS | JSON, "x": JSON, "y": JSON}
)


@fuzz(150, TOUCH | JSON)
@example({"hand": "press", "pad": None, "item": None, "x": 10**400, "y": 0})
@example({"hand": "press", "pad": None, "item": None, "x": "nan", "y": 0})
@example({"hand": [], "pad": None, "item": None, "x": 0, "y": 0})
def test_a_touch_of_any_content(message):
    touch, refusal = attempt(as_touch, message)
    if not refusal:
        assert touch.hand in HANDS
        assert math.isfinite(touch.x)
        assert math.isfinite(touch.y)


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
