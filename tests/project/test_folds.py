"""What an exercise asks for is not given away below it: a finished answer and nbkit's own code are folded up."""

import ast
from itertools import takewhile

from tests.project.test_notebooks import of_each_notebook


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", ())


def below_exercises(notebook):
    """Yield each exercise, and the code cells from there to the next heading."""
    cells = notebook.cells
    for number, cell in enumerate(cells):
        if is_exercise(cell):
            section = takewhile(lambda c: c.cell_type == "code" or not c.source.startswith("#"), cells[number + 1 :])
            yield cell, [other for other in section if other.cell_type == "code" and not is_exercise(other)]


def is_folded(cell, part):
    return cell.metadata.get("jupyter", {}).get(part, False)


def defined(code):
    """The functions and classes that code defines."""
    return {node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def names_used_before(below, cell):
    """The names in the code between an exercise and a cell: the answer is in use there, so the exercise is over."""
    code = (other.source for other in takewhile(lambda other: other is not cell, below))
    return {node.id for source in code for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


@of_each_notebook
def test_code_to_compare_with_is_folded_until_it_is_run(notebook):
    for exercise, below in below_exercises(notebook):
        for cell in below:
            if "show_source(" in cell.source and not defined(exercise.source) & names_used_before(below, cell):
                assert is_folded(cell, "outputs_hidden"), cell.source


@of_each_notebook
def test_a_finished_answer_is_folded(notebook):
    for exercise, below in below_exercises(notebook):
        for cell in below:
            if defined(exercise.source) & defined(cell.source):
                assert is_folded(cell, "source_hidden"), cell.source
