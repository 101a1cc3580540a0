"""Replays what Binder does with this checkout, without Docker, and uses notebook 00 in a browser as a learner would.

``python -m tests.replay_binder [folder]`` takes some minutes. The packages that the image of repo2docker brings come
from PyPI here, in the very versions that its lock file names; then the RUN and CMD lines of its Dockerfile follow.
The checkout, the environment and two screenshots stay in the folder.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import sync_playwright

from nbkit.files import write_whole
from tests.browser.lab import FLAGS, IDLE, RUN_CELL, find_browser
from tests.kernels import peak
from tests.server import Server, free_ports

ROOT = Path(__file__).parents[1]
NOTEBOOK = "notebooks/00_start_here.ipynb"
REPO2DOCKER = ("-m", "repo2docker", "--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan")
IMAGE = ("jupyterlab", "notebook", "ipywidgets", "jupyterhub", "jupyter-offlinenotebook", "jupyter-resource-usage")
ON_PYPI = {"jupyterhub-base": "jupyterhub", "nbconvert-core": "nbconvert"}  # where conda-forge has another name
CELLS = "[...window.jupyterapp.shell.currentWidget.content.model.cells]"
CODE_CELLS = f"() => {CELLS}.flatMap((cell, i) => cell.type === 'code' ? [i] : [])"
TRUSTED = f"() => {CELLS}.every(cell => cell.type !== 'code' || cell.trusted)"
SHOWN = "() => [...document.querySelectorAll('.jp-OutputArea-output')].map(o => o.dataset.mimeType)"


def dockerfile(root=ROOT):
    """Return the Dockerfile that repo2docker makes of a checkout; it needs no Docker for that."""
    done = subprocess.run([sys.executable, *REPO2DOCKER, "."], cwd=root, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"repo2docker failed:\n{done.stderr}")
    return done.stdout + done.stderr


def locked(version):
    """Return the pins of the image's own packages, as lines of a constraints file for pip."""
    folder = Path(find_spec("repo2docker").origin).parent / "buildpacks" / "conda"
    lock = folder.joinpath(f"environment.py-{version}-linux-64.lock").read_text(encoding="utf-8")
    found = re.findall(r"/([a-z][^/]*)-(\d[^-/]*)-[^-/]+\.(?:conda|tar\.bz2)", lock, re.IGNORECASE)
    return "".join(f"{ON_PYPI.get(name, name)}=={number}\n" for name, number in found)


def steps(text):
    """Return the RUN lines of the Dockerfile that follow the copy of the checkout, and its last CMD as words."""
    assembled = text[text.index("\nCOPY --chown=1000:1000 src/ ${REPO_DIR}/") :]
    return re.findall(r"^RUN (.+)$", assembled, re.MULTILINE), re.findall(r'"(.+?)"', assembled.split("\nCMD ")[1])


def find_python(version):
    """Return a Python of that version if there is one, else the one that runs this, and what to call it."""
    found = shutil.which(f"python{version}")
    if found and not subprocess.run([found, "--version"], capture_output=True).returncode:
        return found, f"Python {version}"
    return sys.executable, f"Python {platform.python_version()}, as there is no Python {version} here"


def call(command, folder, environment, words):
    """Run one step of the build, say how long it took, and stop at the first that fails."""
    start = time.perf_counter()
    done = subprocess.run(command, shell=isinstance(command, str), cwd=folder, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")  # fmt: skip
    print(f"{time.perf_counter() - start:6.1f} s  {words}", flush=True)
    if done.returncode:
        sys.exit(done.stdout)
    return done.stdout


def copy_checkout(home):
    """Copy the files that git knows or would take in, as they stand."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    for name in filter(None, subprocess.check_output(command, cwd=ROOT, encoding="utf-8").split("\0")):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, home / name)


def environment_of(folder):
    """Return the learner's environment variables: a home and a Python of their own, nothing of Jupyter's from here."""
    hidden = ("JUPYTER", "IPYTHON", "PYTHON", "VIRTUAL_ENV", "NBKIT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    prefix = folder / "python"
    mine = {"HOME": folder / "home", "KERNEL_PYTHON_PREFIX": prefix, "PATH": f"{prefix / 'bin'}:{kept['PATH']}"}
    return kept | {name: str(value) for name, value in mine.items()}


def build(folder, text, runs):
    """Do what the Dockerfile does."""
    home, pip, environment = folder / "home", str(folder / "python" / "bin" / "pip"), environment_of(folder)
    home.mkdir(parents=True)
    copy_checkout(home)
    version = re.search(r"python=(\d+\.\d+)", text)[1]
    write_whole(folder / "image.txt", lambda file: file.write(locked(version).encode()))
    python, words = find_python(version)
    call([python, "-m", "venv", str(folder / "python")], home, environment, words)
    call([pip, "install", "-c", "../image.txt", *IMAGE], home, environment, "the image")
    for line in runs:
        call(line, home, environment, line)
    call([pip, "check"], home, environment, "pip check")


def serve(folder, command):
    """Start the server with the command of the image, and return it with its address."""
    (port,) = free_ports(1)
    command = [word.replace("0.0.0.0", "127.0.0.1") for word in command]
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--no-browser", "--IdentityProvider.token=replay",
               "--allow-root", "--LabApp.expose_app_in_browser=True"]  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    status, log = f"{address}/api/status?token=replay", folder / "server.log"
    return Server([*command, *options], status, log, cwd=folder / "home", env=environment_of(folder)), address


def use(page, address, folder):
    """Open notebook 00 by the path of its badge, look before anything runs, run it, and move a slider."""
    page.goto(f"{address}/lab/tree/{NOTEBOOK}?token=replay")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(IDLE)
    page.wait_for_timeout(5000)  # a widget that has no kernel gives up after a while
    errors = page.locator(".jp-OutputArea-output:text-matches('Error displaying|Loading')").count()
    print(f"before any cell runs: trusted {page.evaluate(TRUSTED)}, {errors} errors, shows {page.evaluate(SHOWN)}")
    page.screenshot(path=folder / "before.png")
    for index in page.evaluate(CODE_CELLS):
        page.evaluate(RUN_CELL, index)
    area = page.locator(".jp-OutputArea-output:has(.noUi-handle):has(text.val)").first
    area.scroll_into_view_if_needed()
    numbers = area.locator("text.val")
    before = numbers.all_text_contents()
    area.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(2000)
    after = numbers.all_text_contents()
    page.screenshot(path=folder / "after.png")
    print(f"the slider moved: {before} -> {after}")
    return before != after and not errors


def main(folder):
    text = dockerfile()
    runs, command = steps(text)
    if not (folder / "home").exists():  # a folder that was built before is only used once more
        build(folder, text, runs)
    server, address = serve(folder, command)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
            page = browser.new_page(viewport={"width": 1200, "height": 1000})
            page.set_default_timeout(120_000)
            page.on("pageerror", lambda error: print(f"the page reports: {error}"))
            well = use(page, address, folder)
            print(f"the server took {peak(server.pid)} MB at its peak")
            browser.close()
    finally:
        server.close()
    print(f"screenshots: {folder / 'before.png'}, {folder / 'after.png'}")
    return 0 if well else "the page has errors, or the widget did not answer"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="binder-")).resolve()))
