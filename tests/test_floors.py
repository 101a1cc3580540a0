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
FILES = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}

# Top to bottom; a room that is a folder counts as one room, except that its palette is open to `plots`.
CORE = [
    "_text",
    "_files",
    "_table",
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
    "_files": ("_text",),
    "_table": ("_text",),
    "functions": ("_text",),
    "base": ("_text", "functions"),
    "layers": ("_text", "base", "functions"),
    "operand": ("_text", "layers"),
    "graph": ("_text", "functions", "base", "layers", "operand"),
    "dual": ("_text", "functions", "operand"),
    "analysis": ("base",),
    "lines": ("base", "layers"),
    "formula": ("_text", "layers", "graph"),
    "scalars": ("_text", "base", "layers", "graph", "lines"),
    "gradcheck": ("_text",),
    "tracer": ("_text",),
    "network": ("_text", "_files", "functions", "base"),
    "zoom": ("_text", "base", "graph", "network", "lines", "scalars"),
    "optimizers": ("_text",),
    "training": ("_text", "functions", "network", "optimizers"),
    "datasets": ("_text", "_table"),
    "experiment": ("_text", "functions", "layers", "network", "optimizers", "training", "datasets", "experiment"),
    "bugs": (*CORE[: CORE.index("experiment")], "bugs"),
    "source": ("_text",),
    "drawing": ("_text", "_files", "functions", "base", "layers", "graph", "drawing"),
    "plots": ("_text", "functions", "drawing"),
    "widgets": ("", *CORE, "drawing", "plots", "widgets"),
    "exercises": (*CORE[: CORE.index("datasets")], "experiment", "bugs", "drawing.numbers", "exercises"),
    "site": ("_text", "_files", "drawing.palette", "widgets", "site"),
    "server": (),
    "__main__": ("_text", "site"),
    "": (),  # the front door resolves names when they are asked for
}
DRAWERS = ("drawing", "plots", "widgets", "site")
NEVER_AT_MODULE_LEVEL = {"matplotlib", "sklearn", "pygraphviz"}
HEAVY = {"matplotlib", "sklearn", "pygraphviz", "ipywidgets", "anywidget", "IPython", "PIL", "resvg_py"}


def module_of(file):
    """Dotted place inside nbkit: ``drawing.layout``, ``layers``, and "" for the front door."""
    return file.removesuffix(".py").replace("/", ".").removesuffix("__init__").removesuffix(".")


def room_of(module):
    return module.split(".")[0]


