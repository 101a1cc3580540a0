"""What `SeedGallery` shows: a small plane for each seed, one of them large, and how the recipes compare."""

from functools import lru_cache
from math import ceil, sqrt

import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.chart.frame import (
    BOUNDARY,
    DecisionPlane,
    Frame,
    coloured,
    decision_boundaries,
    grid_over,
    page,
    text_at,
)
from nbkit.drawing.markup import attribute, escape
from nbkit.experiment.seeds import wilson_interval
from nbkit.formatting import number
from nbkit.layers import MSELoss, ReLU
from nbkit.messages import _

WIDTH, HEIGHT = 900, 510
TILES = (12.0, 26.0, 424.0, 484.0)  # left, top, width, height in pixels
CAPTION = 17.0  # below a tile
GAP = 7.0
SHARE = 16  # steps of a run between two pictures, about
GRID = 26  # points a side of a tile
PLANE = (504.0, 28.0, 164.0, 150.0)
CURVE = (504.0, 244.0, 376.0, 84.0)
TALLY = (470.0, 388.0, 692.0, 802.0, 890.0)  # left, top, both ends of the axis, right
ROW = 20.0  # of the tally
WORDS = 690.0  # left of the words on the chosen run
LINES, CIRCLES = 4, 8  # rows of data and units in a line that there is room for
VALUE, TEXT = theme.css_colour("value"), theme.css_colour("text")
SMALL = ' style="font-size:11px"'
CROSS = f' style="stroke:{TEXT};stroke-width:2"'
LONG = 32  # characters of a recipe's name
LEFT = "text-anchor:start"
# What became of a run: sign, colour of its frame. The sign says it without the colour.
SIGNS = {"learned": ("✓", "#00795a"), "not learned": ("✗", "#d55e00"), "training": ("…", "#6e7781")}


