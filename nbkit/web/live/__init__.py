"""The course in a browser tab: JupyterLab, Python and all notebooks as plain files, which any web server can host."""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nbkit.languages import ENGLISH
from nbkit.messages import _, speaking


class Edition(NamedTuple):
    """A browser edition that has been written: `megabytes` come over the line before its first chapter is alive."""

    megabytes: float
    pyodide: str  # the version
    languages: tuple = (("", ENGLISH),)  # and the folder of each


def build(notebooks, out, *, pyodide=None, back=None):
    """Write the browser edition of the notebooks of a folder.

    Parameters
    ----------
    notebooks : str or pathlib.Path
        The folder that JupyterLab will show.
    out : str or pathlib.Path
        A folder that is new or empty.
    pyodide : str or pathlib.Path, optional
        Where Python for the browser comes from: a folder, an archive, or an address; by default its public one.
    back : str, optional
        The address of the reading pages, seen from `out`, if there are any.

    Returns
    -------
    Edition

    Raises
    ------
    ValueError
        If something that the site needs cannot be had, in one sentence.
    """
    import nbformat

    from nbkit.web.languages import courses_of, notebooks_in
    from nbkit.web.live import app, graphviz, han, packages, page, wheels
    from nbkit.web.live.pyodide import lock_in, opened
    from nbkit.web.live.words import overrides

    notebooks, out = Path(notebooks).resolve(), Path(out).resolve()
    courses = courses_of({path: nbformat.read(path, as_version=4) for path in notebooks_in(notebooks)})
    if not courses:
        raise ValueError(_("there are no notebooks in {}").format(notebooks))
    with TemporaryDirectory() as folder, opened(pyodide) as distribution:
        tools, work, python = (Path(folder, name) for name in ("tools", "work", "pyodide"))
        work.mkdir()
        app.install_tools(tools)
        wanted, entry = app.kernel_facts(tools)
        _check_versions(wanted, distribution.version)
        made = {name: wheels.installed(name, work) for name in packages.INSTALLED}
        made |= {"nbkit": wheels.own(work), "nbkit-graphviz": graphviz.wheel(work)}
        if font := _font(courses, work):
            made[han.NAME] = font
        made |= {name: path for name, path in app.kernel_wheels(tools).items() if name in packages.FROM_KERNEL}
        python.mkdir()
        early = packages.write(distribution, entry, made, python)
        kernel = {
            "pyodideUrl": f"./pyodide/{entry}", "disablePyPIFallback": True,
            "loadPyodideOptions": {
                "lockFileURL": f"./pyodide/{lock_in(python).name}",
                # Under both names: older kernels spell it with "_", and ask again for what they do not find.
                "packages": [*packages.at_start(distribution), "pyodide_kernel"],
            },
        }  # fmt: skip
        config = page.CONFIG | {"litePluginSettings": {f"{app.KERNEL}:kernel": kernel}}
        app.build(tools, work, out, notebooks, config, overrides(), [made["comm"]])
        shutil.move(python, out / "pyodide")
    files = [{"url": f"pyodide/{name}", "bytes": (out / "pyodide" / name).stat().st_size} for name in early]
    page.dress(out, files=files, courses=courses, back=back)
    facts = json.loads((out / "nbkit" / "facts.json").read_text(encoding="utf-8"))
    return Edition(facts["megabytes"], distribution.version, tuple((one.place, one.language) for one in courses))


def write(notebooks, out, pyodide=None):
    """Write the browser edition by itself, with its page of licences, in place of the one before.

    Parameters
    ----------
    notebooks : str or pathlib.Path
        The folder that JupyterLab will show.
    out : str or pathlib.Path
        A folder that is new, empty, or holds what an earlier call has made.
    pyodide : str or pathlib.Path, optional
        Where Python for the browser comes from, as for `build`.

    Returns
    -------
    Edition

    Raises
    ------
    ValueError
        If something that the site needs cannot be had, or `out` holds something else. Nothing is written then.
    """
    from nbkit.web import folder
    from nbkit.web.live import licences

    folder.check(out)
    with TemporaryDirectory() as scratch:
        made = Path(scratch, "live")
        edition = build(notebooks, made, pyodide=pyodide)
        files = {path.relative_to(made).as_posix(): path for path in made.rglob("*") if path.is_file()}
        for place, language in edition.languages:
            with speaking(language):
                files[f"{place}licences.html"] = licences.document(made)
        folder.write(out, files)
    return edition


def _font(courses, work):
    """Return the wheel of the font that figures need, if they need one; say so where there is none."""
    from nbkit.web.live import han

    made = han.wheel(courses, work)
    if made is None and any(course.language != ENGLISH for course in courses):
        rule = _("No font here may be passed on to the browser edition: its figures will show boxes instead of "
                 "Chinese. Install Noto Sans CJK, and write it again.")  # fmt: skip
        print(rule, file=sys.stderr)
    return made


def _check_versions(wanted, found):
    same = found.split(".")[:2]
    if wanted.split(".")[: len(same)] != same:
        raise ValueError(_("this kernel of JupyterLite needs Pyodide {}, got {}").format(wanted, found))
