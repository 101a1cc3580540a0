"""The net as columns of units: lines show weights, dots biases, crosses units that learn nothing."""

import base64
import io
import itertools

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.markup import join
from nbkit.drawing.network.units import MAP_SIZE, MAX_LINE_WIDTH, MAX_TAB_STOPS, PICTURES_PER_READING, UnitsView
from nbkit.drawing.picture import Picture
from tests.drawing.parsed import parsed, texts

LINES = [np.array([[4.0, -2.0], [0.0, 1.0]]), np.array([[3.0], [-3.0]])]
BIASES = [np.array([0.5, -2.0]), np.array([0.0])]
MAPS = [np.zeros((MAP_SIZE * MAP_SIZE, 2)), np.linspace(-1, 1, MAP_SIZE * MAP_SIZE)[:, None]]


def view_of(*sizes):
    names = [*(f"hidden {i}" for i in range(1, len(sizes) - 1)), "output"]
    return UnitsView(sizes, names, ("a<b", "x₂"), (0, 30, 400, 200))


def drawn(lines=LINES, biases=BIASES, maps=MAPS, **more):
    return join(view_of(2, 2, 1).svg(lines, biases, maps, **more))


def marks(**more):
    return Picture("t", "w", view_of(2, 2, 1).svg(LINES, BIASES, MAPS, **more), 400, 260).marks


def units(svg):
    return [rect for rect in parsed(svg).iter("rect") if rect.get("data-item")]


def widths(sign):
    group = next(g for g in parsed(drawn()).findall("g") if ("stroke-dasharray" in g.attrib) == (sign < 0))
    return sorted(float(path.get("stroke-width")) for path in group)


def image_of(element):
    return Image.open(io.BytesIO(base64.b64decode(element.get("href").split(",")[1]))).convert("RGBA")


def test_lines_are_as_wide_as_weights_are_large_in_their_layer():
    assert widths(+1) == [0.3, 1.2, MAX_LINE_WIDTH, MAX_LINE_WIDTH]  # a weight of 0 is a hair, not nothing
    assert widths(-1) == [2.5, 5.0]


def test_every_unit_can_be_clicked_and_names_itself():
    assert [unit.get("data-item") for unit in units(drawn())] == ["hidden 1:0", "hidden 1:1", "output:0"]


def test_biases_are_filled_where_positive_and_hollow_where_negative():
    dots = list(parsed(drawn()).iter("circle"))
    assert ["fill:var(--nbkit-ground" in dot.get("style") for dot in dots] == [False, True, False]
    assert ["--nbkit-positive" in dot.get("style") for dot in dots] == [True, False, True]
    radius = [float(dot.get("r")) for dot in dots]
    assert radius[1] > radius[0] > radius[2]


def test_units_that_learn_nothing_are_crossed_out_and_counted():
    view = drawn(norms={"hidden 1": 0.25, "output": 3.0}, saturated={"hidden 1": np.array([True, False])})
    assert texts(view)[-3:] == ["0.25", "1 asleep", "3"]
    assert len(parsed(view).findall("path[@class='cross']")) == 1
    assert len(parsed(drawn()).findall("path[@class='cross']")) == 0


def test_the_layer_that_blew_up_says_so():
    assert texts(drawn(norms={"hidden 1": 0.25, "output": 3.0}, blown="output"))[-2:] == ["3", "first ∞ here"]


def test_a_map_has_one_colour_below_zero_and_the_other_above():
    _hidden, output = parsed(drawn()).iter("image")
    picture = image_of(output)
    assert picture.size == (MAP_SIZE, MAP_SIZE)
    low, high = picture.getpixel((0, MAP_SIZE - 1)), picture.getpixel((MAP_SIZE - 1, 0))  # rows start from below
    assert low[0] > low[2]  # orange, as a negative weight
    assert high[2] > high[0]  # blue, as a positive one
    assert (low[3], high[3]) == (255, 255)
    assert picture.getpixel((MAP_SIZE - 1, MAP_SIZE // 2))[3] < 30  # clear around 0


def opacity(full):
    _hidden, output = parsed(drawn(full=[0.0, full])).iter("image")
    return image_of(output).getpixel((MAP_SIZE - 1, 0))[3]


def test_a_map_has_the_full_colour_where_it_is_told():
    assert opacity(0.0) == opacity(1.0) == opacity(0.5) == 255  # its largest output is 1
    assert opacity(2.0) == pytest.approx(255 / 2, abs=2)


# ---------------------------------------------------------------- lines under the hand


def test_each_line_is_a_handle_of_its_weight():
    view = view_of(2, 2, 1)
    assert list(view.lines.values()) == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 1, 0)]
    found = marks(handles=LINES)
    assert [found[name].value for name in view.lines] == [4.0, -2.0, 0.0, 1.0, 3.0, -3.0]
    handle = found["a<b→hidden 1, unit 2"]
    assert (handle.low, handle.high, handle.vertical) == (-5.0, 5.0, True)
    assert marks(handles=[LINES[0] * 2, LINES[1]])["a<b→hidden 1, unit 1"].high == 8.0
    assert set(marks()) == {"units"}


def test_a_weight_that_blew_up_is_no_handle():
    names = set(view_of(2, 2, 1).lines)
    bad = [np.array([[np.inf, -2.0], [np.nan, 1.0]]), LINES[1]]
    assert len(names & set(marks(handles=bad))) == len(names) - 2


