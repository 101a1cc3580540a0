"""Which cells of a notebook an answer needs: those above it that bind or change a name which it needs, and so on.

It is found in the code alone and errs on the side of more cells. What it cannot see (a name made by `exec`, an object
changed by a function that it is handed to) makes an answer come out otherwise than the notebook says, and then the
whole notebook is run.
"""

import ast
import symtable
from contextlib import suppress
from typing import NamedTuple

ANYTHING = "*"  # bound by a cell of which nobody can say what it binds
UNSEEN = {"exec", "eval", "globals", "run_line_magic", "run_cell_magic"}  # may bind any name


class Names(NamedTuple):
    """What a cell does with the names of a notebook."""

    used: frozenset
    bound: frozenset  # or changed


def names_in(source):
    """Return the names that a cell uses and binds, or None where it is no Python."""
    try:
        code, body = _as_python(source)
        tree, table = ast.parse(code), None
        with suppress(SyntaxError, ValueError):  # such as an `await` outside of a function
            table = symtable.symtable(code, "cell", "exec")
    except Exception:  # a stranger's text, and an `ast` that may give up in many ways
        return None
    used, bound = set(), set(_changed(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            used.add(node.target.id)
        elif isinstance(node, ast.Name) and table is None:
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif (
            (isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names))
            or (isinstance(node, ast.Name) and node.id in UNSEEN)
            or (isinstance(node, ast.Attribute) and node.attr in UNSEEN)
        ):
            bound.add(ANYTHING)
    for scope in _scopes(table) if table else ():
        top = scope is table
        for symbol in scope.get_symbols():
            if top or symbol.is_global():
                used.update([symbol.get_name()] if symbol.is_referenced() else ())
                bound.update([symbol.get_name()] if symbol.is_assigned() or symbol.is_imported() else ())
    used -= _own(tree)
    inner = names_in(body) if body else None
    if inner:
        used, bound = used | inner.used, bound | inner.bound
    return Names(frozenset(used), frozenset(bound))


def _as_python(source):
    """Return a cell's code without magics, and the body of a cell's magic such as %%time."""
    from IPython.core.inputtransformer2 import TransformerManager

    first, _line, rest = source.lstrip().partition("\n")
    return TransformerManager().transform_cell(source), rest if first.startswith("%%") else ""


def _scopes(table):
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _own(tree):
    """Return the names that a cell certainly binds itself before it uses them."""
    own, met = set(), set()
    for statement in tree.body:
        mentioned, binds = _mentioned(statement), set()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            binds = {statement.name} - _mentioned(*statement.decorator_list, statement.args)
        elif isinstance(statement, ast.ClassDef):
            binds = {statement.name} - mentioned
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            binds = {(name.asname or name.name).split(".")[0] for name in statement.names}
        elif isinstance(statement, ast.Assign):
            binds = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            binds -= _mentioned(statement.value)
        own |= binds - met
        met |= mentioned | binds
    return own


def _mentioned(*trees):
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _changed(tree):
    """Yield each name whose object a cell changes: in an attribute, an item, or by a method that it calls for that."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _root(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _root(node.value.func) if isinstance(node.value.func, ast.Attribute) else ()


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


class Slices:
    """The cells that others need, of a list of sources."""

    def __init__(self, sources):
        self.names = [names_in(source) for source in sources]

    def needed(self, cell):
        """Return the numbers of the cells above one that it needs."""
        wanted = set(self.names[cell].used) if self.names[cell] else set()
        found = []
        for above in range(cell - 1, -1, -1):
            names = self.names[above]
            if names and (ANYTHING in names.bound or names.bound & wanted):
                found.append(above)
                wanted |= names.used
        return found[::-1]
