"""The static pages: what is shown, where links lead, and that nothing is written when something is wrong."""

import json
import re
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

import nbkit.web
from nbkit import AffineExplorer, GraphExplorer, SetupCheck, Variable
from nbkit.__main__ import main
from nbkit.drawing.markup import image_address
from nbkit.drawing.still import html_of
from nbkit.web import build, pages
from nbkit.web.stills import MIME, still
from tests.drawing.parsed import parsed
from tests.web.conftest import SVG


def page(path, tmp_path, others=()):
    """Build a site without running anything, and return the page of a notebook."""
    build([path, *others], tmp_path / "site", stored=True)
    return (tmp_path / "site" / f"{path.stem}.html").read_text(encoding="utf-8")


# ---------------------------------------------------------------- words


def test_links_between_notebooks_lead_to_their_pages(course, tmp_path):
    there = course("02_there", new_markdown_cell("# There\n\n## The goal"))
    here = course("01_here", new_markdown_cell("# Here\n\nGo [on](02_there.ipynb#The-goal) or [up](#Here)."))
    html = page(here, tmp_path, [there])
    assert '<a href="02_there.html#The-goal">on</a>' in html
    assert '<a href="#Here">up</a>' in html
    assert 'id="The-goal"' in (tmp_path / "site" / "02_there.html").read_text(encoding="utf-8")


def test_links_that_a_cell_shows_lead_to_pages_too(course, tmp_path):
    links = '<p><a href="02_there.ipynb#The-goal">on</a>, <a href="03_out.ipynb">out</a></p>'
    cell = new_code_cell("progress()", outputs=[new_output("execute_result", {"text/html": links, "text/plain": "P"})])
    html = page(course("01_here", cell), tmp_path, [course("02_there", new_markdown_cell("# There"))])
    assert '<p><a href="02_there.html#The-goal">on</a>, out</p>' in html


def test_a_file_that_is_linked_becomes_a_page_and_one_that_is_not_in_the_site_a_web_address(
    course, tmp_path, monkeypatch
):
    monkeypatch.setattr(pages, "repository", lambda: "https://github.com/school/course")
    course("02_left_out", new_markdown_cell("# Out"))
    here = course("01_here", new_markdown_cell("# Here\n\n[tool](../tool.py), [out](02_left_out.ipynb#Out)"))
    html = page(here, tmp_path)
    assert '<a href="tool.py.html">tool</a>' in html
    assert '<a href="https://github.com/school/course/blob/HEAD/notebooks/02_left_out.ipynb#Out">out</a>' in html
    assert '<a href="https://mybinder.org/v2/gh/school/course/HEAD?urlpath=lab/tree/notebooks/01_here.ipynb">' in html
    source = (tmp_path / "site" / "tool.py.html").read_text(encoding="utf-8")
    assert "return" in source
    assert "&lt;" in source


def test_a_course_without_an_address_has_no_link_that_leads_nowhere(course, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "repository", str)
    course("02_left_out", new_markdown_cell("# Out"))
    badge = f"[Binder](https://mybinder.org/v2/gh/{pages.PLACEHOLDER}/HEAD)"
    html = page(course("01_here", new_markdown_cell(f"# Here\n\n[out](02_left_out.ipynb#Out) {badge}")), tmp_path)
    assert "<p>out Binder</p>" in html
    assert "mybinder.org" not in html


def test_a_text_beside_the_notebooks_has_a_page_that_leads_back_and_stands_in_the_index(course, tmp_path):
    here = course("01_here", new_markdown_cell("# Here\n\n[words](glossary.md#A)\n\n## Goal"))
    (here.parent / "glossary.md").write_text(
        "# Glossary\n\n## A\n\n* **a**: [it](01_here.ipynb#Goal)", encoding="utf-8"
    )
    assert '<a href="glossary.html#A">words</a>' in page(here, tmp_path)
    words, index = ((tmp_path / "site" / name).read_text(encoding="utf-8") for name in ("glossary.html", "index.html"))
    assert '<a href="01_here.html#Goal">it</a>' in words
    assert '<a href="glossary.html">' in index


def test_a_text_finds_its_own_headings_as_on_github(course, tmp_path):
    here = course("01_here", new_markdown_cell("# Here\n\n[read](../README.md)"))
    (here.parents[1] / "README.md").write_text(
        "[a](#at-home-is-it) [b](#B)\n\n## At home: is it?\n## B", encoding="utf-8"
    )
    page(here, tmp_path)
    html = (tmp_path / "site" / "README.md.html").read_text(encoding="utf-8")
    assert '<a href="#At-home:-is-it?">a</a> <a href="#B">b</a>' in html
    assert 'id="At-home:-is-it?"' in html


def test_formulas_become_mathml_and_other_dollars_stay(course, tmp_path):
    here = course("01_here", new_markdown_cell("# Here\n\n$x_1$ costs \\$5.\n\n$$\\frac{1}{2}$$\n\n`$HOME`"))
    html = page(here, tmp_path)
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in html
    assert re.search(r'<math display="block"[^>]*>.*<mfrac><mn>1</mn><mn>2</mn></mfrac>', html)
    assert re.findall(r"\$\w*", html[html.index("<main") :]) == ["$5", "$HOME"]


