"""A graph with boxes in place of numbers: the learner types them, and wrong ones are diagnosed."""

import math
from functools import partial, reduce
from typing import NamedTuple

import numpy as np

from nbkit.checks import one_of
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.formatting import number
from nbkit.graph import graph_of
from nbkit.messages import _, shortened
from nbkit.quiz.answer import parse_or_nan
from nbkit.quiz.hints import hint
from nbkit.quiz.inputs import choices, refuse_what_cannot_be_asked
from nbkit.quiz.judge import Judge, Verdict
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.quiz.quiz_picture import quiz_picture
from nbkit.widgets.quiz.quiz_view import QuizView

DRAWS = 20  # sets of numbers, of which the one is taken that tells mistakes apart best
MAX_TYPED = 1e9  # larger numbers are too long to type


class Score(NamedTuple):
    """How far the learner has come in this round."""

    right: int
    total: int
    revealed: int
    hints: int

    def __str__(self):
        parts = [_("{right} of {total} right").format(right=self.right, total=self.total)]
        if self.revealed:
            parts.append(_("{} revealed").format(self.revealed))
        parts.append(_("1 hint") if self.hints == 1 else _("{} hints").format(self.hints))
        return reduce(lambda one, other: _("{one}, {other}").format(one=one, other=other), parts)


