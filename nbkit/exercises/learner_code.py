"""Code that a learner has handed in: whether it is still open, and how it is run."""

import ast
import dis
import inspect
import itertools
import textwrap

from nbkit.exercises.answers import is_open
from nbkit.exercises.verdicts import Forgotten, NotTried, Wrong
from nbkit.messages import _, kind_of, said_by

DOTS_LEFT = _("Still open: dots (...) stand in {name}.")
DOTS_MET = _("Still open: your code met dots (...) where it needs a value. Put one in their place.")


def met_dots(error):
    """Tell whether code stopped because a part of it still has the notebook's dots."""
    said = said_by(error) if isinstance(error, TypeError | AttributeError) else ""
    return "ellipsis" in said and "indices" not in said


def stopped(error):
    """Say that an error of the learner's code ended it, and what the error says, if anything."""
    kind, said = type(error).__name__, said_by(error)
    if not said:
        return _("Your code stopped with {kind}.").format(kind=kind)
    return _("Your code stopped with {kind}: {error}").format(kind=kind, error=said)


def is_stub(function):
    """Tell whether a body does nothing but return dots or None; one that forgot `return` does something."""
    try:
        steps = {step.opname for step in dis.get_instructions(function)}
    except TypeError:  # written in C, or an object that can be called
        return False
    return steps <= {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "BUILD_TUPLE"} | {
        "COPY_FREE_VARS", "LOAD_COMMON_CONSTANT", "LOAD_SMALL_INT"}  # fmt: skip


def _has_results(function):
    """Tell whether some path through a body returns a result."""
    try:
        steps = list(dis.get_instructions(function))
    except TypeError:
        return False
    return any(
        (step.opname == "RETURN_CONST" and step.argval is not None)
        or (step.opname == "RETURN_VALUE" and step.is_jump_target)
        or (step.opname == "RETURN_VALUE" and not (before.opname == "LOAD_CONST" and before.argval is None))
        for before, step in itertools.pairwise(steps)
    )


def has_dots(function):
    """Tell whether dots stand in the source of a body, as its last line or assigned to a name."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    ends = [block[-1] for node in ast.walk(tree) for block in _blocks(node)]  # dots above finished code are left over
    waiting = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)]
    waiting += [node for node in ends if isinstance(node, ast.Expr | ast.Return)]
    return any(isinstance(node.value, ast.Constant) and node.value.value is ... for node in waiting)


def _blocks(node):
    """Return the lists of statements of a node of a syntax tree."""
    return [
        block for name in ("body", "orelse", "finalbody") if isinstance(block := getattr(node, name, 0), list) and block
    ]


def returned(result, function, name=None, stub=None):
    """Return the result of a learner's function, or say that there is none: `stub` of an empty body."""
    parts = result if isinstance(result, tuple | list) and len(result) else [result]
    if not all(is_open(part) for part in parts):
        return result
    if any(part is ... for part in parts) or is_stub(function):
        raise NotTried(stub or "")
    if has_dots(function):
        raise NotTried(DOTS_LEFT.format(name=name or _("your function")))
    if _has_results(function):
        text = _(
            "{name} hands nothing back here: every way through it has to end in the `return` of a result, and `print` "
            "gives none."
        )
        raise Forgotten(text.format(name=name or _("Your function")))
    text = _(
        "{name} hands nothing back: a result that is only computed, or shown with `print`, is lost. Write `return` in "
        "front of it."
    )
    raise Forgotten(text.format(name=name or _("Your function")))


def call(function, *inputs):
    """Run the learner's function and return its result; see `returned`."""
    return returned(run(function, *inputs), function)


def run(function, *inputs):
    """Run the learner's function, which may be one that returns nothing, after looking at what it takes."""
    if not callable(function):
        raise Wrong(_("The answer should be a function, this is {}.").format(kind_of(function)))
    try:
        inspect.signature(function).bind(*inputs)
    except TypeError:
        if len(inputs) == 1:
            raise Wrong(_("Your function should take one argument.")) from None
        raise Wrong(_("Your function should take {n} arguments.").format(n=len(inputs))) from None
    except ValueError:
        pass  # one written in C may have no signature: np.exp of an older NumPy
    return function(*inputs)


def call_method(thing, name, *inputs, stub=None):
    """Run a method of the learner's object and return its result; see `returned`."""
    method = getattr(thing, name)
    try:
        result = method(*inputs)
    except NotImplementedError as error:
        raise NotTried(stub or said_by(error)) from None
    return returned(result, method, name, stub)


def instantiate(cls, *arguments, forward="x"):
    """Make an object of the learner's class, after looking at what its methods take: `forward` names the inputs."""
    if not inspect.isclass(cls):
        if callable(getattr(cls, "backward", None)):
            raise Wrong(_("This is an object. Hand in the class itself, its name without brackets ()."))
        raise Wrong(_("The answer should be a class with forward and backward, this is {}.").format(kind_of(cls)))
    for name, given in (("forward", forward), ("backward", "dout")):
        if not callable(getattr(cls, name, None)):
            raise Wrong(_("The class has no {}.").format(name))
        itself = [] if isinstance(inspect.getattr_static(cls, name), staticmethod) else [None]
        if not _takes(getattr(cls, name), *itself, *given.split(", ")):
            raise Wrong(_("{name} should take (self, {given}).").format(name=name, given=given))
    if arguments and not _takes(cls, *arguments):
        raise Wrong(_("The class should be made with two arrays, (W, b)."))
    if not arguments and inspect.isfunction(cls.__init__) and not _takes(cls.__init__, None):
        raise Wrong(_("The class should be made without arguments: those of __init__ need defaults."))
    return cls(*arguments)


def _takes(function, *arguments):
    """Tell whether a function can be called with so many arguments."""
    try:
        inspect.signature(function).bind(*arguments)
    except (TypeError, ValueError):
        return False
    return True