def exists(module):
    place = PACKAGE.joinpath(*module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def imports(file, code):
    """Yield (full name, is it at module level) for each import; ``from a import b`` gives a.b."""
    inside_a_function = set()
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside_a_function.update(ast.walk(node))
    here = ["nbkit", *file.split("/")[:-1]]
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


def target(name):
    """The module inside nbkit that an imported name comes from, by the public names where it is one of those."""
    parts = name.split(".")[1:]
    if parts and parts[0] in nbkit.HOME:
        return nbkit.HOME[parts[0]]
    while parts and not exists(".".join(parts)):
        parts.pop()
    return ".".join(parts)


def wrong_arrows(file, code):
    """Arrows that point to a room that is not above."""
    module = module_of(file)
    if room_of(module) not in ALLOWED:
        return [f"{room_of(module)} is a room without a place in the table"]
    arrows = [target(name) for name, _top in imports(file, code) if name.split(".")[0] == "nbkit"]
    above = ALLOWED[room_of(module)]
    return [
        f"{module or 'nbkit'} -> {arrow or 'nbkit'}"
        for arrow in arrows
        if arrow not in above and room_of(arrow) not in above
    ]


def wrong_foreigners(file, code):
    """Imports of other people's packages where they have no place."""
    module = module_of(file)
    room, wrong = room_of(module), []
    for name, top in imports(file, code):
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


def test_every_arrow_points_up():
    assert [arrow for file, code in FILES.items() for arrow in wrong_arrows(file, code)] == []


def test_other_packages_stay_in_their_rooms():
    assert [place for file, code in FILES.items() for place in wrong_foreigners(file, code)] == []


def test_the_table_has_every_room_and_no_circle():
    order = [*CORE, "drawing", "plots", "widgets", "exercises", "site", "__main__"]
    down = [
        f"{room} -> {other}"
        for room, above in ALLOWED.items()
        for other in map(room_of, above)
        if room and other and other != room and order.index(other) >= order.index(room)
    ]
    assert down == []
    assert {module_of(file) for file in FILES} >= {*CORE, ""}


# ---------------------------------------------------------------- the test can fail

WRONG_ARROWS = [
    ("layers.py", "from nbkit.graph import Variable", "layers -> graph"),
    ("layers.py", "from nbkit import graph", "layers -> graph"),
    ("layers.py", "from nbkit import Variable", "layers -> graph"),
    ("layers.py", "import nbkit.graph as g", "layers -> graph"),
    ("layers.py", "import nbkit", "layers -> nbkit"),
    ("layers.py", "from . import graph", "layers -> graph"),
    ("layers.py", "def f():\n    from .graph import Variable", "layers -> graph"),
    ("drawing/svg.py", "from ..plots import activation", "drawing.svg -> plots"),
    ("exercises/__init__.py", "from nbkit.drawing import draw", "exercises -> drawing"),  # only drawing.numbers
    ("cellar.py", "", "cellar is a room without a place in the table"),
]
WRONG_FOREIGNERS = [
    ("layers.py", "import scipy", "layers imports scipy"),
    ("training.py", "try:\n    import tqdm\nexcept ImportError:\n    pass", "training imports tqdm"),
    ("plots.py", "import matplotlib.pyplot as plt", "plots imports matplotlib"),
    ("drawing/svg.py", "def f():\n    import pygraphviz", "drawing.svg imports pygraphviz"),
    ("plots.py", "def f():\n    import anywidget", "plots imports anywidget"),
]


def test_what_is_wrong_would_be_found():
    assert [(*case[:2], *wrong_arrows(*case[:2])) for case in WRONG_ARROWS] == WRONG_ARROWS
    assert [(*case[:2], *wrong_foreigners(*case[:2])) for case in WRONG_FOREIGNERS] == WRONG_FOREIGNERS


# ---------------------------------------------------------------- the front door

FRESH = """
import json, sys
loaded = lambda: sorted(sys.modules)
import nbkit
told = {"import nbkit": loaded()}
dir(nbkit)
told["dir(nbkit)"] = loaded()
import importlib
for room in sys.argv[1:]:
    importlib.import_module(f"nbkit.{room}")
    told[room] = loaded()
print(json.dumps(told))
"""


def test_the_front_door_and_the_core_load_nothing_heavy_and_no_room_before_it_is_asked_for():
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-c", FRESH, *CORE]
    told = json.loads(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout)
    for step in ("import nbkit", "dir(nbkit)"):
        assert "nbkit" in told[step]
        assert [name for name in told[step] if name.startswith("nbkit.")] == []
    heavy = {step: HEAVY.intersection(name.split(".")[0] for name in loaded) for step, loaded in told.items()}
    assert {step: names for step, names in heavy.items() if names} == {}, "the first one named has loaded it"
    assert {f"nbkit.{room}" for room in CORE} <= set(told[CORE[-1]])


def test_every_public_name_resolves_and_is_listed():
    things = {name: getattr(nbkit, name) for name in nbkit.__all__}
    assert [name for name, thing in things.items() if thing is not getattr(nbkit, name)] == []
    at_home = {name: things[name] for name in nbkit.HOME}
    assert [n for n, thing in at_home.items() if not thing.__module__.startswith(f"nbkit.{nbkit.HOME[n]}")] == []
    assert [name for name, thing in at_home.items() if thing.__name__ != name] == []
    assert {*nbkit.__all__, "__version__"} <= set(dir(nbkit))


def test_an_unknown_name_is_an_attribute_error():
    for name in ("Softmax", "layer", "_nothing", "numpy"):
        with pytest.raises(AttributeError, match=f"module 'nbkit' has no attribute '{name}'"):
            getattr(nbkit, name)


def test_every_public_layer_has_a_public_name():
    classes = {name: thing for name, thing in vars(nbkit.layers).items() if isinstance(thing, type)}
    public = {name for name, thing in classes.items() if thing.__module__ == "nbkit.layers"}
    assert public == set(nbkit.ROOMS["layers"]), 'layers.py and ROOMS["layers"] of nbkit/__init__.py differ'
