"""How a text that may hold anything becomes a part of SVG or HTML: nothing in it is ever read as markup."""

import re
from xml.sax import saxutils

from nbkit.messages import shortened

LONGEST = 200  # characters of a label: more of them would make a picture that no memory holds
# Signs for which XML has no place, not even escaped: most control characters, and halves of surrogate pairs.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text):
    """Put the sign for "unknown" in the place of each that XML cannot hold."""
    return UNWRITABLE.sub("\ufffd", text)


def escape(text):
    """Write a text as the content of an element."""
    return saxutils.escape(writable(text))


def attribute(text):
    """Write a text as the value of an attribute, with quotes of either kind around it."""
    return escape(text).replace('"', "&quot;").replace("'", "&#x27;")


def label(text):
    """Cut a name where it is longer than any picture has room for."""
    return shortened(text, LONGEST)
