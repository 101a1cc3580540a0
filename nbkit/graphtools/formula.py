"""From typed text to a graph: reads a formula, runs it once on Variables, and refuses all that is no formula."""

import ast
import keyword
import math
import re
import unicodedata
import warnings
from collections.abc import Mapping

import numpy as np

from nbkit import layers
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of, shortened

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
MAX_FORMULA_CHARACTERS = 200
MAX_QUOTED_CHARACTERS = 30  # of a part of the formula in a message
MAX_OPERATIONS = 40  # that a picture has space for
# What people write on paper and in other programs, and what Python writes.
PYTHON_SIGNS = dict(zip("×⋅·∗∙÷∕⁄−–‐‑", "*****///----", strict=True))
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
RAISED_TWICE = re.compile(rf"[{''.join(RAISED)}]\s*(\*\*|\^)")
TOKEN = re.compile(r"(?P<number>\d[\d_]*\.?\d*(?:e[+-]?\d+)?|\.\d+)|(?P<name>[^\W\d]\w*)|(?P<open>\()|(?P<close>\))|\S")


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
    brackets, and calls of ``exp, log, relu, sigmoid, sum, tanh``; everything else is refused. ``× ÷ − ²`` and the
    wide characters of an East Asian keyboard are read as well.

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
    return trace_and_count(formula, inputs)[0]


def trace_and_count(formula, inputs):
    """Do what `trace` does, and count the operations on numbers alone, which are worked out and not recorded."""
    leaves = _leaves(inputs)
    text, tree = _parsed(formula, leaves)
    operations = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call)]
    if len(operations) > MAX_OPERATIONS:
        rule = _("a formula has at most {most} operations, this has {n}")
        raise FormulaError(1, rule.format(most=MAX_OPERATIONS, n=len(operations)))
    reader = _Reader(text, leaves)
    result = reader.read(tree)
    if not isinstance(result, Variable):
        raise FormulaError(1, _("a formula needs at least one of the inputs {known}").format(known=", ".join(leaves)))
    return Graph(result), reader.folded


def _leaves(inputs):
    if not isinstance(inputs, Mapping) or not inputs:
        raise TypeError(_("inputs must be a dict from names to values, got {}").format(kind_of(inputs)))
    leaves = {}
    for name, value in inputs.items():
        # As Python reads it: the µ on a keyboard and the Greek μ are one name.
        read = unicodedata.normalize("NFKC", name) if isinstance(name, str) else ""
        if not read.isidentifier() or keyword.iskeyword(read) or read in FUNCTIONS or read in leaves:
            rule = _("the name of an input must be a Python name of its own and no function, got {}")
            raise ValueError(rule.format(kind_of(name)))
        leaves[read] = Variable(value, name)
    return leaves


class _Text:
    """A formula as `typed` and, as Python writes it, `plain`; `places` maps characters of `plain` to `typed`."""

    def __init__(self, typed, names):
        self.typed = " ".join(typed.splitlines())
        used = set("".join(names))
        pieces, places, raised = [], [], False
        for place, char in enumerate(self.typed):
            piece = _plain(char, used)
            if char in RAISED and not raised:
                piece = "**(" + piece
            elif raised and char not in RAISED:
                piece = ")" + piece
            raised = char in RAISED
            pieces.append(piece)
            places += [place] * len(piece)
        whole = "".join(pieces) + (")" if raised else "")
        self.plain = whole.lstrip()
        self.places = [*places, *[len(self.typed)] * (len(whole) - len(places) + 1)][len(whole) - len(self.plain) :]

    def column(self, place):
        """Return where in the typed text, from 1, the character at `place` of the plain one stands."""
        return self.places[min(max(place, 0), len(self.plain))] + 1

    def part(self, start, end):
        """Return what was typed for a piece of the plain text, shortened."""
        first, last = self.places[start], self.places[end - 1]
        return shortened(self.typed[first : last + 1].strip(), MAX_QUOTED_CHARACTERS)


def _plain(char, used):
    """Return what Python writes for a character; those in the names of inputs stay as they are."""
    if char in RAISED:
        return RAISED[char]
    if char in used or char.isascii():
        return char
    if unicodedata.category(char) == "Zs":
        return " "
    if "\uff01" <= char <= "\uff5e":  # the wide twins of what is on every keyboard
        return unicodedata.normalize("NFKC", char)
    return PYTHON_SIGNS.get(char, char)


