"""Pages with the browser edition beside them: where it opens, what it takes, and what is said where it cannot run."""

import json
import re

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from nbkit.web import build, pages
from nbkit.web.live import licences
from tests.web import edition
from tests.web.test_web import widget_cell

RUN = '<a class="action" href="live/lab/index.html?path=01_here.ipynb">'


def written(notebooks, tmp_path, **options):
    """Build a site without running anything, and return its pages by name."""
    build(notebooks, tmp_path / "site", stored=True, **options)
    return {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "site").glob("*.*")}


def test_a_chapter_opens_alive_from_the_top_and_the_end_of_its_page_and_its_size_is_said(course, tmp_path, live):
    html = written([course("01_here", new_markdown_cell("# Here"))], tmp_path, live=True)["01_here.html"]
    top, text, end = html.index(RUN), html.index(">Here<"), html.rindex(RUN)
    assert top < text < end
    words = re.sub(r"\s+", " ", re.sub(r"<.*?>", "", html))
    assert words.count("Run this chapter here (19 MB the first time, nothing to install)") == 2


def test_the_browser_edition_is_a_part_of_the_site(course, tmp_path, live):
    here = course("01_here", new_markdown_cell("# Here"))
    files = build([here], tmp_path / "site", stored=True, live=True)
    assert "live/lab/index.html" in files
    assert (tmp_path / "site" / "live" / "files" / "01_here.ipynb").read_bytes() == here.read_bytes()
    build([here], tmp_path / "site", stored=True)
    assert not (tmp_path / "site" / "live").exists()


def test_it_is_made_of_the_whole_folder_and_from_the_pyodide_that_is_named(course, tmp_path, monkeypatch, live):
    asked = []

    def build_live(*places, **options):
        asked.append((places[0], options))
        return write(*places, **options)

    write = live.build
    monkeypatch.setattr(live, "build", build_live)
    here = course("01_here", new_markdown_cell("# Here"))
    written([here], tmp_path, live=True, pyodide="pyodide.tar.bz2")
    assert asked == [(here.parent, {"pyodide": "pyodide.tar.bz2", "back": "../"})]


def test_where_it_cannot_be_made_nothing_is_written(course, tmp_path, monkeypatch, live):
    def fail(*_places, **_options):
        raise ValueError("no Pyodide")

    monkeypatch.setattr(live, "build", fail)
    with pytest.raises(ValueError, match="no Pyodide"):
        written([course("01_here", new_markdown_cell("# Here"))], tmp_path, live=True)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("repository", ["", "https://github.com/school/course"])
def test_the_note_and_the_captions_say_where_it_runs(course, tmp_path, monkeypatch, live, repository):
    monkeypatch.setattr(pages, "repository", lambda: repository)
    pad = widget_cell("DigitPad")
    pad.source = "DigitPad()"
    html = written([course("01_here", new_markdown_cell("# Here"), pad)], tmp_path, live=True)["01_here.html"]
    link = '<a class="to-run" href="live/lab/index.html?path=01_here.ipynb">'
    assert f"A still picture of DigitPad. To move it, {link}run this chapter here</a>.</figcaption>" in html
    assert f"code of your own, {link}run it here</a>, " in html
    assert ("on Binder" in html, "mybinder.org" in html) == (bool(repository),) * 2


def test_each_card_of_the_index_has_a_quiet_way_to_run_its_chapter(course, tmp_path, live):
    index = written([course("01_here", new_markdown_cell("# Here & now"))], tmp_path, live=True)["index.html"]
    found = re.search(r'<a class="run-quietly" href="([^"]*)" aria-label="([^"]*)">\s*Run here</a>', index)
    assert found.groups() == ("live/lab/index.html?path=01_here.ipynb", "Run here: Here &amp; now")
    assert "19 MB the first time" in index


def test_a_chapter_that_imports_what_comes_later_says_how_much_that_is(course, tmp_path, monkeypatch, live):
    def with_packages(notebooks, out, **options):
        edition.write(notebooks, out, **options)
        for name, megabytes in (("tool", 5), ("big", 20), ("part", 3)):
            (out / "pyodide" / f"{name}.whl").write_bytes(bytes(megabytes * 10**6))
        loaded = json.dumps({"megabytes": 19, "files": [{"url": "pyodide/tool.whl", "bytes": 5}], "chapters": {}})
        (out / "nbkit" / "facts.json").write_text(loaded, encoding="utf-8")
        # A random digit takes log2(10) = 3.32 bits, however it is compressed: two millions of them, 0.83 MB.
        digits = np.random.default_rng(0).integers(0, 10, 2_000_000)
        (out / "files" / "03_curious.ipynb").write_text("".join(map(str, digits)), encoding="utf-8")

    monkeypatch.setattr(live, "build", with_packages)
    monkeypatch.setattr(licences, "page", lambda _out: "")
    light = course("01_light", new_code_cell("import tool, os\nprint('import bigger')"))
    heavy = course("02_heavy", new_code_cell("def f():\n    from bigger.things import x\n    return x"))
    curious = course("03_curious", new_code_cell("progress()"))
    made = written([light, heavy, curious], tmp_path, live=True)
    assert "(19 MB the first time" in made["01_light.html"]
    assert "(42 MB the first time" in made["02_heavy.html"]  # with the part that it needs
    assert "(20 MB the first time" in made["03_curious.html"]  # it reads all notebooks
    assert "19 to 42 MB the first time" in made["index.html"]


def test_a_name_of_a_notebook_stays_one_in_the_address(course, tmp_path, live):
    html = written([course("01 a&b#c", new_markdown_cell("# Here"))], tmp_path, live=True)["01 a&b#c.html"]
    assert 'href="live/lab/index.html?path=01%20a%26b%23c.ipynb"' in html


def test_pages_by_themselves_lead_nowhere_and_say_nothing_of_running(course, tmp_path):
    made = written([course("01_here", new_markdown_cell("# Here"), widget_cell("DigitPad"))], tmp_path)
    for name in ("01_here.html", "index.html", "site.js"):
        assert "live/" not in made[name]
        assert "Run " not in made[name]


def test_the_licences_stand_below_every_page(course, tmp_path, live):
    here = course("01_here", new_markdown_cell("# Here\n\n[tool](../tool.py)"), new_code_cell("1"))
    made = written([here], tmp_path, live=True)
    assert {name for name in made if name.endswith(".html")} == {
        "01_here.html", "index.html", "licences.html", "tool.py.html",
    }  # fmt: skip
    assert all('<a href="licences.html">Licences</a>' in made[name] for name in made if name.endswith(".html"))
    assert "Pyodide" in made["licences.html"]


def test_who_cannot_run_it_is_led_to_the_readme(course, tmp_path, live):
    here = course("01_here", new_markdown_cell("# Here"))
    assert '"installing": ""' in written([here], tmp_path, live=True)["site.js"]
    (here.parents[1] / "README.md").write_text("# Course\n\nInstall it.", encoding="utf-8")
    made = written([here], tmp_path, live=True)
    assert '"installing": "README.md.html"' in made["site.js"]
    assert "Install it." in made["README.md.html"]
