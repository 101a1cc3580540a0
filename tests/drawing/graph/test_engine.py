"""Who lays graphs out where: pygraphviz, or in a browser a script, of which these tests have a stand-in."""

import json
import sys
from types import ModuleType

import pygraphviz
import pytest

from nbkit.drawing.graph import engine
from nbkit.drawing.graph.layout import Box, place

PLAN = 'digraph { node [label=""] 0 1 2 0 -> 2 1 -> 2 }'
TEXT = 'plan => dot("é")\r\n'  # what a script may hold: it must arrive as it is


class JsError(Exception):
    """As Pyodide raises one where JavaScript throws."""


class Page:
    """What Pyodide and nbkit_graphviz are to nbkit; the function of the script can be changed."""

    def __init__(self):
        self.evaluated, self.plans, self.fails = [], [], None

    def run_js(self, text):
        self.evaluated.append(text)
        return self.dot

    def dot(self, plan):
        self.plans.append(plan)
        if self.fails:
            raise JsError(self.fails)
        return engine._native(plan)


@pytest.fixture
def page(monkeypatch, tmp_path):
    """A browser in which no layout has been made yet."""
    page, script = Page(), tmp_path / "dot.js"
    script.write_bytes(TEXT.encode())
    parts = {"pyodide": {}, "pyodide.code": {"run_js": page.run_js}, "pyodide.ffi": {"JsException": JsError}}
    for name, content in (parts | {"nbkit_graphviz": {"SCRIPT": script}}).items():
        module = ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(sys, "platform", "emscripten")
    engine._dot.cache_clear()
    yield page
    engine._dot.cache_clear()


def test_elsewhere_pygraphviz_lays_out():
    """Another way to ask it, node by node, finds the same."""
    found, graph = engine.lay_out(PLAN), pygraphviz.AGraph(string=PLAN)
    graph.layout("dot")
    assert found["bb"] == graph.graph_attr["bb"]
    nodes = [(item["name"], item["pos"]) for item in found["objects"]]
    assert nodes == [(name, graph.get_node(name).attr["pos"]) for name in "012"]
    edges = [(item["tail"], item["head"], item["pos"]) for item in found["edges"]]
    assert edges == [(tail, 2, graph.get_edge(str(tail), "2").attr["pos"]) for tail in (0, 1)]


def test_in_a_browser_the_script_lays_out(page):
    assert engine.lay_out(PLAN) == json.loads(engine._native(PLAN))
    assert page.plans == [PLAN]


def test_a_picture_is_the_same(page, monkeypatch):
    boxes, edges = (Box("a", "box", 50, 30), Box("b", "circle", 40, 40)), (("a", "b"),)
    there = place.__wrapped__(boxes, edges)
    assert len(page.plans) == 1
    monkeypatch.undo()
    assert place.__wrapped__(boxes, edges) == there


def test_the_script_is_read_once_and_as_it_is(page):
    for _ in range(3):
        engine.lay_out(PLAN)
    assert page.evaluated == [TEXT]


def test_what_the_script_objects_to_is_told_and_the_next_graph_is_laid_out(page):
    page.fails = "Error: syntax error in line 1"
    with pytest.raises(ValueError, match=r"^Graphviz cannot lay this graph out: Error: syntax error in line 1$"):
        engine.lay_out("digraph {")
    page.fails = None
    assert engine.lay_out(PLAN) == json.loads(engine._native(PLAN))
    assert len(page.evaluated) == 2  # an instance that threw is not asked again


@pytest.mark.parametrize("words", ["RangeError: Maximum call stack size exceeded", "InternalError: too much recursion"])
def test_a_graph_that_is_too_large_for_a_browser_is_refused_in_plain_words(page, words):
    page.fails = words
    with pytest.raises(ValueError, match=r"^this graph is too large for Graphviz in a browser; .* a part of it"):
        engine.lay_out(PLAN)
