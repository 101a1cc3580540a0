"""A graph with boxes in place of numbers: the learner types them, and wrong ones are diagnosed."""

import math
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of, shortened
from nbkit.quiz.answer import parse
from nbkit.quiz.judge import Judge, Verdict
from nbkit.widgets.kit.panel import Panel, for_browser
from nbkit.widgets.quiz.quiz_picture import picture

DRAWS = 20  # sets of numbers, of which the one is taken that tells mistakes apart best
LARGEST = 1e9  # nobody types longer numbers


class QuizView(anywidget.AnyWidget):
    """The picture with its boxes, the buttons and the lines below; it knows no number that was not typed or revealed.

    Attributes
    ----------
    svg : str
    round : int
        With a new one the boxes are emptied.
    texts, marks : dict of str to str
        By the id of a blank: what stands in its box, and "right", "wrong", "revealed" or "empty".
    about : str
        Id of the blank that the message is about, or nothing.
    message, score : str
    words : dict of str to str
        What is written on the buttons, and the marks in words.
    """

    _esm = for_browser("picture.js", "graph_quiz.js")
    _css = for_browser("graph_quiz.css")
    svg = traitlets.Unicode("").tag(sync=True)
    round = traitlets.Int(0).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    about = traitlets.Unicode("").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    score = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)


class Score(NamedTuple):
    """How far the learner has come in this round."""

    right: int
    total: int
    revealed: int
    hints: int

    def __str__(self):
        said = [_("{right} of {total} right").format(right=self.right, total=self.total)]
        if self.revealed:
            said.append(_("{} revealed").format(self.revealed))
        said.append(_("1 hint") if self.hints == 1 else _("{} hints").format(self.hints))
        return ", ".join(said)


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
        graph = Graph(graph) if isinstance(graph, Variable) else graph
        if not isinstance(graph, Graph):
            raise TypeError(_("GraphQuiz takes a Graph or a Variable, got {}").format(kind_of(graph)))
        if blanks not in ("forward", "backward"):
            raise ValueError(_("blanks must be 'forward' or 'backward', got {}").format(kind_of(blanks)))
        _refuse_what_cannot_be_asked(graph)
        self.graph = graph.copy()  # two quizzes about one graph must not move each other's numbers
        self.direction = blanks
        self.rng = np.random.default_rng(rng)
        self.choices = _choices(self.graph, ranges or {})
        self.painter = GraphRenderer(self.graph)
        self.view = QuizView(words=_words())
        self._compute()
        self._start(_("Type into the boxes. Enter checks a box, Tab goes to the next one."))
        super().__init__([self.view])
        asked = self.safely(self._asked)
        self.view.on_msg(lambda _view, message, _buffers: asked(message))

    # ------------------------------------------------------------ rounds

    def _compute(self, /, **values):
        """Put numbers into the graph; those that nobody can type are refused."""
        self.graph.forward(**values)
        self.graph.backward()
        self.judge = Judge(self.graph, self.direction)
        numbers = {_("value of {}").format(self.judge.long_label(v)): float(v.value) for v in self.graph.variables}
        numbers |= {blank.name: blank.expected for blank in self.judge.blanks.values()}
        for name, x in numbers.items():
            if not abs(x) <= LARGEST:
                raise ValueError(
                    _("the {name} is {x}: nobody can type that, choose other inputs").format(name=name, x=number(x))
                )

    def _start(self, message):
        """Begin a round with the present numbers, every box empty."""
        self.blanks = self.judge.blanks
        self.hints = {}
        view = self.view
        with view.hold_sync():  # one message to the browser: it must not see new boxes with old marks
            view.svg = picture(self.painter, self.blanks, self.direction)
            view.texts, view.marks = {}, dict.fromkeys(self.blanks, "empty")
            view.round += 1
            self._say(message)

    def new_numbers(self):
        """Draw new input values and begin a new round.

        Raises
        ------
        ValueError
            If no draw gives numbers that can be typed; the old ones stay then.
        """
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
        """Check what was typed into one box.

        Returns
        -------
        Verdict
            Whatever the text is; a box that is right or revealed already stays so.

        Raises
        ------
        ValueError
            If there is no such box.
        """
        verdict = self._judge(id_, text)
        done = verdict and not self.open_boxes()
        self._say(_("{} All boxes are filled: well done!").format(verdict.text) if done else verdict.text, id_)
        return verdict

    def check_all(self, texts=None):
        """Check every box that is not settled, with what was typed since if it is given.

        Returns
        -------
        dict of str to Verdict
            By the id of the blank; the message tells about the first wrong one.
        """
        texts = self.view.texts | (texts or {})
        for id_ in texts:
            self._blank(id_)
        self.view.texts = texts | {id_: self.view.texts[id_] for id_ in self._settled()}
        verdicts = {id_: self._judge(id_, texts.get(id_, "")) for id_ in self.blanks}
        wrong = [id_ for id_, verdict in verdicts.items() if verdict.state == "wrong"]
        if wrong:
            name, told = self.blanks[wrong[0]].name, verdicts[wrong[0]].text
            self._say(_("{name}: {told}").format(name=name[:1].upper() + name[1:], told=told), wrong[0])
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
        text = self.judge.hint(blank, self.hints[blank.id], self.open_boxes())
        self._say(text, blank.id)
        return Verdict(self.view.marks[blank.id], text)

    def reveal(self, id_=None):
        """Fill one box; without an id, the next open one."""
        blank = self._next(id_)
        if blank is None:
            return self._nothing_left()
        text = self.judge.hint(blank, 2, self.open_boxes())
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
            raise ValueError(
                _("there is no box {got}; they are {known}").format(
                    got=shortened(repr(id_), 40), known=", ".join(self.blanks)
                )
            )
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
        found = {}
        for id_ in self.open_boxes():
            try:
                found[id_] = parse(self.view.texts.get(id_, ""))
            except ValueError:
                continue
        return found

    def _settle(self, id_, text, mark):
        self.view.texts = self.view.texts | {id_: text}
        self.view.marks = self.view.marks | {id_: mark}

    def _say(self, text, about=""):
        self.view.message, self.view.about, self.view.score = text, about, str(self.score)

    def _asked(self, message):
        """Do what the browser asks for."""
        with self.view.hold_sync():
            if "answer" in message:
                self.answer(message["answer"]["id"], message["answer"]["text"])
            elif "check" in message:
                self.check_all(message["check"])
            elif "hint" in message:
                self.hint(message["hint"])
            elif "reveal" in message:
                self.reveal(message["reveal"])
            elif "new" in message:
                self.new_numbers()

    def snapshot(self):
        return picture(self.painter, self.blanks, self.direction, still=True)


