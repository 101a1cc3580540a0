"""What the code of a cell does with the names of its notebook, as far as its text shows."""

import ast
import re
import symtable
from contextlib import suppress
from typing import NamedTuple

ANYTHING = "*"  # bound by a cell of which nobody can say what it binds
UNSEEN = {"globals", "run_line_magic", "run_cell_magic"}  # and exec and eval: may bind any name
MAGIC = re.compile(r"^.*[%!?].*$|^[ ]*[/,;]", re.MULTILINE)  # a line that may be IPython's
MAX_WORK = 1_000_000  # as `work_on` counts: some seconds
DEFS = ast.FunctionDef | ast.AsyncFunctionDef


class Names(NamedTuple):
    """The names that a cell uses and binds, each a frozenset."""

    used: frozenset = frozenset()  # those that are `late`, and others that are not `own`
    late: frozenset = frozenset()  # in functions, which may be called later
    bound: frozenset = frozenset()  # or the object changed, by its attribute, an item or a method
    own: frozenset = frozenset()  # certainly bound before they are used


def as_text(source):
    """Return a cell's code as it can be sent and parsed: with no half of a character that takes two."""
    return source.encode("utf-8", "replace").decode()


def work_on(source):
    """Return how much work a cell may be: IPython reads all of it again for each line that is its own."""
    return len(source) * sum(1 for _line in MAGIC.finditer(source))


def as_tree(source):
    """Return the syntax tree of a cell's code and its text, without IPython's magics; any error may come of it."""
    with suppress(SyntaxError):  # what is Python as it stands has none, and is read much sooner
        return ast.parse(source), source
    if work_on(source) > MAX_WORK:
        raise ValueError("too many lines of magics")
    from IPython.core.inputtransformer2 import TransformerManager

    code = TransformerManager().transform_cell(source)
    return ast.parse(code), code


def names_in(source):
    """Return the `Names` of a cell; of one that is no Python, there are none."""
    names, first, inner = _names_in(source), "%%", source.lstrip()
    while inner.startswith("%%"):  # such as %%time: what it binds is not seen, but what it uses
        first, _line, inner = inner.partition("\n")
        inner = inner.lstrip()
    if first != "%%" and inner:
        names = Names(*(a | b for a, b in zip(names, _names_in(inner), strict=True)))
    return names


def _names_in(source):
    try:
        (tree, code), table = as_tree(source), None
        with suppress(SyntaxError, ValueError):  # such as an `await` outside of a function
            table = symtable.symtable(code, "cell", "exec")
        return _names_of(tree, table)
    except Exception:  # a stranger's text, and a parser that may give up in many ways
        return Names()


def _names_of(tree, table):
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
            used |= _mentioned(node.target) & known if table else _mentioned(node.target)
        elif isinstance(node, ast.Name) and table is None:
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
    bound |= set(_changed(tree)) & known if table else set(_changed(tree))
    if _binds_anything(tree):
        bound.add(ANYTHING)
    return Names(*map(frozenset, ((used - own) | late, late, bound, own)))


def _scopes(table):
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _mentioned(*trees):
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


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
            assigned = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            binds = {node.id for node in assigned if isinstance(node.ctx, ast.Store)} - _mentioned(statement.value)
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
