"""A picture as PNG: its size, its colours, and the HTML around it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.markup import style_sheet, tag
from nbkit.drawing.picture import Picture
from nbkit.drawing.raster import DARK_RULE, MAX_SHRUNK_WIDTH, data_uri, html_of, rasterised
from nbkit.drawing.theme import LIGHT, css_colour
from tests.drawing.parsed import parsed


def opened(png):
    return Image.open(io.BytesIO(png)).convert("RGB")


def disc(width, height):
    circle = tag("circle", cx=width / 2, cy=height / 2, r=20.0, style=f"fill:{css_colour('value')}")
    return Picture("Disc", "", [circle], width, height)


def test_a_picture_is_drawn_twice_as_fine_in_the_light_colours():
    image = opened(rasterised(disc(300, 200)))
    assert image.size == (600, 400)
    assert "#{:02x}{:02x}{:02x}".format(*image.getpixel((300, 200))) == LIGHT["value"]
    assert image.getpixel((300, 40)) == (255, 255, 255)


def test_a_huge_picture_has_two_million_pixels_at_most():
    assert np.abs(np.subtract(opened(rasterised(disc(5000, 1000))).size, (3162, 632))).max() <= 1


def test_pixels_are_packed_as_they_are():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 5, 3)) / 255
    image = Image.open(io.BytesIO(base64.b64decode(data_uri(pixels).removeprefix("data:image/png;base64,"))))
    np.testing.assert_array_equal(np.asarray(image) / 255, pixels)
    clear = np.dstack([pixels, np.zeros((4, 5))])
    assert np.asarray(Image.open(io.BytesIO(base64.b64decode(data_uri(clear).split(",")[1]))))[..., 3].max() == 0


def test_the_html_says_the_words_to_those_who_cannot_see_it():
    image = parsed(str(html_of(b"PNG", 'a "b" <c> & d', 640.4)).replace("><style", "/><style"))[0]
    assert (image.tag, image.get("alt"), image.get("width")) == ("img", 'a "b" <c> & d', "640")
    assert base64.b64decode(image.get("src").removeprefix("data:image/png;base64,")) == b"PNG"


def test_a_picture_too_wide_for_a_page_scrolls_and_shrinks_on_paper_alone():
    html = str(html_of(b"PNG", "wide", MAX_SHRUNK_WIDTH + 1))
    box = parsed(html.replace("></div>", "/></div>"))[0]
    assert "@media print{" in html
    assert (box.tag, box.get("tabindex"), box.get("style")) == ("div", "0", "overflow-x: auto")
    assert box.find("img").get("style") == "max-width: none"


@pytest.mark.parametrize("width", [1, MAX_SHRUNK_WIDTH])
def test_a_picture_that_may_shrink_has_no_box(width):
    assert html_of(b"PNG", "x", width).startswith("<img ")


@pytest.mark.parametrize("width", [100, MAX_SHRUNK_WIDTH + 1])
def test_a_caption_stands_above_the_picture_as_text(width):
    html = str(html_of(b"PNG", "words", width, caption="a < b")).partition("<style>@media screen")[0]
    caption, picture = parsed(re.sub("(<img [^>]*)>", r"\1/>", html))[0]
    assert (caption.tag, caption.text) == ("figcaption", "a < b")
    assert picture.tag == ("img" if width == 100 else "div")


def test_a_dark_page_turns_a_picture_dark_on_the_screen_unless_it_is_dark_already():
    assert str(style_sheet(DARK_RULE)) in html_of(b"PNG", "x", 9)
    assert DARK_RULE.startswith("@media screen")
    assert "style" not in html_of(b"PNG", "x", 9, light=False)
