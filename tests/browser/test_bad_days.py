"""Days on which everything goes wrong: kernels die, pages reload, clicks meet cells, the network is gone."""

from contextlib import suppress

import psutil
from playwright.sync_api import expect

from tests.browser.conftest import complaints, fresh_page
from tests.browser.lab import IDLE
from tests.browser.widgets import PANEL, Playground

GONE = "The kernel has ended: run this cell again."
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
NOWHERE = "http://192.0.2.1/"  # an address that is kept for documents; the guards stop it before it is asked
ASK_NOWHERE = f"""import urllib.request
urllib.request.urlopen("{NOWHERE}", timeout=5)"""
TWO = """from nbkit import GraphExplorer, Variable
x, w = Variable(3, "x"), Variable(2, "w")
explorer = GraphExplorer((x * w + x) * w, {"x": (0, 2000, 1)})
explorer"""
AGAIN = """explorer.inputs["w"].value = -explorer.inputs["w"].value
x, w = explorer.inputs["x"].value, explorer.inputs["w"].value
print(explorer.graph.output.value == (x * w + x) * w)"""
# Keys on the slider x that do not stop until LET_GO: one in every frame.
HOLD = """() => {
    const handle = [...document.querySelectorAll('.widget-inline-hbox')]
        .find(row => row.querySelector('.widget-label')?.textContent === 'x')?.querySelector('.noUi-handle');
    const keys = ['ArrowRight', 'ArrowRight', 'ArrowLeft'];
    window.pressed = 0;
    const press = () => {
        const now = document.contains(handle) ? handle : document.querySelector('.noUi-handle');
        now?.dispatchEvent(new KeyboardEvent('keydown', { key: keys[window.pressed++ % 3], bubbles: true }));
        window.hold = requestAnimationFrame(press);
    };
    press();
}"""
HELD = "count => window.pressed >= count"
LET_GO = "() => cancelAnimationFrame(window.hold)"


def new_playground(lab, page, name):
    """Open a notebook with the playground in a page of its own, and run it."""
    lab.open(page, lab.write(name, Playground.CELL))
    assert lab.run_all(page) == []
    return Playground(lab, page)


def run_again(lab, page):
    assert lab.run_cell(page, 0) == ""
    return Playground(lab, page)


def kernels(lab):
    """Return the process of each kernel that the server runs."""
    children = psutil.Process(lab.server.pid).children(recursive=True)
    return {child.pid for child in children if is_kernel(child)}


def is_kernel(process):
    try:
        return "ipykernel" in str(process.cmdline())
    except psutil.Error:  # it has ended just now
        return False


def wait_for_end(pid):
    """Wait until a process is gone, as it will be."""
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=120)


def test_a_kernel_that_is_killed_or_restarted_in_the_middle_of_a_training(lab, own_page):
    before = kernels(lab)
    page, playground = own_page, new_playground(lab, own_page, "killed.ipynb")
    playground.run_to(10)
    (pid,) = kernels(lab) - before
    psutil.Process(pid).kill()
    page.locator(".jp-Dialog:has-text('appears to have died') button").click()  # JupyterLab's own words
    page.wait_for_function(IDLE)
    playground.says(GONE)
    broken = playground.locator(".jupyter-widgets-disconnected").evaluate_all(
        "parts => parts.map(part => getComputedStyle(part, '::before').display)"
    )
    assert set(broken) == {"none"}
    for name in ("Pause", "Step"):
        playground.button(name).click(force=True)  # on a dead widget: the page would report an error
    handle = playground.slider("lr")
    assert handle.evaluate("handle => { handle.focus(); return document.activeElement === handle; }") is False
    playground = run_again(lab, page)
    assert page.locator(f".nbkit-message:has-text('{GONE}')").count() == 0
    playground.run_to(10)

    (pid,) = kernels(lab) - before
    page.evaluate(RESTART)
    wait_for_end(pid)
    page.wait_for_function(IDLE)
    playground = run_again(lab, page)  # the notebook can be used at once
    playground.run_to(10)
    playground.pause()
    assert lab.raised() == set()


def test_a_page_that_is_reloaded_or_left_in_the_middle_of_a_run(browser, lab):
    before = kernels(lab)
    with fresh_page(browser, lab) as page:
        playground = new_playground(lab, page, "reloaded.ipynb")
        playground.run_to(10)
        page.evaluate(SAVE)
        page.reload()
        lab.opened(page)
        playground = Playground(lab, page)
        playground.wait_for_step(playground.step + 10)  # the run goes on, and can be paused
        playground.run_to(playground.pause() + 10)
        playground = run_again(lab, page)  # which closes the run that the earlier page began
        assert playground.rests() == 0

        playground.run_to(10)
        page.evaluate(SAVE)
        page.goto("about:blank")  # the page is gone, the kernel trains on for nobody
        lab.open(page, "reloaded.ipynb")
        assert run_again(lab, page).rests() == 0  # in the same kernel
        assert len(kernels(lab) - before) == 1
    for pid in kernels(lab) - before:
        wait_for_end(pid)
    assert lab.raised() == set()


def test_one_notebook_in_two_pages(browser, lab):
    with fresh_page(browser, lab) as first:
        playground = new_playground(lab, first, "shared.ipynb")
        playground.run_to(10)
        first.evaluate(SAVE)
        with fresh_page(browser, lab) as second:
            lab.open(second, "shared.ipynb")
            twin = second.locator(PANEL).first
            twin.locator("button:has-text('Pause')").click()
            made = playground.rests()  # a click in one page counts in both
            expect(twin).to_contain_text(f"step {made}, epoch")
            assert lab.run_cell(second, 0) == ""  # the same cell in the second page: the first one's panel is closed
            twin.locator("button:has-text('Step')").click()
            twin.locator("text=step 1,").first.wait_for()
            playground = run_again(lab, first)
            playground.changes(playground.press, "Step")
            second.goto("about:blank")  # it leaves the kernel to the first


def test_a_cell_that_runs_again_and_again_while_a_key_is_held(lab, page):
    lab.show(page, TWO, AGAIN)
    page.evaluate(HOLD)
    for run in range(1, 6):
        page.wait_for_function(HELD, arg=10 * run)
        assert lab.run_cell(page, 1).strip() == "True"
        assert lab.run_cell(page, 0) == ""
    page.evaluate(LET_GO)
    lab.settle(page)
    assert lab.run_cell(page, 1).strip() == "True"
    assert lab.raised() == set()


def test_the_guards_against_the_network_see_what_they_should(lab, page):
    """They guard every test in a browser: all notebooks and widgets, the server and the kernels behind them."""
    page.route(f"{NOWHERE}**", lambda route: route.abort())
    page.evaluate("async address => { await fetch(address).catch(() => 0) }", NOWHERE)
    page.unroute(f"{NOWHERE}**")
    assert NOWHERE in complaints(page, lab.address)
    assert "nothing leaves this machine" in lab.ask(page, ASK_NOWHERE)
    assert "192.0.2.1" in lab.requests.read_text()
    lab.requests.unlink()
