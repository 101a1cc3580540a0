"""What a notebook shows of nbkit's own code."""

import inspect
import textwrap
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nbkit import Affine, Mul, ReLU, layers, show_source, softmax
from nbkit.layers import Layer

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
    source = show_source(thing)
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
