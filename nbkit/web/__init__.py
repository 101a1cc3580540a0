"""The course as static pages: to read without Python, from a folder or any web server, with nothing from outside."""

from pathlib import Path
from tempfile import TemporaryDirectory

from nbkit.messages import _
from nbkit.web import folder


def build(notebooks, out, stored=False, live=False, pyodide=None):
    """Write the pages of some notebooks, an index and what they need.

    Parameters
    ----------
    notebooks : iterable of str or pathlib.Path
        In the order of the course. A folder is in one language: that of its name, such as zh-CN, or of its notebooks.
    out : str or pathlib.Path
        A folder that is new, empty, or holds what an earlier call has made.
    stored : bool
        Take the outputs that are stored in the notebooks instead of running them: widgets are then still pictures.
    live : bool
        Add the browser edition, in the folder `live` of the site: each page then opens its chapter there.
    pyodide : str or pathlib.Path, optional
        Where the browser edition takes Python from, as `nbkit.web.live.build` does.

    Returns
    -------
    list of str
        Names of the files.

    Raises
    ------
    ValueError
        If a notebook cannot be read, run or shown, the browser edition cannot be made, or `out` holds something else.
        Nothing is written then.
    """
    from nbkit.web import run  # they load nbconvert, which takes a second
    from nbkit.web.pages import LIVE
    from nbkit.web.site import Site

    folder.check(out)
    read = {path: _read(path) for path in map(Path, notebooks)}
    if not read:
        raise ValueError(_("there are no notebooks to show"))
    site = Site(read)
    with TemporaryDirectory() as scratch:
        if live:
            from nbkit.web import live as edition

            edition.build(site.folder, Path(scratch) / LIVE, pyodide=pyodide, back="../")
            site.add_live(Path(scratch) / LIVE)
        if not stored:
            run.run_all(site.languages)
        files = site.files()
        folder.write(out, files)
    return list(files)


def _read(path):
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise ValueError(_("there is no notebook {}").format(path)) from None
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise ValueError(_("cannot read {} as a notebook: {}").format(path, error)) from error
