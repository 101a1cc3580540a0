"""Which packages Python has in the browser, and when each is loaded: the lock of the site's Pyodide."""

import json
from hashlib import sha256
from tempfile import TemporaryDirectory

from nbkit.messages import _
from nbkit.web.live import pyodide, wheels

# Of this environment: Python files alone, so that they run in the browser as well.
INSTALLED = ("anywidget", "comm", "ipywidgets", "markupsafe", "psygnal", "tqdm", "typing-extensions")
FROM_KERNEL = ("ipykernel", "piplite", "pyodide-kernel")
# What each of these and of nbkit's own needs there; what is not named needs nothing.
NEEDS = {
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "comm": ["traitlets"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "nbkit": [
        "anywidget", "contourpy", "ipython", "ipywidgets", "markupsafe", "nbkit-graphviz", "numpy", "tqdm", "traitlets",
    ],
    "piplite": ["micropip"],
    "pyodide-kernel": ["comm", "ipykernel", "ipython", "traitlets"],
}  # fmt: skip
# Loaded with the interpreter, side by side. The kernel would ask for those that are not named here one after the other.
AT_START = ("nbkit", "pyodide-kernel", "piplite", "ipykernel", "ipython", "comm", "micropip")
UNBUNDLED = ("sqlite3",)  # IPython needs it; from 314 on it is a part of Pyodide's standard library
# The kernel asks for these as well, and runs without them: nobody has to wait for their 4 MB.
LEFT_OUT = ("jedi", "ssl")
NOTHING = "nothing"  # a wheel that holds nothing, in their place
DIGITS = 8  # of a sha256, in the name of a file
# Loaded when a cell imports them.
LATER = ("matplotlib", "pillow", "scikit-learn")
IF_MADE = ("nbkit-han",)  # as well, where there is one: see nbkit/browser.py


def at_start(distribution):
    """Return for which packages the interpreter is asked at its start.

    Parameters
    ----------
    distribution : pyodide.Distribution

    Returns
    -------
    list of str
    """
    optional = [name for name in (*UNBUNDLED, *LEFT_OUT) if name in distribution.packages]
    return [*AT_START, *optional]


def with_needs(packages, names):
    """Return packages and all that they need.

    Parameters
    ----------
    packages : dict
        The entries of a lock, by the names of the packages.
    names : iterable of str

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If the lock does not have one of them; the error names it.
    """
    found, waiting = [], list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in packages:
            raise ValueError(_("this Pyodide has no package {}").format(name))
        if name not in found:
            found.append(name)
            waiting += [need.lower().replace("_", "-") for need in packages[name]["depends"]]
    return found


def write(distribution, entry, made, folder):
    """Write an interpreter, its packages, and a lock that knows all of them.

    What changes from one site to the next has a part of its content's sha256 in its name: a browser that still keeps
    the files of an earlier one never takes them for these.

    Parameters
    ----------
    distribution : pyodide.Distribution
    entry : str
        The file with which the interpreter begins.
    made : dict
        Paths of the wheels of our own, by the names of the packages.
    folder : pathlib.Path

    Returns
    -------
    list of str
        The files that are loaded at the start.

    Raises
    ------
    ValueError
        If the interpreter or a package is missing or damaged.
    """
    core = distribution.core(entry)
    with TemporaryDirectory() as work:
        ours = made | dict.fromkeys(LEFT_OUT, _write_nothing(work))
        known = {name: _entry(name, path) for name, path in ours.items()}
        contents = {known[name]["file_name"]: path.read_bytes() for name, path in ours.items()}
    known = {name: _without(entry, LEFT_OUT) for name, entry in distribution.packages.items()} | known
    early = with_needs(known, at_start(distribution))
    later = [*LATER, *(name for name in IF_MADE if name in made)]
    packages = {name: known[name] for name in with_needs(known, (*early, *later))}
    lock = json.dumps(distribution.lock | {"packages": packages}).encode()
    lock_name = pyodide.LOCK.replace(".", f"-{sha256(lock).hexdigest()[:DIGITS]}.")
    core = {lock_name if name == pyodide.LOCK else name: content for name, content in core.items()} | {lock_name: lock}
    for name, content in core.items():
        (folder / name).write_bytes(content)
    for name, entry in packages.items():
        file, content = entry["file_name"], contents.get(entry["file_name"])
        (folder / file).write_bytes(distribution.package(name)[1] if content is None else content)
    return [*core, *dict.fromkeys(packages[name]["file_name"] for name in early)]


def _write_nothing(folder):
    info = f"{NOTHING}-0.dist-info"
    words = f"Metadata-Version: 2.1\nName: {NOTHING}\nVersion: 0\n"
    return wheels.write(folder, NOTHING, "0", {f"{info}/METADATA": words.encode()}, info)


def _without(entry, names):
    return entry | {"depends": [need for need in entry["depends"] if need not in names]}


def _entry(name, path):
    """Return what a lock says of a wheel of ours, whose name gets its sha256 as a build tag: a digit comes first."""
    digest = sha256(path.read_bytes()).hexdigest()
    project, version, *tags = path.name.split("-")
    return {
        "name": name, "version": version, "file_name": "-".join([project, version, f"0{digest[:DIGITS]}", *tags]),
        "install_dir": "site", "sha256": digest, "package_type": "package", "imports": wheels.modules(path),
        "depends": NEEDS.get(name, []), "unvendored_tests": False,
    }  # fmt: skip
