"""The teacher's page: one file of HTML that needs nothing else, neither a script nor anything from the network."""

from collections import Counter
from functools import cache
from pathlib import Path

from nbkit.classroom.hiding import Names, shown
from nbkit.classroom.table import ANSWERED, BEGUN, MISSING, NOT_TRIED, RIGHT, UNREADABLE, WRONG, diagnoses
from nbkit.course.standing import notes
from nbkit.drawing import theme
from nbkit.messages import _

STATIC = Path(__file__).parent / "static"
SIGNS = {RIGHT: "✓", WRONG: "✗", BEGUN: "◐", NOT_TRIED: "·", MISSING: "–", UNREADABLE: "!"}
WORDS = {
    RIGHT: _("right"), WRONG: _("wrong"), BEGUN: _("begun"), NOT_TRIED: _("not tried"),
    MISSING: _("not handed in"), UNREADABLE: _("not readable"),
}  # fmt: skip
MAX_NAME_CHARACTERS = 80
MAX_SENTENCE_CHARACTERS = 1000
MAX_CODE_LINES, MAX_CODE_CHARACTERS = 60, 3000  # of one answer
MAX_RIGHT_CODE = 1_000_000  # characters of all right answers together; of these, the page can do without the code
MAX_NOTES = 30  # of one learner, and of files that belong to nobody
FEW_COLUMNS = 8  # have room for their names side by side
FIRST = 5  # diagnoses of an exercise that stand unfolded


def page(table):
    """Return the teacher's page.

    Parameters
    ----------
    table : nbkit.classroom.table.Table

    Returns
    -------
    str
    """
    names = Names(row.learner for row in table.rows)
    own = {"marked": lambda text: names.marked(shown(text, MAX_SENTENCE_CHARACTERS)), "marked_code": names.marked}
    return _template().render(own | _Class(table).shown())


@cache
def _template():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(STATIC), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    environment.globals |= {
        "_": _, "signs": SIGNS, "words": WORDS, "counted": ANSWERED, "style": _style(), "first": FIRST,
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
        mistakes = self._mistakes()
        return {
            "table": self.table, "chapters": [self._chapter(chapter) for chapter in self.table.chapters],
            "columns": [(name, place) for name, place in self.places.items()], "few": len(self.places) <= FEW_COLUMNS,
            "mistakes": mistakes, "with_mistakes": {one["name"] for one in mistakes},
            "learners": [self._learner(row, found) for row, found in zip(self.table.rows, self.results, strict=True)],
            "totals": Counter(result for row in self.results for result, _one in row.values()),
            "sums": {name: Counter(row[name][0] for row in self.results) for name in self.places},
            "differences": self._differences(), "leaves_out_right_code": self.leaves_out_right_code,
            "notes": _some(self.table.notes),
        }  # fmt: skip

    def _chapter(self, chapter):
        names = self.table.exercises_of(chapter)
        found = Counter(row[names[0]][0] for row in self.results) if names else Counter()
        handed_in = sum(found[result] for result in ANSWERED)
        return {
            "name": chapter.name, "exercises": len(names), "handed_in": handed_in, "unreadable": found[UNREADABLE],
        }  # fmt: skip

    def _mistakes(self):
        """Return the exercises that somebody has got wrong, first the one that most have."""
        found, headings = [], self._headings()
        for name, place in self.places.items():
            counts = Counter(row[name][0] for row in self.results)
            if counts[WRONG]:
                said = [
                    {
                        "text": one.text,
                        "wordings": one.wordings,
                        "people": [self._person(who) for who in one.learners],
                    }
                    for one in diagnoses(self.table, name)
                ]
                found.append({
                    "name": name, "place": place, "heading": headings[name], "counts": counts, "diagnoses": said,
                })  # fmt: skip
        return sorted(found, key=lambda one: (-one["counts"][WRONG], one["place"]))

    def _headings(self):
        """Return for each exercise the chapter's title, and the heading below which no other exercise stands."""
        titles = {chapter.number: chapter.title for chapter in self.table.chapters}
        found = {}
        for name in self.places:
            headings = Counter(row[name][1].heading for row in self.results if row[name][1].heading)
            heading, learners = max(headings.items(), key=lambda one: one[1], default=("", 0))
            found[name] = heading if learners > 1 else ""  # one that a single learner has may be the learner's own
        alone = Counter((name[:2], heading) for name, heading in found.items())
        return {
            name: f"{titles[name[:2]]} · {heading}" if heading and alone[name[:2], heading] == 1 else titles[name[:2]]
            for name, heading in found.items()
        }

    def _person(self, learner):
        return {"number": self.numbers[learner], "name": shown(learner, MAX_NAME_CHARACTERS)}

    def _learner(self, row, found):
        answers = [self._answer(row, name, *found[name]) for name in self.places]
        return self._person(row.learner) | {
            "answers": answers, "counts": Counter(one["result"] for one in answers),
            "wanting": [one for one in answers if one["detailed"] and one["result"] != RIGHT],
            "right": [one for one in answers if one["result"] == RIGHT],
            "not_tried": [one["name"] for one in answers if one["result"] == NOT_TRIED],
            "missing": [
                record.chapter.name for record in row.records
                if record.chapter in self.table.chapters and not record.file and not record.unreadable
            ],
            "notes": _some([*row.notes, *_about_files(row.records)]),
        }  # fmt: skip

    def _answer(self, row, name, result, exercise):
        stored = self.differ.get((row.learner, name), (result,))[0]
        code, left = "", ""
        if not (result == RIGHT and self.leaves_out_right_code):
            as_stored = row.stored_result(name)[1].code  # with what stands in cells above
            code, left = _shortened_code(as_stored if exercise.code in as_stored else exercise.code)
        return {
            "id": f"a{self.numbers[row.learner]}-{self.places[name]}", "name": name, "result": result,
            "text": exercise.text, "code": code, "left": left, "cells": exercise.cells,
            "stored": stored, "detailed": result in (RIGHT, WRONG, BEGUN) or stored != result,
        }  # fmt: skip

    def _differences(self):
        return [
            {"who": self._person(who), "name": name, "stored": stored, "now": now, "place": self.places[name]}
            for (who, name), (stored, now) in self.differ.items()
        ]


def _about_files(records):
    """Yield a sentence about each file that cannot be read, and of which copy is counted."""
    for record in records:
        for file in record.unreadable:
            name = shown(file.name, MAX_NAME_CHARACTERS)
            yield _("{file} cannot be read: {why}.").format(file=name, why=file.why.rstrip(".") or _("no reason given"))
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
        return kept, _("{number} more lines are left out.").format(number=rest.count("\n"))
    return kept, _("{number} more characters are left out.").format(number=len(rest)) if rest else ""


def _style():
    """Return the style sheet: the course's colours, then the page's own rules."""
    light = theme.css_variables(":root", theme.LIGHT)
    dark = theme.css_variables(":root", theme.DARK | theme.DARK_VERDICTS)
    own = (STATIC / "report.css").read_text(encoding="utf-8")
    return f"{light}@media screen and (prefers-color-scheme: dark){{{dark}}}\n{own}"
