"""What the tests of widgets share: the picture that a widget leaves behind for a page without a kernel."""

import base64
import re

STILL = re.compile(r'<img alt="(?P<words>[^"]+)" width="(?P<width>\d+)" src="data:image/png;base64,(?P<png>[^"]+)"/?>')


def still_of(widget):
    """Return (words, width, PNG bytes) of what `widget` leaves in a notebook."""
    bundle = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == f"{type(widget).__name__}: run this cell to touch it"
    found = STILL.fullmatch(bundle["text/html"])
    assert found["words"].startswith(f"{bundle['text/plain']}. ")
    assert len(found["words"]) > len(bundle["text/plain"]) + 20  # it says what is in the picture
    png = base64.b64decode(found["png"])
    assert png.startswith(b"\x89PNG")
    return found["words"], int(found["width"]), png
