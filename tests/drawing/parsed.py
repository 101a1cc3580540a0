"""What the tests of pictures share: their elements, without the name space."""

import xml.etree.ElementTree as ET


def parsed(svg):
    """Return the root of a picture, or of parts of one, as elements with plain names; its style sheets are left out."""
    root = ET.fromstring(svg if svg.startswith("<svg") else f"<svg>{svg}</svg>")
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for sheet in element.findall("{*}style"):
            element.remove(sheet)
    return root


def texts(svg, kind=None):
    """Return what is written in a picture, in its order: all of it, or what has one class."""
    found = parsed(svg).iter("text")
    return ["".join(text.itertext()) for text in found if kind is None or text.get("class") == kind]


def points(svg, kind):
    """Return the points of each line of a class: a list of (x, y) for each."""
    return [
        [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
        for line in parsed(svg).iter("polyline")
        if line.get("class") == kind
    ]
