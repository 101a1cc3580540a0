"""A site in two languages: where the pages stand, what leads from one to the other, and which words they have."""

import re
import xml.etree.ElementTree as ET

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nbkit.languages import LANGUAGES
from nbkit.web import build, pages
from nbkit.web.languages import courses_of, notebooks_in

CHINESE = next(language for language in LANGUAGES if language.tag == "zh-CN")
ADDRESS = "https://school.github.io/course/"
XHTML = "{http://www.w3.org/1999/xhtml}"


def written_in(language, *cells):
    return new_notebook(cells=list(cells), metadata={"nbkit": {"language": language}})


@pytest.fixture
def both(course, monkeypatch):
    """The paths of a chapter in English and in Chinese, which link to a glossary and to code."""
    monkeypatch.setattr(pages, "repository", str)
    text = "[tool]({up}tool.py) [words](glossary.md) [guide]({up}{guide})"
    lead = "**After this notebook you can** read *well*."
    english = course("01_here", new_markdown_cell(f"# Here\n\n{lead}\n\n{text.format(up='../', guide='README.md')}"))
    home = english.parent
    chinese = home / CHINESE.tag / english.name
    chinese.parent.mkdir()
    lead, text = "**学完这一章，你能**读*好*。", text.format(up="../../", guide="README.zh-CN.md")
    nbformat.write(written_in("zh_CN", new_markdown_cell(f"# 这里\n\n{lead}\n\n{text}")), chinese)
    (home / "glossary.md").write_text("# Glossary\n\n[it](01_here.ipynb)", encoding="utf-8")
    (chinese.parent / "glossary.md").write_text("# 词汇表\n\n[它](01_here.ipynb)", encoding="utf-8")
    (home.parent / "README.md").write_text("# Course", encoding="utf-8")
    (home.parent / "README.zh-CN.md").write_text("# 课程 [en](README.md)", encoding="utf-8")
    return [english, chinese]


def site_of(notebooks, tmp_path, **options):
    """Build a site without running anything; return its texts by name."""
    site = tmp_path / "site"
    names = build(notebooks, site, **{"stored": True} | options)
    return {name: (site / name).read_text(encoding="utf-8") for name in names if not name.startswith("live/")}


def test_each_language_has_the_same_pages_and_they_share_what_has_no_words(both, tmp_path):
    made = site_of(both, tmp_path)
    names = ["01_here.html", "README.md.html", "glossary.html", "index.html", "licences.html", "tool.py.html"]
    shared = ["site.js", "style.css"]
    assert sorted(made) == sorted([*names, *shared, *(f"zh-CN/{name}" for name in names)])
    for name in names:
        assert '<html lang="en">' in made[name]
        assert '<html lang="zh-CN">' in made[f"zh-CN/{name}"]
        assert 'href="../style.css"' in made[f"zh-CN/{name}"]
        assert 'src="../site.js"' in made[f"zh-CN/{name}"]


def test_a_page_leads_to_itself_in_the_other_language_and_links_stay_in_their_own(both, tmp_path):
    made = site_of(both, tmp_path)
    switch = '<a rel="alternate" href="{}" lang="{}" hreflang="{}">{}</a>'
    for name in (name for name in made if name.endswith(".html") and "/" not in name):
        assert switch.format(f"zh-CN/{name}", "zh-CN", "zh-CN", "简体中文") in made[name]
        assert switch.format(f"../{name}", "en", "en", "English") in made[f"zh-CN/{name}"]
        for place, up in (("", "zh-CN/"), ("zh-CN/", "../")):
            others = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', made[place + name])
            english, chinese = (name, up + name) if not place else (up + name, name)
            assert dict(others) == {"en": english, "x-default": english, "zh-CN": chinese}
    for place in ("", "zh-CN/"):
        html = made[f"{place}01_here.html"]
        assert '<a href="tool.py.html">' in html
        assert '<a href="glossary.html">' in html
        assert '<a href="README.md.html">' in html
    assert '<a href="../README.md.html">en</a>' in made["zh-CN/README.md.html"]


def test_pages_speak_their_language_whatever_the_one_who_builds_them_speaks(both, tmp_path):
    made = site_of(both, tmp_path)
    assert "<title>Here · How neural networks learn</title>" in made["01_here.html"]
    assert '<meta name="description" content="After this notebook you can read well.">' in made["01_here.html"]
    assert "<title>这里 · 神经网络是怎样学习的</title>" in made["zh-CN/01_here.html"]
    assert '<meta name="description" content="学完这一章，你能读好。">' in made["zh-CN/01_here.html"]
    assert "<p>读<em>好</em>。</p>" in made["zh-CN/index.html"]
    assert "Contents" not in made["zh-CN/01_here.html"]
    assert '<div lang="en">' in made["zh-CN/tool.py.html"]
    assert '"zh-CN": {"WORDS": ' in made["site.js"]


def test_a_stored_widget_is_named_in_the_caption_of_its_picture(both, tmp_path):
    data = {"text/html": "<figure><figcaption>?</figcaption></figure>", "text/plain": "GraphQuiz：一张静止图片"}
    cell = new_code_cell("GraphQuiz()", outputs=[new_output("execute_result", data)])
    nbformat.write(written_in("zh_CN", new_markdown_cell("# 这里"), cell), both[1])
    html = site_of(both, tmp_path)["zh-CN/01_here.html"]
    assert "<figcaption>GraphQuiz 的静止图片" in html


def test_emphasis_in_chinese_has_dots_but_not_below_letters(both, tmp_path):
    nbformat.write(written_in("zh_CN", new_markdown_cell("*好* *softmax*")), both[1])
    html = site_of(both, tmp_path)["zh-CN/01_here.html"]
    assert '<em>好</em> <em lang="en">softmax</em>' in html
    assert "<em>well</em>" in site_of(both, tmp_path)["01_here.html"]


