"""Folders of notebooks as learners leave them."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

RIGHT, WRONG = "✓ Right: 300.", "✗ 150 is the price of one of each."
HALF, UNTRIED = (
    "… Still open: dots (...) stand in your function.",
    "… Not tried yet: write the body and run the cell again.",
)


def shown(text):
    """What a cell shows whose last line is a check."""
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


def printed(text):
    return new_output("stream", name="stdout", text=text)


def raised():
    return new_output("error", ename="SyntaxError", evalue="no", traceback=["no"])


def task(name, *outputs, code=""):
    """The cell of an exercise; a text is the verdict that it shows."""
    outputs = [shown(output) if isinstance(output, str) else output for output in outputs]
    return new_code_cell(f'{code}answer = 1\ncheck("{name}", answer)', outputs=outputs)


def save(folder, name, *cells):
    """Write a notebook; a text is a heading, a pair an exercise and its verdict."""
    made = [
        new_markdown_cell(f"## {cell}") if isinstance(cell, str) else task(*cell) if isinstance(cell, tuple) else cell
        for cell in cells
    ]
    nbformat.write(new_notebook(cells=made), folder / name)
    return folder / name