def _parsed(formula, leaves):
    """Return the formula as `_Text` and its tree, or say where it is no formula."""
    if not isinstance(formula, str):
        raise TypeError(_("a formula is text, got {}").format(kind_of(formula)))
    if len(formula) > MAX_FORMULA_CHARACTERS:
        rule = _("a formula has at most {most} characters, this has {n}")
        raise FormulaError(MAX_FORMULA_CHARACTERS + 1, rule.format(most=MAX_FORMULA_CHARACTERS, n=len(formula)))
    text = _Text(formula, leaves)
    if not text.plain:
        raise FormulaError(1, _("there is nothing yet: type a formula"))
    if twice := RAISED_TWICE.search(text.typed):
        part = shortened(twice[0].strip(), MAX_QUOTED_CHARACTERS)
        raise FormulaError(twice.start() + 1, _("{} can be read in two ways: use brackets").format(part))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of odd numbers is said below, in our words
            return text, ast.parse(text.plain, mode="eval").body
    except SyntaxError as error:
        _explain(text, leaves)
        place = error.offset - 1 if error.offset else len(text.plain)  # 0 stands for the end
        rule = _("here something is missing or wrong (Python says: {})")
        raise FormulaError(text.column(place), rule.format(error.msg)) from None
    except (ValueError, MemoryError, RecursionError) as error:  # a zero byte; nested too deeply
        raise FormulaError(1, _("this is no formula ({})").format(error or type(error).__name__)) from None


def _explain(text, leaves):
    """Say what to write where Python's message does not help: a product without its sign, an equation."""
    before = None
    for word in TOKEN.finditer(text.plain):
        if before is not None and _multiplies(before, word, leaves):
            typed = text.typed[: text.places[word.start()]].rstrip()
            left = "..." + typed[-1] if typed[-1] in RAISED else "(...)" if before[0] == ")" else before[0]
            raise FormulaError(text.column(word.start()), _times(left, "(...)" if word[0] == "(" else word[0]))
        before = word
    equation = text.plain.find("=")
    if equation >= 0:
        rule = _("there is no = in a formula: write only what stands to the right of it")
        raise FormulaError(text.column(equation), rule)


def _multiplies(before, word, leaves):
    """Tell whether two words in a row are a product as on paper: ``2x``, ``x y``, ``3 (x + 1)``, ``(x) y``."""
    known = {*leaves, *FUNCTIONS}
    if before.lastgroup == "number":
        return word.lastgroup in ("name", "open")
    if before.lastgroup == "close":
        return word.lastgroup in ("number", "open") or word[0] in known
    return before[0] in leaves and (word.lastgroup in ("number", "open") or word[0] in known)


def _times(left, right):
    left, right = (shortened(text, MAX_QUOTED_CHARACTERS) for text in (left, right))
    return _("a product needs its sign: write {left} * {right}").format(left=left, right=right)


class _Reader:
    """Walks the tree of a formula and calls a layer for each operation; no name is looked up anywhere else."""

    def __init__(self, text, leaves):
        self.text, self.leaves = text, leaves
        self.folded = 0  # operations on numbers alone, signs not counted
        self.bytes = text.plain.encode()

    def read(self, node):
        """Return what `node` stands for: a Variable, or a number."""
        if isinstance(node, ast.Tuple):
            if not node.elts:
                raise self._error(node, _("these brackets are empty"))
            raise self._error(node, _("there is no comma in a formula: write 0.5, not 0,5"))
        if isinstance(node, ast.List | ast.Set | ast.Dict):
            raise self._error(node, _("{} has no place in a formula: brackets are round, ( )"), self._part(node))
        reader = getattr(self, f"_read_{type(node).__name__}", None)
        if reader is None:
            rule = _("{} has no place in a formula: use numbers, inputs, + - * / ** @ and functions")
            raise self._error(node, rule, self._part(node))
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
        if isinstance(node.op, ast.BitXor):
            bare = isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name | ast.Constant)
            left, right = (self._part(node.left), self._part(node.right)) if bare else (next(iter(self.leaves)), 2)
            raise self._error(node, _("a power is written with two stars: {} ** {}"), left, right)
        if type(node.op) not in OPERATORS:
            rule = _("only + - * / ** @ join two values, not what stands in {}")
            raise self._error(node.left, rule, self._part(node))
        return self._run(node, OPERATORS[type(node.op)], self.read(node.left), self.read(node.right))

    def _read_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else self._part(node.func)
        if name in self.leaves or isinstance(node.func, ast.Constant | ast.BinOp | ast.UnaryOp | ast.Call):
            plain = isinstance(node.func, ast.Name | ast.Constant) and not RAISED.keys() & set(name)
            left = name if plain else "(...)"
            raise self._error(node, "{}", _times(left, "(...)"))
        if not isinstance(node.func, ast.Name) or name not in FUNCTIONS:
            raise self._error(node, _("there is no function called {}; there are {}"), name, ", ".join(FUNCTIONS))
        if len(node.args) != 1 or node.keywords:
            words = _("{0} takes one value in its brackets: {0}({1}), or {0}(0.5), not {0}(0,5)")
            raise self._error(node, words, name, next(iter(self.leaves)))
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
        self.folded += 1
        return float(result)

    def _part(self, node):
        """Return the piece of text that `node` was made from, shortened."""
        return self.text.part(self._place(node.col_offset), self._place(node.end_col_offset))

    def _place(self, offset):
        """Turn an offset of Python, which counts bytes, into a place in the text."""
        return len(self.bytes[:offset].decode(errors="replace"))

    def _error(self, node, text, *words):
        return FormulaError(self.text.column(self._place(node.col_offset)), text.format(*words))
