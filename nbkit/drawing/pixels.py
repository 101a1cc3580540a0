"""Small images of few colours, such as the maps of a net that learns: each picture of it brings several."""

import struct
import zlib

import numpy as np

from nbkit.drawing.markup import image_address

INDEXED = struct.pack(">BBBBB", 8, 3, 0, 0, 0)  # of an image's header: 8 bits a pixel, a palette, nothing else


def indexed_image(shades, palette):
    """Pack (rows, columns) numbers of colours as a PNG that stands inside the SVG.

    Pillow takes five to ten times as long for images of this size.

    Parameters
    ----------
    shades : (rows, columns) array of uint8
    palette : (up to 256, 3) array of uint8, or 4 with opacity
        Red, green and blue of each shade.
    """
    rows, columns = shades.shape
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)  # each line of a PNG begins with its filter: none
    lines[:, 1:] = shades
    parts = [
        (b"IHDR", struct.pack(">II", columns, rows) + INDEXED), (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3:].tobytes()), (b"IDAT", zlib.compress(lines, 1)),
    ]  # fmt: skip
    chunks = [_chunk(kind, content) for kind, content in parts if content] + [_chunk(b"IEND", b"")]
    return image_address(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
