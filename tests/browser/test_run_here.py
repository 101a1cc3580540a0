"""Pages with the browser edition beside them: what opens a chapter alive, and what is said where none can run."""

import re
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

import nbkit.web.live
from nbkit.web import build, pages
from tests.browser.axe import serious
from tests.browser.conftest import complaints, new_page
from tests.browser.lab import NOTEBOOKS
from tests.web import edition

CHAPTERS = [NOTEBOOKS / name for name in ("01_computation_graph.ipynb", "04_activations.ipynb")]
PAGE = "04_activations.html"
ALIVE = "live/lab/index.html?path=04_activations.ipynb"
WITHOUT = {
    "WebAssembly": "delete window.WebAssembly",
    "storage": "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }",
    "service worker": "delete Navigator.prototype.serviceWorker",
    "money": "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_said):
        pass


def written(out, repository):
    """Write pages with a small browser edition, from the outputs that are stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nbkit.web.live, "build", edition.write)
        patch.setattr(pages, "repository", lambda: repository)
        build(CHAPTERS, out, stored=True, live=True)
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"), "")


@pytest.fixture(scope="module")
def site_with_binder(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"), "https://github.com/school/course")


@contextmanager
def served(folder):
    """Let a web server of this machine show a folder, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


@pytest.fixture
def tab(browser, address):
    """A page of its own; the test fails if it asks for anything elsewhere, or complains."""
    page = new_page(browser)
    yield page
    page.context.close()
    assert complaints(page, address) == []


def said(tab):
    """What stands beside the button at the top, once the page has tried what the browser can do."""
    return tab.locator(".run").first.locator("p")


def test_a_click_opens_the_chapter_and_nothing_of_it_is_loaded_before(tab, address):
    tab.goto(address + PAGE)
    words = re.compile(r"Run this chapter here \(\d+ MB the first time, nothing to install\)")  # how many: tests/web
    buttons = tab.get_by_role("link", name=words)
    assert buttons.count() == 2
    assert not any("/live/" in url for url in tab.asked)
    buttons.first.click()
    tab.get_by_role("heading", name="Alive").wait_for()
    assert tab.url == address + ALIVE


def test_a_picture_says_where_it_moves(tab, address):
    tab.goto(address + PAGE)
    caption = tab.locator("figcaption", has_text="A still picture of").first
    assert re.search(r"A still picture of \w+\. To move it, run this chapter here\.", caption.text_content())
    assert caption.locator("a").get_attribute("href") == ALIVE


def test_a_card_of_the_index_runs_its_chapter_and_leads_to_its_page_elsewhere(tab, address):
    tab.goto(address + "index.html")
    card = tab.locator(".chapters > li").last
    card.get_by_role("link", name="Run here: 04").click()
    tab.wait_for_url(address + ALIVE)
    tab.go_back()
    card.locator("h2 a").click()
    tab.wait_for_url(address + PAGE)


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("storage", "what you write in a chapter is lost when you close it"),
        ("service worker", "a chapter runs, but Python sees no files"),
        ("money", r"running loads \d+ MB: a computer is more comfortable"),
    ],
)
def test_what_a_browser_only_half_has_is_said_beside_the_button(tab, address, lacking, words):
    tab.add_init_script(WITHOUT[lacking])
    tab.goto(address + PAGE)
    expect(said(tab)).to_contain_text(re.compile(words))
    assert tab.locator(".action").count() == 2


def test_a_small_screen_is_told_the_size_and_that_a_computer_is_more_comfortable(tab, address):
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(address + PAGE)
    expect(said(tab)).to_have_text(re.compile(r"\d+ MB.*a computer is more comfortable"))
    assert tab.locator(".action").count() == 2


@pytest.mark.parametrize("name", [PAGE, "index.html"])
def test_a_browser_that_cannot_run_it_shows_one_sentence_and_a_way_on(tab, address, name):
    tab.add_init_script(WITHOUT["WebAssembly"])
    tab.goto(address + name)
    expect(said(tab)).to_have_text(
        "This browser cannot run chapters; a current Firefox, Chrome, Edge or Safari can. "
        "Or run it elsewhere: install the course."
    )
    assert said(tab).locator("a").get_attribute("href") == "README.md.html"
    assert tab.locator(".action, .run-quietly").count() == 0
    assert {link.get_attribute("href") for link in tab.locator("a.to-run").all()} <= {"#run"}
    assert tab.locator("a[href^='live/']").count() == 0


def test_the_way_on_is_binder_where_the_course_is_there(tab, site_with_binder):
    tab.add_init_script(WITHOUT["WebAssembly"])
    with served(site_with_binder) as there:
        tab.goto(there + PAGE)
        way = said(tab).locator("a")
        assert way.inner_text() == "on Binder"
        assert "mybinder.org/v2/gh/school/course" in way.get_attribute("href")
        assert complaints(tab, there) == []


def test_pages_from_a_folder_say_that_a_web_server_is_needed(browser, site):
    page = new_page(browser)
    page.goto((site / PAGE).as_uri())
    expect(said(page)).to_contain_text("start a web server in it with python -m http.server")
    assert page.locator(".action").count() == 0
    assert page.get_by_role("heading", level=1).inner_text().startswith("04")
    assert complaints(page, "file:") == []
    page.context.close()


def test_without_scripts_the_link_stands(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    assert page.locator(".action").first.get_attribute("href") == ALIVE
    context.close()


@pytest.mark.parametrize("name", [PAGE, "index.html", "licences.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_on_a_narrow_screen(tab, address, name, scheme):
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(address + name)
    whole = name != PAGE  # what a chapter shows is looked at in test_site.py
    assert serious(tab, *([] if whole else ["header", ".note", ".run", "footer"])) == []
    assert tab.evaluate("() => document.documentElement.scrollWidth") == 390


def test_paper_has_no_buttons(tab, address):
    tab.goto(address + PAGE)
    tab.emulate_media(media="print")
    assert not tab.locator(".action").first.is_visible()
    assert not tab.locator("footer").is_visible()
    assert tab.get_by_role("heading", level=1).is_visible()
