"""Every command that a document of the project shows is run here as it stands, or as near to it as can be.

What is cheap runs for real, in a folder that is made for it, with this environment's programs in the place of those of
``.venv``. What takes minutes is given to the program's own reading of its arguments, and the files that it names are
looked for. What cannot be tried here stands in `CANNOT`, with its reason; a command that is in no list fails.
"""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement

from nbkit.__main__ import _parser
from tests import validate, versions
from tests.project.trying import ROOT, copy_of_the_course, run, translate

PAGES = ("README.md", "CONTRIBUTING.md", "notebooks/README.md", "binder/README.md", "BENCHMARKS.md")
FLOWS = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
PROGRAMS = r"(?:\S*/bin/)?(?:python3?|py|pytest|pip|pipx|pip-audit|jupyter|jupyter-repo2docker|ruff|voila|npm|nbgrader)"
OTHERS = r"sudo|git|helm|docker|cmd|sh|grep|cd|mkdir|tee|\.ci/run"
COMMAND = re.compile(rf"(?:\w+=\S* )*(?:{PROGRAMS}|{OTHERS})(?: |$)")
TO_COME = {"14_more": "13_from_layers_to_autodiff"}  # the notebook that a reader is about to add
MATRIX = {"versions": "oldest", "warnings": "-W ignore::DeprecationWarning"}
# What begins with these words cannot be tried here, and why.
CANNOT = {
    "sudo": "changes the machine",
    "cd /srv/course": "is a folder of that machine",
    ". ": "changes the shell that it stands in",
    "cd class": "is a folder that the command before it has made",
    "mkdir": "makes a folder for the command below it",
    "helm": "needs a cluster",
    "docker": "needs the server of Docker and an image",
    "nbgrader": "is not in this environment; tests/try_nbgrader.py runs these very commands, where it is",
    "npm install -g": "installs a program for the whole machine, from the internet",
    "pip-audit": "asks the internet for known weaknesses; what it reads is tried",
    "pipx install": "installs a program from the internet",
}


# ---------------------------------------------------------------- what the documents show


def blocks(text):
    """Yield (language, content) of each fenced block that no other one holds, and at last None and the text between."""
    fence = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
    for _ticks, language, content in fence.findall(text):
        yield language, content
    yield None, fence.sub("", text)


