"""A picture: SVG that knows its size, its words, and what its marks show."""

from functools import lru_cache

from nbkit.drawing import theme
from nbkit.drawing.markup import SEQUENCES, Drawn, attributes, join, style_sheet, tag
from nbkit.messages import in_a_row

SVG = "http://www.w3.org/2000/svg"
PICTURE_GAP = 8  # pixels between two pictures, one below the other


class Mark(Drawn):
    """A part of a picture that knows what it shows, in units of the data: ``mark.x``.

    Attributes
    ----------
    key : str
        Its key in `Picture.marks`.
    data : dict
        What it shows.
    """

    def __new__(cls, markup, key, **data):
        mark = super().__new__(cls, markup)
        mark.key, mark.data = key, data
        return mark

    def __getattr__(self, name):
        try:
            return self.__dict__["data"][name]
        except KeyError:
            raise AttributeError(f"this mark shows no {name}") from None


def marks_in(parts):
    """Return the marks with a key in parts of a picture, however deep in lists."""
    found = {}
    for part in parts:
        if isinstance(part, Mark):
            found[part.key] = part
        elif isinstance(part, SEQUENCES):
            found |= marks_in(part)
    return found


class Picture(Drawn):
    """SVG text with its size, its words and its marks.

    Parameters
    ----------
    title, words : str
        What it is, and what it shows: the alternative text.
    parts : sequence of Markup or Mark
        May hold sequences of them. A plain text among them is escaped.
    width, height : float
        In pixels.
    sheet : str
        The CSS rules of its parts.
    view_box : (left, top, width, height), optional
        The units of the parts; pixels from the upper left corner where this is left out.
    look : str, optional
        CSS of the picture itself, such as ``"min-width:600px"``.
    role : "img" or "group"
        A group holds controls: its words are its label.

    Attributes
    ----------
    marks : dict of str to Mark
        What the picture shows, by the keys of its marks.
    """

    def __new__(cls, title, words, parts, width, height, *, sheet=theme.CHART_STYLE, view_box=None, look=None,
                role="img"):  # fmt: skip
        parts, box = list(parts), view_box or (0, 0, width, height)
        described = [tag("title", title), tag("desc", words)] if role == "img" else []
        head = {
            "xmlns": SVG, "class_": "nbkit", "role": role, "aria_label": None if described else words,
            "width": float(width), "height": float(height), "viewBox": " ".join(f"{x:g}" for x in box), "style": look,
        }  # fmt: skip
        return cls._made(head, join([*described, _ground(box, sheet), *parts]), title, words, marks_in(parts))

    @classmethod
    def _made(cls, head, content, title, words, marks):
        picture = str.__new__(cls, f"<svg{_head(**head)}>{content}</svg>")
        picture.head, picture.content, picture.title, picture.words = head, content, title, words
        picture.width, picture.height, picture.marks = head["width"], head["height"], marks
        return picture

    def _changed(self, parts=(), **head):
        marks = self.marks | marks_in(parts)
        return Picture._made(self.head | head, join([self.content, *parts]), self.title, self.words, marks)

    def add(self, *parts):
        """Return the picture with more in front."""
        return self._changed(parts)

    def at_least(self, smallest, widest=None):
        """Return the picture with a least width in pixels; with `widest`, it fills a wider page up to there."""
        look = f"min-width:{smallest:g}px" + (f";width:100%;max-width:{widest:g}px" if widest else "")
        return self._changed(style=look)

    def unbounded(self):
        """Return the picture without a least and a greatest width of its own."""
        return self._changed(style=None)

    def placed(self, top):
        """Return the picture as a part of another one, `top` pixels from its upper edge."""
        return self._changed(y=float(top))

    def below(self, other, gap=PICTURE_GAP):
        """Return `other` and, below it, this picture as one."""
        return Stack([other, self], gap)


class Stack(Picture):
    """Pictures, one below the other, as one picture."""

    def __new__(cls, pictures, gap=PICTURE_GAP):
        placed, top, marks = [], 0.0, {}
        for picture in pictures:
            placed.append(picture.placed(top))
            top, marks = top + picture.height + gap, marks | picture.marks
        width, height = max(picture.width for picture in pictures), top - gap
        head = {
            "xmlns": SVG, "class_": "nbkit", "role": "group", "width": width, "height": height,
            "viewBox": f"0 0 {width:g} {height:g}",
        }  # fmt: skip
        words = in_a_row(picture.words for picture in pictures)
        return cls._made(head, join(placed), pictures[0].title, words, marks)


_head = lru_cache(maxsize=256)(attributes)  # the size of a picture seldom changes


@lru_cache(maxsize=256)
def _ground(box, sheet):
    """Return the style sheet of a picture, and what its parts stand on."""
    left, top, width, height = box
    place = {"x": left or None, "y": top or None, "width": float(width), "height": float(height)}
    return join([style_sheet(sheet), tag("rect", class_="ground", **place, rx=6)])
