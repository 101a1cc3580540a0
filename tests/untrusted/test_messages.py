"""Messages from a page may hold anything: a widget does what it is asked for, or says why not and stays as it was."""

import json
import math
from operator import attrgetter

import ipywidgets
import numpy as np
import pytest
from hypothesis import example
from hypothesis import strategies as st

from nbkit import (
    ActivationExplorer,
    BugHunt,
    ConvolutionExplorer,
    DescentExplorer,
    DigitPad,
    GraphExplorer,
    GraphQuiz,
    HatsExplorer,
    NudgeLab,
    ProductExplorer,
    RegressionExplorer,
    RejectExplorer,
    SeedGallery,
    Settings,
    Sigmoid,
    SoftmaxExplorer,
    TraceLab,
    TrainingPlayground,
    Variable,
)  # fmt: skip
from nbkit.experiment.seeds import recipes_for_xor
from nbkit.widgets.kit.assets import asset
from nbkit.widgets.kit.panel import PanelHelper
from nbkit.widgets.kit.views import POINTER, CodeBox, as_pointer_event
from tests.hostile import JSON, TEXTS, attempt, fuzz
from tests.untrusted.test_labels import DATA, pieces, zoomed
from tests.untrusted.test_settings import example_points

OWN = Settings(data="own points", points=example_points(), held_out=0.0, hidden=(2,))


class Guess:
    """A net that takes every digit for any other."""

    def probabilities(self, x):
        return np.full((len(x), 10), 0.1)


def gallery(_folder):
    recipes = {"one": next(iter(recipes_for_xor().values()))._replace(steps=3)}
    return SeedGallery(recipes, DATA, seeds=4)


def graph():
    a, b = Variable(2.0, "a"), Variable(3.0, "b")
    return Sigmoid()(a * b) + a


SURE = {"known": [([0.6, 0.95], np.array([False, True]))], "new": [([0.5, 0.9], np.array([True, False]))]}

# What each widget listens to, and what it keeps beside that which it shows.
WIDGETS = {
    "GraphExplorer": (lambda _folder: GraphExplorer(graph()), "view", "opened graph"),
    "TraceLab": (lambda _folder: TraceLab("sigmoid(x)*y"), "view", "opened closed graph steps"),
    "TraceLab, lines": (lambda _folder: TraceLab("sigmoid(x)*y"), "lines", "opened closed graph steps"),
    "GraphQuiz": (lambda _folder: GraphQuiz(graph()), "view", "hints"),
    "ZoomLab": (lambda folder: zoomed("a", folder), "view", "chosen"),
    "ZoomLab, lines": (lambda folder: zoomed("a", folder), "lines", "chosen"),
    "SeedGallery": (gallery, "view", ""),
    "ConvolutionExplorer": (lambda _folder: ConvolutionExplorer(), "view", "offset weights"),
    "SoftmaxExplorer": (lambda _folder: SoftmaxExplorer(), "view", ""),
    "ActivationExplorer": (lambda _folder: ActivationExplorer(), "view", ""),
    "HatsExplorer": (lambda _folder: HatsExplorer(), "view", ""),
    "NudgeLab": (lambda _folder: NudgeLab(Variable(2, "x") * 3), "view", ""),
    "ProductExplorer": (lambda _folder: ProductExplorer(), "view", ""),
    "DescentExplorer": (lambda _folder: DescentExplorer(), "view", ""),
    "RegressionExplorer": (lambda _folder: RegressionExplorer(), "view", "trail"),
    "RejectExplorer": (lambda _folder: RejectExplorer(SURE), "view", ""),
    "DigitPad": (lambda _folder: DigitPad(Guess()), "view", "pen_at truth"),
    "TrainingPlayground": (lambda _folder: TrainingPlayground(OWN), "view", "choice.chosen experiment settings"),
    "BugHunt": (lambda _folder: BugHunt(), "view", "checked report score.solved score.helped logs"),
}

HEAVY = {"SeedGallery", "DescentExplorer", "TrainingPlayground"}

IDS = st.sampled_from(["v0", "v1", "v2", "v3", "v4", "v1-v2-0", "0", "1", "-1", "99", "seed 1", "seed 99", "hidden 1:0",
                       "hidden 1:9", "output:0", "output:-1", ":", "plane", "land", "sheet", "y1", "loss", "value",
                       "hat", "count", "eps", "nudge", "mean0", "left", "dot", "picture", "map", "row",
                       "w0,0"])  # fmt: skip
PLACE = st.floats(-100, 800) | JSON
POINTED = st.fixed_dictionaries(
    {"kind": st.sampled_from(["press", "drag", "drop", "delete"]), "area": IDS | st.none() | TEXTS,
     "item": IDS | st.none() | TEXTS, "x": PLACE, "y": PLACE}
)  # fmt: skip
KINDS = ["open", "close", "answer", "check", "hint", "reveal", "new", "text", "arrived", "key"]
KEYS = st.sampled_from(["ArrowUp", "PageDown", "Home", "End"])
ASKED = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS)},
    optional={"node": IDS | JSON, "blank": IDS | JSON, "text": TEXTS | JSON, "number": st.integers() | JSON,
              "item": IDS | JSON, "key": KEYS | JSON,
              "texts": st.dictionaries(IDS, TEXTS | JSON, max_size=3) | JSON},
)  # fmt: skip


