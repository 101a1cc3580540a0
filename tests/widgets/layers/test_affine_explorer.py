"""The affine explorer: every shape that it shows is the shape of an array, and what does not fit is explained."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import AffineExplorer

SIZES = [(1, 1, 1), (6, 6, 6), (4, 3, 2), (1, 6, 1), (6, 1, 6)]


def line(explorer, name):
    return explorer.blocks.svg.marks[name].line


@pytest.mark.parametrize(("n", "d", "k"), SIZES)
def test_shapes_are_those_of_the_three_rules(n, d, k):
    explorer = AffineExplorer(n, d, k)
    assert explorer.shapes == {
        "x": (n, d), "W": (d, k), "b": (k,), "y": (n, k), "dout": (n, k), "dx": (n, d), "dW": (d, k), "db": (k,),
    }  # fmt: skip
    x, W, b = (explorer.graph.inputs[name] for name in ("x", "W", "b"))
    dout = explorer.graph.output.grad
    np.testing.assert_allclose(explorer.graph.output.value, x.value @ W.value + b.value)
    np.testing.assert_allclose(x.grad, dout @ W.value.T)
    np.testing.assert_allclose(W.grad, x.value.T @ dout)
    np.testing.assert_allclose(b.grad, dout.sum(axis=0))


@pytest.mark.parametrize(("n", "d", "k"), SIZES)
def test_pictures_are_valid_and_stay_inside_their_frame(n, d, k):
    explorer = AffineExplorer(n, d, k)
    for svg in (explorer.view.svg, explorer.blocks.svg, explorer.snapshot()):
        ET.fromstring(svg)
    assert line(explorer, "dW") == f"dW = xᵀ @ dout: ({d}, {n}) @ ({n}, {k}) = ({d}, {k})"
    for x, y in re.findall(r"M([\d.]+) ([\d.]+)", explorer.blocks.svg):
        assert 0 <= float(x) <= explorer.blocks.svg.width
        assert 0 <= float(y) <= explorer.blocks.svg.height


@pytest.mark.parametrize(("n", "d", "k"), SIZES)
def test_the_shapes_of_every_product_go_together(n, d, k):
    for name, mark in AffineExplorer(n, d, k).blocks.svg.marks.items():
        shapes = [part[0] for part in mark.product if isinstance(part, tuple)]
        assert re.findall(r">(\([\d, ]+\))</text>", mark) == [str(shape) for shape in shapes]
        if name == "db":
            assert np.ones(shapes[0]).sum(axis=0).shape == shapes[1]
        else:
            assert (np.ones(shapes[0]) @ np.ones(shapes[1])).shape == shapes[-1]


def test_a_moved_size_moves_shapes_everywhere():
    explorer = AffineExplorer()
    explorer.n.value = 5
    assert explorer.view.svg.marks["v0-v2-0"].value.shape == (5, 3)
    assert line(explorer, "dx") == "dx = dout @ Wᵀ: (5, 2) @ (2, 3) = (5, 3)"
    explorer.d.value = 6
    assert explorer.rows.value == 6
    assert line(explorer, "y") == "y = x @ W + b: (5, 6) @ (6, 2) + (2,) = (5, 2)"
    explorer.k.value = 1
    assert line(explorer, "db") == "db = column sums of dout: (5, 1) → (1,)"
    assert "Weights in W: 6." in explorer.status.value


def test_moving_back_gives_the_same_picture():
    explorer = AffineExplorer()
    before = explorer.view.svg, explorer.blocks.svg
    explorer.n.value = 6
    assert (explorer.view.svg, explorer.blocks.svg) != before
    explorer.n.value = 4
    assert (explorer.view.svg, explorer.blocks.svg) == before


def misfit(explorer):
    """Return the shapes that are drawn, of which of them something is marked, and how much."""
    marks = explorer.blocks.svg.marks
    assert f">x {marks['x'].shape}</text>" in explorer.blocks.svg
    assert marks["alone"].count("<rect") == marks["alone"].n
    return marks["x"].shape, marks["W"].shape, marks["alone"].of, marks["alone"].n


def test_a_refused_product_says_why_and_no_picture_shows_other_sizes():
    explorer = AffineExplorer(n=4, d=3, k=2)
    explorer.follow.value = False
    assert not explorer.rows.disabled
    assert explorer.message.value == ""
    explorer.rows.value = 5
    assert not explorer.fits
    assert "(4, 3) @ (5, 2) does not fit. The columns of x must be as many as the rows of W" in explorer.status.value
    assert "but 3 is not 5." in explorer.status.value
    assert explorer.message.value == ""  # it is said once
    assert explorer.view.layout.display == "none"  # the graph has the last sizes that fitted
    assert misfit(explorer) == ((4, 3), (5, 2), "W", 2)
    assert (explorer.snapshot(), explorer.snapshot().marks.keys()) == (explorer.blocks.svg, {"alone", "x", "W"})
    explorer.n.value = 6
    explorer.rows.value = 1
    assert misfit(explorer) == ((6, 3), (1, 2), "x", 2)
    ET.fromstring(explorer.blocks.svg)
    explorer.d.value = 1  # fits again, by the other side
    assert explorer.fits
    assert explorer.message.value == ""
    assert explorer.view.layout.display is None
    assert "dW" in explorer.blocks.svg.marks
    assert explorer.shapes["x"] == (6, 1)


def test_words_stand_above_the_pictures():
    explorer = AffineExplorer()
    places = [explorer.children.index(part) for part in (explorer.status, explorer.message, explorer.view)]
    assert places == sorted(places)


@pytest.mark.parametrize(("d", "rows"), [(6, 1), (1, 6), (6, 5), (3, 4)])
def test_what_does_not_fit_stays_inside_its_frame(d, rows):
    explorer = AffineExplorer(6, d, 6)
    explorer.follow.value = False
    explorer.rows.value = rows
    drawn = re.findall(r"M([\d.]+) ([\d.]+)([hv])(\d+)", explorer.blocks.svg)
    assert drawn
    for x, y, way, length in drawn:
        assert float(x) + int(length) * (way == "h") <= explorer.blocks.svg.width - 310  # where the words begin
        assert float(y) + int(length) * (way == "v") <= explorer.blocks.svg.height


def test_the_rows_follow_again():
    explorer = AffineExplorer()
    explorer.follow.value = False
    explorer.rows.value = 1
    assert "does not fit" in explorer.status.value
    explorer.follow.value = True
    assert (explorer.rows.value, explorer.rows.disabled, explorer.fits) == (3, True, True)
    assert explorer.message.value == ""


def test_one_seed_one_set_of_numbers():
    assert AffineExplorer(rng=1).view.svg == AffineExplorer(rng=np.random.default_rng(1)).view.svg
    assert AffineExplorer(rng=1).view.svg != AffineExplorer(rng=2).view.svg


@pytest.mark.parametrize("size", [0, 7, 2.5])
@pytest.mark.parametrize("name", ["n", "d", "k"])
def test_a_size_that_is_none_is_refused(name, size):
    with pytest.raises(ValueError, match=f"{name} must be a whole number from 1 to 6"):
        AffineExplorer(**{name: size})
