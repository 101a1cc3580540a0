"""Chapters as assignments for nbgrader: below each exercise a locked test, whose failure is the check's diagnosis.

An exercise cell stays as it is, and stays the learner's: nbgrader would put a stub of its own in its place. What a
folder of nbgrader cannot keep is taken out or led elsewhere: the map of the course, links, folded solutions.
"""

import ast
import hashlib
import json
import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from nbkit.course.chapters import CHAPTERS
from nbkit.exercises.core import exercises_of
from nbkit.files import write_whole
from nbkit.languages import language_named
from nbkit.messages import _, in_all_languages, kind_of, listed, said_by, shortened, speaking, spoken

# nbgrader gives no point for a test that writes to stderr, as a warning in a right answer does. An `assert` would let
# all pass where Python is told to leave them out. The name is one that no learner has given another meaning, and not
# the one by which `nbkit.course.records` finds the cells of learners.
TEST = """\
# {head}
from contextlib import redirect_stderr
from io import StringIO

from nbkit import check as nbkit_check

with redirect_stderr(StringIO()):
    verdict = nbkit_check("{name}", {answer})
if not verdict:
    raise AssertionError(verdict)"""
FOLDED = "|".join(map(re.escape, in_all_languages("Solution")))
FOLD = re.compile(rf"<details><summary>(?:{FOLDED})</summary>.*?</details>\s*", re.DOTALL)
MAP = "progress()"
ABOVE_MAP = in_all_languages("**Where am I?**")
STANDS_IN = {"class MulLayer:": "MulLayer = Mul"}  # the finished one of nbkit
SAID_OF_SOLUTIONS = (  # in chapter 00
    *in_all_languages(" A click on *Solution* below the exercise opens it."),
    *in_all_languages(", the solution is one click away"),
)
LINK = re.compile(r'(?P<words>\[[^\[\]\n]*)?(?P<opens>\]\(|(?:href|src)=")(?P<to>[^\s)"]+)(?P<closes>[)"])')
# A line that leads to a notebook in another language: assignments are in one.
OTHER_LANGUAGES = re.compile(r"^.*\]\((?:\.\.|[\w-]+)/\d\d_\w+\.ipynb\).*\n\n?", re.MULTILINE)
FOLDERS = {chapter.file: chapter.stem for chapter in CHAPTERS}
OURS, WRITTEN = "nbkit", "written"  # in the metadata of a notebook: what was written with it, and may be anew


class Assignment(NamedTuple):
    """A chapter as it goes into the folder `source` of nbgrader."""

    chapter: object
    exercises: tuple  # their names; a point for each
    notebook: object  # as nbformat has it
    beside: dict  # files that it links to, and their content, by their names

    @property
    def name(self):
        """As nbgrader calls it."""
        return self.chapter.stem


def write_assignments(numbers, out="source", notebooks="notebooks", solutions=False):
    """Write chapters as nbgrader reads them, each into a folder of its own.

    Parameters
    ----------
    numbers : sequence of str
        Of the chapters, such as ``"02"``.
    out : str or pathlib.Path
        The folder ``source`` of nbgrader.
    notebooks : str or pathlib.Path
        The notebooks of the course.
    solutions : bool
        Leave the solutions in, which are folded up below the exercises.

    Returns
    -------
    list of (pathlib.Path, tuple of str)
        Each notebook that was written, and the exercises that it tests.

    Raises
    ------
    ValueError
        If there is no such chapter, its notebook cannot be used, or its folder holds something else. Nothing is
        written then.
    """
    made = [make_assignment(chapter, Path(notebooks), solutions) for chapter in _chapters(numbers)]
    wanted = [_files(assignment) for assignment in made]
    places = [Path(out, assignment.name) for assignment in made]
    left_over = [old for place, files in zip(places, wanted, strict=True) for old in _check_place(place, files)]
    for place, files in zip(places, wanted, strict=True):
        for name, content in files.items():  # the notebook comes last: it says which others are ours
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(place / name, lambda file, content=content: file.write(content))
    for old in left_over:
        old.unlink()
    return [(place / one.chapter.file, one.exercises) for place, one in zip(places, made, strict=True)]


