"""Code that never ends, and code typed while the kernel was busy with it: no other case is touched."""

import pytest

from nbkit import BugHunt, bugs
from nbkit.bugs import CASES
from tests.widgets.bughunt.test_bug_hunt import mend, signs, text


@pytest.mark.parametrize(
    "loop",
    ["while True: pass", "while True:\n            try: float('x')\n            except Exception: pass"],
)
def test_a_loop_without_end_is_stopped_and_the_hunt_goes_on(loop, monkeypatch):
    monkeypatch.setattr(bugs.case, "MAX_CHECK_SECONDS", 0.2)
    hunt = BugHunt(2)
    code = hunt.box.value = CASES[1].code.replace("self.y = np.maximum(x, 0)", loop)
    hunt.all_button.click()
    assert "Stopped in line" in text(hunt.verdict)
    assert "is there a loop that never ends?" in text(hunt.verdict)
    assert hunt.box.line in (23, 24)
    assert hunt.message.value == ""
    assert hunt.box.value == code
    hunt.next_case_button.click()
    assert (hunt.number, hunt.box.value) == (3, CASES[2].broken)
    mend(hunt)
    hunt.all_button.click()
    assert hunt.score.solved == {3}
    hunt.picker.value = 2
    assert hunt.box.value == code


def test_a_loop_without_end_in_the_training_alone_is_stopped_as_well(monkeypatch):
    monkeypatch.setattr(bugs.case, "MAX_TRAINING_SECONDS", 0.2)
    hunt = BugHunt(3)
    hunt.box.value = CASES[2].code.replace("self.error = x - t", "self.error = x - t\n        while len(x) == 8: pass")
    hunt.all_button.click()
    assert text(hunt.training).startswith("Training stops: Stopped in line 6")
    assert signs(hunt)["right"] == 2


def test_what_was_typed_into_the_text_of_another_case_is_dropped():
    hunt = BugHunt()
    typed = hunt.box.shown[1]
    hunt.picker.value = 3
    for kind in ("text", "check"):
        hunt.box._handle_custom_msg({"kind": kind, "text": CASES[0].code, "edited": typed}, [])
    assert hunt.box.value == CASES[2].broken
    assert hunt.report is None
    hunt.box._handle_custom_msg({"kind": "check", "text": CASES[2].code, "edited": hunt.box.shown[1]}, [])
    assert hunt.score.solved == {3}
