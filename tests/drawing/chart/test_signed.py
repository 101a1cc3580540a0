"""The scale for numbers with a sign: the same colours for lines, pixels and figures, and dashes for other eyes."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nbkit import plots
from nbkit.drawing import theme
from nbkit.drawing.chart.signed import sign_role, signed_image, signed_legend, signed_pixels, signed_shades
from tests.drawing.parsed import parsed, texts


def rgb(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def test_lines_have_the_role_of_their_sign():
    assert [sign_role(x) for x in (-2, -1e-300, 0, 3)] == ["negative", "negative", "positive", "positive"]


def test_pixels_are_clear_at_0_and_full_from_a_number_on():
    pixels = signed_pixels(np.array([[-8.0, -1, 0], [1, 4, np.nan]]), 4.0)
    assert pixels.shape == (2, 3, 4)
    np.testing.assert_allclose(pixels[..., 3], [[1, 0.25, 0], [0.25, 1, 0]])
    np.testing.assert_allclose(pixels[0, 0, :3], rgb(theme.PIXELS["negative"]))
    np.testing.assert_allclose(pixels[1, 1, :3], rgb(theme.PIXELS["positive"]))


def test_infinite_pixels_have_the_full_colour():
    np.testing.assert_allclose(signed_pixels(np.array([np.inf, -np.inf]), 2.0)[:, 3], 1)


def test_images_have_the_colours_of_the_pixels():
    values = np.array([[-8.0, -4, -1.3], [0, np.nan, 1e-9], [2.7, 4, np.inf]])
    file = io.BytesIO(base64.b64decode(signed_image(signed_shades(values, 4.0)).split(",")[1]))
    image, pixels = np.asarray(Image.open(file).convert("RGBA")) / 255, signed_pixels(values, 4.0)
    np.testing.assert_allclose(image[..., 3], pixels[..., 3], atol=1 / 127 / 2 + 1 / 255)
    seen = image[..., 3] > 0
    np.testing.assert_allclose(image[seen][:, :3], pixels[seen][:, :3], atol=1e-9)
    assert image[1, 0, 3] == image[1, 1, 3] == 0


def test_figures_have_the_same_two_ends_and_white_between():
    colours = plots.signed_colours()
    for place, colour in ((0.0, theme.PIXELS["negative"]), (1.0, theme.PIXELS["positive"])):
        np.testing.assert_allclose(colours(place)[:3], rgb(colour), atol=0.01)
    assert min(colours(0.5)[:3]) > 0.98


def test_the_legend_tells_the_signs_without_colour():
    legend = parsed(signed_legend(10, 20, full=1.234))
    dashes = [path.get("stroke-dasharray") for path in legend.iter("path")]
    assert dashes[0]
    assert not dashes[1]
    assert texts(signed_legend(10, 20, full=1.234)) == ["− negative", "+ positive", "full colour: 1.2"]


@pytest.mark.parametrize("theme_colours", [theme.LIGHT, theme.DARK])
def test_classes_do_not_look_like_signs(theme_colours):
    signs = {theme_colours["positive"], theme_colours["negative"], *theme.PIXELS.values()}
    assert not signs & set(theme.CLASSES[:3])
