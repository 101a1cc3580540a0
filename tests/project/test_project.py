"""The house around the code: addresses, pins, commands, links and file forms must stay true."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import nbkit
from tests import versions

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "binder/README.md")
COMMANDS = ("open", "open, windows", "test", "test, windows")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def requirements(path):
    """Return the pins of a requirements file by name, and its other lines."""
    lines = [line for line in read(path).splitlines() if line and not line.startswith("#")]
    pins = {r.name.lower(): r for r in (Requirement(line) for line in lines if not line.startswith("-"))}
    return pins, [line for line in lines if line.startswith("-")]


def command(name):
    """Return the lines of the fenced block below a marker in the README."""
    found = re.findall(rf"^<!-- command: {name} -->\n```\w+\n(.*?)^```$", read("README.md"), re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"README.md must have exactly one block marked {name!r}"
    return found[0].splitlines()


def git(*arguments):
    """Ask git about the files under its care, and skip where there is no repository to ask."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    answer = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    return answer.splitlines()


def native(lines, platform="linux"):
    """Return the requirements that hold on a platform: in a browser some are others."""
    found = map(Requirement, lines)
    return [r for r in found if r.marker is None or r.marker.evaluate({"sys_platform": platform})]


def test_a_browser_has_older_floors_of_some_packages_and_lacks_others():
    here = {r.name: r.specifier for r in native(PROJECT["dependencies"])}
    there = {r.name: r.specifier for r in native(PROJECT["dependencies"], "emscripten")}
    assert here.keys() - there.keys() == {"jupyterlab", "pillow", "pygraphviz", "resvg_py"}
    assert there.keys() <= here.keys()
    changed = {name: (floor, here[name]) for name, floor in there.items() if floor != here[name]}
    assert changed.keys() == {"ipython", "matplotlib", "numpy"}
    assert all(str(mine).removeprefix(">=") not in floor for mine, floor in changed.values())


def test_requirements_pin_every_dependency_at_or_above_its_floor():
    pins, others = requirements("requirements.txt")
    floors = {r.name.lower(): r.specifier for r in native(PROJECT["dependencies"])}
    assert pins.keys() == floors.keys()
    assert others == ["-e ."]
    for name, pin in pins.items():
        (exact,) = pin.specifier
        assert exact.operator == "==", pin
        assert floors[name].contains(exact.version), f"{pin} is below the floor {floors[name]} of pyproject.toml"


def test_test_requirements_are_pinned_and_include_those_to_run():
    pins, others = requirements("tests/requirements.txt")
    assert others == ["-r ../requirements.txt"]
    tools = {"axe-playwright-python", "hypothesis", "import-linter", "jupyter-repo2docker", "nbval", "playwright",
             "pytest", "pytest-randomly", "pytest-xdist", "ruff", "voila"}  # fmt: skip
    assert pins.keys() == tools | {"math_core", "markdown-it-py"}  # of the extras "site" and "translate"
    assert all(re.fullmatch(r"==[\d.]+", str(pin.specifier)) for pin in pins.values())


@pytest.mark.parametrize(("name", "peer"), [("requirements", "torch"), ("hub_requirements", "jupyterhub")])
def test_peers_of_benchmarks_are_pinned_and_asked_for_nowhere_else(name, peer):
    pins, others = requirements(f"tests/benchmarks/{name}.txt")
    assert others == ["-r ../requirements.txt"]
    assert {"torch", "jupyterhub"} & pins.keys() == {peer}  # a class on a hub does not need PyTorch
    assert all(re.fullmatch(r"==[\d.]+", str(pin.specifier)) for pin in pins.values())
    assert pins.keys().isdisjoint(requirements("tests/requirements.txt")[0] | requirements("requirements.txt")[0])


def test_ci_covers_the_pythons_that_the_readme_names():
    named = re.search(r"Python (3\.\d+) to (3\.\d+)", read("README.md")).groups()
    tested = re.search(r"python: \[(.+)\]", read(".github/workflows/ci.yml"))[1].replace('"', "").split(", ")
    assert (tested[0], tested[-1]) == named
    assert all(SpecifierSet(PROJECT["requires-python"]).contains(version) for version in tested)


