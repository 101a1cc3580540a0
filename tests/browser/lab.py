"""A real JupyterLab with nobody's settings, and a browser that uses it as a learner does."""

import json
import os
import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat

from tests.server import Server, free_ports

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
STARTUP = Path(__file__).parents[1] / "startup"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
            "microsoft-edge")  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a browser asks its maker many things by itself
)  # fmt: skip
TOKEN = "test"
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
SCRATCH = "scratch.ipynb"  # the notebook in which most tests put their cells
# What the server itself says where it was about to send something to a page that has just been closed.
PAGE_GONE = {"tornado.iostream.StreamClosedError: Stream is closed", "tornado.websocket.WebSocketClosedError"}
THEMES = ("JupyterLab Light", "JupyterLab Dark")
IDLE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status === 'idle';
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
RUN_CELL = """async index => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = index;
    await window.jupyterapp.commands.execute('notebook:run-cell');
    const outputs = [...content.model.cells][index].sharedModel.outputs;
    return outputs.map(o => [].concat(o.text ?? []).join('')).join('');
}"""
PUT = """sources => {
    const shared = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
    const cells = sources.map(source => ({ cell_type: 'code', source, metadata: { trusted: true } }));
    shared.transact(() => {
        shared.deleteCellRange(0, shared.cells.length);
        shared.insertCells(0, cells);
    });
}"""
# Keeps in window.unanswered what the widgets of this page have told their kernel and have no answer to yet. A message
# is answered when the kernel is idle again after it. JupyterLab asks for a thread of its own for them (a "subshell"); a
# kernel of before ipykernel 7.4, which nbkit cannot talk out of it, handles them there: `aside`.
WATCH = """aside => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    window.unanswered ??= new Map();
    window.watched ??= new Set();
    if (window.watched.has(kernel)) return;
    window.watched.add(kernel);
    kernel.anyMessage.connect((_kernel, { msg: { header, content }, direction }) => {
        if (direction === 'send' && header.msg_type === 'comm_msg')
            window.unanswered.set(header.msg_id, { comm: content.comm_id, aside: aside && !!header.subshell_id });
    });
    kernel.iopubMessage.connect((_kernel, { header, parent_header, content }) => {  // in turn, as they are dealt with
        if (header.msg_type === 'status' && content.execution_state === 'idle')
            window.unanswered.delete(parent_header.msg_id);
        if (header.msg_type === 'comm_close')  // what it was told last may never be answered
            for (const [id, { comm }] of window.unanswered) if (comm === content.comm_id) window.unanswered.delete(id);
    });
    kernel.statusChanged.connect((_kernel, status) => {  // one that has died answers nothing any more
        if (status.includes('restarting') || status === 'dead') window.unanswered.clear();
    });
}"""
ASIDE = "from ipykernel.comm.comm import BaseComm; print(not hasattr(BaseComm, '_reply_subshell_for'))"
# The thread of the cells goes by the order in which it was asked: behind an answer nothing is left of what came before.
# Twice: what waits for an answer is sent after it, such as a slider's next value, which ipywidgets keeps back until the
# one before is answered. Two frames: in the first, what has come is put into the page.
SETTLED = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const frame = () => new Promise(done => requestAnimationFrame(done));
    for (let round = 0; round < 2; round++) {
        const asked = [...window.unanswered.keys()];
        while (asked.some(id => window.unanswered.get(id)?.aside)) await frame();
        if (asked.length) await kernel.requestExecute({ code: '', silent: true }).done;
        asked.forEach(id => window.unanswered.delete(id));
        await frame();
        await frame();
    }
}"""
# Whether each part of each panel stands in the page: ipywidgets puts an empty box there until it has loaded a part.
RENDERED = """() => {
    const bare = ['lm-Widget', 'jupyter-widgets'];
    const stands = part => part.childElementCount || ![...part.classList].every(name => bare.includes(name));
    return [...document.querySelectorAll('.nbkit-panel')].every(panel =>
        panel.querySelector('.nbkit-message > *') && [...panel.querySelectorAll('.lm-Widget')].every(stands));
}"""
ASK = """async code => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({ code, store_history: false });
    const said = [];
    future.onIOPub = ({ content }) => said.push(content.text ?? content.traceback?.join('\\n') ?? '');
    await future.done;
    return said.join('');
}"""
# As a click in the file browser does, and as a click on the cross of a tab does, without its question about saving.
OPEN = """async path => {
    const panel = await window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' });
    await panel.sessionContext.ready;
    await panel.revealed;
}"""
CLOSE = """async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.sessionContext.shutdown();
    panel.dispose();
}"""
# What a test has left in the kernel: widgets with what they do in the background, names, results.
CLEAN = """import sys
if "nbkit.widgets.kit.lifetime" in sys.modules:
    made = sys.modules["nbkit.widgets.kit.lifetime"].ALIVE
    for _run, panels in made.values():
        for panel in panels:
            panel.close()
    made.clear()
