"""A value that a hand can move in a picture: by pointer, or by keyboard once it has the focus."""

from nbkit.drawing import theme
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark

TOUCH_SIZE = 36  # pixels across the smallest area that a finger meets; a narrow page shrinks it by up to 0.6
EDGE = f"fill:{theme.css_colour('ground')};stroke:{theme.css_colour('text')};stroke-width:1.2"
RIDGE = f"fill:none;stroke:{theme.css_colour('text')};stroke-width:1"
SIGN = f"fill:{theme.css_colour('text')}"


def handle(item, *content, label, value, low, high, step, drag, words=None, vertical=False, page=None, **shown):
    """Return a mark that a hand can move: for a screen reader it is a slider.

    A picture that holds one has ``role="group"``: what stands in an image is hidden from screen readers.

    Parameters
    ----------
    item : str
        Its ``data-item``, and its key among the marks of the picture.
    *content : Markup
        What is drawn, such as a `bar_grip` or a `point_grip`, with room for a finger: see `touch_area`.
    label : str
        What it moves, for screen readers.
    value, low, high : float
        Where it stands, and where it can go.
    step : float
        Its values lie at `low` and whole steps from there.
    drag : float or callable
        Units for each pixel to the right, or upwards where it is `vertical`; or a function that takes the pixels from
        where it was pressed and returns the value there.
    words : str, optional
        The value as a screen reader says it.
    page : float, optional
        For the keys Page Up and Page Down; ten steps where it is left out.
    **shown
        What else the mark shows.
    """
    look = {
        "class_": "handle", "data_item": item, "tabindex": 0, "role": "slider", "aria_label": label,
        "aria_valuenow": float(value), "aria_valuemin": float(low), "aria_valuemax": float(high),
        "aria_valuetext": words, "aria_orientation": "vertical" if vertical else "horizontal",
    }  # fmt: skip
    facts = {"value": value, "low": low, "high": high, "step": step, "page": page or 10 * step, "drag": drag}
    return Mark(tag("g", *content, **look), item, **facts, vertical=vertical, label=label, **shown)


def touch_area(x, y, width=0.0, height=0.0):
    """Return an unseen area around the middle (x, y), large enough for a finger."""
    width, height = max(width, TOUCH_SIZE), max(height, TOUCH_SIZE)
    place = {"x": f"{x - width / 2:.1f}", "y": f"{y - height / 2:.1f}", "width": f"{width:.1f}"}
    return tag("rect", class_="touch", **place, height=f"{height:.1f}", style="fill:none;pointer-events:all")


def bar_grip(x, y):
    """Draw the grip at the end of an upright bar, with ridges across the way that it moves."""
    grip = tag("rect", class_="grip", x=f"{x - 13:.1f}", y=f"{y - 4:.1f}", width=26, height=8, rx=4, style=EDGE)
    return join([grip, tag("path", d=f"M{x - 6:.1f} {y - 1:.1f}h12m-12 2h12", style=RIDGE)])


def point_grip(x, y, vertical=False):
    """Draw a point that can be moved, with a tip on either side to which it can go."""
    turn = f" rotate({90 if vertical else 0})"
    tips = tag("path", d="M-11 -4.5l-5 4.5 5 4.5zM11 -4.5l5 4.5 -5 4.5z", style=SIGN)
    grip = tag("circle", class_="grip", r=7, style=EDGE)
    return tag("g", tips, grip, tag("circle", r=3, style=SIGN), transform=f"translate({x:.1f} {y:.1f}){turn}")
