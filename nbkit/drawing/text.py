"""The type of all pictures: sizes of letters, and the room that a text takes."""

import unicodedata

FONT = 13  # pixels
LINE_HEIGHT = 16  # pixels from one line of text to the next
TICK = 11  # pixels, of the small letters beside a chart


def rise(text):
    """Return by how many pixels the signs of a line stand higher than Latin letters."""
    return 3 if any(unicodedata.east_asian_width(c) in "WF" for c in text) else 0


def text_width(text, size=FONT):
    """Estimate the width of a line of text in pixels, generously: no font is asked."""
    return sum(size * (1.05 if unicodedata.east_asian_width(c) in "WF" else 0.66) for c in text)
