"""What `SeedGallery` shows: a small plane for each seed, one of them large, and how the recipes compare."""

from math import ceil, sqrt

from nbkit.drawing import theme
from nbkit.drawing.chart.marks import stroke, text_at
from nbkit.drawing.chart.plane import BOUNDARY, DecisionPlane, coloured, decision_boundaries, grid_over
from nbkit.drawing.chart.series import loss_frame
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark, Picture
from nbkit.experiment.measures import outputs
from nbkit.experiment.seeds import wilson_interval
from nbkit.formatting import number
from nbkit.layers import MSELoss, ReLU
from nbkit.messages import _, shortened

WIDTH, HEIGHT = 900, 510
TILES_BOX = (12.0, 26.0, 424.0, 484.0)  # left, top, width, height in pixels
CAPTION_HEIGHT, TILE_GAP = 17.0, 7.0  # below a tile, and between two
TILE_GRID = 26  # points per side of a tile
PICTURES_PER_TILE = 3  # each tile that changes is drawn anew for every third picture: that leaves time to train
RUN_STEPS_PER_PICTURE = 16  # of one run, roughly
MAX_TILE_WITHOUT_WORD = 50  # pixels, in which there is no room for the word "dead"
PLANE_BOX = (504.0, 28.0, 164.0, 150.0)
LOSS_BOX = (504.0, 244.0, 376.0, 84.0)
CHOSEN_CURVE_POINTS, OTHER_CURVE_POINTS = 200, 40  # at most
TALLY_LEFT, TALLY_TOP, TALLY_LOW, TALLY_HIGH, TALLY_RIGHT, TALLY_PITCH = 470.0, 388.0, 692.0, 802.0, 890.0, 20.0
WORDS_LEFT, WORDS_PITCH = 690.0, 17  # of what is written about the chosen run
MAX_OUTPUT_ROWS, CIRCLES_PER_ROW = 4, 8  # that there is room for
MAX_RECIPE_CHARACTERS = 32  # of its name
TEXT_COLOUR = theme.css_colour("text")
SHEET = theme.CHART_STYLE + theme.css_variables(theme.IN_THE_DARK, theme.DARK_VERDICTS)
SMALL_LETTERS = {"style": "font-size:11px"}
# What became of a run: sign, and colour and dashes of its frame. Classes have their own colours, so these are others.
OUTCOMES = {"learned": ("✓", "text", None), "not learned": ("✗", "wrong", "6 3"), "training": ("…", "line", None)}


