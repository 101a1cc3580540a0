"""The bug hunt without a browser: check node by node, mend, check again; and what is told when code fails."""

import re
from collections import Counter
from html import unescape

import numpy as np
import pytest

from nbkit import BugHunt
from nbkit.bugs import CASES
from nbkit.widgets.bughunt import report
from tests.drawing.parsed import points, texts

NUMBERS = range(1, len(CASES) + 1)
EMPTY_LOG = "Log: what each check of all nodes has found will stand here."


def signs(hunt):
    """How many nodes have which sign."""
    found = Counter(mark.data.get("sign") for mark in hunt.view.svg.marks.values())
    return {sign: found[sign] for sign in ("right", "wrong", "unknown")}


def text(widget):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", widget.value))).strip()


def losses(hunt, kind):
    """The points of a loss curve in the picture: "now" or "then"."""
    (line,) = points(hunt.curve.svg, kind)
    return line


def mend(hunt):
    hunt.box.value = hunt.case.code


# ---------------------------------------------------------------- the hunt


def test_it_begins_grey_with_the_broken_code():
    hunt = BugHunt()
    assert hunt.box.value == CASES[0].broken
    assert signs(hunt) == {"right": 0, "wrong": 0, "unknown": 2}
    assert "No node is checked yet" in text(hunt.verdict)
    assert text(hunt.history) == EMPTY_LOG
    assert text(hunt.score_line) == "Solved 0 of 9."
    assert hunt.message.value == ""


def test_next_goes_from_right_to_left_one_node_at_a_time_and_ends_with_the_whole():
    hunt = BugHunt(2)
    seen = []
    for _press in range(4):
        hunt.next_button.click()
        seen.append((signs(hunt), text(hunt.verdict)))
    assert [s[0]["right"] for s in seen] == [1, 2, 2, 3]
    assert [s[0]["wrong"] for s in seen] == [0, 0, 1, 1]
    assert [s[1].split(":")[0] for s in seen] == ["✓ MSELoss", "✓ Affine 'output'", "✗ ReLU", "✓ Affine 'hidden'"]
    assert "gradient of x at index (0, 2)" in seen[2][1]
    assert "backward ÷ central differences = 1.792; there x[0, 2] = 1.792" in seen[2][1]
    assert not hunt.next_button.disabled
    assert text(hunt.history) == EMPTY_LOG
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
    red = [id_ for id_, mark in hunt.view.svg.marks.items() if mark.data.get("sign") == "wrong"]
    assert red == [hunt.report.graph.id(v) for v in guilty]
    assert signs(hunt)["unknown"] == 0
    assert "✗" in text(hunt.verdict)
    assert hunt.score.solved == set()
    assert hunt.message.value == ""


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mended_case_is_solved_and_explained(number):
    hunt = BugHunt(number)
    hunt.all_button.click()
    mend(hunt)
    assert signs(hunt)["unknown"] == sum(v.layer is not None for v in hunt.renderer.graph.variables)
    assert text(hunt.verdict) == "The code has changed: check again."
    hunt.all_button.click()
    assert signs(hunt)["wrong"] == signs(hunt)["unknown"] == 0
    assert hunt.score.solved == {number}
    assert text(hunt.score_line) == "Solved 1 of 9."
    assert text(hunt.verdict).startswith("✓ Solved in 0:0")
    assert f"What was wrong: {hunt.case.found} What mends it: {hunt.case.mended}" in text(hunt.verdict)
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


def test_a_clicked_node_is_checked_alone():
    hunt = BugHunt(2)
    relu = next(v for v in hunt.renderer.graph.variables if type(v.layer).__name__ == "ReLU")
    place = hunt.renderer.graph.id(relu)
    assert {key for key, mark in hunt.view.svg.marks.items() if mark.data.get("clickable")} == {
        hunt.renderer.graph.id(v) for v in hunt.renderer.graph.variables if v.layer is not None
    }
    for kind, item in (("press", place), ("drop", place), ("press", "v99")):
        hunt.view._handle_custom_msg({"kind": kind, "area": None, "item": item, "x": 0, "y": 0}, [])
        assert signs(hunt) == {"right": 0, "wrong": 1, "unknown": 3}


@pytest.mark.parametrize("number", NUMBERS)
def test_show_me_shows_line_and_explanation_checks_at_once_and_does_not_count(number):
    hunt = BugHunt(number)
    hunt.show_button.click()
    case = CASES[number - 1]
    assert hunt.box.value == case.code
    assert hunt.box.line == case.line
    for words in (f"was {case.bad}", f"is now {case.good}", "Now all nodes are right", case.found, case.mended):
        assert words in text(hunt.verdict)
    assert signs(hunt)["wrong"] == signs(hunt)["unknown"] == 0
    if case.training:
        assert losses(hunt, "now") == losses(hunt, "then")
        assert "number for number" in text(hunt.training)
    hunt.all_button.click()
    assert text(hunt.score_line) == "Solved 0 of 9 without help, 1 with help."
    assert "the mended code was shown" in text(hunt.history)


