"""What a notebook shows of nbkit's own code."""

import ast
import inspect
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pytest

import nbkit
from nbkit import Affine, Mul, ReLU, layers, show_source, softmax
from nbkit.layers import Layer
from nbkit.source import abridged

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PAGE = 96  # letters of code that a page of JupyterLab has room for in a window of 1,100 pixels


@pytest.mark.parametrize(
    ("thing", "first", "inside"),
    [
        (Mul, "class Mul(Elementwise):", "def backward(self, dout):"),
        (ReLU("hidden"), "class ReLU(Elementwise):", "Rectifier"),
        (softmax, "def softmax(x):", "np.exp"),
        (Affine.forward, "def forward(self, x):", "features"),
        (Mul().backward, "def backward(self, dout):", "self.saved(dout)"),
    ],
)
def test_the_source_is_that_of_the_package(thing, first, inside):
    source = show_source(thing, full=True)
    assert repr(source).splitlines()[0] == first
    assert inside in repr(source)
    own = textwrap.indent(repr(source), "" if inspect.isclass(thing) or isinstance(thing, Layer) else "    ")
    assert own in layers.__loader__.get_source("nbkit.layers") or thing is softmax


def test_a_notebook_colours_it_and_a_terminal_shows_it_plain():
    source = show_source(Mul)
    assert source._repr_markdown_() == f"```python\n{source!r}```"
    assert repr(source).endswith("\n")
    assert "```" not in repr(source)


def test_a_learners_own_layer_is_shown_too():
    class Cube(Layer):
        def forward(self, x):
            return x**3

    assert "return x**3" in repr(show_source(Cube()))


# ---------------------------------------------------------------- what is left out

LONG = (
    """
class Guarded(Layer):
    \"\"\"Says

    much.
    \"\"\"

    symbol = "G"

    def forward(self, x, y):
        "what it does"
        if x is None:
            rule = "no {}"
            raise ValueError(rule.format(x))
        for entry in x:
            if entry < 0:
                raise ValueError(entry)
        # the sum
        try:
            if y == 0:
                raise ZeroDivisionError
            z = (x +
                 y)
        except TypeError:
            raise ValueError("x") from None
        if z:
            z += 1
        elif y:
            raise ValueError(y)
        while z < 3:
            z += 1
        return z

    def backward(self, dout):
        """
    + '"""none yet"""'
    + """

    def later(self):
        raise NotImplementedError
"""
)
SHORT = """class Guarded(Layer):
    symbol = "G"

    def forward(self, x, y):
        ...
        # the sum
        ...
        z = (x +
             y)
        ...
        if z:
            z += 1
        elif y:
            raise ValueError(y)
        while z < 3:
            z += 1
        return z

    def backward(self, dout):
        ...

    def later(self):
        raise NotImplementedError

# Left out: docstrings, and in the place of ... what refuses bad input.
# All of it: show_source(Guarded, full=True)
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write code into a module of its own, and return what it defines."""

    def write(code):
        path, module = tmp_path / "written.py", ModuleType("written")
        path.write_text(code, "utf-8")
        module.Layer, module.__file__ = Layer, str(path)
        monkeypatch.setitem(sys.modules, "written", module)
        exec(compile(code, str(path), "exec"), vars(module))
        return module

    return write


def test_docstrings_and_refusals_are_left_out_and_the_last_lines_say_so(written):
    guarded = written(LONG).Guarded
    assert repr(show_source(guarded)) == SHORT
    assert repr(show_source(guarded, full=True)) == LONG.lstrip()


@pytest.mark.parametrize(
    ("thing", "last"),
    [
        (Affine.backward, "return np.dot(dout"),
        (Mul, "# Left out: docstrings.\n# All of it: show_source(Mul, full=True)"),
        (Affine.forward, "# Left out, in the place of ...: what refuses bad input.\n"
         "# All of it: show_source(Affine.forward, full=True)"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_named(thing, last):
    lines = repr(show_source(thing)).rstrip().splitlines()
    assert last in "\n".join(lines[-2:])
    if not last.startswith("#"):
        assert "Left out" not in repr(show_source(thing))


def test_of_all_code_of_nbkit_what_is_shown_is_python_without_a_docstring():
    shorter = 0
    for path in Path(nbkit.__file__).parent.rglob("*.py"):
        code = path.read_text("utf-8")
        for full in ast.parse(code).body:
            if isinstance(full, ast.ClassDef | ast.FunctionDef):
                text = ast.get_source_segment(code, full) + "\n"
                shown = ast.parse(abridged(text, full.name))
                assert [node.name for node in parts(shown) if ast.get_docstring(node)] == []
                assert [node.name for node in parts(shown)] == [node.name for node in parts(full)]
                shorter += ast.unparse(shown) != ast.unparse(full)
    assert shorter > 500


def parts(tree):
    """The classes and functions in a syntax tree."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)]


# ---------------------------------------------------------------- in the notebooks


def shown_in_notebooks():
    """Yield the sources that the notebooks show, as they are stored."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", ()):
                yield from output.get("data", {}).get("text/markdown", "").splitlines()


def test_no_line_that_a_notebook_shows_is_broken_in_the_middle_of_a_word():
    lines = list(shown_in_notebooks())
    assert len(lines) > 100
    assert [line for line in lines if len(line) > PAGE] == []


def made_of_text():
    scope = {"Layer": Layer, "__name__": "nowhere"}
    exec("class Ghost(Layer):\n    pass", scope)
    return scope["Ghost"]


@pytest.mark.parametrize(
    ("thing", "telling"),
    [
        (3, "no Python source to show for 3"),
        ("Mul", "text 'Mul'"),
        (None, "None"),
        (np.exp, "exp"),
        (len, "len"),
        (int, "int"),
    ],
)
def test_what_has_no_source_is_refused(thing, telling):
    with pytest.raises(TypeError, match=telling):
        show_source(thing)


def test_a_class_without_a_file_is_refused():
    with pytest.raises(TypeError, match="no Python source"):
        show_source(made_of_text())
