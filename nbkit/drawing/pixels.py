"""Small images, such as the maps of a net that learns: each picture of it brings several.

Pillow takes five to ten times as long for images of this size, and is not there in a browser.
"""

import struct
import zlib

import numpy as np

from nbkit.drawing.markup import image_address

PALETTE, COLOURS, WITH_OPACITY = 3, 2, 6  # what each pixel holds, in the header of a PNG: 8 bits of each


def indexed_image(shades, palette):
    """Pack (rows, columns) numbers of colours as a PNG that stands inside the SVG.

    Parameters
    ----------
    shades : (rows, columns) array of uint8
    palette : (up to 256, 3) array of uint8, or 4 with opacity
        Red, green and blue of each shade.
    """
    colours = (b"PLTE", palette[:, :3].tobytes()), (b"tRNS", palette[:, 3:].tobytes())
    return _image(shades, shades.shape[1], PALETTE, *colours)


def full_image(pixels):
    """Pack (rows, columns, 3) colours from 0 to 1, or 4 with opacity, as a PNG that stands inside the SVG."""
    rows, columns, parts = pixels.shape
    numbers = (pixels * 255).round().astype(np.uint8).reshape(rows, -1)
    return _image(numbers, columns, COLOURS if parts == 3 else WITH_OPACITY)


def _image(numbers, columns, kind, *colours):
    """Pack the numbers of each row of an image, and what its header says they mean."""
    rows, length = numbers.shape
    lines = np.zeros((rows, length + 1), dtype=np.uint8)  # each line of a PNG begins with its filter: none
    lines[:, 1:] = numbers
    head = struct.pack(">IIBBBBB", columns, rows, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", head), *colours, (b"IDAT", zlib.compress(lines, 1))]
    chunks = [_chunk(name, content) for name, content in parts if content] + [_chunk(b"IEND", b"")]
    return image_address(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