def test_show_me_takes_nothing_away_from_a_solved_case():
    hunt = BugHunt()
    mend(hunt)
    hunt.all_button.click()
    hunt.show_button.click()
    assert hunt.score.solved == {1}
    assert "Solved in" in text(hunt.verdict)


def test_next_case_goes_to_what_is_left_and_stands_out_when_a_case_is_done():
    hunt = BugHunt(1, CASES[:3])
    assert hunt.next_case_button.button_style == ""
    assert hunt.all_button.button_style == "primary"
    hunt.next_case_button.click()
    assert hunt.number == 2
    mend(hunt)
    hunt.all_button.click()
    assert hunt.next_case_button.button_style == "primary"
    assert hunt.all_button.button_style == ""
    assert "been through" not in text(hunt.verdict)
    for number in (3, 1):
        hunt.next_case_button.click()
        assert hunt.number == number
        hunt.show_button.click()
    assert hunt.next_case_button.disabled
    assert "You have been through all 3 cases." in text(hunt.verdict)


def test_a_badge_of_the_score_card_goes_to_its_case():
    hunt = BugHunt()
    hunt.card.badges[6].click()
    assert hunt.number == 7
    assert "The net starts sure" in text(hunt.introduction)
    assert hunt.box.value == CASES[6].broken
    assert ["nbkit-present" in badge._dom_classes for badge in hunt.card.badges] == [n == 7 for n in NUMBERS]
    mend(hunt)
    hunt.all_button.click()
    assert hunt.card.badges[6].description.startswith("✓ 7 · 0:0")
    assert hunt.card.badges[6].tooltip.startswith("Case 7, confidently wrong: solved in 0:0")


def test_reset_puts_the_broken_code_back():
    hunt = BugHunt()
    hunt.box.value = "nonsense"
    hunt.reset_button.click()
    assert hunt.box.value == CASES[0].broken
    hunt.all_button.click()
    assert signs(hunt)["wrong"] == 1


def test_what_was_typed_comes_back_after_reset_and_after_show_me():
    hunt = BugHunt()
    assert hunt.back_button.disabled
    hunt.box.value = "mine"
    for press in (hunt.reset_button, hunt.show_button, hunt.reset_button):
        press.click()
        assert hunt.box.value != "mine"
        assert not hunt.back_button.disabled
        hunt.back_button.click()
        assert hunt.box.value == "mine"
        assert hunt.back_button.disabled
    for press in (hunt.reset_button, hunt.show_button, hunt.reset_button):  # none of these wrote what the next replaces
        press.click()
    hunt.go_to(2)
    assert hunt.back_button.disabled  # each case has its own
    hunt.go_to(1)
    hunt.box.value = "later"
    hunt.back_button.click()
    assert hunt.box.value == "mine"
    hunt.back_button.click()
    assert hunt.box.value == "later"


def test_each_case_keeps_its_code_its_log_and_its_place_in_the_score():
    hunt = BugHunt()
    mend(hunt)
    hunt.all_button.click()
    hunt.picker.value = 2
    assert hunt.box.value == CASES[1].broken
    assert text(hunt.history) == EMPTY_LOG
    assert "The loss falls" in text(hunt.introduction)
    hunt.picker.value = 1
    assert hunt.box.value == CASES[0].code
    assert "all nodes right" in text(hunt.history)
    assert signs(hunt)["unknown"] == 2
    assert text(hunt.score_line) == "Solved 1 of 9."
    hunt.picker.value = 2
    mend(hunt)
    hunt.picker.value = 1
    hunt.picker.value = 2
    assert "You have changed the code" in text(hunt.training)


# ---------------------------------------------------------------- code that fails


def test_a_syntax_error_is_told_with_its_line_and_nothing_is_half_checked():
    hunt = BugHunt()
    hunt.all_button.click()
    hunt.box.value = hunt.box.value.replace("def forward(self, x):", "def forward(self, x)")
    hunt.next_button.click()
    assert text(hunt.verdict) == "✗ SyntaxError in line 4: expected ':'"
    assert hunt.box.line == 4
    assert (hunt.report, hunt.checked) == (None, [])
    assert signs(hunt) == {"right": 0, "wrong": 0, "unknown": 2}
    assert "SyntaxError in line 4" in text(hunt.history)
    mend(hunt)
    assert hunt.box.line == 0
    hunt.all_button.click()
    assert hunt.score.solved == {1}
    assert len(hunt.logs[1]) == 3