def state(panel, kept):
    """All that a panel shows, apart from its message, and what it remembers."""
    shown = [
        {name: value for name, value in piece.get_state().items() if name != "tabbable"}
        for piece in pieces(panel)
        if not isinstance(piece, PanelHelper)
    ]
    return shown, [_frozen(attrgetter(name)(panel)) for name in kept.split()]


def _frozen(thing):
    return thing.copy() if isinstance(thing, dict | set) else list(thing) if isinstance(thing, list) else thing


@pytest.mark.parametrize("kind", WIDGETS)
def test_a_message_of_any_content(kind, tmp_path):
    make, listener, kept = WIDGETS[kind]
    panel = make(tmp_path)

    @fuzz(6 if kind in HEAVY else 20, POINTED | ASKED | JSON)
    @example({"kind": "close", "node": "zzz"})
    @example({"kind": "open", "node": "v0"})
    @example({"kind": "press", "area": None, "item": "no layer:0", "x": 0, "y": 0})
    @example({"kind": "press", "area": None, "item": "hidden 1:999", "x": 0, "y": 0})
    @example({"kind": "delete", "area": "plane", "item": "-1", "x": 100, "y": 100})
    @example({"kind": "drag", "area": "sheet", "item": None, "x": 1e300, "y": -1e300})
    @example({"kind": "press", "area": "plane", "item": None, "x": 10**400, "y": 0})
    @example({"kind": "check", "texts": {"v0-v1-0": [1], "zzz": "1"}})
    @example({"kind": "answer", "blank": [], "text": "1"})
    @example({"kind": "key", "item": "y1", "key": "ArrowUp"})
    @example({"kind": []})
    @example(3)
    def sent(message):
        panel.show_message("")
        before = state(panel, kept)
        getattr(panel, listener)._handle_custom_msg(message, [])
        told = panel.message.value
        if told:
            assert len(told) < 1200
            assert "Error: " not in told or state(panel, kept) == before
        panel.snapshot()

    sent()
    panel.close()


@fuzz(150, POINTED | JSON)
@example({"kind": "press", "area": None, "item": None, "x": 10**400, "y": 0})
@example({"kind": "press", "area": None, "item": None, "x": "nan", "y": 0})
@example({"kind": [], "area": None, "item": None, "x": 0, "y": 0})
def test_an_event_of_any_content(message):
    event, refusal = attempt(as_pointer_event, message)
    if not refusal:
        assert event.kind in POINTER
        assert math.isfinite(event.x)
        assert math.isfinite(event.y)


@fuzz(40, ASKED | JSON)
@example(3)
@example({"kind": "check", "text": 5})
@example({"kind": "check", "text": "x = 2"})
def test_a_message_to_a_code_box(message):
    box, asked = CodeBox(value="x = 1"), []
    box.on_check(lambda: asked.append(True))
    _done, refusal = attempt(box._dispatch, box, message, [])
    kind, text = (message.get("kind"), message.get("text")) if isinstance(message, dict) else (None, None)
    fits = kind in ("text", "check") and isinstance(text, str)
    assert bool(refusal) == (not fits)
    assert box.value == (text if fits else "x = 1")
    assert bool(asked) == (fits and kind == "check")


# ---------------------------------------------------------------- what is typed into fields


def test_any_line_of_settings_that_is_pasted():
    playground = TrainingPlayground(OWN)

    @fuzz(8, st.dictionaries(st.sampled_from(list(vars(OWN))), JSON, max_size=2).map(json.dumps) | TEXTS)
    @example('{"data": "own points", "points": [[1e308, 0, 0], [-1e308, 1, 1]]}')
    @example('{"data": "own points", "points": [[1000000, 0, 0], [1000000, 1, 1]]}')
    @example('{"data": "CSV file", "path": "/dev/zero"}')
    @example('{"data": "CSV file", "path": "\\ud800"}')
    @example('{"lr": 1e999}')
    def pasted(line):
        before, old = state(playground, "choice.chosen"), playground.experiment
        playground.show_message("")
        playground.line.value = line
        if playground.message.value:
            assert playground.experiment is old
            assert len(playground.message.value) < 1200
            assert playground.line.value == line  # what was typed stays, to be mended
            playground._show_settings()
            assert state(playground, "choice.chosen") == before
        else:
            assert Settings.from_json(playground.line.value) == playground.settings
        assert "nan" not in playground.view.svg

    pasted()
    playground.close()


def test_any_formula_that_is_typed():
    lab = TraceLab("sigmoid(x)*y")

    @fuzz(30, TEXTS | st.text("xy()+-*/@.0123456789 ", max_size=25))
    @example("x @ y")
    @example("x * 1e308 * 1e308")
    def typed(formula):
        lab.formula.value = "x"
        before, graph = [lab.view.svg, lab.lines.svg], lab.graph
        lab.formula.value = formula
        assert lab.message.value == ""
        if "✗" in lab.status.value:
            assert ([lab.view.svg, lab.lines.svg], lab.graph) == (before, graph)

    typed()
    lab.close()


def test_a_message_is_shown_as_text():
    assert not isinstance(PanelHelper(), ipywidgets.HTML)
    script = asset("panel.js")  # that no script takes text as markup is seen in test_safety.py
    assert "textContent" in script
    assert "draw(" not in script