class GalleryPicture:
    """Draws the runs of one batch; a tile whose run stands still is drawn once.

    Parameters
    ----------
    x : (n, 2) array
    labels : (n,) array of int
    features, classes : pairs of str
    seeds : int
    """

    def __init__(self, x, labels, features, classes, seeds):
        self.first, self.second, self.grid = grid_over(x, size=GRID)
        self.plane = DecisionPlane(x, labels, features, classes, box=PLANE)
        columns = ceil(sqrt(seeds))
        pitch = min(TILES[2] / columns, TILES[3] / ceil(seeds / columns) - CAPTION + GAP)
        self.columns, self.pitch, self.side = columns, pitch, pitch - GAP
        self.drawn = {}

    def svg(self, batch, chosen, batches, words):
        """Return the picture for `batch`, with run `chosen` large; `batches` are (name, Batch) pairs to compare."""
        run = batch.runs[chosen]
        parts = [
            self._tiles(batch, chosen),
            self.plane.svg(_shares(run.net, self.plane.grid)),
            self._words(run),
            self._curve(run, batch),
            self._tally(batches),
        ]
        return page(parts, _("Many seeds of one net"), words, HEIGHT, WIDTH)

    # ------------------------------------------------------------ one tile a seed

    def _tiles(self, batch, chosen):
        parts = [
            text_at(
                TILES[0], 17, "tick", _("one net, {} starts: press a picture to see it large").format(len(batch.runs))
            )
        ]
        for i, run in enumerate(batch.runs):
            left = TILES[0] + i % self.columns * self.pitch
            top = TILES[1] + i // self.columns * (self.side + CAPTION)
            parts.append(self._tile(i, run, left, top))
            if i == chosen:
                parts.append(
                    f'<rect data-chosen="{i}" x="{left - 3:.1f}" y="{top - 3:.1f}" width="{self.side + 6:.1f}" '
                    f'height="{self.side + 6:.1f}" style="fill:none;stroke:{TEXT};stroke-width:1.5"/>'
                )
        return "".join(parts)

    def _tile(self, i, run, left, top):
        # A third of the tiles that change is drawn anew for each picture: it looks as lively, and leaves time to train.
        key = id(run), run.done, (len(run.losses) + i * SHARE) // (3 * SHARE)
        if self.drawn.get(i, (None,))[0] != key:
            self.drawn[i] = key, self._draw_tile(i, run, left, top)
        return self.drawn[i][1]

    def _draw_tile(self, i, run, left, top):
        state = state_of(run)
        sign, colour = SIGNS[state]
        shares = _shares(run.net, self.grid)
        box = (round(left, 1), round(top, 1), round(self.side, 1), round(self.side, 1))
        dead = run.dead_count
        caption = sign + (" " + (_("{} dead").format(dead) if self.side > 50 else f"{dead}†") if dead else "")
        words = _("seed {seed}: {state}, loss {loss}, {dead} dead").format(
            seed=run.seed, state=state_words(run), loss=number(run.loss), dead=dead
        )
        return (
            f'<g data-item="seed {i}" data-state="{state}" style="cursor:pointer"><title>{escape(words)}</title>'
            f"{coloured(box, shares, (GRID, GRID))}{self._boundary(shares, box)}"
            f'<rect x="{box[0]:g}" y="{box[1]:g}" width="{box[2]:g}" height="{box[3]:g}" '
            f'style="fill:none;stroke:{colour};stroke-width:2.5"/>'
            f"{text_at(left + self.side / 2, top + self.side + 13, 'name', caption, SMALL)}</g>"
        )

    def _boundary(self, shares, box):
        scale = box[2] / (GRID - 1)
        paths = (
            "M" + "L".join(f"{box[0] + x * scale:.1f} {box[1] + box[3] - y * scale:.1f}" for x, y in line)
            for line in decision_boundaries(shares, (GRID, GRID))
        )
        return f'<path d="{"".join(paths)}"{BOUNDARY}/>'

    # ------------------------------------------------------------ the chosen one

    def _words(self, run):
        """Say what the chosen run has come to: its state, its loss, its outputs and its dead units."""
        sign, colour = SIGNS[state_of(run)]
        title = _("seed {seed}: {state}").format(seed=run.seed, state=state_words(run))
        lines = [_("loss {}").format(number(run.loss)), *self._outputs(run)]
        parts = [
            text_at(WORDS, 42, "name", f"{sign} {title}", f' style="{LEFT};font-weight:bold" data-number="chosen"'),
            f'<rect x="{WORDS:g}" y="49" width="190" height="3" style="fill:{colour}"/>',
        ]
        parts += [
            text_at(WORDS, 70 + 17 * i, "name", line, f' style="{LEFT};font-size:12px"') for i, line in enumerate(lines)
        ]
        return "".join([*parts, self._units(run, 70 + 17 * len(lines) + 8)])

    def _outputs(self, run):
        """Write for each row of the data what the net says, or how many are right where there are many rows."""
        x, _t = run.data
        right = run.right()
        if len(x) > LINES:
            return [_("{k} of {n} right").format(k=int(right.sum()), n=len(x))]
        squared = isinstance(run.net.loss_layer, MSELoss)
        return [
            _("inputs → score") if squared else _("inputs → probability"),
            *(
                f"{' '.join(map(number, row))} → {number(round(float(output), 2))} {'✓' if good else '✗'}"
                for row, output, good in zip(x, _outputs(run.net, x), right, strict=True)
            ),
        ]

    def _units(self, run, top):
        """Draw the hidden units as circles; a dead one is crossed out."""
        if not any(isinstance(layer, ReLU) for layer in run.net.layers):
            return text_at(WORDS, top, "tick", _("no ReLU here: no unit can be dead"))
        parts = [text_at(WORDS, top, "tick", _("hidden units (crossed out: dead)"))]
        for i, dead in enumerate([flag for layer in run.dead for flag in layer][: 2 * CIRCLES]):
            x, y = WORDS + 11 + i % CIRCLES * 25, top + 20 + i // CIRCLES * 25
            cross = f'<path data-dead="{i}" d="M{x - 8:g} {y - 8:g}l16 16m0 -16l-16 16"{CROSS}/>'
            parts.append(f'<circle class="op" cx="{x:g}" cy="{y:g}" r="10.5"/>')
            parts.append(text_at(x, y + 4, "name", str(i + 1), SMALL) + (cross if dead else ""))
        return "".join(parts)

    def _curve(self, run, batch):
        """Draw the loss of the chosen run over those of all the others."""
        highest = 1.2 * max(each.losses[0] if each.losses else each.loss for each in batch.runs)
        frame = _frame(batch.recipe.steps, float(f"{highest:.2g}"))
        others = [each.losses for each in batch.runs if each is not run]
        faint = "".join(frame.line("grid", *_thin(losses, frame.y_range[1], 40)) for losses in others if losses)
        now = frame.line("now", *_thin(run.losses, frame.y_range[1], 200), ' data-line="chosen"') if run.losses else ""
        title = _("thick: loss of seed {}, thin: all others").format(run.seed)
        return frame.svg + faint + now + text_at(CURVE[0], CURVE[1] - 7, "tick", title)

    # ------------------------------------------------------------ recipes beside each other

    def _tally(self, batches):
        """Draw the share that learned for each recipe that ran, and the range that so few seeds leave open."""
        left, top, low, high, right = TALLY
        ended = [(name, *batch.count()) for name, batch in batches if batch.count()[1]]
        if not ended:
            return text_at(left, top, "tick", _("how the recipes compare: here, as soon as all seeds have ended"))
        bottom = top + 10 + ROW * len(ended)
        parts = [
            text_at(left, top, "tick", _("seeds that learned (bar: where the true share may lie, 95 %)")),
            f'<path class="line" d="M{low:g} {top + 8:g}V{bottom:g}M{high:g} {top + 8:g}V{bottom:g}"/>',
            text_at(low, bottom + 12, "shape", "0"),
            text_at(high, bottom + 12, "shape", "100 %"),
        ]
        for i, (name, k, n) in enumerate(ended):
            y = top + 10 + ROW * (i + 0.5)
            start, end = (low + share * (high - low) for share in wilson_interval(k, n))
            parts += [
                text_at(left, y + 4, "tick", name if len(name) <= LONG else name[: LONG - 1] + "…"),
                f'<path d="M{start:.1f} {y:.1f}H{end:.1f}" style="stroke:{VALUE};stroke-width:3"/>',
                f'<circle cx="{low + k / n * (high - low):.1f}" cy="{y:.1f}" r="5" style="fill:{VALUE}"/>',
                text_at(right, y + 4, "val", _("{k} of {n}").format(k=k, n=n),
                      f' style="text-anchor:end;font-size:12px" data-tally="{attribute(name)}"'),
            ]  # fmt: skip
        return "".join(parts)


