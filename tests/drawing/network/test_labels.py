"""Numbers on the lines of a network: each stands where no other line goes through it."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from nbkit.drawing.network.diagram import BIAS_HEIGHT, RADIUS, NetGraph
from nbkit.drawing.network.labels import LABEL_HEIGHT, LABEL_WIDTH, label_shares

BOX = (272.0, 36.0, 356.0, 240.0)


def numbers_and_lines(sizes, box=BOX):
    """Return the middle of each number with the ends of its line."""
    graph, found = NetGraph(sizes, box), []
    for (tails, heads), shares in zip(pairwise(graph.places), graph.shares, strict=True):
        for (i, j), share in np.ndenumerate(shares):
            tail, head = np.array(tails[i]), np.array(heads[j])
            found.append((tail + share * (head - tail), tail, head))
    return found


def through(middle, tail, head):
    """Whether a line goes through the box of a number."""
    points = tail + np.linspace(0, 1, 500)[:, None] * (head - tail)
    return bool((np.abs(points - middle) < [LABEL_WIDTH / 2, LABEL_HEIGHT / 2]).all(axis=1).any())


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (2, 3, 1)])
def test_only_its_own_line_goes_through_a_number(sizes):
    found = numbers_and_lines(sizes)
    for k, (middle, tail, head) in enumerate(found):
        assert through(middle, tail, head)
        assert [other for m, (_middle, *other) in enumerate(found) if m != k and through(middle, *other)] == []


@pytest.mark.parametrize(
    ("sizes", "height"), [((2, 2, 1), 240), ((2, 3, 1), 240), ((2, 4, 1), 300), ((2, 5, 1), 350), ((2, 2, 2, 1), 240)]
)
def test_no_two_numbers_touch_nor_a_number_and_a_bias(sizes, height):
    box = (*BOX[:3], height)
    graph = NetGraph(sizes, box)
    middles = [middle for middle, *_line in numbers_and_lines(sizes, box)]
    up = [0, RADIUS + BIAS_HEIGHT + LABEL_HEIGHT / 2]
    middles += [np.array(place) - up for column in graph.places[1:] for place in column]
    for one, other in combinations(middles, 2):
        across, down = np.abs(one - other)
        assert across >= LABEL_WIDTH or down >= LABEL_HEIGHT - 1, (one, other)


def test_a_number_with_all_the_room_stands_in_the_middle():
    assert label_shares([(0, 0)], [(200, 0)], RADIUS, taken=[]) == pytest.approx(np.array([[0.5]]), abs=0.011)
