"""The course as static pages: to read without Python, from a folder or any web server, with nothing from outside."""

from pathlib import Path

from nbkit.messages import _
from nbkit.web import folder


def build(notebooks, out, stored=False):
    """Write the pages of some notebooks, an index and what they need.

    Parameters
    ----------
    notebooks : iterable of str or pathlib.Path
        In the order of the course.
    out : str or pathlib.Path
        A folder that is new, empty, or holds what an earlier call has made.
    stored : bool
        Take the outputs that are stored in the notebooks instead of running them: widgets are then still pictures.

    Returns
    -------
    list of str
        Names of the files.

    Raises
    ------
    ValueError
        If a notebook cannot be read, run or shown, or `out` holds something else. Nothing is written then.
    """
    from nbkit.web import pages, run  # they load nbconvert, which takes a second

    folder.check(out)
    read = {path: _read(path) for path in map(Path, notebooks)}
    if not read:
        raise ValueError(_("there are no notebooks to show"))
    if not stored:
        run.run_all(read)
    files = pages.render(read)
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
