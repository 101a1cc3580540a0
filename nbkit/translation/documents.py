"""The documents that are translated: what their units are, and how one of them is made in another language."""

import copy
import json
from pathlib import Path
from typing import NamedTuple

from nbkit.translation.markdown_units import markdown_units
from nbkit.translation.python_units import python_units
from nbkit.translation.units import replaced


class Document(NamedTuple):
    """A notebook or a page of Markdown; paths are from the folder of the course."""

    path: str

    @property
    def domain(self):
        """The name of its catalogue."""
        return {"README.md": "README", "notebooks/README.md": "teachers"}.get(self.path, Path(self.path).stem)

    @property
    def is_notebook(self):
        return self.path.endswith(".ipynb")

    def path_in(self, tag):
        """Return its path in the language with this tag, such as zh-CN."""
        folder, _, name = self.path.rpartition("/")
        return f"{folder}/{tag}/{name}" if folder else name.replace(".md", f".{tag}.md")


def documents_of(root):
    """List the documents of the course."""
    notebooks = sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    pages = ["notebooks/glossary.md", "notebooks/README.md", "README.md"]
    return [Document(f"notebooks/{name}") for name in notebooks] + [Document(page) for page in pages]


class Text(NamedTuple):
    """A text of a document: a cell of a notebook, or the whole of a page."""

    place: str  # the id of the cell, or the path of the page
    source: str
    units: list
    is_code: bool = False


def texts_of(document, content):
    """List the texts of a document, whose file is `content`."""
    if not document.is_notebook:
        return [Text(document.path, content, markdown_units(content, wrapped=True))]
    return [_text_of(cell) for cell in json.loads(content)["cells"]]


def _text_of(cell):
    source, is_code = source_of(cell), cell["cell_type"] == "code"
    return Text(cell["id"], source, (python_units if is_code else markdown_units)(source), is_code)


def source_of(cell):
    """Return the source of a cell, which a notebook holds as text or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def translated(document, content, before, translate, link, language):
    """Return a document in another language.

    Parameters
    ----------
    document : Document
        Which one.
    content : str
        Its file, in English.
    before : str or None
        The file that stands in its place: outputs of cells that stay as they are, stay.
    translate : callable
        ``translate(unit)`` returns its translation, or None where there is none.
    link : callable
        ``link(text)`` returns Markdown with its links as the translation has them.
    language : nbkit.languages.Language
        The language.
    """
    texts = texts_of(document, content)
    sources = [replaced(text.source, text.units, translate) for text in texts]
    sources = [source if text.is_code else link(source) for text, source in zip(texts, sources, strict=True)]
    if not document.is_notebook:
        return sources[0]
    notebook = json.loads(content)
    earlier = {cell["id"]: cell for cell in json.loads(before)["cells"]} if before else {}
    for cell, source in zip(notebook["cells"], sources, strict=True):
        cell["source"] = source.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            last = earlier.get(cell["id"], {})
            same = last.get("cell_type") == "code" and source_of(last) == source
            cell["outputs"] = copy.deepcopy(last["outputs"]) if same else []
            cell["execution_count"] = last["execution_count"] if same else None
    notebook["metadata"]["nbkit"] = {"language": language.code}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
