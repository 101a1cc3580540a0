"""A picture as PNG: its size and its colours."""

import io

import numpy as np
from PIL import Image

from nbkit.drawing.markup import tag
from nbkit.drawing.picture import Picture
from nbkit.drawing.raster import rasterised
from nbkit.drawing.theme import LIGHT, css_colour


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
