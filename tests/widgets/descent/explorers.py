"""What the tests of the descent explorer share: what it shows, says and plays."""

import json
import xml.etree.ElementTree as ET

from nbkit.widgets.kit.views import PointerEvent


def shown(explorer, key):
    return marks(explorer)["numbers"].numbers[key].replace("−", "-")


def marks(explorer):
    return explorer.picture().marks


def said(explorer):
    return " ".join(" ".join(line) for line in explorer.lines)


def paths(explorer):
    return [key.removeprefix("path ") for key in marks(explorer) if key.startswith("path ")]


def point(explorer, kind, x, y, area="land"):
    """Point at a place on the picture, in pixels."""
    explorer.view._handle_custom_msg(PointerEvent(kind, area, None, float(x), float(y))._asdict(), [])


def script(explorer):
    """What the page has to play, once it has asked for it."""
    explorer.view._handle_custom_msg({"kind": "frames"}, [])
    facts = json.loads(ET.fromstring(explorer.view.svg).find("{*}metadata").text)
    assert facts["number"] == explorer.view.frames["number"]
    return json.loads(json.dumps(explorer.view.frames, allow_nan=False)) | facts
