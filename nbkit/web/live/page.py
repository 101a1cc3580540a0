"""What the browser edition adds to JupyterLab's page: what is loading, a menu, and care for a learner's copies."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import nbformat

from nbkit.messages import _

STATIC = Path(__file__).parent / "static"
SCRIPTS = ("strip.js", "loading.js", "zip.js", "copies.js", "shell.js")
COMPRESSED = (".js", ".json", ".mjs", ".wasm")  # by web servers, on the way
JUPYTERLAB = 2_100_000  # bytes of its scripts and of a chapter, as they come; tests/live compare the sum with what came
COURSE = _("How neural networks learn")

WORDS = {
    "course": COURSE,
    # while it loads
    "lab": _("JupyterLab is on its way"),
    "download": _("Download"),
    "coming": _("Python is on its way: {got} of {all} MB — you can read meanwhile"),
    "alone": _("Python is on its way: {all} MB — you can read meanwhile"),
    "starts": _("Python starts"),
    "ready": _("Python is ready"),
    "failed": _("The download stopped. What is open here can still be read."),
    "stopped": _("The download stopped. Perhaps the connection was lost."),
    "again": _("Try again"),
    "close": _("Close"),
    # what a browser lacks
    "old": _("Python cannot run in this browser: it is too old, or one of its settings keeps “WebAssembly” off. The "
             "chapter can be read here, and runs in a newer browser."),
    "unsaved": _("This browser keeps nothing for this page, as in a private window: the chapter can be read, or run "
                 "without saving, and what you write is lost when the tab is closed."),
    "go_on": _("Run without saving"),
    "files_insecure": _("Python cannot see files here, because the address begins with http: progress() and files of "
                        "your own need https. Everything else works."),
    "files_private": _("Python cannot see files in this window, so progress() cannot read your notebooks; in an "
                       "ordinary window it can. Everything else works."),
    # copies
    "newer": _("The course has a newer version of “{chapter}”; you see yours."),
    "take_new": _("Take the new one"),
    "keep_mine": _("Keep mine"),
    "download_mine": _("Download mine"),
    "reset_title": _("Back to the course's version?"),
    "reset_text": _("Your answers and changes in “{chapter}” are lost in this browser, and Python starts anew."),
    "reset_do": _("Reset"),
    "cancel": _("Cancel"),
    "unreached": _("The course's version could not be downloaded, so nothing was changed."),
    "no_copies": _("There is nothing to download yet: in this browser no notebook has been run or changed."),
    "full": _("This browser has little room left for this page: download your notebooks before it is full."),
    "save_failed": _("“{name}” could not be saved in this browser. Download it, so that nothing is lost."),
    # the menu
    "menu": _("Course"),
    "download_this": _("Download this notebook"),
    "download_all": _("Download all my notebooks"),
    "zip": _("my_notebooks.zip"),
    "reset": _("Reset this chapter to the course's version…"),
    "read": _("Read this chapter"),
    "about": _("About: sizes and licences"),
    "restart": _("Restart: also stops a cell that never ends"),
    "about_title": _("About this page"),
    "about_python": _("Python and its packages, {all} MB: your browser keeps them until they change."),
    "about_kept": _("Your notebooks stand in this browser alone: {kept} MB with all that it keeps for this site."),
    "about_private": _("All of it runs on your own machine. Nothing that you write is sent anywhere."),
    "licences": _("Licences"),
}  # fmt: skip

# JupyterLab's settings, as its overrides.json has them. They are defaults: what a learner chooses stays.
OVERRIDES = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # light or dark as the system is
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {
        "autosaveInterval": 10,  # seconds: a tab is closed sooner than a program
        "defaultViewers": {"markdown": "Markdown Preview"},
    },
    "@jupyterlab/filebrowser-extension:browser": {
        "showLastModifiedColumn": False,  # when the site was made
        "singleClickNavigation": True,  # as on a phone
    },
    "@jupyterlab/notebook-extension:tracker": {"kernelShutdown": True},  # with its notebook: each takes its memory
    "@jupyterlab/notebook-extension:panel": {"toolbar": [
        {"name": "interrupt", "disabled": True},
        {"name": "restart", "command": "notebook:restart-kernel", "rank": 31, "caption": WORDS["restart"]},
    ]},
    "@jupyterlab/mainmenu-extension:plugin": {"menus": [
        {"id": "jp-mainmenu-kernel", "items": [
            {"command": "kernelmenu:interrupt", "disabled": True},
            {"command": "kernelmenu:restart", "disabled": True},
            {"command": "nbkit-live:restart", "rank": 0},
        ]},
        {"id": "jp-mainmenu-course", "label": WORDS["menu"], "rank": 6, "items": [
            {"command": "nbkit-live:read", "rank": 1},
            {"type": "separator", "rank": 2},
            {"command": "nbkit-live:download", "rank": 2},
            {"command": "nbkit-live:download-all", "rank": 2},
            {"type": "separator", "rank": 3},
            {"command": "nbkit-live:reset", "rank": 3},
            {"type": "separator", "rank": 4},
            {"command": "nbkit-live:about", "rank": 4},
        ]},
    ]},
}  # fmt: skip

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M3 4l10 4-10 4' fill='none' stroke='%230969da' stroke-width='1.5'/%3E%3Cg fill='%23bf5700'%3E"
    "%3Ccircle cx='3' cy='4' r='2.5'/%3E%3Ccircle cx='3' cy='12' r='2.5'/%3E%3Ccircle cx='13' cy='8' r='2.5'/%3E"
    "%3C/g%3E%3C/svg%3E"
)

# Of jupyter-lite.json, "jupyter-config-data". Notebooks are kept under the address of the site, as JupyterLite does by
# itself: an update of the site finds them, another course on the same host does not.
CONFIG = {
    "appName": COURSE,
    "faviconUrl": ICON,  # JupyterLite's has 300 KB
    "exposeAppInBrowser": True,
    "rootUri": "file:///drive",  # where Python sees them: JupyterLab then asks for no other file that a traceback names
    "disabledExtensions": [
        "@jupyterlab/launcher-extension",  # the file browser has the chapters
        "@jupyterlab/apputils-extension:splash",  # the page says in words what comes
        "@jupyterlab/help-extension:jupyter-forum", "@jupyterlab/help-extension:launch-classic",
    ],
}  # fmt: skip


def dress(out, *, files, chapters, back):
    """Add the course's part to the page of a JupyterLite site.

    Parameters
    ----------
    out : pathlib.Path
        The folder of the site.
    files : list of dict
        What Python needs at the start, in the order in which it asks: ``url``, seen from `out`, and ``bytes``.
    chapters : iterable of str or pathlib.Path
        The notebooks, in the order of the course; the site has them in its folder ``files``.
    back : str or None
        The address of the reading pages, seen from `out`.

    Raises
    ------
    ValueError
        If the page is not as this kind of JupyterLite writes it. Nothing is written then.
    """
    out = Path(out)
    index = out / "lab" / "index.html"
    names = [Path(chapter).name for chapter in chapters]
    contents = {name: _joined(out / "files" / name) for name in names}
    files = [{**file, "sent": _sent(out / file["url"])} for file in files]
    facts = {
        "megabytes": round((JUPYTERLAB + sum(file["sent"] for file in files)) / 1e6),
        "files": files,
        "chapters": {name: sha256(content.encode()).hexdigest() for name, content in contents.items()},
    }
    page_facts = facts | {
        "titles": {name: _title(name, content) for name, content in contents.items()},
        "back": back,
        "licences": "licences.html" if back is None else f"{back}licences.html",
        "words": WORDS,
    }
    script = "(() => {\n" + "".join(_static(name) for name in SCRIPTS) + "})();\n"
    html = _dressed(index.read_text(encoding="utf-8"), page_facts, script)
    worker = (out / "service-worker.js").read_text(encoding="utf-8")
    if worker.count("async function broadcastOne(") != 1:
        raise ValueError(_("JupyterLite's service worker should have one function {}").format("broadcastOne"))
    listing = out / "api" / "contents" / "all.json"
    listed = json.loads(listing.read_text(encoding="utf-8"))
    # Folders, of pictures and of sources, are there, and nobody looks for them.
    listed["content"] = [entry for entry in listed["content"] if entry["type"] != "directory"]
    (out / "nbkit").mkdir(exist_ok=True)
    for name, text in {
        "nbkit/live.js": script, "nbkit/live.css": _static("live.css"), "nbkit/facts.json": json.dumps(facts, indent=1),
        "service-worker.js": worker + _static("turns.js"), "lab/index.html": html,
        "api/contents/all.json": json.dumps(listed),
        **{f"files/{name}": content for name, content in contents.items()},
    }.items():  # fmt: skip
        (out / name).write_text(text, encoding="utf-8", newline="\n")


def _static(name):
    return (STATIC / name).read_text(encoding="utf-8")


def _joined(path):
    """Return a notebook with each text in one piece, as a Jupyter server sends it; JupyterLab expects it of outputs."""
    return nbformat.writes(nbformat.read(path, as_version=4), split_lines=False) + "\n"


def _sent(path):
    """Return how many bytes of a file come over the line, from a server that compresses what it can."""
    content = path.read_bytes()
    return len(gzip.compress(content, 6)) if path.suffix in COMPRESSED else len(content)


def _title(name, content):
    """Return the heading of a notebook, or its name."""
    cells = json.loads(content)["cells"]
    found = re.match(r"# (.+)", cells[0]["source"]) if cells else None
    return found[1].strip() if found else name


def _dressed(html, facts, script):
    """Return the page with the course's title, style, words and scripts, and without what says JupyterLite."""
    version = sha256((script + _static("live.css")).encode()).hexdigest()[:12]
    told = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    head = f"""\
<link rel="icon" href="{ICON}" />
    <link rel="stylesheet" href="../nbkit/live.css?{version}" />
    <script type="application/json" id="nbkit-live-facts">{told}</script>
    <script>
{_static("check.js")}    </script>
    <script src="../nbkit/live.js?{version}"></script>
    <script
      id="jupyter-config-data\""""
    parts = {
        r"<html>": '<html lang="en">',
        r"<title>.*?</title>": f"<title>{COURSE}</title>",
        r'<meta name="Description"[^>]*>': f'<meta name="Description" content="{COURSE}" />',
        r'<script\s+id="jupyter-config-data"': head,
        r"await import\(": "await window.nbkitLive.allowed;\n        await import(",
        r"#jupyterlite-loading-indicator \{.*(?=</style>)": "",
        r'<div id="jupyterlite-loading-indicator".*?</noscript>': _cover(facts["back"]),
    }
    for pattern, text in parts.items():
        html, found = re.subn(pattern, lambda _match, text=text: text, html, flags=re.DOTALL)
        if found != 1:
            raise ValueError(_("JupyterLite's page should have one {}, got {}").format(pattern, found))
    return html


def _cover(back):
    """Return what is shown until JupyterLab is there."""
    link = (
        f'\n      <p><a id="nbkit-live-back" href="../{back}">{_("Read the chapter")}</a></p>'
        if back is not None
        else ""
    )
    scripts = _("To run a chapter, JavaScript has to be on in this browser; it can be read without.")
    return f"""\
<main id="nbkit-live-cover">
      <h1>{COURSE}</h1>
      <p id="nbkit-live-cover-words"></p>{link}
      <noscript><p>{scripts}</p></noscript>
    </main>"""
