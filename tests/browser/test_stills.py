"""Still pictures and figures in JupyterLab: they say how they come to life, and follow its dark theme."""

import io

import nbformat
import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image
from playwright.sync_api import expect

from nbkit import WeightSliders
from nbkit.drawing.theme import CLASSES
from tests.browser.lab import THEMES
from tests.execute import VIEW
from tests.test_plots import darkened

CAPTION = "figcaption:has-text('A still picture of GraphExplorer.')"
LOADED = "() => [...document.images].every(image => image.complete && image.naturalWidth)"
SIGNS = """import matplotlib.pyplot as plt
from nbkit import plots
figure = plt.figure(figsize=(2, 2), facecolor="white")
figure.add_axes([0, 0, 1, 1]).imshow([[1, -1], [0, 0]], cmap=plots.signed_colours(), vmin=-1, vmax=1)"""
FILTERS = "images => images.map(image => getComputedStyle(image).filter)"


def test_who_does_what_the_caption_says_gets_the_widget(lab, page):
    with lab.beside(page, "02_backward.ipynb"):
        page.locator(f".jp-CodeCell:visible:has({CAPTION})").first.locator(CAPTION).click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Above Selected Cell", exact=True).click()
        expect(page.locator(f".jp-CodeCell.jp-mod-selected:visible:has({CAPTION})")).to_be_visible()
        page.keyboard.press("Shift+Enter")
        cell = page.locator(".jp-CodeCell:visible:has-text('GraphExplorer(z, ranges')").first
        cell.locator(".nbkit-panel").wait_for()
        expect(cell.locator("figcaption:visible")).to_have_count(0)
        lab.rendered(page)


def test_an_untrusted_page_shows_what_a_learner_has_saved_with_its_words_and_colours(lab, own_page):
    name, kept = "opened.ipynb", WeightSliders()._repr_mimebundle_()
    del kept[VIEW]
    book = nbformat.read(lab.root / lab.write(name, "WeightSliders()"), as_version=4)
    book.cells[0].outputs = [nbformat.v4.new_output("execute_result", kept, execution_count=1)]
    nbformat.write(book, lab.root / name)
    lab.open(own_page, name)
    image = own_page.locator(".jp-OutputArea-output img[alt^='Still picture of WeightSliders: ']")
    own_page.wait_for_function(LOADED)
    assert image.get_attribute("src").startswith("data:image/svg+xml;")
    colours = Image.open(io.BytesIO(image.screenshot())).convert("RGB").getcolors(10**6)
    assert max(colours)[1] == (255, 255, 255)  # the ground
    assert {to_rgb(CLASSES[0]), to_rgb(CLASSES[1])} <= {
        tuple(part / 255 for part in colour) for _count, colour in colours
    }


def test_a_stored_picture_turns_dark_as_soon_as_any_widget_of_the_page_runs(lab, own_page):
    lab.open(own_page, "00_start_here.ipynb")
    lab.set_theme(own_page, THEMES[1])
    stored = own_page.locator(".jp-OutputArea-output img[alt^='Computation graph with one operation']")
    assert stored.evaluate_all(FILTERS) == ["none"]  # an untrusted page has no style sheet of ours
    lab.run_cell(own_page, 1)
    lab.run_cell(own_page, 2)
    assert stored.evaluate_all(FILTERS)[0].startswith("invert")


def test_a_figure_follows_the_theme_and_keeps_its_colours(lab, page):
    lab.show(page, SIGNS)
    page.wait_for_function(LOADED)
    image = page.locator(".jp-OutputArea-output:visible img")

    def colours():
        """Positive, negative and the ground."""
        pixels = np.asarray(Image.open(io.BytesIO(image.screenshot())).convert("RGB")) / 255
        high, wide = np.array(pixels.shape[:2]) // 4
        return pixels[[high, high, 3 * high], [wide, 3 * wide, wide]]

    plain = colours()
    np.testing.assert_allclose(plain[2], 1, atol=0.005)
    lab.set_theme(page, THEMES[1])
    page.locator("#jupyterlab-splash").wait_for(state="detached")  # which lies over all while the theme changes
    np.testing.assert_allclose(colours(), [darkened(colour) for colour in plain], atol=0.02)
    page.emulate_media(media="print")
    assert image.evaluate_all(FILTERS) == ["none"]
    page.emulate_media(media="screen")
