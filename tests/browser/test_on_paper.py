"""A printed page does not scroll: wide pictures become as wide as the sheet."""

from nbkit import Variable, draw
from nbkit.drawing.still import MAX_SHRUNK_WIDTH
from nbkit.widgets.kit.assets import STATIC

SHEET = 700  # pixels


def wide():
    x = Variable(2, "x")
    for _ in range(20):
        x = x * 1.1
    return draw(x)


def test_a_wide_picture_scrolls_in_a_page_and_is_whole_on_paper(browser):
    drawing = wide()
    panel = (
        f"<style>{(STATIC / 'panel.css').read_text('utf-8')}</style>"
        f'<div class="nbkit-panel"><div class="nbkit-svg-view"><div>{drawing.svg}</div></div></div>'
    )
    page = browser.new_page(viewport={"width": SHEET, "height": 800})
    try:
        page.set_content(f"<body style='margin:0'>{drawing._repr_mimebundle_()['text/html']}{panel}")
        as_svg_view = "svg => { svg.parentElement.style.minWidth = '1300px'; }"
        page.eval_on_selector(".nbkit-panel svg", as_svg_view)
        image, svg = page.locator("img"), page.locator(".nbkit-panel svg")
        assert image.bounding_box()["width"] > MAX_SHRUNK_WIDTH
        assert svg.bounding_box()["width"] == 1300
        page.emulate_media(media="print")
        for picture in (image, svg):
            box = picture.bounding_box()
            assert 0 < box["width"] <= SHEET
            assert box["height"] > 10
        assert page.evaluate("() => document.documentElement.scrollWidth") <= SHEET
    finally:
        page.close()
