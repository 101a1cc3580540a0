"""The product as an area: strips, corner and their shares, against areas worked out by hand."""

from functools import partial

import pytest

from nbkit import ProductExplorer
from nbkit.widgets.layers.product_explorer import BOX, NUDGES
from tests import hands

PIXELS = BOX[2] / 8  # of one unit


def marks(explorer):
    return explorer.view.svg.marks


def shown(explorer, key):
    return marks(explorer)["numbers"].numbers[key]


by_hand = partial(hands.by_hand, item="nudge")


def test_two_strips_and_a_corner_make_up_the_change():
    """4 · 3 = 12 is 6 more than 3 · 2; the strips are 2 · 1 and 3 · 1, the corner 1 · 1 is a sixth of the change."""
    explorer = ProductExplorer()
    assert explorer.parts == {"y·dx": 2, "x·dy": 3, "dx·dy": 1}
    assert (explorer.change, explorer.share) == (6, pytest.approx(1 / 6))
    assert shown(explorer, "share") == "17 %"
    assert shown(explorer, "rate") == "6"


def test_the_corner_shrinks_with_the_square_of_the_nudge():
    explorer, corners, strips = ProductExplorer(), [], []
    for nudge in (1.0, 0.1, 0.01):
        explorer.nudge.value = nudge
        corners.append(explorer.parts["dx·dy"])
        strips.append(explorer.parts["y·dx"] + explorer.parts["x·dy"])
    assert strips == pytest.approx([5, 0.5, 0.05])
    assert corners == pytest.approx([1, 0.01, 0.0001])
    assert explorer.change / 0.01 == pytest.approx(5.01)
    assert shown(explorer, "share") == "0.2 %"


@pytest.mark.parametrize(("moving", "slope", "other"), [("x", 2, "x·dy"), ("y", 3, "y·dx")])
def test_one_side_alone_gains_one_strip_as_long_as_the_other_side(moving, slope, other):
    explorer = ProductExplorer(nudge=0.5)
    explorer.moving.value = moving
    assert explorer.change == pytest.approx(slope * 0.5)
    assert (explorer.parts[other], explorer.parts["dx·dy"], explorer.share) == (0, 0, 0)
    assert shown(explorer, "rate") == str(slope)
    assert f"{moving} alone grows by 0.5: one strip, {slope * 0.5:g}." in explorer.status.value
    assert {"dx·dy", other}.isdisjoint(marks(explorer))


def test_the_parts_lie_where_they_belong_and_fill_the_larger_rectangle():
    explorer = ProductExplorer(x=4, y=2.5, nudge=2.0)
    parts = [marks(explorer)[name] for name in ("area", "y·dx", "x·dy", "dx·dy")]
    assert sum(part.width * part.height for part in parts) == pytest.approx(6 * 4.5)
    assert [(part.x, part.y) for part in parts] == [(0, 0), (4, 0), (0, 2.5), (4, 2.5)]
    assert (marks(explorer)["nudge"].x, marks(explorer)["nudge"].y) == (6, 4.5)
    shares = [marks(explorer)[f"share of {name}"].share for name in explorer.parts]
    assert sum(shares) == pytest.approx(1)


def test_the_outer_corner_is_dragged_from_one_nudge_to_the_next():
    explorer = ProductExplorer()
    by_hand(explorer, {"kind": "press", "x": 90, "y": 90}, {"kind": "drag", "x": 90 - 0.52 * PIXELS, "y": 90})
    assert explorer.nudge.value == 0.5
    by_hand(explorer, {"kind": "drag", "x": 90 + 5 * PIXELS, "y": 0})
    assert explorer.nudge.value == 2.0
    by_hand(explorer, {"kind": "drop", "x": -1e6, "y": 0})
    assert explorer.nudge.value == 0.01


def test_where_y_alone_moves_the_corner_is_dragged_upwards():
    explorer = ProductExplorer(moving="y")
    by_hand(explorer, {"kind": "press", "x": 90, "y": 90}, {"kind": "drop", "x": 500, "y": 90 - PIXELS})
    assert explorer.nudge.value == 2.0
    assert marks(explorer)["nudge"].vertical


@pytest.mark.parametrize(("key", "nudge"), [("ArrowRight", 2.0), ("ArrowLeft", 0.5), ("PageDown", 0.2), ("Home", 0.01)])
def test_keys_move_the_corner(key, nudge):
    explorer = ProductExplorer()
    by_hand(explorer, {"kind": "key", "key": key})
    assert explorer.nudge.value == nudge
    assert f'aria-valuetext="nudge {nudge:g}, change {explorer.change:.4g}"' in marks(explorer)["nudge"]


def test_every_setting_stays_inside_the_frame():
    explorer = ProductExplorer(x=6, y=4)
    for nudge in NUDGES:
        explorer.nudge.value = nudge
        corner = marks(explorer)["nudge"]
        assert corner.x <= 8
        assert corner.y <= 6
        assert explorer.message.value == ""


@pytest.mark.parametrize(
    ("build", "rule"),
    [
        (lambda: ProductExplorer(x=7), "x must be a number from 1.0 to 6.0, got 7"),
        (lambda: ProductExplorer(y=0), "y must be a number from 1.0 to 4.0, got 0"),
        (lambda: ProductExplorer(x="wide"), "x must be a number .* got text 'wide'"),
        (lambda: ProductExplorer(y=[1, 2]), "y must be a number .* got"),
        (lambda: ProductExplorer(nudge=0.3), "nudge must be one of"),
        (lambda: ProductExplorer(moving="z"), "moving must be one of x, y, both"),
    ],
)
def test_what_it_cannot_show_is_refused(build, rule):
    with pytest.raises(ValueError, match=rule):
        build()
