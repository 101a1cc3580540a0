"""Graphviz for the browser: it lays out all graphs of the course as pygraphviz does, and its package is whole."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from itertools import combinations

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell
from packaging.metadata import Metadata
from packaging.utils import parse_wheel_filename

from nbkit import Variable, draw
from nbkit.drawing.graph import layout
from nbkit.drawing.graph.engine import lay_out
from nbkit.web.live import graphviz
from tests.browser.lab import NOTEBOOKS
from tests.browser.widgets import FIRST, WIDGETS
from tests.drawing.graph.graphs import backward
from tests.drawing.graph.test_layout import large_graph
from tests.execute import run
from tests.live.lite import MISSING

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
# How many layouts of a chapter differ. In this one a label may stand at either end of a long line: both are best, and
# which is taken depends on how the C library sorts what is equal.
TIES = {"13_from_layers_to_autodiff.ipynb": 1}
RECORD = """from nbkit.drawing.graph import layout as _layout
_plans, _lay_out = {}, _layout.lay_out
def _recorded(plan):
    _plans[plan] = None
    return _lay_out(plan)
_layout.lay_out = _recorded"""
REPORT = "print(__import__('json').dumps(list(_plans)))"
RUN = """const fs = require('fs');
const dot = require('vm').runInThisContext(fs.readFileSync(process.argv[1], 'utf8'));
const answer = plan => {
    try { return { found: JSON.parse(dot(plan)) }; } catch (error) { return { why: `${error}` }; }
};
console.log(JSON.stringify(JSON.parse(fs.readFileSync(0, 'utf8')).map(answer)));"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of nbkit_graphviz, made as the site's build makes it."""
    if not os.environ.get("NBKIT_PYODIDE"):
        pytest.skip(MISSING)
    return graphviz.wheel(tmp_path_factory.mktemp("graphviz"))


@pytest.fixture(scope="session")
def dot(wheel, tmp_path_factory):
    """Give plans to the script of the wheel; what it found of each or why it failed comes back."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node: get it from https://nodejs.org")
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    command = [node, "-e", RUN, str(folder / "nbkit_graphviz" / "dot.js")]

    def answers(plans):
        done = subprocess.run(command, input=json.dumps(plans), capture_output=True, encoding="utf-8", check=True)
        return json.loads(done.stdout)

    return answers


# ---------------------------------------------------------------- layouts


def numbers(text):
    return np.array([float(number) for number in text.replace(",", " ").split()])


def corners(found):
    """Return where each box starts and ends, one row for each."""
    middles = np.array([numbers(item["pos"]) for item in found["objects"]])
    halves = np.array([[float(item["width"]), float(item["height"])] for item in found["objects"]]) * 36  # inches
    return np.hstack([middles - halves, middles + halves])


def overlaps(found):
    """Return how many pairs of boxes share some room."""
    pairs = combinations(corners(found), 2)
    return sum(bool((a[:2] < b[2:] - 0.6).all() and (b[:2] < a[2:] - 0.6).all()) for a, b in pairs)


def line(text):
    """Return points on a line of Graphviz: control points of cubic curves, one after the other."""
    points, t = numbers(text).reshape(-1, 2), np.linspace(0, 1, 8)[:, None]
    curves = [points[k : k + 4] for k in range(0, len(points) - 1, 3)]
    return np.vstack([(1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
                      for a, b, c, d in curves])  # fmt: skip


def crossings(found):
    """Return how many pairs of lines cross that have no end in common."""
    edges = [(item["tail"], item["head"], line(item["pos"])) for item in found["edges"]]
    return sum(cross(a[2], b[2]) for a, b in combinations(edges, 2) if not {*a[:2]} & {*b[:2]})


def cross(one, other):
    """Tell whether lines cross: where they do, each has a piece that ends on both sides of the other's."""

    def sides(start, end, points):
        to, away = (end - start)[:, None], points[None] - start[:, None]
        signs = np.sign(to[..., 0] * away[..., 1] - to[..., 1] * away[..., 0])
        return signs[:, :-1] * signs[:, 1:] < 0

    return bool((sides(one[:-1], one[1:], other) & sides(other[:-1], other[1:], one).T).any())


