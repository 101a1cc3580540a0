"""The course in a browser tab: JupyterLab, Python and all notebooks as plain files, which any web server can host."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nbkit.messages import _


class Edition(NamedTuple):
    """A browser edition that has been written: `megabytes` come over the line before its first chapter is alive."""

    megabytes: float
    pyodide: str  # the version


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
    from nbkit.web.live import app, graphviz, packages, page, wheels
    from nbkit.web.live.pyodide import lock_in, opened

    notebooks, out = Path(notebooks).resolve(), Path(out).resolve()
    chapters = sorted(notebooks.glob("*.ipynb"))
    if not chapters:
        raise ValueError(_("there are no notebooks in {}").format(notebooks))
    with TemporaryDirectory() as folder, opened(pyodide) as distribution:
        tools, work, python = (Path(folder, name) for name in ("tools", "work", "pyodide"))
        work.mkdir()
        app.install_tools(tools)
        wanted, entry = app.kernel_facts(tools)
        _check_versions(wanted, distribution.version)
        made = {name: wheels.installed(name, work) for name in packages.INSTALLED}
        made |= {"nbkit": wheels.own(work), "nbkit-graphviz": graphviz.wheel(work)}
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
        app.build(tools, work, out, notebooks, config, page.OVERRIDES, [made["comm"]])
        shutil.move(python, out / "pyodide")
    files = [{"url": f"pyodide/{name}", "bytes": (out / "pyodide" / name).stat().st_size} for name in early]
    page.dress(out, files=files, chapters=chapters, back=back)
    facts = json.loads((out / "nbkit" / "facts.json").read_text(encoding="utf-8"))
    return Edition(facts["megabytes"], distribution.version)


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
        folder.write(out, files | {"licences.html": licences.document(made)})
    return edition


def _check_versions(wanted, found):
    same = found.split(".")[:2]
    if wanted.split(".")[: len(same)] != same:
        raise ValueError(_("this kernel of JupyterLite needs Pyodide {}, got {}").format(wanted, found))
