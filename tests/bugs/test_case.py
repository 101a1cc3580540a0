"""A case examines code from a learner: errors with their line, wrong gradients, and code that only seems right."""

import numpy as np
import pytest

from nbkit import Affine, Sequential
from nbkit.bugs import CASES, Case, CodeError, graphs, run_code
from tests.bugs.test_cases import BIAS, FRUIT, SIGN, SQUARE, XOR, guilty


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("def forward(self, x):", "def forward(self, x)", 4, "SyntaxError in line 4: expected ':'"),
        ("return dx", " return dx", 10, "IndentationError in line 10"),
        ("return x * x", "return x * y", 6, "NameError in line 6: name 'y' is not defined"),
        ("self.x = x", "self.x = 1 / 0", 5, "ZeroDivisionError in line 5"),
        ("dx = dout * self.x + dout * self.x", "dx = dout @ self.x", 9, "TypeError in line 9"),
        ("dx = dout * self.x + dout * self.x", "raise KeyboardInterrupt", 9, "KeyboardInterrupt in line 9"),
        ("dx = dout * self.x + dout * self.x", "raise SystemExit", 9, "SystemExit in line 9"),
        ("class Square", "import nothing_such\nclass Square", 1, "ModuleNotFoundError in line 1"),
        ("class Square", "class Cube", None, "must define a class Square"),
        ("(Layer)", "", None, "must define a class Square"),
        ("class Square(Layer):", "Square = 3\nclass S(Layer):", None, "must define a class Square"),
        ("return x * x", "return None", None, "TypeError"),
        ("return x * x", "return 'nine'", None, "Error"),
    ],
)
def test_code_that_cannot_be_run_is_told_with_its_line(old, new, line, words):
    assert SQUARE.code.count(old) == 1
    with pytest.raises(CodeError) as caught:
        SQUARE.examine(SQUARE.code.replace(old, new))
    assert words in str(caught.value)
    assert caught.value.line == line


def test_an_error_inside_numpy_names_the_line_of_the_box():
    code = XOR.code.replace("self.x.T @ dout", "self.x @ dout")
    with pytest.raises(CodeError, match="ValueError in line 13"):
        XOR.examine(code)


@pytest.mark.filterwarnings("error")
def test_code_may_warn_as_it_likes():
    code = SQUARE.code.replace("self.x = x", "self.x = x; np.log(-1.0); x is 3")
    assert SQUARE.examine(code).solved


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("dx = dout * self.x + dout * self.x", "dx = None", "gave no gradient for x"),
        ("dx = dout * self.x + dout * self.x", "dx = np.ones(3) * dout", "must have its shape (), got (3,)"),
        ("dx = dout * self.x + dout * self.x", "dx = (dout, dout, dout)", "one gradient per input"),
    ],
)
def test_a_gradient_in_another_form_is_found_by_the_check(old, new, words):
    report = SQUARE.examine(SQUARE.code.replace(old, new))
    assert [words in str(e) for e in report.errors.values() if e] == [True]


def test_a_wrong_shape_in_the_middle_of_a_net_is_blamed_on_its_node_alone():
    code = XOR.code.replace("return dout * (self.y > 0)", "return dout[:1] * (self.y > 0)[:1]")
    report = XOR.examine(code)
    assert [name for name, _argument, _index in guilty(report)] == ["ReLU"]
    assert report.graph.output.grad is None  # no gradients to show: they do not fit each other


def test_another_forward_is_no_mended_backward():
    code = XOR.broken.replace("self.y = np.maximum(x, 0)\n        return self.y",
                              "self.y = np.maximum(x, 0)\n        return self.y**2 / 2")  # fmt: skip
    report = XOR.examine(code)
    assert not any(report.errors.values())
    assert "ReLU: forward gives other numbers" in report.objection
    assert not report.solved


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (1, "dx = dout * self.x + dout * self.x", "dx = dout * 6"),
        (3, "dout * self.error / len(self.error)", "dout * self.error / 4"),
        (8, "dx[self.off] = 0", "dx[0] = 0"),
    ],
)
def test_code_made_for_the_shown_numbers_is_wrong_for_others(number, old, new):
    case = CASES[number - 1]
    report = case.examine(case.code.replace(old, new))
    assert not any(report.errors.values())
    assert "Right for these numbers, wrong for others" in report.objection


def test_other_ways_to_mend_are_accepted():
    assert SQUARE.examine(SQUARE.code.replace("dx = dout * self.x + dout * self.x", "dx = 2 * self.x * dout")).solved
    assert XOR.examine(XOR.broken.replace("return dout * self.y", "return np.where(self.y > 0, dout, 0)")).solved
    assert BIAS.examine(BIAS.broken.replace("db = dout", "db = np.ones(len(dout)) @ dout")).solved
    assert FRUIT.examine(
        FRUIT.broken.replace('self.seen["x"], self.seen["y"] = x, y', "self.seen = dict(x=x, y=y)")
    ).solved


def test_examining_leaves_nothing_behind():
    before = XOR.examine(XOR.code).graph.output.value
    XOR.examine(XOR.broken)
    assert XOR.examine(XOR.code).graph.output.value == before


def test_a_case_without_its_line_is_refused():
    parts = {"outside": "", "graph": graphs.tiles, "found": "", "mended": ""}
    with pytest.raises(ValueError, match="exactly once"):
        Case("x", code="class A(Layer): pass", good="nothing", bad="b", **parts)
    with pytest.raises(ValueError, match="must differ"):
        Case("x", code="class A(Layer): pass", good="pass", bad="pass", **parts)


def test_a_run_that_blows_up_gives_the_losses_so_far():
    names = run_code(SIGN.broken)
    net = Sequential([Affine([[0.0]], [0.0])], names["HalfSquaredError"]())
    x = np.linspace(-1, 1, 8)[:, None]
    losses = graphs.losses(net, x, 2 * x + 1, lr=1e3, steps=500)
    assert 0 < len(losses) < 500
    assert np.isfinite(losses).all()
