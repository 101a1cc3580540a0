"""Commands: ``python -m nbkit site`` writes the course as static pages."""

import argparse
import sys
from pathlib import Path

from nbkit.messages import _


def main(arguments=None):
    """Run a command line; returns 0, or 2 after saying what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m nbkit")
    site = parser.add_subparsers(required=True, metavar="command").add_parser(
        "site",
        help=_("write the course as static pages"),
        description=_("Runs the notebooks and writes them as pages that need no Python and nothing from the internet."),
    )
    site.add_argument("notebook", nargs="*", type=Path, help=_("default: all in the folder notebooks"))
    site.add_argument("--out", type=Path, default=Path("site"), help=_("folder of the pages; default: %(default)s"))
    site.add_argument("--stored", action="store_true", help=_("do not run them: quick, but graphs do not step"))
    options = parser.parse_args(arguments)
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


if __name__ == "__main__":
    sys.exit(main())
