"""A limit to the time that a learner's code may take: a loop that never ends must not keep the kernel for good.

Its loops and functions get a look at the clock before they are compiled. That works in every thread and on every
system, and also ends a loop that catches all errors: the look stands outside of its ``try``.
"""

import ast
import math
from contextlib import contextmanager
from contextvars import ContextVar

try:
    from time import thread_time
except ImportError:  # in a browser, which has one thread
    from time import process_time as thread_time

LOOK = "__look_at_the_clock__"  # what the code calls; no name that it would use itself
_end = ContextVar("end", default=math.inf)  # of the present block, on the clock of this thread


class OutOfTime(BaseException):
    """Raised in code that has used up its time; no Exception, so that ``except Exception`` does not catch it."""


def look_at_the_clock():
    """Stop the code that calls this when its time is over; return True, as a condition may be made of it."""
    if thread_time() > _end.get():
        raise OutOfTime
    return True


@contextmanager
def time_limit(seconds):
    """Let code that was made by `with_looks` compute for so long in a ``with`` block, or less inside of another one.

    What this thread computes counts, and no waiting, so code does not run out of time on a machine that is busy.
    """
    token = _end.set(min(_end.get(), thread_time() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def with_looks(tree):
    """Return the syntax tree of a module with a look at the clock in every loop, comprehension and function."""
    return ast.fix_missing_locations(_Looks().visit(tree))


class _Looks(ast.NodeTransformer):
    """Insert the looks, each in the line of what it belongs to."""

    def _in_loop(self, loop):
        self.generic_visit(loop)
        loop.body.insert(0, ast.copy_location(ast.Expr(_look()), loop))
        return loop

    def _in_function(self, function):
        self.generic_visit(function)
        place = 0 if ast.get_docstring(function, clean=False) is None else 1
        function.body.insert(place, ast.copy_location(ast.Expr(_look()), function))
        return function

    visit_While = visit_For = visit_AsyncFor = _in_loop
    visit_FunctionDef = visit_AsyncFunctionDef = _in_function

    def visit_comprehension(self, loop):
        self.generic_visit(loop)
        loop.ifs.insert(0, ast.copy_location(_look(), loop.target))
        return loop


def _look():
    return ast.Call(ast.Name(LOOK, ast.Load()), [], [])
