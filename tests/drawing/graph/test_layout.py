"""Where things stand: no two in one place, and a new number moves none of them."""

import re
from math import hypot

import pytest

from nbkit import Variable, draw
from nbkit.drawing.graph.layout import MANY_BOXES, Box, place
from nbkit.drawing.graph.renderer import GraphRenderer
from tests.drawing.graph.graphs import backward, busy_graph, shop


def large_graph():
    """Return one in which numbers are placed together with the nodes before them; others fan out."""
    v = x = Variable(0.5, "x")
    for k in range(20):
        v = v * Variable(1.1, f"w{k}") + (x * x if k % 5 else 1)
    graph = backward(v)
    assert len(GraphRenderer(graph).boxes) > MANY_BOXES
    return graph


def test_boxes_stand_from_left_to_right_in_the_order_of_the_edges():
    layout = place((Box("a", "box", 50, 30), Box("b", "circle", 40, 40)), (("a", "b"),))
    assert layout.centers["a"][0] < layout.centers["b"][0]
    assert layout.curves["a", "b"].startswith("M")


@pytest.mark.parametrize("make", [busy_graph, large_graph])
def test_nothing_overlaps(make):
    """Boxes, nodes and the numbers of edges each have room of their own, inside the picture."""
    renderer = GraphRenderer(make())
    left, top, width, height = renderer.view_box
    rooms = []
    for id_, box in renderer.boxes.items():
        x, y = renderer.layout.centers[id_]
        room = (x - box.width / 2, y - box.height / 2, x + box.width / 2, y + box.height / 2)
        assert left < room[0] < room[2] < left + width
        assert top < room[1] < room[3] < top + height
        rooms.append(room)
    for i, (x0, y0, x1, y1) in enumerate(rooms):
        for a0, b0, a1, b1 in rooms[i + 1 :]:
            assert x1 <= a0 + 0.6 or a1 <= x0 + 0.6 or y1 <= b0 + 0.6 or b1 <= y0 + 0.6


@pytest.mark.parametrize("make", [busy_graph, large_graph])
def test_a_line_runs_from_rim_to_rim_through_its_numbers(make):
    renderer = GraphRenderer(make())
    boxes, centers, curves = renderer.boxes, renderer.layout.centers, renderer.layout.curves
    for edge in renderer.scene.edges:
        (x, y), half = centers[edge.id], boxes[edge.id].width / 2
        into, out = ([tuple(map(float, p)) for p in re.findall(r"([-\d.]+) ([-\d.]+)", curves[ends])]
                     for ends in ((edge.tail, edge.id), (edge.id, edge.head)))  # fmt: skip
        assert (into[-1], out[0]) == (pytest.approx((x - half, y), abs=1.1), pytest.approx((x + half, y), abs=1.1))
        for id_, (px, py) in ((edge.tail, into[0]), (edge.head, out[-1])):
            (cx, cy), box = centers[id_], boxes[id_]
            across, down = abs(px - cx) / (box.width / 2), abs(py - cy) / (box.height / 2)
            assert (hypot(across, down) if box.kind == "circle" else max(across, down)) == pytest.approx(1, abs=0.06)


def test_a_large_layout_says_nothing_to_the_learner(capfd):
    boxes = tuple(Box(str(k), "box", 50, 30) for k in range(1001))
    assert len(place(boxes, ()).centers) == 1001
    assert capfd.readouterr() == ("", "")


def test_a_new_number_moves_nothing():
    graph = shop()
    place.cache_clear()
    before = re.sub(r">[^<]*<", "><", draw(graph).svg)
    graph.forward(apple=-123456.789, count=1e-9)
    assert re.sub(r">[^<]*<", "><", draw(graph).svg) == before
    assert place.cache_info().misses == 1


def test_a_picture_without_numbers_needs_less_room():
    graph = shop()
    width = draw(graph).svg.width
    assert draw(graph, values=False).svg.width < width / 1.5
    graph.backward()
    assert draw(graph, values=False).svg.width == width
