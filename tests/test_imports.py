"""Imports go downwards only, and stay light: the contracts of pyproject.toml, and what no contract can say."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import nbkit

PACKAGE = Path(nbkit.__file__).parent
PYPROJECT = PACKAGE.parent / "pyproject.toml"
SETTINGS = tomllib.loads(PYPROJECT.read_text("utf-8"))
CONTRACTS = {contract["name"] for contract in SETTINGS["tool"]["importlinter"]["contracts"]}
CORE = [
    "functions", "layer", "layers", "operators", "graph", "graphtools.cost", "graphtools.detail", "graphtools.formula",
    "graphtools.forward_mode", "graphtools.non_finite", "graphtools.numpy_code", "graphtools.scalars", "gradcheck",
    "network", "optimizers", "training", "datasets", "experiment", "bugs", "descent", "source",
]  # fmt: skip
NUMPY_ALONE = """import json, sys
import numpy, numpy.random
before = set(sys.modules)
import nbkit
loaded = {"nbkit": sorted(sys.modules)}
dir(nbkit)
loaded["dir"] = sorted(sys.modules)
from importlib import import_module
for name in sys.argv[1:]:
    import_module(f"nbkit.{name}")
    loaded[name] = sorted(set(sys.modules) - before)
print(json.dumps(loaded))"""
EACH_WIDGET = """import sys
from tests.browser.widgets import FIRST, WIDGETS
known = {}
exec(FIRST, known)
for code in WIDGETS.values():
    exec(f"shown = {code}", known)
    known["shown"]._repr_mimebundle_()
print(*(name for name in ("matplotlib", "sklearn", "resvg_py") if name in sys.modules))"""
EACH_TASK = """import sys
from nbkit import Experiment, check, datasets, hint
from nbkit.bugs import CASES
from nbkit.exercises.core import exercises_of
from nbkit.experiment import PRESETS
for name in ("xor", "circles", "moons", "spiral", "iris", "digits"):
    getattr(datasets, name)()
for preset in PRESETS:
    experiment = Experiment(preset.settings)
    if len(experiment.data.x):  # not where points are to be set by hand
        experiment.advance(2)
        experiment.judge()
for case in CASES:
    case.examine(case.broken)
    if case.training:
        case.losses(case.code)
for name in exercises_of():
    hint(name)
    check(name, 0)
print(*(name for name in ("matplotlib", "sklearn", "resvg_py") if name in sys.modules))"""
ONE_EXERCISE = """import re, sys
from nbkit import hint
hint("01.bill")
print(*(name for name in map(str, sys.modules) if re.match(r"nbkit.exercises.c\\d\\d_", name)))"""
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def run(code, *arguments, folder=PACKAGE.parent, status=0):
    """Run Python code in a process of its own, in the folder from which it imports nbkit; return what it printed."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_every_contract_is_kept():
    run(LINT)


# One for each contract: a line that breaks it, and the module that must not have that line.
PLANTED = {
    "layers.py": "from nbkit.graph import Variable",
    "exercises/core.py": "def late():\n    from nbkit.drawing.text import text_width",
    "web/words.py": "import ipywidgets",
    "drawing/listing.py": "import pygraphviz",
    "datasets.py": "def late():\n    from sklearn.datasets import load_iris",
    "attic.py": "",  # a module without a place in the order
}


