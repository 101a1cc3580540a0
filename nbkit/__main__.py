"""Commands: ``site`` and ``lite`` write the course for the web, ``address`` sets where it is there."""

import argparse
import sys
from pathlib import Path

from nbkit.messages import _

NOTEBOOKS = Path("notebooks")


def main(arguments=None):
    """Run a command line; returns 0, or 2 after saying what is wrong."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(_('{} is missing: pip install -e ".[site]"').format(error.name), file=sys.stderr)
        return 2
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m nbkit")
    commands = parser.add_subparsers(required=True, metavar="command")
    out = _("folder of the site; default: %(default)s")
    where = _("where Pyodide comes from: its folder, an archive of it, or an address; default: its public one")
    site = commands.add_parser(
        "site",
        help=_("write the course as static pages"),
        description=_("Runs the notebooks and writes them as pages that need no Python and nothing from the internet."),
    )
    site.add_argument("notebook", nargs="*", type=Path, help=_("default: all in the folder notebooks"))
    site.add_argument("--out", type=Path, default=Path("site"), help=out)
    site.add_argument("--stored", action="store_true", help=_("do not run them: quick, but graphs do not step"))
    site.add_argument(
        "--live", action="store_true", help=_("add the browser edition, in which each chapter can be run")
    )
    site.add_argument("--pyodide", metavar="DIR_OR_URL", help=where)
    site.set_defaults(run=_write_site)
    lite = commands.add_parser(
        "lite",
        help=_("write the browser edition alone"),
        description=_("Writes JupyterLab, Python and the notebooks as plain files, which run in a browser tab."),
    )
    lite.add_argument("--out", type=Path, default=Path("live"), help=out)
    lite.add_argument("--pyodide", metavar="DIR_OR_URL", help=where)
    lite.set_defaults(run=_write_lite)
    address = commands.add_parser(
        "address",
        help=_("set the address of the course on GitHub"),
        description=_("Sets the address of the course in pyproject.toml, and every link that follows from it."),
    )
    address.add_argument("address", nargs="?", help=_("OWNER/REPOSITORY; default: where git has cloned it from"))
    address.set_defaults(run=_set_address)
    return parser


def _write_site(options):
    if options.pyodide and not options.live:
        raise ValueError(_("--pyodide is for --live, the browser edition"))
    from nbkit.web import build

    notebooks = options.notebook or sorted(NOTEBOOKS.glob("*.ipynb"))
    files = build(notebooks, options.out, options.stored, live=options.live, pyodide=options.pyodide)
    print(_("{count} files; open {page}").format(count=len(files), page=options.out / "index.html"))
    if options.live:
        _say_how_to_serve(options.out)


def _write_lite(options):
    from nbkit.web.live import write

    edition = write(NOTEBOOKS, options.out, options.pyodide)
    words = _("Pyodide {version}; {size} MB come over the line until the first chapter is alive")
    print(words.format(version=edition.pyodide, size=edition.megabytes))
    _say_how_to_serve(options.out)


def _say_how_to_serve(folder):
    words = _("Browsers run it from a web server only. Here: python -m http.server --directory {folder}")
    print(words.format(folder=folder))


def _set_address(options):
    """Set the address of the course in the present folder, and say what is left to be done on GitHub."""
    from nbkit.web.address import origin, parse, set_address

    text = origin(".") if options.address is None else options.address
    files, address = set_address(".", text), parse(text)
    print(_("{address}: changed {files}").format(address=address.repository, files=", ".join(files) or _("nothing")))
    rule = _("Choose GitHub Actions as the source at {settings}: from the next push on, {site} shows the course.")
    print(rule.format(settings=f"{address.repository}/settings/pages", site=address.site))


if __name__ == "__main__":
    sys.exit(main())