def differs(got, wanted):
    """Tell whether anything stands elsewhere, or a line takes another way; what is the same in any layout must be."""
    for key in ("name", "width", "height", "shape"):
        values = [[item.get(key) for item in found["objects"]] for found in (got, wanted)]
        assert values[0] == values[1]
    assert [item["name"] for item in got["objects"]] == [str(k) for k in range(len(got["objects"]))]
    ends, wanted_ends = ([(item["tail"], item["head"]) for item in found.get("edges", ())] for found in (got, wanted))
    assert ends == wanted_ends
    texts = [
        [found["bb"], *(item["pos"] for part in ("objects", "edges") for item in found.get(part, ()))]
        for found in (got, wanted)
    ]
    pairs = [(numbers(one), numbers(other)) for one, other in zip(*texts, strict=True)]
    return not all(one.shape == other.shape and np.allclose(one, other, rtol=0, atol=0.1) for one, other in pairs)


def compare(dot, plans):
    """Return how many layouts differ from those of pygraphviz; each of them is as tidy."""
    count = 0
    for plan, answer in zip(plans, dot(plans), strict=True):
        got, wanted = answer["found"], lay_out(plan)
        if differs(got, wanted):
            count += 1
            np.testing.assert_allclose(numbers(got["bb"]), numbers(wanted["bb"]), atol=0.1)
            assert overlaps(got) == 0
            assert crossings(got) <= crossings(wanted)
    return count


