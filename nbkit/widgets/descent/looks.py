"""What the parts of the picture of walks share: its boxes, the look of each optimizer, its style sheet."""

from nbkit.drawing import theme
from nbkit.drawing.chart.contours import CONTOUR_STYLE
from nbkit.drawing.chart.marks import stroke
from nbkit.drawing.markup import Markup, attributes
from nbkit.optimizers import OPTIMIZERS

WIDTH, HEIGHT = 760, 400
LAND_BOX = (54.0, 30.0, 380.0, 324.0)  # left, top, width, height in pixels
LOSS_BOX = (496.0, 30.0, 250.0, 112.0)
TABLE_PLACE = (454.0, 204.0)  # left, first line of text
BARS_BOX = (522.0, 324.0, 136.0, 44.0)
LEGEND_LINE = 19.0  # pixels from the top to the text above both charts
MAX_PIXEL = 1e4  # what lies further out is drawn no further
# Of the paths of the optimizers, in light and dark: the hues of the first series, with the contrast of a text.
LIGHT_PATH_COLOURS = {"sgd": theme.SERIES[0], "momentum": "#c25500", "adam": theme.SERIES[2]}
DARK_PATH_COLOURS = {"sgd": "#56b4e9", "momentum": "#ff9d57", "adam": "#3ecf9f"}
# Of each optimizer: colour, dashes, and the marker at its places as a path around the origin.
PATH_LOOKS = {
    name: (f"var(--nbkit-{name.lower()}, {LIGHT_PATH_COLOURS[name.lower()]})", dashes, marker)
    for name, dashes, marker in (
        ("SGD", "none", "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z"),
        ("Momentum", "7 3", "m-3-3h6v6h-6z"),
        ("Adam", "2 3", "m0-4.2l4.2 4.2l-4.2 4.2l-4.2-4.2z"),
    )
}
END_OF_CLIP = Markup("</svg>")
BALL_SCALE = 2.3  # times the marker of its optimizer
# What is promised and not yet so has no colour: those belong to the optimizers.
CROSS = stroke("text", width=1.5)
TANGENT = {**stroke("text", "6 4", width=1.8), "fill": "none"}
GAP = {**stroke("text", "1.5 3", width=1.5), "fill": "none"}
# Round dots, which no path has: the way downhill runs along the step that is looked at.
DOWNHILL = {**stroke("text", "0.1 6", width=3), "stroke_linecap": "round", "fill": "none"}
DESCENT_STYLE = (
    theme.CHART_STYLE
    + CONTOUR_STYLE
    + theme.css_variables(theme.IN_THE_DARK, DARK_PATH_COLOURS)
    + ".nbkit .promised{fill-opacity:0;stroke-dasharray:6 4}.nbkit .rise{fill-opacity:0}"
)


def clip(box=LAND_BOX, **more):
    """Begin an inner picture, which cuts off what leaves a frame, by default that of the land."""
    place = dict(zip(("x", "y", "width", "height"), box, strict=True))
    return Markup("<svg{}>").format(attributes(**place, viewBox=" ".join(f"{x:g}" for x in box), **more))


def in_button_order(walks):
    """Sort walks as the buttons of their optimizers stand."""
    return sorted(walks, key=lambda walk: list(OPTIMIZERS).index(walk.optimizer))
