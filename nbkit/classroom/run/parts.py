"""What the checks consist of, and what they compute with: remembered, and compared later.

These are the names of nbkit's modules and classes, of NumPy, of Python's built-in functions and of the modules that
nbkit uses; the code of their functions; and what the exercises keep in dicts, lists and arrays. What was added later
does not count: to bind a new name is no harm.
"""

import builtins
import sys
from types import FunctionType, ModuleType

import numpy as np

MISSING = object()
# Names that IPython and its kernel exchange themselves, and modules that hold what changes: streams, filters, caches.
CHANGING = {"_", "breakpoint", "copyright", "credits", "display", "exit", "get_ipython", "help", "input", "license",
            "print", "quit"}  # fmt: skip
MOVING = {"builtins", "gc", "linecache", "logging", "os", "sys", "threading", "time", "warnings"}
# What Python itself adds to a class when it is asked about it.
BY_PYTHON = {"__abstractmethods__", "__annotate__", "__annotate_func__", "__annotations__", "__annotations_cache__",
             "__parameters__", "__slotnames__"}  # fmt: skip
MAX_DEPTH = 8  # of dicts and lists within each other


class Parts:
    """All that was there when they were remembered."""

    def remember(self):
        """Look at everything that is loaded now."""
        self.names, self.functions, self.tables, self.arrays, self.met = [], [], [], [], set()
        self.classes = []
        ours = [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "nbkit"]
        used = {value.__name__ for module in ours for value in vars(module).values() if isinstance(value, ModuleType)}
        used |= {name for name in sys.modules if name.split(".")[0] == "numpy"}
        for module in ours:
            self._space(vars(module), vars(module).items())
            for name, value in list(vars(module).items()):
                if not name.startswith("__"):
                    self._content(value, 0)
        for name in sorted(used - MOVING):
            module = sys.modules.get(name)
            if module is not None and name.split(".")[0] != "nbkit":
                self._space(vars(module), [pair for pair in vars(module).items() if _computes(pair[1])])
        self._space(vars(builtins), [pair for pair in vars(builtins).items() if pair[0] not in CHANGING])

    def _space(self, space, pairs):
        for name, value in list(pairs):
            if not (name.startswith("__") and name.endswith("__")) or callable(value):
                self.names.append((space, name, value))
                self._code(value)

    def _code(self, value):
        """Note the code of a function, of those that a class or another function holds, and of nbkit's classes."""
        if id(value) in self.met:
            return
        self.met.add(id(value))
        for inner in ("__func__", "fget", "__wrapped__", "_implementation", "func"):
            found = None if isinstance(value, type | ModuleType) else _own(value, inner)
            if isinstance(found, FunctionType):
                self._code(found)
        if isinstance(value, FunctionType):
            cells = tuple((cell, _held(cell)) for cell in value.__closure__ or ())
            self.functions.append((value, value.__code__, value.__defaults__, cells))
            for _cell, held in cells:
                if isinstance(held, FunctionType):
                    self._code(held)
        elif isinstance(value, type) and value.__module__.split(".")[0] == "nbkit":
            self._space(vars(value), vars(value).items())
            if value.__module__.startswith("nbkit.exercises."):
                self.classes.append((vars(value), frozenset(vars(value)) | BY_PYTHON))

    def _content(self, value, depth):
        """Note what stands in dicts, lists and arrays."""
        if depth > MAX_DEPTH:
            return
        kind = type(value)
        if issubclass(kind, np.ndarray) and value.dtype != object:
            self.arrays.append((value, value.tobytes()))
        elif issubclass(kind, dict | list | tuple):
            pairs = tuple(value.items() if issubclass(kind, dict) else enumerate(value))
            self.tables.append((value, pairs))
            for _key, item in pairs:
                self._content(item, depth + 1)
        elif kind is FunctionType:
            self._code(value)

    def are_whole(self):
        """Tell whether all is as it was; written with nothing that has a name which could be exchanged."""
        missing = MISSING
        for space, name, value in self.names:
            if space.get(name, missing) is not value:
                return False
        for space, known in self.classes:
            for name in space:
                if name not in known:  # such as a property that hides what an object holds
                    return False
        for function, code, defaults, cells in self.functions:
            if function.__code__ is not code or function.__defaults__ is not defaults:
                return False
            for cell, held in cells:
                if held is not missing and cell.cell_contents is not held:
                    return False
        for table, pairs in self.tables:
            if table.__len__() < pairs.__len__():
                return False
            for key, value in pairs:
                if table[key] is not value:
                    return False
        for array, data in self.arrays:  # noqa: SIM110 - `all` is a name that can be exchanged
            if array.tobytes() != data:
                return False
        return True


def _computes(value):
    return callable(value) and not isinstance(value, ModuleType)


def _own(value, name):
    try:
        return getattr(value, name, None)
    except Exception:  # an object that answers such a question in its own way
        return None


def _held(cell):
    try:
        return cell.cell_contents
    except ValueError:  # nothing yet
        return MISSING
