"""What must not stand in the package: code made from text, pickles, processes, and markup from anything but nbkit."""

import ast
import re
from pathlib import Path

import nbkit
from tests.each import of_each_name

PACKAGE = Path(nbkit.__file__).parent
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
SCRIPTS = {path.name: path for path in sorted(PACKAGE.rglob("*.js"))}

CALLS = {"eval", "exec", "compile", "__import__", "input", "breakpoint"}
MODULES = {"pickle", "marshal", "shelve", "subprocess", "os.system", "os.popen", "ctypes", "socket", "urllib", "http",
           "requests", "importlib", "runpy", "code", "codeop", "html", "xml", "multiprocessing", "joblib"}  # fmt: skip

# Where one of them stands, and why.
ALLOWED = {
    ("bugs/case.py", "exec"): "the learner's own code, typed into the bug hunt's box, runs in the learner's own kernel",
    ("bugs/case.py", "compile"): "the same code, so that an error names its line in the box",
    ("__init__.py", "importlib"): "loads nbkit's own rooms when they are asked for, by names that stand in the file",
    ("widgets/setup_check.py", "importlib"): "asks for the versions of installed packages, by names in the file",
    ("site/pages.py", "importlib"): "asks where the course is on the web, by its own name",
    ("site/pages.py", "urllib"): "reads a link between files of the course; nothing is fetched",
    ("drawing/markup.py", "xml"): "the one place that escapes",
    ("drawing/picture.py", "html"): "turns escaped words back into plain text, for a page that shows plain text",
}
# Every line of the browser's part that hands text over as markup, and what that text is.
MARKUP = {
    # The pictures of all widgets: made by nbkit's drawing rooms, labels escaped.
    "picture.js": ['const { content } = Object.assign(document.createElement("template"), { innerHTML: svg });'],
    # The icons of the buttons, from constants beside it.
    "graph_view.js": [
        'svg.innerHTML = `<path d="${path}" fill="${closed ? "currentColor" : "none"}" stroke="currentColor"'
    ],
    # Reads what stands in the page already.
    "host.js": ["const model = new Model({ svg: el.innerHTML, step: Number(el.dataset.step), doors: {} });"],
    # The cross of the keyboard: the path holds numbers only.
    "svg_view.js": ['cross.innerHTML = `<path d="${path}" style="stroke:#fff;stroke-width:6;stroke-linecap:square"/>'],
}


def found_in(source):
    """Yield the name of everything in a piece of Python that needs a reason."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id
            for keyword in node.keywords:
                if keyword.arg in ("allow_pickle", "shell", "description_allow_html") and not (
                    isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                ):
                    yield keyword.arg
            if ast.unparse(node.func) == "np.load" and "allow_pickle" not in {k.arg for k in node.keywords}:
                yield "np.load without allow_pickle=False"
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        elif isinstance(node, ast.Attribute):
            names = [ast.unparse(node)] if ast.unparse(node).startswith("os.") else []
        for name in names:
            if name in MODULES or name.partition(".")[0] in MODULES:
                yield name.partition(".")[0] if not name.startswith("os.") else name


@of_each_name(FILES)
def test_nothing_in_the_package_makes_code_from_text(file):
    found = set(found_in(FILES[file].read_text("utf-8")))
    assert found == {what for place, what in ALLOWED if place == file}


@of_each_name(
    ["eval('1')", "exec(x)", "import pickle", "from subprocess import run", "import os\nos.system('x')",
     "import urllib.request", "np.load(p)", "np.load(p, allow_pickle=True)", "from html import escape",
     "HTML(description_allow_html=True)", "import xml.sax.saxutils"],
)  # fmt: skip
def test_what_is_looked_for_is_found(source):
    assert list(found_in(source))


def test_code_of_the_learner_is_run_by_the_bug_hunt_alone():
    callers = {file for file, path in FILES.items() if re.search(r"\brun_code\b", path.read_text("utf-8"))}
    assert callers == {"bugs/case.py", "bugs/__init__.py"}  # the second offers it as a name
    users = {file for file, path in FILES.items() if re.search(r"\.(examine|losses)\(", path.read_text("utf-8"))}
    assert users == {"bugs/case.py", "widgets/bug_hunt.py"}
    hunt = FILES["widgets/bug_hunt.py"].read_text("utf-8")
    given = set(re.findall(r"case\.(?:examine|losses)\(([^()]*)\)", hunt))
    assert given == {"self.case.broken", "self.box.value", "code"}  # the case's own text, and that of the box


@of_each_name(SCRIPTS)
def test_only_pictures_of_nbkit_are_markup_in_the_page(name):
    text = SCRIPTS[name].read_text("utf-8")
    doors = re.compile(r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|setHTML|srcdoc")
    assert [line.strip() for line in text.splitlines() if doors.search(line)] == MARKUP.get(name, [])
    assert not re.search(r"\b(eval|import|fetch|Function|XMLHttpRequest|WebSocket)\b|javascript:", text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)


def assignments(tree):
    """Yield what is assigned to the `value` of something: that of an HTML widget is markup."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "value":
                    yield target, node.value


def html_widgets(tree):
    """Names of the attributes that hold an ``ipywidgets.HTML``."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and "ipywidgets.HTML(" in ast.unparse(node.value):
            for target in node.targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(parts)
                made = zip(parts, values, strict=True)
                names |= {part.attr for part, value in made if "ipywidgets.HTML" in ast.unparse(value)}
    return names


SAFE_CALLS = {"escape", "paragraph", "log_of", "_pointed", "brief"}  # each escapes what it is given


def unsafe_parts(value):
    """Yield what goes into markup and is neither a constant nor escaped."""
    if isinstance(value, ast.Constant):
        return
    if isinstance(value, ast.JoinedStr):
        for part in value.values:
            yield from unsafe_parts(part.value if isinstance(part, ast.FormattedValue) else part)
    elif isinstance(value, ast.BinOp):
        yield from unsafe_parts(value.left)
        yield from unsafe_parts(value.right)
    elif isinstance(value, ast.IfExp):
        yield from unsafe_parts(value.body)
        yield from unsafe_parts(value.orelse)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in SAFE_CALLS:
        return
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "join":
        yield from unsafe_parts(value.args[0])
    elif isinstance(value, ast.GeneratorExp):
        yield from unsafe_parts(value.elt)
    else:
        yield ast.unparse(value)


# What is left, and why it holds no text of anybody else.
HARMLESS = {
    "sign": "✓ or ✗",
    "lines": "escaped where it is made, two lines above",
    "self._end()": "escapes the names of inputs, beside numbers",
    "words": "made of paragraphs",
    "self._conclude()": "made of paragraphs",
    "self._tale()": "made of paragraphs",
    "count": "two numbers",
    "numbers": "numbers of cases",
    "self.training.value": "empty",
}


@of_each_name([file for file in FILES if "ipywidgets.HTML" in FILES[file].read_text("utf-8")])
def test_all_that_goes_into_html_is_escaped(file):
    tree = ast.parse(FILES[file].read_text("utf-8"))
    names, found = html_widgets(tree), []
    assert names
    for target, value in assignments(tree):
        if isinstance(target.value, ast.Attribute) and target.value.attr in names:
            found += [part for part in unsafe_parts(value) if part not in HARMLESS]
    assert found == []


def test_what_is_not_escaped_is_seen():
    value = ast.parse('f"<b>{name}</b>" + escape(x)').body[0].value
    assert list(unsafe_parts(value)) == ["name"]
