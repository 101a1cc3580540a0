"""What the code of a cell does with the names of its notebook, as far as its text shows."""

import ast
import symtable
from contextlib import suppress
from typing import NamedTuple

ANYTHING = "*"  # bound by a cell of which nobody can say what it binds
UNSEEN = {"globals", "run_line_magic", "run_cell_magic"}  # and exec and eval: may bind any name
SHOWING = {"check", "check_gradients", "display", "draw", "hint", "print", "progress", "show_source"}  # change nothing
DEFS = ast.FunctionDef | ast.AsyncFunctionDef


class Names(NamedTuple):
    """The names that a cell uses and binds, each a frozenset."""

    used: frozenset  # not those that are `own`
    late: frozenset  # of these: in functions, which may be called later
    bound: frozenset  # or the object changed, by its attribute, an item or a method
    own: frozenset  # certainly bound before they are used
    loose: frozenset  # bound as anything but a module, function or class
    handed: frozenset  # to a function that is called for what it does with them, as in setattr(Layer, "name", 1)


def as_tree(source):
    """Return the syntax tree of a cell's code and its text, without IPython's magics; any error may come of it."""
    with suppress(SyntaxError):  # what is Python as it stands has none, and is read much sooner
        return ast.parse(source), source
    from IPython.core.inputtransformer2 import TransformerManager

    code = TransformerManager().transform_cell(source)
    return ast.parse(code), code


def names_in(source):
    """Return the `Names` of a cell, or None where it is no Python."""
    try:
        (tree, code), table = as_tree(source), None
        with suppress(SyntaxError, ValueError):  # such as an `await` outside of a function
            table = symtable.symtable(code, "cell", "exec")
    except Exception:  # a stranger's text, and a parser that may give up in many ways
        return None
    own, late, used, bound, known = _own(tree), set(), set(), set(), set()
    for scope in _scopes(table) if table else ():
        for symbol in scope.get_symbols():
            name = {symbol.get_name()}
            if scope is table or symbol.is_global():
                known |= name  # not a function's own
                used |= name if symbol.is_referenced() else set()
                late |= name if symbol.is_referenced() and scope is not table else set()
                bound |= name if symbol.is_assigned() or symbol.is_imported() else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign):
            used |= _mentioned(node.target) & (known if table else _mentioned(tree))
        elif isinstance(node, ast.Name) and table is None:
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
    bound |= set(_changed(tree)) & known if table else set(_changed(tree))
    if _binds_anything(tree):
        bound.add(ANYTHING)
    names = Names(*map(frozenset, (used - own, late - own, bound, own, bound & _assigned(tree), _handed(tree))))
    first, _line, rest = source.lstrip().partition("\n")
    inner = names_in(rest) if first.startswith("%%") else None  # such as %%time
    return Names(*(a | b for a, b in zip(names, inner, strict=True))) if inner else names


def _scopes(table):
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _mentioned(*trees):
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _assigned(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}


def _own(tree):
    """Return the names that a cell certainly binds before it uses them, if it comes to its end."""
    own, met = set(), set()
    for statement in tree.body:
        mentioned, binds = _mentioned(statement), set()
        if isinstance(statement, DEFS):
            binds = {statement.name} - _mentioned(*statement.decorator_list, statement.args)
        elif isinstance(statement, ast.ClassDef):
            binds = {statement.name} - mentioned
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            binds = {(name.asname or name.name).split(".")[0] for name in statement.names}
        elif isinstance(statement, ast.Assign):
            binds = _assigned(ast.Module([statement], [])) - _mentioned(statement.value)
        elif isinstance(statement, ast.For):
            binds = _mentioned(statement.target) - _mentioned(statement.iter)
        own |= binds - met
        met |= mentioned | binds
    return own


def _changed(tree):
    """Yield each name whose object a cell changes: in an attribute, an item, or by a method that it calls for that."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _root(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _root(node.value.func) if isinstance(node.value.func, ast.Attribute) else ()


def _handed(tree):
    """Return each name that a statement hands to a function, if it is called for nothing else and does not show it."""
    calls = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    given = [one for call in calls if getattr(call.func, "id", "") not in SHOWING for one in call.args]
    return {one.id for one in given if isinstance(one, ast.Name)}


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def _binds_anything(tree):
    """Tell whether a cell may bind names that do not stand in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
            return True
        if getattr(node, "id", getattr(node, "attr", "")) in UNSEEN:
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("exec", "eval") and len(node.args) < 2:
            return True  # with a second argument they bind names in that
    return False
