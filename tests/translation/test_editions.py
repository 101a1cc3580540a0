"""Catalogues and editions: a small course, its translation, and what happens when the English changes."""

import json
import re
from pathlib import Path

import pytest

from nbkit.languages import Language
from nbkit.translation import command
from nbkit.translation.build import Edition
from nbkit.translation.documents import Document, translated
from nbkit.translation.links import Headings, in_own_language

GERMAN = Language("de", "de", "Deutsch", offered=False)
PAGE = "# How nets learn\n\nStart with [01 · A bill](notebooks/01_bill.ipynb#The-question), [how](#how-nets-learn).\n"
CELLS = [
    ("markdown", "# 01 · A bill\n\nBuy apples, see [the list](glossary.md#A) and ![a picture](images/a.png#b)."),
    ("markdown", "## The question\n\nWhat do **two** cost?"),
    ("code", 'price = {"apple": 100}  # yen\nprint(f"the price is {price[\'apple\']}")'),
]
GERMAN_WORDS = {
    "How nets learn": "Wie Netze lernen",
    "01 · A bill": "01 · Eine Rechnung",
    "The question": "Die Frage",
    "What do **two** cost?": "Was kosten **zwei**?",
    "Buy apples, see [the list](glossary.md#A) and ![a picture](images/a.png#b).":
        "Kauf Äpfel, siehe [die Liste](glossary.md#A) und ![ein Bild](images/a.png#b).",
    "Start with [01 · A bill](notebooks/01_bill.ipynb#The-question), [how](#how-nets-learn).":
        "Beginne mit [01 · A bill](notebooks/01_bill.ipynb#The-question), [wie](#how-nets-learn).",
    "yen": "Yen",
    "apple": "Apfel",
    "the price is {price['apple']}": "der Preis ist {price['Apfel']}",
    "{} hints": "{} Tipps",
}  # fmt: skip


