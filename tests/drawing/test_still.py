"""A picture as HTML for pages in which nothing runs: its words, its width, its caption, as SVG and as PNG."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nbkit import GraphExplorer, Sigmoid, Variable, draw
from nbkit.drawing import still
from nbkit.drawing.markup import image_address, style_sheet
from nbkit.drawing.raster import rasterised
from nbkit.drawing.still import DARK_RULE, MAX_SHRUNK_WIDTH, PUBLISH, address_of, html_of
from tests.drawing.parsed import parsed

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PNG = image_address(b"PNG")
IMAGE = re.compile(r'<img alt="[^"]+" width="\d+" src="data:image/([a-z+]+);base64,([^"]+)"')
QUIET = """import sys
from nbkit import GraphExplorer, Variable, draw, progress
graph = Variable(2.0, "x") * 3
for shown in (GraphExplorer(graph), draw(graph), progress(sys.argv[1])):
    assert "<img" in shown._repr_mimebundle_()["text/html"]
print([name for name in ("PIL", "resvg_py", "matplotlib") if name in sys.modules])"""


def image_in(thing):
    """Return kind and content of the image that a notebook keeps of a thing."""
    ((kind, content),) = IMAGE.findall(thing._repr_mimebundle_()["text/html"])
    return kind, base64.b64decode(content)


def picture_of(thing):
    """Return the whole picture that it has."""
    return thing.svg if hasattr(thing, "svg") else thing.snapshot()


@pytest.fixture(params=[draw, GraphExplorer])
def shown(request):
    return request.param(Sigmoid()(Variable(2.0, "x") * 3))


def test_a_learner_gets_the_svg_that_is_on_the_page_without_what_an_image_cannot_show(shown, monkeypatch):
    monkeypatch.delenv(PUBLISH, raising=False)
    kind, content = image_in(shown)
    assert kind == "svg+xml"
    silent = {"title", "desc", "metadata"}
    parts = [(part.tag, part.attrib, part.text) for part in parsed(picture_of(shown)).iter()]
    assert silent <= {tag for tag, *_others in parts}
    kept = [part for part in parts if part[0] not in silent]
    assert [(part.tag, part.attrib, part.text) for part in parsed(content.decode()).iter()] == kept


def test_for_readers_elsewhere_it_is_a_png_of_the_same_picture(shown, monkeypatch):
    monkeypatch.setenv(PUBLISH, "1")
    assert image_in(shown) == ("png", rasterised(picture_of(shown)))


def test_a_picture_that_is_too_large_for_the_server_is_a_png(shown, monkeypatch):
    monkeypatch.delenv(PUBLISH, raising=False)
    size = len(image_in(shown)[1])
    monkeypatch.setattr(still, "MAX_SVG_BYTES", size)
    assert image_in(shown)[0] == "svg+xml"
    monkeypatch.setattr(still, "MAX_SVG_BYTES", size - 1)
    assert image_in(shown)[0] == "png"


def test_both_have_the_same_words_size_and_caption(shown, monkeypatch):
    def around():
        return re.sub(r"data:image/[^\"]+", "", shown._repr_mimebundle_()["text/html"])

    monkeypatch.delenv(PUBLISH, raising=False)
    own = around()
    monkeypatch.setenv(PUBLISH, "1")
    assert around() == own


def test_an_image_is_as_wide_as_its_element_whatever_the_picture_is_in_a_panel(monkeypatch):
    monkeypatch.delenv(PUBLISH, raising=False)
    picture = draw(Variable(1.0, "x") * 2).svg.at_least(900, 2000)
    content = base64.b64decode(address_of(picture).removeprefix("data:image/svg+xml;base64,")).decode()
    assert "min-width" in picture
    assert parsed(content).get("width") == f"{picture.width:g}"
    assert parsed(content).get("style") is None


def test_a_learner_waits_for_no_rasteriser():
    command = [sys.executable, "-c", QUIET, str(NOTEBOOKS)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_a_picture_of_which_an_attack_is_a_part_stays_whole():
    address = address_of(draw(Variable(1.0, "</title><desc>") * 2).svg)
    content = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    assert "&lt;/title&gt;&lt;desc&gt;" in content
    parsed(content)


def test_the_html_says_the_words_to_those_who_cannot_see_it():
    image = parsed(str(html_of(PNG, 'a "b" <c> & d', 640.4)).replace("><style", "/><style"))[0]
    assert (image.tag, image.get("alt"), image.get("width")) == ("img", 'a "b" <c> & d', "640")
    assert base64.b64decode(image.get("src").removeprefix("data:image/png;base64,")) == b"PNG"


def test_a_picture_too_wide_for_a_page_scrolls_and_shrinks_on_paper_alone():
    html = str(html_of(PNG, "wide", MAX_SHRUNK_WIDTH + 1))
    box = parsed(html.replace("></div>", "/></div>"))[0]
    assert "@media print{" in html
    assert (box.tag, box.get("tabindex"), box.get("style")) == ("div", "0", "overflow-x: auto")
    assert box.find("img").get("style") == "max-width: none"


@pytest.mark.parametrize("width", [1, MAX_SHRUNK_WIDTH])
def test_a_picture_that_may_shrink_has_no_box(width):
    assert html_of(PNG, "x", width).startswith("<img ")


@pytest.mark.parametrize("width", [100, MAX_SHRUNK_WIDTH + 1])
def test_a_caption_stands_above_the_picture_as_text(width):
    html = str(html_of(PNG, "words", width, caption="a < b")).partition("<style>@media screen")[0]
    caption, picture = parsed(re.sub("(<img [^>]*)>", r"\1/>", html))[0]
    assert (caption.tag, caption.text) == ("figcaption", "a < b")
    assert picture.tag == ("img" if width == 100 else "div")


def test_a_dark_page_turns_a_picture_dark_on_the_screen_unless_it_is_dark_already():
    assert str(style_sheet(DARK_RULE)) in html_of(PNG, "x", 9)
    assert DARK_RULE.startswith("@media screen")
    assert "style" not in html_of(PNG, "x", 9, light=False)
