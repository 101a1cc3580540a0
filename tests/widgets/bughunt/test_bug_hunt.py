"""The bug hunt without a browser: check node by node, mend, check again; and what is told when code fails."""

import re
import xml.etree.ElementTree as ET
from html import unescape

import numpy as np
import pytest

from nbkit import BugHunt
from nbkit.bugs import CASES
from nbkit.drawing.graph.scene import text_width
from nbkit.widgets.bughunt import report
from nbkit.widgets.kit.code_box import CodeBox
from nbkit.widgets.kit.svg_view import Touch
from tests.pictures import still_of

NUMBERS = range(1, len(CASES) + 1)


def marks(hunt):
    """How many nodes wear which sign."""
    body = hunt.view.svg.split("</style>")[1]
    return {mark: body.count(f'class="mark-{mark}"') for mark in ("right", "wrong", "unknown")}


def text(widget):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", widget.value))).strip()


def mend(hunt):
    hunt.box.value = hunt.case.code


# ---------------------------------------------------------------- the hunt


def test_it_begins_grey_with_the_broken_code():
    hunt = BugHunt()
    assert hunt.box.value == CASES[0].broken
    assert marks(hunt) == {"right": 0, "wrong": 0, "unknown": 2}
    assert "No node is checked yet" in text(hunt.verdict)
    assert "nothing tried" in text(hunt.history)
    assert text(hunt.score) == "solved: 0 of 9"
    assert hunt.message.value == ""


def test_next_goes_from_right_to_left_one_node_at_a_time_and_ends_with_the_whole():
    hunt = BugHunt(2)
    seen = []
    for _press in range(4):
        hunt.next_button.click()
        seen.append((marks(hunt), text(hunt.verdict)))
    assert [s[0]["right"] for s in seen] == [1, 2, 2, 3]
    assert [s[0]["wrong"] for s in seen] == [0, 0, 1, 1]
    assert [s[1].split(":")[0] for s in seen] == ["✓ MSELoss", "✓ Affine 'output'", "✗ ReLU", "✓ Affine 'hidden'"]
    assert "gradient of x at index (0, 2)" in seen[2][1]
    assert "backward ÷ central differences = 1.792; there x[0, 2] = 1.792" in seen[2][1]
    assert not hunt.next_button.disabled
    assert "Log: nothing tried" in text(hunt.history)
    hunt.next_button.click()
    assert hunt.next_button.disabled
    assert "3 of 4 nodes are right" in text(hunt.verdict)
    assert "✗ ReLU: gradient of x" in text(hunt.history)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_guilty_nodes_are_red_and_no_others(number):
    hunt = BugHunt(number)
    hunt.all_button.click()
    guilty = [v for v, error in hunt.report.errors.items() if error]
    if number == 9:
        guilty = [hunt.report.graph.inputs["apple"]]
    body = hunt.view.svg.split("</style>")[1]
    red = re.findall(r'class="mark-wrong"><g data-(?:item="v\d+" style="[^"]*" data-)?node="(v\d+)"', body)
    assert red == [hunt.report.graph.id(v) for v in guilty]
    assert marks(hunt)["unknown"] == 0
    assert "✗" in text(hunt.verdict)
    assert hunt.solved == set()
    assert hunt.message.value == ""
    ET.fromstring(hunt.view.svg)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mended_case_is_solved_and_tells_its_tale(number):
    hunt = BugHunt(number)
    hunt.all_button.click()
    mend(hunt)
    assert marks(hunt)["unknown"] == len(list(hunt.painter.graph.variables)) - sum(
        v.layer is None for v in hunt.painter.graph.variables
    )
    assert text(hunt.verdict) == "The code has changed: check again."
    hunt.all_button.click()
    assert marks(hunt)["wrong"] == marks(hunt)["unknown"] == 0
    assert hunt.solved == {number}
    assert text(hunt.score) == f"solved: 1 of 9 ({number})"
    assert "✓ All nodes are right" in text(hunt.verdict)
    assert hunt.case.found in text(hunt.verdict)
    assert hunt.case.mended in text(hunt.verdict)
    assert [right for right, _text, _code in hunt.logs[number]] == [False, True]


def test_pressing_check_twice_logs_once():
    hunt = BugHunt()
    for _press in range(3):
        hunt.all_button.click()
    assert len(hunt.logs[1]) == 1
    hunt.box.value = hunt.box.value.replace("self.x", "self.x + 1")
    hunt.all_button.click()
    assert len(hunt.logs[1]) == 2
    assert text(hunt.history).count("✗") == 2


def test_a_pressed_node_is_checked_alone():
    hunt = BugHunt(2)
    relu = next(v for v in hunt.painter.graph.variables if type(v.layer).__name__ == "ReLU")
    place = hunt.painter.graph.id(relu)
    assert f'data-item="{place}"' in hunt.view.svg
    hunt._touched(Touch("press", None, place, 0.0, 0.0))
    assert marks(hunt) == {"right": 0, "wrong": 1, "unknown": 3}
    hunt._touched(Touch("drop", None, place, 0.0, 0.0))
    hunt._touched(Touch("press", None, "v99", 0.0, 0.0))
    assert marks(hunt) == {"right": 0, "wrong": 1, "unknown": 3}


