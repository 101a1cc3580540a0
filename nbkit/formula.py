"""From typed text to a graph: reads a formula, lets it run once on Variables, and refuses all that is no formula."""

import ast
import keyword
import math
import unicodedata
import warnings
from collections.abc import Mapping

import numpy as np

from nbkit import layers
from nbkit._text import _, kind_of
from nbkit.graph import Graph, Variable

FUNCTIONS = {
    "exp": layers.Exp,
    "log": layers.Log,
    "relu": layers.ReLU,
    "sigmoid": layers.Sigmoid,
    "sum": layers.Sum,
    "tanh": layers.Tanh,
}
OPERATORS = {
    ast.Add: layers.Add,
    ast.Sub: layers.Sub,
    ast.Mult: layers.Mul,
    ast.Div: layers.Div,
    ast.Pow: layers.Pow,
    ast.MatMult: layers.MatMul,
}
LONGEST = 200  # characters
MOST = 40  # operations: what a picture has room for


class FormulaError(ValueError):
    """A formula that cannot be read or computed.

    Attributes
    ----------
    column : int
        Where it goes wrong, counted from 1.
    """

    def __init__(self, column, text):
        super().__init__(_("column {column}: {text}").format(column=column, text=text))
        self.column = column


def trace(formula, inputs):
    """Run a typed formula on Variables, so that it is recorded.

    Nothing of the text is run by Python itself: it may hold numbers, the names of the inputs, ``+ - * / ** @``,
    brackets, and calls of ``exp, log, relu, sigmoid, sum, tanh``; everything else is refused.

    Parameters
    ----------
    formula : str
        Such as ``"x * y + tanh(x)"``.
    inputs : dict of str to number or array
        What names stand for.

    Returns
    -------
    Graph
        Its inputs are those that the formula uses.

    Raises
    ------
    FormulaError
        Saying what is wrong, and in which column.
    ValueError, TypeError
        If an input has no proper name or value.
    """
    leaves = _leaves(inputs)
    text, tree = _parsed(formula)
    operations = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call)]
    if len(operations) > MOST:
        raise FormulaError(
            1, _("a formula has at most {most} operations, this has {n}").format(most=MOST, n=len(operations))
        )
    result = _Reader(text, leaves).read(tree)
    if not isinstance(result, Variable):
        raise FormulaError(1, _("a formula needs at least one of the inputs {known}").format(known=", ".join(leaves)))
    return Graph(result)


def _leaves(inputs):
    if not isinstance(inputs, Mapping) or not inputs:
        raise TypeError(_("inputs must be a dict from names to values, got {}").format(kind_of(inputs)))
    leaves = {}
    for name, value in inputs.items():
        # As Python reads it: the µ on a keyboard and the Greek μ are one name.
        read = unicodedata.normalize("NFKC", name) if isinstance(name, str) else ""
        if not read.isidentifier() or keyword.iskeyword(read) or read in FUNCTIONS or read in leaves:
            raise ValueError(
                _("the name of an input must be a Python name of its own and no function, got {}").format(kind_of(name))
            )
        leaves[read] = Variable(value, name)
    return leaves


def _parsed(formula):
    """Return the formula in one line and its tree, or say where it is no formula."""
    if not isinstance(formula, str):
        raise TypeError(_("a formula is text, got {}").format(kind_of(formula)))
    if len(formula) > LONGEST:
        raise FormulaError(
            LONGEST + 1, _("a formula has at most {most} characters, this has {n}").format(most=LONGEST, n=len(formula))
        )
    text = " ".join(formula.splitlines())
    body = text.lstrip()
    if not body:
        raise FormulaError(1, _("there is nothing yet: type a formula"))
    start = len(text) - len(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of odd numbers is said below, in our words
            return body.rjust(len(text)), ast.parse(body, mode="eval").body
    except SyntaxError as error:
        column = start + min(error.offset or len(body) + 1, len(body) + 1)  # 0 stands for the end
        raise FormulaError(
            column, _("here something is missing or wrong (Python says: {})").format(error.msg)
        ) from None
    except (ValueError, MemoryError, RecursionError) as error:  # a zero byte; nested too deeply
        raise FormulaError(1, _("this is no formula ({})").format(error or type(error).__name__)) from None


class _Reader:
    """Walks the tree of a formula and calls a layer for each operation; no name is looked up anywhere else."""

    def __init__(self, text, leaves):
        self.text, self.leaves = text, leaves
        self.start = len(text) - len(text.lstrip())
        self.bytes = text.lstrip().encode()

    def read(self, node):
        """Return what `node` stands for: a Variable, or a number."""
        if isinstance(node, ast.Tuple):
            raise self._error(node, _("there is no comma in a formula: write 0.5, not 0,5"))
        reader = getattr(self, f"_read_{type(node).__name__}", None)
        if reader is None:
            raise self._error(
                node,
                _("{} has no place in a formula: use numbers, inputs, + - * / ** @ and functions"),
                self._part(node),
            )
        return reader(node)

    def _read_Constant(self, node):
        if type(node.value) not in (int, float):
            raise self._error(node, _("{} is no plain number"), self._part(node))
        try:
            value = float(node.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self._error(node, _("{} is too large"), self._part(node))
        return value

    def _read_Name(self, node):
        if node.id in self.leaves:
            return self.leaves[node.id]
        if node.id in FUNCTIONS:
            raise self._error(node, _("{0} is a function: write {0}(...)"), node.id)
        raise self._error(node, _("there is no input called {}; there are {}"), node.id, ", ".join(self.leaves))

    def _read_UnaryOp(self, node):
        if isinstance(node.op, ast.UAdd):
            return self.read(node.operand)
        if not isinstance(node.op, ast.USub):
            raise self._error(node, _("of signs there are only - and +, not {}"), self._part(node))
        operand = self.read(node.operand)
        return -operand if isinstance(operand, float) else self._run(node, layers.Neg, operand)

    def _read_BinOp(self, node):
        if type(node.op) not in OPERATORS:
            raise self._error(
                node.left, _("only + - * / ** @ join two values, not what stands in {}"), self._part(node)
            )
        return self._run(node, OPERATORS[type(node.op)], self.read(node.left), self.read(node.right))

    def _read_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else self._part(node.func)
        if not isinstance(node.func, ast.Name) or name not in FUNCTIONS:
            raise self._error(node, _("there is no function called {}; there are {}"), name, ", ".join(FUNCTIONS))
        if len(node.args) != 1 or node.keywords:
            raise self._error(node, _("{0} takes one value in its brackets: {0}(x), or {0}(0.5), not {0}(0,5)"), name)
        return self._run(node, FUNCTIONS[name], self.read(node.args[0]))

    def _run(self, node, layer, *operands):
        """Let a new layer compute; two bare numbers make a number, which is part of the formula."""
        try:
            with np.errstate(all="ignore"):
                result = layer()(*operands)
        except (ValueError, TypeError) as error:  # shapes that do not fit
            raise self._error(node, "{}", error) from None
        if isinstance(result, Variable):
            return result
        if not math.isfinite(result):
            raise self._error(node, _("{} is no finite number"), self._part(node))
        return float(result)

    def _part(self, node):
        """The piece of text that `node` was made from, shortened."""
        part = self.bytes[node.col_offset : node.end_col_offset].decode(errors="replace")
        return part if len(part) <= 30 else part[:27] + "..."

    def _error(self, node, text, *words):
        before = self.bytes[: node.col_offset].decode(errors="replace")
        return FormulaError(self.start + len(before) + 1, text.format(*words))
