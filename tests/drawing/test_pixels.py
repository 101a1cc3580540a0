"""Images of few colours: Pillow reads back what was written."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nbkit.drawing.pixels import indexed_image


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (48, 48)])
@pytest.mark.parametrize("channels", [3, 4])
def test_pillow_finds_the_colours_of_the_palette(shape, channels):
    rng = np.random.default_rng(0)
    palette = rng.integers(0, 256, (200, channels), dtype=np.uint8)
    shades = rng.integers(0, 200, shape, dtype=np.uint8)
    address = indexed_image(shades, palette)
    image = Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,"), validate=True)))
    assert (image.format, image.mode) == ("PNG", "P")
    np.testing.assert_array_equal(np.asarray(image.convert("RGB" if channels == 3 else "RGBA")), palette[shades])


def test_rows_may_come_from_below():
    shades = np.arange(6, dtype=np.uint8).reshape(3, 2)
    palette = np.repeat(np.arange(6, dtype=np.uint8)[:, None], 3, axis=1)
    file = io.BytesIO(base64.b64decode(indexed_image(shades[::-1], palette).split(",")[1]))
    np.testing.assert_array_equal(np.asarray(Image.open(file).convert("L")), shades[::-1])