def test_show_me_shows_line_and_tale_but_does_not_count():
    hunt = BugHunt(3)
    hunt.show_button.click()
    assert hunt.box.value == CASES[2].code
    assert hunt.box.line == CASES[2].line == 5
    assert "was self.error = t - x" in text(hunt.verdict)
    assert "is now self.error = x - t" in text(hunt.verdict)
    hunt.all_button.click()
    assert "All nodes are right" in text(hunt.verdict)
    assert text(hunt.score) == "solved: 0 of 9"
    assert "the mended code was shown" in text(hunt.history)


def test_show_me_takes_nothing_away_from_a_solved_case():
    hunt = BugHunt()
    mend(hunt)
    hunt.all_button.click()
    hunt.show_button.click()
    assert hunt.solved == {1}


def test_reset_puts_the_broken_code_back():
    hunt = BugHunt()
    hunt.box.value = "nonsense"
    hunt.reset_button.click()
    assert hunt.box.value == CASES[0].broken
    hunt.all_button.click()
    assert marks(hunt)["wrong"] == 1


def test_each_case_keeps_its_code_its_log_and_its_place_in_the_score():
    hunt = BugHunt()
    mend(hunt)
    hunt.all_button.click()
    hunt.picker.value = 2
    assert hunt.box.value == CASES[1].broken
    assert "nothing tried" in text(hunt.history)
    assert "The loss falls" in text(hunt.story)
    hunt.picker.value = 1
    assert hunt.box.value == CASES[0].code
    assert "all nodes right" in text(hunt.history)
    assert marks(hunt)["unknown"] == 2
    assert text(hunt.score) == "solved: 1 of 9 (1)"
    hunt.picker.value = 2
    mend(hunt)
    hunt.picker.value = 1
    hunt.picker.value = 2
    assert text(hunt.training) == "Solid: the broken code, until you check yours."


# ---------------------------------------------------------------- code that fails


def test_a_syntax_error_is_told_with_its_line_and_nothing_is_half_checked():
    hunt = BugHunt()
    hunt.all_button.click()
    hunt.box.value = hunt.box.value.replace("def forward(self, x):", "def forward(self, x)")
    hunt.next_button.click()
    assert text(hunt.verdict) == "✗ SyntaxError in line 4: expected ':'"
    assert hunt.box.line == 4
    assert (hunt.report, hunt.checked) == (None, [])
    assert marks(hunt) == {"right": 0, "wrong": 0, "unknown": 2}
    assert "SyntaxError in line 4" in text(hunt.history)
    mend(hunt)
    assert hunt.box.line == 0
    hunt.all_button.click()
    assert hunt.solved == {1}
    assert len(hunt.logs[1]) == 3


def test_an_error_in_backward_is_told_with_its_line():
    hunt = BugHunt(2)
    hunt.box.value = hunt.box.value.replace("dout.sum(axis=0)", "dout.total()")
    hunt.all_button.click()
    assert "AttributeError in line 14" in text(hunt.verdict)
    assert hunt.box.line == 14


def test_a_stopped_kernel_is_no_silent_end():
    hunt = BugHunt()
    hunt.box.value = hunt.box.value.replace("return x * x", "raise KeyboardInterrupt")
    hunt.all_button.click()
    assert "KeyboardInterrupt in line 6" in text(hunt.verdict)


def test_green_nodes_with_another_forward_are_not_solved():
    hunt = BugHunt()
    hunt.box.value = hunt.box.value.replace("return x * x", "return x * x / 2")
    hunt.all_button.click()
    assert marks(hunt) == {"right": 2, "wrong": 0, "unknown": 0}
    assert "forward gives other numbers" in text(hunt.verdict)
    assert hunt.solved == set()


def test_code_is_written_not_run_as_html():
    hunt = BugHunt()
    hunt.box.value = hunt.box.value.replace("return x * x", "raise ValueError('<img src=x onerror=alert(1)>')")
    hunt.all_button.click()
    assert "<img" not in hunt.verdict.value + hunt.history.value
    assert "&lt;img" in hunt.verdict.value


def test_code_that_trains_into_trouble_says_so():
    hunt = BugHunt(3)
    hunt.box.value = CASES[2].code.replace("return dout * self.error / len(self.error)", "return dout * self.error[:4]")
    hunt.all_button.click()
    assert "Training stops: ValueError" in text(hunt.training)
    ET.fromstring(hunt.curve.svg)


def test_a_training_that_blows_up_is_drawn_as_far_as_it_went():
    svg, words = report.curves(np.ones(5), np.array([1.0, 2.0, np.inf, np.nan]))
    assert words == "The training broke off after 2 steps."
    assert "nan" not in svg.lower()
    ET.fromstring(svg)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("returned", ["", "None", "(None, None)", "()", "'text'", "{}", "1j", "object()", "10**400"])
