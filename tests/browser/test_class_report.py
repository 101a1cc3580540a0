"""The teacher's page in a browser: whole, quiet, readable by everybody, and if wanted without names."""

import pytest

from nbkit.classroom.page import page
from nbkit.course.chapters import CHAPTERS
from nbkit.exercises.core import exercises_of
from tests.browser.axe import serious
from tests.browser.conftest import complaints, new_page
from tests.classroom.by_hand import table
from tests.hostile import ATTACKS

NAMES = ("Apple Pear", "melon-12", "Quince")
CODE = 'def half(x):  # by {name}\n    return "melon"\n'
RESULTS = ("right", "wrong", "begun", "not tried")
WIDE = [name for chapter in CHAPTERS for name in exercises_of(chapter.number)]
UNFOLD = "() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LEFT_OF_THE_NAME = "cell => cell.getBoundingClientRect().left - cell.closest('.box').getBoundingClientRect().left"


def small_class():
    """Return a class in which each kind of result, note and difference occurs."""
    given = {}
    for name in NAMES:
        text, code = f"It says {name}, {name}_02.", CODE.format(name=name)
        given[name] = {"02.mul": ("wrong", text, code, 2), "02.sub": ("right", text, code), "02.bill": ("begun", text)}
    given["fig"] = {"02.mul": ("not readable", "no notebook of melon")}
    notes = tuple(f"{name}_02.ipynb does not count." for name in NAMES)
    return table(given, given | {"Quince": {"02.mul": ("right",)}}, notes, {"Quince": notes})


def large_class(learners):
    return table({
        f"fruit-{k}": {name: (RESULTS[(k * place) % 4], "× swaps.", CODE) for place, name in enumerate(WIDE)}
        for k in range(learners)
    })  # fmt: skip


@pytest.fixture
def show(browser, tmp_path):
    """Open the page of a class; the test fails if it asks for anything or complains."""
    opened = []

    def show(made, **options):
        path = tmp_path / "report.html"
        path.write_text(page(made), encoding="utf-8")
        opened.append(new_page(browser, **options))
        opened[-1].goto(path.as_uri())
        return opened[-1]

    yield show
    for tab in opened:
        assert [url for url in tab.asked if not url.startswith(("file:", "data:"))] == []
        assert complaints(tab, "file:") == []
        tab.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(show, scheme):
    tab = show(small_class(), color_scheme=scheme, viewport={"width": 800, "height": 900})
    tab.evaluate(UNFOLD)
    assert serious(tab) == []
    tab.locator("#hide").check()
    assert serious(tab) == []
    assert tab.evaluate(TOO_WIDE) == 0


def test_hidden_names_are_hidden_everywhere_without_a_script(show):
    tab = show(small_class(), java_script_enabled=False)
    for fold in tab.locator("summary").all():
        if fold.is_visible():
            fold.click()
    shown = tab.locator("body").inner_text()
    assert [name for name in NAMES if shown.count(name) < 8] == []
    tab.get_by_label("Hide names").check()
    shown = tab.locator("body").inner_text().lower()
    assert [word for word in ("apple", "pear", "melon", "quince", "fig") if word in shown] == []
    assert "learner 1" in shown
    assert "def half(x):  # by" in shown
    tab.get_by_label("Hide names").uncheck()
    assert "Quince" in tab.locator("body").inner_text()


def test_a_sign_leads_to_its_answer(show):
    tab = show(large_class(40))
    for row, name in ((3, "wrong"), (39, "right"), (22, "begun")):
        link = tab.locator("tbody tr").nth(row).get_by_role("link", name=name, exact=True).last
        target = link.get_attribute("href")
        link.focus()
        tab.keyboard.press("Enter")
        tab.wait_for_function("name => document.querySelector(':target')?.matches(name)", arg=target)
        tab.wait_for_function(
            "name => { const { top } = document.querySelector(name).getBoundingClientRect();"
            " return top > -5 && top < innerHeight; }", arg=target,
        )  # fmt: skip


IN_SIGHT = """name => {
    const { top, bottom, height } = document.querySelector(name).getBoundingClientRect();
    return height > 0 && top >= 3 && (bottom <= innerHeight - 3 || height > innerHeight);
}"""