def test_a_broken_contract_is_noticed(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "nbkit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PYPROJECT, tmp_path)
    for name, line in PLANTED.items():
        with (tmp_path / "nbkit" / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    told = run(LINT, folder=tmp_path, status=1)
    assert [name for name in CONTRACTS if f"{name} BROKEN" not in " ".join(told.split())] == []
    for arrow in ("nbkit.layers -> nbkit.graph", "nbkit.exercises.core -> nbkit.drawing", "attic"):
        assert arrow in told


# ---------------------------------------------------------------- other packages

IN_A_BROWSER = {"pyodide"}  # what Python brings there


AS_PLUGINS = {"nbkit.translation": {"jinja2"}}  # Babel finds it by itself
EXTRAS = {
    "nbkit.web": "site",
    "nbkit.classroom": "report",
    "nbkit.translation": "translate",
}  # rooms whose packages others can do without


def test_every_package_that_is_imported_is_declared():
    graph = grimp.build_graph("nbkit", include_external_packages=True, cache_dir=None)
    used = {name for name in graph.modules if not name.startswith("nbkit")} - sys.stdlib_module_names - IN_A_BROWSER
    rooms = {name: {room_of(module) for module in graph.find_modules_that_directly_import(name)} for name in used}
    project, chapters = SETTINGS["project"], {"jupyterlab", "scikit-learn"}
    core = declared(project["dependencies"])
    assert {distribution(name) for name in used if rooms[name] - EXTRAS.keys()} == core - chapters
    for room, extra in EXTRAS.items():
        asked = {distribution(name) for name in used if room in rooms[name]} - core
        assert asked | AS_PLUGINS.get(room, set()) == declared(project["optional-dependencies"][extra])


def room_of(module):
    return ".".join(module.split(".")[:2])


def distribution(package):
    return canonicalize_name(
        {"PIL": "pillow", "IPython": "ipython", "zmq": "pyzmq", "markdown_it": "markdown-it-py"}.get(package, package)
    )


def declared(lines):
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_nbkit_and_its_core_load_numpy_and_nothing_else():
    loaded = json.loads(run(NUMPY_ALONE, *CORE))
    for step in ("nbkit", "dir"):
        assert [name for name in loaded[step] if name.startswith("nbkit.")] == []
    others = {name.split(".")[0] for name in loaded[CORE[-1]]} - sys.stdlib_module_names - {"nbkit", "numpy"}
    assert others == set(), f"first by {next(step for step in CORE if others & set(loaded[step]))}"
    assert {f"nbkit.{name}" for name in CORE} <= set(loaded[CORE[-1]])


def test_what_is_slow_to_load_is_loaded_by_the_functions_that_need_it():
    modules = [str(path.relative_to(PACKAGE).with_suffix("")).replace(os.sep, ".") for path in PACKAGE.rglob("*.py")]
    modules = [name.removesuffix(".__init__") for name in modules if name not in ("__init__", "__main__")]
    loaded = json.loads(run(NUMPY_ALONE, *modules))[modules[-1]]
    assert "nbkit.drawing.graph.layout" in loaded
    assert [name for name in ("matplotlib.figure", "sklearn") if name in loaded] == []


def test_no_widget_loads_what_draws_figures_or_makes_pictures_for_others():
    assert run(EACH_WIDGET).split() == []


def test_no_data_set_preset_bug_or_exercise_loads_them():
    assert run(EACH_TASK).split() == []


def test_an_exercise_loads_the_file_of_its_chapter_alone():
    assert run(ONE_EXERCISE).split() == ["nbkit.exercises.c01_computation_graph"]


# ---------------------------------------------------------------- public names


def test_every_public_name_resolves_and_is_listed():
    things = {name: getattr(nbkit, name) for name in nbkit.__all__}
    at_home = {name: things[name] for name in nbkit.MODULE_OF}
    assert [n for n, thing in at_home.items() if not thing.__module__.startswith(f"nbkit.{nbkit.MODULE_OF[n]}")] == []
    assert [name for name, thing in at_home.items() if thing.__name__ != name] == []
    assert {*nbkit.__all__, "__version__"} <= set(dir(nbkit))


@pytest.mark.parametrize("name", ["Softmax", "layer_", "_nothing", "numpy"])
def test_an_unknown_name_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=f"module 'nbkit' has no attribute '{name}'"):
        getattr(nbkit, name)


def test_every_public_layer_has_a_public_name():
    classes = {name: thing for name, thing in vars(nbkit.layers).items() if isinstance(thing, type)}
    public = {name for name, thing in classes.items() if thing.__module__ == "nbkit.layers"}
    assert public == set(nbkit.PUBLIC["layers"]), 'layers.py and PUBLIC["layers"] of nbkit/__init__.py differ'
