"""A chapter's notebook as the tests of its exercises read and run it."""

import re
from functools import cache
from pathlib import Path

import matplotlib
import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CHECK = re.compile(r"""check\(\s*["']([^"']+)["']""")
FOLD = re.compile(r"<details><summary>[^<\n]+</summary>\s*```python\n(.*?)```.*</details>", re.DOTALL)


class Chapter:
    """The cells of one notebook, and in `places` pairs: the name of each exercise, in order, and the cell it is in."""

    def __init__(self, notebook, folder=NOTEBOOKS):
        self.number = notebook[:2]
        self.cells = nbformat.read(folder / notebook, as_version=4).cells
        self.places = [
            (name, k)
            for k, cell in enumerate(self.cells)
            if cell.cell_type == "code"
            for name in CHECK.findall(cell.source)
        ]

    def stub(self, name):
        """The cell in which a learner writes the answer."""
        return self.cells[dict(self.places)[name]]

    def solution(self, name):
        """The code that is folded below it, or an empty text."""
        fold = FOLD.search(self.cells[dict(self.places)[name] + 1].source)
        return fold[1].strip() if fold else ""

    def before(self):
        """Return the names that a learner's kernel knows before any exercise.

        They come of the first cell, and of those that are tagged as needed by exercises further down.
        """
        first, *others = [cell for cell in self.cells if cell.cell_type == "code"]
        needed = [cell for cell in others if "needed" in cell.metadata.get("tags", [])]
        namespace = {}
        with matplotlib.rc_context():
            exec("\n".join(cell.source for cell in [first, *needed]), namespace)
        return namespace

    def run(self, code):
        """Run what a learner has run before any exercise, then `code`, and return the value of its last line."""
        *body, last = code.strip().splitlines()
        namespace = self.before()
        with matplotlib.rc_context():
            exec("\n".join(body), namespace)
            return eval(last, namespace)


@cache
def chapters():
    """Return all chapters by their numbers."""
    return {path.name[:2]: Chapter(path.name) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