def plans_of(path):
    """Run a notebook in a kernel, and return what was laid out."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [new_code_cell(RECORD), *notebook.cells, new_code_cell(REPORT)]
    return json.loads(run(notebook, path.parent).cells[-1].outputs[0].text)


@pytest.fixture
def recorded(monkeypatch):
    """The list of all that is laid out in this process during a test."""
    plans = []
    monkeypatch.setattr(layout, "lay_out", lambda plan: plans.append(plan) or lay_out(plan))
    layout.place.cache_clear()
    return plans


@pytest.mark.parametrize("name", NAMES)
def test_the_graphs_of_a_chapter_stand_where_pygraphviz_sets_them(dot, name):
    plans = plans_of(NOTEBOOKS / name)
    assert plans  # the map of the course, at least
    assert compare(dot, plans) == TIES.get(name, 0)


def test_the_graphs_of_all_widgets_do(dot, recorded):
    names = {}
    exec(FIRST, names)
    for code in WIDGETS.values():
        eval(code, names)._repr_mimebundle_()
    assert len(recorded) > 5
    assert compare(dot, recorded) == 0


def straight(operations):
    """Return a graph without a fork."""
    v = Variable(0.5, "x")
    for k in range(operations):
        v = v * Variable(1.1, f"w{k}")
    return backward(v)


def test_large_graphs_do(dot, recorded):
    """With more boxes than `MANY_BOXES` Graphviz is told to take less time."""
    for graph in (large_graph(), straight(60)):
        draw(graph)
    assert all("nslimit" in plan for plan in recorded)
    assert compare(dot, recorded) == 0


def test_a_layout_that_is_less_tidy_is_noticed(dot):
    """Or the tests above would say nothing."""
    plan = 'digraph { node [label="" shape=box] edge [arrowhead=none] 0 1 2 3 0 -> 2 1 -> 3 }'
    wanted = lay_out(plan)
    assert not differs(dot([plan])[0]["found"], wanted)
    assert (overlaps(wanted), crossings(wanted)) == (0, 0)
    moved = json.loads(json.dumps(wanted))
    moved["objects"][2]["pos"], moved["objects"][3]["pos"] = wanted["objects"][3]["pos"], wanted["objects"][2]["pos"]
    for k, item in enumerate(moved["edges"]):
        points = item["pos"].split()
        ends = wanted["edges"][1 - k]["pos"].split()
        item["pos"] = " ".join([points[0], points[0], ends[-1], ends[-1]])
    assert differs(moved, wanted)
    assert crossings(moved) == 1
    moved["objects"][2]["pos"] = moved["objects"][0]["pos"]
    assert overlaps(moved) == 1


def test_a_plan_that_is_none_is_refused_and_the_next_is_laid_out(dot):
    plan = "digraph { edge [arrowhead=none] 0 -> 1 }"
    bad, good = dot(["digraph {", plan])
    assert bad == {"why": "Error: syntax error in line 1"}
    assert not differs(good["found"], lay_out(plan))


# ---------------------------------------------------------------- the wheel


def test_the_wheel_says_what_it_is_and_under_which_licences(wheel):
    name, version, _build, _tags = parse_wheel_filename(wheel.name)
    assert (name, str(version)) == ("nbkit-graphviz", graphviz.VERSION)
    with zipfile.ZipFile(wheel) as package:
        info = f"nbkit_graphviz-{graphviz.VERSION}.dist-info"
        metadata = Metadata.from_email(package.read(f"{info}/METADATA"))
        licences = [package.read(f"{info}/licenses/{file}").decode() for file in metadata.license_files]
        readme, script = (package.read(f"nbkit_graphviz/{file}").decode() for file in ("README.md", "dot.js"))
    assert metadata.license_expression == "EPL-2.0 AND MIT"
    assert metadata.description == readme
    for words in ("Eclipse Public License - v 2.0", "Michael Daines", "Expat maintainers", "Emscripten authors"):
        assert sum(words in text for text in licences) == 1
    source = "graphviz-16.1.0.tar.gz> (SHA-256 beea483ab130f456c1c3905f4f2e40778a9c493c3d73ae8012367d552d71ca84)"
    for words in ("Graphviz 16.1.0", source, "expat-2.8.5.tar.gz>", "nbkit/web/live/graphviz.py"):
        assert words in readme
    assert "Copyright (c) Michael Daines" in script
    assert "async function Module" not in script


def test_without_npm_one_comes_from_pip_and_the_wheel_is_the_same(wheel, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert graphviz.wheel(tmp_path).read_bytes() == wheel.read_bytes()


def npm_that(does):
    """Return the words that start a program in the place of npm; its arguments are in `sys.argv`."""
    return lambda folder: [sys.executable, "-c", f"import sys; from pathlib import Path; {does}"]


def test_a_package_that_cannot_be_had_is_told_in_npms_words(tmp_path, monkeypatch):
    monkeypatch.setattr(graphviz, "npm", npm_that("sys.exit('npm error code ENOTFOUND')"))
    rule = f"from {graphviz.SOURCE} {graphviz.VERSION} of npm, which cannot be had here:\nnpm error code ENOTFOUND$"
    with pytest.raises(ValueError, match=rule):
        graphviz.wheel(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_with_other_bytes_is_refused(tmp_path, monkeypatch):
    write = "Path(sys.argv[sys.argv.index('--pack-destination') + 1], 'viz.tgz').write_bytes(b'another')"
    monkeypatch.setattr(graphviz, "npm", npm_that(write))
    with pytest.raises(ValueError, match=f"{graphviz.SOURCE} {graphviz.VERSION} is not what it was: its SHA-512"):
        graphviz.wheel(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", range(len(graphviz.CHANGES)))
@pytest.mark.parametrize("count", [0, 2])
def test_a_script_in_which_a_place_to_change_is_not_found_once_is_refused(number, count):
    places = [old for old, _new in graphviz.CHANGES]
    assert graphviz.script("\n".join(places))
    places[number : number + 1] = [places[number]] * count
    rule = f"{graphviz.SOURCE} {graphviz.VERSION} must hold {graphviz.CHANGES[number][0]!r} once to be changed"
    with pytest.raises(ValueError, match=f"^{re.escape(rule)}, it holds it {count} times$"):
        graphviz.script("\n".join(places))
