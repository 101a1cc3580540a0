"""What a learner sees, frozen to one file before a large change, and compared with it afterwards.

``python -m tests.freeze write FILE`` and ``python -m tests.freeze compare FILE``, from the root of the repository;
``--keep DIR`` also writes all that was hashed as files, so that ``diff -r`` shows how two states differ.
"""

import argparse
import hashlib
import inspect
import io
import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from contextlib import chdir, suppress
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")  # every sum in one order

import ipywidgets
import matplotlib
import numpy as np
import resvg_py
from PIL import Image

import nbkit
from nbkit import Affine, Graph, Variable, draw, plots
from nbkit.drawing.still import PUBLISH
from tests.browser.widgets import FIRST, WIDGETS

os.environ[PUBLISH] = "1"  # still pictures as the committed notebooks have them
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FONTS = [str(Path(matplotlib.get_data_path(), f"fonts/ttf/DejaVuSans{style}.ttf"))
         for style in ("", "-Bold", "-Oblique", "Mono")]  # fmt: skip
SKIPPED = {("TrainingPlayground", "Run")}  # trains until somebody stops it, and as fast as the clock allows
LAYERS = "Graph(SoftmaxWithLoss()(Tanh()(Affine.random(2, 2, 0)(Variable([[1, 2]], 'x'))), Variable([[0, 1]], 't')))"
MORE = {
    "GraphExplorer, layers": f"GraphExplorer({LAYERS})",
    "GraphQuiz, forward": "GraphQuiz((x + y) * x + y, blanks='forward', rng=0)",
    "OrderLab, fork": "OrderLab(Exp()(x) * x + y)",
    "NudgeLab, kink": "NudgeLab(ReLU()(x - 2), eps=0.01, sides='two')",
    "DigitPad, no data": "DigitPad(reader)",
    "TrainingExplorer, held out": "TrainingExplorer(net, (data.x, data.t), held_out=(data.x, data.t), epochs=20)",
}
TYPED = {  # into the text fields of this name
    "formula (Enter draws it)": ("x +", "exp(x) / y"),
    "by ε =": ("0,03", "-1/100", "half"),
    "settings": ("{", '{"data": "spiral", "hidden": [8, 4], "lr": 0.1}'),
    "CSV file": ("/missing.csv",),
}
CALLED = {  # methods for what a hand does to a picture
    "GraphQuiz": ("answer('v0.sum', '1')", "hint()", "reveal()", "check_all()", "new_numbers()"),
    "GraphExplorer, layers": ("open_node('v1')",),
    "TrainingPlayground": ("choose('hidden 1:0')", "advance(10)"),
}
FIGURES = {
    "confusion": lambda: plots.confusion([0, 1, 1], [0, 1, 0], classes=("cat", "dog")),
    "decision_regions": lambda: plots.decision_regions(
        lambda x: np.stack([x[:, 0] > 0.5, x[:, 0] <= 0.5], axis=1), np.eye(2), [0, 1], classes=("off", "on")),
    "loss_curve": lambda: plots.loss_curve({"SGD": [2.0, 1.0, 0.6], "Adam": [2.0, np.inf]}, log=True),
    "draw": lambda: draw(after_backward(Variable(2, "x") * (Variable(2, "y") + 3))),
    "draw, no numbers": lambda: draw(Variable(2, "x") + 3, values=False, gradients=False),
    "draw, arrays": lambda: draw(Affine.random(2, 3, 0)(Variable([[1, 2]], "x")), shapes=False),
}  # fmt: skip


def after_backward(output):
    """Return the graph of an output with its gradients."""
    graph = Graph(output)
    graph.backward()
    return graph


# ---------------------------------------------------------------- from what is shown to text that can be compared


def name_of(*parts):
    """Join the parts of a key, which is a name of a file as well."""
    return "/".join(str(part).replace("/", "∕")[:90] for part in parts)


def strings(value):
    """Return all text in nested lists and dicts, in order."""
    if isinstance(value, dict | list | tuple):
        return [text for part in (value.values() if isinstance(value, dict) else value) for text in strings(part)]
    return [value] if isinstance(value, str) else []


