"""A pytest plugin: tells of each cell that nbval fails what was stored, what came, and how the two differ.

It works in every process of xdist, so what it finds travels with the reports, as plain lists and strings.
"""

import re
from difflib import unified_diff

import pytest
from nbval.plugin import IPyNbCell, NbCellError, coalesce_streams

WIDEST = 160  # characters of a line
LONGEST = 24  # lines of a diff
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def lines_of(cell, outputs):
    """Return what nbval compares of some outputs as lines; the tags of a picture stand on lines of their own."""
    lines = []
    for output in coalesce_streams(outputs):
        if output.output_type == "stream":
            kinds = {output.name: output.text}
        elif output.output_type == "error":
            kinds = {"error": f"{output.ename}: {output.evalue}"}
        else:
            kinds = {kind: value for kind, value in output.data.items() if kind not in cell.parent.skip_compare}
        for kind, value in sorted(kinds.items()):  # a file has them in this order, a kernel in its own
            text = cell.sanitize(COLOURS.sub("", value if isinstance(value, str) else repr(value)))
            lines.append(f"[{kind}]")
            lines += (text.replace("><", ">\n<") if "svg" in kind or "html" in kind else text).splitlines()
    return lines


def shorten(lines):
    """Cut long lines, and a long list of lines."""
    kept = [line if len(line) <= WIDEST else f"{line[:WIDEST]} …" for line in lines[:LONGEST]]
    return kept + ([f"… and {len(lines) - LONGEST} more lines"] if len(lines) > LONGEST else [])


def difference(cell):
    """Return the lines that differ, marked - as stored and + as they came, with the kind of output above them."""
    stored, came = lines_of(cell, cell.cell.outputs), lines_of(cell, cell.test_outputs)
    lines = list(unified_diff(stored, came, n=1, lineterm=""))[2:]
    return shorten([line for line in lines if not line.startswith("@@")])


def finding(cell, error):
    """Return what a failed cell has to tell."""
    raised = [output for output in cell.test_outputs or () if output.output_type == "error"]
    if raised and not cell.options["check_exception"]:
        trace = COLOURS.sub("", "\n".join(raised[0].traceback)).splitlines()
        words = "ran too long and was stopped" if cell.parent.timed_out else "raised an error"
        kind, detail = words, trace[-LONGEST:]
    elif isinstance(error, NbCellError) and str(error) == "Cell outputs differ":
        kind, detail = "shows something else now", difference(cell)
    else:
        kind, detail = "could not be run", [str(error)]
    return {"cell": cell.cell_num + 1, "source": cell.cell.source, "kind": kind, "detail": detail}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    report.notebook = str(item.path)
    if isinstance(item, IPyNbCell) and call.when == "call" and report.failed:
        report.finding = finding(item, call.excinfo.value)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    report.notebook = str(collector.path)
    return report