def _chapters(numbers):
    """Return the chapters of these numbers, each once."""
    known = {number: chapter for chapter in CHAPTERS for number in (chapter.number, chapter.number.removeprefix("0"))}
    unknown = [repr(shortened(number, 20)) for number in numbers if number not in known]
    if unknown or not numbers:
        rule = _("name chapters by their numbers, got {got}; the chapters are {chapters}")
        names = listed(chapter.name for chapter in CHAPTERS)
        raise ValueError(rule.format(got=listed(unknown) or _("none"), chapters=names))
    return list(dict.fromkeys(known[number] for number in numbers))


def make_assignment(chapter, notebooks, solutions=False):
    """Return a chapter of the course as an `Assignment`, which speaks the language of its notebook."""
    notebook = _read(notebooks / chapter.file)
    with speaking(_language_of(notebook)):
        return _assignment_of(notebook, chapter, notebooks, solutions)


def _language_of(notebook):
    """Return the language of a notebook: that which is spoken, where it does not say."""
    ours = notebook.metadata.get(OURS, {})
    return language_named(str(ours.get("language", ""))) or spoken()


def _assignment_of(notebook, chapter, notebooks, solutions):
    from nbformat.v4 import new_code_cell

    if any("nbgrader" in cell.metadata for cell in notebook.cells):
        rule = _("{file} is an assignment already: --notebooks names the folder of the course's notebooks")
        raise ValueError(rule.format(file=notebooks / chapter.file))
    cells, tested = [], []
    for cell in notebook.cells if solutions else _without_solutions(notebook.cells):
        cells.append(cell)
        if _is_exercise(cell):
            name, answer = _question(cell.source, chapter)
            head = _("Test of exercise {name}: 1 point. This cell is locked.").format(name=name)
            test = new_code_cell(TEST.format(head=head, name=name, answer=answer), id=f"{name.replace('.', '-')}-test")
            test.metadata["nbgrader"] = {
                "schema_version": 3, "grade_id": name.replace(".", "-"), "points": 1,
                "grade": True, "locked": True, "solution": False, "task": False,
            }  # fmt: skip
            test.metadata["tags"] = ["raises-exception"]  # Run All goes on below an exercise that is still open
            cells.append(test)
            tested.append(name)
    if not tested or len(set(tested)) < len(tested):
        rule = _("{file} needs each exercise once, in a cell with the tag exercise; it has {names}")
        raise ValueError(rule.format(file=chapter.file, names=listed(tested) or _("none")))
    notebook.cells = _without_map(cells)
    return Assignment(chapter, tuple(tested), notebook, _relink(notebook.cells, notebooks))


def _read(path):
    import nbformat

    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        rule = _("there is no {file} in the folder {folder}: --notebooks names the folder of the course's notebooks")
        raise ValueError(rule.format(file=path.name, folder=path.parent)) from None
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError, nbformat.ValidationError) as error:
        raise ValueError(_("{file} is no notebook: {why}").format(file=path, why=said_by(error))) from None
    return notebook


def _is_exercise(cell):
    return cell.cell_type == "code" and "exercise" in cell.metadata.get("tags", ())


def _question(source, chapter):
    """Return the name of the exercise that a cell checks, and the code of the answer that it hands in."""
    try:
        calls = [part.value for part in ast.parse(source).body if isinstance(part, ast.Expr)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        calls = []
    found = [(call.args[0].value, ast.get_source_segment(source, call.args[1])) for call in calls if _is_check(call)]
    if len(found) != 1 or found[0][0] not in exercises_of(chapter.number):
        rule = _('an exercise of {file} should end in one check("{number}. ...", answer), got {code}')
        raise ValueError(rule.format(file=chapter.file, number=chapter.number, code=kind_of(source)))
    return found[0]


def _is_check(call):
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "check"
        and len(call.args) == 2
        and isinstance(call.args[0], ast.Constant)
    )


# ---------------------------------------------------------------- what does not go along


def _without_solutions(cells):
    """Yield cells without the solutions below exercises, and without what speaks of them."""
    above = None
    for cell in cells:
        if cell.cell_type == "markdown":
            text = cell.source
            if above is not None and _is_exercise(above):
                text = FOLD.sub("", text)
            for words in SAID_OF_SOLUTIONS:
                text = text.replace(words, "")
            gone = not text.strip() and cell.source.strip()
            cell.source = text
        else:
            finished = cell.source.lstrip().partition("\n")[0]
            gone = False
            if finished in STANDS_IN and cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.source = STANDS_IN[finished] + "  # " + _("the finished one of nbkit")
        if not gone:
            yield cell
        above = cell


