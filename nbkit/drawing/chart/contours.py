"""Height lines over a frame: the ground between them in one pale hue, and round numbers on them."""

from itertools import pairwise

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.marks import text_at
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.formatting import number, one_two_five, round_numbers

SHARES = (0.01, 0.04, 0.1, 0.2, 0.33, 0.48, 0.64, 0.82)  # of the area: a line is sought with so much below it
MIN_LEVELS = 4  # where fewer numbers of 1, 2, 5 lie between lowest and highest, the lines are evenly spaced
HUES = ("#6a51a3", "#b8a9ff")  # of the ground, in light and dark: no line of `theme.SERIES` begins with it
TINT = 0.035  # opacity that each line adds to the ground above it
THINNING_PASSES, MAX_THINNING_ERROR = 4, 0.1  # each pass drops up to half of the points; pixels
MIN_LABEL_DISTANCE = 44  # pixels between the numbers on the lines
SIDE_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 24, 14, 10  # pixels from the frame that numbers keep

HALO = theme.halo(4)
CONTOUR_STYLE = (
    theme.css_rules(("height", "stroke", "quiet", ";stroke-opacity:.5;stroke-width:1;stroke-linejoin:round"))
    + f".nbkit .height{{fill:{HUES[0]};fill-opacity:{TINT};fill-rule:evenodd}}"
    + f"{theme.IN_THE_DARK} .height{{fill:{HUES[1]}}}"
)


def contours(land, x, y, heights):
    """Draw height lines over a frame, and apart the numbers on them: return two marks.

    Parameters
    ----------
    land : Frame
    x, y : (n,), (m,) arrays
    heights : (m, n) array
        Finite.

    Returns
    -------
    Mark, Mark
        "height lines" shows ``lines``, pairs of a level and the (k, 2) places of a line on it, and ``levels``;
        "height labels" shows ``texts``.
    """
    from contourpy import FillType, contour_generator

    generator = contour_generator(x, y, heights, fill_type=FillType.OuterOffset)
    row, column = np.unravel_index(heights.argmin(), heights.shape)
    taken = [(land.x(x[column]), land.y(y[row]))]  # the lowest place has no number: a mark may stand there
    drawn, lines, labels, texts = [], [], [], []
    levels = round_levels(heights)
    for level in levels:
        pieces = [piece for piece in generator.lines(level) if len(piece) > 3]
        lines += [(level, piece) for piece in pieces]
        drawn.append(_above(land, *generator.filled(level, np.inf)))
        label = _label(land, max(pieces, key=len), level, taken) if pieces else None
        if label is not None:
            labels.append(label)
            texts.append(number(level))
    return Mark(join(drawn), "height lines", lines=lines, levels=levels), Mark(
        join(labels), "height labels", texts=texts
    )


def round_levels(heights):
    """Choose a few levels whose numbers are 1, 2 or 5 times a power of ten; evenly spaced ones where these are few."""
    low, high = float(heights.min()), float(heights.max())
    reach = max(abs(low), abs(high))
    if not low < high:
        return []
    top = int(np.floor(np.log10(reach)))
    known = np.array(one_two_five(top - 6, top))
    known = np.concatenate([-known[::-1], known])
    known = known[(known > low) & (known < high)]
    wanted = np.quantile(heights, SHARES)
    nearest = {float(known[np.abs(known - level).argmin()]) for level in wanted} if len(known) else set()
    return sorted(nearest) if len(nearest) >= MIN_LEVELS else _even_levels(low, high)


def _even_levels(low, high):
    return [level for level in round_numbers(low, high, most=8) if low < level < high]


def _above(land, outlines, offsets):
    """Tint all that lies above a line, and draw the line around it; the tints add up."""
    rings = [outline[i:j] for outline, ends in zip(outlines, offsets, strict=True) for i, j in pairwise(ends)]
    return tag("path", class_="height", d="".join([_ring(land.x(ring[:, 0]), land.y(ring[:, 1])) for ring in rings]))


def _ring(x, y):
    """Write a closed line as path data, without the points that nobody would miss."""
    points = np.stack([x, y], axis=1)
    for _pass in range(THINNING_PASSES):
        before, at, after = points[:-2:2], points[1:-1:2], points[2::2]
        n = min(len(at), len(after))
        (a, b), (c, d) = (after[:n] - before[:n]).T, (at[:n] - before[:n]).T
        near = np.abs(a * d - b * c) <= MAX_THINNING_ERROR * np.hypot(a, b)
        points = np.delete(points, 1 + 2 * np.flatnonzero(near), axis=0)
    return f"M{'L'.join([f'{a:.1f} {b:.1f}' for a, b in points.tolist()])}z"


def _label(land, piece, level, taken):
    """Write the level onto its line, as high as there is room: well inside the frame, and away from the others."""
    px, py = land.x(piece[:, 0]), land.y(piece[:, 1])
    left, top, width, height = land.box
    free = (px > left + SIDE_MARGIN) & (px < left + width - SIDE_MARGIN)
    free &= (py > top + TOP_MARGIN) & (py < top + height - BOTTOM_MARGIN)
    for x, y in taken:
        free &= np.hypot(px - x, py - y) > MIN_LABEL_DISTANCE
    if not free.any():
        return None
    place = np.flatnonzero(free)[np.argmin(py[free])]
    taken.append((px[place], py[place]))
    return text_at(px[place], py[place] + 4, "tick", number(level), data_mark="label", text_anchor="middle", style=HALO)
