"""What a prediction or an exercise asks for is not given away below it: answers and nbkit's own code are folded up."""

import ast
from itertools import takewhile

from tests.execute import COVER, below_predictions, is_hidden, without_cover
from tests.project.test_notebooks import NAMES, code_cells, of_each_notebook, read


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", ())


def below_exercises(notebook):
    """Yield each exercise, and the code cells from there to the next heading."""
    cells = notebook.cells
    for number, cell in enumerate(cells):
        if is_exercise(cell):
            section = takewhile(lambda c: c.cell_type == "code" or not c.source.startswith("#"), cells[number + 1 :])
            yield cell, [other for other in section if other.cell_type == "code" and not is_exercise(other)]


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
                assert is_hidden(cell), cell.source


@of_each_notebook
def test_a_finished_answer_is_folded(notebook):
    for exercise, below in below_exercises(notebook):
        for cell in below:
            if defined(exercise.source) & defined(cell.source):
                assert cell.metadata.get("jupyter", {}).get("source_hidden"), cell.source


@of_each_notebook
def test_no_prediction_stands_above_an_answer_that_can_be_seen(notebook):
    found = below_predictions(notebook)
    visible = [cell.source for cells in found for cell in cells if cell.outputs and not is_hidden(cell)]
    assert visible == []


def test_the_course_asks_for_predictions():
    """Else the test above would have nothing to look at."""
    asked = [len(below_predictions(read(name))) for name in NAMES]
    assert sum(asked) >= 138
    assert min(asked) >= 1


@of_each_notebook
def test_of_a_hidden_output_not_even_a_line_can_be_read(notebook):
    """A cover stands in front of it: `python -m tests.execute` puts it there."""
    for cell in code_cells(notebook):
        covered = len(without_cover(cell.outputs)) < len(cell.outputs)
        assert covered == is_hidden(cell), cell.source
        assert not covered or cell.outputs[0] == COVER