def _without_map(cells):
    """Return cells without the map of the course: in a folder of one chapter it would call all others not begun."""
    kept = []
    for cell in cells:
        if cell.cell_type == "code" and cell.source.strip() == MAP:
            while kept and kept[-1].cell_type == "markdown" and _leads_to_map(kept[-1].source):
                heading = re.match(r"#+ .+", kept[-1].source)
                if heading:
                    kept[-1].source = heading[0]
                    break
                kept.pop()
        else:
            kept.append(cell)
    return kept


def _leads_to_map(text):
    return f"`{MAP}`" in text or text.startswith(ABOVE_MAP)


def _relink(cells, notebooks):
    """Lead the links of cells to where nbgrader's folders have the chapters; return the files that must go along."""
    beside = {}
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = _relinked(OTHER_LANGUAGES.sub("", cell.source), notebooks, beside)
    return beside


def _relinked(text, notebooks, beside):
    """Return a text with its links led elsewhere; the content of what it needs is put into `beside`."""

    def lead(link):
        file, words = link["to"].partition("#")[0], link["words"] or ""
        if file in FOLDERS:
            return f"{words}{link['opens']}../{FOLDERS[file]}/{link['to']}{link['closes']}"
        if file.startswith("../") and words:  # a page of the project, which nobody hands out
            return words[1:]
        if file not in beside and _can_go_along(notebooks, file):
            beside[file] = b""  # for a page that links to itself
            content = (notebooks / file).read_bytes()
            beside[file] = _relinked(content.decode(), notebooks, beside).encode() if file.endswith(".md") else content
        return link[0]

    return LINK.sub(lead, text)


def _can_go_along(notebooks, file):
    inside = bool(file) and ":" not in file and ".." not in PurePosixPath(file).parts and not file.startswith("/")
    return inside and (notebooks / file).is_file()


# ---------------------------------------------------------------- the folder


def _files(assignment):
    """Return the bytes of each file of an assignment by its name: the notebook, the last one, knows the others."""
    from nbformat import writes

    digests = {name: _digest(content) for name, content in assignment.beside.items()}
    digests[assignment.chapter.file] = _notebook_digest(assignment.notebook.cells)
    # Behind the language, in the order of the alphabet in which nbformat writes: nbkit.languages reads the first key.
    ours = assignment.notebook.metadata.get(OURS, {})
    assignment.notebook.metadata[OURS] = {**ours, WRITTEN: digests}
    return assignment.beside | {assignment.chapter.file: (writes(assignment.notebook, version=4) + "\n").encode()}


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _notebook_digest(cells):
    """Return a digest of what stands in cells: outputs and other marks of a notebook that was opened do not count."""
    kept = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("nbgrader")] for cell in cells]
    return _digest(json.dumps(kept, sort_keys=True).encode())


def _check_place(folder, files):
    """Refuse a folder that holds what was not written by this command, or was changed since.

    Returns files that an earlier command has written, and this one does not.
    """
    if not folder.is_dir():
        if folder.exists() or folder.is_symlink() or (folder.parent.exists() and not folder.parent.is_dir()):
            raise ValueError(_("{} is in the way: a folder is needed there").format(folder))
        return []
    notebook = list(files)[-1]
    before, now = _written_before(folder / notebook), _written_in(files[notebook])
    left_over = []
    for place in sorted(folder.rglob("*")):
        name = place.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in place.relative_to(folder).parts):
            continue  # hidden files are those of an editor or of the system
        if place.is_dir() and not place.is_symlink():
            continue
        if place.is_symlink() or not {name} & (before.keys() | files.keys()):
            rule = _("{place} was not written by this command: move it, or choose another folder with --out")
            raise ValueError(rule.format(place=place))
        if _digest_of(place) not in (before.get(name), now.get(name)):
            rule = _("{place} was changed since it was written: move it, or choose another folder with --out")
            raise ValueError(rule.format(place=place))
        left_over += [] if name in files else [place]
    return left_over


def _written_before(place):
    try:
        return _written_in(place.read_bytes())
    except OSError:
        return {}


def _written_in(data):
    """Return the digests that a notebook of ours holds, by the names of the files; else none."""
    try:
        found = json.loads(data)["metadata"][OURS][WRITTEN]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest_of(place):
    data = place.read_bytes()
    if place.suffix != ".ipynb":
        return _digest(data)
    try:
        return _notebook_digest(json.loads(data)["cells"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
