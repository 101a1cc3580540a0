"""Commands: ``python -m nbkit site`` writes the course as static pages, ``address`` sets where it is on the web."""

import argparse
import sys
from pathlib import Path

from nbkit.messages import _


def main(arguments=None):
    """Run a command line; returns 0, or 2 after saying what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m nbkit")
    commands = parser.add_subparsers(required=True, metavar="command")
    site = commands.add_parser(
        "site",
        help=_("write the course as static pages"),
        description=_("Runs the notebooks and writes them as pages that need no Python and nothing from the internet."),
    )
    site.add_argument("notebook", nargs="*", type=Path, help=_("default: all in the folder notebooks"))
    site.add_argument("--out", type=Path, default=Path("site"), help=_("folder of the pages; default: %(default)s"))
    site.add_argument("--stored", action="store_true", help=_("do not run them: quick, but graphs do not step"))
    address = commands.add_parser(
        "address",
        help=_("set the address of the course on GitHub"),
        description=_("Sets the address of the course in pyproject.toml, and every link that follows from it."),
    )
    address.add_argument("address", nargs="?", help=_("OWNER/REPOSITORY; default: where git has cloned it from"))
    options = parser.parse_args(arguments)
    if "address" in options:
        return _set_address(options.address)
    try:
        from nbkit.web import build

        files = build(options.notebook or sorted(Path("notebooks").glob("*.ipynb")), options.out, options.stored)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(_('{} is missing: pip install -e ".[site]"').format(error.name), file=sys.stderr)
        return 2
    print(_("{count} files; open {page}").format(count=len(files), page=options.out / "index.html"))
    return 0


def _set_address(text):
    """Set the address of the course in the present folder, and say what is left to be done on GitHub."""
    from nbkit.web.address import origin, parse, set_address

    try:
        text = origin(".") if text is None else text
        files, address = set_address(".", text), parse(text)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(_("{address}: changed {files}").format(address=address.repository, files=", ".join(files) or _("nothing")))
    rule = _("Choose GitHub Actions as the source at {settings}: from the next push on, {site} shows the course.")
    print(rule.format(settings=f"{address.repository}/settings/pages", site=address.site))
    return 0


if __name__ == "__main__":
    sys.exit(main())
