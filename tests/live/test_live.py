"""The website as GitHub Pages would serve it, in a browser without a network: what a learner does with a chapter."""

import json
import re
from hashlib import sha256
from threading import Event
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from nbkit.web.live.words import words
from tests.browser.axe import OURS, serious
from tests.browser.lab import CLOSE, IDLE, NOTEBOOKS, OPEN, RUN_ALL, evaluate
from tests.browser.widgets import PANEL, Playground, Widget

WORDS, START, BILL = words(), "00_start_here.ipynb", "01_computation_graph.ipynb"
LARGE = "live/pyodide/pyodide.asm.wasm"
STRIP, COVER = "#nbkit-live", "#nbkit-live-cover-words"
RUN_HERE = ".run a.action"
# The number of the cell, from 1.
FIND_CELL = """text => {
    const content = window.jupyterapp?.shell.currentWidget?.content;
    const index = [...content?.model?.cells ?? []].findIndex(cell => cell.sharedModel.source.includes(text));
    if (index >= 0) {
        content.activeCellIndex = index;
        content.scrollToItem(index, 'center');
    }
    return index + 1;
}"""
SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
KNOWN = "name => Object.entries(localStorage).some(([, kept]) => kept.includes(name))"
# Ends when Python waits for a line; `window.typeLine` answers, and comes to what Python has written then.
INPUT = """() => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({ code: "print('hello', input('who? '))", allow_stdin: true });
    const said = [];
    future.onIOPub = ({ content }) => said.push(content.text ?? '');
    return new Promise(asked => future.onStdin = ({ header }) => {
        window.typeLine = async value => {
            future.sendInputReply({ status: 'ok', value }, header);
            await future.done;
            return said.join('');
        };
        asked();
    });
}"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
EDIT = "path => window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Editor' }).then(() => {})"
MAKE = """async names => {
    const content = { cells: [], metadata: { kernelspec: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 };
    for (const name of names)
        await window.jupyterapp.serviceManager.contents.save(name, { type: 'notebook', format: 'json', content });
}"""
DELETE = """async names => {
    for (const name of names) await window.jupyterapp.serviceManager.contents.delete(name);
}"""
RENAME = "name => window.jupyterapp.shell.currentWidget.context.rename(name)"
# The page takes a newer chapter past the browser's cache; it comes only when the test lets it.
HOLD = """(fetch => window.fetch = async (address, options) => {
    if (options?.cache === 'reload') await new Promise(resolve => window.letIn = resolve);
    return fetch(address, options);
})(window.fetch);"""


def cell_with(page, text):
    """Return the first cell of the open notebook in which a text stands, brought into sight."""
    index = page.wait_for_function(FIND_CELL, arg=text).json_value() - 1
    return page.locator(f".jp-Cell[data-windowed-list-index='{index}']")


def says(page, text):
    """Tell whether a text stands in the open notebook."""
    return bool(page.evaluate(FIND_CELL, text))


def answer(page, cell, line):
    """Type a line over the first one of a cell, as a learner does."""
    cell.locator(".cm-content").click()
    for key in ("Control+Home", "Shift+End"):
        page.keyboard.press(key)
    page.keyboard.type(line)


def run(page, cell):
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def widget_of(lite, page, *texts):
    """Run the cells of the open notebook in which these texts stand, and return the widget of the last one."""
    for text in texts:
        cell = cell_with(page, text)
        run(page, cell)
    cell.locator(PANEL).wait_for()
    lite.rendered(page)
    widget = Widget(lite, page)
    widget.area = cell.locator(PANEL)
    widget.locator = widget.area.locator
    return widget


def choose(page, words, menu=WORDS["menu"]):
    """Choose from the menu of the course."""
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{menu}$")).click()
    page.locator(".lm-Menu-item", has_text=words).click()


def save(page):
    page.keyboard.press("Control+s")
    page.wait_for_function(SAVED)


def test_from_the_page_to_a_live_widget_an_answer_and_back_after_a_reload(host, lite, tab):
    tab.goto(f"{host.address}00_start_here.html")
    link = tab.locator(RUN_HERE).first
    assert "Run this chapter here" in link.inner_text()
    stated = int(re.search(r"(\d+) MB", link.inner_text())[1])
    host.forget()
    host.held[LARGE] = Event()
    link.click()
    tab.locator(STRIP).get_by_text(re.compile(r"[1-9][\d.]* of \d+\.\d MB")).wait_for()  # megabytes, not a spinner
    expect(tab.locator(".jp-RenderedMarkdown h1")).to_have_text(re.compile("Start here"))  # can be read meanwhile
    assert serious(tab, *OURS, STRIP) == []
    host.held[LARGE].set()
    lite.opened(tab)
    assert f"path={START}" in tab.url

    widget = widget_of(lite, tab, "from nbkit import", "SetupCheck()")
    assert widget.count("[data-apple=here]") == 3
    widget.slide("move me", "ArrowRight")
    assert widget.count("[data-apple=here]") == 4
    assert "Python has seen 1 of your moves" in widget.words
    assert "missing" not in widget.words

    exercise = cell_with(tab, "to_pay = ...")
    answer(tab, exercise, "to_pay = 3 * 100 + 2 * 50")
    tab.keyboard.press("Control+Enter")
    expect(exercise.locator(".jp-OutputArea-output").last).to_contain_text("✓")
    assert serious(tab, *OURS, STRIP) == []
    evaluate(tab, RUN_ALL)  # some cells load something, such as the notebooks that progress() reads
    lite.rendered(tab)
    assert sum(host.sent.values()) / 1e6 == pytest.approx(stated, rel=0.1)
    save(tab)
    tab.reload()
    cell_with(tab, "to_pay = 3 * 100 + 2 * 50")
    assert f"path={START}" in tab.url
    assert any(url.endswith(".wasm") for url in tab.asked)  # what the kernel asks for is heard of, too


def test_chapter_02_a_slider_moves_the_graph(opened, show):
    page = show("02_backward.ipynb")
    widget = widget_of(opened.lite, page, "from nbkit import", "x, y = Variable(2", "GraphExplorer(z")
    before = widget.pictures
    widget.slide("x", "ArrowRight")
    assert widget.pictures != before
    assert serious(page, *OURS, STRIP) == []


def test_chapter_08_weights_move_the_plane_and_a_training_runs_and_pauses(opened, show):
    page = show("08_xor.ipynb")
    widget = widget_of(
        opened.lite, page, "from nbkit import", "data = xor()", "def random_net(", "WeightSliders(random"
    )
    before = widget.pictures
    widget.keys("End", on=widget.locator(".widget-vbox .widget-vbox .noUi-handle").first)  # of a weight
    assert widget.pictures != before

    widget = widget_of(opened.lite, page, "TrainingExplorer(random_net")
    widget.ask("explorer = _")
    widget.button("Run").click()
    expect(widget.area).to_contain_text(re.compile(r"step [1-9]\d* of 2000"))
    widget.press("Pause")
    running, made = widget.ask("print(explorer.running, len(explorer.present.losses))").split()
    assert running == "False"
    assert f"step {made} of 2000" in widget.area.text_content()
    assert serious(page, *OURS, STRIP) == []


def test_chapter_11_the_desk_trains_and_stands_still(opened, show):
    page = show("11_playground.ipynb")
    run(page, cell_with(page, "desk = TrainingPlayground()"))
    page.locator(PANEL).wait_for()
    desk = Playground(opened.lite, page)
    desk.ask("playground = desk")
    before = desk.pictures
    desk.run_to(20)
    assert desk.pause() >= 20
    assert desk.pictures != before
    assert serious(page, *OURS, STRIP) == []


def test_files_are_seen_by_python_and_in_the_file_browser(lite, tab, tmp_path):
    lite.open(tab, START)
    save_it = (
        "from nbkit import Sequential\nfrom nbkit.layers import Affine, MSELoss\n"
        "net = Sequential([Affine.random(2, 1, rng=0)], MSELoss())\nprint(net.save('mine.npz'))"
    )
    assert lite.ask(tab, save_it).endswith("mine.npz")
    listing = tab.locator(".jp-DirListing-item")
    tab.evaluate("() => window.jupyterapp.commands.execute('filebrowser:refresh')")
    expect(listing.filter(has_text="mine.npz")).to_be_visible()

    table = tmp_path / "flowers.csv"
    table.write_text("width,height,kind\n1,2,rose\n3,4,lily\n5,6,rose\n7,8,lily\n")
    with tab.expect_file_chooser() as chosen:
        tab.locator("[data-command='filebrowser:upload'], .jp-FileBrowser-toolbar [title^='Upload']").first.click()
    chosen.value.set_files(table)
    expect(listing.filter(has_text="flowers.csv")).to_be_visible()
    read = "from nbkit import datasets\nprint(datasets.read_csv('flowers.csv').x.tolist())"
    assert lite.ask(tab, read) == "[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]"
    tab.reload()
    expect(listing.filter(has_text="mine.npz")).to_be_visible()
    expect(listing.filter(has_text="flowers.csv")).to_be_visible()


def test_a_line_that_nobody_types_keeps_neither_a_restart_nor_another_chapter_waiting(opened, show):
    page = show(START)
    evaluate(page, INPUT)
    evaluate(page, OPEN, BILL)
    opened.lite.opened(page)
    assert opened.lite.ask(page, "print(6 * 7)") == "42"
    assert evaluate(page, "name => window.typeLine(name)", "Ann") == "hello Ann\n"  # not what was meant for a file
    evaluate(page, INPUT)
    evaluate(page, RESTART)
    opened.lite.opened(page)
    assert opened.lite.ask(page, "print(6 * 7)") == "42"
    evaluate(page, OPEN, START)
    evaluate(page, CLOSE)


def test_all_notebooks_come_in_one_file(show, tmp_path):
    page = show(START)
    names = [f"mine {i}.ipynb" for i in range(11)] + ["größe.ipynb"]
    evaluate(page, MAKE, names)
    with page.expect_download() as download:
        choose(page, WORDS["download_all"])
    evaluate(page, DELETE, names)
    download.value.save_as(tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert set(names) <= set(archive.namelist())
        assert json.loads(archive.read("größe.ipynb"))["cells"] == []


def test_an_address_of_nothing_leads_to_a_chapter_and_a_new_name_stands_in_the_address(lite, tab):
    tab.goto(lite.url("99_gone.ipynb"))
    tab.wait_for_url(f"**?path={START}")
    cell_with(tab, "to_pay = ...")
    expect(tab.locator(COVER)).to_have_count(0)
    evaluate(tab, MAKE, ["one.ipynb"])
    evaluate(tab, EDIT, "one.ipynb")
    tab.wait_for_url("**?path=one.ipynb")
    evaluate(tab, RENAME, "two.ipynb")
    tab.wait_for_url("**?path=two.ipynb")
    tab.reload()  # a learner's own notebook
    tab.wait_for_url("**?path=two.ipynb")
    expect(tab.locator(COVER)).to_have_count(0)
    evaluate(tab, EDIT, "glossary.md")
    tab.wait_for_url("**?path=glossary.md")
    assert not tab.evaluate("() => window.jupyterapp.commands.isEnabled('nbkit-live:download')")  # no notebook


def change_site(host, name, title="A newer title"):
    """Let the host have a newer version of a chapter."""
    notebook = json.loads((host.root / "live/files" / name).read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = f"# {title}"
    new = json.dumps(notebook).encode()
    old_hash, new_hash = (
        sha256(content).hexdigest() for content in ((host.root / "live/files" / name).read_bytes(), new)
    )
    page = (host.root / "live/lab/index.html").read_text(encoding="utf-8")
    assert old_hash in page
    host.instead |= {
        f"live/files/{name}": new,
        "live/lab/index.html": page.replace(old_hash, new_hash).encode(),
    }


@pytest.fixture
def own_copy(host, lite, tab):
    """A chapter in which a learner has typed something, after the site has got a newer one."""
    tab.goto(lite.url(BILL))
    exercise = cell_with(tab, " = ...")
    answer(tab, exercise, "mine = 'typed by me'")
    save(tab)
    tab.wait_for_function(KNOWN, arg=BILL)
    change_site(host, BILL)
    tab.reload()
    cell_with(tab, "typed by me")
    return tab


def test_an_update_keeps_what_was_typed_and_offers_the_new_chapter(host, own_copy):
    tab = own_copy
    offer = tab.locator("#nbkit-live-newer")
    offer.wait_for()
    assert serious(tab, STRIP) == []
    with tab.expect_download() as download:
        offer.locator(".nbkit-live-download").click()
    assert download.value.suggested_filename == BILL
    assert "typed by me" in download.value.path().read_text(encoding="utf-8")
    offer.locator(".nbkit-live-keep").click()
    tab.wait_for_function(KNOWN, arg=sha256(host.instead[f"live/files/{BILL}"]).hexdigest())
    tab.reload()
    cell_with(tab, "typed by me")
    tab.wait_for_function(IDLE)
    assert offer.count() == 0  # asked once


def test_the_new_chapter_takes_the_place_of_the_copy_if_that_is_wanted(own_copy):
    tab = own_copy
    tab.locator("#nbkit-live-newer .nbkit-live-take").click()
    dialog = tab.locator(".nbkit-live-dialog")
    assert serious(tab, ".nbkit-live-dialog") == []
    dialog.locator(".nbkit-live-cancel").click()
    assert says(tab, "typed by me")
    choose(tab, "Reset this chapter")
    dialog.locator(".nbkit-live-reset").click()
    expect(tab.locator(".jp-RenderedMarkdown h1").first).to_have_text(re.compile("A newer title"))
    assert not says(tab, "typed by me")
    tab.reload()
    expect(tab.locator(".jp-RenderedMarkdown h1").first).to_have_text(re.compile("A newer title"))
    assert tab.locator("#nbkit-live-newer").count() == 0


def test_a_copy_in_which_nothing_was_typed_is_renewed_but_not_over_what_is_typed_meanwhile(host, lite, tab):
    heading = tab.locator(".jp-RenderedMarkdown h1").first
    tab.goto(lite.url(BILL))
    cell_with(tab, " = ...")
    tab.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    tab.wait_for_function(KNOWN, arg=BILL)
    change_site(host, BILL)
    tab.reload()
    expect(heading).to_have_text(re.compile("A newer title"))
    tab.wait_for_function(KNOWN, arg=sha256(host.instead[f"live/files/{BILL}"]).hexdigest())

    change_site(host, BILL, "The newest title")
    tab.add_init_script(HOLD)
    tab.reload()
    cell = cell_with(tab, " = ...")
    tab.wait_for_function(IDLE)  # JupyterLab takes the keys to the notebook once more while it opens it
    answer(tab, cell, "mine = 'typed by me'")
    tab.wait_for_function("() => window.letIn")
    tab.evaluate("() => window.letIn()")
    tab.locator("#nbkit-live-newer").wait_for()
    assert says(tab, "typed by me")
    assert says(tab, "A newer title")


def test_without_webassembly_a_sentence_says_so_and_nothing_large_is_loaded(host, lite, poor_tab):
    page = poor_tab("WebAssembly")
    page.goto(f"{host.address}00_start_here.html")
    expect(page.locator(".run").first).to_contain_text("This browser cannot run chapters")
    assert page.locator(RUN_HERE).count() == 0
    page.goto(lite.url(START))
    expect(page.locator(COVER)).to_have_text(WORDS["old"])
    page.locator("#nbkit-live-back").click()
    page.wait_for_url("**/00_start_here.html")
    assert sum(host.sent.values()) < 1e6


def test_every_chapter_leads_to_its_notebook(host, tab):
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        tab.goto(f"{host.address}{path.stem}.html")
        target = tab.locator(RUN_HERE).first.evaluate("link => link.href")
        assert target == f"{host.address}live/lab/index.html?path={path.name}"
        assert (host.root / "live/files" / path.name).is_file()
