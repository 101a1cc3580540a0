"""Catalogues: gettext's files, one for the messages of nbkit and one for each document, read and written by Babel."""

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from nbkit.drawing.graph.steps import english_texts
from nbkit.files import write_whole
from nbkit.messages import _
from nbkit.translation.documents import texts_of
from nbkit.translation.mistakes import mistake_in_message

MESSAGES = "nbkit"  # the catalogue of the sentences in nbkit's own code
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]  # of Babel, and the one that Jinja2 brings
KEYWORDS = {"_": None, "in_all_languages": None}  # functions that are given a sentence to be translated


def folder_of(root, language):
    """Return where the catalogues of a language are."""
    return root / "nbkit" / "locale" / language / "LC_MESSAGES"


def messages_template(root):
    """Collect what passes through ``_`` in nbkit's code, with its files and the comments for translators."""
    template = Catalog(charset="utf-8")
    comments = {"comment_tags": ["Translators:"], "strip_comment_tags": True}
    found = extract_from_dir(root / "nbkit", METHODS, keywords=KEYWORDS, **comments)
    for file, _line, message, told, context in found:
        template.add(message, locations=[(f"nbkit/{file}", None)], auto_comments=told, context=context)
    for rule in english_texts() if (root / "nbkit" / "layers.py").exists() else ():
        template.add(rule, locations=[("nbkit/layers.py", None)])
    return template


def document_template(document, content):
    """Collect the units of a document, with the cells in which they are."""
    template = Catalog(charset="utf-8")
    for text in texts_of(document, content):
        for unit in text.units:
            template.add(unit.text, locations=[(text.place, None)], context=unit.context)
    return template


def read_catalogue(folder, domain):
    """Read a catalogue; one that is not there yet is empty. A ValueError names a file that is none."""
    path = folder / f"{domain}.po"
    if not path.exists():
        return Catalog(charset="utf-8")
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ValueError(_("{path} cannot be read as a catalogue: {error}").format(path=path, error=error)) from error
    for entry in catalogue:  # Babel takes what an entry said before for a comment
        entry.user_comments = [comment for comment in entry.user_comments if not comment.startswith("|")]
    return catalogue


def updated(catalogue, template):
    """Bring a catalogue up to date, and return it: a text that has changed a little is kept, marked as fuzzy."""
    catalogue.update(template)
    for entry in catalogue:  # a single word is like many others: that is no help
        if entry.fuzzy and entry.id and " " not in entry.id:
            entry.string, entry.flags, entry.previous_id = "", entry.flags - {"fuzzy"}, ()
    return catalogue


def write_catalogue(folder, domain, catalogue, code):
    """Write a catalogue as text, and that of the messages also as what gettext reads."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = _plain(domain, code, catalogue)
    plain.obsolete = catalogue.obsolete  # translations of what may come back
    write_whole(folder / f"{domain}.po", lambda file: write_po(file, plain, width=0))
    if domain == MESSAGES:
        # What would raise where it is said is left in English.
        good = [entry for entry in catalogue if not entry.string or not mistake_in_message(entry.id, entry.string)]
        write_whole(folder / f"{domain}.mo", lambda file: write_mo(file, _plain(domain, code, good)))


def _plain(domain, code, entries):
    plain = _Plain(code, header_comment=f"# {domain}, in the language {code}.", fuzzy=False)
    for entry in entries:
        if entry.id:
            plain[entry.id] = entry
    return plain


class _Plain(Catalog):
    """A catalogue whose head names no dates, persons and versions: the same texts make the same file."""

    @property
    def mime_headers(self):
        kind = f"text/plain; charset={self.charset}"
        return [("Language", self.locale_identifier), ("MIME-Version", "1.0"), ("Content-Type", kind),
                ("Content-Transfer-Encoding", "8bit")]  # fmt: skip
