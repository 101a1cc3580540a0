"""A made-up class: what its learners hand in, as files, and what was planted in them.

The submissions are made of the notebooks of the course. Their outputs are what `check` says of the code in them, or
what a dishonest learner has put there.
"""

import json
import random
import textwrap
import zipfile
from functools import cache

from tests.chapter import NOTEBOOKS, chapters
from tests.classroom.answers import KINDS, drawn

FRUITS = (
    "apple", "pear", "melon", "plum", "cherry", "quince", "fig", "grape", "lemon", "orange", "peach", "apricot",
    "mango", "papaya", "kiwi", "lime", "currant", "raspberry", "blueberry", "pomegranate",
)  # fmt: skip
MISSING, UNREADABLE = "not handed in", "not readable"
EDITORS = {"Jupyter": 75, "Colab": 12, "a script": 7, "Git on Windows": 6}  # that saved a notebook, of a hundred
NOT_HANDED_IN, BROKEN = 0.06, 0.02  # shares of the chapters
BROKEN_FILES = ("", "no notebook", "[]", '{"cells": 7}', '{\n "cells": [\n  {\n   "cell_ty')


class Planted(dict):
    """{learner: {exercise: (result, a word of the verdict)}} as the outputs say; `ran` is what running finds."""

    def __init__(self):
        super().__init__()
        self.ran = {}


# ---------------------------------------------------------------- notebooks


@cache
def _course_notebook(number):
    return json.loads((NOTEBOOKS / file_of(number)).read_text(encoding="utf-8"))


@cache
def file_of(number):
    """Return the name of a chapter's notebook."""
    return next(NOTEBOOKS.glob(f"{number}_*.ipynb")).name


@cache
def _cell_text(number, place, pictures):
    cell = dict(_course_notebook(number)["cells"][place])
    if cell["cell_type"] == "code" and not pictures:
        cell["outputs"] = []
    return _written(cell)


def _written(cell):
    """Write a cell as Jupyter does."""
    return textwrap.indent(json.dumps(cell, indent=1, sort_keys=True, ensure_ascii=False), "  ")


def notebook_text(number, given, pictures=True):
    """Return the text of a chapter's notebook with answers, by the exercises' names, in the place of the stubs."""
    notebook = _course_notebook(number)
    texts = [_cell_text(number, place, pictures) for place in range(len(notebook["cells"]))]
    for name, place in chapters()[number].places:
        stub, cells = notebook["cells"][place], given[name].cells
        ran = any(cell.outputs for cell in cells)
        texts[place] = ",\n".join(
            _written(
                stub
                | {
                    "id": f"{stub['id'][:50]}-{k}" if k else stub["id"],
                    "source": cell.source.splitlines(keepends=True),
                    "outputs": list(cell.outputs),
                    "execution_count": stub["execution_count"] if ran else None,
                }
            )
            for k, cell in enumerate(cells)
        )
    rest = json.dumps({key: value for key, value in notebook.items() if key != "cells"}, indent=1, sort_keys=True)
    return '{\n "cells": [\n' + ",\n".join(texts) + "\n ]," + rest.removeprefix("{") + "\n"


def saved_by(editor, text):
    """Return the text of a notebook as an editor writes it."""
    if editor == "Git on Windows":
        return text.replace("\n", "\r\n")
    if editor in ("Colab", "a script"):
        notebook = json.loads(text)
        for cell in notebook["cells"] if editor == "Colab" else ():
            cell["metadata"]["id"] = cell.pop("id")
        cells = notebook.pop("cells")
        return json.dumps(
            notebook | {"nbformat_minor": 0 if editor == "Colab" else 5, "cells": cells},
            indent=2 if editor == "Colab" else None,
            ensure_ascii=editor == "a script",
        )
    return text


# ---------------------------------------------------------------- the class


def learners_names(count):
    """Return names: fruits, with numbers."""
    return [f"{FRUITS[k % len(FRUITS)]}-{k + 1:02d}" for k in range(count)]


def make_class(folder, learners, chapters=None, seed=0, shape="folders", kinds=KINDS, pictures=True):
    """Write what a class hands in.

    Parameters
    ----------
    folder : pathlib.Path
        It may exist.
    learners : int
        How many.
    chapters : iterable of str, optional
        Numbers, such as "02"; all where it is left out.
    seed : int
        Of all that is drawn.
    shape : "folders", "prefixes" or "zips"
        A folder for each learner, files whose names begin with the learner's, or an archive for each learner.
    kinds : dict
        How frequent the kinds of answers are: see `KINDS`.
    pictures : bool
        Whether the outputs of the cells that are no exercises are kept.

    Returns
    -------
    Planted
    """
    rng, planted = random.Random(seed), Planted()
    folder.mkdir(parents=True, exist_ok=True)
    numbers = sorted(chapters or _numbers())
    for learner in learners_names(learners):
        files, planted[learner], planted.ran[learner] = {}, {}, {}
        for number in numbers:
            text, stored, ran = _chapter(number, rng, kinds, pictures)
            if text is None and number == numbers[-1] and not files:  # who has nothing is not in the class
                text, stored, ran = _chapter(number, random.Random(0), {"right": 1}, pictures)
            if text is not None:
                files[file_of(number)] = text
            planted[learner] |= stored
            planted.ran[learner] |= ran
        _put(folder, shape, learner, files)
    return planted


def _numbers():
    return [path.name[:2] for path in NOTEBOOKS.glob("*.ipynb")]


def _chapter(number, rng, kinds, pictures):
    """Return the text of a chapter, or None, and what was planted: as stored, and as run."""
    names = [name for name, _place in chapters()[number].places]
    luck = rng.random()
    if luck < NOT_HANDED_IN + BROKEN:
        text, result = (None, MISSING) if luck < NOT_HANDED_IN else (rng.choice(BROKEN_FILES), UNREADABLE)
        nothing = dict.fromkeys(names, (result, ""))
        return text, nothing, nothing
    given = {name: drawn(name, rng, kinds) for name in names}
    editor = rng.choices(list(EDITORS), EDITORS.values())[0]
    return (
        saved_by(editor, notebook_text(number, given, pictures)),
        {name: answer.stored for name, answer in given.items()},
        {name: answer.ran for name, answer in given.items()},
    )


def _put(folder, shape, learner, files):
    if shape == "zips":
        with zipfile.ZipFile(folder / f"{learner}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return
    for name, text in files.items():
        place = folder / learner / name if shape == "folders" else folder / f"{learner}_{name}"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")


def differences(table, planted):
    """Return all that a table says otherwise than planted: (learner, exercise, planted, found), each with its text."""
    rows = {row.learner: row for row in table.rows}
    assert sorted(rows) == sorted(planted)
    found = []
    for learner, results in planted.items():
        for name, (result, word) in results.items():
            now, exercise = rows[learner].result(name)
            if now != result or word not in exercise.text:
                found.append((learner, name, (result, word), (now, exercise.text)))
    return found