# ---------------------------------------------------------------- graphs and numbers for a quiz


def _refuse_what_cannot_be_asked(graph):
    for v in graph.variables:
        if v.shape:
            raise ValueError(
                _("GraphQuiz asks for single numbers, but {} is an array").format(v.name or v.layer or graph.id(v))
            )
        if v.source is not None or (v.layer is not None and v.layer.params):
            raise ValueError(_("GraphQuiz asks about graphs without parameters, got {}").format(v.layer or v))
    if graph.output.layer is None:
        raise ValueError(_("there is nothing to ask: this graph has no operation"))


def _choices(graph, ranges):
    """List the numbers that each named input may get."""
    inputs = {name: float(v.value) for name, v in graph.inputs.items() if not v.constant}
    unknown = [name for name in ranges if name not in inputs]
    if unknown:
        raise ValueError(
            _("ranges names {got}, but the inputs of the graph are {known}").format(
                got=", ".join(map(str, unknown)), known=", ".join(inputs)
            )
        )
    return {name: _grid(name, *_limits(name, value, ranges)) for name, value in inputs.items()}


def _limits(name, value, ranges):
    """From where to where, and in which steps: as told, or friendly numbers of the size and sign of the old one."""
    if name in ranges:
        try:
            low, high, step = map(float, ranges[name])
        except (TypeError, ValueError):
            low = high = step = math.nan
        if not (math.isfinite(low) and low <= high < math.inf and 0 < step < math.inf):
            raise ValueError(
                _("the range of {name!r} must be (low, high, step) with low ≤ high and step above 0, got {got}").format(
                    name=name, got=ranges[name]
                )
            )
        return low, high, step
    size = abs(value)
    if size == round(size):
        step = 10.0 ** max(0, math.floor(math.log10(size or 1)) - 1)
        low, high = (2 * step, 2 * size) if size >= 10 else (2.0, 9.0)
    else:
        low, high, step = 0.2, max(2.0, round(2 * size, 1)), 0.1
    return (low, high, step) if value >= 0 else (-high, -low, step)


def _grid(name, low, high, step):
    """All numbers of a range but 0; 1 and -1 only where there is nothing else, as they hide mistakes."""
    count = min(10_000, math.floor((high - low) / step + 1e-9) + 1)
    every = [x for x in (round(low + k * step, 10) for k in range(count)) if x]
    if not every:
        raise ValueError(_("the range of {!r} holds no number but 0").format(name))
    return [x for x in every if abs(x) != 1] or every


def _words():
    return {
        "check": _("Check"),
        "hint": _("Hint"),
        "reveal": _("Reveal one"),
        "new": _("New numbers"),
        "right": _("right"),
        "wrong": _("wrong"),
        "revealed": _("revealed"),
    }
