"""Packages of this environment as wheels that need no compiler: what the browser loads beside what Pyodide has."""

import zipfile
from importlib.metadata import distribution, version
from pathlib import Path

import nbkit

SKIPPED = {".so", ".pyd", ".pyc", ".dylib"}  # compiled for this machine; the packages below do without
FOR_TRANSLATORS = {".po", ".pot"}  # gettext reads what is made of them
DATE = (1980, 1, 1, 0, 0, 0)  # of every file, so that the same packages make the same bytes
ROOT = Path(nbkit.__file__).parent
# A browser writes no site and no translation, and has no server.
UNUSED = {"translation", "web", "server.py", "nbkit-server.json", "nbkit-nbconvert.json"}
WHEEL = "Wheel-Version: 1.0\nGenerator: nbkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def installed(name, folder):
    """Write the wheel of an installed package of Python files.

    Parameters
    ----------
    name : str
    folder : str or pathlib.Path

    Returns
    -------
    pathlib.Path
        The wheel.
    """
    found = distribution(name)
    files = {
        path.as_posix(): path.locate().read_bytes()
        for path in found.files
        if ".." not in path.parts and "__pycache__" not in path.parts and path.suffix not in SKIPPED
    }
    info = next(path.split("/")[0] for path in files if path.split("/")[0].endswith(".dist-info"))
    kept = {path: content for path, content in files.items() if not _bookkeeping(path, info)}
    return write(folder, name, found.version, kept, info)


def _bookkeeping(path, info):
    """Whether a file only tells how the package came to this machine."""
    return path in {f"{info}/{name}" for name in ("RECORD", "WHEEL", "INSTALLER", "REQUESTED", "direct_url.json")}


def own(folder):
    """Write the wheel of nbkit as it stands here.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    pathlib.Path
        The wheel.
    """
    files = {
        f"nbkit/{path.relative_to(ROOT).as_posix()}": path.read_bytes()
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix not in FOR_TRANSLATORS
        and path.relative_to(ROOT).parts[0] not in UNUSED
    }
    info = f"nbkit-{version('nbkit')}.dist-info"
    files[f"{info}/METADATA"] = distribution("nbkit").read_text("METADATA").encode()
    licence = ROOT.parent / "LICENSE"
    if licence.is_file():
        files[f"{info}/licenses/LICENSE"] = licence.read_bytes()
    return write(folder, "nbkit", version("nbkit"), files, info)


def write(folder, name, version, files, info):
    """Write a wheel.

    Parameters
    ----------
    folder : str or pathlib.Path
    name, version : str
    files : dict
        Contents, in bytes, by their paths.
    info : str
        The folder in it that tells of it.

    Returns
    -------
    pathlib.Path
        The wheel; the same files make the same bytes.
    """
    files = {path: files[path] for path in sorted(files)} | {f"{info}/WHEEL": WHEEL.encode()}
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    path = Path(folder, f"{name.replace('-', '_')}-{version}-py3-none-any.whl")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for place, content in {**files, f"{info}/RECORD": record.encode()}.items():
            wheel.writestr(zipfile.ZipInfo(place, DATE), content, zipfile.ZIP_DEFLATED, 9)
    return path


def modules(path):
    """Return the names under which what a wheel holds is imported.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of str
    """
    with zipfile.ZipFile(path) as wheel:
        tops = {place.split("/")[0] for place in wheel.namelist() if place.endswith(".py")}
    return sorted(top.removesuffix(".py") for top in tops)
