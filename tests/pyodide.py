"""Which Pyodide the browser edition is tested with, and whether a copy of it is what its makers published.

``python -m tests.pyodide version`` prints the version: the one that is promised, or, where the environment names
other tools in ``NBKIT_LITE_TOOLS``, the one that their kernel wants. ``python -m tests.pyodide check FOLDER VERSION``
compares a folder with what Pyodide's makers have put on npm as this version: the interpreter byte by byte, and every
package with the sha256 of the official lock.
"""

import json
import os
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nbkit.web.live import app, graphviz, pyodide

# Not every version has all of them.
INTERPRETER = (
    "pyodide.mjs",
    "pyodide.js",
    "pyodide.asm.wasm",
    "pyodide.asm.js",
    "pyodide.asm.mjs",
    "python_stdlib.zip",
)


def version():
    """Return the version of Pyodide to test with."""
    if not os.environ.get(app.OTHER_TOOLS):
        return pyodide.VERSION
    with TemporaryDirectory() as folder:
        app.install_tools(Path(folder))
        return app.kernel_facts(Path(folder))[0]


def official(number):
    """Return the files of a version that npm has, by name: the interpreter and its lock; npm checks the archive."""
    with TemporaryDirectory() as folder:
        command = [*graphviz.npm(Path(folder, "npm")), "pack", "--silent", f"pyodide@{number}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("pyodide-*.tgz")
        with tarfile.open(archive) as files:
            inside = {Path(member.name).name: files.extractfile(member) for member in files if member.isfile()}
            return {name: file.read() for name, file in inside.items()}


def differences(folder, files):
    """Return the names of the files of a Pyodide that are not what is published, or are missing."""
    folder = Path(folder)
    interpreter = {name: files[name] for name in INTERPRETER if name in files}
    wrong = [name for name, content in interpreter.items() if _read(folder / name) != content]
    entries = json.loads(files[pyodide.LOCK])["packages"].values()
    wanted = {entry["file_name"]: entry["sha256"] for entry in entries}
    named = {
        entry["file_name"]: entry["sha256"] for entry in json.loads(_read(folder / pyodide.LOCK))["packages"].values()
    }
    wrong += [name for name, digest in named.items() if wanted.get(name) != digest]
    there = [name for name in wanted if (folder / name).exists()]
    return wrong + [name for name in there if sha256(_read(folder / name)).hexdigest() != wanted[name]]


def _read(path):
    return path.read_bytes() if path.is_file() else b""


def main(arguments):
    """Run a command line."""
    if arguments == ["version"]:
        print(version())
        return None
    if len(arguments) == 3 and arguments[0] == "check":
        _check, folder, number = arguments
        wrong = differences(folder, official(number))
        return f"not what Pyodide {number} is on npm: {', '.join(wrong)}" if wrong else None
    return "usage: python -m tests.pyodide version | check FOLDER VERSION"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
