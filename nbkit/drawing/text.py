"""The type of all pictures: sizes of letters, and the room that a text takes."""

import unicodedata

FONT = 13  # pixels
LINE_HEIGHT = 16  # pixels from one line of text to the next
TICK = 11  # pixels, of the small letters beside a chart


def is_wide(character):
    """Tell whether a character takes the room of two Latin letters, as a Chinese one does."""
    return unicodedata.east_asian_width(character) in "WF"


def rise(text):
    """Return by how many pixels the signs of a line stand higher than Latin letters."""
    return 3 if any(map(is_wide, text)) else 0


def text_width(text, size=FONT):
    """Estimate the width of a line of text in pixels, generously: no font is asked."""
    return sum(size * (1.05 if is_wide(c) else 0.66) for c in text)
