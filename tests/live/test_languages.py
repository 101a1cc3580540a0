"""A chapter in another language: what the page and Python say, whose copy is whose, and the way to the English one."""

from threading import Event
from zipfile import ZipFile

from playwright.sync_api import expect

from nbkit.languages import LANGUAGES
from nbkit.messages import speaking
from nbkit.web.live.words import words
from tests.browser.axe import OURS, serious
from tests.live.test_live import BILL, COVER, KNOWN, RUN_HERE, STRIP, WORDS, answer, cell_with, choose, save, says

CHINESE = next(language for language in LANGUAGES if language.tag == "zh-CN")
HERE = f"{CHINESE.tag}/{BILL}"
SETTINGS = "live/jupyter-lite.json"  # JupyterLab waits for it
LANGUAGE = "() => document.documentElement.lang"
SPOKEN = "from nbkit.messages import spoken\nprint(spoken().tag)"
DRAWS = """from nbkit import plots
plots.loss_curve
from nbkit.drawing import fonts
print(len(fonts.fonts_for('损失轮次')))"""


def test_a_chapter_in_chinese_has_its_own_copy_and_leads_to_the_english_one(host, lite, tab, tmp_path):
    with speaking(CHINESE):
        said = words()
    host.held[SETTINGS] = Event()
    page = f"{host.address}{CHINESE.tag}/{BILL.replace('.ipynb', '.html')}"
    tab.goto(page)
    tab.locator(RUN_HERE).first.click()
    tab.wait_for_url(f"**?path={HERE}")
    back = tab.locator("#nbkit-live-back")
    expect(back).to_have_text(said["read_it"])
    assert back.evaluate("link => link.href") == page
    assert tab.title() == said["course"]
    assert tab.evaluate(LANGUAGE) == CHINESE.tag
    host.held[SETTINGS].set()
    lite.opened(tab)
    for part in (STRIP, ".jp-NotebookPanel"):  # around them is JupyterLab's own English
        expect(tab.locator(part)).to_have_attribute("lang", CHINESE.tag)
    assert serious(tab, *OURS, STRIP) == []
    assert lite.ask(tab, SPOKEN) == CHINESE.tag
    assert lite.ask(tab, DRAWS) == "1"  # figures have no boxes

    answer(tab, cell_with(tab, " = ..."), "mine = 'typed by me'")
    save(tab)
    tab.wait_for_function(KNOWN, arg=HERE)
    choose(tab, "English", menu=said["menu"])
    tab.wait_for_url(f"**?path={BILL}")
    lite.opened(tab)
    assert tab.evaluate(LANGUAGE) == "en"
    assert lite.ask(tab, SPOKEN) == "en"
    cell_with(tab, " = ...")
    assert not says(tab, "typed by me")
    with tab.expect_download() as download:
        choose(tab, WORDS["download_all"])
    download.value.save_as(tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive:
        assert "typed by me" in archive.read(HERE).decode()


def test_where_nothing_is_kept_the_page_and_python_speak_it_too(host, lite, poor_tab):
    with speaking(CHINESE):
        said = words()
    page = poor_tab("IndexedDB")
    page.goto(lite.url(HERE))
    expect(page.locator(COVER)).to_have_text(said["unsaved"])
    assert serious(page) == []
    assert sum(host.sent.values()) < 1e6
    page.locator("#nbkit-live-unsaved").click()
    lite.opened(page)
    assert lite.ask(page, SPOKEN) == CHINESE.tag  # although it sees no notebook that says so
    expect(page.locator("#nbkit-live-files")).to_contain_text(said["files_private"])
