"""A course of its own for the tests of the static pages."""

import nbformat
import pytest
from nbformat.v4 import new_notebook

import nbkit.web.live
from tests.web import edition

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="9"><title>T</title></svg>'


@pytest.fixture
def course(tmp_path):
    """A function that writes a notebook of a course of its own and returns its path."""
    home = tmp_path / "course" / "notebooks"
    home.mkdir(parents=True)
    (home.parent / "tool.py").write_text("def f(x):\n    return x < 2\n", encoding="utf-8")
    (home / "dot.svg").write_text(SVG, encoding="utf-8")

    def write(name, *cells):
        path = home / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path

    return write


@pytest.fixture
def live(monkeypatch):
    """The browser edition in small; `live.build` is what writes it."""
    monkeypatch.setattr(nbkit.web.live, "build", edition.write)
    return nbkit.web.live
