"""Brings catalogues up to date with the English course, and builds the documents of another language from them."""

from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nbkit.files import write_whole
from nbkit.translation import catalogues
from nbkit.translation.documents import documents_of, texts_of, translated
from nbkit.translation.links import headings_of, in_own_language
from nbkit.translation.mistakes import mistake_in_message, mistakes_of
from nbkit.web.address import parse, repository
from nbkit.web.links import relinked as with_address


class OpenEntry(NamedTuple):
    """An entry that is not translated, or not well."""

    domain: str
    place: str  # the file or the cell in which it stands first
    text: str
    why: str  # "missing", "fuzzy" where the English has changed since, or what is wrong with the translation

    @property
    def is_fuzzy(self):
        return self.why == "fuzzy"


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
        """List what is left to be translated, or to be mended."""
        return [
            OpenEntry(domain, entry.locations[0][0], entry.id, why)
            for domain, catalogue in self.catalogues.items()
            for entry in catalogue
            if entry.id and (why := _why_open(entry) or self._mistakes.get((domain, entry.id, entry.context)))
        ]

    @cached_property
    def _mistakes(self):
        """Find the mistakes of translators: what is wrong, by domain, text and context."""
        found = {}
        for document, content in self.english.items():
            translate = partial(_translation, self.catalogues[document.domain])
            for text in texts_of(document, content):
                for unit, said in mistakes_of(text, translate):
                    found[document.domain, unit.text, unit.context] = said
        for entry in self.catalogues[catalogues.MESSAGES]:
            if entry.id and not _why_open(entry) and (said := mistake_in_message(entry.id, entry.string)):
                found[catalogues.MESSAGES, entry.id, entry.context] = said
        return found

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
            For each path what belongs there. What is not translated yet, or with a mistake, stays in English.

        Raises
        ------
        ValueError
            If a link leads to a heading that is not there, or a notebook has no cell ids.
        """
        translate = {one.domain: partial(self._translation, one.domain) for one in self.documents}
        headings = {one.path: headings_of(one, text, translate[one.domain]) for one, text in self.english.items()}
        by_path = {document.path: document for document in self.documents}
        address = parse(repository()) if repository() else None
        files = {}
        for document, content in self.english.items():
            path = document.path_in(self.language.tag)
            link = partial(
                in_own_language, document=document, path=path, tag=self.language.tag,
                documents=by_path, headings=headings,
            )  # fmt: skip
            text = translated(document, content, self._standing(path), translate[document.domain], link, self.language)
            files[path] = text if document.is_notebook else with_address(text, path, self.root, address)
        return files

    def _translation(self, domain, unit):
        wrong = (domain, unit.text, unit.context) in self._mistakes
        return None if wrong else _translation(self.catalogues[domain], unit)

    def _standing(self, path):
        """Return the file that stands at a path, None if there is none that can be read."""
        try:
            return self._read(path)
        except (FileNotFoundError, UnicodeDecodeError):
            return None

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
        return {path: text for path, text in files.items() if self._standing(path) != text}


def _same(one, other):
    return other.exists() and one.read_bytes() == other.read_bytes()


def _why_open(entry):
    return "fuzzy" if entry.fuzzy else "" if entry.string else "missing"


def _translation(catalogue, unit):
    entry = catalogue.get(unit.text, unit.context)
    return None if entry is None or _why_open(entry) else entry.string
