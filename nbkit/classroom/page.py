"""The teacher's page: one file of HTML that needs nothing else, neither a script nor anything from the network."""

from collections import Counter
from functools import cache
from pathlib import Path

from nbkit.classroom.hiding import Names, shown
from nbkit.classroom.table import (
    BEGUN,
    HANDED_IN,
    MISSING,
    NO_OUTPUTS,
    NOT_TRIED,
    RIGHT,
    UNREADABLE,
    WRONG,
    mistakes,
)
from nbkit.course.standing import notes
from nbkit.drawing import theme
from nbkit.messages import _

STATIC = Path(__file__).parent / "static"
SIGNS = {RIGHT: "✓", WRONG: "✗", BEGUN: "◐", NOT_TRIED: "·", NO_OUTPUTS: "?", MISSING: "–", UNREADABLE: "!"}
WORDS = {
    RIGHT: _("right"), WRONG: _("wrong"), BEGUN: _("begun"), NOT_TRIED: _("not tried"),
    NO_OUTPUTS: _("no outputs"), MISSING: _("not handed in"),
    UNREADABLE: _("not readable"),
}  # fmt: skip
MAX_NAME_CHARACTERS = 80
MAX_SENTENCE_CHARACTERS = 1000
MAX_REASON_CHARACTERS = 200  # why an answer ran otherwise, in a row
MAX_CODE_LINES, MAX_CODE_CHARACTERS = 60, 3000  # of one answer
MAX_RIGHT_CODE = 1_000_000  # characters of all right answers together; of these, the page can do without the code
MAX_NOTES = 30  # of one learner, and of files that belong to nobody
FEW_COLUMNS = 8  # have room for their names side by side
FIRST = 5  # diagnoses of an exercise that stand unfolded


def page(table, date=""):
    """Return the teacher's page.

    Parameters
    ----------
    table : nbkit.classroom.table.Table
    date : str
        On which it is written.

    Returns
    -------
    str
    """
    names = Names(row.learner for row in table.rows)
    folder = shown(table.folder, MAX_NAME_CHARACTERS)
    head = [_("What the class has handed in"), "" if names.hold(folder) else folder, date]  # nothing hides a title
    own = {
        "marked": lambda text: names.marked(shown(text, MAX_SENTENCE_CHARACTERS)), "marked_code": names.marked,
        "typeset": lambda text: names.typeset(shown(text, MAX_SENTENCE_CHARACTERS)),
        "title": " · ".join(filter(None, head)), "date": date,
    }  # fmt: skip
    return _template().render(own | _Class(table).shown())


@cache
def _template():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(STATIC), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    environment.globals |= {
        "_": _, "signs": SIGNS, "words": WORDS, "counted": HANDED_IN, "style": _style(), "first": FIRST,
    }  # fmt: skip
    return environment.get_template("report.html.j2")


