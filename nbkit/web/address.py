"""Where the course is on the web: one place in pyproject.toml, and the links that documents make of it."""

import configparser
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from nbkit.files import write_whole
from nbkit.messages import _, kind_of
from nbkit.web.links import relinked

PLACEHOLDER = "OWNER/REPOSITORY"  # stands in pyproject.toml until the course has an address on the web
DOCUMENTS = ("*.md", "binder/*.md", "notebooks/*.md", "notebooks/*/*.md", ".github/*.md")
CHECKOUT = Path(__file__).parents[2]  # if nbkit runs from one

FORMS = re.compile(
    r"(?i:https?://(?:[^@/\s]*@)?github\.com/|(?:ssh://)?git@github\.com[:/]|)([^/\s]*)/([^/\s]*?)(?:\.git)?/?"
)
OWNER = re.compile(r"(?=.{1,39}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*(_[A-Za-z0-9]+)?")  # _ and more: given by an enterprise
NAME = re.compile(r"(?!\.\.?$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}")
ENTRY = re.compile(
    r'(^[ \t]*\[project\.urls\][ \t]*(?:#[^\n]*)?\r?$(?:(?!^[ \t]*\[).)*?^[ \t]*Repository[ \t]*=[ \t]*")[^"\n]*(?=")',
    re.MULTILINE | re.DOTALL,
)


class Address(NamedTuple):
    """A repository on GitHub, and the addresses that follow from it."""

    owner: str
    name: str

    @property
    def repository(self):
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def site(self):
        """Where GitHub Pages shows the site of the repository."""
        host = f"{self.owner}.github.io".lower()
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"

    def binder(self, place):
        """Return where Binder opens a notebook; `place` is its path from the root of the repository."""
        return binder(self.repository, place)

    def tab(self, place):
        """Return where a notebook of the course opens in a browser tab."""
        return f"{self.site}live/lab/index.html?path={quote(place.removeprefix('notebooks/'))}"


def site_of(repository):
    """Return where the site of a repository on GitHub is shown, or nothing for another one."""
    try:
        return parse(repository).site
    except ValueError:
        return ""


def binder(repository, place):
    """Return where Binder opens a notebook, or nothing: it knows repositories on GitHub."""
    names = repository.removeprefix("https://github.com/")
    return f"https://mybinder.org/v2/gh/{names}/HEAD?urlpath=lab/tree/{quote(place)}" if names != repository else ""


# ---------------------------------------------------------------- which address


def parse(text):
    """Return the `Address` that ``OWNER/REPOSITORY`` or an address of GitHub names.

    Raises
    ------
    TypeError, ValueError
        If it is no text, or not one of these, or if GitHub would not allow such a name.
    """
    if not isinstance(text, str):
        raise TypeError(_("an address is text such as {}, got {}").format(PLACEHOLDER, kind_of(text)))
    found = FORMS.fullmatch(text.strip())
    if not found:
        rule = _("an address is one of {}, got {}")
        forms = f"{PLACEHOLDER}, https://github.com/{PLACEHOLDER}, git@github.com:{PLACEHOLDER}.git"
        shown = re.sub(r"//[^/]*@", "//", text)  # a password may stand before the @
        raise ValueError(rule.format(forms, kind_of(shown)))
    owner, name = found.groups()
    if f"{owner}/{name}" == PLACEHOLDER:
        raise ValueError(_("put your own names in the place of {}").format(PLACEHOLDER))
    if not OWNER.fullmatch(owner):
        rule = _("an owner on GitHub has 1 to 39 letters (a to z), digits and single hyphens between them, got {}")
        raise ValueError(rule.format(kind_of(owner)))
    if not NAME.fullmatch(name):
        rule = _("a repository on GitHub has 1 to 100 letters (a to z), digits, hyphens, underscores and dots, "
                 "does not end with .git and is not . or .., got {}")  # fmt: skip
        raise ValueError(rule.format(kind_of(name)))
    return Address(owner, name)


def origin(root):
    """Return the address from which git has cloned the checkout `root`; a ValueError says that there is none."""
    place = Path(root) / ".git" / "config"
    settings = configparser.ConfigParser(strict=False, allow_no_value=True, interpolation=None)
    try:
        settings.read_string(place.read_text(encoding="utf-8"))
        return settings['remote "origin"']["url"] or ""
    except (OSError, UnicodeDecodeError, KeyError, configparser.Error):
        rule = _("{} names no origin: say which address, as in python -m nbkit address {}")
        raise ValueError(rule.format(place, PLACEHOLDER)) from None


def repository():
    """Return the course's address on the web as text, or nothing where it has none yet, or nbkit is not installed.

    A checkout is asked before what is installed: the latter knows the address of the day of its installation.
    """
    try:
        found = _project(CHECKOUT)[1].get("urls", {}).get("Repository", "")
    except ValueError:
        try:
            addresses = metadata("nbkit").get_all("Project-URL") or []
        except PackageNotFoundError:
            return ""
        found = next((a.split(", ")[1] for a in addresses if a.startswith("Repository, ")), "")
    return "" if PLACEHOLDER in found else found


def _project(root):
    """Return the text of the course's pyproject.toml, and what it says about the project."""
    path = Path(root) / "pyproject.toml"
    try:
        text = _read(path)
        project = tomllib.loads(text)["project"]
        known = project["name"] == "nbkit"
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(_("{} is not that of the course: {}").format(path, error)) from None
    if not known:
        raise ValueError(_("{} is not that of the course").format(path))
    return text, project


# ---------------------------------------------------------------- what follows from it


def set_address(root, address):
    """Write the address of the course into pyproject.toml, and all links that follow from it into the documents.

    Everything is read and checked before the first file is written. What a document says outside of its marks stays.

    Parameters
    ----------
    root : str or pathlib.Path
        The folder of pyproject.toml.
    address : str
        ``OWNER/REPOSITORY``, or the address of a repository on GitHub.

    Returns
    -------
    list of str
        Names of the files that were changed: none, if they had this address.

    Raises
    ------
    ValueError
        If it is not an address, or a document cannot be understood. Nothing is written then.
    """
    files = changes(root, parse(address))
    for name, text in files.items():
        write_whole(Path(root) / name, lambda file, text=text: file.write(text.encode()))
    return list(files)


def changes(root, address):
    """Return the new texts of the files that differ from what they should be; `address` None is for none yet."""
    root = Path(root)
    old, _about = _project(root)
    url = address.repository if address else f"https://github.com/{PLACEHOLDER}"
    new, times = ENTRY.subn(lambda found: found[1] + url, old)
    if times != 1 or tomllib.loads(new)["project"]["urls"]["Repository"] != url:
        rule = _('{} needs a line Repository = "..." below [project.urls]')
        raise ValueError(rule.format(root / "pyproject.toml"))
    texts = {"pyproject.toml": (old, new)}
    for pattern in DOCUMENTS:
        for path in sorted(root.glob(pattern)):
            text, page = _read(path), path.relative_to(root).as_posix()
            texts[page] = text, relinked(text, page, root, address)
    return {name: new for name, (old, new) in texts.items() if new != old}


def _read(path):
    """Read a text with the line ends that it has."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise ValueError(_("{} is not text in UTF-8").format(path)) from None
