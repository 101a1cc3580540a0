"""The bug hunt: a graph with a wrong layer in it, what the gradient check says of each node, and the code to mend."""

import ipywidgets
import numpy as np

from nbkit.bugs import CASES, Case, CodeError
from nbkit.checks import whole
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import join, tag
from nbkit.messages import _
from nbkit.widgets.bughunt.report import CHECK_SIGNS, curves, log_of, origin, paragraph, reading, solution, verdict
from nbkit.widgets.bughunt.score_card import Score, ScoreCard
from nbkit.widgets.kit.explorer import button, dropdown, row
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.views import CodeBox, Html, SvgView

WHOLE = "whole"  # the last thing to check, after all nodes


class BugHunt(Panel):
    """Find the wrong line: check a graph node by node, read the verdict, mend the code, check again.

    A node is grey until it is checked. The code in the box runs in this kernel as soon as a check asks for it, and is
    stopped after some seconds if it does not end.

    Parameters
    ----------
    case : int
        Number of the case to begin with, counted from 1.
    cases : sequence of Case, optional
        Those of the course where left out.

    Attributes
    ----------
    picker, box, view, curve, verdict, history, score_line : widgets
        `picker.value` is the number of the case, `box.value` the code.
    next_button, all_button, reset_button, show_button, back_button, next_case_button : Button
    card : ScoreCard
    score : Score
    report : Report or None
        On the code in the box; None where it was not checked yet, or cannot be run.
    checked : list
        What has been revealed: nodes, from right to left, and at the end `WHOLE`.
    """

    def __init__(self, case=1, cases=CASES):
        self.cases = _cases(cases)
        case = whole("case", case, 1, len(self.cases))
        self.logs = {number: [] for number in range(1, len(self.cases) + 1)}
        self.drafts, self.score = {}, Score([case.title for case in self.cases])
        self.typed = {}  # by case: what the reset or the answer has replaced
        self._make_controls(case)
        least = {"min_width": "min(300px, 100%)"}
        left = ipywidgets.VBox([self.back_button, self.box, self.shortcuts], layout={"flex": "6 1 440px"} | least)
        right = ipywidgets.VBox(
            [self.verdict, self.next_case_button, self.curve, self.training, self.history],
            layout={"flex": "5 1 370px"} | least,
        )
        actions = {
            self.next_button: self.check_next, self.all_button: self.check_all, self.reset_button: self.reset,
            self.show_button: self.show, self.back_button: self.back, self.next_case_button: self.next_case,
        }  # fmt: skip
        halves = ipywidgets.HBox(
            [left, right], layout={"flex_flow": "row wrap", "grid_gap": "8px 16px", "padding": "6px 0"}
        )
        buttons = row(self.next_button, self.all_button, self.reset_button, self.show_button)
        head = row(self.picker, self.score_line)
        super().__init__([head, self.card, self.introduction, self.view, buttons, halves])
        self._open()
        self.picker.observe(self.safely(lambda _change: self._open()), "value")
        self.box.observe(self.safely(lambda _change: self._edited()), "value")
        self.box.on_check(self.safely(self.check_all))
        self.view.on_pointer(self.safely(self._clicked))
        for pressed, action in actions.items():
            pressed.on_click(self.safely(lambda _button, action=action: action()))

    def _make_controls(self, case):
        options = [(f"{number} · {case.title}", number) for number, case in enumerate(self.cases, 1)]
        self.picker = dropdown(_("case"), options, value=case)
        self.picker.add_class("nbkit-case-picker")  # longer than others
        self.next_button = button(_("Check next node"), tooltip=_("Hold one node against central differences"))
        self.all_button = button(_("Check all nodes"), tooltip=_("Run the code in the box, and check every node"))
        self.reset_button = button(_("Reset the code"), tooltip=_("Put the broken code back"))
        self.show_button = button(_("Show me"), tooltip=_("Show the mended code"))
        self.back_button = button(_("Back to my code"), tooltip=_("Put back what you had written before"))
        self.next_case_button = button(_("Next case"), tooltip=_("Go to the next case that is not solved"))
        self.card = ScoreCard(self.score, self.go_to)
        self.box, self.view, self.curve = CodeBox(label=_("code of the suspects")), SvgView(), SvgView()
        self.introduction, self.training, self.verdict, self.history, self.score_line = (Html() for _i in range(5))
        self.shortcuts = Html(paragraph(_("Ctrl+Enter: check all. Tab: indent. Escape, then Tab: leave the box.")))

    @property
    def number(self):
        """Number of the present case."""
        return self.picker.value

    @property
    def case(self):
        """The present case."""
        return self.cases[self.number - 1]

    # ------------------------------------------------------------ what the buttons do

    def go_to(self, number):
        """Go to a case; what was written there before is still in the box."""
        self.picker.value = number

    def next_case(self):
        """Go to the next case that is not solved, from this one on."""
        if self.score.next is not None:
            self.go_to(self.score.next)

    def _open(self):
        """Show the present case, with the numbers and the curve of its bug."""
        self.score.open(self.number)
        self.renderer = GraphRenderer(self.case.examine(self.case.broken).graph)
        self.examined = self.trained = self.case.broken
        self.losses, self.trouble = None, ""
        self.introduction.value = paragraph(self.case.outside)
        self.box.value = self.drafts.get(self.number, self.case.broken)
        self._edited()
        self._show_way_back()
        self.verdict.value = paragraph(_("No node is checked yet. Click one, or press a button."))
        self._show_log()

    def check_next(self):
        """Check one node more, from right to left, and the whole graph after the last node."""
        if self._examine() and (rest := self._unchecked()):
            self._reveal([rest[0]])

    def check_all(self):
        """Check all that is not checked yet."""
        if self._examine():
            self._reveal(self._unchecked() or self._order())

    def reset(self):
        """Put the broken code back into the box."""
        self._replace(self.case.broken)

    def back(self):
        """Put back what was written before the reset or the answer; what stands there now is kept in its place."""
        if self.number in self.typed:
            self._replace(self.typed.pop(self.number))

    def _replace(self, code):
        """Put other code into the box, and keep what a user has written there."""
        written, given = (
            self.box.value,
            {self.case.broken, self.case.code if self.number in self.score.helped else None},
        )
        if written != code and written not in given:
            self.typed[self.number] = written
        self.box.value = code
        self._show_way_back()

    def _show_way_back(self):
        self.back_button.disabled = self.number not in self.typed

    def show(self):
        """Put the mended code into the box, point at the line, check it, and explain."""
        self._replace(self.case.code)
        self.score.help()
        self._note(None, _("the mended code was shown"))
        self.check_all()
        self.box.line = self.case.line
        self.verdict.value = join(
            [
                paragraph(_("Line {}:").format(self.case.line), bold=True),
                paragraph(_("was"), sign=CHECK_SIGNS[False], code=self.case.bad),
                paragraph(_("is now"), sign=CHECK_SIGNS[True], code=self.case.good),
                self.verdict.value,
            ]
        )

    # ------------------------------------------------------------ checking

    def _examine(self):
        """Run the code in the box, if that has not been done since it changed; return whether it runs."""
        if self.report is not None:
            return True
        try:
            report = self.case.examine(self.box.value)
        except CodeError as error:
            self.box.line = error.line or 0
            self._note(False, str(error))
            self.verdict.value = paragraph(str(error), sign=CHECK_SIGNS[False], bold=True)
            return False
        self.report, self.renderer, self.box.line = report, GraphRenderer(report.graph), 0
        self.examined = self.box.value
        self._train()
        return True

    def _order(self):
        return [*reversed(self.report.errors), WHOLE]

    def _unchecked(self):
        return [thing for thing in self._order() if thing not in self.checked]

    def _reveal(self, things):
        """Show the verdict on some nodes, and the conclusion when nothing is left."""
        self.checked += [thing for thing in things if thing not in self.checked]
        done = not self._unchecked()
        nodes = [v for v in things if v is not WHOLE]
        wrong = [v for v in nodes if self.report.errors[v]]
        words = self._say_wrong(wrong)
        if len(nodes) == 1 and not wrong:
            right = _("{}: backward agrees with central differences.").format(nodes[0].layer)
            words = paragraph(right, sign=CHECK_SIGNS[True])
        self.verdict.value = join([words, self._conclude() if done else ""])
        self._draw()

    def _say_wrong(self, nodes):
        """Explain the errors of some nodes, or that of the whole graph for None."""
        errors = [self.report.whole if v is None else self.report.errors[v] for v in nodes]
        lines = []
        for v, error in zip(nodes, errors, strict=True):
            lines.append(paragraph(verdict(error), sign=CHECK_SIGNS[False], bold=True))
            lines += [paragraph(text) for text in [reading(self.report.graph, v, error)] if text]
        return join([*lines, *(paragraph(text) for text in [origin(errors)] if text)])

    def _conclude(self):
        """Return the conclusion when all is checked, and write it into the log."""
        report = self.report
        errors = list(dict.fromkeys(verdict(error) for error in report.errors.values() if error))
        if errors:
            more = _("{error} (and {n} more)").format(error=errors[0], n=len(errors) - 1)
            self._note(False, more if errors[1:] else errors[0])
            right = sum(error is None for error in report.errors.values())
            return paragraph(_("{right} of {n} nodes are right.").format(right=right, n=len(report.errors)))
        if report.whole is not None:
            self._note(False, verdict(report.whole))
            together = paragraph(_("Each node is right by itself, but together:"))
            return join([together, self._say_wrong([None])])
        if report.objection:
            objection = verdict(report.objection)
            self._note(False, objection)
            return paragraph(objection, sign=CHECK_SIGNS[False], bold=True)
        self.score.solve()
        self._note(True, _("all nodes right"))
        return solution(self.case, self.score, self.number)

    def _edited(self):
        """Forget what was checked: the code in the box has changed."""
        self.drafts[self.number] = self.box.value
        self.report, self.checked, self.box.line = None, [], 0
        self.verdict.value = paragraph(_("The code has changed: check again."))
        self._draw()
        self._draw_curves()

    def _clicked(self, event):
        """Check the node that was clicked, and no other."""
        if event.kind == "press" and self._examine():
            for v in self.report.errors:
                if self.report.graph.id(v) == event.item:
                    self._reveal([v])

    # ------------------------------------------------------------ what is shown

    def _draw(self):
        """Draw the graph with a sign on every node, and with gradients if they are those of the code in the box."""
        if self.report is None:
            marks = {v: "unknown" for v in self.renderer.graph.variables if v.layer is not None}
        else:
            marks = {v: self._mark(v, error) for v, error in self.report.errors.items()}
            if WHOLE in self.checked and self.report.whole is not None:
                source = self.report.graph.inputs.get(self.report.whole.argument)
                marks |= {} if source is None else {source: "wrong"}
        clickable = {self.renderer.graph.id(v) for v in marks}
        present = self.box.value == self.examined
        self.view.svg = self.renderer.picture(gradients=present, marks=marks, clickable=clickable)
        self.next_button.disabled = self.report is not None and not self._unchecked()

    def _mark(self, v, error):
        return "unknown" if v not in self.checked else "right" if error is None else "wrong"

    def _train(self):
        """Train with the code in the box, where there is something to train."""
        self.trained, self.losses, self.trouble = self.box.value, None, ""
        if self.case.training is not None and self.trained != self.case.broken:
            code, self.losses = self.trained, np.empty(0)
            try:
                self.losses = self.case.losses(code)
            except CodeError as error:
                self.trouble = _("Training stops: {}").format(error)
        self._draw_curves()

    def _draw_curves(self):
        """Draw the losses with the code that was trained last, over those with right layers and with the bug."""
        if self.case.training is None:
            self.curve.svg, self.training.value = "", ""
            return
        stale = self.box.value != self.trained
        case = self.case
        self.curve.svg = picture = curves(case.right_losses, case.buggy_losses, self.losses, self.trouble, stale)
        self.training.value = paragraph(picture.words)

    def _note(self, right, text):
        """Write a line into the log of this case; the same verdict on the same code only once."""
        entry = (right, text, self.box.value)
        if entry not in self.logs[self.number][-1:]:
            self.logs[self.number].append(entry)
        self._show_log()

    def _show_log(self):
        """Show log and score; where nothing is left to do in a case, the way to the next one stands out."""
        self.history.value = log_of([(right, text) for right, text, _code in self.logs[self.number]])
        self.score_line.value = tag("b", self.score.sentence)
        self.card.show()
        done = self.score.is_done(self.number)
        self.next_case_button.disabled = self.score.next is None
        self.next_case_button.button_style = "primary" if done else ""
        self.all_button.button_style = "" if done else "primary"

    def snapshot(self):
        return self.view.svg


def _cases(cases):
    cases = tuple(cases)
    if not cases or not all(isinstance(case, Case) for case in cases):
        raise TypeError(_("BugHunt takes cases, such as those of nbkit.bugs.CASES, got {}").format(cases))
    return cases
