"""The bug hunt: a graph with a wrong layer in it, what the gradient check says of each node, and the code to mend."""

import ipywidgets
import numpy as np

from nbkit.bugs import CASES, Case, CodeError
from nbkit.checks import whole
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.markup import join, tag
from nbkit.messages import _
from nbkit.widgets.bughunt.report import CHECK_SIGNS, curves, log_of, paragraph, reading
from nbkit.widgets.kit.explorer import button, row
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.views import CodeBox, Html, SvgView

WHOLE = "whole"  # the last thing to check, after all nodes


class BugHunt(Panel):
    """Find the wrong line: check a graph node by node, read the verdict, mend the code, check again.

    A node is grey until it is checked. The code in the box runs in this kernel as soon as a check asks for it.

    Parameters
    ----------
    case : int
        Number of the case to begin with, counted from 1.
    cases : sequence of Case, optional
        Those of the course where left out.

    Attributes
    ----------
    picker, box, view, verdict, history, score : widgets
        `picker.value` is the number of the case, `box.value` the code.
    next_button, all_button, reset_button, show_button : Button
    report : Report or None
        On the code in the box; None where it was not checked yet, or cannot be run.
    checked : list
        What has been revealed: nodes, from right to left, and at the end `WHOLE`.
    solved : set of int
        Numbers of the cases that were solved without a look at the answer.
    """

    def __init__(self, case=1, cases=CASES):
        self.cases = _cases(cases)
        case = whole("case", case, 1, len(self.cases))
        self.logs = {number: [] for number in range(1, len(self.cases) + 1)}
        self.drafts, self.solved, self.shown = {}, set(), set()
        self._make_controls(case)
        least = {"min_width": "min(300px, 100%)"}
        left = ipywidgets.VBox([self.box, self.shortcuts], layout={"flex": "6 1 440px"} | least)
        right = ipywidgets.VBox(
            [self.curve, self.training, self.verdict, self.history], layout={"flex": "5 1 370px"} | least
        )
        buttons = (self.next_button, self.all_button, self.reset_button, self.show_button)
        halves = row(left, right)
        halves.layout.grid_gap = "8px 16px"
        super().__init__([row(self.picker, self.score), self.introduction, self.view, row(*buttons), halves])
        self.go_to(case)
        self.picker.observe(self.safely(lambda change: self.go_to(change.new)), "value")
        self.box.observe(self.safely(lambda _change: self._edited()), "value")
        self.box.on_check(self.safely(self.check_all))
        self.view.on_pointer(self.safely(self._clicked))
        for pressed, action in zip(buttons, (self.check_next, self.check_all, self.reset, self.show), strict=True):
            pressed.on_click(self.safely(lambda _button, action=action: action()))

    def _make_controls(self, case):
        options = [(f"{number} · {case.title}", number) for number, case in enumerate(self.cases, 1)]
        self.picker = ipywidgets.Dropdown(options=options, value=case, description=_("case"), layout={"width": "32em"})
        self.next_button = _button(_("Check next node"), _("Hold one node against central differences"))
        self.all_button = _button(_("Check all nodes"), _("Run the code in the box, and check every node"))
        self.reset_button = _button(_("Reset the code"), _("Put the broken code back"))
        self.show_button = _button(_("Show me"), _("Show the mended code"))
        self.all_button.button_style = "primary"
        self.box, self.view, self.curve = CodeBox(label=_("code of the suspects")), SvgView(), SvgView()
        self.introduction, self.training, self.verdict, self.history, self.score = (Html() for _i in range(5))
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
        self.renderer = GraphRenderer(self.case.examine(self.case.broken).graph)
        self.introduction.value = paragraph(self.case.outside)
        self.curve.svg = ""  # the first training of a case may take a second
        self.box.value = self.drafts.get(number, self.case.broken)
        self._edited()
        self._draw_curves(self.case.broken)
        if self.box.value != self.case.broken and self.case.training is not None:
            self.training.value = paragraph(_("Solid: the broken code, until you check yours."))
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
        self.box.value = self.case.broken

    def show(self):
        """Put the mended code into the box, point at the line, and explain."""
        if self.number not in self.solved:
            self.shown.add(self.number)
        self.box.value = self.case.code
        self.box.line = self.case.line
        self._note(None, _("the mended code was shown"))
        self.verdict.value = join(
            [
                paragraph(_("Line {}:").format(self.case.line), bold=True),
                paragraph(_("was"), sign=CHECK_SIGNS[False], code=self.case.bad),
                paragraph(_("is now"), sign=CHECK_SIGNS[True], code=self.case.good),
                self._explanation(),
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
        self._draw_curves(self.box.value)
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
        words = join([self._say_wrong(v, self.report.errors[v]) for v in wrong])
        if len(nodes) == 1 and not wrong:
            right = _("{}: backward agrees with central differences.").format(nodes[0].layer)
            words = paragraph(right, sign=CHECK_SIGNS[True])
        self.verdict.value = join([words, self._conclude() if done else ""])
        self._draw()

    def _say_wrong(self, v, error):
        verdict = paragraph(str(error), sign=CHECK_SIGNS[False], bold=True)
        return join([verdict, paragraph(reading(self.report.graph, v, error))])

    def _conclude(self):
        """Return the conclusion when all is checked, and write it into the log."""
        report = self.report
        errors = list(dict.fromkeys(str(error) for error in report.errors.values() if error))
        if errors:
            more = _("{error} (and {n} more)").format(error=errors[0], n=len(errors) - 1)
            self._note(False, more if errors[1:] else errors[0])
            right = sum(error is None for error in report.errors.values())
            return paragraph(_("{right} of {n} nodes are right.").format(right=right, n=len(report.errors)))
        if report.whole is not None:
            self._note(False, str(report.whole))
            together = paragraph(_("Each node is right by itself, but together:"))
            return join([together, self._say_wrong(None, report.whole)])
        if report.objection:
            self._note(False, report.objection)
            return paragraph(report.objection, sign=CHECK_SIGNS[False], bold=True)
        if self.number not in self.shown:
            self.solved.add(self.number)
        self._note(True, _("all nodes right"))
        words = _("All nodes are right, and so is the graph as a whole.")
        return join([paragraph(words, sign=CHECK_SIGNS[True], bold=True), self._explanation()])

    def _explanation(self):
        return join([paragraph(self.case.found), paragraph(self.case.mended)])

    def _edited(self):
        """Forget what was checked: the code in the box has changed."""
        self.drafts[self.number] = self.box.value
        self.report, self.checked, self.box.line = None, [], 0
        self.verdict.value = paragraph(_("The code has changed: check again."))
        if self.case.training is not None:
            self.training.value = paragraph(_("Solid: the code that was checked last."))
        self._draw()

    def _clicked(self, event):
        """Check the node that was clicked, and no other."""
        if event.kind == "press" and self._examine():
            for v in self.report.errors:
                if self.report.graph.id(v) == event.item:
                    self._reveal([v])

    # ------------------------------------------------------------ what is shown

    def _draw(self):
        """Draw the graph with a sign on every node: not yet checked, right, or wrong."""
        if self.report is None:
            marks = {v: "unknown" for v in self.renderer.graph.variables if v.layer is not None}
        else:
            marks = {v: self._mark(v, error) for v, error in self.report.errors.items()}
            if WHOLE in self.checked and self.report.whole is not None:
                source = self.report.graph.inputs.get(self.report.whole.argument)
                marks |= {} if source is None else {source: "wrong"}
        clickable = {self.renderer.graph.id(v) for v in marks}
        self.view.svg = self.renderer.picture(marks=marks, clickable=clickable)
        self.next_button.disabled = self.report is not None and not self._unchecked()

    def _mark(self, v, error):
        return "unknown" if v not in self.checked else "right" if error is None else "wrong"

    def _draw_curves(self, code):
        """Train with the code, where there is something to train, and draw it over the run with right layers."""
        if self.case.training is None:
            self.curve.svg, self.training.value = "", ""
            return
        losses, error_words = np.empty(0), ""
        try:
            losses = self.case.losses(code)
        except CodeError as error:
            error_words = _("Training stops: {}").format(error)
        self.curve.svg = picture = curves(self.case.right_losses, losses, error_words)
        self.training.value = paragraph(picture.words)

    def _note(self, right, text):
        """Write a line into the log of this case; the same verdict on the same code only once."""
        entry = (right, text, self.box.value)
        if entry not in self.logs[self.number][-1:]:
            self.logs[self.number].append(entry)
        self._show_log()

    def _show_log(self):
        self.history.value = log_of([(right, text) for right, text, _code in self.logs[self.number]])
        words = _("solved: {n} of {all} ({numbers})") if self.solved else _("solved: {n} of {all}")
        numbers = ", ".join(map(str, sorted(self.solved)))
        self.score.value = tag("b", words.format(n=len(self.solved), all=len(self.cases), numbers=numbers))

    def snapshot(self):
        return self.view.svg


def _cases(cases):
    cases = tuple(cases)
    if not cases or not all(isinstance(case, Case) for case in cases):
        raise TypeError(_("BugHunt takes cases, such as those of nbkit.bugs.CASES, got {}").format(cases))
    return cases


def _button(label, tooltip):
    return button(label, tooltip=tooltip, width="auto")
