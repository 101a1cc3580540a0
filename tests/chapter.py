"""A chapter's notebook as its exercises' tests read it: stubs in cells, solutions in the folds below them."""

import re
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FOLD = re.compile(r"<details><summary>Solution</summary>\s*```python\n(.*?)```.*</details>", re.DOTALL)


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
        """Run the first cell of the notebook, then `code`, and return the value of its last line."""
        namespace = {}
        exec(next(cell.source for cell in self.cells if cell.cell_type == "code"), namespace)
        *body, last = code.strip().splitlines()
        exec("\n".join(body), namespace)
        return eval(last, namespace)

    def stub(self, name):
        """The cell in which a learner writes the answer."""
        return self.cells[self.places[name]]

    def solution(self, name):
        """The code in the fold below that cell."""
        return FOLD.search(self.cells[self.places[name] + 1].source)[1]