class _Class:
    """What the page shows of a table."""

    def __init__(self, table):
        self.table = table
        self.numbers = {row.learner: number for number, row in enumerate(table.rows, 1)}
        self.places = {name: place for place, name in enumerate(table.exercises)}
        self.results = [{name: row.result(name) for name in self.places} for row in table.rows]
        right = sum(len(one.code) for row in self.results for result, one in row.values() if result == RIGHT)
        self.leaves_out_right_code = right > MAX_RIGHT_CODE
        self.differ = {}
        for row, name, stored, now in table.differences():
            self.differ[row.learner, name] = (stored, now)

    def shown(self):
        """Return all that the template asks for."""
        found_wrong = self._mistakes()
        return {
            "table": self.table, "chapters": [self._chapter(chapter) for chapter in self.table.chapters],
            "columns": [(name, place) for name, place in self.places.items()], "few": len(self.places) <= FEW_COLUMNS,
            "mistakes": found_wrong, "with_mistakes": {one["name"] for one in found_wrong},
            "learners": [self._learner(row, found) for row, found in zip(self.table.rows, self.results, strict=True)],
            "totals": Counter(result for row in self.results for result, _one in row.values()),
            "sums": {name: Counter(row[name][0] for row in self.results) for name in self.places},
            "differences": self._differences(), "leaves_out_right_code": self.leaves_out_right_code,
            "notes": _some(self.table.notes),
            "cleared": sum(record.is_cleared for row in self.table.rows for record in row.records),
        }  # fmt: skip

    def _chapter(self, chapter):
        names = self.table.exercises_of(chapter)
        found = Counter(row[names[0]][0] for row in self.results) if names else Counter()
        handed_in = sum(found[result] for result in HANDED_IN)
        return {
            "name": chapter.name, "exercises": len(names), "handed_in": handed_in, "unreadable": found[UNREADABLE],
        }  # fmt: skip

    def _mistakes(self):
        """Return the exercises that somebody has got wrong, first the one of which most were told the same."""
        found, headings = [], self._headings()
        for name, said in mistakes(self.table):
            code, left = self._typed(name, said[0])
            found.append({
                "name": name, "place": self.places[name], "heading": headings[name], "code": code, "left": left,
                "counts": Counter(row[name][0] for row in self.results),
                "diagnoses": [
                    {
                        "text": one.text, "wordings": one.wordings, "name": name,
                        "people": [self._person(who) for who in one.learners],
                    }
                    for one in said
                ],
            })  # fmt: skip
        return found

    def _typed(self, name, diagnosis):
        """Return the shortest code of which a diagnosis was said, and what is left out of it."""
        rows = [row for row in self.table.rows if row.learner in diagnosis.learners]
        codes = [self._code(row, name) for row in rows if row.result(name)[1].text == diagnosis.text]
        return _shortened_code(min(filter(str.strip, codes), key=len, default=""))

    def _headings(self):
        """Return for each exercise the chapter's title, and that of the exercise or the heading above it."""
        chapters = {chapter.number: chapter.title for chapter in self.table.chapters}
        found = {}
        for of_exercise in ("heading", "title"):  # the title is put in place of the heading
            texts = {name: self._agreed(name, of_exercise) for name in self.places}
            alone = Counter((name[:2], text) for name, text in texts.items())
            found |= {name: text for name, text in texts.items() if text and alone[name[:2], text] == 1}
        return {name: " · ".join(filter(None, (chapters[name[:2]], found.get(name)))) for name in self.places}

    def _agreed(self, name, what):
        """Return what stands above an exercise in more than one notebook: of one alone, it may be the learner's own."""
        texts = Counter(filter(None, (getattr(row[name][1], what) for row in self.results)))
        text, learners = max(texts.items(), key=lambda one: one[1], default=("", 0))
        return text if learners > 1 or (what == "title" and len(self.results) == 1) else ""

    def _person(self, learner):
        return {"number": self.numbers[learner], "name": shown(learner, MAX_NAME_CHARACTERS)}

    def _learner(self, row, found):
        answers = [self._answer(row, name, *found[name]) for name in self.places]
        return self._person(row.learner) | {
            "answers": answers, "counts": Counter(one["result"] for one in answers),
            "wanting": [one for one in answers if one["detailed"] and one["result"] != RIGHT],
            "right": [one for one in answers if one["result"] == RIGHT],
            "not_tried": [one["name"] for one in answers if one["result"] == NOT_TRIED],
            "no_outputs": [one["name"] for one in answers if one["result"] == NO_OUTPUTS],
            "missing": [
                record.chapter.name for record in row.records
                if record.chapter in self.table.chapters and not record.file and not record.unreadable
            ],
            "notes": _some([*row.notes, *about_files(row.records)]),
        }  # fmt: skip

    def _answer(self, row, name, result, exercise):
        stored = self.differ.get((row.learner, name), (result,))[0]
        code, left = "", ""
        if not (result == RIGHT and self.leaves_out_right_code):
            code, left = _shortened_code(self._code(row, name))
        return {
            "id": f"a{self.numbers[row.learner]}-{self.places[name]}", "name": name, "result": result,
            "text": exercise.text, "code": code, "left": left, "cells": exercise.cells,
            "stored": stored, "detailed": result in (RIGHT, WRONG, BEGUN) or stored != result,
        }  # fmt: skip

    def _code(self, row, name):
        """Return the code of an answer, with what stands in cells above."""
        now, stored = row.result(name)[1].code, row.stored_result(name)[1].code
        return stored if now in stored else now

    def _differences(self):
        texts = {row.learner: found for row, found in zip(self.table.rows, self.results, strict=True)}
        return [
            {
                "who": self._person(who), "name": name, "stored": stored, "now": now, "place": self.places[name],
                "why": shown(texts[who][name][1].text or self._unread(who, name), MAX_REASON_CHARACTERS),
            }
            for (who, name), (stored, now) in self.differ.items()
        ]  # fmt: skip

    def _unread(self, learner, name):
        """Say why a learner's notebook of an exercise cannot be read, if so."""
        row = self.table.rows[self.numbers[learner] - 1]
        return row.why_unreadable(name)


def about_files(records):
    """Yield a sentence about each file that cannot be read, and of which copy is counted."""
    for record in records:
        for file in record.unreadable:
            name = shown(file.name, MAX_NAME_CHARACTERS)
            yield _("{file} cannot be read: {why}.").format(
                file=name, why=file.why.rstrip(".。") or _("no reason given")
            )
        if (
            record.is_cleared
        ):  # progress() does not say so: it may be called while its notebook runs, all outputs cleared
            text = _("Nothing is known of the answers in {file}, since no output is stored in it.")
            yield text.format(file=shown(record.file, MAX_NAME_CHARACTERS))
        # The page says in words of its own which chapters are missing and what cannot be read.
        yield from notes([record._replace(file=record.file or record.chapter.file, unreadable=())])


def _some(sentences):
    """Return the first sentences, and how many are left out."""
    sentences = list(sentences)
    return {"first": sentences[:MAX_NOTES], "left": len(sentences[MAX_NOTES:])}


def _shortened_code(code):
    """Return the code of a cell as it can be shown, and what is left out."""
    code = shown(code.strip("\n"), len(code) + 3)
    kept = "\n".join(code.split("\n")[:MAX_CODE_LINES])[:MAX_CODE_CHARACTERS]
    rest = code[len(kept) :]
    if "\n" in rest:
        return kept, _("Lines left out: {number}.").format(number=rest.count("\n"))
    return kept, _("Characters left out: {number}.").format(number=len(rest)) if rest else ""


def _style():
    """Return the style sheet: the course's colours, then the page's own rules."""
    light = theme.css_variables(":root", theme.LIGHT)
    dark = theme.css_variables(":root", theme.DARK | theme.DARK_VERDICTS)
    own = (STATIC / "report.css").read_text(encoding="utf-8")
    return f"{light}@media screen and (prefers-color-scheme: dark){{{dark}}}\n{own}"