@pytest.mark.parametrize("which", ["oldest", "newest"])
def test_ci_tests_the_oldest_and_the_newest_versions(which):
    assert f"versions: {which} " in read(".github/workflows/ci.yml")
    *lines, here = versions.requirements(which)
    assert here == "-e ."
    wanted = {r.name.lower(): r.specifier for r in map(Requirement, lines)}
    tools = requirements("tests/requirements.txt")[0]
    assert {name: wanted.pop(name) for name in tools} == {name: pin.specifier for name, pin in tools.items()}
    needed = PROJECT["dependencies"] + [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
    floors = {r.name.lower(): str(r.specifier) for r in native(needed) if r.name not in tools}
    found = {name: str(specifier).replace("==", ">=") for name, specifier in wanted.items()}
    assert found == (floors if which == "oldest" else dict.fromkeys(floors, ""))


def test_binder_runs_a_supported_python_and_this_checkout():
    assert re.fullmatch(r"python-3\.(11|12|13|14)\n", read("binder/runtime.txt"))
    assert requirements("binder/requirements.txt")[1] == ["-r ../requirements.txt"]
    assert read("binder/postBuild").startswith("#!/usr/bin/env bash\n")


@pytest.mark.parametrize("path", ["binder/postBuild", ".ci/run"])
def test_scripts_are_executable_for_everybody_who_clones(path):
    (entry,) = git("ls-files", "--stage", path)
    assert entry.startswith("100755")


def test_no_committed_text_file_has_windows_line_ends():
    entries = git("ls-files", "--eol")
    assert len(entries) > 10
    assert [entry for entry in entries if entry.startswith(("i/crlf", "i/mixed"))] == []


def test_what_a_home_in_this_folder_and_the_shown_commands_leave_is_nobodys_change():
    assert "put `HOME=$PWD` in front" in read("README.md")
    left = (".local/share/jupyter", ".npm/_logs", ".cache/pip", ".config/pip", ".ipython/x", ".jupyter/x", "all.txt",
            "versions.txt", "oldest/bin", "newest/bin", ".venv/bin", "site/index.html", "live/index.html",
            "playground.npz")  # fmt: skip
    assert git("check-ignore", *left) == list(left)


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_commands_are_one_line_and_name_files_that_exist(name):
    (line,) = command(name)
    words = [word.strip('"').replace("\\", "/").split("/lab/tree/")[-1] for word in line.split()]
    files = [word for word in words if re.search(r"\.(txt|ipynb)\b", word)]
    assert files
    assert [path for path in files if not (ROOT / path).is_file()] == []


def test_readme_commands_say_the_same_on_windows():
    for name in ("open", "test"):
        (unix,), (windows,) = command(name), command(f"{name}, windows")
        inner = re.fullmatch(r'cmd /c "(.+)"', windows)[1].replace("\\", "/").replace("py -m venv", "python3 -m venv")
        assert inner.replace(".venv/Scripts/", ".venv/bin/") == unix


def test_readme_lists_every_notebook_with_its_title():
    row = r"^\| \[(.+?)\]\((notebooks/.+?\.ipynb)\) \|"
    wanted = []
    for path in NOTEBOOKS:
        title = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()[0]
        wanted.append((title.removeprefix("# "), f"notebooks/{path.name}"))
    assert wanted
    assert re.findall(row, read("README.md"), re.MULTILINE) == wanted


@pytest.mark.parametrize("page", PAGES)
def test_links_to_files_lead_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", read(page))
    assert links
    local = [link for link in links if not link.startswith("https://")]
    assert [link for link in local if not leads_somewhere(ROOT / page, *link.split("#"))] == []


def leads_somewhere(page, file, anchor=None):
    """Tell whether there is such a file, with such a heading: GitHub takes its letters, digits and hyphens."""
    target = page.parent / file if file else page
    if anchor is None or target.suffix != ".md" or not target.exists():
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pages_name_tests_and_benchmarks_that_exist():
    text = read("README.md") + read("CONTRIBUTING.md")
    modules = set(re.findall(r"\b(tests\.benchmarks\.\w+)", text))
    files = {f"{module.replace('.', '/')}.py" for module in modules} | set(re.findall(r"\btests/[\w/]+\.py\b", text))
    assert [path for path in sorted(files) if not (ROOT / path).is_file()] == []
    tools = {"__init__.py", "__main__.py", "timing.py", "plot.py", "press.py"}
    benchmarks = {path.name for path in (ROOT / "tests/benchmarks").glob("*.py") if not path.name.startswith("test_")}
    assert len(modules) == len(benchmarks - tools)


def test_pages_show_every_public_module():
    text = read("README.md") + read("CONTRIBUTING.md")
    assert [name for name in nbkit.MODULES if f"](nbkit/{name.partition('.')[0]}" not in text] == []


def test_version_is_the_same_everywhere():
    assert PROJECT["version"] == nbkit.__version__
    assert re.search(rf"^## \[(Unreleased|{re.escape(nbkit.__version__)})\]", read("CHANGELOG.md"), re.MULTILINE)


# Files of more than 400 lines, and why.
LONG = {
    "nbkit/layers.py": "every layer, in one tab",
    "tests/test_layers.py": "their tests, in one table",
}


def test_files_are_short():
    lines = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n")
        for folder in ("nbkit", "tests")
        for pattern in ("*.py", "*.js")
        for path in (ROOT / folder).rglob(pattern)
    }
    assert {path for path, count in lines.items() if count > 400} <= LONG.keys()