def words_in(svg):
    """Return what a picture says to eye and ear, and in the sentences that a page plays."""
    found = []
    for element in ElementTree.fromstring(svg).iter():
        kind, text = element.tag.rpartition("}")[2], (element.text or "").strip()
        found += [value for name, value in sorted(element.attrib.items()) if name.startswith("aria-")]
        if kind == "metadata":
            with suppress(json.JSONDecodeError):
                text = "\n".join(strings(json.loads(text)))
        found += [part for part in (text if kind != "style" else "", (element.tail or "").strip()) if part]
    return "\n".join(found)


@cache
def pixels_of(svg):
    """Return the hash of a picture's pixels in the light theme, and of the colours that the dark one puts instead."""
    plain = re.sub(r"var\(--[\w-]+,\s*([^()]+)\)", r"\1", svg)  # the rasteriser knows no CSS variables
    png = bytes(resvg_py.svg_to_bytes(
        svg_string=plain, background="white", skip_system_fonts=True, font_files=FONTS, font_family="DejaVu Sans"
    ))  # fmt: skip
    image = Image.open(io.BytesIO(png)).convert("RGB")
    dark = sorted(set(re.findall(r"--[\w-]+:\s*([^;}]+)", svg)))
    return f"{image.size} {hashlib.sha256(image.tobytes()).hexdigest()} {dark}"


class Frozen(dict):
    """Hashes by key; what they stand for is written below `folder`, if there is one."""

    def __init__(self, folder=None):
        self.folder = folder

    def put(self, text, *parts, plain=False):
        """Add the hash of a text, or a short text as it is."""
        key, text = name_of(*parts), str(text)
        self[key] = text if plain else hashlib.sha256(text.encode()).hexdigest()[:20]
        if self.folder:
            file = self.folder / f"{key}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def put_html(self, html, *parts):
        """Add a picture in HTML: its words, and its pixels."""
        self.put(re.sub(r"base64,[^\"]*", "", html), *parts, "words")
        self.put(re.findall(r"base64,([^\"]*)", html), *parts, "pixels")

    def put_svgs(self, svgs, *parts):
        """Add pictures: as they are written, their words, and their pixels."""
        self.put("\n".join(ElementTree.canonicalize(svg, strip_text=True) for svg in svgs), *parts, "svg")
        self.put("\n\n".join(map(words_in, svgs)), *parts, "words")
        self.put("\n".join(map(pixels_of, svgs)), *parts, "pixels")


# ---------------------------------------------------------------- widgets


def kind_of(widget):
    """Return the name of the class of ipywidgets that a widget is, or None for one of nbkit's own views."""
    kind = next(cls.__name__ for cls in type(widget).__mro__ if cls.__module__.startswith("ipywidgets."))
    return None if kind in ("DOMWidget", "Widget") else kind


def walk(widget, seen=True):
    """Give each part of a widget, and whether it can be seen."""
    seen = seen and widget.layout.display != "none" and widget.layout.visibility != "hidden"
    yield widget, seen
    for child in getattr(widget, "children", ()):
        yield from walk(child, seen)


def shown_traits(widget, names):
    """Return the traits among `names` that make what a page shows."""
    wiring = ("children", "layout", "style", "comm", "keys", "log")
    return {name: getattr(widget, name) for name in sorted(names) if name[0] != "_" and name not in wiring}


def control_of(widget, seen):
    """Describe one of ipywidgets: its traits but for the text of a label, its options, layout and style."""
    parts = {"seen": seen, **shown_traits(widget, widget.keys), "options": getattr(widget, "_options_labels", None)}
    if kind_of(widget) in ("HTML", "Label"):
        del parts["value"]
    for name in ("layout", "style"):
        part = getattr(widget, name, None)
        parts[name] = part and {k: v for k, v in shown_traits(part, part.keys).items() if v is not None}
    return f"{kind_of(widget)} {json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)}"


def record(frozen, panel, *parts):
    """Add what a widget shows now."""
    controls, told, svgs = [], [], []
    for widget, seen in walk(panel):
        if kind := kind_of(widget):
            controls.append(control_of(widget, seen))
            told += [widget.value] if kind in ("HTML", "Label") else []
            continue
        values = shown_traits(widget, widget.trait_names()).values()
        texts = [value for value in values if isinstance(value, str) and value]
        tables = [f"{key}: {text}" for value in values if isinstance(value, dict) for key, text in value.items()]
        svgs += [text for text in texts if text.startswith("<svg")]
        told += sorted(tables + [text for text in texts if not text.startswith("<svg")])
    frozen.put("\n".join(controls), *parts, "controls")
    frozen.put("\n".join(told), *parts, "told")
    frozen.put_svgs(svgs, *parts)


