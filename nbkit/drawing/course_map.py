"""The map of the course: a box for each chapter, arrows to those that need it, and a mark for each exercise."""

from typing import NamedTuple

from nbkit.drawing import theme
from nbkit.drawing.graph.layout import Box, place
from nbkit.drawing.graph.renderer import tip_at
from nbkit.drawing.markup import tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.drawing.text import rise
from nbkit.messages import _

WIDTH, HEIGHT = 102.0, 54.0  # pixels, of a box
MARGIN = 8.0  # pixels around all of it
MOST_WIDE = 960  # pixels: a wider map shrinks
RADIUS = 4.0  # pixels, of the mark of an exercise
STEP = 12.0  # pixels from one mark to the next
MOST_MARKS = 8  # in one box; more exercises than that are told by the numbers alone
STYLE = theme.css_variables(theme.IN_THE_DARK, theme.DARK_VERDICTS) + theme.css_rules(
    ("bare", "fill", "ground", ""),
    ("bare", "stroke", "line", ";stroke-width:1.2;stroke-dasharray:4 3"),
    ("begun", "fill", "input", ""),
    ("begun", "stroke", "line", ";stroke-width:1.5"),
    ("whole", "fill", "ground", ""),
    ("whole", "stroke", "right", ";stroke-width:3"),
    ("small", "fill", "text", ";font-size:11px;text-anchor:middle"),
    ("solved", "fill", "right", ""),
    ("solved,.nbkit .open,.nbkit .untried", "stroke", "text", ";stroke-width:1.2"),
    ("open,.nbkit .untried", "fill", "ground", ""),
    ("half", "fill", "gradient", ""),
    ("flag", "fill", "value", ""),
    ("flagged", "fill", "ground", ";font-size:11px;font-weight:bold;text-anchor:middle"),
)


class Stop(NamedTuple):
    """A chapter on the map."""

    number: str
    name: str
    needs: tuple  # numbers of the chapters from which arrows lead here
    states: tuple  # of each exercise: "solved", "open" or "untried"
    told: str  # how much is solved, such as "2 of 4"
    flag: str = ""  # stands above it, such as "here" or "next"


def course_map(stops, title, words):
    """Draw the map of the course.

    Parameters
    ----------
    stops : sequence of Stop
    title, words : str

    Returns
    -------
    Picture
        Its marks are the chapters, by their numbers, with what each `Stop` holds, and the arrows, ``"01 → 02"``.
    """
    arrows = tuple((before, stop.number) for stop in stops for before in stop.needs)
    layout = place(tuple(Box(stop.number, "box", WIDTH, HEIGHT) for stop in stops), arrows)
    lines = [Mark(_arrow(layout.curves[ends]), " → ".join(ends), ends=ends) for ends in arrows]
    boxes = [Mark(_box(stop, *layout.centers[stop.number]), stop.number, **stop._asdict()) for stop in stops]
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    scale, view_box = min(1.0, MOST_WIDE / width), (-MARGIN, -MARGIN, width, height)
    size = scale * width, scale * height
    return Picture(title, words, [lines, boxes], *size, sheet=theme.STYLE + STYLE, view_box=view_box)


def _arrow(curve):
    tip = tag("path", class_="tip", d="M-8 -4L0 0L-8 4Z", transform=tip_at(curve))
    return tag("g", tag("path", class_="line", d=curve), tip)


def _box(stop, x, y):
    left, top = x - WIDTH / 2, y - HEIGHT / 2
    begun = any(state != "untried" for state in stop.states)
    look = "whole" if set(stop.states) == {"solved"} else "begun" if begun else "bare"
    parts = [
        tag("title", _("{name}: {text}").format(name=f"{stop.number} {stop.name}", text=stop.told)),
        tag("rect", class_=look, x=left, y=top, width=WIDTH, height=HEIGHT, rx=6),
        tag("text", f"{stop.number} {stop.name}", class_="small", x=x, y=y - 9),
        tag("text", stop.told, class_="small", font_weight="bold", x=x, y=y + 22),
    ]
    shown = stop.states[:MOST_MARKS]
    first = x - STEP * (len(shown) - 1) / 2
    parts += [_exercise(state, first + STEP * k, y + 2) for k, state in enumerate(shown)]
    if stop.flag:
        top -= rise(stop.name)
        parts.append(tag("rect", class_="flag", x=x - 22, y=top - 8, width=44.0, height=15.0, rx=7))
        parts.append(tag("text", stop.flag, class_="flagged", x=x, y=top + 3.5))
    return tag("g", *parts)


def _exercise(state, x, y):
    """Draw the mark of an exercise: full where it is solved, half full where it is open, empty where it waits."""
    circle = tag("circle", class_=state, cx=x, cy=y, r=RADIUS)
    if state != "open":
        return circle
    half = f"M{x - RADIUS:g} {y:g}A{RADIUS:g} {RADIUS:g} 0 0 0 {x + RADIUS:g} {y:g}Z"
    return tag("g", circle, tag("path", class_="half", d=half))
