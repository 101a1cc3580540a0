"""Mutants of the exercises' solutions: code with one place changed, or with a wrapper that spoils what goes in or out.

The solution is the code in the fold of the notebook; tests/mutants.py tells which mutants are wrong.
"""

import ast
import contextlib
import copy
import functools
import inspect
from typing import NamedTuple

import numpy as np

from nbkit import Variable
from tests.chapter import chapters


class Mutant(NamedTuple):
    """One changed solution, and in words how it was changed."""

    how: str
    answer: object

    @property
    def forgetful(self):
        """Whether it hands nothing back."""
        return any(words in self.how for words in ("return forgotten", "print for return", "nothing returned"))


# ---------------------------------------------------------------- solutions


@functools.cache
def before(number):
    """What a learner's kernel holds before an exercise of the chapter."""
    return chapters()[number].before()


def made_from(name, tree):
    """Run a solution, or a mutant of it, and return what would be handed to check."""
    *body, last = tree.body
    namespace = dict(before(name[:2]))
    body = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    exec(compile(body, f"<{name}>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value.args[1]), f"<{name}>", "eval"), namespace)


def solution_tree(name):
    return ast.parse(chapters()[name[:2]].solution(name))


# ---------------------------------------------------------------- mutants of the syntax tree

OPERATORS = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.Pow: [ast.Mult],
}
COMPARISONS = {
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt],
    ast.Lt: [ast.LtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
ATTRIBUTES = {
    "sum": ["mean", "max"],
    "mean": ["sum", "median"],
    "max": ["min", "sum", "mean"],
    "min": ["max"],
    "argmax": ["argmin"],
    "argsort": ["sort"],
    "log": ["log2", "log1p"],
    "exp": ["exp2", "expm1"],
    "tanh": ["sin"],
    "maximum": ["minimum", "add"],
    "std": ["var", "mean"],
}


def changed_nodes(node, names):
    """Yield pairs (in words, node to put in its place)."""
    if isinstance(node, ast.BinOp):
        for kind in OPERATORS.get(type(node.op), []):
            yield f"{type(node.op).__name__} becomes {kind.__name__}", _with(node, op=kind())
        yield "only the left side", node.left
        yield "only the right side", node.right
        yield "sides swapped", _with(node, left=node.right, right=node.left)
    elif isinstance(node, ast.UnaryOp):
        yield "sign dropped", node.operand
    elif isinstance(node, ast.Compare):
        for kind in COMPARISONS.get(type(node.ops[0]), []):
            yield f"{type(node.ops[0]).__name__} becomes {kind.__name__}", _with(node, ops=[kind()])
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        for other in {node.value + 1, node.value - 1, 2 * node.value, -node.value, 0} - {node.value}:
            yield f"{node.value} becomes {other}", ast.Constant(other)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        for other in ATTRIBUTES.get(node.attr, []):
            yield f".{node.attr} becomes .{other}", _with(node, attr=other)
        if node.attr == "T":
            yield "not transposed", node.value
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            yield f"self.{node.attr} becomes dout", ast.Name("dout", ast.Load())
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            yield f"{keyword.arg} dropped", _with(node, keywords=[k for k in node.keywords if k is not keyword])
            if keyword.arg == "axis":
                yield "another axis", _with(
                    node,
                    keywords=[ast.keyword("axis", ast.Constant(1 - keyword.value.value)) if k is keyword else k
                              for k in node.keywords],
                )  # fmt: skip
        if node.args and not any(isinstance(arg, ast.Starred) for arg in node.args):
            yield "call dropped", node.args[0]
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            yield "one step too few", _with(node, args=[ast.BinOp(node.args[0], ast.Sub(), ast.Constant(1))])
        if isinstance(node.func, ast.Name) and node.func.id == "len":
            for axis in (0, 1):
                size = ast.Attribute(node.args[0], "shape", ast.Load())
                yield f"shape[{axis}]", ast.Subscript(size, ast.Constant(axis), ast.Load())
            yield "size", ast.Attribute(node.args[0], "size", ast.Load())
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        for other in names:
            if other not in (node.id, "self"):
                yield f"{node.id} becomes {other}", ast.Name(other, ast.Load())
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield "turned round", _with(node, elts=node.elts[::-1])
        yield "one too few", _with(node, elts=node.elts[:-1])
        yield "only the first", node.elts[0]
        for place in range(len(node.elts)):
            yield (
                f"part {place} is None",
                _with(node, elts=[ast.Constant(None) if k == place else e for k, e in enumerate(node.elts)]),
            )
    elif isinstance(node, ast.Return):
        yield "return forgotten", ast.Expr(node.value)
        printed = ast.Call(ast.Name("print", ast.Load()), [node.value], [])
        yield "print for return", ast.Expr(printed)
        yield "return of a text", ast.Return(ast.Call(ast.Name("str", ast.Load()), [node.value], []))


def _with(node, **fields):
    return type(node)(**{name: fields.get(name, getattr(node, name)) for name in node._fields})


class _Put(ast.NodeTransformer):
    """Puts another node in the place of the one with that number."""

    def __init__(self, number, other):
        self.number, self.other, self.count = number, other, -1

    def visit(self, node):
        self.count += 1
        return self.other if self.count == self.number else super().generic_visit(node)


def tree_mutants(name):
    """Yield the solution with one place of its syntax tree changed, and with one statement left out."""
    tree = solution_tree(name)
    body = ast.Module(body=tree.body[:-1], type_ignores=[])
    for function in [n for n in ast.walk(body) if isinstance(n, ast.FunctionDef)]:
        names = [a.arg for a in function.args.args]
        for number, node in enumerate(_in_order(function)):
            for how, other in changed_nodes(node, names):
                yield from _compiled(name, tree, function, number, other, f"{function.name}: {how}")
        for statement in function.body if len(function.body) > 1 else ():
            yield from _compiled(
                name, tree, function, _in_order(function).index(statement), ast.Pass(),
                f"{function.name}: without {ast.unparse(statement)!r}",
            )  # fmt: skip


def _in_order(node):
    return [node, *(n for child in ast.iter_child_nodes(node) for n in _in_order(child))]


def _compiled(name, tree, function, number, other, how):
    place = [n for n in _in_order(tree) if isinstance(n, ast.FunctionDef)].index(
        next(n for n in _in_order(tree) if n is function)
    )
    twin = copy.deepcopy(tree)
    target = [n for n in _in_order(twin) if isinstance(n, ast.FunctionDef)][place]
    put = _Put(number, copy.deepcopy(other))
    with contextlib.suppress(Exception):  # a mutant that is no program
        put.visit(target)
        yield Mutant(f"{how} in {ast.unparse(target)!r}"[:300], made_from(name, twin))


# ---------------------------------------------------------------- mutants that spoil what goes in or comes out


def _whole(change):
    """Return a change of arrays as one of whatever comes: a number, an array, a list, or a tuple of those."""

    def changed(thing):
        if isinstance(thing, tuple):
            return tuple(map(changed, thing))
        if isinstance(thing, list) and thing and not np.isscalar(thing[0]):
            return [changed(part) for part in thing]
        return change(np.asarray(thing)) if isinstance(thing, int | float | np.ndarray | np.generic | list) else thing

    return changed


def _only(place):
    def change(a):
        kept = np.zeros_like(a)
        if a.ndim and len(a):
            kept[place] = a[place]
        return kept if a.ndim else a

    return change


CHANGES = {
    "abs": np.abs,
    "rounded": np.round,
    "rounded to 2 digits": lambda a: np.round(a, 2) if a.dtype.kind == "f" else a,
    "floored": np.floor,
    "as int": lambda a: a.astype(int) if np.isfinite(a).all() else a,
    "clipped to 0 and 1": lambda a: np.clip(a, 0, 1),
    "clipped to -1 and 1": lambda a: np.clip(a, -1, 1),
    "not below 0": lambda a: np.maximum(a, 0),
    "negated": lambda a: -a if a.dtype.kind != "b" else ~a,
    "doubled": lambda a: 2 * a,
    "one percent more": lambda a: a * 1.01,
    "plus one": lambda a: a + 1,
    "squared": lambda a: a * a,
    "zero": lambda a: a * 0,
    "transposed": lambda a: a.T,
    "turned round": lambda a: a[::-1] if a.ndim else a,
    "sorted": lambda a: np.sort(a, axis=-1) if a.ndim else a,
    "flattened": lambda a: a.ravel() if a.ndim else a,
    "first row only": _only(0),
    "last row only": _only(-1),
    "first row": lambda a: a[:1] if a.ndim else a,
    "mean over rows": lambda a: np.broadcast_to(a.mean(axis=0), a.shape) if a.ndim and a.size else a,
    "one column more": lambda a: a[..., None],
    "without NaN": np.nan_to_num,
    "as it is": lambda a: a,
}
FORMS = {
    "as list": lambda a: a.tolist(),
    "as tuple": lambda a: tuple(a.tolist()) if a.ndim else a.item(),
    "as NumPy number": lambda a: a if a.ndim else a[()],
    "as Python number": lambda a: a if a.ndim else a.item(),
    "as Variable": lambda a: Variable(a) if a.dtype.kind == "f" else a,
}
OUTPUTS = CHANGES | FORMS


def _refusing(rule):
    """Return a change that lets arrays through as they are, and stops at those that a narrower program fails on."""

    def change(a):
        if not rule(a):
            raise ValueError("not made for this")
        return a

    return change


NARROW = {
    "for numbers only": lambda a: a.ndim == 0,
    "1-D only": lambda a: a.ndim == 1,
    "2-D only": lambda a: a.ndim == 2,
    "for at most 2-D": lambda a: a.ndim <= 2,
    "for squares only": lambda a: a.ndim == 2 and a.shape[0] == a.shape[1],
    "for 3 columns": lambda a: a.ndim == 2 and a.shape[1] == 3,
    "for 2 columns": lambda a: a.ndim == 2 and a.shape[1] == 2,
    "for 4 rows": lambda a: a.ndim > 0 and len(a) == 4,
    "for more than one row": lambda a: a.ndim == 0 or len(a) > 1,
    "for positive numbers": lambda a: bool((a >= 0).all()),
    "for small numbers": lambda a: bool((np.abs(a) < 500).all()),
}


def spoiled_functions(function, skip=0):
    """Yield pairs (in words, function): the function with one input or its output spoiled."""
    count = len(inspect.signature(function).parameters)
    for how, change in OUTPUTS.items():
        yield f"result {how}", _then(function, _whole(change))
    yield "result of the first call for ever", _forever(function)
    yield "nothing returned", _then(function, lambda _result: None)
    for place in range(skip, count):
        for how, change in CHANGES.items():
            yield f"input {place} {how}", _first(function, place, _whole(change))
        for how, rule in NARROW.items():
            yield f"input {place}: {how}", _first(function, place, _arrays_only(_refusing(rule)))
        yield f"input {place} as at the first call", _frozen(function, place)
        yield f"input {place} changed in place", _in_place(function, place)
        for other in range(place + 1, count):
            yield f"inputs {place} and {other} swapped", _swapped(function, place, other)


def _arrays_only(change):
    return lambda thing: thing if callable(thing) or isinstance(thing, str) else change(np.asarray(thing)) * 1


def _like(function, wrapper):
    wrapper.__signature__ = inspect.signature(function)
    return wrapper


def _then(function, change):
    return _like(function, lambda *inputs: change(function(*inputs)))


def _first(function, place, change):
    def wrapper(*inputs):
        return function(*inputs[:place], change(inputs[place]), *inputs[place + 1 :])

    return _like(function, wrapper)


def _forever(function):
    kept = []

    def wrapper(*inputs):
        kept.append(function(*inputs))
        return kept[0]

    return _like(function, wrapper)


def _frozen(function, place):
    kept = []

    def wrapper(*inputs):
        kept.append(copy.deepcopy(inputs[place]))
        return function(*inputs[:place], copy.deepcopy(kept[0]), *inputs[place + 1 :])

    return _like(function, wrapper)


def _in_place(function, place):
    def wrapper(*inputs):
        result = copy.deepcopy(function(*inputs))
        if isinstance(inputs[place], np.ndarray) and inputs[place].size:
            inputs[place][...] = inputs[place] * 2 + 1
        return result

    return _like(function, wrapper)


def _swapped(function, one, other):
    def wrapper(*inputs):
        inputs = list(inputs)
        inputs[one], inputs[other] = inputs[other], inputs[one]
        return function(*inputs)

    return _like(function, wrapper)


def spoiled_classes(cls):
    """Yield pairs (in words, class): one method spoiled, or memory that all objects share."""
    for name in ("forward", "backward"):
        for how, method in spoiled_functions(getattr(cls, name), skip=1):
            yield f"{name}: {how}", type(cls.__name__, (cls,), {name: method})

    def shared(self, name, thing):
        setattr(type(self), name, thing)

    yield "memory on the class", type(cls.__name__, (cls,), {"__setattr__": shared})

    def remembers_first(self, name, thing):
        if name not in self.__dict__:
            object.__setattr__(self, name, thing)

    yield "remembers only its first walk", type(cls.__name__, (cls,), {"__setattr__": remembers_first})


def spoiled(answer):
    """Yield mutants of an answer that is code."""
    if isinstance(answer, dict):
        for key, part in answer.items():
            yield from (Mutant(f"{key}: {m.how}", answer | {key: m.answer}) for m in spoiled(part))
    elif inspect.isclass(answer) and hasattr(answer, "backward"):
        yield from (Mutant(*pair) for pair in spoiled_classes(answer))
    elif inspect.isfunction(answer):
        yield from (Mutant(*pair) for pair in spoiled_functions(answer))
