"""What the tests of widgets share: the picture that a widget leaves behind for a page without a kernel."""

import base64
import re
from xml.etree import ElementTree

STILL = re.compile(r'<img alt="(?P<words>[^"]+)" width="\d+" src="data:image/svg\+xml;base64,(?P<svg>[^"]+)"')


def leaves_a_still(widget):
    """See that `widget` leaves a picture with words in a notebook."""
    bundle = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    name = type(widget).__name__
    assert bundle["text/plain"].startswith(f"{name}: a still picture; ")
    (caption,) = re.findall("<figcaption[^>]*>(.*)</figcaption>", bundle["text/html"])
    assert caption.startswith(f"<b>A still picture of {name}.</b> To move it, ")
    found = STILL.search(bundle["text/html"])
    assert found["words"].startswith(f"Still picture of {name}: ")
    assert len(found["words"]) > len(name) + 40  # it says what is in the picture
    assert ElementTree.fromstring(base64.b64decode(found["svg"])).tag == "{http://www.w3.org/2000/svg}svg"
