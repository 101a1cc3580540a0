"""The folder of a site: written as a whole, and never over something else."""

from pathlib import Path

from nbkit.files import write_whole
from nbkit.messages import _

LIST = "files-of-the-site.txt"


def check(folder):
    """Refuse a folder that holds something other than an earlier site."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(_("{} is a file; a site needs a folder").format(folder))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LIST).is_file():
        rule = _("{} is neither empty nor a site that was made by this command: choose another folder")
        raise ValueError(rule.format(folder))


def write(folder, files):
    """Put a site, texts or bytes by name, in place of the one before; what others have put beside it stays."""
    check(folder)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _earlier(folder) - files.keys():
        (folder / name).unlink(missing_ok=True)
    files = files | {LIST: "".join(f"{name}\n" for name in files)}
    for name, text in files.items():
        content = text if isinstance(text, bytes) else text.encode()  # the line ends stay as they are, on Windows too
        write_whole(folder / name, lambda file, content=content: file.write(content))


def _earlier(folder):
    """Names of the files of the site that is there, and never a path that leads out of its folder."""
    if not (folder / LIST).is_file():
        return set()
    names = (folder / LIST).read_text(encoding="utf-8").splitlines()
    return {name for name in names if Path(name).name == name and name != ".."}
