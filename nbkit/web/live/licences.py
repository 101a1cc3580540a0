"""The licences of everything that the browser edition carries, read from the very files: nothing may be without one."""

import email
import json
import re
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import nbkit
from nbkit.drawing.markup import element, join, tag
from nbkit.messages import _, spoken
from nbkit.web.address import PLACEHOLDER, repository
from nbkit.web.live.pyodide import lock_in, version_of

NOTICES = Path(__file__).with_name("notices")
JUPYTER = "2015-2025 Project Jupyter Contributors"
SPDX = {"MIT", "BSD-3-Clause", "MPL-2.0", "PSF-2.0", "Apache-2.0"}  # licences whose own text is in `NOTICES`
# What `nbkit` has in its folder `data`; its README.md there tells more.
DATA = (
    ("Iris", "R. A. Fisher, UCI Machine Learning Repository, 1936", "https://doi.org/10.24432/C56C76"),
    (
        "Optical Recognition of Handwritten Digits (test part)",
        "E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998",
        "https://doi.org/10.24432/C50P49",
    ),
)
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
# What Pyodide's interpreter is linked from, none of which carries a licence of its own in these files.
# For each: its licence, who holds the copyright, the files of `NOTICES` with its text, its sources.
INTERPRETER = {
    "Pyodide": ("MPL-2.0", "", ["MPL-2.0"], "https://github.com/pyodide/pyodide"),
    "CPython": ("PSF-2.0", "", ["PSF-2.0"], "https://github.com/python/cpython"),
    "Emscripten": ("MIT", "2010-2014 Emscripten authors", ["MIT"], "https://github.com/emscripten-core/emscripten"),
    "musl": ("MIT", "2005-2020 Rich Felker, et al.", ["MIT"], "https://musl.libc.org"),
    "LLVM: compiler-rt, libc++, libunwind": (
        "Apache-2.0 WITH LLVM-exception", "", ["Apache-2.0", "LLVM-exception"], "https://github.com/llvm/llvm-project",
    ),
    "libffi": ("MIT", "1996-2024 Anthony Green, Red Hat, Inc and others", ["MIT"], "https://github.com/libffi/libffi"),
    "zlib": ("Zlib", "1995-2022 Jean-loup Gailly and Mark Adler", ["Zlib"], "https://zlib.net"),
    "bzip2": ("bzip2-1.0.6", "1996-2019 Julian R Seward", ["bzip2"], "https://sourceware.org/bzip2/"),
    "error-stack-parser and stackframe": (
        "MIT", "2017 Eric Wendelin and other contributors", ["MIT"], "https://github.com/stacktracejs/error-stack-parser",
    ),
}  # fmt: skip
CORE = {"pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"}
# Parts of Pyodide that say nothing of themselves.
UNSAID = {
    "openblas": (
        "BSD-3-Clause", "2011-2014 The OpenBLAS Project", ["BSD-3-Clause"], "https://github.com/OpenMathLib/OpenBLAS",
    ),
    "sqlite3": ("PSF-2.0; SQLite itself: public domain", "", ["PSF-2.0"], "https://sqlite.org/src"),
}  # fmt: skip
# Of packages that do not say it in a form that can be read.
LICENCE_OF = {"khroma": "MIT", "localforage-memoryStorageDriver": "Apache-2.0"}
SOURCE_OF = {"ipywidgets": "https://github.com/jupyter-widgets/ipywidgets"}
# By the beginning of the name of a package of JavaScript: who holds the copyright, where its text is not there as well.
HOLDER_OF = {
    "@jupyter/": JUPYTER, "@jupyter-notebook/": JUPYTER, "@jupyter-widgets/": JUPYTER, "@jupyterlab/": JUPYTER,
    "@jupyterlite/": JUPYTER, "@lumino/": JUPYTER, "@microsoft/fast-": "Microsoft Corporation",
    "json-schema-merge-allof": "Martin Hansen", "vega-lite": "2015-2018 University of Washington Interactive Data Lab",
}  # fmt: skip
GITHUB_OF = {
    "@jupyter-notebook/": "jupyter/notebook", "@jupyter-widgets/": "jupyter-widgets/ipywidgets",
    "@jupyterlab/": "jupyterlab/jupyterlab", "@jupyterlite/pyodide-kernel": "jupyterlite/pyodide-kernel",
    "@jupyterlite/": "jupyterlite/jupyterlite", "@lumino/": "jupyterlab/lumino", "anywidget": "manzt/anywidget",
    "@fortawesome/": "FortAwesome/Font-Awesome", "elkjs": "kieler/elkjs", "dompurify": "cure53/DOMPurify",
    "mathjax-full": "mathjax/MathJax-src",
}  # fmt: skip
# What stands at the top of the browser edition, and whose it is.
JUPYTERLITE = {"api", "build", "doc", "lab", "static"}
OURS = {"files", "nbkit"}
READ = {"extensions", "pyodide", "pypi"}
BUNDLES = "third-party-licenses.json"
# By the beginning of the name of a file.
FONTS = {"MathJax_": "MathJax (mathjax-full)", "fa-": "Font Awesome (@fortawesome/fontawesome-free)"}
LONG_ADDRESS = 45  # characters; a longer one is shown shortened
LONG = 100  # a table with more rows is folded
LEGAL = re.compile(r"(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)


class Component(NamedTuple):
    """Something that the site carries; `texts` are its licences in full, by a word for each if there are several."""

    name: str
    version: str
    licence: str
    source: str
    texts: dict


def page(out=None):
    """Return the licences as HTML, the inside of a page: of the course and, if `out` is given, of all that is in it.

    Parameters
    ----------
    out : pathlib.Path, optional
        The folder of a browser edition.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is something in it of which no licence is known; the error names it.
    """
    groups = {_("The course"): [_nbkit()]}
    notices = []
    if out is not None:
        _look_for_others(out)
        groups[_("Python in the browser")] = _interpreter(out)
        found = filter(None, map(_wheel, sorted(out.rglob("*.whl"))))
        once = {(one.name, one.version): one for one in found}  # some stand in two places
        groups[_("Packages of Python")] = sorted(once.values(), key=lambda one: one.name.lower())
        groups[_("JupyterLab in the browser")] = _scripts(out)
        notices = sorted({path.read_text(encoding="utf-8").strip() for path in out.rglob("*.LICENSE.txt")})
    return _html(groups, notices, _fonts(out) if out is not None else [])


def document(out):
    """Return the licences of a browser edition that stands by itself.

    Parameters
    ----------
    out : pathlib.Path
        Its folder.

    Returns
    -------
    str
        A whole page of HTML.

    Raises
    ------
    ValueError
        As `page` does.
    """
    title = _("Licences of what this site carries")
    return (
        f'<!doctype html>\n<html lang="{spoken().tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{page(out)}</main>\n</body>\n</html>\n"
    )


STYLE = """
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
body { overflow-wrap: break-word; }
a { color: light-dark(#00518f, #7cc4ff); }
.wide { overflow-x: auto; } table { border-collapse: collapse; } pre { white-space: pre-wrap; }
th, td { padding: 0.2rem 0.6rem; border: 1px solid light-dark(#d0d7de, #3d444d); text-align: left; }
"""


# ---------------------------------------------------------------- what there is


def _look_for_others(out):
    """Refuse a folder or file of which nobody said whose it is."""
    others = [path.name for path in out.iterdir() if path.is_dir() and path.name not in JUPYTERLITE | OURS | READ]
    others += [
        f"pyodide/{path.name}" for path in sorted((out / "pyodide").iterdir())
        if path.name not in CORE | {lock_in(out / "pyodide").name} and path.suffix not in (".whl", ".zip")
    ]  # fmt: skip
    if others:
        raise ValueError(_("no licence is known of {}, which the site would carry").format(", ".join(others)))


def _nbkit():
    found = distribution("nbkit")
    beside = Path(nbkit.__file__).parents[1] / "LICENSE"
    text = beside.read_text(encoding="utf-8") if beside.is_file() else found.read_text("licenses/LICENSE")
    return Component("nbkit", found.version, "BSD-3-Clause", repository(), {"": text})


def _interpreter(out):
    """Return what the interpreter is made of, and the libraries that its packages share."""
    lock = json.loads(lock_in(out / "pyodide").read_text(encoding="utf-8"))
    versions = {"Pyodide": version_of(lock), "CPython": lock["info"]["python"]}
    platform = re.fullmatch(r"emscripten_(\d+)_(\d+)_(\d+)", lock["info"].get("platform", ""))
    versions["Emscripten"] = ".".join(platform.groups()) if platform else ""
    found = [_known(name, versions.get(name, ""), *facts) for name, facts in INTERPRETER.items()]
    by_file = {entry["file_name"]: entry for entry in lock["packages"].values()}
    for path in sorted((out / "pyodide").glob("*.zip")):
        if path.name not in CORE:
            entry = by_file.get(path.name, {"name": path.name, "version": ""})
            facts = UNSAID.get(entry["name"]) or _missing(entry["name"])
            found.append(_known(entry["name"], entry["version"], *facts))
    return found


def _known(name, version, licence, holder, files, source):
    return Component(name, version, licence, source, {"": _standard(holder, *files)})


def _standard(holder, *names):
    """Return the text of a licence from its files, with the line of the copyright where it has one."""
    texts = [(NOTICES / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    return "\n".join([f"Copyright (c) {holder}\n"] * bool(holder) + texts)


def _missing(name):
    raise ValueError(_("no licence is known of {}, which the site would carry").format(name))


def _wheel(path):
    """Return what a wheel says of itself, or nothing of one that holds no more than its own description."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        info = next((name for name in names if name.endswith(".dist-info/METADATA")), None) or _missing(path.name)
        if all(name.startswith(info.removesuffix("METADATA")) for name in names):
            return None
        said = email.message_from_bytes(archive.read(info))
        legal = [name for name in names if LEGAL.search(name) or ".dist-info/licenses/" in name]
        legal = [name for name in legal if not name.endswith((".py", ".pyc", "/"))]
        legal.sort(key=lambda name: ".dist-info/" not in name)  # the package's own before those of its parts
        texts = {}
        for place in legal:
            label = place.split("/")[-1]
            text = archive.read(place).decode("utf-8", errors="replace")
            texts[place if label in texts else label] = text
    name, version = said["Name"], said["Version"]
    if name in UNSAID:
        return _known(name, version, *UNSAID[name])
    licence = _licence(said) or LICENCE_OF.get(name) or _missing(name)
    whole = said.get("License", "")
    texts = texts or {"": whole if "\n" in whole else _missing(_("{} (the text of its licence)").format(name))}
    if name == "nbkit-graphviz":  # its licence asks for where the sources are
        texts[_("sources")] = said.get_payload()
    return Component(name, version, licence, _source(name, said), texts)


def _licence(said):
    """Return the name of the licence that the metadata of a wheel states, if they do."""
    short = said.get("License", "").strip()
    classes = [line.split(" :: ")[-1] for line in said.get_all("Classifier", []) if line.startswith("License :: ")]
    short = "" if "\n" in short or len(short) > 60 or len(classes) > 1 else short
    return said.get("License-Expression") or short or "; ".join(classes)


def _source(name, said):
    """Return where the sources of a wheel are, as its metadata say it."""
    urls = dict(line.split(", ", 1) for line in said.get_all("Project-URL", []) if PLACEHOLDER not in line)
    urls = {label.lower(): url for label, url in urls.items()}
    stated = [urls.get(label) for label in ("source", "source code", "repository", "homepage", "home")]
    told = re.search(r"<(https://[^>]+)>", said.get_payload())
    return next(filter(None, [SOURCE_OF.get(name), *stated, said.get("Home-page"), told and told[1]]), "")


def _scripts(out):
    """Return the packages of JavaScript that JupyterLite and its extensions are made of, each once."""
    found = {}
    extensions = [path.parent for path in (out / "extensions").glob("**/package.json") if "static" not in path.parts]
    for folder in [out / "build", *extensions]:
        lists = sorted(folder.rglob(BUNDLES))
        for place in lists:
            for entry in json.loads(place.read_text(encoding="utf-8"))["packages"]:
                found[entry["name"], entry["versionInfo"]] = _script(entry)
        if not lists:  # all that is known is what it says of itself
            said = json.loads((folder / "package.json").read_text(encoding="utf-8"))
            wheel = next(((out / "pyodide").glob(f"{said['name']}-*.whl")), None) or _missing(said["name"])
            found[said["name"], said["version"]] = _wheel(wheel)
    return [found[key] for key in sorted(found, key=lambda key: (key[0].lower(), key[1]))]


def _script(entry):
    """Return one package of a list that webpack has written."""
    name, licence, text = entry["name"], entry["licenseId"], entry["extractedText"].strip()
    holder, github = _started(HOLDER_OF, name), _started(GITHUB_OF, name)
    if not licence:
        licence = LICENCE_OF.get(name) or ("BSD-3-Clause" if holder == JUPYTER else _missing(name))
    if not text:
        text = _standard(holder, licence) if holder and licence in SPDX else _missing(name)
    return Component(name, entry["versionInfo"], licence, f"https://github.com/{github}" if github else "", {"": text})


def _fonts(out):
    """Return the names of the fonts that the site carries, and of the packages of JavaScript that they belong to."""
    names = {path.stem for kind in ("woff", "woff2", "ttf", "otf", "eot") for path in out.rglob(f"*.{kind}")}
    return sorted({_started(FONTS, name) or _missing(name) for name in names})


def _started(known, name):
    """Return what is known of names that begin as this one does, or nothing."""
    return next((found for start, found in known.items() if name.startswith(start)), "")


# ---------------------------------------------------------------- as HTML


def _html(groups, notices, fonts):
    users = {}  # of each text, however its lines are broken: who has it
    for component in (component for group in groups.values() for component in group):
        for label, text in component.texts.items():
            words = f"{component.name}: {label}" if len(component.texts) > 1 else component.name
            users.setdefault(_key(text), (text, []))[1].append(words)
    places = {key: f"licence-{number}" for number, key in enumerate(users, 1)}
    told = _(
        "What this site carries may be used, copied and shared as these licences say. They stand in full at the end of "
        "the page."
    )
    parts = [tag("p", told)]
    for title, group in groups.items():
        table = _table(title, group, places)
        if len(group) > LONG:
            table = tag("details", tag("summary", _("{} packages").format(len(group))), table)
        parts += [tag("h2", title), table, _data() if title == _("The course") else ""]
        if group is groups.get(_("JupyterLab in the browser")):
            told = _("Its fonts are under the licences of these packages: {}.").format(", ".join(fonts))
            parts += [_lock(group), tag("p", told) if fonts else ""]
        if group is groups.get(_("Python in the browser")):
            parts.append(_inside_python(group))
    parts.append(tag("h2", _("The licences in full")))
    for key, (text, names) in users.items():
        parts.append(_folded(", ".join(dict.fromkeys(names)), text, id=places[key]))
    if notices:
        parts.append(tag("h2", _("Notices that stand beside the scripts")))
        parts.append(_folded(_("All of them"), "\n\n".join(notices)))
    return join([part, "\n"] for part in parts if part)


def _data():
    sets = [tag("li", _link(name, address), f" ({who})") for name, who, address in DATA]
    told = _("Its data sets are under {licence}; nbkit/data/README.md says what was changed:").partition("{licence}")
    return join([tag("p", told[0], _link("CC BY 4.0", CC_BY), told[2]), tag("ul", sets)])


def _inside_python(group):
    version = ".".join(group[1].version.split(".")[:2])
    told = _("What CPython itself has taken in from others (Expat, libmpdec, HACL* and more) stands in {page}.")
    before, after = told.split("{page}")
    return tag("p", before, _link(_("its documentation"), f"https://docs.python.org/{version}/license.html"), after)


def _lock(group):
    version = next((found.version for found in group if found.name == "@jupyterlite/server"), "")
    told = _("Where the sources of the others are, by name and version, stands in {file}.").partition("{file}")
    there = _link(
        _("the list of JupyterLite {}").format(version),
        f"https://github.com/jupyterlite/jupyterlite/blob/v{version}/yarn.lock",
    )
    return tag("p", told[0], there, told[2]) if version else ""


def _table(title, group, places):
    cell, head = element("td"), element("th", scope="col")
    first = tag("tr", [head(words) for words in (_("What"), _("Version"), _("Licence"), _("Source"))])
    rows = [first]
    for found in group:
        texts = [(label or found.licence, f"#{places[_key(text)]}") for label, text in found.texts.items()]
        if len(texts) == 1:
            texts = [_link(found.licence, texts[0][1])]
        else:
            texts = [found.licence, ": ", *[[", " * (n > 0), _link(*text)] for n, text in enumerate(texts)]]
        source = re.sub(r"^https?://(www\.|github\.com/)?", "", found.source).rstrip("/")
        source = re.sub(r"/.*/", "/…/", source) if len(source) > LONG_ADDRESS else source
        rows.append(tag("tr", cell(found.name), cell(found.version), cell(texts), cell(_link(source, found.source))))
    return tag("div", tag("table", rows), class_="wide", tabindex="0", role="group", aria_label=title)


def _folded(summary, text, **attributes):
    return tag("details", tag("summary", summary), tag("pre", text, lang="en"), **attributes)


def _link(words, address):
    return tag("a", words, href=address) if address.startswith(("https://", "http://", "#")) else words


def _key(text):
    return " ".join(text.split())