if "ipywidgets" in sys.modules:
    sys.modules["ipywidgets"].Widget.close_all()
get_ipython().reset()"""
OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code').map(cell => cell.sharedModel.toJSON().outputs)"""
PROBLEMS = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    return cells.flatMap((c, i) => c.type !== 'code' ? [] : c.sharedModel.outputs.flatMap(o =>
        o.output_type === 'error' ? [`cell ${i} raised ${o.ename}: ${o.evalue}`]
        : o.output_type === 'stream' && o.name === 'stderr' ? [`cell ${i} wrote to stderr: ${o.text}`] : []));
}"""


def find_browser():
    """Return the path of a Chromium, Chrome or Edge on this machine, or None."""
    found = filter(None, (shutil.which(name) for name in BROWSERS))
    return next(found, None) or next((place for place in PLACES if Path(place).exists()), None)


def cells_of(name, *parts):
    """Return the code of a notebook's first code cell, and of the first cell in which each of `parts` stands."""
    cells = nbformat.read(NOTEBOOKS / name, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    return [code[0], *(next(source for source in code if part in source) for part in parts)]


def evaluate(page, script, argument=None):
    """Let the page do what ends by a promise, and give up after five minutes: playwright would never stop waiting."""
    late = "new Promise((_, fail) => setTimeout(() => fail(new Error('nothing for five minutes')), 300_000))"
    return page.evaluate(f"argument => Promise.race([({script})(argument), {late}])", argument)


class Lab:
    """JupyterLab on a port of its own, serving copies of the notebooks from `folder`.

    Nothing that it or a kernel does can leave the machine; what wanted to stands in the file `requests`. It saves a
    notebook only if it is told to, so that each test finds them as they are stored.
    """

    said = 0  # letters of the log that a test is not interested in any more

    def __init__(self, folder, theme="JupyterLab Light", rounding="", windowing="none"):
        self.root, self.theme = folder / "notebooks", theme
        shutil.copytree(NOTEBOOKS, self.root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        settings = folder / "settings"
        for plugin, values in {
            "apputils-extension/notification": QUIET,
            "apputils-extension/themes": {"theme": theme},
            "notebook-extension/tracker": {"windowingMode": windowing},
            "docmanager-extension/plugin": {"autosave": False},
        }.items():
            path = settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        (port,) = free_ports(1)
        self.address = f"http://127.0.0.1:{port}"
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"), "IPYTHONDIR": str(folder / "ipython"),
            "NBKIT_REQUESTS": str(folder / "requests.log"), "NBKIT_ROUNDING": rounding,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(STARTUP), os.environ.get("PYTHONPATH")))),
        }  # fmt: skip
        environment.pop("OMP_NUM_THREADS", None)  # the course's server sees to it
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={self.root}", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
        ]  # fmt: skip
        self.write(SCRATCH, "")
        self.files = set(self.root.rglob("*"))
        self.log, self.requests = folder / "lab.log", folder / "requests.log"
        self.server = Server(command, f"{self.address}/api/status?token={TOKEN}", self.log, env=environment)

    def raised(self):
        """Return the last lines of the tracebacks that the server and its kernels have written since `forget`."""
        said = self.log.read_text()[self.said :]
        last_lines = re.findall(r"^Traceback .*\n(?: .*\n)*(.*)$", said, flags=re.MULTILINE)
        return set(last_lines) - PAGE_GONE

    def forget(self):
        """Let `raised` begin anew: what the log holds by now belongs to other tests."""
        self.said = len(self.log.read_text())

    def close(self):
        self.server.close()

    def open(self, page, name):
        """Open a notebook in `page` and wait for its kernel."""
        page.goto(f"{self.address}/doc/workspaces/auto-t/tree/{name}?token={TOKEN}&reset")
        self.opened(page)
        self.set_theme(page, self.theme)  # the server keeps the one that another page has chosen

    def opened(self, page):
        """Wait for the kernel of the notebook that `page` is loading, and listen to what they say to each other."""
        page.locator(".jp-Notebook .jp-Cell:visible").first.wait_for()
        page.wait_for_function(IDLE)
        page.evaluate(WATCH, self.ask(page, ASIDE) == "True")

    @contextmanager
    def beside(self, page, name):
        """Open another notebook in the page, over the one that it has, and close it at the end."""
        evaluate(page, OPEN, name)
        self.opened(page)
        yield
        evaluate(page, CLOSE)

    def write(self, name, *sources):
        """Put a notebook with these code cells beside the course's own, and return its name."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), self.root / name)
        return name

    def show(self, page, *sources):
        """Put these cells in the place of those that the open notebook has, and run them without a word of trouble."""
        page.evaluate(PUT, list(sources))
        problems = self.run_all(page)
        assert problems == [], problems

    def run_all(self, page):
        """Run every cell, wait until the page shows what they made, and return what went wrong: nothing, as a rule."""
        evaluate(page, RUN_ALL)
        self.rendered(page)
        return page.evaluate(PROBLEMS)

    def run_cell(self, page, index):
        """Run one cell, wait for it, and return the text that it printed."""
        printed = evaluate(page, RUN_CELL, index)
        self.rendered(page)
        return printed

    def rendered(self, page):
        """Wait until every widget stands in the page, and says so to the kernel."""
        page.wait_for_function(RENDERED)
        self.settle(page)

    def ask(self, page, code):
        """Run code in the kernel without a cell, and return what it printed."""
        return evaluate(page, ASK, code).strip()

    def settle(self, page):
        """Wait until the kernel has answered all that the page has sent, and the page shows it.

        This is what a test waits for after each thing that it does. For what goes on by itself, such as a training, it
        waits for the words or the picture that it needs.
        """
        evaluate(page, SETTLED)

    def clean(self, page):
        """Leave nothing of what a test has done in the open notebook, its kernel and the folder."""
        # First the page, which may still tell a widget something, such as that a picture of a training is shown. When
        # the last widget closes, JupyterLab ends the thread that it has asked for; if a message had come there by then,
        # ipykernel would complain of it ("Task was destroyed but it is pending") in whatever cell runs next.
        page.evaluate(PUT, [""])
        self.settle(page)
        words = self.ask(page, CLEAN)
        assert words == "", words
        self.settle(page)
        for path in set(self.root.rglob("*")) - self.files:
            if path.is_file():
                path.unlink()

    def set_theme(self, page, theme):
        """Change the theme, ``"JupyterLab Light"`` or ``"JupyterLab Dark"``, and wait until the page has it."""
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def end_kernels(self):
        """End every kernel, whatever it is doing."""
        for kernel in json.loads(self.request("GET", "kernels")):
            self.request("DELETE", f"kernels/{kernel['id']}")

    def request(self, method, name):
        """Ask the server itself, and return its answer."""
        headers = {"Authorization": f"token {TOKEN}"}
        with urlopen(Request(f"{self.address}/api/{name}", method=method, headers=headers)) as answer:
            return answer.read()

    def shut_down(self, page):
        """End the kernel of the open notebook."""
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
