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
    loose: frozenset = frozenset()  # those of them that are no modules, functions or classes, just as they were made


def names_in(source):
    """Return the names that a cell uses and binds, or None where it is no Python."""
    try:
        code, body = _as_python(source)
        tree, table = ast.parse(code), None
        with suppress(SyntaxError, ValueError):  # such as an `await` outside of a function
            table = symtable.symtable(code, "cell", "exec")
    except Exception:  # a stranger's text, and an `ast` that may give up in many ways
        return None
    used, changed = set(), set(_changed(tree))
    bound = set(changed)
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
        used, bound, changed = used | inner.used, bound | inner.bound, changed | inner.loose
    return Names(frozenset(used), frozenset(bound), frozenset((bound - _firm(tree)) | changed))


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


def _firm(tree):
    """Return the names of modules, functions and classes that a cell makes and binds in no other way."""
    made, other = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.alias):
            made.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            other.add(node.id)
    return made - other


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


def asked_again(source, name):
    """Return code that asks nbkit's own check of what a cell hands to whatever it calls so, or an empty text."""
    try:
        calls = [node for node in ast.walk(ast.parse(_as_python(source)[0])) if isinstance(node, ast.Call)]
        for call in calls:
            given = dict(zip(("name", "answer"), call.args, strict=False)) | {
                one.arg: one.value for one in call.keywords
            }
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if called == "check" and getattr(given.get("name"), "value", "") == name and "answer" in given:
                return f"__import__('nbkit').check({name!r}, {ast.unparse(given['answer'])})"
    except Exception:  # as in `names_in`
        return ""
    return ""


class Slices:
    """The cells that others need, of a list of sources."""

    def __init__(self, sources):
        self.names = [names_in(source) for source in sources]
        known = list(filter(None, self.names))
        self.bound = {name for names in known for name in names.bound}
        self.loose = {name for names in known for name in names.loose}
        self._found = {}

    def needed(self, cell):
        """Return the numbers of the cells above one that it needs."""
        return self._needed(cell)[0]

    def is_certain(self, cell):
        """Tell whether nothing but the needed cells can make a difference to a cell, as far as its names say.

        No other cell above it mentions an object that these use, beside functions, classes and modules; and no cell
        below binds a name that is bound by none of them.
        """
        needed, wanted = self._needed(cell)
        inside = {*needed, cell}
        here = {name for k in inside if self.names[k] for name in self.names[k].bound}
        if ANYTHING in self.bound or (wanted & self.bound) - here:
            return False
        objects = wanted & self.loose
        others = [self.names[k] for k in range(cell) if k not in inside and self.names[k]]
        return not any(objects & (names.used | names.bound) for names in others)

    def _needed(self, cell):
        if cell not in self._found:
            wanted = set(self.names[cell].used) if self.names[cell] else set()
            found = []
            for above in range(cell - 1, -1, -1):
                names = self.names[above]
                if names and (ANYTHING in names.bound or names.bound & wanted):
                    found.append(above)
                    wanted |= names.used
            self._found[cell] = found[::-1], wanted
        return self._found[cell]
