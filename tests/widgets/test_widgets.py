"""What holds for every widget, without a browser."""

from importlib import import_module
from pathlib import Path

import pytest

from nbkit import PUBLIC, GraphExplorer, Variable
from nbkit.widgets import MODULE_OF
from nbkit.widgets.kit.panel import Panel
from tests.browser.widgets import FIRST, WIDGETS
from tests.pictures import leaves_a_still


def open_widgets():
    """Every widget that ipywidgets keeps alive."""
    from ipywidgets.widgets.widget import _instances

    return set(_instances)


def panels():
    """Names of all widgets that stand in files of nbkit/widgets: panels that no other panel is made from."""
    folder = Path(import_module("nbkit.widgets").__file__).parent
    for path in folder.rglob("[a-z]*.py"):
        import_module(".".join(["nbkit.widgets", *path.relative_to(folder).with_suffix("").parts]))
    found, left = set(), [Panel]
    while left:
        kinds = [kind for kind in left.pop().__subclasses__() if kind.__module__.startswith("nbkit.")]
        left += kinds
        found |= {kind.__name__ for kind in kinds if not kind.__subclasses__()}
    return found


def test_every_widget_is_public():
    assert panels() == {*PUBLIC["widgets"]} == {*MODULE_OF}, (
        "all are named in nbkit/__init__.py and widgets/__init__.py"
    )


def test_every_widget_is_tried_in_a_browser():
    assert panels() == {name.split(",")[0] for name in WIDGETS}, "WIDGETS of tests/browser/widgets.py has one of each"


def test_every_widget_has_tests_of_its_own():
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name in sorted(panels()) if f"{name}(" not in tests] == []


def test_in_a_terminal_a_widget_says_where_it_can_be_seen(monkeypatch):
    """Not "run this cell": there is none."""
    import IPython

    shell = type("TerminalInteractiveShell", (), {})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    bundle = GraphExplorer(Variable(2.0, "x") * 3)._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert bundle["text/plain"].startswith("GraphExplorer: a terminal cannot show it, so run this in a notebook")
    assert "Inputs: x." in bundle["text/plain"]
    assert "run this cell" not in bundle["text/plain"]
    monkeypatch.undo()
    assert "text/html" in GraphExplorer(Variable(2.0, "x") * 3)._repr_mimebundle_()


@pytest.mark.parametrize("name", ["AffineExplorer", "TraceLab", "ZoomLab"])
def test_a_page_without_a_kernel_gets_all_pictures_of_a_widget(name):
    names = {}
    exec(FIRST, names)
    widget = eval(WIDGETS[name], names)
    if name == "TraceLab":
        widget.view.step = -1  # at the end: what has not been played is not given away
    first, second = (piece.svg for piece in vars(widget).values() if hasattr(piece, "svg"))
    still = widget.snapshot()
    assert still.marks == first.marks | second.marks
    assert still.words in (f"{first.words} {second.words}", f"{second.words} {first.words}")
    assert still.width >= max(first.width, second.width)


def test_every_widget_leaves_a_picture_with_words_and_closes_every_piece():
    names = {}
    exec(FIRST, names)
    for source in WIDGETS.values():
        before = open_widgets()
        widget = eval(source, names)
        leaves_a_still(widget)
        assert open_widgets() > before
        widget.close()
        assert open_widgets() == before
