"""Small images: Pillow reads back what was written."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.pixels import full_image, indexed_image


def opened(address):
    return Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,"), validate=True)))


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (48, 48)])
@pytest.mark.parametrize("channels", [3, 4])
def test_pillow_finds_the_colours_of_the_palette(shape, channels):
    rng = np.random.default_rng(0)
    palette = rng.integers(0, 256, (200, channels), dtype=np.uint8)
    shades = rng.integers(0, 200, shape, dtype=np.uint8)
    image = opened(indexed_image(shades, palette))
    assert (image.format, image.mode) == ("PNG", "P")
    np.testing.assert_array_equal(np.asarray(image.convert("RGB" if channels == 3 else "RGBA")), palette[shades])


def test_rows_may_come_from_below():
    shades = np.arange(6, dtype=np.uint8).reshape(3, 2)
    palette = np.repeat(np.arange(6, dtype=np.uint8)[:, None], 3, axis=1)
    np.testing.assert_array_equal(np.asarray(opened(indexed_image(shades[::-1], palette)).convert("L")), shades[::-1])


@pytest.mark.parametrize("shape", [(1, 1), (4, 5), (48, 64)])
@pytest.mark.parametrize("channels", [3, 4])
def test_pillow_finds_the_colours_of_each_pixel(shape, channels):
    numbers = np.random.default_rng(0).integers(0, 256, (*shape, channels), dtype=np.uint8)
    image = opened(full_image(numbers / 255))
    assert (image.format, image.mode) == ("PNG", {3: "RGB", 4: "RGBA"}[channels])
    np.testing.assert_array_equal(np.asarray(image), numbers)
