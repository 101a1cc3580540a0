"""How long a chapter takes by the teacher's rates: ``python -m tests.pace`` prints its words, cells and minutes."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WORDS, LINES = 110, 30  # read in a minute
PREDICTION, WIDGET, EXERCISE = 0.3, 1.5, 3  # minutes for each
LONGER = {"00": -10, "11": 10, "12": 20}  # what to do if nothing moves is read by few; playing and hunting take longer
CLASS = 1.25  # times as long as a reader alone
VIEW = "application/vnd.jupyter.widget-view+json"


class Pace(NamedTuple):
    """What of a chapter takes time; solutions and folded code are not counted."""

    words: int
    cells: int
    lines: int
    predictions: int
    widgets: int
    exercises: int
    longer: int

    @property
    def reader(self):
        """Minutes of a reader alone, in fives."""
        own = self.words / WORDS + self.lines / LINES
        done = self.predictions * PREDICTION + self.widgets * WIDGET + self.exercises * EXERCISE
        return 5 * round((own + done + self.longer) / 5)


def words_of(text):
    """Count the words of Markdown that are read: solutions are folded away."""
    return len(re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL).split())


def pace(path):
    """Return the `Pace` of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [cell for cell in cells if cell.cell_type == "code"]
    seen = [cell for cell in code if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    return Pace(
        words=words_of(text),
        cells=len(cells),
        lines=sum(bool(line.strip()) for cell in seen for line in cell.source.splitlines()),
        predictions=len(re.findall(r"\*\*Predict\b", text)),
        widgets=sum(any(VIEW in output.get("data", {}) for output in cell.outputs) for cell in code),
        exercises=sum("exercise" in cell.metadata.get("tags", ()) for cell in code),
        longer=LONGER.get(path.name[:2], 0),
    )


def main():
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        found = pace(path)
        print(f"{path.stem:30} {found.words:5} words {found.cells:4} cells {found.reader:3} minutes")


if __name__ == "__main__":
    main()