def test_a_backward_that_returns_no_gradient_is_told_in_our_words_and_the_page_goes_on(number, returned):
    hunt = BugHunt(number)
    head = hunt.case.code.rpartition("return")[0]
    hunt.box.value = head + ("pass" if not returned else f"return {returned}") + "\n"
    hunt.all_button.click()
    assert hunt.message.value == ""
    assert "✗" in text(hunt.verdict)
    assert hunt.solved == set()
    if hunt.report is not None:
        assert marks(hunt)["unknown"] == 0
        assert hunt.next_button.disabled
    if not returned:
        assert "gave no gradient for" in text(hunt.verdict) or "one gradient" in text(hunt.verdict)
    mend(hunt)
    hunt.all_button.click()
    assert hunt.solved == {number}


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([np.nan], "The first loss is no number."),
        ([1.0, np.nan], "The training broke off after its first step."),
        ([1.0, 2.0, np.inf], "The training broke off after 2 steps."),
    ],
)
def test_where_a_training_broke_off(losses, words):
    svg, said = report.curves(np.ones(5), np.array(losses))
    assert said == words
    ET.fromstring(svg)


# ---------------------------------------------------------------- curves


def curve(hunt, kind):
    (points,) = re.findall(rf'<polyline class="{kind}" points="([^"]+)"', hunt.curve.svg)
    return points


def test_the_broken_layer_trains_beside_the_right_one():
    hunt = BugHunt(7)
    assert curve(hunt, "now") != curve(hunt, "then")
    assert text(hunt.training) == "Loss after 100 steps: 3.729; with right layers 0.0396."
    mend(hunt)
    assert "checked last" in text(hunt.training)
    hunt.all_button.click()
    assert curve(hunt, "now") == curve(hunt, "then")
    assert "number for number" in text(hunt.training)


def test_a_loss_that_grows_is_seen_to_grow_and_says_how_far():
    hunt = BugHunt(3)
    heights = [float(point.split(",")[1]) for point in curve(hunt, "now").split()]
    top = report.CHART[1]
    assert heights[:10] == sorted(heights[:10], reverse=True)  # upwards
    assert heights[8] > top == heights[10]  # nine steps inside the frame
    assert re.findall(r">([^<]+ ↑ [^<]+)</text>", hunt.curve.svg) == ["this code ↑ 38431"]
    mend(hunt)
    hunt.all_button.click()
    assert "↑" not in hunt.curve.svg


def test_the_picker_has_room_for_the_longest_title():
    hunt = BugHunt()
    room = float(hunt.picker.layout.width.removesuffix("em")) * 13 - 80 - 8 - 30  # pixels: label, gap, arrow
    assert max(text_width(title, 13) for title, _number in hunt.picker.options) <= room


@pytest.mark.parametrize("number", [4, 8])
def test_bugs_that_training_cannot_show(number):
    hunt = BugHunt(number)
    assert curve(hunt, "now") == curve(hunt, "then")
    assert "number for number" in text(hunt.training)


@pytest.mark.parametrize("number", [1, 9])
def test_where_there_is_nothing_to_train_there_is_no_curve(number):
    hunt = BugHunt(2)
    hunt.picker.value = number
    assert (hunt.curve.svg, hunt.training.value) == ("", "")


# ---------------------------------------------------------------- the house


@pytest.mark.parametrize("case", [0, 10, "1", True, None, 1.5])
def test_a_case_that_is_not_there_is_refused(case):
    with pytest.raises(ValueError, match="case must be a number from 1 to 9"):
        BugHunt(case)


@pytest.mark.parametrize("cases", [(), (1,), "abc"])
def test_things_that_are_no_cases_are_refused(cases):
    with pytest.raises(TypeError, match="BugHunt takes cases"):
        BugHunt(1, cases)


def test_cases_of_ones_own():
    hunt = BugHunt(1, CASES[2:4])
    assert hunt.case is CASES[2]
    assert text(hunt.score) == "solved: 0 of 2"


def test_it_leaves_a_picture_for_a_page_without_a_kernel():
    hunt = BugHunt()
    assert hunt.snapshot() == hunt.view.svg
    still_of(hunt)


def test_an_error_in_a_callback_is_shown():
    hunt = BugHunt()
    hunt._order = lambda: 1 / 0
    hunt.all_button.click()
    assert "ZeroDivisionError" in hunt.message.value


def test_what_is_typed_is_not_sent_back_to_who_types():
    box, asked = CodeBox(), []
    box.value = "a"
    box.on_check(lambda: asked.append(box.value))
    assert box.shown == ["a", 1]
    box._handle_custom_msg({"text": "ab"}, [])
    assert (box.value, box.shown, asked) == ("ab", ["a", 1], [])
    box._handle_custom_msg({"text": "abc", "check": True}, [])
    assert (box.value, box.shown, asked) == ("abc", ["a", 1], ["abc"])
    box.value = "a"  # the same text as before, and yet to be shown
    assert box.shown == ["a", 2]


def test_ctrl_enter_in_the_box_checks_what_stands_there():
    hunt = BugHunt()
    hunt.box._handle_custom_msg({"text": CASES[0].code, "check": True}, [])
    assert hunt.solved == {1}
    assert hunt.drafts[1] == CASES[0].code