def test_pictures_are_put_in_and_none_is_asked_for_on_the_internet(course, tmp_path):
    here = course("01_here", new_markdown_cell("![a dot](dot.svg) ![badge](https://example.org/badge.svg)"))
    html = page(here, tmp_path)
    assert re.search(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="a dot"', html)
    assert "example.org" not in html
    assert "badge" in html


# ---------------------------------------------------------------- outputs


def test_outputs_are_shown_and_escaped(course, tmp_path):
    cell = new_code_cell("1 < 2", metadata={"alt": "a chart"})
    cell.outputs = [
        new_output("stream", name="stdout", text="<b>bold</b>\n"),
        new_output("execute_result", {"text/plain": "<Thing>"}),
        new_output("display_data", {"image/png": "aGk=\n", "text/plain": "Figure"}),
        new_output("display_data", {"image/svg+xml": SVG, "text/plain": "Drawing"}),
        new_output("error", ename="E", evalue="no", traceback=["\x1b[31mE\x1b[0m: no <why>"]),
    ]
    html = page(course("01_here", cell), tmp_path)
    for shown in (
        "&lt;b&gt;bold",
        "&lt;Thing&gt;",
        'src="data:image/png;base64,aGk="',
        'alt="a chart"',
        "no &lt;why&gt;",
    ):
        assert shown in html
    assert 'style="--least: 490px"' in html
    assert "<b>bold" not in html


def test_the_index_lists_the_chapters_with_what_they_are_for(course, tmp_path):
    goal = "**After this notebook you can** read *well*."
    first = course("01_first", new_markdown_cell(f"# First & last\n\n{goal}\n\nMore."))
    page(first, tmp_path, [course("02_second", new_markdown_cell("No title."))])
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert '<h2><a href="01_first.html">First &amp; last</a></h2>\n  <p>Read <em>well</em>.</p>' in index
    assert '<a href="02_second.html">02_second</a>' in index
    assert "More." not in index
    assert "<img" not in index


def widget_cell(name):
    """A cell as it stands in a notebook after it has shown a widget."""
    png = image_address(b"PNG of " + name.encode())
    picture = html_of(png, f"{name} & more", 300, caption=f"Shift+Enter moves {name}")
    return new_code_cell("", outputs=[new_output("display_data", {"text/html": picture, "text/plain": f"{name}: x"})])


def test_each_chapter_has_the_picture_of_the_widget_that_fewest_others_have(course, tmp_path):
    both, own = widget_cell("Everywhere"), widget_cell("Special")
    others = [course("02_b", both), course("03_c", new_code_cell("1"))]
    page(course("01_a", both, own, widget_cell("Later")), tmp_path, others)
    assert (tmp_path / "site" / "01_a.png").read_bytes() == b"PNG of Special"
    assert (tmp_path / "site" / "02_b.png").read_bytes() == b"PNG of Everywhere"
    html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert '<img loading="lazy" src="01_a.png" alt="Special &amp; more" class="nbkit-light-ground">' in html
    assert html.count("<img") == 2


def test_a_picture_that_a_learner_has_saved_is_a_file_with_both_themes(course, tmp_path):
    kept = GraphExplorer(Variable(2, "x") * 3)._repr_mimebundle_()
    shown = {kind: kept[kind] for kind in ("text/html", "text/plain")}
    page(course("01_here", new_code_cell("", outputs=[new_output("display_data", shown)])), tmp_path)
    picture = (tmp_path / "site" / "01_here.svg").read_text(encoding="utf-8")
    assert parsed(picture).find("rect") is not None
    assert "prefers-color-scheme: dark" in picture


def test_a_picture_of_a_widget_that_has_run_is_a_file_with_both_themes_and_nothing_to_play(course, tmp_path):
    graph = GraphExplorer(Variable(2, "x") * 3)
    cell = new_code_cell("", outputs=[new_output("display_data", {MIME: json.loads(json.dumps(still(graph)))})])
    page(course("01_here", cell), tmp_path)
    picture = (tmp_path / "site" / "01_here.svg").read_text(encoding="utf-8")
    assert parsed(picture).find("rect") is not None  # whole, as XML
    assert "<metadata>" not in picture
    assert "prefers-color-scheme: dark" in picture
    html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert 'src="01_here.svg" alt="Computation graph with one operation' in html


def test_a_stored_widget_has_the_words_of_a_page_and_not_those_of_jupyterlab(course, tmp_path):
    cell = widget_cell("DigitPad")
    cell.source = "DigitPad()"
    html = page(course("01_here", cell), tmp_path)
    assert ">A still picture of DigitPad. To move it, run the notebook in JupyterLab.</figcaption>" in html
    assert "Shift+Enter" not in html


@pytest.mark.parametrize(
    ("what", "words"), [("source_hidden", "Show the code"), ("outputs_hidden", "Show what comes out")]
)
def test_what_a_notebook_folds_is_folded_here_too(course, tmp_path, what, words):
    cell = new_code_cell("6 * 7", metadata={"jupyter": {what: True}})
    cell.outputs = [new_output("stream", text="42 it is")]
    html = page(course("01_here", cell), tmp_path)
    (inside,) = re.findall(rf"<details><summary>{words}</summary>(.*?)</details>", html, re.DOTALL)
    assert ("42 it is" in inside, "highlight" in inside) == (what == "outputs_hidden", what == "source_hidden")


# ---------------------------------------------------------------- widgets


def test_a_graph_keeps_its_steps_and_other_panels_their_still_picture():
    graph, setup = GraphExplorer(Variable(2, "x") * 3), SetupCheck()
    graph.view.step = 1
    assert still(graph) == {"name": "GraphExplorer", "pictures": [{"svg": graph.view.svg, "step": 1}]}
    assert still(setup) == {"name": "SetupCheck", "pictures": [{"svg": setup.snapshot()}]}
    assert [list(picture) for picture in still(AffineExplorer())["pictures"]] == [["svg", "step"], ["svg"]]


def test_notebooks_are_run_and_their_graphs_step(course, tmp_path):
    source = "from nbkit import *\nprint(6 * 7)\nGraphExplorer(Variable(2, 'x') * Variable(5, 'y'))"
    here = course("01_here", new_code_cell(source), new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}))
    build([here], tmp_path / "site")
    html = (tmp_path / "site" / "01_here.html").read_text(encoding="utf-8")
    assert "42" in html
    assert "ZeroDivisionError" in html
    assert "stills" not in html  # the cell that was put in is gone again
    (script,) = re.findall(r'<div class="graph" style="[^"]*" data-step="0">.*?<metadata>(.*?)</metadata>', html)
    steps = json.loads(script.replace("&quot;", '"'))["steps"]
    assert len(steps) == 1 + 1 + 1 + 1  # the inputs, ×, the 1 at the end, × on the way back
    assert "2 × 5 = 10" in steps[1]


