"""The static pages in a browser, opened from a folder: whole, quiet, playable and readable by everybody."""

import re
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

from nbkit import GraphExplorer, Sigmoid, Variable
from nbkit.web import build
from tests.browser.axe import serious
from tests.browser.conftest import complaints, new_page
from tests.browser.lab import NOTEBOOKS

PAGES = [f"{path.stem}.html" for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
OTHERS = ["index.html", "licences.html", "glossary.html", "README.md.html", "nbkit-graph.py.html"]
EAGER = """() => Promise.allSettled([...document.images].map(image => {
    image.loading = 'eager';  // the browser loads others when they come into sight
    return image.decode();
}))"""
HOLES = """() => [
    ...[...document.images].filter(i => !i.naturalWidth || !i.alt.trim()).map(i => i.outerHTML.slice(0, 200)),
    ...[...document.querySelectorAll('svg.nbkit')].filter(s => !s.getBoundingClientRect().height).map(s => s.outerHTML),
    ...[...document.querySelectorAll('merror')].map(e => e.textContent),
]"""
SENTENCES = """() => [...document.querySelectorAll('main > p')].flatMap(
    p => [...p.childNodes].filter(part => part.nodeName !== 'CODE').map(part => part.textContent)).join()"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.href)"
UNFOLD = "() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """All pages, from the outputs that are stored: quick, and all but the graphs is as it would be after a run."""
    out = tmp_path_factory.mktemp("site")
    build(sorted(NOTEBOOKS.glob("*.ipynb")), out, stored=True)
    return out


@pytest.fixture(scope="module")
def run_site(tmp_path_factory):
    """The page of one notebook that has been run."""
    out = tmp_path_factory.mktemp("run")
    build([NOTEBOOKS / "01_computation_graph.ipynb"], out)
    return out / "01_computation_graph.html"


@pytest.fixture
def tab(browser):
    """A page of its own; the test fails if it asks for anything elsewhere, or complains."""
    page = new_page(browser)
    yield page
    page.context.close()
    assert complaints(page, "file:") == []


def leaves(url):
    return urlsplit(url).scheme not in ("file", "data", "blob")


def show(tab, path, scheme="light", width=1200):
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(path.as_uri())
    return tab


@pytest.fixture(scope="module")
def ids(site):
    """The places of every page that a link may lead to."""
    return {
        path.name: set(re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8"))) for path in site.glob("*.html")
    }


def leads_somewhere(link, ids):
    """As a browser looks for a place: by its name as it stands in the link, or decoded."""
    places = ids.get(unquote(link.path).split("/")[-1])
    return places is not None and bool({link.fragment, unquote(link.fragment)} & {*map(unescape, places), ""})


@pytest.mark.parametrize("name", [*PAGES, *OTHERS])
def test_a_page_is_whole_leads_somewhere_and_can_be_read_by_everybody(site, tab, ids, name):
    """In the dark and on a narrow screen."""
    show(tab, site / name, scheme="dark", width=400)
    tab.evaluate(EAGER)
    assert tab.evaluate(HOLES) == []
    assert "$" not in tab.evaluate(SENTENCES)
    links = [urlsplit(link) for link in tab.evaluate(LINKS) if not leaves(link)]
    assert links
    assert [link.geturl() for link in links if not leads_somewhere(link, ids)] == []
    assert tab.evaluate("() => document.documentElement.scrollWidth") == 400
    # Contrast and the insides of pictures take by far the longest; one page is searched for those, too.
    assert serious(tab, but=("svg.nbkit > *", "math > *"), rules={"color-contrast": False}) == []


def test_what_is_below_a_prediction_is_folded(site, tab):
    show(tab, site / PAGES[1])
    fold, answer = tab.locator("details:has(.outputs)").first, tab.get_by_text("bill: 220 yen")
    assert not answer.is_visible()
    fold.get_by_text("Show what comes out").click()
    assert answer.is_visible()
    assert tab.locator("img[alt='']").count() == 0  # the cover that a notebook has there


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(run_site, tab, scheme):
    assert serious(show(tab, run_site, scheme=scheme)) == []
    ground = tab.evaluate("() => getComputedStyle(document.querySelector('.graph svg .ground')).fill")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}[scheme]


def test_formulas_stand_as_mathml(site, tab):
    show(tab, site / "05_affine.html")
    assert tab.locator("math").count() > 100
    table = tab.locator("math[display=block] mtable").first.bounding_box()
    assert table["height"] > 30  # two rows, one above the other


def test_a_graph_steps_by_its_buttons_and_by_keyboard_without_a_kernel(run_site, tab):
    show(tab, run_site)
    tab.evaluate(UNFOLD)
    graph = tab.locator(".graph").last  # the shop, with gradients: 4 nodes forward, 1 at the end, 4 nodes back
    counter, sentence = graph.locator(".nbkit-counter"), graph.locator(".nbkit-sentence")
    shown = graph.locator("svg [data-from]:visible")
    assert counter.inner_text() == "backward 4 of 4"
    everything = shown.count()
    assert graph.get_by_label("values").is_visible()
    assert not graph.get_by_label("guess first").is_visible()  # only Python can judge

    graph.get_by_role("button", name="First step (Home)").click()
    assert counter.inner_text() == "the start"
    at_first = shown.count()
    assert 0 < at_first < everything
    graph.get_by_role("button", name="Step on (right arrow)").click()
    assert counter.inner_text() == "forward 1 of 4"
    assert sentence.inner_text() == "The × of apple and apple count computes 100 × 2 = 200"
    assert shown.count() > at_first

    graph.locator(".nbkit-picture").press("ArrowRight")
    assert sentence.inner_text() == "The × of orange and orange count computes 150 × 3 = 450"
    graph.locator(".nbkit-picture").press("End")
    assert shown.count() == everything
    graph.locator("g[data-node][role=button]").first.press("Enter")
    assert "×" in graph.locator(".nbkit-facts").inner_text()


def test_what_is_wider_than_the_page_fades_where_there_is_more(site, tab):
    show(tab, site / "01_computation_graph.html", width=390)
    tab.evaluate(UNFOLD)
    tab.locator(".wide.more-right").first.evaluate("box => { box.id = 'wide'; box.scrollTo(box.scrollWidth, 0); }")
    expect(tab.locator("#wide")).to_have_class("wide nbkit-fading more-left")
    tab.set_viewport_size({"width": 1200, "height": 900})
    expect(tab.locator("#wide")).to_have_class("wide nbkit-fading")


def test_the_index_is_a_picture_and_a_title_for_each_chapter_as_one_place_to_click(site, tab):
    show(tab, site / "index.html", scheme="dark", width=390)
    cards = tab.locator(".chapters > li")
    assert cards.count() == len(PAGES)
    assert cards.locator("img").count() == len(PAGES)
    assert tab.get_by_text("After this notebook you can").count() == 0
    cards.nth(1).locator("img").click(force=True)  # the whole card is one link, which lies over it
    tab.wait_for_url(f"**/{PAGES[1]}")


def test_graphs_of_one_page_step_by_themselves(run_site, tab):
    show(tab, run_site)
    tab.evaluate(UNFOLD)
    graphs = tab.locator(".graph")
    graphs.first.get_by_role("button", name="Step back (left arrow)").click()
    assert graphs.first.locator(".nbkit-counter").inner_text() == "forward 1 of 2"
    assert graphs.last.locator(".nbkit-counter").inner_text() == "backward 4 of 4"


def test_a_node_that_takes_python_to_open_offers_no_door(site, tab, tmp_path):
    graph = GraphExplorer(Sigmoid()(Variable(0, "x")))
    assert "closed" in graph.view.expandable.values()
    page = f'<script src="{(site / "site.js").as_uri()}" defer></script><div class="graph" data-step="-1">'
    (tmp_path / "one.html").write_text(page + graph.view.svg, encoding="utf-8")
    show(tab, tmp_path / "one.html")
    tab.locator("g[data-node][role=button]").first.press("Enter")
    assert tab.locator(".nbkit-facts").is_visible()
    assert tab.locator("[data-action=open]").count() == 0


def test_without_scripts_a_graph_is_a_still_picture(run_site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(run_site.as_uri())
    page.locator("details:has(.graph) summary").first.click()
    assert page.locator(".graph svg").first.is_visible()
    context.close()