def write_notebook(path, cells):
    made = [
        {"cell_type": kind, "id": f"c{k}", "metadata": {}, "source": source.splitlines(keepends=True)}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for k, (kind, source) in enumerate(cells)
    ]
    content = {"cells": made, "metadata": {"nbkit": {"language": "en"}}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def course(tmp_path):
    """A course of one notebook, with two sentences in its code."""
    for name in ("nbkit", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "nbkit" / "languages.py").write_text('"""."""\n')
    (tmp_path / "nbkit" / "quiz.py").write_text('_("{} hints")\n_("well done")\n')
    (tmp_path / "README.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "notebooks" / "README.md").write_text("", encoding="utf-8")
    (tmp_path / "notebooks" / "glossary.md").write_text("# Words\n\n## A\n\n* **apple**: a fruit\n", encoding="utf-8")
    write_notebook(tmp_path / "notebooks" / "01_bill.ipynb", CELLS)
    return tmp_path


def ten_entries(course):
    """Make the catalogues of a third language, and translate ten of their entries."""
    edition = Edition(course, GERMAN)
    for catalogue in edition.catalogues.values():
        for entry in catalogue:
            entry.string = GERMAN_WORDS.get(entry.id, "") if entry.id else entry.string
    edition.write_catalogues()


def left(course):
    return {(entry.domain, entry.text, entry.is_fuzzy) for entry in Edition(course, GERMAN).open_entries()}


def cells_of(course):
    text = (course / "notebooks" / "de" / "01_bill.ipynb").read_text(encoding="utf-8")
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


def test_a_third_language_begins_with_ten_entries_and_the_rest_stays_english(course):
    ten_entries(course)
    assert left(course) == {("nbkit", "well done", False), ("glossary", "Words", False),
                            ("glossary", "**apple**: a fruit", False)}  # fmt: skip
    edition = Edition(course, GERMAN)
    assert edition.count() - len(edition.open_entries()) == len(GERMAN_WORDS) == 10
    edition.write_documents()
    assert cells_of(course) == [
        "# 01 · Eine Rechnung\n\nKauf Äpfel, siehe [die Liste](glossary.md#A) und ![ein Bild](../images/a.png#b).",
        "## Die Frage\n\nWas kosten **zwei**?",
        'price = {"Apfel": 100}  # Yen\nprint(f"der Preis ist {price[\'Apfel\']}")',
    ]
    assert (course / "README.de.md").read_text(encoding="utf-8") == (
        "# Wie Netze lernen\n\n"
        "Beginne mit [01 · Eine Rechnung](notebooks/de/01_bill.ipynb#Die-Frage), [wie](#wie-netze-lernen).\n"
    )
    assert (course / "notebooks" / "de" / "glossary.md").read_text(encoding="utf-8").startswith("# Words")
    assert '"language": "de"' in (course / "notebooks" / "de" / "01_bill.ipynb").read_text(encoding="utf-8")


def test_what_is_written_twice_is_the_same(course):
    ten_entries(course)
    edition = Edition(course, GERMAN)
    assert edition.stale_catalogues() == []
    edition.write_documents()
    assert Edition(course, GERMAN).out_of_date() == {}


def test_a_changed_sentence_makes_one_entry_fuzzy_and_comes_in_english(course):
    ten_entries(course)
    changed = [(kind, source.replace("What do", "What then do")) for kind, source in CELLS]
    write_notebook(course / "notebooks" / "01_bill.ipynb", changed)
    assert ("01_bill", "What then do **two** cost?", True) in left(course)
    assert sum(fuzzy for _domain, _text, fuzzy in left(course)) == 1
    edition = Edition(course, GERMAN)
    edition.write_documents()
    assert cells_of(course)[1] == "## Die Frage\n\nWhat then do **two** cost?"
    edition.write_catalogues()
    catalogue = (course / "nbkit" / "locale" / "de" / "LC_MESSAGES" / "01_bill.po").read_text(encoding="utf-8")
    assert '#, fuzzy\nmsgid "What then do **two** cost?"\nmsgstr "Was kosten **zwei**?"' in catalogue


def test_outputs_stay_where_the_code_stays(course):
    ten_entries(course)
    Edition(course, GERMAN).write_documents()
    path = course / "notebooks" / "de" / "01_bill.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][2] |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["100"]}]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert Edition(course, GERMAN).out_of_date() == {}
    code = CELLS[2][1]
    write_notebook(course / "notebooks" / "01_bill.ipynb", [*CELLS[:2], ("code", code.replace("100", "120"))])
    assert "120" in Edition(course, GERMAN).built()["notebooks/de/01_bill.ipynb"]
    assert '"100"' not in Edition(course, GERMAN).built()["notebooks/de/01_bill.ipynb"]


def test_a_link_to_a_heading_that_is_gone_is_refused(course):
    (course / "README.md").write_text(PAGE.replace("#The-question", "#No-question"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"README.md: no heading for notebooks/01_bill.ipynb#No-question"):
        Edition(course, GERMAN).built()


@pytest.mark.parametrize("offered", [False, True])
def test_check_lists_what_is_left_and_writes_nothing(course, monkeypatch, capsys, offered):
    ten_entries(course)
    monkeypatch.setattr(command, "LANGUAGES", (command.ENGLISH, GERMAN._replace(offered=offered)))
    before = sorted(path for path in course.rglob("*"))
    assert command.translate([], check=True, root=course) == int(offered)
    assert sorted(path for path in course.rglob("*")) == before
    said = capsys.readouterr().out
    assert "nbkit, nbkit/quiz.py: missing: 'well done'" in said
    assert "Deutsch (de): 10 of 13 entries translated, missing: 3, fuzzy: 0, wrong: 0" in said
    assert "out of date: notebooks/de/01_bill.ipynb" in said


def test_the_command_says_what_it_needs(tmp_path):
    with pytest.raises(ValueError, match="run it in the folder of the course"):
        command.translate([], root=tmp_path)
    with pytest.raises(ValueError, match=r"a language is one of zh_CN.*, got text 'klingon'"):
        command.translate(["klingon"], root=Path(__file__).parents[2])
    with pytest.raises(ValueError, match="got text 'en'"):
        command.translate(["en"], root=Path(__file__).parents[2])


def translated_as(course, words):
    """Translate the whole course, some of it otherwise: {English: German}; returns the edition."""
    ten_entries(course)
    edition = Edition(course, GERMAN)
    for catalogue in edition.catalogues.values():
        for entry in catalogue:
            if entry.id:
                entry.string = words.get(entry.id) or entry.string or entry.id
    edition.write_catalogues()
    return Edition(course, GERMAN)


@pytest.mark.parametrize(
    ("english", "german", "domain", "place", "why"),
    [
        ("apple", 'Ap"fel', "01_bill", "c2", "is not one string"),
        ("yen", "Yen\nraise SystemExit", "01_bill", "c2", "must be one line"),
        ("the price is {price['apple']}", "der Preis", "01_bill", "c2", "must have the fields"),
        ("The question", "Die\n# Frage", "01_bill", "c1", "must be one line"),
        ("What do **two** cost?", "Was\n\nkosten sie?", "01_bill", "c1", "makes other blocks"),
        ("**apple**: a fruit", "# Apfel", "glossary", "notebooks/glossary.md", "makes other blocks"),
        ("{} hints", "{} Tipps {}", "nbkit", "nbkit/quiz.py", "must have the fields"),
    ],
)
def test_a_mistake_is_listed_and_its_english_is_built(course, english, german, domain, place, why):
    edition = translated_as(course, {english: german})
    (entry,) = edition.open_entries()
    assert (entry.domain, entry.place, entry.text) == (domain, place, english)
    assert why in entry.why
    assert not entry.is_fuzzy
    built = edition.built()  # raises nothing
    assert english in "".join(built.values()) or domain == "nbkit"
    assert json.dumps(german)[1:-1] not in "".join(built.values())


@pytest.mark.parametrize(
    ("path", "english", "german", "said"),
    [
        ("notebooks/glossary.md", "Words", "\nWorte", "notebooks/glossary.md: the translation makes other blocks"),
        ("notebooks/01_bill.ipynb", "The question", "\nDie Frage", "c1: the translation makes other blocks"),
        ("notebooks/01_bill.ipynb", "yen", "Yen\nexit()", "c2: the code of the translation is not that of the English"),
        ("notebooks/01_bill.ipynb", "yen", "Yen\n(", "c2: the code of the translation is not that of the English"),
    ],
)
def test_the_last_net_names_document_and_cell(course, path, english, german, said):
    """Translations that nobody has looked at entry by entry."""
    content = (course / path).read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(f"{path}, {said}")):
        translated(Document(path), content, None, lambda unit: {english: german}.get(unit.text), str, GERMAN)


def test_a_notebook_needs_cell_ids(course):
    path = course / "notebooks" / "01_bill.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["cells"][0]["id"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match=r"notebooks/01_bill.ipynb: its cells need ids"):
        Edition(course, GERMAN)


def test_a_built_notebook_with_marks_of_a_merge_is_built_anew(course):
    ten_entries(course)
    Edition(course, GERMAN).write_documents()
    path = course / "notebooks" / "de" / "01_bill.ipynb"
    whole = path.read_bytes()
    for broken in (b"<<<<<<< HEAD\n" + whole, b"\xff", b"[]"):
        path.write_bytes(broken)
        assert Edition(course, GERMAN).write_documents() == ["notebooks/de/01_bill.ipynb"]
        assert path.read_bytes() == whole


PLACE = Document("notebooks/01_bill.ipynb")
HEADINGS = Headings(["01 · A bill", "Loss (mean)"], ["01 · Eine Rechnung", "Fehler(Mittel"])


def in_german(text):
    return in_own_language(text, PLACE, "notebooks/de/01_bill.ipynb", "de", {PLACE.path: PLACE}, {PLACE.path: HEADINGS})


@pytest.mark.parametrize(
    "text",
    [
        "call `layers[0](x.md)` now",
        "``a ` b[0](x.md)``",
        "```python\nout = layers[i](x.md)\n```",
        "1. ```python\n   a = 1\n\n   layers[i](x.md)\n   ```",
        "> ~~~\n> layers[i](x.md)\n> ~~~",
        "$f[a](b.md)$ and $$f\n[a](b.md)$$",
        "[x](HTTPS://a.b/c.md)",
        "[x](/a.md)",
        '<a href="https://a.b">x</a>',
        "[name]: https://a.b",
    ],
)
def test_what_is_no_relative_link_stays(text):
    assert in_german(text) == text


def test_a_link_beside_code_and_formulas_is_led_on():
    assert in_german("`a[0](b.md)` [`x`](x.md) $y$") == "`a[0](b.md)` [`x`](../x.md) $y$"
    assert in_german("[x](01_bill.ipynb#Loss-(mean))") == "[x](#Fehler%28Mittel)"


@pytest.mark.parametrize(
    "text",
    [
        '<img src="images/a.png">',
        "a <A class='x' href=01_bill.ipynb>x</A>",
        "[r]: a.png",
        '[x](a.md "title")',
        "[x](<a b.md>)",
    ],
)
def test_a_relative_link_of_another_kind_is_refused(text):
    with pytest.raises(ValueError, match=r"notebooks/01_bill.ipynb: write this link as \[words\]\(target\)"):
        in_german(text)
