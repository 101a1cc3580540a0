"""Where things stand: no two in one place, and a new number moves none of them."""

import re

from nbkit import draw
from nbkit.drawing.graph.layout import Box, place
from nbkit.drawing.graph.renderer import GraphRenderer
from tests.drawing.graph.graphs import busy_graph, shop


def test_boxes_stand_from_left_to_right_in_the_order_of_the_edges():
    layout = place((Box("a", "box", 50, 30), Box("b", "circle", 40, 40)), (("a", "b"),))
    assert layout.centers["a"][0] < layout.centers["b"][0]
    assert layout.curves["a", "b"].startswith("M")


def test_nothing_overlaps():
    """Boxes, nodes and the numbers of edges each have room of their own, inside the picture."""
    renderer = GraphRenderer(busy_graph())
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