@pytest.mark.parametrize("size", [{"width": 1200, "height": 800}, {"width": 500, "height": 600}])
def test_an_answer_to_which_a_sign_leads_is_whole_says_whose_it_is_and_leads_back(show, size):
    tab = show(large_class(40), viewport=size)
    for row, name in ((21, "wrong"), (22, "right"), (39, "right")):
        link = tab.locator("tbody tr").nth(row).get_by_role("link", name=name, exact=True).first
        target = link.get_attribute("href")
        link.click()
        tab.wait_for_function(IN_SIGHT, arg=target)
        answer = tab.locator(target)
        assert answer.locator("pre").is_visible()
        assert f"fruit-{row}" in answer.get_by_role("heading").inner_text()
        tab.get_by_label("Hide names").evaluate("box => box.click()")
        assert f"learner {row + 1}" in answer.get_by_role("heading").inner_text()
        tab.get_by_label("Hide names").evaluate("box => box.click()")
        answer.get_by_role("link", name="to the table").click()
        tab.wait_for_function(IN_SIGHT, arg=f"#r{row + 1}")
        head = tab.locator(".grid thead tr").last.bounding_box()
        assert tab.locator(f"#r{row + 1}").bounding_box()["y"] >= head["y"] + head["height"] - 1  # not below it


def test_on_paper_there_are_colours_and_neither_people_nor_right_answers(show):
    tab = show(small_class())
    tab.evaluate(UNFOLD)
    tab.emulate_media(media="print")
    assert tab.locator(".mistakes .people, .mistakes .typed").first.is_hidden()
    assert tab.locator(".folds pre").first.is_hidden()
    assert tab.locator("article.answer pre").first.is_visible()
    assert (
        tab.evaluate("() => [...document.querySelectorAll('th, td')].map(cell => getComputedStyle(cell).position)")
        == ["static"] * tab.locator("th, td").count()
    )
    for name, what, value in (
        (".bar i", "printColorAdjust", "exact"), ("td.wrong", "printColorAdjust", "exact"),
        ("tfoot", "display", "table-row-group"),
    ):  # fmt: skip
        assert tab.locator(name).first.evaluate("(one, what) => getComputedStyle(one)[what]", what) == value


def test_a_long_name_leaves_room_for_why_an_answer_ran_otherwise(show):
    long, text = "applepear" * 20, "Each input's own value, not its neighbour's, is what comes back here. " * 9
    made = table({long: {"02.mul": ("wrong", text)}}, {long: {"02.mul": ("right",)}})
    tab = show(made, viewport={"width": 700, "height": 900})
    assert tab.locator(".plain").evaluate("table => table.offsetWidth - table.parentElement.clientWidth") <= 0
    widths = [cell.bounding_box()["width"] for cell in tab.locator(".plain tbody tr > *").all()]
    assert widths[0] < widths[-1]


def test_head_and_first_column_of_a_wide_table_stay_and_the_page_does_not_scroll_sideways(show):
    tab = show(large_class(40), viewport={"width": 800, "height": 700})
    assert tab.evaluate(TOO_WIDE) == 0
    box = tab.locator(".box")
    box.scroll_into_view_if_needed()
    before = tab.locator("thead th").first.bounding_box()
    foot = tab.locator("tfoot th").bounding_box()
    assert foot["y"] + foot["height"] <= box.bounding_box()["y"] + box.bounding_box()["height"]
    box.focus()
    box.evaluate("box => box.scrollTo(1e6, 1e6)")
    last = tab.locator("tbody tr").last
    assert last.locator("th").evaluate(LEFT_OF_THE_NAME) == pytest.approx(1, abs=1)
    assert tab.locator("thead th").first.bounding_box() == before
    seen = last.bounding_box()
    assert seen["y"] + seen["height"] <= foot["y"] + 1  # the sums cover no learner
    assert seen["y"] > before["y"] + before["height"]


def test_what_learners_write_does_nothing(show):
    given = {text: {"02.mul": ("wrong", text, text), "02.sub": ("right", text, text)} for text in ATTACKS}
    tab = show(table(given, notes=ATTACKS, files={text: (text,) for text in ATTACKS}))
    tab.evaluate(UNFOLD)
    assert tab.locator("tbody tr").count() == len(ATTACKS)
    assert tab.locator("script, img, iframe, object, form").count() == 0
    assert tab.evaluate(TOO_WIDE) == 0
