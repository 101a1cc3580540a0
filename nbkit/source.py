"""Shows nbkit's own code in a notebook, so that the text of the course and the package cannot drift apart."""

import ast
import inspect
import itertools
import textwrap

from nbkit.messages import _, kind_of

BLOCKS = ("body", "orelse", "finalbody", "handlers")  # where a syntax tree keeps statements


class Source:
    """Python source: coloured in a notebook, plain text in a terminal."""

    def __init__(self, code):
        self.code = code

    def __repr__(self):
        return self.code

    def _repr_markdown_(self):
        return f"```python\n{self.code}```"


def show_source(thing, full=False):
    """Return the source of a class or function of nbkit, or of the class of a layer, ready to be shown.

    Docstrings are left out, and so is what only refuses bad input: dots stand in its place, and the last line says so.

    Parameters
    ----------
    thing : class, function or Layer
    full : bool
        Leave nothing out.

    Raises
    ------
    TypeError
        If there is no Python source to show.
    """
    subject = thing if inspect.isclass(thing) or inspect.isroutine(thing) else type(thing)
    try:
        code = textwrap.dedent(inspect.getsource(subject))
    except (TypeError, OSError):
        raise TypeError(_("there is no Python source to show for {}").format(kind_of(thing))) from None
    return Source(code if full else abridged(code, subject.__qualname__.rpartition("<locals>.")[2]))


def abridged(code, name):
    """Return source without docstrings and refusals, and with a line that says what is missing, if anything is."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # part of an expression, such as a lambda
        return code
    lines = [[line] for line in code.splitlines()]  # each becomes none, or another one
    found = _drop_docstrings(tree, lines), _drop_refusals(tree, lines)
    if not any(found):
        return code
    words = {
        (True, True): _("Left out: docstrings, and in the place of ... what refuses bad input."),
        (True, False): _("Left out: docstrings."),
        (False, True): _("Left out, in the place of ...: what refuses bad input."),
    }[found]
    more = ["", f"# {words}", "# " + _("All of it: {code}").format(code=f"show_source({name}, full=True)")]
    return "".join(f"{line}\n" for line in [*itertools.chain(*lines), *more])


def _drop_docstrings(tree, lines):
    """Empty the lines of all docstrings, and the blank ones below; return whether there were any."""
    found = False
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first, *rest = node.body
        if ast.get_docstring(node, clean=False) is None or first.lineno == node.lineno:
            continue
        if rest and rest[0].lineno == first.end_lineno:
            continue
        found = True
        _replace(lines, first, [] if rest else [" " * first.col_offset + "..."])
        for group in lines[first.end_lineno :] if rest else []:
            if "".join(group).strip():
                break
            group.clear()
    return found


def _drop_refusals(node, lines):
    """Put dots in the place of statements that do nothing but refuse; return whether there were any."""
    found = False
    for block in (getattr(node, name, ()) for name in BLOCKS):
        dotted = False  # whether dots stand in the place of the statement before
        for statement in block if isinstance(block, list) else ():
            dots, first = [" " * statement.col_offset + "..."], "".join(lines[statement.lineno - 1])
            if _refuses(statement) and not first.lstrip().startswith("elif"):
                _replace(lines, statement, [] if dotted else dots)
                dotted = found = True
                continue
            found |= _drop_refusals(statement, lines)
            dotted = _is_guarded(statement)
            if dotted:
                _unwrap(lines, statement, dots)
                found = True
    return found


def _refuses(statement):
    """Tell whether a statement raises an error, or does nothing: an `if`, perhaps in a loop."""
    if isinstance(statement, ast.For | ast.While) and not statement.orelse:
        return all(map(_refuses, statement.body))
    return isinstance(statement, ast.If) and not statement.orelse and _raises(statement.body)


def _raises(block):
    """Tell whether a block raises, after at most an assignment of what to say."""
    return isinstance(block[-1], ast.Raise) and all(isinstance(one, ast.Assign) for one in block[:-1])


def _is_guarded(statement):
    """Tell whether this is a `try` that only turns errors into others, with no text of several lines in it."""
    if not isinstance(statement, ast.Try) or statement.orelse or statement.finalbody:
        return False
    if not all(_raises(handler.body) for handler in statement.handlers):
        return False
    texts = (node for node in ast.walk(statement) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return all(text.lineno == text.end_lineno for text in texts)


def _unwrap(lines, guarded, dots):
    """Leave of a `try` what it tries, and dots in the place of its handlers."""
    lines[guarded.lineno - 1].clear()
    first, last = guarded.lineno, guarded.handlers[0].lineno - 1
    indent = guarded.body[0].col_offset - guarded.col_offset
    for group in lines[first:last]:
        group[:] = [line[indent:] for line in group]
    for handler in guarded.handlers:
        _replace(lines, handler, [])
    lines[last][:] = dots


def _replace(lines, node, new):
    """Put other lines in the place of those of a node."""
    for group in lines[node.lineno - 1 : node.end_lineno]:
        group.clear()
    lines[node.lineno - 1][:] = new