def moves_of(widget):
    """Return what a hand can do to a control: pairs of a word and a function, the farthest move last."""

    def to(name, value, word=None):
        return f"to {value if word is None else word}", lambda: setattr(widget, name, value)

    if kind_of(widget) is None:  # a graph that plays: the page moves its step
        return [to(name, step) for name in ("step", "position") if name in widget.keys for step in (0, 1, 3, -1)]
    if isinstance(widget, ipywidgets.Button):
        return [("press", widget.click)]
    if hasattr(widget, "_options_labels"):
        return [to("index", i, f"{i} {label}") for i, label in enumerate(widget._options_labels)]
    if isinstance(widget, ipywidgets.Checkbox):
        return [to("value", widget.value), to("value", not widget.value)]
    if hasattr(widget, "max"):
        middle = widget.min + widget.step * round((widget.max - widget.min) / widget.step * 0.4)
        return [to("value", value) for value in (widget.min, middle, widget.max)]
    return [to("value", typed) for typed in TYPED.get(getattr(widget, "description", ""), ())]


def move(frozen, panel, i, which, title, *parts):
    """Make some of the moves of part `i` that a hand could make, and record the widget after each."""
    widget, seen = [*walk(panel)][i]
    word = getattr(widget, "description", "") or "player"
    if not seen or getattr(widget, "disabled", False) or (title, word) in SKIPPED:
        return
    for told, act in moves_of(widget)[which]:
        attempt(frozen, panel, act, "widgets", title, *parts, f"{i:02} {word} {told}")


def attempt(frozen, panel, act, *parts):
    """Do something to a widget, and record what it shows then, or that it refuses."""
    try:
        act()
    except Exception as error:
        frozen.put(f"{type(error).__name__}: {error}", *parts, "raised", plain=True)
    record(frozen, panel, *parts)


def freeze_widgets(frozen):
    """Add each widget as it is made, and after each move of each of its controls."""
    for title, code in (WIDGETS | MORE).items():

        def make(code=code):
            scope = {}
            exec(FIRST, scope)
            return eval(code, scope)

        panel = make()
        record(frozen, panel, "widgets", title, "first")
        bundle = panel._repr_mimebundle_()
        frozen.put_html(f"{bundle['text/plain']}\n{bundle['text/html']}", "widgets", title, "still")
        for name in vars(panel):
            if name[0] != "_" and re.search(rf"\b{name}\b", panel.__doc__):
                frozen.put("an instance has it", "names", type(panel).__name__, name, plain=True)
        others, buttons = [], []
        for i, (widget, seen) in enumerate(walk(panel)):
            if kind_of(widget):
                frozen.put(control_of(widget, seen), "widgets", title, "controls", f"{i:02}", plain=True)
            (buttons if isinstance(widget, ipywidgets.Button) else others).append(i)
        for i in [*others, *buttons]:
            if moves_of([*walk(panel)][i][0]):
                move(frozen, make(), i, slice(None), title, "alone")
        one, another = make(), make()
        for i in buttons:
            move(frozen, one, i, slice(None), title, "all buttons")
        for i in [*others, *buttons]:
            move(frozen, another, i, slice(-1, None), title, "all controls")
        for call in CALLED.get(title, ()):
            attempt(frozen, panel, partial(eval, f"panel.{call}", {"panel": panel}), "widgets", title, call)
        ipywidgets.Widget.close_all()


# ---------------------------------------------------------------- figures, notebooks, names


def freeze_figures(frozen):
    """Add what the plotting functions and `draw` make."""
    for name, make in FIGURES.items():
        made = make()
        if hasattr(made, "svg"):
            frozen.put_svgs([made.svg], "figures", name)
            frozen.put(repr(made), "figures", name, "repr")
        html = made._repr_mimebundle_()["text/html"] if hasattr(made, "svg") else plots.figure_html(made)
        frozen.put_html(html, "figures", name, "html")


