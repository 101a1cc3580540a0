"""Commands: ``site`` and ``lite`` write the course for the web, ``address`` sets where it is there; for teachers,
``report`` writes what a class has handed in, and ``assignment`` chapters for nbgrader; for translators, ``translate``
builds the course in other languages.
"""

import argparse
import sys
from pathlib import Path

from nbkit.messages import _, listed

NOTEBOOKS = Path("notebooks")


def main(arguments=None):
    """Run a command line; returns 0, or 2 after saying what is wrong, or 130 where Ctrl+C has stopped it."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):  # a console of another writing shows signs for what it lacks
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return options.run(options) or 0
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        words = _('{name} is missing: pip install -e ".[{extra}]"')
        print(words.format(name=error.name, extra=getattr(options, "extra", "site")), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return 130


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
    report = commands.add_parser(
        "report",
        help=_("write what a class has handed in as a page and as tables"),
        description=_(
            "Reads the notebooks that a class has handed in, a folder or a file name prefix for each learner, and "
            "writes report.html, report.csv and points.csv. It reads stored outputs and runs nothing, but with --run."
        ),
    )
    report.add_argument("folder", type=Path, help=_("what the class has handed in"))
    report.add_argument(
        "--out", type=Path, default=Path("report"), help=_("folder of the report; default: %(default)s")
    )
    report.add_argument(
        "--run",
        dest="again",
        action="store_true",
        help=_("run the answers again; they are strangers' code: see binder/README.md"),
    )
    report.add_argument("--seconds", type=float, help=_("with --run: for a notebook; default: 300"))
    report.add_argument("--memory", type=float, metavar="MB", help=_("with --run: for a notebook; default: 1000"))
    report.add_argument("--jobs", type=int, metavar="N", help=_("with --run: notebooks at the same time"))
    report.set_defaults(run=_write_report, extra="report")
    assignment = commands.add_parser(
        "assignment",
        help=_("write chapters as assignments for nbgrader"),
        description=_("Writes notebooks for nbgrader's folder source: below each exercise stands a test, for a point."),
    )
    assignment.add_argument("chapter", nargs="+", help=_("its number, such as 02"))
    assignment.add_argument("--out", type=Path, default=Path("source"), help=_("default: %(default)s"))
    assignment.add_argument(
        "--notebooks", type=Path, default=NOTEBOOKS, help=_("folder of the course's notebooks; default: %(default)s")
    )
    assignment.add_argument(
        "--solutions", action="store_true", help=_("leave the solutions in, folded up below the exercises")
    )
    assignment.set_defaults(run=_write_assignments, extra="report")
    translate = commands.add_parser(
        "translate",
        help=_("bring the course in other languages up to date"),
        description=_("Collects what is to be translated, and builds the notebooks and pages of the other languages."),
    )
    translate.add_argument("language", nargs="*", help=_("such as zh_CN; default: all"))
    translate.add_argument("--check", action="store_true", help=_("write nothing, and list what is left to be done"))
    translate.set_defaults(run=_translate, extra="translate")
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
    from nbkit.web.languages import notebooks_in

    notebooks = options.notebook or notebooks_in(NOTEBOOKS)
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


def _write_report(options):
    from nbkit.classroom.command import write_report

    limits = {"seconds": options.seconds, "megabytes": options.memory, "jobs": options.jobs}
    return write_report(options.folder, options.out, options.again, **limits)


def _write_assignments(options):
    from nbkit.classroom.assignment import write_assignments

    written = write_assignments(options.chapter, options.out, options.notebooks, options.solutions)
    for notebook, names in written:
        print(_("{notebook}: points: {count}, for {names}").format(
            notebook=notebook, count=len(names), names=listed(names)))  # fmt: skip
    print(_("Next, for each: nbgrader generate_assignment {name}").format(name=written[0][0].stem))


def _translate(options):
    from nbkit.translation.command import translate

    return translate(options.language, options.check)


def _set_address(options):
    """Set the address of the course in the present folder, and say what is left to be done on GitHub."""
    from nbkit.web.address import origin, parse, set_address

    text = origin(".") if options.address is None else options.address
    files, address = set_address(".", text), parse(text)
    print(_("{address}: changed {files}").format(address=address.repository, files=listed(files) or _("nothing")))
    rule = _("Choose GitHub Actions as the source at {settings}: from the next push on, {site} shows the course.")
    print(rule.format(settings=f"{address.repository}/settings/pages", site=address.site))


if __name__ == "__main__":
    sys.exit(main())
