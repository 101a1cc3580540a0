"""Execute notebooks anew, and keep the outputs that have not changed: ``python -m tests.execute notebooks/01*.ipynb``.

Outputs are written as they are committed: each stream is in one piece, one that differs only in the random name of
a widget stays as it was, what is below a prediction is hidden, and a hidden output has a cover (see below).
"""

import argparse
import copy
import os
import re
import tempfile
from itertools import takewhile
from pathlib import Path

import nbclient
import nbformat

from nbkit.drawing.still import PUBLISH
from nbkit.files import write_whole
from nbkit.server import use_one_thread

PREDICTION = re.compile(r"\*\*Predict\b(?!\*\* means)")  # chapter 00 says what the word means
VIEW = "application/vnd.jupyter.widget-view+json"
# JupyterLab writes the first line of the first output beside the dots of hidden ones: with this picture of one clear
# pixel in front there is no such line. nbval does not compare pictures, and nobody sees it.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGBgAAAABQABeqhXUAAAAABJRU5ErkJggg=="
PROGRESS = "progress()"  # what it shows changes with each new exercise, in every chapter
COVER = {"output_type": "display_data", "data": {"image/png": PIXEL}, "metadata": {"image/png": {"alt": ""}}}


def below_predictions(notebook):
    """Return the code cells between each text that asks for a prediction and the next text."""
    cells = notebook.cells
    asked = [n for n, cell in enumerate(cells) if cell.cell_type == "markdown" and PREDICTION.search(cell.source)]
    return [list(takewhile(lambda c: c.cell_type == "code", cells[number + 1 :])) for number in asked]


def is_hidden(cell):
    """Tell whether a cell's output appears only when it runs."""
    return cell.metadata.get("jupyter", {}).get("outputs_hidden", False)


def without_cover(outputs):
    """Return outputs without the cover in front of them."""
    covered = outputs and outputs[0].get("data", {}).get("image/png", "").strip() == PIXEL
    return outputs[1:] if covered else outputs


def joined(outputs):
    """Return outputs with each stream in one piece, and of a line that is written over only the last state."""
    found = []
    for output in outputs:
        if found and output.get("name") and found[-1].get("name") == output["name"]:
            found[-1]["text"] += output["text"]
        else:
            found.append(copy.deepcopy(output))
    for output in (output for output in found if "text" in output):  # as a page shows it: a bar is drawn over itself
        output["text"] = re.sub(r"[^\n]*\r(?=[^\n])", "", output["text"])
    return found


def compared(outputs):
    """Return what of outputs has to be the same: all but the counts and the names of widgets."""
    found = joined(without_cover(outputs))
    for output in found:
        output.pop("execution_count", None)
        output.get("data", {}).pop(VIEW, None)
    return found


def executed(path):
    """Return a notebook as it is after all of its cells have run in a fresh kernel."""
    return run(nbformat.read(path, as_version=4), path.parent)


def with_progress(path):
    """Return a notebook of which only the cell with the map has run."""
    notebook, code = nbformat.read(path, as_version=4), nbformat.v4.new_code_cell
    small = nbformat.v4.new_notebook(cells=[code("from nbkit import progress"), code(PROGRESS)])
    outputs = run(small, path.parent).cells[1].outputs
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source == PROGRESS:
            cell.outputs = outputs
    return notebook


def run(notebook, folder):
    """Run all cells of a notebook in a fresh kernel that works in a folder."""
    use_one_thread()
    with tempfile.TemporaryDirectory() as place:
        client = nbclient.NotebookClient(
            notebook, resources={"metadata": {"path": str(folder)}}, store_widget_state=False, record_timing=False
        )
        if os.name != "nt":  # kernels that start at once may be given the same port; files are their own
            client.config.KernelManager.update(transport="ipc", ip=f"{place}/kernel")
        return client.execute(env=os.environ | {PUBLISH: "1"})


def adopt(path, fresh):
    """Write the outputs of a fresh run into the notebook, for each cell whose code is still the one that ran."""
    notebook = nbformat.read(path, as_version=4)
    ran = {(cell.id, cell.source): cell for cell in fresh.cells if cell.cell_type == "code"}
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        new = ran.get((cell.id, cell.source))
        if new and compared(new.outputs) != compared(cell.outputs):
            cell.outputs = new.outputs
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
        cell.outputs = joined(without_cover(cell.outputs))
    for cell in (cell for cells in below_predictions(notebook) for cell in cells if cell.outputs):
        cell.metadata.setdefault("jupyter", {})["outputs_hidden"] = True
    for cell in (cell for cell in notebook.cells if is_hidden(cell)):
        if cell.outputs:
            cell.outputs = [nbformat.from_dict(COVER), *cell.outputs]
        else:  # there would be dots with nothing behind them
            source = cell.metadata.pop("jupyter").get("source_hidden")
            cell.metadata |= {"jupyter": {"source_hidden": source}} if source else {}
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    write_whole(path, lambda file: file.write(f"{nbformat.writes(notebook)}\n".encode()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--progress-only", action="store_true", help="run nothing but the cell with the map")
    arguments = parser.parse_args()
    for path in arguments.notebooks:
        adopt(path, with_progress(path) if arguments.progress_only else executed(path))


if __name__ == "__main__":
    main()
