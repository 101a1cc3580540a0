"""A drawing: shown by a notebook, saved to a file, the same picture everywhere."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nbkit import Variable, draw
from nbkit.drawing.graph.draw import Drawing
from nbkit.drawing.still import MAX_SHRUNK_WIDTH, address_of
from tests.drawing.graph.graphs import backward, busy_graph, shop
from tests.drawing.parsed import parsed

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from tests.drawing.graph.graphs import busy_graph
from nbkit import draw
sys.stdout.write(draw(busy_graph()).svg)
"""


def test_same_graph_same_bytes_in_every_process():
    def svg(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True, env=environment
        )
        assert done.stderr == b""  # no word of Graphviz or its font library reaches the learner
        return done.stdout

    assert svg("0") == svg("1") == svg("7") == draw(busy_graph()).svg.encode()


def test_a_notebook_gets_a_picture_with_words_and_a_terminal_the_words_alone():
    drawing = draw(Variable(2, 'a "b" <c> & d') * Variable(1.1, "tax"))
    data = drawing._repr_mimebundle_()
    image = parsed(data["text/html"].replace("><style", "/><style"))[0]
    words = 'Computation graph with one operation. Inputs: a "b" <c> & d, tax. Result: 2.2.'
    assert (image.get("alt"), image.get("width")) == (words, str(round(drawing.svg.width)))
    assert image.get("src") == address_of(drawing.svg)
    assert data["image/svg+xml"] == drawing.svg
    assert data["text/plain"] == repr(drawing) == f"Drawing: {words}"
    assert {type(value) for value in data.values()} == {str}


def test_a_picture_too_wide_for_a_page_scrolls_and_is_not_shrunk_to_dust():
    x = Variable(2, "x")
    for _ in range(20):
        x = x * 1.1
    box = parsed(draw(x)._repr_mimebundle_()["text/html"].replace("></div>", "/></div>"))[0]
    assert (box.tag, box.get("tabindex")) == ("div", "0")  # the keyboard can scroll it
    assert int(box.find("img").get("width")) > MAX_SHRUNK_WIDTH


def test_the_png_shows_the_same_picture():
    """Ink where the SVG has a box, none in the corner; the text is really there, with or without system fonts."""
    graph = backward(shop())

    def grey(drawing):
        return np.asarray(Image.open(io.BytesIO(drawing.png)).convert("L"), dtype=float)

    with_text, without = grey(draw(graph)), grey(draw(graph, values=False))
    assert with_text.shape == without.shape
    assert (with_text != without).sum() > 500
    assert with_text[1, with_text.shape[1] // 2] == 255


def test_save_writes_svg_and_png_and_refuses_other_endings(tmp_path):
    drawing = draw(shop())
    assert drawing.save(tmp_path / "a.svg").read_text() == drawing.svg
    assert drawing.save(str(tmp_path / "a.png")).read_bytes() == drawing.png
    with pytest.raises(ValueError, match=r"\.svg or \.png, got a\.pdf"):
        drawing.save(tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("thing", [3, "graph", None, [Variable(1, "x")]])
def test_draw_says_what_it_takes(thing):
    with pytest.raises(TypeError, match="Graph or a Variable"):
        draw(thing)


def test_the_picture_of_the_readme_is_what_nbkit_draws():
    assert ROOT.joinpath("notebooks/images/apple_graph.svg").read_text("utf-8") == draw(backward(shop())).svg


def test_a_drawing_keeps_the_numbers_that_it_was_drawn_with():
    graph = shop()
    drawing = draw(graph)
    graph.forward(apple=1)
    assert isinstance(drawing, Drawing)
    assert drawing.svg.marks["v0-v2-0"].value == 100
    assert draw(graph).svg.marks["v0-v2-0"].value == 1
