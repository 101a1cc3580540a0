"""The teacher's page, read as a browser reads it."""

import re
from html.parser import HTMLParser

import pytest

from nbkit.classroom.hiding import Names, shown
from nbkit.classroom.page import FIRST, MAX_CODE_CHARACTERS, MAX_CODE_LINES, MAX_NOTES, MAX_RIGHT_CODE, page
from nbkit.classroom.run.limits import Limits
from tests.classroom.by_hand import SMALL, table
from tests.hostile import ATTACKS

EMPTY = {"meta", "link", "br", "input"}
TEXTS = "h1 h2 h3 h4 p ul ol li b i em small strong span bdi a label pre code"
PARTS = "html head title style body header main footer section article nav div details summary"
ELEMENTS = {*EMPTY, *TEXTS.split(), *PARTS.split(), "table", "thead", "tbody", "tfoot", "tr", "th", "td"}
NAMES = (
    "lang charset http-equiv content name rel href class id for type tabindex role scope colspan rowspan style "
    "aria-label aria-labelledby aria-hidden"
)
ATTRIBUTES = {*NAMES.split()}


class Parsed(HTMLParser):
    """A page: its elements, the text in each with an id, and everything that may do something."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.ids, self.links, self.styles, self.labels = [], [], {}, [], [], []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        assert tag in ELEMENTS, tag
        assert set(found) <= ATTRIBUTES, found
        self.elements.append((tag, sorted(found)))
        self.links += [found["href"]] if "href" in found else []
        self.styles += [found["style"]] if "style" in found else []
        self.labels += [found["aria-label"]] if "aria-label" in found else []
        if tag not in EMPTY:
            self.open.append((tag, found.get("id")))
            if "id" in found:
                assert found["id"] not in self.ids
                self.ids[found["id"]] = ""
        elif "id" in found:
            self.ids[found["id"]] = ""

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        for _tag, name in self.open:
            if name:
                self.ids[name] += data


def read(*arguments, **named):
    return Parsed(page(table(*arguments, **named)))


def words(text):
    return " ".join(text.split())


def rows(html):
    """Return the signs of the table, a list for each learner."""
    body = re.search(r"<tbody>(.*?)</tbody>", html[html.index('<table class="grid') :], re.DOTALL)[1]
    cells = [re.findall(r"<td class=\"[^\"]*\">(?:<a[^>]*>|<span[^>]*>)(.)", row) for row in body.split("</tr>")]
    return [row for row in cells if row]


# ---------------------------------------------------------------- what it says


def test_the_table_has_a_sign_for_each_learner_and_exercise():
    html = page(table(SMALL))
    assert rows(html) == [  # bill, graph, order; mul, bill, sub, cube
        list("–––✓✗✗·"), list("–––◐·✗✓"), list("–––✗·✗·"), list("✓··––––"), list("–––!!!!"),
    ]  # fmt: skip
    foot = words(Parsed(re.search(r"<tfoot>.*</tfoot>", html, re.DOTALL)[0]).text)
    assert foot == "All3 ✓ right5 ✗ wrong 1 ✓0 ✗ 0 ✓0 ✗ 0 ✓0 ✗ 1 ✓1 ✗ 0 ✓1 ✗ 0 ✓3 ✗ 1 ✓0 ✗"


def test_the_diagnosis_that_most_were_told_comes_first():
    found = read(SMALL)
    assert [name for name in found.ids if re.fullmatch(r"e\d+", name)] == ["e5", "e3", "e4"]  # sub, mul, bill
    assert words(found.ids["e5"]) == (
        "02.sub The way back 3 ✗ wrong "
        "2 × That is +. Who (2), 02.sub applelearner 1, melonlearner 2 "
        "1 × Each got itself. Who (1), 02.sub pearlearner 3"
    )
    assert "1 ✓ right 1 ✗ wrong 1 ◐ begun" in words(found.ids["e3"])
    many = {f"fruit{k}": {"02.mul": ("wrong", "x" * k)} for k in range(1, 5)}  # each something else
    many |= {f"pear{k}": {"02.cube": ("wrong", "It is 75.")} for k in range(2)}
    assert [name for name in read(many).ids if re.fullmatch(r"e\d+", name)] == ["e3", "e0"]
    many |= {f"plum{k}": {"02.sub": ("wrong", "It is 75.")} for k in range(2)} | {"fig": {"02.sub": ("wrong", "No.")}}
    assert [name for name in read(many).ids if re.fullmatch(r"e\d+", name)] == ["e2", "e3", "e0"]


def test_a_card_shows_an_answer_of_which_its_first_diagnosis_was_said():
    codes = {"apple": ("No.", "long = 1  # of apple"), "pear": ("No.", "x = 1  # pear"), "plum": ("So.", "y")}
    found = read({name: {"02.mul": ("wrong", *answer)} for name, answer in codes.items()})
    assert "How it was typed, 02.mul An example of the first of these. x = 1 # pear" in words(found.ids["e0"])
    assert "long" not in found.ids["e0"]
    assert "How it was typed" not in read(SMALL).text


def test_an_exercise_stands_below_its_heading_where_no_other_one_does():
    headings = {"02.mul": "By <b>hand</b>", "02.sub": "Exercises", "02.bill": "Exercises"}
    answers = {name: ("wrong", "No.", "", 1, heading) for name, heading in headings.items()}
    found = read(dict.fromkeys(["apple", "pear"], answers))
    heads = [words(found.ids[name]).split(" 2 ✗")[0] for name in ("e0", "e1", "e2")]
    assert heads == ["02.mul The way back · By <b>hand</b>", "02.bill The way back", "02.sub The way back"]


def test_an_exercise_has_the_title_that_notebooks_agree_on():
    def heads(*titles):
        answers = [{"02.mul": ("wrong", "No.", "", 1, "", title), "02.sub": ("wrong",)} for title in titles]
        found = read({f"fruit{k}": answer for k, answer in enumerate(answers)})
        return words(found.ids["e0"]).partition(f" {len(titles)} ✗")[0]

    assert heads("2. A function.", "2. A function.", "Mine") == "02.mul The way back · 2. A function."
    assert heads("2. A function.") == "02.mul The way back · 2. A function."
    assert heads("By apple", "By pear", "") == "02.mul The way back"
    assert heads("By apple", "") == "02.mul The way back"


def test_code_and_emphasis_in_diagnoses_are_set_as_such():
    html = page(table({"dx": {"02.mul": ("wrong", "`x < 1` is *not* `dx`: 2*3*4 is.")}}))
    own = '<code><span class="x"><span class="n">dx</span></span></code>'
    assert f"<code>x &lt; 1</code> is <em>not</em> {own}: 2*3*4 is." in html


def test_the_page_says_of_which_folder_and_day_it_is():
    made = table(SMALL)._replace(folder="class <b>")
    html = page(made, "2026-11-30")
    assert "<title>What the class has handed in · class &lt;b&gt; · 2026-11-30</title>" in html
    assert "Folder class <b> · 2026-11-30" in words(Parsed(html).text)
    title = re.search("<title>(.*)</title>", page(made._replace(folder="of Apple"), "2026-11-30"))[1]
    assert title == "What the class has handed in · 2026-11-30"  # nothing hides a name there


def test_notebooks_without_outputs_are_told():
    html = page(table({"apple": {"02.mul": ("no outputs",)}, "pear": {"02.mul": ("right",)}}))
    text = words(Parsed(html).text)
    assert rows(html) == [list("????"), list("✓···")]
    assert "Notebooks without outputs: 1. Nothing is known of their answers; --run finds out." in text
    assert "02 · The way back: handed in by 2 of 2" in text
    assert "No outputs: 02.mul, 02.bill, 02.sub, 02.cube" in Parsed(html).ids["l1"]
    assert "Notebooks without outputs" not in words(read(SMALL).text)
    now = {"apple": {"02.mul": ("right",)}}
    assert "All of them ran as their notebooks say." in read(now, {"apple": {"02.mul": ("no outputs",)}}).text


def test_rare_diagnoses_are_folded_away():
    many = {f"fruit{k}": {"02.mul": ("wrong", "x" * k)} for k in range(1, FIRST + 3)}
    assert "More diagnoses: 2" in read(many).ids["e0"]
    assert "More diagnoses" not in read(SMALL).text


def test_the_page_says_how_many_have_handed_in_what():
    text = words(read(SMALL).text)
    assert "Learners: 5. Answers: 3 right, 5 wrong, 1 begun, 6 not tried." in text
    assert "01 · A bill is a graph: handed in by 1 of 5" in text
    assert "02 · The way back: handed in by 3 of 5, not readable from 1" in text


def test_it_says_that_nothing_was_run():
    text = words(read(SMALL).text)
    assert "nothing was run" in text
    assert "may have been copied" in text
    assert "--run" in text


def test_it_says_what_was_run_and_what_differs():
    stored = {"apple": {"02.mul": ("right",), "02.sub": ("wrong",)}}
    found = read({"apple": {"02.mul": ("wrong", "No."), "02.sub": ("wrong",)}}, stored, limits=Limits(90, 10, 500))
    text = words(found.text)
    assert "nothing was run" not in text
    assert "90 s and 500 MB for a notebook, 10 s for a cell" in text
    assert "Answers that ran otherwise than their notebook says: 1." in text
    assert "applelearner 102.mul ✓ right✗ wrongNo." in text
    assert [*found.ids].index("otherwise") > [*found.ids].index("mistakes")
    assert "The notebook says: right. Run again: wrong." in found.ids["a1-0"]
    assert "Run again" not in found.ids["a1-2"]
    lost = read({"apple": {"02.mul": ("not readable", "It took longer.")}}, stored)
    assert "The notebook says: right. Run again: not readable." in lost.ids["a1-0"]
    assert "! not readableIt took longer." in words(lost.text)
    same = words(read(stored, stored).text)
    assert "All of them ran as their notebooks say." in same


def test_each_learner_has_the_answers_that_are_not_right_with_their_code():
    code = "class MulLayer:\n    def backward(self, dout):\n        return a < b & c"
    found = read({
        "apple": {"02.mul": ("wrong", "× swaps.", code, 3), "02.sub": ("right", "Right.", "sub = 1")},
    }, files={"apple": ("notes.txt does not count.",)})  # fmt: skip
    assert code in found.ids["a1-0"]
    assert "× swaps." in found.ids["a1-0"]
    assert "Tried in 3 cells" in found.ids["a1-0"]
    assert "sub = 1" in found.ids["a1-2"]
    assert "Not tried: 02.bill, 02.cube" in found.ids["l1"]
    assert "notes.txt does not count." in found.ids["l1"]


def test_an_answer_that_was_run_is_shown_with_what_stands_above_it():
    now = {"02.mul": ("wrong", "No.", "check(mul)"), "02.sub": ("wrong", "No.", "sub = 1")}
    stored = {"02.mul": ("right", "", "mul = 1\n\ncheck(mul)"), "02.sub": ("right", "", "sub = 2")}
    found = read({"apple": now}, {"apple": stored})
    assert "mul = 1\n\ncheck(mul)" in found.ids["a1-0"]
    assert "sub = 1" in found.ids["a1-2"]
    assert "sub = 2" not in found.text


def test_files_that_cannot_be_read_and_chapters_that_are_missing_are_told():
    found = read(SMALL, notes=("strange.ipynb belongs to nobody.",))
    assert "02_backward.ipynb cannot be read: no notebook." in found.ids["l5"]
    assert "Not handed in: 01 · A bill is a graph" in found.ids["l5"]
    assert "strange.ipynb belongs to nobody." in found.text


def test_files_of_a_chapter_that_are_not_counted_are_told():
    made = table({"apple": {"02.mul": ("right",)}})
    parts = list(made.rows[0].records)
    parts[2] = parts[2]._replace(copies=("02_backward-Copy1.ipynb",))
    parts[3] = parts[3]._replace(others=("03_mine.ipynb",))
    text = Parsed(page(made._replace(rows=(made.rows[0]._replace(records=tuple(parts)),)))).ids["l1"]
    assert "Chapter 02 is counted in 02_backward.ipynb, and not in 02_backward-Copy1.ipynb." in text
    assert "None of the exercises of chapter 03 is in 03_mine.ipynb." in text
    assert "Not in this folder" not in text


def test_a_class_without_a_notebook_has_a_page():
    for learners in ({}, {"apple": {}}):
        assert "Nobody has handed in a notebook of the course." in read(learners).text


def test_links_lead_somewhere():
    for found in (read(SMALL), read(SMALL, SMALL | {"apple": {}})):
        assert len(found.links) > 20
        assert [link for link in found.links if link != "data:," and link.removeprefix("#") not in found.ids] == []


# ---------------------------------------------------------------- sizes


def test_long_code_is_shortened_and_says_so():
    line = "x = 1"
    found = read({"apple": {"02.mul": ("wrong", "No.", "\n".join([line] * (MAX_CODE_LINES + 7)))}})
    assert found.ids["a1-0"].count(line) == MAX_CODE_LINES
    assert "Lines left out: 7." in found.ids["a1-0"]
    wide = read({"apple": {"02.mul": ("wrong", "No.", "w" * (MAX_CODE_CHARACTERS + 1))}})
    assert wide.ids["a1-0"].count("w") <= MAX_CODE_CHARACTERS + 20
    assert "Characters left out: 1." in wide.ids["a1-0"]


def test_the_code_of_right_answers_is_left_out_where_it_is_too_much():
    long = "w" * (MAX_RIGHT_CODE // 4)
    exercises = ("02.mul", "02.sub", "02.bill", "02.cube")
    four = {"apple": dict.fromkeys(exercises, ("right", "Right.", long))}
    assert "left out: with it" not in read(four).text
    more = four | {"pear": {"02.mul": ("right", "Right.", "w"), "02.sub": ("wrong", "No.", "spam = 1")}}
    found = read(more)
    assert "left out: with it" in found.text
    assert "www" not in found.text
    assert "spam = 1" in found.text


def test_no_more_notes_are_listed_than_can_be_read():
    found = read({"apple": {"02.mul": ("right",)}}, files={"apple": tuple(f"Note {k}." for k in range(MAX_NOTES + 9))})
    assert f"Note {MAX_NOTES - 1}." in found.text
    assert f"Note {MAX_NOTES}." not in found.text
    assert "and 9 more" in found.text


# ---------------------------------------------------------------- what learners may write


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_learner_becomes_a_part_of_the_page(attack):
    def made(text):
        given = {
            "02.mul": ("wrong", text, f"{text}x", 2), "02.sub": ("right", text, text),
            "02.bill": ("begun", text, text),
            "01.bill": ("not readable", text),
        }  # fmt: skip
        return read({text: given}, {text: {}}, notes=(text,), files={text: (text,)})

    plain, found = made("spam"), made(attack)
    loose = ("span", "p", "code", "em", "pre")  # a text may be empty, marked or set
    named = [element for element in plain.elements if element[0] not in loose]
    assert [element for element in found.elements if element[0] not in loose] == named
    assert [link for link in found.links if not link.startswith("#")] == ["data:,"]
    assert [style for style in found.styles if not re.fullmatch(r"flex:\d+", style)] == []
    assert found.labels == plain.labels
    found.text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", found.text)


def test_the_page_asks_for_nothing_and_runs_nothing():
    html = page(table(SMALL))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert not re.search(r"<script|<img|<iframe|\bsrc=|https?:|url\(|@import|\bon\w+=", html)


# ---------------------------------------------------------------- hiding names


@pytest.mark.parametrize(
    ("learner", "text", "left"),
    [
        ("apple", "# by Apple\napples", "# by \napples"),
        ("apple_pear-1234", "APPLE wrote pear_02.ipynb, 1234", " wrote _02.ipynb, "),
        ("ApplePear", "my apple, pear and ApplePear", "my ,  and "),
        ("Li Wei", "Li = li = wei", " = li = "),
        ("K", "K = k", " = k"),
        ("K Pear-01", "K = 01", "K = 01"),
        ("de la Fig", "def la(de): figs", "def (): figs"),
        ("山田 太郎", "# 山田太郎の答え", "# "),
        ("Müller", "mu\u0308ller", ""),
        ("", "spam", "spam"),
    ],
)
def test_the_words_of_a_name_are_marked_in_any_text(learner, text, left):
    marked = Names([learner]).marked(shown(text, 100))
    assert re.sub(r'<span class="x"><span class="n">[^<]*</span></span>', "", marked) == left


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("`a` and *b*", "<code>a</code> and <em>b</em>"),
        ("`*a*` *`b`*", "<code>*a*</code> *<code>b</code>*"),
        ("*a `b* c`", "*a <code>b* c</code>"),
        ("`<b>`, *<i>*", "<code>&lt;b&gt;</code>, <em>&lt;i&gt;</em>"),
        ("2*3*4, a * b * c, *args, **kwargs, f(*a, *b)", "2*3*4, a * b * c, *args, **kwargs, f(*a, *b)"),
        ("**bold**, ``, **, * *, `a\nb`, *a\nb*", "**bold**, ``, **, * *, `a\nb`, *a\nb*"),
        ("`a", "`a"),
        ("</code>`</code>`", "&lt;/code&gt;<code>&lt;/code&gt;</code>"),
        ("_a_ [b](javascript:c) # d", "_a_ [b](javascript:c) # d"),
        ("", ""),
    ],
)
def test_only_code_and_emphasis_are_set(text, markup):
    assert Names([]).typeset(text) == markup


@pytest.mark.parametrize("attack", [*ATTACKS, "`" * 999, "*a" * 500, "`*" * 500, "* a" * 300])
def test_what_attacks_is_set_as_text(attack):
    for text in (f"`{attack}`", f"*{attack}*", f"`*{attack}", f"*`{attack}*`"):
        found = Parsed(f"<p>{Names(['spam']).typeset(shown(text, 6000))}</p>")
        assert {tag for tag, _attributes in found.elements} <= {"p", "code", "em"}
        assert sorted(set(found.text) | set("`*")) == sorted(set(shown(text, 6000)) | set("`*"))


def test_no_name_stands_in_what_is_shown_while_names_are_hidden():
    names = ("Apple-Pear", "melon", "Quince")
    texts = [f"{one} of melon, {one.upper()}, {one}_02.ipynb, quince's" for one in names]
    given = {
        name: {"02.mul": ("wrong", text, text), "02.sub": ("right", text, text), "02.bill": ("begun", text, text)}
        for name, text in zip(names, texts, strict=True)
    }
    texts.append("mrs_strange_02.ipynb")  # of nobody in the class
    made = table(given, given | {"melon": {}}, notes=texts, files=dict.fromkeys(names, texts))
    html = page(made._replace(folder="Class of melon"))
    hidden = re.sub(r'<span class="n">.*?</span>|<ul class="quiet-list n">.*?</ul>', "", html, flags=re.DOTALL)
    assert not re.search("apple|pear|melon|quince|strange", hidden, re.IGNORECASE)
    assert hidden.count("Notes about files: 4. They are hidden with the names.") == 4
    assert "learner 3" in hidden
