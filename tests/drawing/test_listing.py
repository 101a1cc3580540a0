"""Lines of code as a picture: every line can be pressed, is escaped, and is marked by more than colour."""

import re
import xml.etree.ElementTree as ET

from nbkit.drawing.listing import Row, listing, stacked
from nbkit.drawing.picture import rasterise, width_of

ROWS = (Row("v1 = x * y", (("6", "val"), ("·", "grad"))), Row("v2 = a < b", (("1", "val"), ("2", "grad")), "▶"))
HEADS = ("code", "value", "gradient")


def test_each_line_is_there_with_its_number():
    svg = listing(ROWS, HEADS, "Lines", "v1; v2")
    ET.fromstring(svg)
    assert re.findall(r'data-item="(\d+)"', svg) == ["0", "1"]
    assert "v1 = x * y" in svg
    assert "a &lt; b" in svg
    assert "a < b" not in svg


def test_a_marked_line_has_a_sign_bold_letters_and_says_so():
    plain, marked = re.findall(r'<g data-item="\d".*?</g>', listing(ROWS, HEADS, "Lines", ""))
    for what in ("▶", 'font-weight="bold"', "(now)"):
        assert what in marked
        assert what not in plain


def test_least_widths_keep_columns_in_place():
    def columns(rows):
        svg = listing(rows, HEADS, "Lines", "", (200.0, 90.0, 90.0))
        return re.findall(r'<text class="tick" x="([\d.]+)"', svg), width_of(svg)

    other = (Row("v1 = x", (("−0.0001234", "val"), ("12346", "grad"))),)
    assert columns(ROWS) == columns(other)
    assert columns((Row("v" * 60, (("1", "val"), ("2", "grad"))),)) != columns(ROWS)


def test_pictures_are_stacked_without_overlap():
    first, second = listing(ROWS, HEADS, "Lines", ""), listing(ROWS[:1], HEADS, "Lines", "", (400.0,))
    both = stacked([first, second])
    ET.fromstring(both)
    heights = [float(re.search(r' height="([\d.]+)"', svg)[1]) for svg in (first, second)]
    assert width_of(both) == max(width_of(first), width_of(second))
    assert [float(y) for y in re.findall(r'<svg y="([\d.]+)"', both)] == [0.0, heights[0] + 8]
    assert float(re.search(r' height="([\d.]+)"', both)[1]) == sum(heights) + 8
    assert rasterise(both).startswith(b"\x89PNG")
