"""What the browser edition adds to JupyterLab's page: what is loading, a menu, and care for a learner's copies."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import nbformat

from nbkit.messages import _, speaking
from nbkit.web.live.words import overrides, words

STATIC = Path(__file__).parent / "static"
SCRIPTS = ("strip.js", "loading.js", "zip.js", "copies.js", "shell.js")
COMPRESSED = (".js", ".json", ".mjs", ".wasm")  # by web servers, on the way
JUPYTERLAB = 2_100_000  # bytes of its scripts and of a chapter, as they come; tests/live compare the sum with what came
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M3 4l10 4-10 4' fill='none' stroke='%230969da' stroke-width='1.5'/%3E%3Cg fill='%23bf5700'%3E"
    "%3Ccircle cx='3' cy='4' r='2.5'/%3E%3Ccircle cx='3' cy='12' r='2.5'/%3E%3Ccircle cx='13' cy='8' r='2.5'/%3E"
    "%3C/g%3E%3C/svg%3E"
)

# Of jupyter-lite.json, "jupyter-config-data". Notebooks are kept under the address of the site, as JupyterLite does by
# itself: an update of the site finds them, another course on the same host does not.
CONFIG = {
    "faviconUrl": ICON,  # JupyterLite's has 300 KB
    "exposeAppInBrowser": True,
    "rootUri": "file:///drive",  # where Python sees them: JupyterLab then asks for no other file that a traceback names
    "disabledExtensions": [
        "@jupyterlab/launcher-extension",  # the file browser has the chapters
        "@jupyterlab/apputils-extension:splash",  # the page says in words what comes
        "@jupyterlab/help-extension:jupyter-forum", "@jupyterlab/help-extension:launch-classic",
    ],
}  # fmt: skip


def dress(out, *, files, courses, back):
    """Add the course's part to the page of a JupyterLite site.

    Parameters
    ----------
    out : pathlib.Path
        The folder of the site.
    files : list of dict
        What Python needs at the start, in the order in which it asks: ``url``, seen from `out`, and ``bytes``.
    courses : list of nbkit.web.languages.Course
        The notebooks of each language, in the order of the course; the site has them in its folder ``files``.
    back : str or None
        The address of the reading pages, seen from `out`.

    Raises
    ------
    ValueError
        If the page is not as this kind of JupyterLite writes it. Nothing is written then.
    """
    out = Path(out)
    index = out / "lab" / "index.html"
    names = [course.place + path.name for course in courses for path in course.notebooks]
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
        "languages": [_language(one, [other.language for other in courses if other != one], back) for one in courses],
    }
    script = "(() => {\n" + "".join(_static(name) for name in SCRIPTS) + "})();\n"
    html = _dressed(index.read_text(encoding="utf-8"), page_facts, script)
    worker = (out / "service-worker.js").read_text(encoding="utf-8")
    if worker.count("async function broadcastOne(") != 1:
        raise ValueError(_("JupyterLite's service worker should have one function {}").format("broadcastOne"))
    listing = out / "api" / "contents" / "all.json"
    listed = json.loads(listing.read_text(encoding="utf-8"))
    # Folders, of pictures and of sources, are there, and nobody looks for them; those of other languages are chosen.
    places = {course.place for course in courses}
    listed["content"] = [
        entry for entry in listed["content"] if entry["type"] != "directory" or f"{entry['path']}/" in places
    ]
    (out / "nbkit").mkdir(exist_ok=True)
    for name, text in {
        "nbkit/live.js": script, "nbkit/live.css": _static("live.css"), "nbkit/facts.json": json.dumps(facts, indent=1),
        "service-worker.js": worker + _static("turns.js"), "lab/index.html": html,
        "api/contents/all.json": json.dumps(listed),
        **{f"files/{name}": content for name, content in contents.items()},
    }.items():  # fmt: skip
        (out / name).write_text(text, encoding="utf-8", newline="\n")


def _language(course, others, back):
    """Return what the page has to know of a language: where its notebooks stand, and what is said in it."""
    language = course.language
    with speaking(language):
        return {
            "tag": language.tag, "code": language.code, "name": language.name, "place": course.place, "words": words(),
            "licences": f"{back or ''}{course.place}licences.html", "settings": overrides(others),
        }  # fmt: skip


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
    first = facts["languages"][0]
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
        # A script of the page puts the words of its notebook's language in the place of these.
        r"<html>": f'<html lang="{first["tag"]}">',
        r"<title>.*?</title>": f"<title>{first['words']['course']}</title>",
        r'<meta name="Description"[^>]*>': f'<meta name="Description" content="{first["words"]["course"]}" />',
        r'<script\s+id="jupyter-config-data"': head,
        r"await import\(": "await window.nbkitLive.allowed;\n        await import(",
        r"#jupyterlite-loading-indicator \{.*(?=</style>)": "",
        r'<div id="jupyterlite-loading-indicator".*?</noscript>': _cover(facts),
    }
    for pattern, text in parts.items():
        html, found = re.subn(pattern, lambda _match, text=text: text, html, flags=re.DOTALL)
        if found != 1:
            raise ValueError(_("JupyterLite's page should have one {}, got {}").format(pattern, found))
    return html


def _cover(facts):
    """Return what is shown until JupyterLab is there; without scripts, in all languages."""
    said = facts["languages"][0]["words"]
    link = ""
    if facts["back"] is not None:
        link = f'<a id="nbkit-live-back" href="../{facts["back"]}" data-words="read_it">{said["read_it"]}</a>'
        link = f"\n      <p>{link}</p>"
    scripts = "".join(f'<p lang="{one["tag"]}">{one["words"]["no_scripts"]}</p>' for one in facts["languages"])
    return f"""\
<main id="nbkit-live-cover">
      <h1 data-words="course">{said["course"]}</h1>
      <p id="nbkit-live-cover-words"></p>{link}
      <noscript>{scripts}</noscript>
    </main>"""
