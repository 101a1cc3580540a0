"""Which packages Python has in the browser, and when each is loaded: the lock of the site's Pyodide."""

import json
from hashlib import sha256

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
# Loaded when a cell imports them.
LATER = ("matplotlib", "pillow", "scikit-learn")


def at_start(distribution):
    """Return the names of the packages for which the interpreter is asked at its start, where a lock has them."""
    optional = [name for name in (*UNBUNDLED, *LEFT_OUT) if name in distribution.packages]
    return [*AT_START, *optional]


def with_needs(packages, names):
    """Return the names of packages and of all that they need, where `packages` are the entries of a lock.

    A ValueError names what the lock does not have.
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
    """
    core = distribution.core(entry)
    for name, content in core.items():
        (folder / name).write_bytes(content)
    nothing = _write_nothing(folder)
    known = {name: _entry(name, path) for name, path in made.items()}
    known |= {name: _entry(name, nothing) for name in LEFT_OUT}
    known = {name: _without(entry, LEFT_OUT) for name, entry in distribution.packages.items()} | known
    early = with_needs(known, at_start(distribution))
    packages = {name: known[name] for name in with_needs(known, (*early, *LATER))}
    for name in packages:
        if name in made:
            (folder / made[name].name).write_bytes(made[name].read_bytes())
        elif name not in LEFT_OUT:
            file, content = distribution.package(name)
            (folder / file).write_bytes(content)
    (folder / pyodide.LOCK).write_text(json.dumps(distribution.lock | {"packages": packages}), encoding="utf-8")
    return [*core, *dict.fromkeys(packages[name]["file_name"] for name in early)]


def _write_nothing(folder):
    info = f"{NOTHING}-0.dist-info"
    words = f"Metadata-Version: 2.1\nName: {NOTHING}\nVersion: 0\n"
    return wheels.write(folder, NOTHING, "0", {f"{info}/METADATA": words.encode()}, info)


def _without(entry, names):
    return entry | {"depends": [need for need in entry["depends"] if need not in names]}


def _entry(name, path):
    """Return what a lock says of a wheel of ours."""
    return {
        "name": name, "version": path.name.split("-")[1], "file_name": path.name, "install_dir": "site",
        "sha256": sha256(path.read_bytes()).hexdigest(), "package_type": "package", "imports": wheels.modules(path),
        "depends": NEEDS.get(name, []), "unvendored_tests": False,
    }  # fmt: skip