def shown_in(page):
    """Yield each shell command of a page, as it stands there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if page in FLOWS:
        for job in yaml.safe_load(text)["jobs"].values():
            for step in job["steps"]:
                if "id" in step:
                    continue  # test_workflows.py runs it as a whole
                run = re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: MATRIX[found[1]], step.get("run", ""))
                yield from lines_of(run)
        return
    for language, content in blocks(text):
        if language in ("sh", "bat"):
            yield from lines_of(content)
        elif language is None:
            for code in re.findall(r"`([^`]+)`", content):
                words = " ".join(code.split())
                if COMMAND.match(words) and (" " in words or re.search(r"/(pytest|run)$", words)):
                    yield words


def lines_of(script):
    """Yield the lines of a script that are commands; what is written into a file on the spot is none."""
    script = re.sub(r"<< '(\w+)'\n.*?^\1$", "", script, flags=re.MULTILINE | re.DOTALL)
    yield from (line.strip() for line in script.splitlines() if line.strip() and not line.strip().startswith("#"))


def parts_of(line):
    """Yield the single commands of a line; one for Windows as one for Linux, from which it must not differ."""
    inner = re.fullmatch(r'cmd /c "(.+)"', line)
    if inner:
        line = inner[1].replace("\\", "/").replace("/Scripts/", "/bin/").replace("py -m venv", "python3 -m venv")
    yield from (part.removesuffix(" &").strip() for part in line.split(" && "))


SHOWN = {page: list(shown_in(page)) for page in (*PAGES, *FLOWS)}
ALL = {part for lines in SHOWN.values() for line in lines for part in parts_of(line)}


def bare(command):
    """Return the words of a command without variables in front, a comment or a place for what it prints."""
    words = shlex.split(re.sub(r"\s> \S+$", "", command), comments=True)
    while words and re.match(r"\w+=", words[0]):
        del words[0]
    for placeholder, real in TO_COME.items():
        words = [word.replace(placeholder, real) for word in words]
    return [Path(words[0]).name if "bin/" in words[0] else words[0], *words[1:]]


SINGLE = sorted({shlex.join(bare(command)) for command in ALL})  # each once, from whichever environment


# ---------------------------------------------------------------- how each is tried


def make_environment(words, tmp_path):
    run(["python", *words[1:-1], "--without-pip", words[-1]], tmp_path)
    assert (tmp_path / words[-1]).is_dir()


PIP = """import json, sys
from pip._internal.commands import create_command
for words in json.loads(sys.argv[1]):
    options, rest = create_command(words[0]).parse_args(words[1:])
    print(json.dumps([getattr(options, "requirements", []), getattr(options, "editables", []), rest]))"""


def install(words, _tmp_path):
    files, editable, rest = json.loads(run(["python", "-c", PIP, json.dumps([words[1:]])], ROOT))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for file in files:
        assert (ROOT / file).is_file() or file == "versions.txt"  # which the command before it has written
    for place in editable:
        path, _bracket, extra = place.removesuffix("]").partition("[")
        assert path == "."
        assert not extra or extra in extras
    assert all(Requirement(word) for word in rest)


PYTEST = """import json, sys
from _pytest.config import _prepareconfig
from _pytest.mark.expression import Expression
for arguments in json.loads(sys.argv[1]):
    try:
        config = _prepareconfig(arguments)
        for expression in (config.option.keyword, config.option.markexpr):
            Expression.compile(expression or "x")
        answer = config.args
        config._ensure_unconfigure()
    except Exception as error:
        answer = str(error)
    print("answer", json.dumps(answer))"""
GONE = "pytest --gone", "pytest tests/test_gone.py"


@cache
def heard_by_pytest():
    """Return what pytest makes of the arguments of all its commands: places, or what is wrong. One process for all."""
    commands = [command for command in (*SINGLE, *GONE) if way_of(command) is ask_pytest]
    told = run(["python", "-c", PYTEST, json.dumps([shlex.split(command)[1:] for command in commands])], ROOT)
    answers = [json.loads(line.removeprefix("answer ")) for line in told.splitlines() if line.startswith("answer ")]
    return dict(zip(commands, answers, strict=True))


def ask_pytest(words, _tmp_path):
    places = heard_by_pytest()[shlex.join(words)]
    assert isinstance(places, list), places
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


def pick_tests(words, _tmp_path):
    """Those that a word picks must be there: a right argument runs nothing where no test is called so."""
    assert re.search(r"\d+ tests? collected|/\d+ tests collected", run([*words, "--collect-only", "-q", "-n0"], ROOT))


def print_versions(words, _tmp_path):
    assert run(words, ROOT).splitlines() == versions.requirements(words[-1])


def read_notebooks_to_validate(words, monkeypatch):
    arguments = [word for word in words[3:] if word != "$NOTEBOOKS"]  # empty where nobody has said which
    asked = []
    monkeypatch.setattr(validate, "run", lambda paths: asked.extend(paths) or {})
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    validate.main(arguments)
    assert len(asked) == (
        1 if arguments and arguments[-1] != "--" else len(list((ROOT / "notebooks").rglob("[0-9]*.ipynb")))
    )


def find_module(words, _tmp_path):
    """It takes minutes: it must be there, begin, and be made to be run."""
    name = words[2] if words[2] != "tests.benchmarks" else "tests.benchmarks.__main__"
    run(["python", "-c", f"import {name}"], ROOT)
    path = ROOT / f"{name.replace('.', '/')}.py"
    assert 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")


def write_a_site(words, tmp_path):
    home, folder = copy_of_the_course(tmp_path), words[words.index("--out") + 1] if "--out" in words else "site"
    run([*words, "--stored"], home)
    assert (home / folder / "index.html").is_file()
    assert (home / folder / "01_computation_graph.html").is_file()


def ask_nbkit(words, _tmp_path):
    """It needs Pyodide and takes a minute; the tests in tests/live have it write one."""
    assert _parser().parse_args(words[3:]).run


def ask_for_a_class(words, tmp_path):
    """Write assignments, or a report of what a learner has handed in who has tried nothing."""
    (tmp_path / "handed_in" / "apple").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "00_start_here.ipynb", tmp_path / "handed_in" / "apple")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    words = [word.replace("FOLDER", "handed_in") for word in words]
    written = {"report": ["report/report.html", "report/points.csv"], "assignment": ["*/02_backward/02_backward.ipynb"]}
    run(words, tmp_path)
    assert all(list(tmp_path.rglob(place)) for place in written[words[3]])


def ask_for_help(words, tmp_path):
    """A server would not end: it must know its options."""
    told = run([*words[:3], "--help"], tmp_path)
    assert [word for word in words if word.startswith("--") and word not in told] == []


def set_an_address(words, tmp_path):
    copy_of_the_course(tmp_path)
    (tmp_path / "course" / ".git").mkdir()
    origin = '[remote "origin"]\n\turl = https://github.com/school/course.git\n'  # for the command that names none
    (tmp_path / "course" / ".git" / "config").write_text(origin)
    run([word.replace("OWNER/REPOSITORY", "school/course") for word in words], tmp_path / "course")
    assert "https://school.github.io/course/" in (tmp_path / "course" / "README.md").read_text(encoding="utf-8")


def execute_anew(words, tmp_path):
    path = tmp_path / words[-1].replace("*", "01")
    path.parent.mkdir(parents=True)
    texts = [nbformat.v4.new_markdown_cell("**Predict** it."), nbformat.v4.new_markdown_cell("So it is.")]
    cells = [nbformat.v4.new_code_cell("print(6)\nprint(7)"), nbformat.v4.new_code_cell("6 * 7")]
    nbformat.write(nbformat.v4.new_notebook(cells=[texts[0], cells[0], texts[1], cells[1]]), path)
    run([*words[:-1], str(path)], tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
    _, hidden, _, shown = nbformat.read(path, as_version=4).cells
    assert [output.get("text") for output in hidden.outputs] == [None, "6\n7\n"]  # behind a cover
    assert hidden.metadata == {"jupyter": {"outputs_hidden": True}}
    assert shown.outputs[0].data["text/plain"] == "42"
    assert shown.metadata == {}  # no time of day
    assert "de" in words[-1].split("/") or list(ROOT.glob(words[-1]))


OPTIONS = """import sys
from jupyterlab.labapp import LabApp
from voila.app import Voila
for word in sys.argv[1:]:
    kind, _dot, trait = word.removeprefix("--").partition("=")[0].partition(".")
    assert {"LabApp": LabApp, "Voila": Voila}[kind].class_traits()[trait]"""


def look_at_options(words, _tmp_path):
    """A server would not end: its options must be ones that it has, and what they name must be there."""
    options = [word for word in words if word.startswith("--")]
    named = [word.partition("=")[2].removeprefix("/lab/tree/") for word in options]
    places = named + [word for word in words[1:] if not word.startswith("--") and word != "lab"]
    assert [place for place in places if not (ROOT / place).exists()] == []
    if options:
        run(["python", "-c", OPTIONS, *options], ROOT)


def format_or_lint(words, tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "right.py").write_text('"""A module."""\n')
    run(words, tmp_path)


def make_an_image(words, _tmp_path):
    """What it says of learner and folder is read by test_binder.py."""
    run(["python", "-W", "ignore", "-c", "import sys; from repo2docker.__main__ import make_r2d as r; r(sys.argv[1:])",
         *words[1:]], ROOT)  # fmt: skip


def list_for_audit(words, _tmp_path):
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()
    assert {Requirement(line).name for line in listed} > {"numpy", "pytest"}


def read_script(words, _tmp_path):
    subprocess.run(["bash", "-n", *(words if len(words) == 1 else ["-c", words[2]])], cwd=ROOT, check=True)


# The first that fits counts.
TRIED = (
    (r"python3 -m venv \S+$", make_environment),
    (r"pip (install|list)\b", install),
    (r"pytest .*-k \S+$", pick_tests),
    (r"pytest\b", ask_pytest),
    (r"python -m tests\.versions \S+$", print_versions),
    (r"python -m tests\.validate\b", read_notebooks_to_validate),
    (r"python -m tests\.(benchmarks|classroom|freeze|replay_binder|try_nbgrader)\b", find_module),
    (r"python -m nbkit (site .*--live\b|lite\b)", ask_nbkit),
    (r"python -m nbkit site\b", write_a_site),
    (r"python -m nbkit (assignment|report)\b", ask_for_a_class),
    (r"python -m nbkit address\b", set_an_address),
    (r"python -m nbkit translate\b", translate),
    (r"python -m http\.server\b", ask_for_help),
    (r"python -m tests\.execute ", execute_anew),
    (r"jupyter lab\b|voila ", look_at_options),
    (r"ruff (format|check)\b", format_or_lint),
    (r"jupyter-repo2docker ", make_an_image),
    (r"grep ", list_for_audit),
    (r"\.ci/run$|sh -c ", read_script),
)
unix = sys.platform != "win32"


def way_of(command):
    """Return how a command is tried, or why it cannot be; None if nobody has thought of it."""
    for beginning, reason in CANNOT.items():
        if command.startswith(beginning):
            return reason
    words = " ".join(bare(command))
    return next((way for pattern, way in TRIED if re.match(pattern, words)), None)


@pytest.mark.parametrize("command", SINGLE)
def test_a_command_of_a_document_works(command, tmp_path, monkeypatch, capsys):
    way = way_of(command)
    assert way is not None, "say in TRIED how this command is tried, or in CANNOT why it cannot be"
    if isinstance(way, str):
        return
    if not unix and way in (list_for_audit, read_script, make_an_image, write_a_site, ask_for_a_class):
        pytest.skip("Windows has no bash, no grep, no repo2docker and no links")
    way(bare(command), monkeypatch if way is read_notebooks_to_validate else tmp_path)


def test_the_documents_show_commands_and_none_is_overlooked():
    assert [page for page in SHOWN if not SHOWN[page]] == []
    assert len(SINGLE) > 35
    everything = "".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    fenced = {language for language, _content in blocks(everything)}
    known = {"sh", "bat", "python", "yaml", "markdown", "text", None}
    assert fenced <= known  # a block of another kind may be a command, too
    assert [line for line in everything.splitlines() if re.match(r"\s+\$ ", line)] == []


def test_each_reason_is_still_needed():
    assert [words for words in CANNOT if not any(part.startswith(words) for part in SINGLE)] == []
    ways = {way_of(command) for command in SINGLE}
    assert [way.__name__ for _pattern, way in TRIED if way not in ways] == []


@pytest.mark.parametrize(
    "command",
    [*GONE, "python -m tests.benchmarks.gone", "ruff check --gone", "pip install -r gone.txt", "pip install --gone",
     "jupyter lab --LabApp.default_url=/lab/tree/gone.ipynb", "voila notebooks --Voila.gone=1",
     "jupyter-repo2docker --gone ."],
)  # fmt: skip
def test_a_command_that_does_not_work_is_noticed(command, tmp_path):
    with pytest.raises(AssertionError):
        way_of(command)(bare(command), tmp_path)


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
@pytest.mark.parametrize("page", [page for page in SHOWN if SHOWN[page]])
def test_every_script_is_written_as_a_shell_reads_it(page):
    lines = [line for line in SHOWN[page] if not line.startswith("cmd ")]
    done = subprocess.run(["bash", "-n"], input="\n".join(lines), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_python_and_yaml_of_the_documents_can_be_read():
    for page in PAGES:
        for language, content in blocks((ROOT / page).read_text(encoding="utf-8")):
            if language == "python":
                ast.parse(content)
            elif language == "yaml":
                workflow = yaml.safe_load(content)
                assert {True, "jobs"} <= workflow.keys(), "a workflow says on what it runs"  # on means yes in YAML
                for job in workflow["jobs"].values():
                    called = yaml.safe_load((ROOT / job["uses"]).read_text(encoding="utf-8"))
                    assert job["with"].keys() <= called[True]["workflow_call"]["inputs"].keys()
