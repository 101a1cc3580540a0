"""Days on which everything goes wrong at once: kernels die, pages reload, hands and cells meet, the network is gone."""

import re

import psutil
import pytest

from tests.browser.conftest import fresh_page
from tests.browser.lab import IDLE
from tests.browser.test_playground import Desk, kernels

GONE = "The kernel has ended: run this cell again."
NOWHERE = "http://192.0.2.1/"  # an address that is kept for documents; the guards stop it before it is asked
ASK_NOWHERE = f"""import urllib.request
urllib.request.urlopen("{NOWHERE}", timeout=5)"""
TWO = """from nbkit import GraphExplorer, Variable
x, w = Variable(3, "x"), Variable(2, "w")
explorer = GraphExplorer((x * w + x) * w, {"x": (0, 2000, 1)})
explorer"""
AGAIN = """import time
time.sleep(0.2)
explorer.inputs["w"].value = -explorer.inputs["w"].value
x, w = explorer.inputs["x"].value, explorer.inputs["w"].value
print(explorer.graph.output.value == (x * w + x) * w)"""
TYPED = """from nbkit import GraphExplorer, TraceLab, Variable
x, y = Variable(0.25, "x"), Variable(3, "y")
display(GraphExplorer(x * y, {"x": (-5, 5, 0.05)}), TraceLab("x + x"))"""
# A hand on the slider x that does not stop until window.hold says so: a press in every frame.
HOLD = """() => {
    const handle = [...document.querySelectorAll('.widget-inline-hbox')]
        .find(row => row.querySelector('.widget-label')?.textContent === 'x')?.querySelector('.noUi-handle');
    const keys = ['ArrowRight', 'ArrowRight', 'ArrowLeft'];
    let k = 0;
    window.hold = setInterval(() => {
        const now = document.contains(handle) ? handle : document.querySelector('.noUi-handle');
        now?.dispatchEvent(new KeyboardEvent('keydown', { key: keys[k++ % 3], bubbles: true }));
    }, 16);
}"""
LET_GO = "() => clearInterval(window.hold)"


def test_a_kernel_that_is_killed_in_the_middle_of_training(browser, lab):
    before = {kernel.pid for kernel in kernels(lab)}
    with fresh_page(browser, lab) as page:
        desk = Desk(lab, page, "killed.ipynb")
        desk.run_to(100)
        (pid,) = [kernel.pid for kernel in kernels(lab) if kernel.pid not in before]
        psutil.Process(pid).kill()
        page.locator(".jp-Dialog:has-text('appears to have died') button").click()  # JupyterLab's own words
        page.wait_for_function(IDLE)
        page.locator(f".nbkit-message:has-text('{GONE}')").wait_for()
        broken = desk.area.locator(".jupyter-widgets-disconnected").evaluate_all(
            "parts => parts.map(part => getComputedStyle(part, '::before').display)"
        )
        assert set(broken) == {"none"}
        for name in ("Pause", "Step"):
            desk.button(name).click(force=True)  # on a dead widget: fresh_page would see an error
        handle = desk.slider("lr")
        assert handle.evaluate("handle => { handle.focus(); return document.activeElement === handle; }") is False
        desk.fresh()
        assert page.locator(f".nbkit-message:has-text('{GONE}')").count() == 0
        desk.run_to(100)
        desk.button("Pause").click()
        assert desk.stands_still()


def test_a_page_that_is_reloaded_in_the_middle_of_a_run_has_the_run_in_hand_again(browser, lab):
    with fresh_page(browser, lab) as page:
        desk = Desk(lab, page, "reloaded.ipynb")
        desk.run_to(100)
        page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        page.reload()
        desk.area.wait_for()
        desk.wait_for_step(desk.step() + 50)
        desk.button("Pause").click()
        assert desk.stands_still()
        desk.changes(desk.button("Step").click)
        desk.run_to(desk.step() + 50)
        desk.fresh()  # and a cell that runs again closes the run that the earlier page began
        assert desk.stands_still()