def joined(outputs):
    """Return stored outputs without what differs from run to run; pieces of one stream become one."""
    merged = []
    for output in outputs:
        output = {key: value for key, value in output.items() if key != "execution_count"}
        data = output.get("data", {})
        data.pop("application/vnd.jupyter.widget-view+json", None)
        output["data"] = {key: "".join(value) for key, value in data.items()}
        output["text"] = "".join(output.get("text", ""))
        if merged and output.get("name") and merged[-1].get("name") == output["name"]:
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    return json.dumps(merged, sort_keys=True, indent=1, ensure_ascii=False)


def freeze_notebooks(frozen):
    """Add the text, the code and the stored outputs of each notebook."""
    for file in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        told = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        frozen.put("\n\n".join(told), "notebooks", file.stem, "markdown")
        for i, cell in enumerate(cell for cell in cells if cell["cell_type"] == "code"):
            frozen.put("".join(cell["source"]), "notebooks", file.stem, f"cell {i:02}", "source")
            frozen.put(joined(cell["outputs"]), "notebooks", file.stem, f"cell {i:02}", "outputs")


def kind_and_signature(thing):
    """Say what a name stands for, and how it is called."""
    kind = "module" if isinstance(thing, ModuleType) else type(thing).__name__
    with suppress(TypeError, ValueError):
        kind += re.sub(" at 0x[0-9a-f]+", "", str(inspect.signature(thing)))
    return kind


def freeze_names(frozen):
    """Add each public name with its signature, and public attributes below the class that defines them."""
    things = {name: getattr(nbkit, name) for name in nbkit.__all__}
    for room in ("bugs", "datasets", "plots"):
        names = vars(things[room])
        own = [name for name in names if getattr(names[name], "__module__", "") == f"nbkit.{room}" and name[0] != "_"]
        things |= {f"{room}.{name}": names[name] for name in getattr(things[room], "__all__", own)}
    for name, thing in things.items():
        frozen.put(kind_and_signature(thing), "names", name, plain=True)
        for cls in thing.__mro__ if isinstance(thing, type) else ():
            for own in vars(cls) if cls.__module__.startswith("nbkit") else ():
                if own[0] != "_":
                    frozen.put(kind_and_signature(getattr(cls, own)), "names", cls.__name__, own, plain=True)


# ---------------------------------------------------------------- the command


def frozen_now(folder=None):
    """Return all that is frozen, as this tree has it."""
    frozen = Frozen(folder)
    with tempfile.TemporaryDirectory() as scratch, chdir(scratch):  # a button saves weights where it stands
        for freeze in (freeze_names, freeze_notebooks, freeze_figures, freeze_widgets):
            freeze(frozen)
    return dict(sorted(frozen.items()))


def differences(before, now):
    """Return each difference as its key, what it is in words, and whether a learner could notice it."""
    found, changed = [], defaultdict(list)
    for key in before.keys() ^ now.keys():
        found.append((key, f"{'removed' if key in before else 'added'}    {key}", True))
    for key in sorted(before.keys() & now.keys()):
        if before[key] != now[key]:
            changed[key.rpartition("/")[0]].append(key)
    for state, keys in changed.items():
        if keys == [f"{state}/svg"]:  # its words and pixels are the same
            found.append((state, f"drawn otherwise, looks the same    {state}", False))
            continue
        for key in keys:
            values = f"\n    {before[key]}\n    {now[key]}" if " " in before[key] + now[key] else ""
            found.append((key, f"changed    {key}{values}", True))
    return sorted(found)


def main():
    """Write what a learner sees, or compare it with what was written."""
    parser = argparse.ArgumentParser(prog="python -m tests.freeze", description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=("write", "compare"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--keep", type=lambda name: Path(name).absolute(), metavar="DIR")
    options = parser.parse_args()
    print(f"nbkit of {Path(nbkit.__file__).parent}")
    now = frozen_now(options.keep)
    if options.command == "write":
        options.file.write_text(json.dumps(now, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{len(now)} values are in {options.file}")
        return
    found = [*differences(json.loads(options.file.read_text(encoding="utf-8")), now)]
    for section, rows in groupby(found, key=lambda row: row[0].partition("/")[0]):
        print(f"\n{section}", *(line for _key, line, _seen in rows), sep="\n  ")
    visible = sum(seen for _key, _line, seen in found)
    print(f"{len(now)} values, {len(found)} differences, {visible} that a learner may see")
    sys.exit(visible > 0)


if __name__ == "__main__":
    main()
