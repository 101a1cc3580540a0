"""Brings catalogues up to date with the English course, and builds the documents of another language from them."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nbkit.files import write_whole
from nbkit.translation import catalogues
from nbkit.translation.documents import documents_of, translated
from nbkit.translation.links import headings_of, relinked
from nbkit.web.address import parse, repository
from nbkit.web.links import relinked as with_address


class Open(NamedTuple):
    """An entry that is not translated: `is_fuzzy` where the English has changed since it was."""

    domain: str
    place: str  # the file or the cell in which it stands first
    text: str
    is_fuzzy: bool


class Edition:
    """The course in one language.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the course.
    language : nbkit.languages.Language
        Which one.

    Attributes
    ----------
    catalogues : dict
        For each domain its catalogue, up to date with the English texts; nothing is written by that.
    """

    def __init__(self, root, language):
        self.root, self.language = root, language
        self.folder = catalogues.folder_of(root, language.code)
        self.documents = documents_of(root)
        # The course's address on the web comes and goes: it is no part of what is translated.
        self.english = {one: with_address(self._read(one.path), one.path, root, None) for one in self.documents}
        templates = {catalogues.MESSAGES: catalogues.messages_template(root)}
        templates |= {one.domain: catalogues.document_template(one, text) for one, text in self.english.items()}
        self.catalogues = {
            domain: catalogues.updated(catalogues.read_catalogue(self.folder, domain), template)
            for domain, template in templates.items()
        }

    def _read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def open_entries(self):
        """List what is left to be translated."""
        return [
            Open(domain, entry.locations[0][0], entry.id, entry.fuzzy)
            for domain, catalogue in self.catalogues.items()
            for entry in catalogue
            if entry.id and (entry.fuzzy or not entry.string)
        ]

    def count(self):
        """Return the number of entries."""
        return sum(bool(entry.id) for catalogue in self.catalogues.values() for entry in catalogue)

    def write_catalogues(self):
        """Write all catalogues."""
        for domain, catalogue in self.catalogues.items():
            catalogues.write_catalogue(self.folder, domain, catalogue, self.language.code)

    def stale_catalogues(self):
        """List the files of catalogues that are not as they would be written."""
        with TemporaryDirectory() as folder:
            for domain, catalogue in self.catalogues.items():
                catalogues.write_catalogue(Path(folder), domain, catalogue, self.language.code)
            written = sorted(Path(folder).iterdir())
            return [one.name for one in written if not _same(one, self.folder / one.name)]

    def built(self):
        """Build the documents.

        Returns
        -------
        dict
            For each path what belongs there. What is not translated yet stays in English.

        Raises
        ------
        ValueError
            If a link leads to a heading that is not there, or a notebook has no cell ids.
        """
        translate = {one.domain: partial(_translation, self.catalogues[one.domain]) for one in self.documents}
        headings = {one.path: headings_of(one, text, translate[one.domain]) for one, text in self.english.items()}
        by_path = {document.path: document for document in self.documents}
        address = parse(repository()) if repository() else None
        files = {}
        for document, content in self.english.items():
            path = document.path_in(self.language.tag)
            link = partial(
                relinked, document=document, path=path, tag=self.language.tag, documents=by_path, headings=headings
            )
            before = self._read(path) if (self.root / path).exists() else None
            text = translated(document, content, before, translate[document.domain], link, self.language)
            files[path] = text if document.is_notebook else with_address(text, path, self.root, address)
        return files

    def write_documents(self):
        """Build the documents and write those that have changed; returns their paths."""
        changed = self.out_of_date()
        for path, content in changed.items():
            (self.root / path).parent.mkdir(exist_ok=True)
            write_whole(self.root / path, lambda file, content=content: file.write(content.encode()))
        return list(changed)

    def out_of_date(self):
        """Return what is built and stands otherwise, or not at all, in the folder of the course."""
        files = self.built()
        return {path: text for path, text in files.items()
                if not (self.root / path).exists() or self._read(path) != text}  # fmt: skip


def _same(one, other):
    return other.exists() and one.read_bytes() == other.read_bytes()


def _translation(catalogue, unit):
    entry = catalogue.get(unit.text, unit.context)
    return entry.string if entry is not None and entry.string and not entry.fuzzy else None
