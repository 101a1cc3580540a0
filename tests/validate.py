"""Runs notebooks and writes a readable report of what differs from what is stored in them.

``python -m tests.validate`` checks every notebook of the course, ``python -m tests.validate notebooks/01*.ipynb`` those
that are named. The report is Markdown; GitHub Actions shows it on the page of the run. The exit code is 0 if all is as
stored, 1 if not, 2 if a notebook that is named does not exist.
"""

import argparse
import contextlib
import io
import os
import re
import sys
import warnings
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
EXECUTE = ".venv/bin/python -m tests.execute"


def code_cells(notebook):
    """Return (number, cell) of the cells with code; the numbers are those that a run from top to bottom shows."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(number, cell) for number, cell in enumerate(cells, 1) if cell.source.strip()]


def unexecuted(notebook):
    """Find cells without a run: nbval has nothing to compare there, and passes them without a word."""
    cells = code_cells(notebook)
    missing = [(number, cell) for number, cell in cells if cell.execution_count is None]
    if len(missing) == len(cells) > 1:
        return [{"kind": "has no outputs", "detail": ["Not one cell is executed, so nothing could be compared."]}]
    words = "is not executed, so nothing could be compared"
    return [{"cell": number, "source": cell.source, "kind": words, "detail": []} for number, cell in missing]


def lost_links(notebook, folder):
    """Find links to files that are not there, as after a notebook has got a new name."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    local = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if not re.match(r"[a-z]+:", link)]
    lost = [link for link in dict.fromkeys(local) if not (folder / unquote(link)).exists()]
    return [{"kind": "links to files that are not there", "detail": lost}] if lost else []


def read(path):
    """Return the notebook at `path`, or None, and what can be said of it before anything runs."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            notebook = nbformat.read(path, as_version=4)
            nbformat.validate(notebook)
    except Exception as error:  # whatever is wrong with the file, the report says it
        reason = str(error).splitlines()[0]
        return None, [{"kind": "cannot be read as a notebook", "detail": [f"{type(error).__name__}: {reason}"]}]
    return notebook, unexecuted(notebook) + lost_links(notebook, path.parent)


class Collector:
    """What pytest found, by notebook: hears the reports of all its processes."""

    def __init__(self):
        self.found = {}

    def add(self, report, kind, detail=()):
        told = getattr(report, "finding", {"kind": kind, "detail": list(detail)})
        self.found.setdefault(Path(report.notebook), []).append(told)

    def pytest_runtest_logreport(self, report):
        if (
            report.failed
        ):  # without a finding: before the first cell or after the last, as when it takes too much memory
            self.add(report, str(report.longrepr).splitlines()[-1])

    def pytest_collectreport(self, report):
        if report.failed:
            self.add(report, "could not be run", str(report.longrepr).splitlines()[-5:])


def run(paths):
    """Run notebooks with the options of pyproject.toml and return what differs, by path."""
    collector, out = Collector(), io.StringIO()
    processes = ["-n0"] if len(paths) == 1 else []  # starts sooner
    above = os.path.commonpath([path.parent for path in paths])  # the names of tests begin below it, and must differ
    options = [
        f"--rootdir={above}",
        f"--config-file={ROOT / 'pyproject.toml'}",
        "-ptests.findings",
        "-pno:cacheprovider",
    ]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), contextlib.chdir(ROOT):
        code = pytest.main([*options, *processes, *map(str, paths)], plugins=[collector])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        sys.exit(f"pytest could not run the notebooks:\n{out.getvalue()}")
    return collector.found


def fenced(lines, language):
    """Put lines into a block that none of them can close."""
    longest = max((len(ticks) for ticks in re.findall("`{3,}", "\n".join(lines))), default=2)
    return [f"{'`' * (longest + 1)}{language}", *lines, "`" * (longest + 1), ""]


def section(name, findings):
    """Write what was found in one notebook."""
    lines = [f"## {name}", ""]
    for found in findings:
        if "cell" not in found:
            lines += [f"The notebook {found['kind']}.", ""]
            lines += fenced(found["detail"], "text") if found["detail"] else []
            continue
        lines += [f"**Cell [{found['cell']}]** {found['kind']}:", ""]
        lines += fenced(found["source"].splitlines(), "python")
        if found["kind"].startswith("shows"):
            lines += ["`-` is stored, `+` came now:", "", *fenced(found["detail"], "diff")]
        elif found["detail"]:
            lines += fenced(found["detail"], "text")
    return lines


def report(found):
    """Write the whole report, of a dict of path to findings."""
    wrong = {path: findings for path, findings in found.items() if findings}
    title = f"{len(wrong)} of {len(found)} notebooks need a look" if wrong else f"{len(found)} as stored"
    lines = [f"# Notebooks: {title}", "", "| notebook | |", "|---|---|"]
    for path, findings in found.items():
        cells = len({finding["cell"] for finding in findings if "cell" in finding})
        words = [f"{cells} cell{'s' * (cells > 1)}"] * bool(cells)
        words += [finding["kind"] for finding in findings if "cell" not in finding]
        lines.append(f"| {path.name} | {'; '.join(words) or 'as stored'} |".replace("\n", " "))
    lines.append("")
    for path, findings in wrong.items():
        lines += section(path.name, findings)
    names = " ".join(f'"{relative(path)}"' for path, findings in wrong.items() if executable(findings))
    if names:
        lines += ["## What to do", "", "Mend what raised. Where the new output is the right one, or none is stored, "
                  "execute the notebook anew, look at the difference, and commit it:", ""]  # fmt: skip
        lines += fenced([f"{EXECUTE} {names}"], "sh")
    return "\n".join(lines)


def executable(findings):
    """Tell whether executing the notebook anew can help."""
    return any("cell" in finding or "outputs" in finding["kind"] for finding in findings)


def relative(path):
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def main(arguments=None):
    parser = argparse.ArgumentParser("python -m tests.validate", description=__doc__.split("\n")[0])
    parser.add_argument("notebook", nargs="*", type=Path, help="the notebooks to check (all of the course if none)")
    paths = parser.parse_args(arguments).notebook or [
        path for pattern in ("*.ipynb", "[!.]*/*.ipynb") for path in sorted((ROOT / "notebooks").glob(pattern))
    ]
    for path in paths:
        if path.suffix != ".ipynb" or not path.is_file():
            parser.error(f"there is no notebook {path}")
    paths = list(dict.fromkeys(path.resolve() for path in paths))
    notebooks, found = {}, {}
    for path in paths:
        notebooks[path], found[path] = read(path)
    print(f"running {len(paths)} notebooks …", file=sys.stderr)
    readable = [path for path in paths if notebooks[path]]
    for path, findings in (run(readable) if readable else {}).items():
        found[path] += findings
    text = report(found)
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as page:
            page.write(text)
    return int(any(found.values()))


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a terminal may not have every sign of an output
    sys.exit(main())
