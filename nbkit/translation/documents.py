"""The documents that are translated: what their units are, and how one of them is made in another language."""

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from nbkit.translation.markdown_units import markdown_units
from nbkit.translation.mistakes import mistake_in_text
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


@lru_cache(100)  # a document is asked for its texts again and again
def texts_of(document, content):
    """List the texts of a document, whose file is `content`. A ValueError names a notebook that has no cell ids."""
    if not document.is_notebook:
        return [Text(document.path, content, markdown_units(content, wrapped=True))]
    cells = json.loads(content)["cells"]
    if not all("id" in cell for cell in cells):
        raise ValueError(f"{document.path}: its cells need ids, which Jupyter gives them when it saves the notebook")
    return [_text_of(cell) for cell in cells]


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

    Raises
    ------
    ValueError
        If the translation is not built as the English is: code that is other code, or a heading more or less.
    """
    texts = texts_of(document, content)
    sources = [replaced(text.source, text.units, translate) for text in texts]
    for text, source in zip(texts, sources, strict=True):
        if said := mistake_in_text(text, source):
            raise ValueError(f"{document.path}, {text.place}: {said}")
    sources = [source if text.is_code else link(source) for text, source in zip(texts, sources, strict=True)]
    if not document.is_notebook:  # a command in it opens the notebooks of its language
        return sources[0].replace("/lab/tree/notebooks/", f"/lab/tree/notebooks/{language.tag}/")
    notebook = json.loads(content)
    earlier = _cells_by_id(before)
    for cell, source in zip(notebook["cells"], sources, strict=True):
        cell["source"] = source.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            last = earlier.get(cell["id"], {})
            same = bool(last) and source_of(last) == source
            cell["outputs"] = copy.deepcopy(last["outputs"]) if same else []
            cell["execution_count"] = last["execution_count"] if same else None
    notebook["metadata"]["nbkit"] = {"language": language.code}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cells_by_id(content):
    """Return the code cells of a notebook; none of one that cannot be read, as after a merge with conflicts."""
    try:
        cells = json.loads(content or "")["cells"]
    except (ValueError, TypeError, KeyError):
        return {}
    return {cell.get("id"): cell for cell in cells if cell.get("cell_type") == "code"}