@lru_cache(maxsize=16)
def _frame(steps, highest):
    return Frame(CURVE, (0, steps), (0, highest), _("step"), _("loss"))


def _thin(losses, highest, points):
    """Return at most so many (steps, losses) of a long run, cut at the top of the axis."""
    steps = np.unique(np.linspace(0, len(losses) - 1, points).astype(int))
    return steps + 1, np.minimum(np.asarray(losses)[steps], highest)


def _shares(net, grid):
    with np.errstate(all="ignore"):
        return np.nan_to_num(net.loss_layer.probabilities(net(grid)), nan=0.5)


def _outputs(net, x):
    """Return for each row the bare score where the loss is a squared error, else the probability of the last class."""
    if not isinstance(net.loss_layer, MSELoss):
        return _shares(net, x)[:, -1]
    with np.errstate(all="ignore"):
        return np.nan_to_num(net(x)[:, 0], nan=0.5)


def state_of(run):
    """Return "training", "learned" or "not learned"."""
    return "training" if not run.done else "learned" if run.learned else "not learned"


def state_words(run):
    """Say what became of a run, for the learner."""
    if run.trouble:
        return _("blew up")
    if not run.losses:
        return _("not trained yet")
    return {"training": _("training"), "learned": _("learned"), "not learned": _("not learned")}[state_of(run)]
