"""What the tests of the exercises share: a chapter's notebook as they read it, and an answer that fights back."""

import re
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def before_exercises(cells):
    """The code of the first cell, and of those that are tagged as needed by exercises further down."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    needed = [cell for cell in code[1:] if "needed" in cell.metadata.get("tags", [])]
    return "\n".join(cell.source for cell in [code[0], *needed])


class Nasty:
    """An answer that fights back: it can neither be shown nor compared, and made of anything."""

    def __init__(self, *_arguments):
        pass

    def __repr__(self):
        raise RuntimeError("no repr")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


class Chapter:
    """The cells of one notebook, and in `places` where each exercise stands, by name and in order."""

    def __init__(self, notebook):
        self.cells = nbformat.read(NOTEBOOKS / notebook, as_version=4).cells
        check = re.compile(rf'check\("({notebook[:2]}\.\w+)"')
        self.places = {
            check.search(cell.source)[1]: k
            for k, cell in enumerate(self.cells)
            if cell.cell_type == "code" and check.search(cell.source)
        }

    def run(self, code):
        """Run what exercises need, then `code`, and return the value of its last line."""
        namespace = {}
        exec(before_exercises(self.cells), namespace)
        *body, last = code.strip().splitlines()
        exec("\n".join(body), namespace)
        return eval(last, namespace)

    def stub(self, name):
        """The cell in which a learner writes the answer."""
        return self.cells[self.places[name]]
