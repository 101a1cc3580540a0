"""The look of all pictures: colours in light and dark, safe for colour-blind eyes and at least 4.5:1 against their
ground, and the style sheets that hold them.
"""

from nbkit.drawing.text import FONT, TICK

LIGHT = {
    "ground": "#ffffff",
    "text": "#1b1f24",
    "quiet": "#57606a",
    "line": "#6e7781",
    "input": "#e3effb",
    "operation": "#fff3d1",
    "value": "#00518f",
    "gradient": "#a33c00",
    "positive": "#00518f",
    "negative": "#a33c00",
    "right": "#1a7f37",
    "wrong": "#b3261e",
}
DARK = {
    "ground": "#111111",
    "text": "#f0f0f0",
    "quiet": "#b4bcc4",
    "line": "#8b949e",
    "input": "#1d3147",
    "operation": "#3d3413",
    "value": "#7cc4ff",
    "gradient": "#ffab70",
    "positive": "#7cc4ff",
    "negative": "#ffab70",
}
DARK_VERDICTS = {"right": "#56d364", "wrong": "#ff8a80"}  # apart: most pictures judge nothing
# The ends of the signed scale, in pixels that lie over the ground of either theme.
PIXELS = {"positive": "#0072b2", "negative": "#d55e00"}
# Lines of a chart, in the order of Okabe & Ito's set; darkened where 3:1 on white asks for it.
SERIES = ("#0072b2", "#d55e00", "#00795a", "#b8578c", "#8a6d00", "#3a8fbf", "#5c5c5c", "#a33c00", "#6a51a3", "#1b1f24")
# Classes: the first ones have no colour of the signed scale, beside which they stand.
CLASSES = ("#762a83", "#1b9e5a", "#7a5c00", "#b8578c", "#5c5c5c", "#3a8fbf", "#a33c00", "#0072b2", "#d55e00", "#1b1f24")


def css_variables(selector, colours):
    """Return one CSS rule that sets ``--nbkit-NAME`` for every colour."""
    return selector + "{" + "".join(f"--nbkit-{name}:{colour};" for name, colour in colours.items()) + "}"


def css_colour(role):
    """Return a CSS colour that follows the theme, with the light one where no theme is there to follow."""
    return f"var(--nbkit-{role}, {LIGHT[role]})"


def halo(width):
    """Return the style of a text that stands out from lines behind it, by so many pixels of the ground around it."""
    return f"paint-order:stroke;stroke:{css_colour('ground')};stroke-width:{width}px;stroke-linejoin:round"


def css_rules(*rules):
    """Return a rule for each (class, property, role of the colour, more): the colour follows the theme."""
    return "".join(  # the plain light colour stands first, for readers of SVG that know no variables
        f".nbkit .{name}{{{what}:{LIGHT[role]};{what}:{css_colour(role)}{more}}}" for name, what, role, more in rules
    )


DARK_PAGE = "body[data-jp-theme-light='false']"  # JupyterLab's way to say that its theme is dark
IN_THE_DARK = f"{DARK_PAGE} .nbkit"
STYLE = (
    f".nbkit{{max-width:100%;height:auto;font-family:'DejaVu Sans',Verdana,sans-serif;font-size:{FONT}px}}"
    + css_variables(IN_THE_DARK, DARK)
    + css_rules(
        ("ground", "fill", "ground", ""),
        ("in", "fill", "input", ""),
        ("op", "fill", "operation", ""),
        ("in,.nbkit .op", "stroke", "line", ";stroke-width:1.5"),
        ("line", "stroke", "line", ";stroke-width:1.5;stroke-linecap:round;fill:none"),
        ("tip", "fill", "line", ""),
        ("name", "fill", "text", ";text-anchor:middle"),
        ("val", "fill", "value", ";font-weight:bold;text-anchor:middle"),
        ("grad", "fill", "gradient", ";font-style:italic;text-anchor:middle"),
        ("shape", "fill", "quiet", f";font-size:{TICK}px;text-anchor:middle"),
    )
)
CHART_STYLE = STYLE + css_rules(
    ("frame", "stroke", "line", ";fill:none"),
    ("grid", "stroke", "line", ";stroke-opacity:.3;fill:none"),
    ("tick", "fill", "quiet", f";font-size:{TICK}px"),
    ("axis", "fill", "text", ";font-size:12px;text-anchor:middle"),
    ("now", "stroke", "text", ";stroke-width:2;fill:none;stroke-linejoin:round"),
    ("then", "stroke", "quiet", ";stroke-width:1.4;fill:none"),
    ("each", "stroke", "text", ";stroke-width:1;stroke-opacity:.45;fill:none"),
)
