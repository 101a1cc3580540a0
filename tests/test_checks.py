"""What `nbkit.checks` takes, gives back and refuses: each refusal names the argument, the rule and what came."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from nbkit import Add, Graph, Sequential, Variable, datasets
from nbkit.checks import one_of, pair_of, real, whole, wholes
from nbkit.graph import graph_of


@pytest.mark.parametrize("x", [3, np.int64(3), np.uint8(3)], ids=repr)
def test_whole_gives_back_a_plain_int(x):
    assert whole("n", x, 1) == whole("n", x, 3, 3) == 3
    assert type(whole("n", x, 1)) is int
    assert wholes("n", x, 1) == [3]
    assert wholes("n", (x, 5), 1, 5) == [3, 5]
    assert wholes("n", np.array([1, 2]), 1) == [1, 2]


@pytest.mark.parametrize(
    ("x", "got"),
    [(0, "0"), (7, "7"), (2.0, "2.0"), (np.float64(2), r"2\.0"), (True, "True"), (np.True_, "True"), (None, "None"),
     ("3", "text '3'"), (np.array([3]), r"an array of shape \(1,\)"), (10**400, "a int"), ([3], r"\[3\]")],
    ids=repr,
)  # fmt: skip
def test_whole_refuses(x, got):
    with pytest.raises(ValueError, match=rf"n must be a whole number from 1 to 6, got .*{got}"):
        whole("n", x, 1, 6)
    if got not in ("7", "a int"):  # too large, but whole
        with pytest.raises(ValueError, match=rf"n must be a whole number of at least 1, got .*{got}"):
            whole("n", x, 1)


def test_wholes_names_the_one_that_does_not_fit():
    with pytest.raises(ValueError, match=r"widths must be made of whole numbers of at least 1, got 2\.5"):
        wholes("widths", (1, 2.5, 3), 1)
    with pytest.raises(ValueError, match="widths must be made of whole numbers from 1 to 16, got 17"):
        wholes("widths", [17], 1, 16)
    with pytest.raises(ValueError, match="width must be made of whole numbers of at least 1, got text 'two'"):
        wholes("width", "two", 1)


@pytest.mark.parametrize("x", [0.5, np.float64(0.5), np.float32(0.5), np.array(0.5), Fraction(1, 2)], ids=repr)
def test_real_gives_back_a_plain_float(x):
    assert real("lr", x, above=0) == real("lr", x, 0.5, 0.5) == 0.5
    assert type(real("lr", x)) is float
    assert type(real("lr", 1)) is float


BOUNDS = {
    "a finite number": {},
    "a number of at least 0": {"low": 0},
    "a number above 0": {"above": 0},
    "a number from 0 to 0.9": {"low": 0, "high": 0.9},
    "a number above 0, at most 1000": {"above": 0, "high": 1000},
    "a number of at least 0 and below 1": {"low": 0, "below": 1},
}


@pytest.mark.parametrize("rule", BOUNDS)
@pytest.mark.parametrize(
    "x",
    [np.nan, np.inf, -np.inf, True, np.True_, "0.5", None, 0.5j, [0.5], np.array([0.5]), 10**400, Decimal("0.5")],
    ids=lambda x: repr(x)[:12],
)
def test_real_refuses_what_is_no_finite_number(x, rule):
    with pytest.raises(ValueError, match=rf"^lr must be {rule}, got "):
        real("lr", x, **BOUNDS[rule])


@pytest.mark.parametrize(
    ("rule", "last", "first_beyond"),
    [
        ("a number of at least 0", 0, -1e-9),
        ("a number above 0", 1e-9, 0),
        ("a number from 0 to 0.9", 0, -1e-9),
        ("a number from 0 to 0.9", 0.9, 0.91),
        ("a number above 0, at most 1000", 1e-9, 0),
        ("a number above 0, at most 1000", 1000, 1001),
        ("a number of at least 0 and below 1", 0, -1e-9),
        ("a number of at least 0 and below 1", 0.999, 1),
    ],
)
def test_the_bounds_of_real(rule, last, first_beyond):
    assert real("lr", last, **BOUNDS[rule]) == last
    with pytest.raises(ValueError, match=rule):
        real("lr", first_beyond, **BOUNDS[rule])


def test_one_of():
    assert one_of("kind", "tanh", {"relu": 1, "tanh": 2}) == "tanh"
    assert one_of("lr", 1.0, (0.1, 1)) == 1
    with pytest.raises(ValueError, match=r"kind must be one of relu, tanh, got text 'tahn' \(did you mean tanh\?\)"):
        one_of("kind", "tahn", ["relu", "tanh"])
    for x in ("sin", None, 3, ["relu"], True, np.array(["relu", "tanh"])):
        with pytest.raises(ValueError, match=r"kind must be one of relu, tanh, 1, got [^?]*$"):
            one_of("kind", x, ["relu", "tanh", 1])


def test_pair_of_takes_lists_pairs_and_data_sets():
    x, t = pair_of(([[1, 2], [3, 4]], [0, 1]))
    assert x.dtype == float
    assert x.shape == (2, 2)
    assert t.dtype.kind == "i"
    assert pair_of(datasets.xor())[1].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (None, TypeError, r"data must be a pair \(x, t\), got None"),
        (([1.0],), TypeError, "data must be a pair"),
        (np.eye(2), TypeError, "data must be a pair"),
        (("ab", [0]), TypeError, "a value must be a number"),
        (([1.0], ["a"]), ValueError, "labels must be numbers"),
        (([np.nan], [0]), ValueError, "x must hold finite numbers only, got nan at index"),
        (([1.0], [np.inf]), ValueError, "t must hold finite numbers only, got inf at index"),
        (([1.0, 2.0], [0]), ValueError, r"the same number of rows, at least one, got shapes \(2,\) and \(1,\)"),
        (([], []), ValueError, "at least one"),
        ((1.0, 0), ValueError, "at least one"),
    ],
)
def test_pair_of_refuses(data, error, message):
    with pytest.raises(error, match=message):
        pair_of(data)


def test_graph_of_takes_a_graph_or_the_variable_at_its_end():
    end = Add()(Variable(1.0, "x"), 2.0)
    graph = Graph(end)
    assert graph_of(graph, "NudgeLab") is graph
    assert graph_of(end, "NudgeLab").output is end
    for other in (3, Graph, Sequential, None):
        with pytest.raises(TypeError, match="NudgeLab takes a Graph or a Variable, got "):
            graph_of(other, "NudgeLab")