class GalleryPicture:
    """Draws the runs of one `SeedGroup`; a tile is drawn again only when its run has gone on."""

    def __init__(self, x, labels, features, classes, seeds):
        self.grid = grid_over(x, size=TILE_GRID)[2]
        self.plane = DecisionPlane(x, labels, features, classes, box=PLANE_BOX)
        self.columns = ceil(sqrt(seeds))
        left, top, width, height = TILES_BOX
        pitch = min(width / self.columns, height / ceil(seeds / self.columns) - CAPTION_HEIGHT + TILE_GAP)
        side = pitch - TILE_GAP
        self.places = [
            (left + i % self.columns * pitch, top + i // self.columns * (side + CAPTION_HEIGHT)) for i in range(seeds)
        ]
        self.side, self.drawn = side, {}

    def svg(self, group, chosen, groups, words):
        """Return the picture for a `SeedGroup`, with run `chosen` large; `groups` are (name, group, guess)."""
        run = group.runs[chosen]
        parts = [
            self._tiles(group, chosen),
            self.plane.svg(run.probabilities(self.plane.grid)),
            _words_on(run),
            _losses(run, group),
            _tally(groups),
        ]
        return Picture(_("Many seeds of one net"), words, parts, WIDTH, HEIGHT, sheet=SHEET)

    # ------------------------------------------------------------ one tile per seed

    def _tiles(self, group, chosen):
        words = _("one net, {} starts: press a picture to see it large").format(len(group.runs))
        parts = [text_at(TILES_BOX[0], 17, "tick", words), *map(self._tile, range(len(group.runs)), group.runs)]
        left, top = self.places[chosen]
        box = {"x": f"{left - 3:.1f}", "y": f"{top - 3:.1f}"}
        box |= dict.fromkeys(("width", "height"), f"{self.side + 6:.1f}")
        look = {"style": f"fill:none;stroke:{TEXT_COLOUR};stroke-width:1.5"}
        return [parts, Mark(tag("rect", data_chosen=chosen, **box, **look), "chosen", number=chosen)]

    def _tile(self, i, run):
        shown = (run.step + i * RUN_STEPS_PER_PICTURE) // (PICTURES_PER_TILE * RUN_STEPS_PER_PICTURE)
        key = id(run), run.finished, shown
        if self.drawn.get(i, (None,))[0] != key:
            self.drawn[i] = key, self._draw_tile(i, run)
        return self.drawn[i][1]

    def _draw_tile(self, i, run):
        state, dead = state_of(run), run.dead_count
        sign, role, dashes = OUTCOMES[state]
        left, top = self.places[i]
        side = round(self.side, 1)
        x, y, probabilities = round(left, 1), round(top, 1), run.probabilities(self.grid)
        caption = sign
        if dead:
            caption += " " + _("{} dead").format(dead) if side > MAX_TILE_WITHOUT_WORD else f" {dead}†"
        words = _("seed {seed}: {state}, loss {loss}, {dead} dead").format(
            seed=run.seed, state=state_words(run), loss=number(run.loss), dead=dead
        )
        parts = [
            tag("title", words),
            coloured((x, y, side, side), probabilities, (TILE_GRID, TILE_GRID)),
            _boundary(probabilities, x, y, side),
            tag(
                "rect",
                x=x,
                y=y,
                width=side,
                height=side,
                stroke_dasharray=dashes,
                style=f"fill:none;stroke:{theme.css_colour(role)};stroke-width:2.5",
            ),
            text_at(left + self.side / 2, top + self.side + 13, "name", caption, **SMALL_LETTERS),
        ]
        item = f"seed {i}"
        tile = tag("g", *parts, data_item=item, data_state=state, style="cursor:pointer")
        return Mark(tile, item, state=state, caption=caption, x=x, y=y, side=side)


def _boundary(probabilities, left, top, side):
    scale = side / (TILE_GRID - 1)
    paths = [
        "M" + "L".join([f"{left + x * scale:.1f} {top + side - y * scale:.1f}" for x, y in line.tolist()])
        for line in decision_boundaries(probabilities, (TILE_GRID, TILE_GRID))
    ]
    return tag("path", d="".join(paths), **BOUNDARY)


# ---------------------------------------------------------------- the chosen run


def _words_on(run):
    """Say what the chosen run has come to: its state, its loss, its outputs and its dead units."""
    sign, role, dashes = OUTCOMES[state_of(run)]
    title = _("seed {seed}: {state}").format(seed=run.seed, state=state_words(run))
    lines = [_("loss {}").format(number(run.loss)), *_outputs(run)]
    bold, left = {"style": "text-anchor:start;font-weight:bold"}, {"style": "text-anchor:start;font-size:12px"}
    parts = [
        text_at(WORDS_LEFT, 42, "name", f"{sign} {title}", data_number="chosen", **bold),
        tag("path", d=f"M{WORDS_LEFT:g} 50h190", **stroke(role, dashes, 3)),
        *(text_at(WORDS_LEFT, 70 + WORDS_PITCH * i, "name", line, **left) for i, line in enumerate(lines)),
    ]
    return [Mark(join(parts), "words", heading=title, lines=lines), _units(run, 78 + WORDS_PITCH * len(lines))]


def _outputs(run):
    """Write for each row of the data what the net says, or how many are right where there are many rows."""
    x, _t = run.data
    right = run.right()
    if len(x) > MAX_OUTPUT_ROWS:
        return [_("{k} of {n} right").format(k=int(right.sum()), n=len(x))]
    title = _("inputs → score") if isinstance(run.net.loss_layer, MSELoss) else _("inputs → probability")
    rows = [
        f"{' '.join(map(number, row))} → {number(round(float(output), 2))} {'✓' if good else '✗'}"
        for row, output, good in zip(x, outputs(run.net, x), right, strict=True)
    ]
    return [title, *rows]


def _units(run, top):
    """Draw the hidden units as circles; a dead one is crossed out."""
    if not any(isinstance(layer, ReLU) for layer in run.net.layers):
        return text_at(WORDS_LEFT, top, "tick", _("no ReLU here: no unit can be dead"))
    parts = [text_at(WORDS_LEFT, top, "tick", _("hidden units (crossed out: dead)"))]
    units = [bool(flag) for layer in run.dead for flag in layer][: 2 * CIRCLES_PER_ROW]
    for i, is_dead in enumerate(units):
        x, y = WORDS_LEFT + 11 + i % CIRCLES_PER_ROW * 25, top + 20 + i // CIRCLES_PER_ROW * 25.0
        parts += [
            tag("circle", class_="ground", cx=x, cy=y, r=10.5, **stroke("line", width=1.5)),
            text_at(x, y + 4, "name", str(i + 1), **SMALL_LETTERS),
        ]
        if is_dead:
            cross = f"M{x - 8:g} {y - 8:g}l16 16m0 -16l-16 16"
            parts.append(tag("path", data_dead=i, d=cross, **stroke("text")))
    return Mark(join(parts), "units", dead=units)


def _losses(run, group):
    """Draw the loss of the chosen run over those of all the others."""
    highest = 1.2 * max(each.losses[0] if each.losses else each.loss for each in group.runs)
    chart = loss_frame(group.recipe.steps, float(f"{highest:.2g}"), LOSS_BOX)
    others = [chart.series("grid", each.losses, points=OTHER_CURVE_POINTS) for each in group.runs if each is not run]
    now = chart.series("now", run.losses, key="loss", points=CHOSEN_CURVE_POINTS, data_line="chosen")
    title = _("thick: loss of seed {}, thin: all others").format(run.seed)
    return [chart.svg, others, now, text_at(LOSS_BOX[0], LOSS_BOX[1] - 7, "tick", title)]


# ---------------------------------------------------------------- recipes beside each other


def _tally(groups):
    """Draw the share that learned for each recipe that ran, and the range that so few seeds leave open."""
    ended = [(name, *group.count(), guess and guess / group.size) for name, group, guess in groups if group.count()[1]]
    left, top, low, high = TALLY_LEFT, TALLY_TOP, TALLY_LOW, TALLY_HIGH
    if not ended:
        return text_at(left, top, "tick", _("how the recipes compare: here, as soon as all seeds have ended"))
    bottom = top + 10 + TALLY_PITCH * len(ended)
    parts = [
        text_at(left, top, "tick", _("seeds that learned (bar: where the true share may lie, 95 %)")),
        tag("path", class_="line", d=f"M{low:g} {top + 8:g}V{bottom:g}M{high:g} {top + 8:g}V{bottom:g}"),
        text_at(low, bottom + 12, "shape", "0"),
        text_at(high, bottom + 12, "shape", "100 %"),
    ]
    texts, guesses = {}, {}
    for i, (name, k, n, guess) in enumerate(ended):
        y, texts[name] = top + 10 + TALLY_PITCH * (i + 0.5), _("{k} of {n}").format(k=k, n=n)
        start, end = (low + share * (high - low) for share in wilson_interval(k, n))
        look = {"style": "text-anchor:end;font-size:12px;font-weight:bold", "data_tally": name}
        parts += [
            text_at(left, y + 4, "tick", shortened(name, MAX_RECIPE_CHARACTERS)),
            tag("path", d=f"M{start:.1f} {y:.1f}H{end:.1f}", **stroke("text", width=3)),
            tag("circle", cx=f"{low + k / n * (high - low):.1f}", cy=f"{y:.1f}", r=5, style=f"fill:{TEXT_COLOUR}"),
            text_at(TALLY_RIGHT, y + 4, "name", texts[name], **look),
        ]
        if guess is not None:
            guesses[name] = guess
            parts.append(_diamond(low + guess * (high - low), y))
    if guesses:
        parts += [_diamond(left + 6, bottom + 8), text_at(left + 18, bottom + 12, "tick", _("your guess"))]
    return Mark(join(parts), "tally", texts=texts, guesses=guesses)


def _diamond(x, y):
    """Mark what was guessed: hollow, so that a bar is seen through it."""
    return tag(
        "path", d=f"M{x - 6:.1f} {y:.1f}l6 -7 6 7 -6 7z", style=f"fill:none;stroke:{TEXT_COLOUR};stroke-width:1.5"
    )


def state_of(run):
    """Return "training", "learned" or "not learned"."""
    return "training" if not run.finished else "learned" if run.learned else "not learned"


def state_words(run):
    """Say what became of a run, for the learner."""
    if run.error:
        return _("blew up")
    if not run.step:
        return _("not trained yet")
    return {"training": _("training"), "learned": _("learned"), "not learned": _("not learned")}[state_of(run)]
