"""A real JupyterLab with nobody's settings, and a browser that uses it as a learner does."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat

from tests.server import Server, free_ports

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
OFFLINE = Path(__file__).with_name("offline")
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
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
# What the server itself says where it was about to send something to a page that has just been closed.
PAGE_GONE = {"tornado.iostream.StreamClosedError: Stream is closed", "tornado.websocket.WebSocketClosedError"}
THEMES = ("JupyterLab Light", "JupyterLab Dark")
IDLE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status === 'idle';
}"""
DONE = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const code = [...panel.content.model.cells].filter(c => c.type === 'code' && c.sharedModel.source.trim());
    const failed = code.some(c => c.sharedModel.outputs.some(o => o.output_type === 'error'));
    const idle = panel.sessionContext.session.kernel.status === 'idle';
    return idle && (failed || code.every(c => c.executionCount !== null));
}"""
RUN_CELL = """async index => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = index;
    await window.jupyterapp.commands.execute('notebook:run-cell');
    const outputs = [...content.model.cells][index].sharedModel.outputs;
    return outputs.map(o => [].concat(o.text ?? []).join('')).join('');
}"""
# The kernel answers in the order in which it was asked, so behind an answer nothing is left of what came before. Twice:
# while a slider's first move has no answer yet, ipywidgets keeps back the next one.
ANSWERED = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    await kernel.requestExecute({ code: '', silent: true }).done;
    await kernel.requestExecute({ code: '', silent: true }).done;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
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


class Lab:
    """JupyterLab on a port of its own, serving copies of the notebooks from `folder`.

    Nothing that it or a kernel does can leave the machine; what wanted to stands in the file `requests`. It saves a
    notebook only if it is told to, so that each test finds them as they are stored.
    """

    said = 0  # letters of the log that a test is not interested in any more

    def __init__(self, folder, theme="JupyterLab Light"):
        self.root = folder / "notebooks"
        shutil.copytree(NOTEBOOKS, self.root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        settings = folder / "settings"
        for plugin, values in {
            "apputils-extension/notification": {
                "fetchNews": "false",
                "checkForUpdates": False,
                "doNotDisturbMode": True,
            },
            "apputils-extension/themes": {"theme": theme},
            "notebook-extension/tracker": {"windowingMode": "none"},
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
            "NBKIT_REQUESTS": str(folder / "requests.log"),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(OFFLINE), os.environ.get("PYTHONPATH")))),
        }  # fmt: skip
        environment.pop("OMP_NUM_THREADS", None)  # the course's server sees to it
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={self.root}", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
        ]  # fmt: skip
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
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function(IDLE)

    def write(self, name, *sources):
        """Put a notebook with these code cells beside the course's own, and return its name."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), self.root / name)
        return name

    def run_all(self, page):
        """Run every cell and return what went wrong, an empty list if nothing did."""
        page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        page.wait_for_function(DONE, timeout=120_000)
        return page.evaluate(PROBLEMS)

    def run_cell(self, page, index):
        """Run one cell, wait for it, and return the text that it printed."""
        return page.evaluate(RUN_CELL, index)

    def settle(self, page):
        """Wait until the kernel has answered all that the page has sent, and the page shows it."""
        page.evaluate(ANSWERED)

    def set_theme(self, page, theme):
        """Change the theme, ``"JupyterLab Light"`` or ``"JupyterLab Dark"``, and wait until the page has it."""
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def shut_down(self, page):
        """End the kernel of the open notebook."""
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
