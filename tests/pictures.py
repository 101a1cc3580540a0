"""What the tests of widgets share: the picture that a widget leaves behind for a page without a kernel."""

import base64
import re

STILL = re.compile(r'<img alt="(?P<words>[^"]+)" width="(?P<width>\d+)" src="data:image/png;base64,(?P<png>[^"]+)"')


def still_of(widget):
    """Return (words, width, PNG bytes) of what `widget` leaves in a notebook."""
    bundle = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    name = type(widget).__name__
    assert bundle["text/plain"].startswith(f"{name}: a still picture; ")
    (caption,) = re.findall("<figcaption[^>]*>(.*)</figcaption>", bundle["text/html"])
    assert caption.startswith(f"<b>A still picture of {name}.</b> To move it, ")
    found = STILL.search(bundle["text/html"])
    assert found["words"].startswith(f"Still picture of {name}: ")
    assert len(found["words"]) > len(name) + 40  # it says what is in the picture
    png = base64.b64decode(found["png"])
    assert png.startswith(b"\x89PNG")
    return found["words"], int(found["width"]), png
