"""Prints what to install in order to test with the oldest versions that we promise, or with the newest there are.

``python -m tests.versions oldest`` turns the floors of pyproject.toml into exact pins; ``newest`` leaves the versions
to pip. Both are files of requirements, with the tools of tests/requirements.txt and nbkit from this folder. Nothing
needs to be installed for it.
"""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def requirements(which):
    """Return the lines, for ``"oldest"`` or ``"newest"``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    tools = [line for line in tools if line and line[0] not in "#-"]
    pinned = {line.partition("==")[0] for line in tools}
    extras = project["optional-dependencies"]
    asked = dict.fromkeys(project["dependencies"] + extras["site"] + extras["report"] + extras["translate"])
    needed = [line.partition(";") for line in asked]
    floors = [line.partition(">=") for line, _sign, marker in needed if "==" not in marker]  # which is for a browser
    floors = [(name, floor) for name, _sign, floor in floors if name not in pinned]
    return [*(name if which == "newest" else f"{name}=={floor}" for name, floor in floors), *tools, "-e ."]


if __name__ == "__main__":
    if sys.argv[1:] not in (["oldest"], ["newest"]):
        sys.exit("usage: python -m tests.versions oldest|newest")
    print(*requirements(sys.argv[1]), sep="\n")
