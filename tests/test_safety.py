"""What must not stand in the package: code made from text, pickles, processes, and markup from anything but nbkit.

Ruff looks for most of it: see `banned-api` and the rules S in pyproject.toml, where each exception has its reason.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nbkit
from nbkit.drawing.markup import tag
from nbkit.widgets.kit.views import Html
from tests.each import of_each_name

PACKAGE = Path(nbkit.__file__).parent
FILES = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.js"))}
# Every line of the browser's part that takes text as markup, and what that text is.
MARKUP = {
    # The pictures of all widgets: made by nbkit.drawing, labels escaped.
    "dom.js": ['const parsed = svg => Object.assign(document.createElement("template"), { innerHTML: svg }).content;'],
    # Reads what stands in the page already.
    "host.js": ["const model = new Model({ svg: el.innerHTML, step: Number(el.dataset.step), ...state });"],
    # The cross of the keyboard: the path holds numbers only.
    "svg_view.js": ['cross.innerHTML = `<path d="${path}" style="stroke:#fff;stroke-width:6;stroke-linecap:square"/>'],
}
# Scripts of the browser edition's page: they ask the site itself for its files, and nobody else.
ASKING = {"loading.js": ["fetch"], "copies.js": ["fetch"]}


def ruff(code):
    """Ask ruff, with the settings of the project, for what a line in a file of nbkit must not say."""
    command = [sys.executable, "-m", "ruff", "check", "--select=S,T100,TID251", "--stdin-filename=nbkit/x.py", "-"]
    done = subprocess.run(command, cwd=PACKAGE.parent, input=code, capture_output=True, encoding="utf-8")
    return done.returncode


@pytest.mark.parametrize(
    "code",
    ["eval('1')", "exec(x)", "import pickle", "from subprocess import run", "import os\nos.system('x')",
     "import urllib.request", "import numpy as np\nnp.load(p)", "from html import escape", "import xml.sax.saxutils",
     "breakpoint()", "import ipywidgets\nipywidgets.HTML()",
     "from nbkit.drawing.markup import Markup\nMarkup(f'<b>{x}</b>')"],
)  # fmt: skip
def test_ruff_would_find_it(code):
    assert ruff(code) == 1


def test_ruff_lets_markup_be_filled_in():
    assert ruff("from nbkit.drawing.markup import Markup\n\nMarkup('<b>{}</b>').format(1)\n") == 0


def calls(code):
    """Yield the name of each function that is called by a plain name."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_no_text_is_compiled_but_that_of_the_bug_hunt():
    found = {(file, name) for file, code in FILES.items() for name in calls(code)}
    assert {pair for pair in found if pair[1] in ("compile", "__import__", "input")} == {("bugs/case.py", "compile")}


def test_code_of_the_learner_is_run_by_the_bug_hunt_alone():
    callers = {file for file, code in FILES.items() if re.search(r"\brun_code\b", code)}
    assert callers == {"bugs/case.py", "bugs/__init__.py"}  # the second offers it as a name
    users = {file for file, code in FILES.items() if re.search(r"\.(examine|losses)\(", code)}
    assert users == {"bugs/case.py", "widgets/bughunt/bug_hunt.py"}
    given = set(re.findall(r"case\.(?:examine|losses)\(([^()]*)\)", FILES["widgets/bughunt/bug_hunt.py"]))
    assert given == {"self.case.broken", "self.box.value", "code"}  # the case's own text, and that of the box


@of_each_name(SCRIPTS)
def test_only_pictures_of_nbkit_are_markup_in_the_page(name):
    text = SCRIPTS[name]
    ways = re.compile(r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|setHTML|srcdoc")
    assert [line.strip() for line in text.splitlines() if ways.search(line)] == MARKUP.get(name, [])
    found = re.findall(r"\b(?:eval|import|fetch|Function|XMLHttpRequest|WebSocket)\b|javascript:", text)
    assert sorted(set(found)) == ASKING.get(name, [])
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)


def test_html_of_a_widget_is_markup_and_no_other_text():
    shown = Html()
    for text in ("<b>bold</b>", "plain"):
        with pytest.raises(TypeError, match="shows markup"):
            shown.value = text
    shown.value = tag("b", "<i>")
    assert shown.value == "<b>&lt;i&gt;</b>"