def test_one_notebook_in_two_pages_and_another_beside_it(browser, lab):
    with fresh_page(browser, lab) as first:
        desk = Desk(lab, first, "shared.ipynb")
        desk.run_to(50)
        first.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        with fresh_page(browser, lab) as second, fresh_page(browser, lab) as other:
            lab.open(second, "shared.ipynb")
            twin = second.locator(".jp-OutputArea-output:has([data-item='output:0'])").first
            twin.locator("button:has-text('Pause')").click()
            desk.button("Run").wait_for(timeout=90_000)  # a hand in one page moves both
            assert desk.stands_still()
            assert re.search(r"step \d+", twin.text_content())[0] == f"step {desk.step()}"
            another = Desk(lab, other, "beside.ipynb")
            another.run_to(100)
            assert desk.stands_still()
            another.button("Pause").click()
            assert lab.run_cell(second, 0) == ""  # the same cell in the second page: the first one's panel is closed
            twin.locator("button:has-text('Step')").click()
            twin.locator("text=step 1,").first.wait_for()
            desk.fresh()  # and back in the first
            desk.changes(desk.button("Step").click)
            second.goto("about:blank")  # it leaves the kernel to the first


def test_a_cell_that_runs_again_and_again_under_a_hand_that_drags(lab, page):
    lab.open(page, lab.write("dragged.ipynb", TWO, AGAIN))
    lab.run_cell(page, 0)
    page.locator(".noUi-handle").first.wait_for()
    page.evaluate(HOLD)
    for _ in range(8):
        assert lab.run_cell(page, 1).strip() == "True"
        assert lab.run_cell(page, 0) == ""
    page.evaluate(LET_GO)
    assert lab.run_cell(page, 1).strip() == "True"
    assert lab.raised() == set()


@pytest.fixture(scope="module")
def german(browser, lab):
    """A page of a reader who writes 0,5 for a half."""
    with fresh_page(browser, lab, locale="de-DE") as page:
        lab.open(page, lab.write("komma.ipynb", TYPED))
        assert lab.run_all(page) == []
        assert page.evaluate("() => (0.5).toLocaleString()") == "0,5"
        yield page


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1,5", "1.50"), ("-1,5", "−1.50"), ("−2.5", "−2.50"), ("0.75", "0.75"), (",5", "0.50"), ("2e0", "2.00"),
     ("1.234,5", "0.25"), ("1,2,3", "0.25"), ("half", "0.25")],  # what is no number leaves the old one
)  # fmt: skip
def test_a_number_beside_a_slider_may_have_a_decimal_comma(german, typed, read):
    readout = german.locator(".widget-inline-hbox:has(.widget-label:text-is('x')) .widget-readout").first
    for text, shown in (("0.25", "0.25"), (typed, read)):
        readout.click()
        german.keyboard.press("Control+A")
        german.keyboard.type(text)
        german.keyboard.press("Enter")
        german.wait_for_function("([box, shown]) => box.textContent === shown", arg=[readout.element_handle(), shown])


def test_other_boxes_take_a_decimal_comma_or_say_what_they_want(german):
    epsilon = german.locator(".widget-inline-hbox:has(.widget-label:text-is('by ε =')) input").first
    epsilon.click()
    german.keyboard.press("Control+A")
    german.keyboard.type("0,25")
    german.keyboard.press("Enter")
    assert epsilon.input_value() == "0.25"
    german.locator(".widget-html-content:has-text('gradient × ε = 0.75')").wait_for()
    formula = german.locator(".widget-inline-hbox:has(.widget-label:text-is('formula')) input")
    formula.fill("0,5 * x")
    formula.press("Enter")
    german.locator(".widget-html-content:has-text('write 0.5, not 0,5')").wait_for()


def ask_from_kernel_and_page(browser, lab):
    with fresh_page(browser, lab) as page:
        page.route(f"{NOWHERE}**", lambda route: route.abort())
        lab.open(page, lab.write("asking.ipynb", ASK_NOWHERE))
        lab.run_cell(page, 0)
        assert "nothing leaves this machine" in page.locator(".jp-OutputArea-output").first.text_content()
        page.evaluate("async address => { await fetch(address).catch(() => 0) }", NOWHERE)


def test_the_guards_against_the_network_see_what_they_should(browser, lab):
    """They guard every test in a browser: all notebooks and widgets, the server and the kernels behind them."""
    with pytest.raises(AssertionError, match=NOWHERE):
        ask_from_kernel_and_page(browser, lab)
    assert "192.0.2.1" in lab.requests.read_text()
    lab.requests.unlink()
