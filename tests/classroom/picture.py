"""The picture of the teacher's page: ``python -m tests.classroom.picture`` takes it of a made-up class."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from nbkit.classroom import report, write
from nbkit.files import write_whole
from tests.browser.lab import FLAGS, find_browser
from tests.classroom.made_up import make_class

PICTURE = Path(__file__).parents[2] / "notebooks" / "images" / "class_report.png"
LEARNERS, CHAPTER, SEED = 12, "02", 6
DATE = "2026-11-30"
WIDTH = 1200  # CSS pixels
COLOURS = 64  # the page has few of them
UNNUMBERED = """() => document.querySelectorAll('.n').forEach(name => {
    name.textContent = name.textContent.replace(/-\\d+$/, '');  // fruits are told apart without their numbers
})"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        make_class(Path(folder, "class"), LEARNERS, [CHAPTER], SEED, pictures=False)
        path, *_tables = write(report(Path(folder, "class")), Path(folder, "report"), DATE)
        taken = _taken(path)
    small = io.BytesIO()
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        small, "png", optimize=True
    )
    write_whole(PICTURE, lambda file: file.write(small.getvalue()))
    print(f"{PICTURE}: {len(small.getvalue()) / 1000:.0f} kB")


def _taken(path):
    """Return a screenshot of the page down to the end of its table."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), headless=True, args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
        page.goto(path.as_uri())
        page.evaluate(UNNUMBERED)
        box = page.locator(".box").bounding_box()
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": box["y"] + box["height"] + 16}
        taken = page.screenshot(full_page=True, clip=clip)
        browser.close()
    return taken


if __name__ == "__main__":
    sys.exit(main())