def test_green_nodes_with_another_forward_are_not_solved():
    hunt = BugHunt()
    hunt.box.value = hunt.box.value.replace("return x * x", "return x * x / 2")
    hunt.all_button.click()
    assert signs(hunt) == {"right": 2, "wrong": 0, "unknown": 0}
    assert "forward gives other numbers" in text(hunt.verdict)
    assert hunt.score.solved == set()


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
    assert points(hunt.curve.svg, "now") == []


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("returned", ["", "None", "(None, None)", "()", "'text'", "{}", "1j", "object()", "10**400"])
def test_a_backward_that_returns_no_gradient_is_told_in_our_words_and_the_page_goes_on(number, returned):
    hunt = BugHunt(number)
    head = hunt.case.code.rpartition("return")[0]
    hunt.box.value = head + ("pass" if not returned else f"return {returned}") + "\n"
    hunt.all_button.click()
    assert hunt.message.value == ""
    assert "✗" in text(hunt.verdict)
    assert hunt.score.solved == set()
    if hunt.report is not None:
        assert signs(hunt)["unknown"] == 0
        assert hunt.next_button.disabled
    if not returned:
        assert "gave no gradient for" in text(hunt.verdict) or "one gradient" in text(hunt.verdict)
    mend(hunt)
    hunt.all_button.click()
    assert hunt.score.solved == {number}


# ---------------------------------------------------------------- curves


def test_the_broken_layer_trains_beside_the_right_one():
    hunt = BugHunt(7)
    wrong = losses(hunt, "now")
    assert wrong != losses(hunt, "then")
    assert text(hunt.training) == "Loss after 100 steps: 3.729; with right layers 0.0396."
    mend(hunt)
    hunt.all_button.click()
    assert losses(hunt, "now") == losses(hunt, "then")
    assert losses(hunt, "was") == wrong
    assert texts(hunt.curve.svg)[-3:] == ["right layers", "with the bug", "your code"]
    assert "number for number" in text(hunt.training)


def test_a_loss_that_grows_is_seen_to_grow_and_says_how_far():
    """The error of the bias grows by lr = 0.1 of itself, so in the end the loss by 1.21: a straight line of powers."""
    hunt = BugHunt(3)
    heights = np.array([y for _x, y in losses(hunt, "now")])
    steps = np.diff(heights)
    assert (steps < 0).all()  # upwards
    decade = report.CHART_BOX[3] / 8  # from 0.001 to 100000
    np.testing.assert_allclose(steps[-20:], -decade * np.log10(1.21), atol=0.11)  # pixels have one decimal
    assert heights.min() > report.CHART_BOX[1]
    assert "↑" not in hunt.curve.svg
    assert "Loss after 60 steps: 38431" in text(hunt.training)
    hunt.box.value = CASES[2].code.replace("self.error = x - t", "self.error = (t - x) * 3")
    hunt.all_button.click()
    (words,) = [words for words in texts(hunt.curve.svg) if "↑" in words]
    assert words.startswith("your code ↑ ")
    mend(hunt)
    hunt.all_button.click()
    assert "↑" not in hunt.curve.svg


def test_what_is_typed_shows_in_the_pictures_that_they_are_not_of_this_code():
    hunt = BugHunt(3)
    edge = next(key for key, mark in hunt.view.svg.marks.items() if mark.data.get("gradient") is not None)
    hunt.all_button.click()
    good = CASES[2].code
    for code, name in ((CASES[2].broken, "with the bug"), (good, "before your change")):
        hunt.box.value = code
        hunt.all_button.click()
        shown = hunt.view.svg, hunt.curve.svg
        hunt.box.value = code + "#"
        assert hunt.view.svg.marks[edge].gradient is None
        assert signs(hunt)["unknown"] == 2
        assert points(hunt.curve.svg, "now") == []
        assert name in texts(hunt.curve.svg)
        assert text(hunt.training) == "You have changed the code: a check draws the curve of the new one."
        hunt.box.value = code  # typed away again: numbers and curve are those of this code
        assert hunt.view.svg.marks[edge].gradient is not None
        assert hunt.curve.svg == shown[1]


@pytest.mark.parametrize("number", [1, 9])
def test_where_there_is_nothing_to_train_there_is_no_curve(number):
    hunt = BugHunt(2)
    hunt.picker.value = number
    assert (hunt.curve.svg, hunt.training.value) == ("", "")


# ---------------------------------------------------------------- what it takes


@pytest.mark.parametrize("case", [0, 10, "1"])
def test_a_case_that_is_not_there_is_refused(case):
    with pytest.raises(ValueError, match="case must be a whole number from 1 to 9"):
        BugHunt(case)


@pytest.mark.parametrize("cases", [(), (1,), "abc"])
def test_things_that_are_no_cases_are_refused(cases):
    with pytest.raises(TypeError, match="BugHunt takes cases"):
        BugHunt(1, cases)


def test_cases_of_ones_own():
    hunt = BugHunt(1, CASES[2:4])
    assert hunt.case is CASES[2]
    assert text(hunt.score_line) == "Solved 0 of 2."


def test_ctrl_enter_in_the_box_checks_what_stands_there():
    hunt = BugHunt()
    hunt.box._handle_custom_msg({"kind": "check", "text": CASES[0].code}, [])
    assert hunt.score.solved == {1}
    assert hunt.drafts[1] == CASES[0].code
