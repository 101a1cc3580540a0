"""Floors, not circles: each room imports only from rooms above it, and the front door stays light."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nbkit

PACKAGE = Path(nbkit.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Top to bottom; a room that is a folder counts as one room, except that its palette is open to `plots`.
CORE = [
    "_text",
    "functions",
    "base",
    "layers",
    "operand",
    "graph",
    "dual",
    "analysis",
    "lines",
    "formula",
    "scalars",
    "gradcheck",
    "tracer",
    "network",
    "zoom",
    "optimizers",
    "training",
    "datasets",
    "experiment",
    "bugs",
    "source",
]
ALLOWED = {
    "_text": (),
    "functions": ("_text",),
    "base": ("_text", "functions"),
    "layers": ("_text", "base", "functions"),
    "operand": ("layers",),
    "graph": ("_text", "functions", "base", "layers", "operand"),
    "dual": ("_text", "functions", "operand"),
    "analysis": ("base",),
    "lines": ("base", "layers"),
    "formula": ("_text", "layers", "graph"),
    "scalars": ("_text", "base", "layers", "graph", "lines"),
    "gradcheck": ("_text",),
    "tracer": ("_text",),
    "network": ("_text", "functions", "base"),
    "zoom": ("_text", "base", "graph", "network", "lines", "scalars"),
    "optimizers": ("_text",),
    "training": ("_text", "functions", "network", "optimizers"),
    "datasets": ("_text",),
    "experiment": ("_text", "functions", "layers", "network", "optimizers", "training", "datasets", "experiment"),
    "bugs": (*CORE[: CORE.index("experiment")], "bugs"),
    "source": ("_text",),
    "drawing": ("_text", "functions", "base", "layers", "graph", "drawing"),
    "plots": ("_text", "functions", "drawing"),
    "widgets": ("", *CORE, "drawing", "plots", "widgets"),
    "exercises": (*CORE[: CORE.index("datasets")], "experiment", "bugs", "drawing.numbers", "exercises"),
    "site": ("_text", "drawing.palette", "widgets", "site"),
    "server": (),
    "__main__": ("_text", "site"),
    "": (),  # the front door resolves names when they are asked for
}
DRAWERS = ("drawing", "plots", "widgets", "site")
NEVER_AT_MODULE_LEVEL = {"matplotlib", "sklearn", "pygraphviz"}
HEAVY = {"matplotlib", "sklearn", "pygraphviz", "ipywidgets", "anywidget", "IPython", "PIL", "resvg_py"}


def module_of(path, package=PACKAGE):
    """Dotted place inside nbkit: ``drawing.layout``, ``layers``, and "" for the front door."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module):
    return module.split(".")[0]


def exists(module, package):
    place = package.joinpath(*module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def imports(path, package=PACKAGE):
    """Yield (full name, is it at module level) for each import; ``from a import b`` gives a.b."""
    inside_a_function = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside_a_function.update(ast.walk(node))
    here = ["nbkit", *path.relative_to(package).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = here[: len(here) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield name, node not in inside_a_function


def target(name, package=PACKAGE):
    """The module inside nbkit that an imported name comes from, by the public names where it is one of those."""
    parts = name.split(".")[1:]
    if parts and parts[0] in nbkit.HOME:
        return nbkit.HOME[parts[0]]
    while parts and not exists(".".join(parts), package):
        parts.pop()
    return ".".join(parts)


def wrong_arrows(path, package=PACKAGE):
    """Arrows that point to a room that is not above."""
    room = room_of(module_of(path, package))
    if room not in ALLOWED:
        return [f"{room} is a room without a place in the table"]
    arrows = [target(name, package) for name, _top in imports(path, package) if name.split(".")[0] == "nbkit"]
    return [
        f"{module_of(path, package) or 'nbkit'} -> {arrow or 'nbkit'}"
        for arrow in arrows
        if arrow not in ALLOWED[room] and room_of(arrow) not in ALLOWED[room]
    ]


def wrong_foreigners(path, package=PACKAGE):
    """Imports of other people's packages where they have no place."""
    module = module_of(path, package)
    room, wrong = room_of(module), []
    for name, top in imports(path, package):
        foreign = name.split(".")[0]
        if foreign == "nbkit" or foreign in sys.stdlib_module_names:
            continue
        if (
            (top and foreign in NEVER_AT_MODULE_LEVEL and (foreign, module) != ("pygraphviz", "drawing.layout"))
            or (foreign == "pygraphviz" and module != "drawing.layout")
            or (foreign in ("ipywidgets", "anywidget") and room != "widgets")
            or (top and foreign != "numpy" and room not in DRAWERS)
        ):
            wrong.append(f"{module or 'nbkit'} imports {foreign}")
    return wrong


# ---------------------------------------------------------------- the rooms as they are


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_arrow_points_up(path):
    assert wrong_arrows(path) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_other_packages_stay_in_their_rooms(path):
    assert wrong_foreigners(path) == []


def test_the_table_itself_has_no_circle():
    order = [*CORE, "drawing", "plots", "widgets", "exercises", "site", "__main__"]
    for room, above in ALLOWED.items():
        for other in above:
            if room and other and room_of(other) != room:
                assert order.index(room_of(other)) < order.index(room)


def test_every_core_room_is_there():
    assert {module_of(path) for path in FILES} >= {*CORE, ""}


# ---------------------------------------------------------------- the test can fail


@pytest.fixture
def house(tmp_path):
    """A small nbkit of its own, with all rooms empty."""
    folders = ["drawing/__init__", "drawing/palette", "drawing/svg", "widgets/one", "exercises/__init__"]
    for module in [*CORE, "plots", *folders]:
        path = tmp_path / f"{module}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "code", "arrow"),
    [
        ("layers", "from nbkit.graph import Variable", "layers -> graph"),
        ("layers", "from nbkit import graph", "layers -> graph"),
        ("layers", "from nbkit import Variable", "layers -> graph"),
        ("layers", "import nbkit.graph as g", "layers -> graph"),
        ("layers", "import nbkit", "layers -> nbkit"),
        ("layers", "from . import graph", "layers -> graph"),
        ("layers", "from .graph import Variable", "layers -> graph"),
        ("layers", "def f():\n    from nbkit.graph import Variable", "layers -> graph"),
        ("layers", "class A:\n    if True:\n        import nbkit.graph", "layers -> graph"),
        ("functions", "from nbkit.base import Layer", "functions -> base"),
        ("gradcheck", "from nbkit.functions import as_float", "gradcheck -> functions"),
        ("plots", "from nbkit.widgets import one", "plots -> widgets.one"),
        ("drawing/svg", "from ..widgets import one", "drawing.svg -> widgets.one"),
        ("drawing/svg", "from ..plots import activation", "drawing.svg -> plots"),
        ("widgets/one", "from nbkit.exercises import check", "widgets.one -> exercises"),
        ("exercises/__init__", "from nbkit.drawing import draw", "exercises -> drawing"),
        ("cellar", "", "cellar is a room without a place in the table"),
    ],
)
def test_a_wrong_arrow_is_found(house, file, code, arrow):
    path = house / f"{file}.py"
    path.write_text(code)
    assert wrong_arrows(path, house) == [arrow]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("graph", "from nbkit import layers"),
        ("graph", "from nbkit import Layer, Mul"),
        ("layers", "from nbkit.base import Layer\nfrom .functions import sigmoid"),
        ("drawing/svg", "from . import palette\nfrom .palette import BLUE\nfrom ..graph import Graph"),
        ("plots", "from nbkit.drawing import palette\nfrom nbkit.drawing.palette import BLUE"),
        ("widgets/one", "from nbkit import Graph, plots\nfrom nbkit.drawing.svg import paint"),
    ],
)
def test_a_right_arrow_passes(house, file, code):
    path = house / f"{file}.py"
    path.write_text(code)
    assert wrong_arrows(path, house) == []