def test_a_text_says_of_itself_what_its_first_paragraph_says(both, tmp_path):
    root = both[0].parents[1]
    badges = "<!-- address: badges -->\n[![CI](https://a.b/c.svg)](https://a.b)\n![B](https://a.b/d)\n<!-- /address -->"
    text = f"# {{}}\n\n{{}}\n\n{badges}\n\n{{}}\n\n## {{}}\n"
    english = ("How neural networks learn", "Elsewhere: [简体中文](README.zh-CN.md).", "A *course*.", "[on](#on) On")
    chinese = ("神经网络是怎样学习的", "另见：[English](README.md)。", "一门课：[用](#能用吗)。", "能用吗？")
    (root / "README.md").write_text(text.format(*english), encoding="utf-8")
    (root / "README.zh-CN.md").write_text(text.format(*chinese), encoding="utf-8")
    made = site_of(both, tmp_path)
    for place, title, about in (("", english[0], "A course."), ("zh-CN/", chinese[0], "一门课：用。")):
        html = made[f"{place}README.md.html"]
        assert f"<title>{title}</title>" in html
        assert f'<meta name="description" content="{about}">' in html
        main = html[html.index("<main") :]
        assert not re.search("Elsewhere|另见|>CI<|a\\.b", main)
    assert re.search('<a href="#([^"]+)">用</a>', main)[1] == re.search('<h2 id="([^"]+)"', main)[1]


def test_two_pages_of_one_name_are_refused(both, tmp_path):
    (both[0].parent / "glossary.ipynb").write_bytes(both[0].read_bytes())
    with pytest.raises(ValueError, match=r"two pages of the site would be glossary\.html"):
        site_of([*both, both[0].parent / "glossary.ipynb"], tmp_path)


def test_with_an_address_search_engines_find_every_page_in_both_languages(both, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "repository", lambda: "https://github.com/school/course")
    made = site_of(both, tmp_path)
    assert f"Sitemap: {ADDRESS}sitemap.xml" in made["robots.txt"]
    entries = ET.fromstring(made["sitemap.xml"])
    found = {
        entry[0].text: {link.get("hreflang"): link.get("href") for link in entry.findall(f"{XHTML}link")}
        for entry in entries
    }
    for name in ("", "01_here.html", "glossary.html", "README.md.html"):
        languages = {"en": ADDRESS + name, "zh-CN": f"{ADDRESS}zh-CN/{name}"}
        for address in languages.values():
            assert found.pop(address) == languages
    assert found == {}
    html = made["zh-CN/01_here.html"]
    assert f'<link rel="canonical" href="{ADDRESS}zh-CN/01_here.html">' in html
    assert f'<link rel="alternate" hreflang="en" href="{ADDRESS}01_here.html">' in html


def test_one_language_alone_has_no_switch(both, tmp_path):
    made = site_of(both[:1], tmp_path)
    assert "hreflang" not in made["01_here.html"]
    assert "languages" not in made["index.html"].replace("style", "")
    made = site_of(both[1:], tmp_path)
    assert "hreflang" not in made["zh-CN/01_here.html"]
    assert made["index.html"].startswith('<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"/>')
    assert 'content="0; url=zh-CN/index.html"' in made["index.html"]
    assert "<title>神经网络是怎样学习的</title>" in made["index.html"]
    assert "&lt;" not in made["index.html"]


def test_a_chapter_runs_in_its_own_language(both, tmp_path, live):
    made = site_of(both, tmp_path, live=True)
    assert 'href="live/lab/index.html?path=01_here.ipynb"' in made["01_here.html"]
    assert 'href="../live/lab/index.html?path=zh-CN/01_here.ipynb"' in made["zh-CN/01_here.html"]


def test_notebooks_run_in_their_own_language(both, tmp_path, monkeypatch):
    monkeypatch.setenv("NBKIT_LANGUAGE", "en")
    cell = new_code_cell("from nbkit.messages import spoken\nprint('in', spoken().name)")
    for path, code in zip(both, ("en", "zh_CN"), strict=True):
        nbformat.write(written_in(code, cell), path)
    made = site_of(both, tmp_path, stored=False)
    assert "in English" in made["01_here.html"]
    assert "in 简体中文" in made["zh-CN/01_here.html"]


def test_the_language_of_a_folder_is_that_of_its_name_or_of_its_notebooks(tmp_path):
    for folder, said, code, place in (
        ("a/zh-CN", {}, "zh_CN", "zh-CN/"),
        ("b", {"nbkit": {"language": "zh_CN"}}, "zh_CN", ""),
        ("c", {"nbkit": "?"}, "en", ""),
    ):
        (course,) = courses_of({tmp_path / folder / "01.ipynb": {"metadata": said}})
        assert (course.language.code, course.place) == (code, place)


def test_languages_that_are_not_offered_yet_are_left_out(both, monkeypatch):
    home = both[0].parent
    assert notebooks_in(home) == both
    hidden = tuple(language._replace(offered=language.tag != CHINESE.tag) for language in LANGUAGES)
    monkeypatch.setattr("nbkit.web.languages.LANGUAGES", hidden)
    assert notebooks_in(home) == both[:1]


def test_translations_of_another_course_are_refused(both, tmp_path):
    other = tmp_path / "other" / CHINESE.tag / "01_here.ipynb"
    other.parent.mkdir(parents=True)
    other.write_bytes(both[1].read_bytes())
    with pytest.raises(ValueError, match="stand in one folder, and its translations"):
        build([both[0], other], tmp_path / "site", stored=True)
