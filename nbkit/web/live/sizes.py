"""How much a browser loads until a chapter has run once: some load packages, or notebooks, when a cell needs them."""

import gzip
import json
import re

from nbkit.web.live import han
from nbkit.web.live.packages import with_needs
from nbkit.web.live.pyodide import lock_in

IMPORTED = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
READS_NOTEBOOKS = re.compile(r"\bprogress\(")  # all of them
DRAWS = re.compile(r"\bplots\b")  # nbkit's figures, for which it loads matplotlib
MATPLOTLIB = "matplotlib"


def megabytes(out, notebooks, place=""):
    """Return for each notebook how many megabytes come over the line at the first visit.

    Parameters
    ----------
    out : pathlib.Path
        The folder of a browser edition.
    notebooks : iterable of nbformat.NotebookNode
    place : str
        Where they stand among those of the edition, such as ``zh-CN/``; nothing for the top.

    Returns
    -------
    list of int
    """
    facts = json.loads((out / "nbkit" / "facts.json").read_text(encoding="utf-8"))
    packages = json.loads(lock_in(out / "pyodide").read_text(encoding="utf-8"))["packages"]
    at_start = {entry["url"] for entry in facts["files"]}
    provider = {module: name for name, entry in packages.items() for module in entry.get("imports", ())}

    saved = sum(len(gzip.compress(path.read_bytes(), 6)) for path in (out / "files" / place).glob("*.ipynb"))

    drawing = {MATPLOTLIB, han.MODULE} if place else {MATPLOTLIB}  # figures in English need no other font

    def more(notebook):
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        modules = set(IMPORTED.findall(code)) | (drawing if DRAWS.search(code) else set())
        needed = with_needs(packages, [provider[module] for module in modules if module in provider])
        urls = {f"pyodide/{packages[name]['file_name']}" for name in needed} - at_start
        read = saved if READS_NOTEBOOKS.search(code) else 0
        return read + sum((out / url).stat().st_size for url in urls)  # packages are compressed already

    return [round(facts["megabytes"] + more(notebook) / 1e6) for notebook in notebooks]