@pytest.mark.parametrize(
    ("file", "code", "foreign"),
    [
        ("layers", "import scipy", "scipy"),
        ("datasets", "from sklearn.datasets import load_iris", "sklearn"),
        ("training", "try:\n    import tqdm\nexcept ImportError:\n    pass", "tqdm"),
        ("plots", "import matplotlib.pyplot as plt", "matplotlib"),
        ("widgets/one", "from sklearn import svm", "sklearn"),
        ("drawing/svg", "def f():\n    import pygraphviz", "pygraphviz"),
        ("drawing/svg", "def f():\n    import ipywidgets", "ipywidgets"),
        ("plots", "import anywidget", "anywidget"),
    ],
)
def test_a_foreigner_in_the_wrong_room_is_found(house, file, code, foreign):
    path = house / f"{file}.py"
    path.write_text(code)
    assert wrong_foreigners(path, house) == [f"{file.replace('/', '.')} imports {foreign}"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("layers", "import math\nimport numpy as np"),
        ("datasets", "def iris():\n    from sklearn.datasets import load_iris"),
        ("plots", "def f():\n    import matplotlib.pyplot as plt"),
        ("drawing/layout", "import pygraphviz"),
        ("widgets/one", "import anywidget\nimport ipywidgets"),
    ],
)
def test_a_foreigner_in_its_room_passes(house, file, code):
    path = house / f"{file}.py"
    path.write_text(code)
    assert wrong_foreigners(path, house) == []


# ---------------------------------------------------------------- the front door


def in_a_fresh_process(code):
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "code",
    ["import nbkit", "import nbkit; dir(nbkit)", *(f"import nbkit.{room}" for room in CORE)],
)
def test_the_front_door_and_the_core_load_nothing_heavy(code):
    show = "import json, sys; print(json.dumps([name.split('.')[0] for name in sys.modules]))"
    loaded = in_a_fresh_process(f"{code}\n{show}")
    assert "nbkit" in loaded
    assert HEAVY.isdisjoint(loaded)


def test_the_front_door_loads_no_room_before_it_is_asked_for():
    code = "import json, sys, nbkit; print(json.dumps([m for m in sys.modules if m.startswith('nbkit.')]))"
    assert in_a_fresh_process(code) == []


@pytest.mark.parametrize("name", nbkit.__all__)
def test_every_public_name_resolves(name):
    thing = getattr(nbkit, name)
    assert thing is getattr(nbkit, name)
    if name in nbkit.HOME:
        assert thing.__module__.startswith(f"nbkit.{nbkit.HOME[name]}")
        assert thing.__name__ == name


@pytest.mark.parametrize("name", ["Softmax", "layer", "_nothing", "numpy"])
def test_an_unknown_name_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=f"module 'nbkit' has no attribute '{name}'"):
        getattr(nbkit, name)


def test_dir_lists_all_public_names():
    assert set(nbkit.__all__) <= set(dir(nbkit))
    assert "__version__" in dir(nbkit)


def test_every_public_layer_has_a_public_name():
    classes = {name: thing for name, thing in vars(nbkit.layers).items() if isinstance(thing, type)}
    public = {name for name, thing in classes.items() if thing.__module__ == "nbkit.layers"}
    assert public == set(nbkit.ROOMS["layers"]), 'layers.py and ROOMS["layers"] of nbkit/__init__.py differ'