class GraphQuiz(Panel):
    """Type the missing numbers into the picture of a graph.

    The first round asks about the numbers of the graph as they are; "New numbers" draws others. The quiz works on a
    copy: the graph itself is left as it is.

    Parameters
    ----------
    graph : Graph or Variable
        Of single numbers, without layers that have parameters.
    blanks : "backward" or "forward"
        Ask for the gradients, with all values given; or for the computed values, with the inputs given.
    rng : int or numpy.random.Generator
        Where new numbers come from; a seed gives the same rounds each time.
    ranges : dict of str to (low, high, step), optional
        From which new numbers are drawn, by input name. Where left out: friendly ones of the same size and sign.

    Attributes
    ----------
    graph : Graph
        The copy with the numbers of this round.
    blanks : dict of str to Blank
        What is asked, in the order in which it can be computed.
    view : QuizView
        ``view.marks``, ``view.texts`` and ``view.message`` are what the learner sees.
    score : Score
    """

    def __init__(self, graph, blanks="backward", rng=0, ranges=None):
        graph, self.direction = graph_of(graph, "GraphQuiz"), one_of("blanks", blanks, ("forward", "backward"))
        refuse_what_cannot_be_asked(graph)
        self.graph = graph.copy()  # two quizzes about one graph must not move each other's numbers
        self.rng = np.random.default_rng(rng)
        self.choices = choices(self.graph, ranges or {})
        self.renderer = GraphRenderer(self.graph)
        self.view = QuizView()
        self._compute()
        self._start(_("Type into the boxes. Enter checks a box, Tab goes to the next one."))
        super().__init__([self.view])
        self._listen({
            "answer": lambda message: self.answer(message.get("blank"), message.get("text")),
            "check": lambda message: self.check_all(message.get("texts")),
            "hint": lambda message: self.hint(message.get("blank")),
            "reveal": lambda message: self.reveal(message.get("blank")),
            "new": lambda _message: self.new_numbers(),
        })  # fmt: skip

    def _listen(self, handlers):
        """Answer each kind of message with one message to the page, whatever it changes there."""

        def answered(handler, message):
            with self.view.hold_sync():
                handler(message)

        for kind, handler in handlers.items():
            self.view.on(kind, self.safely(partial(answered, handler)))

    # ------------------------------------------------------------ rounds

    def _compute(self, /, **values):
        """Put numbers into the graph; those that are too long to type are refused."""
        self.graph.forward(**values)
        self.graph.backward()
        self.judge = Judge(self.graph, self.direction)
        numbers = {_("value of {}").format(self.judge.long_label(v)): float(v.value) for v in self.graph.variables}
        numbers |= {blank.name: blank.expected for blank in self.judge.blanks.values()}
        for name, x in numbers.items():
            if not abs(x) <= MAX_TYPED:
                rule = _("the {name} is {x}: nobody can type that, choose other inputs")
                raise ValueError(rule.format(name=name, x=number(x)))

    def _start(self, message):
        """Begin a round with the present numbers, every box empty."""
        self.blanks = self.judge.blanks
        self.hints = {}
        view = self.view
        with view.hold_sync():  # one message to the browser: it must not see new boxes with old marks
            view.svg = quiz_picture(self.renderer, self.blanks, self.direction)
            view.texts, view.marks = {}, dict.fromkeys(self.blanks, "empty")
            view.round += 1
            self._say(message)

    def new_numbers(self):
        """Draw new input values and begin a new round; ValueError if none can be typed, and the old ones stay."""
        old = {name: float(self.graph.inputs[name].value) for name in self.choices}
        if not old:
            raise ValueError(_("this graph has no named input that could get new numbers"))
        best = None
        for _draw in range(DRAWS):
            values = {name: float(self.rng.choice(choice)) for name, choice in self.choices.items()}
            try:
                self._compute(**values)
            except ValueError:
                continue
            rank = values == old, *self.judge.ambiguity()
            if best is None or rank < best[0]:
                best = rank, values
        if best is None:
            self._compute(**old)
            raise ValueError(_("no numbers were found that can be typed: give other ranges"))
        self._compute(**best[1])
        self._start(_("New numbers. Boxes to fill: {}.").format(len(self.blanks)))

    # ------------------------------------------------------------ what the learner does

    def answer(self, id_, text):
        """Return a `Verdict` on what was typed into one box; one that is right or revealed already stays so."""
        verdict = self._judge(id_, text)
        done = verdict and not self.open_boxes()
        self._say(_("{} All boxes are filled: well done!").format(verdict.text) if done else verdict.text, id_)
        return verdict

    def check_all(self, texts=None):
        """Return a `Verdict` by the id of each box, with `texts` typed since; the message is about the first wrong."""
        texts = self.view.texts | (texts or {})
        for id_ in texts:
            self._blank(id_)
        self.view.texts = texts | {id_: self.view.texts[id_] for id_ in self._settled()}
        verdicts = {id_: self._judge(id_, texts.get(id_, "")) for id_ in self.blanks}
        wrong = [id_ for id_, verdict in verdicts.items() if verdict.state == "wrong"]
        if wrong:
            name, text = self.blanks[wrong[0]].name, verdicts[wrong[0]].text
            self._say(_("{name}: {text}").format(name=name[:1].upper() + name[1:], text=text), wrong[0])
        elif self.open_boxes():
            self._say(_("So far, so good. Boxes still empty: {}.").format(len(self.open_boxes())))
        else:
            self._say(_("All boxes are filled: well done!"))
        return verdicts

    def hint(self, id_=None):
        """Tell the rule for a box, and when asked again, put the numbers in; without an id, for the next open box."""
        blank = self._next(id_)
        if blank is None:
            return self._nothing_left()
        self.hints[blank.id] = min(2, self.hints.get(blank.id, 0) + 1)
        text = hint(self.judge, blank, self.hints[blank.id], self.open_boxes())
        self._say(text, blank.id)
        return Verdict(self.view.marks[blank.id], text)

    def reveal(self, id_=None):
        """Fill one box; without an id, the next open one."""
        blank = self._next(id_)
        if blank is None:
            return self._nothing_left()
        text = hint(self.judge, blank, 2, self.open_boxes())
        self._settle(blank.id, number(blank.expected), "revealed")
        self._say(_("Revealed: {name}. {how}").format(name=blank.name, how=text), blank.id)
        return Verdict("revealed", self.view.message)

    def open_boxes(self):
        """Ids of the boxes that are neither right nor revealed."""
        return [id_ for id_ in self.blanks if id_ not in self._settled()]

    @property
    def score(self):
        """What stands in the score line."""
        marks = list(self.view.marks.values())
        return Score(marks.count("right"), len(marks), marks.count("revealed"), sum(self.hints.values()))

    # ------------------------------------------------------------ helpers

    def _blank(self, id_):
        if not isinstance(id_, str) or id_ not in self.blanks:
            rule = _("there is no box {got}; they are {known}")
            raise ValueError(rule.format(got=shortened(repr(id_), 40), known=", ".join(self.blanks)))
        return self.blanks[id_]

    def _settled(self):
        return [id_ for id_, mark in self.view.marks.items() if mark in ("right", "revealed")]

    def _next(self, id_):
        """The blank that was asked for, if it is open, or else the one the learner is at, or the first open one."""
        if id_ is not None:
            self._blank(id_)
        is_open = self.open_boxes()
        at = next((i for i in (id_, self.view.about) if i in is_open), None) or next(iter(is_open), None)
        return self.blanks.get(at)

    def _nothing_left(self):
        self._say(_("All boxes are filled. New numbers start another round."))
        return Verdict("empty", self.view.message)

    def _judge(self, id_, text):
        blank = self._blank(id_)
        if id_ in self._settled():
            return Verdict(self.view.marks[id_], _("This box is filled already: {}.").format(blank.name))
        text = str(text)
        verdict = self.judge.verdict(blank, text, self._wrong_numbers())
        self._settle(id_, text, verdict.state)
        return verdict

    def _wrong_numbers(self):
        """The numbers in boxes that are not settled, as far as they are numbers."""
        found = {id_: parse_or_nan(self.view.texts.get(id_, "")) for id_ in self.open_boxes()}
        return {id_: x for id_, x in found.items() if not math.isnan(x)}

    def _settle(self, id_, text, mark):
        self.view.texts = self.view.texts | {id_: text}
        self.view.marks = self.view.marks | {id_: mark}

    def _say(self, text, about=""):
        self.view.message, self.view.about, self.view.score = text, about, str(self.score)

    def snapshot(self):
        return quiz_picture(self.renderer, self.blanks, self.direction, still=True)
