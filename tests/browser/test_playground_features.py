"""Input features in a real page: a box that is ticked changes net and boundary, and the training goes on."""

import pytest

from tests.browser.widgets import Playground

CELL = """from nbkit import TrainingPlayground
playground = TrainingPlayground('{"data": "xor", "noise": 0.15, "hidden": [], "optimizer": "Adam"}')
playground"""
RIGHT = "print(playground.judgement.right)"


@pytest.fixture
def playground(lab, page):
    return Playground(lab, page, CELL)


def box(playground, symbol):
    return playground.area.get_by_role("checkbox", name=symbol, exact=True)


def boundary(playground):
    return playground.locator(".boundary").evaluate_all("all => all.map(line => line.outerHTML).join()")


def inputs(playground):
    """The names beside the first column of the net."""
    return [text for text in playground.texts("svg .axis") if text in ("x₁", "x₂", "x₁x₂", "sin πx₁")]


def test_a_box_ticked_in_the_middle_of_a_run_changes_net_and_boundary_and_the_run_goes_on(playground):
    playground.run_to(20)
    box(playground, "x₁x₂").check()
    playground.locator("svg text:text-is('x₁x₂')").wait_for()
    assert playground.ask("print(playground.running)") == "True"
    playground.wait_for_step(300)
    playground.pause()
    assert playground.settings["features"] == ["x1", "x2", "x1*x2"]
    assert float(playground.ask(RIGHT)) > 0.9  # a straight line gets about a half
    bent = boundary(playground)
    assert bent
    playground.changes(box(playground, "x₁x₂").uncheck)
    assert playground.rests() == 0  # other inputs are another net
    assert boundary(playground) != bent
    assert "features" not in playground.settings


def test_boxes_are_ticked_by_keyboard(playground):
    before = len(inputs(playground))
    box(playground, "x₁²").focus()
    playground.changes(playground.keys, "Tab", "Tab", "Space")
    assert playground.settings["features"] == ["x1", "x2", "x1*x2"]
    assert len(inputs(playground)) == before + 1
    playground.changes(playground.keys, "Tab", "Space")
    assert playground.settings["features"] == ["x1", "x2", "x1*x2", "sin(pi*x1)"]
    line = playground.locator("g.handle[data-item='sin πx₁→output, unit 1']")
    line.focus()
    playground.changes(playground.keys, "ArrowUp")
    assert playground.ask("print(playground.choice.chosen.line)") == "sin πx₁→output, unit 1"


def test_the_last_box_stays_ticked_and_says_why(playground):
    playground.changes(box(playground, "x₁").uncheck)
    assert inputs(playground).count("x₁") == 1  # as the name of the plane's axis alone
    box(playground, "x₂").click()
    playground.says("keep at least one of the features")
    playground.settle()
    assert box(playground, "x₂").is_checked()
    assert playground.settings["features"] == ["x2"]


@pytest.mark.parametrize("width", [1100, 420])
def test_names_of_inputs_are_neither_cut_nor_in_each_others_way(page, playground, width):
    page.set_viewport_size({"width": width, "height": 900})
    for symbol in ("x₁²", "x₂²", "x₁x₂", "sin πx₁", "sin πx₂"):
        playground.changes(box(playground, symbol).check)
    left = playground.locator("svg.nbkit").evaluate(
        """svg => {
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            const edge = svg.getBoundingClientRect().left + 378 * scale;  // of the plane
            const names = [...svg.querySelectorAll('text')];
            const long = names.filter(text => /^(sin πx.|x.x.|x.²)$/.test(text.textContent));
            return long.map(text => text.getBoundingClientRect().left - edge);
        }"""
    )
    assert len(left) == 5
    assert min(left) > 0
