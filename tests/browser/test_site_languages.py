"""The static pages in two languages in a browser: they can be read by everybody, and one leads to the other."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from nbkit.drawing.markup import unescape
from nbkit.languages import ENGLISH, LANGUAGES
from nbkit.web import build
from nbkit.web.languages import notebooks_in
from tests.browser.axe import serious
from tests.browser.conftest import complaints, new_page
from tests.browser.lab import NOTEBOOKS

TAGS = [language.tag for language in LANGUAGES if language.offered]
NAMES = {language.tag: language.name for language in LANGUAGES}
PAGE = "02_backward.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    build(notebooks_in(NOTEBOOKS), out, stored=True)
    return out


def folder_of(tag):
    return "" if tag == ENGLISH.tag else f"{tag}/"


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("name", ["index.html", PAGE])
def test_a_page_says_its_language_and_its_switch_leads_to_the_same_page_and_back(browser, site, tag, name):
    page = new_page(browser, color_scheme="dark", viewport={"width": 400, "height": 900})
    here = (site / folder_of(tag) / name).as_uri()
    page.goto(here)
    assert page.evaluate("() => document.documentElement.lang") == tag
    assert page.evaluate("() => document.documentElement.scrollWidth") == 400
    assert serious(page, but=("svg.nbkit > *", "math > *")) == []
    for other in TAGS:
        if other != tag:
            page.keyboard.press("Tab")  # over the link to the text
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            expect(focused).to_have_text(NAMES[other])
            assert (focused.get_attribute("lang"), focused.get_attribute("hreflang")) == (other, other)
            page.keyboard.press("Enter")
            page.wait_for_url((site / folder_of(other) / name).as_uri())
            page.locator("main :is(h1, h2)").nth(3).evaluate("heading => heading.scrollIntoView()")
            page.locator(".languages a", has_text=NAMES[tag]).click()  # in sight also there
            page.wait_for_url(lambda url: url.startswith(f"{here}#section-"))
            at = int(page.url.rpartition("-")[2]) - 1
            heading = page.locator("main :is(h1, h2, h3, h4, h5, h6)").nth(at)
            page.wait_for_function(
                "heading => Math.abs(heading.getBoundingClientRect().top - 48) < 2", arg=heading.element_handle()
            )
            expect(page.locator("main :is(h1, h2)").nth(3)).to_have_text(heading.inner_text())
    page.context.close()
    assert complaints(page, "file:") == []


def test_every_link_of_every_page_leads_to_a_place_that_is_there(site):
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    places = {path: {unescape(place) for place in re.findall(r'\bid="([^"]*)"', text)} for path, text in texts.items()}
    lost = []
    for path, text in texts.items():
        for link in map(unescape, re.findall(r'<(?:a|link)\b[^>]*\bhref="([^"]*)"', text)):
            file, _hash, place = link.partition("#")
            if re.match(r"[a-z]+:", file):
                continue
            target = (path.parent / unquote(file)).resolve() if file else path
            there = target.is_file() and (not place or {place, unquote(place)} & places[target])
            lost += [] if there else [(path.relative_to(site).as_posix(), link)]
    assert lost == []
