"""How a text that may hold anything becomes a part of SVG or HTML: nothing in it is ever read as markup.

Markup is a type, `markupsafe.Markup`: ``Markup("<b>{}</b>").format(text)`` escapes whatever is not markup already.
"""

import base64
import json
import re
from functools import cache, lru_cache, partial

import markupsafe
from markupsafe import Markup

from nbkit.messages import shortened

MAX_LABEL_CHARACTERS = 200  # a picture of a longer label would need too much memory
# Characters that XML cannot hold, not even escaped: most control characters, and halves of surrogate pairs.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A picture is made of hundreds of short texts at each move of a slider; in most there is nothing to escape.
TO_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\"&'<>\ud800-\uffff]").search
WITHOUT_END = {"img"}  # in HTML
SEQUENCES = (list, tuple)
as_markup = partial(str.__new__, Markup)  # a seventh of the time of ``Markup(text)``, which looks for ``__html__``


class Drawn(str):
    """Markup with facts about what it shows; what is made of it by ``str``'s methods is plain text again."""

    def __html__(self):
        return as_markup(self)


def writable(text):
    """Replace each character that XML cannot hold by the replacement character."""
    return UNWRITABLE.sub("\ufffd", text)


def _written(part):
    """Return the plain text of what is put into markup."""
    if isinstance(part, str):
        if hasattr(part, "__html__") or not TO_ESCAPE(part):
            return part
        return markupsafe.escape(writable(part))
    if isinstance(part, SEQUENCES):
        return "".join(map(_written, part))
    return part.__html__() if hasattr(part, "__html__") else _written(str(part))


def escape(text):
    """Write a text as the content of an element, or between quotes; markup stays as it is."""
    return as_markup(_written(text))


def unescape(markup):
    """Return the text that `escape` has written so."""
    return as_markup(markup).unescape()


def join(parts):
    """Put markup and texts, however deep in lists, one behind the other; a text is escaped."""
    return as_markup("".join(map(_written, parts)))


def attributes(**values):
    """Write attributes of an element, each behind a blank: ``x=1, data_key="a"``; None leaves one out."""
    return as_markup(
        "".join(
            [
                f' {_attribute(name)}="{f"{value:g}" if isinstance(value, float) else _written(value)}"'
                for name, value in values.items()
                if value is not None
            ]
        )
    )


@cache
def _attribute(name):
    return name.rstrip("_").replace("_", "-")


def tag(name, *content, **values):
    """Write an element with its attributes, and what stands in it: ``tag("text", "a < b", x=1)``."""
    start, inside = f"<{name}{attributes(**values)}", _written(content)
    if inside:
        return as_markup(f"{start}>{inside}</{name}>")
    return as_markup(f"{start}>" if name in WITHOUT_END else f"{start}/>")


def image_address(content, kind="png"):
    """Return the address of an image that stands in the markup itself: its letters need no escaping."""
    return as_markup(f"data:image/{kind};base64,{base64.b64encode(content).decode()}")


def style_sheet(css):
    """Write a style sheet, whose text must be nbkit's own: there is no way to escape in it."""
    return as_markup(f"<style>{css}</style>")


@lru_cache(maxsize=4096, typed=True)
def element(name, **values):
    """Return what writes an element around new content, quicker than `tag`: ``element("text", x=1)("a < b")``."""
    start, end = f"<{name}{attributes(**values)}>", f"</{name}>"
    return lambda *content: as_markup(f"{start}{_written(content)}{end}")


def as_json(data):
    """Write data as JSON in which no character has a meaning for markup: ``"<"`` becomes ``"\\u003c"``."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return as_markup(writable(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")))


def truncated(name):
    """Cut a name where it is longer than any picture has room for."""
    return shortened(name, MAX_LABEL_CHARACTERS)
