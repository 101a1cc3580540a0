"""What goes wrong without a browser: cells in any order, events beside cells, a full disk, a decimal comma."""

import locale
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from nbkit import (
    Affine,
    DigitPad,
    Sequential,
    SoftmaxWithLoss,
    Tanh,
    TrainingPlayground,
    Variable,
    WeightSliders,
    datasets,
    draw,
    plots,
)
from nbkit.formatting import number
from nbkit.widgets.kit.background import LOCK

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

# ---------------------------------------------------------------- cells in any order


class Kernel:
    """A kernel of its own, which is given the cells of a notebook in any order."""

    def __init__(self, folder, name):
        self.cells = [c for c in nbformat.read(NOTEBOOKS / name, as_version=4).cells if c.cell_type == "code"]
        self.manager, self.client = start_new_kernel(cwd=str(folder))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, index):
        """Run a cell, and return what it said: texts by stream, errors as (name, value), and data by type."""
        said = []

        def hear(message):
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":  # a line may come in several messages
                before = said.pop()[1] if said and said[-1][0] == content["name"] else ""
                said.append((content["name"], before + content["text"]))
            elif kind == "error":
                said.append((content["ename"], content["evalue"]))
            elif kind in ("execute_result", "display_data"):
                said.append((kind, re.sub("0x[0-9a-f]+", "", content["data"]["text/plain"])))

        reply = self.client.execute_interactive(
            self.cells[index].source, timeout=120, output_hook=hear, stop_on_error=False, allow_stdin=False
        )
        assert reply["content"]["status"] in ("ok", "error")
        return said


@pytest.fixture
def kernel(tmp_path):
    kernel = Kernel(tmp_path, "01_computation_graph.ipynb")
    yield kernel
    kernel.close()


def test_cells_may_run_in_any_order_and_twice(kernel):
    """One kernel for both, as its start is what takes long."""
    places = range(len(kernel.cells))
    said = [kernel.run(i) for i in reversed(places)]
    first = {kind for words in said for kind, _text in words}
    assert {kind for kind in first if kind.endswith(("Error", "stderr"))} == {"NameError"}, "from the end to the start"
    for i in places:
        once = kernel.run(i)
        assert [kind for kind, _text in once if kind.endswith(("Error", "stderr"))] == [], kernel.cells[i].source
        assert kernel.run(i) == once, kernel.cells[i].source


# ---------------------------------------------------------------- an event beside a cell


def in_another_thread(action):
    """Handle an event where JupyterLab lets it happen: in a thread beside the one of the cells."""
    thread = Thread(target=action)
    thread.start()
    return thread


def test_an_event_that_waited_while_its_cell_ran_again_does_nothing():
    panel, done, errors = WeightSliders(), [], []
    act = panel.safely(lambda: done.append("acted"))

    def handle():
        try:
            act()
        except BaseException as error:
            errors.append(error)

    with LOCK:  # the cell has its turn, and closes what its earlier run made
        thread = in_another_thread(handle)
        panel.close()
    thread.join(60)
    assert (done, errors) == ([], [])


def test_drawing_on_the_pad_does_not_disturb_a_cell_that_trains_the_same_network():
    net = Sequential([Affine.random(64, 8, 0), Tanh(), Affine.random(8, 10, 1)], SoftmaxWithLoss())
    x, t = np.random.default_rng(0).random((20, 64)), np.arange(20) % 10
    pad = DigitPad(net)
    net.loss(x, t)
    thread = in_another_thread(lambda: pad.draw([(1, 1), (6, 6)]))  # between forward and backward
    thread.join(60)
    net.backward()
    got = net.layers[0].grads["W"].copy()
    net.loss(x, t)
    net.backward()
    np.testing.assert_array_equal(got, net.layers[0].grads["W"])


def test_two_threads_that_draw_get_what_one_would_get():
    def graph(n):
        x, y = Variable(2.0, "x"), Variable(3.0, "y")
        z = x
        for _ in range(n):
            z = z * y + x
        return z

    wanted = [draw(graph(n)).svg for n in range(1, 7)]
    from nbkit.drawing.graph.layout import place

    place.cache_clear()
    got = {}
    threads = [in_another_thread(lambda n=n: got.setdefault(n, draw(graph(n)).svg)) for n in range(1, 7)]
    for thread in threads:
        thread.join(60)
    assert [got[n] for n in range(1, 7)] == wanted


# ---------------------------------------------------------------- a disk that takes nothing


@pytest.fixture
def locked_folder(tmp_path, monkeypatch):
    """A folder into which nothing can be written, and in which we are."""
    folder = tmp_path / "locked"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.chmod(0o555)
    if sys.platform == "win32" or os.geteuid() == 0:  # neither is stopped by the mode of a folder
        folder.chmod(0o755)
        (folder / "playground.npz").mkdir()
    yield folder
    folder.chmod(0o755)


def test_weights_that_cannot_be_saved_are_said_to_be_and_nothing_else_is_lost(locked_folder):
    playground = TrainingPlayground()
    playground.step_button.click()
    before = playground.settings, playground.experiment.step, playground.view.svg
    playground.save_button.click()
    assert re.match(r"(Permission|IsADirectory|OS)Error: .*playground\.npz", playground.message.value)
    assert (playground.settings, playground.experiment.step, playground.view.svg) == before
    playground.step_button.click()
    assert (playground.experiment.step, playground.message.value) == (2, "")


# ---------------------------------------------------------------- a locale with a decimal comma


@pytest.fixture
def comma(tmp_path, monkeypatch):
    """A German, French or Brazilian set-up, for matplotlib as well; made here where the system can make one."""
    before = locale.setlocale(locale.LC_ALL)
    if shutil.which("localedef"):
        made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")], check=False)
        if made.returncode == 0:
            monkeypatch.setenv("LOCPATH", str(tmp_path))
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "pt_BR.UTF-8", "nl_NL.UTF-8", "de_DE", "fr_FR"):
        try:
            locale.setlocale(locale.LC_ALL, name)
            break
        except locale.Error:
            pass
    else:
        pytest.skip("no locale with a decimal comma is installed here")
    with mpl.rc_context({"axes.formatter.use_locale": True}):
        yield locale.localeconv()["decimal_point"]
    locale.setlocale(locale.LC_ALL, before)


def test_a_decimal_comma_of_the_system_changes_no_number_of_ours(comma, tmp_path):
    assert comma == ","
    assert (number(0.5), number(-1234.5)) == ("0.5", "−1234")
    assert ">0.5</text>" in draw(Variable(0.5, "x") * 1.0).svg
    path = tmp_path / "points.csv"
    path.write_text("0.5,1.5,a\n2.5,1,b\n")
    assert datasets.read_csv(path).x.tolist() == [[0.5, 1.5], [2.5, 1.0]]
    playground = TrainingPlayground('{"data": "circles", "hidden": [3], "lr": 0.5}')
    playground.step_button.click()
    assert '"lr": 0.5' in playground.settings.to_json()
    assert re.search(r"loss 0\.\d+", playground.status.value)
    assert "lr=0.5" in playground.export()
    exec(playground.export(), {})
    assert plots.png_of(plots.loss_curve([2.0, 1.5])).startswith(b"\x89PNG")
