"""A browser edition in small: the files that the reading pages and the page of licences look at."""

import json
import zipfile
from pathlib import Path

MEGABYTES = 19  # at the first visit of a chapter that needs nothing more
PACKAGES = {
    name: {"file_name": f"{name}.whl", "imports": [module], "depends": needs}
    for name, module, needs in (("tool", "tool", []), ("big", "bigger", ["part"]), ("part", "part", []))
}
HOLDER = "Copyright (c) 2020 A. Author\n\nMay be used."
METADATA = {
    "Name": "tool",
    "Version": "1.2",
    "License-Expression": "MIT",
    "Project-URL": "Source, https://example.org/tool",
}


def wheel(folder, files=None, body="", **metadata):
    """Write a wheel with a licence, or with `files`, and return its path; of the metadata, None leaves a line out."""
    said = METADATA | {name.replace("_", "-"): value for name, value in metadata.items()}
    stem = f"{said['Name'].replace('-', '_')}-{said['Version']}"
    path = folder / f"{stem}-py3-none-any.whl"
    lines = [f"{name}: {value}\n" for name, value in said.items() if value is not None]
    legal = {"INFO/licenses/LICENSE": HOLDER} if files is None else files
    texts = {"INFO/METADATA": "".join(lines) + "\n" + body, "tool/__init__.py": ""} | legal
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name.replace("INFO", f"{stem}.dist-info"), text)
    return path


def bundle(folder, *entries):
    """Write what webpack says about packages: name, version, licence and its text of each."""
    names = ("name", "versionInfo", "licenseId", "extractedText")
    folder.mkdir(parents=True, exist_ok=True)
    packages = [dict(zip(names, entry, strict=True)) for entry in entries]
    (folder / "third-party-licenses.json").write_text(json.dumps({"packages": packages}), encoding="utf-8")


def write(notebooks, out, *, pyodide=None, back=None):
    """Write an edition in the place of `nbkit.web.live.build`."""
    out = Path(out)
    texts = {
        "lab/index.html": '<!doctype html><html lang="en"><link rel="icon" href="data:,"><h1>Alive</h1>',
        "nbkit/facts.json": json.dumps({"megabytes": MEGABYTES, "files": [], "chapters": {}}),
        "pyodide/pyodide.mjs": "",
        "pyodide/pyodide-lock.json": json.dumps(
            {"info": {"version": "0.27.7", "python": "3.12.7", "platform": "emscripten_3_1_58"}, "packages": PACKAGES}
        ),
        "build/1.js.LICENSE.txt": "/*! (c) B. Author - ISC */",
    }
    texts |= {f"files/{path.name}": path.read_text(encoding="utf-8") for path in Path(notebooks).glob("*.ipynb")}
    for name, text in texts.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    bundle(out / "build", ("@jupyterlite/server", "0.6.4", "BSD-3-Clause", ""), ("left-pad", "1.0", "MIT", HOLDER))
    wheel(out / "pyodide")