def test_lines_say_what_they_stand_for():
    root = parsed(drawn(handles=LINES, hover=lambda name: f"<{name}>"))
    assert [title.text for title in root.iter("title")] == [f"<{name}>" for name in view_of(2, 2, 1).lines]


def test_while_it_learns_a_hand_takes_the_weight_as_it_is_and_a_screen_reader_hears_of_it_later():
    view, name = view_of(2, 2, 1), "x₂→hidden 1, unit 1"

    def shown(weight, **more):
        lines = [np.array([[4.0, -2.0], [weight, 1.0]]), LINES[1]]
        picture = Picture("t", "w", view.svg(lines, BIASES, MAPS, handles=lines, **more), 400, 260)
        handle = next(g for g in parsed(picture) if g.get("data-item") == name)
        return picture.marks[name].value, float(handle.get("aria-valuenow"))

    learned = [shown(weight) for weight in np.arange(PICTURES_PER_READING + 1) / 10]
    assert [taken for taken, _heard in learned] == pytest.approx(np.arange(PICTURES_PER_READING + 1) / 10)
    assert [heard for _taken, heard in learned] == [0.0] * PICTURES_PER_READING + [PICTURES_PER_READING / 10]
    assert shown(3.0, hover=str) == (3.0, 3.0)  # it stands still
    assert shown(2.5) == (2.5, 2.5)  # and goes on


def test_a_keyboard_need_not_walk_through_hundreds_of_lines():
    def stops(*sizes):
        zeros = [np.zeros(pair) for pair in itertools.pairwise(sizes)]
        maps = [np.zeros((MAP_SIZE * MAP_SIZE, k)) for k in sizes[1:]]
        svg = join(view_of(*sizes).svg(zeros, [np.zeros(k) for k in sizes[1:]], maps, handles=zeros))
        root = parsed(svg)
        return len(root.findall("g[@tabindex]")), len([p for p in root.iter("path") if p.get("data-item")])

    assert stops(2, 8, 4, 1) == (52, 52)
    assert MAX_TAB_STOPS < 2 * 16 + 16 * 16
    assert stops(2, 16, 16, 1) == (0, 304)


def test_the_marked_line_lies_under_the_others():
    view = drawn(line="x₂→hidden 1, unit 1")
    first = parsed(view)[0]
    assert (first.tag, first.get("d")) == ("path", "M30.0 180.0L190.0 80.0")
    assert parsed(drawn())[0].tag == "g"


def test_inputs_show_what_they_are_over_the_plane_and_cannot_be_pressed():
    view = view_of(2, 2, 1)
    view.show_inputs(MAPS[1] * [1.0, -2.0])
    drawn = view.svg(LINES, BIASES, MAPS)
    root = parsed(join(drawn))
    first, *others = root.iter("image")
    assert len(others) == len(BIASES)
    picture, x = image_of(first), float(first.get("x"))
    top, bottom = picture.getpixel((0, 0)), picture.getpixel((0, picture.size[1] - 1))
    assert (top[2] > top[0], bottom[0] < bottom[2]) == (True, True)  # x₁ is largest above, x₂ below: blue is positive
    assert x < 30 < x + float(first.get("width"))  # around the place where the lines begin
    assert [unit.get("data-item") for unit in units(join(drawn))] == ["hidden 1:0", "hidden 1:1", "output:0"]


def test_long_names_of_inputs_get_room():
    def begins(*inputs):
        view = UnitsView((2, 1), ["output"], inputs, (0, 30, 400, 200))
        return view.places[0][0][0]

    assert begins("x₁", "x₁²") < begins("x₁", "sin πx₁")


def test_the_maps_of_a_layer_stand_behind_their_units():
    root = parsed(drawn(maps=[MAPS[0] + 1, MAPS[1]]))
    image, rects = next(root.iter("image")), units(drawn())[:2]
    picture = image_of(image)
    scale = float(image.get("height")) / picture.size[1]
    opaque = np.asarray(picture)[:, 0, 3] == 255
    edges = np.flatnonzero(np.diff(np.concatenate([[0], opaque.astype(int), [0]])))
    places = float(image.get("y")) + scale * edges
    wanted = [float(rect.get("y")) + end for rect in rects for end in (0, float(rect.get("height")))]
    np.testing.assert_allclose(places, wanted, atol=1.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_blew_up_are_drawn_all_the_same(bad):
    with np.errstate(all="raise"):
        view = drawn([np.full((2, 2), bad), LINES[1]], [np.array([bad, 1.0]), BIASES[1]], [MAPS[0] + bad, MAPS[1]])
    for element in parsed(view).iter():
        assert not [
            value for name, value in element.attrib.items() if name != "href" and ("nan" in value or "inf" in value)
        ]


def test_labels_are_text_and_the_chosen_unit_is_marked():
    view = drawn(chosen=("hidden 1", 1))
    assert texts(view)[:4] == ["a<b", "x₂", "hidden 1", "output"]
    strong = [unit.get("data-item") for unit in units(view) if unit.get("stroke-width") == "3"]
    assert strong == ["hidden 1:1"]


def test_its_mark_says_what_it_shows():
    mark = marks(chosen=("hidden 1", 1))["units"]
    assert (mark.lines, mark.biases, mark.chosen) == (LINES, BIASES, ("hidden 1", 1))