def test_the_script_of_the_pages_is_plain_and_complete(course, tmp_path):
    page(course("01_here"), tmp_path)
    script = (tmp_path / "site" / "site.js").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert "function render(" in script


# ---------------------------------------------------------------- what is wrong is said, and nothing is written


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (new_markdown_cell("[on](99_none.ipynb)"), "links to 99_none.ipynb, which does not exist"),
        (new_markdown_cell("[out](/etc)"), "links to /etc, which is not a part of the site"),
        (new_markdown_cell("![dot](none.svg)"), "there is no picture none.svg in"),
        (new_markdown_cell(r"$\frac{1}{$"), r"cannot read the formula \frac{1}{: "),
    ],
)
def test_a_page_with_a_hole_is_refused(course, tmp_path, cell, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        page(course("01_here", cell), tmp_path)
    assert not (tmp_path / "site").exists()


def test_a_cell_that_fails_is_named(course, tmp_path):
    allowed = new_code_cell("[][1]", metadata={"tags": ["raises-exception"]})
    here = course("01_here", new_markdown_cell("# Here"), allowed, new_code_cell("1 / 0"))
    with pytest.raises(ValueError, match=r"cell 3 of \S*01_here\.ipynb raised ZeroDivisionError: division by zero"):
        build([here], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_notebooks_that_cannot_be_shown_are_refused(course, tmp_path):
    torn, other = course("01_torn"), tmp_path / "02_other.ipynb"
    other.write_bytes(torn.read_bytes())
    for notebooks, words in (
        ([], "there are no notebooks to show"),
        ([torn.parent / "99_none.ipynb"], r"there is no notebook \S+99_none"),
        ([course("index")], "give the notebook index.ipynb another name"),
        ([torn, other], "stand in one folder, and its translations"),
    ):
        with pytest.raises(ValueError, match=words):
            build(notebooks, tmp_path / "site", stored=True)
    torn.write_text("{'not': json", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot read \S+01_torn.ipynb as a notebook"):
        build([torn], tmp_path / "site", stored=True)
    assert not (tmp_path / "site").exists()


# ---------------------------------------------------------------- the command


def test_the_command_takes_the_folder_notebooks_and_says_where_to_look(course, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(course("01_here", new_markdown_cell("# Here")).parents[1])
    assert main(["site", "--stored"]) == 0
    assert "index.html" in capsys.readouterr().out
    assert (tmp_path / "course" / "site" / "01_here.html").is_file()


def test_the_command_says_what_is_wrong_in_one_line(tmp_path):
    command = [sys.executable, "-m", "nbkit", "site", "99_none.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (2, "there is no notebook 99_none.ipynb\n")
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_what_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "math_core", None)
    for module in ("pages", "words"):  # loaded anew
        monkeypatch.delitem(sys.modules, f"nbkit.web.{module}", raising=False)
        monkeypatch.delattr(nbkit.web, module, raising=False)
    assert main(["site"]) == 2
    assert capsys.readouterr().err == 'math_core is missing: pip install -e ".[site]"\n'
