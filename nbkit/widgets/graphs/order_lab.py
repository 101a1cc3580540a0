"""A graph whose backward walk the learner leads, node by node, in any order, the wrong ones included."""

from string import ascii_uppercase

import ipywidgets
import numpy as np

from nbkit.drawing import theme
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.graph.scene import LINE, label_box, node_box, scene_of, text_width
from nbkit.drawing.graph.steps import argument_names, brief, title
from nbkit.drawing.markup import attribute, escape
from nbkit.formatting import number
from nbkit.graph import Graph, Variable
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.svg_view import SvgView

LONGEST = 14  # characters of an expression inside a longer one


class OrderLab(Panel):
    """Run the nodes of a graph backward in an order of your own, and see what comes of it.

    A node may run too early: it then works with the gradients that have arrived, with 0 if there is none, and what
    arrives later is lost. The numbers come from the recorded layers; the graph itself stays as it was.

    Parameters
    ----------
    graph : Graph or Variable
        With at most 26 operations: each gets a letter.

    Attributes
    ----------
    order : list of str
        Ids of the nodes that have run, such as ``["v4", "v3"]``.
    gradients : dict of str to float or array
        What has arrived at each named input so far; ``None`` where nothing has.
    truth : dict of str to float or array
        The same from `Graph.backward`.
    story : list of str
        A sentence for each node that has run.
    right : bool or None
        Whether every node waited for all its gradients; ``None`` until all nodes have run. The order is judged, not
        the numbers: these may be right by luck, where what came too late did not matter.
    verdict : str
        The same in words, with the numbers; empty until all nodes have run.
    buttons : dict of str to Button
        One for each operation, by id; beside them ``reset_button`` and ``show_button``.
    """

    def __init__(self, graph):
        graph = Graph(graph) if isinstance(graph, Variable) else graph
        if not isinstance(graph, Graph):
            raise TypeError(_("OrderLab takes a Graph or a Variable, got {}").format(kind_of(graph)))
        self.graph = graph
        self.solved = twin_of(graph, {})
        self.truth = {name: grad for name, grad in self.solved.backward().items() if grad is not None}
        reached = {self.solved.id(v): v for v in self.solved.variables if v.layer is not None and v.grad is not None}
        if not 0 < len(reached) <= len(ascii_uppercase):
            raise ValueError(_("OrderLab takes a graph of 1 to 26 operations, got {}").format(len(reached)))
        self.letters = dict(zip(reached, ascii_uppercase, strict=False))
        self.model = twin_of(graph, self.letters)
        self.nodes = {id_: self.model.variables[int(id_[1:])] for id_ in reached}
        self.waits = {id_: users_of(self.solved, v) for id_, v in reached.items()}
        self.words = expressions(self.model)
        self.painter = LabPainter(self.model, {e.id: e.gradient for e in scene_of(self.solved).edges})
        self._make_controls()
        super().__init__([self.buttons_row, self.view, self.told])
        self.reset()

    def _make_controls(self):
        self.view, self.told = SvgView(), ipywidgets.HTML()
        symbols = {self.graph.id(v): title(v) for v in self.graph.variables if v.layer is not None}
        self.buttons = {
            id_: _button(
                _("{letter} · {symbol} makes {label}").format(
                    letter=letter, symbol=symbols[id_], label=self.words[self.nodes[id_]]
                ),
                _("Run this node backward"),
                self.safely(lambda _button, id_=id_: self.run_node(id_)),
            )
            for id_, letter in self.letters.items()
        }
        reset, show = self.safely(lambda _button: self.reset()), self.safely(lambda _button: self.show_right_order())
        self.reset_button = _button(_("Reset"), _("Start anew"), reset, "refresh")
        self.show_button = _button(_("Show a right order"), _("Run all nodes as they should"), show, "eye")
        buttons = [ipywidgets.Label(_("Run backward:")), *self.buttons.values(), self.reset_button, self.show_button]
        self.buttons_row = ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})

    def reset(self):
        """Forget all gradients except the one at the output, with which every backward walk starts."""
        self.order, self.story, self.lost = [], [], set()
        self.had = {}  # id of a node that ran -> (gradients that had arrived, gradients to wait for)
        for v in self.model.variables:
            v.grad, v.dinputs = None, ()
            if v.layer is not None:
                v.layer.grads = {}
        self.model.output.grad = np.ones_like(self.model.output.value)[()]
        self.show()

    def run_node(self, id_):
        """Let a node share out what has arrived at it, whether that is all or not.

        Parameters
        ----------
        id_ : str
            Such as ``"v2"``.

        Raises
        ------
        ValueError
            If there is no such operation, or it has run already.
        """
        if id_ not in self.nodes:
            raise ValueError(
                _("{got!r} is no operation; there are {known}").format(got=id_, known=", ".join(self.nodes))
            )
        if id_ in self.order:
            raise ValueError(_("{} has run already: Reset starts anew").format(self.letters[id_]))
        v, waits = self.nodes[id_], self.waits[id_]
        self.had[id_] = sum(user in self.order for user in waits), len(waits)
        if v.grad is None:
            v.grad = np.zeros_like(v.value)[()]
        with np.errstate(all="ignore"):
            dinputs = v.layer.backward(v.grad)
        v.dinputs = dinputs if isinstance(dinputs, tuple) else (dinputs,)
        for slot, (i, dinput) in enumerate(zip(v.inputs, v.dinputs, strict=False)):
            if self.model.id(i) in self.order:
                self.lost.add((id_, slot))
            elif not i.constant:
                i.grad = dinput if i.grad is None else i.grad + dinput
        self.order.append(id_)
        self.story.append(self._sentence(id_))
        self.show()

    def show_right_order(self):
        """Start anew and run every node after all nodes that use its value."""
        self.reset()
        for id_ in reversed(self.nodes):
            self.run_node(id_)

    @property
    def gradients(self):
        return {name: self.model.inputs[name].grad for name in self.truth}

    @property
    def finished(self):
        """Whether all nodes have run."""
        return len(self.order) == len(self.nodes)

    @property
    def early(self):
        """Ids of the nodes that ran before all their gradients had arrived, in the order in which they ran."""
        return [id_ for id_ in self.order if self.had[id_][0] < self.had[id_][1]]

    @property
    def right(self):
        return not self.early if self.finished else None

    @property
    def verdict(self):
        if not self.finished:
            return ""
        if self.right:
            return _("✓ Right: every node waited for all its gradients.")
        who = ", ".join(self.letters[id_] for id_ in self.early)
        if all(a is b or same(a, b) for a, b in zip(ends(self.model), ends(self.solved), strict=True)):
            return _(
                "✗ The gradients are right, but by luck: not all had arrived when these nodes ran: {who}. "
                "What came too late did not matter this time."
            ).format(who=who)
        return _("✗ Wrong: not all gradients had arrived when these nodes ran: {who}.").format(who=who)

    def _sentence(self, id_):
        """Tell what the node had, what it passed on, and what that should have been."""
        v, (arrived, all_) = self.nodes[id_], self.had[id_]
        head, grad = f"{title(v)} ({self.words[v]})", brief(v.grad)
        sent, wrong = self._sent(id_, v)
        if not all_:
            had = _("{node} is the output, its gradient is {grad}").format(node=head, grad=grad)
        elif not arrived:
            had = _("{node} ran before any gradient had arrived, so it worked with 0").format(node=head)
        elif arrived < all_:
            had = _("{node} ran when only {arrived} of {all} gradients had arrived").format(
                node=head, arrived=arrived, all=all_
            )
        elif wrong:
            had = _("{node} waited, but what arrived was wrong already").format(node=head)
        else:
            had = _("{node} had all it waits for, {grad}").format(node=head, grad=grad)
        return _("{had}: it passed on {sent}.").format(had=had, sent=sent or _("nothing"))

    def _sent(self, id_, v):
        """Say what went to each input, and tell whether any of it is wrong."""
        true_sent = self.solved.variables[int(id_[1:])].dinputs
        sent, wrong = {}, False  # two edges to one input make one phrase
        for slot, (i, got, true) in enumerate(zip(v.inputs, v.dinputs, true_sent, strict=False)):
            if not i.constant:
                late = _(" (too late, lost)") if (id_, slot) in self.lost else ""
                sent.setdefault((self.words[i], late), []).append(_passed(got, true))
                wrong = wrong or not same(got, true)
        phrases = [
            _("{numbers} to {receiver}{late}").format(numbers=_(" and ").join(numbers), receiver=receiver, late=late)
            for (receiver, late), numbers in sent.items()
        ]
        return ", ".join(phrases), wrong

    def show(self):
        """Draw the picture and write the sentences anew."""
        for id_, button in self.buttons.items():
            button.disabled = id_ in self.order
        self.view.svg = self.painter.svg_of_run(self.had, self.lost)
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.story)
        start = _("Which node runs first? Start at the output, on the right.") if not self.story else ""
        self.told.value = f"<div>{escape(start)}<ol>{lines}</ol>{self._end()}</div>"

    def _end(self):
        """The verdict, with the learner's gradients beside the true ones, once all nodes have run."""
        if not self.finished:
            return ""
        head = "".join(f"<th>{escape(word)}</th>" for word in (_("input"), _("your order"), _("truth"), ""))
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{brief(got)}</td><td>{brief(true)}</td>"
            f"<td>{'✓' if same(got, true) else '✗'}</td></tr>"
            for (name, true), got in zip(self.truth.items(), self.gradients.values(), strict=True)
        )
        table = f'<table style="border-spacing:1em 0;text-align:left;line-height:1.6"><tr>{head}</tr>{rows}</table>'
        return f'<b role="status">{escape(self.verdict)}</b>{table}'

    def snapshot(self):
        return self.view.svg


class LabPainter(GraphRenderer):
    """Draws a graph in the middle of a backward walk and marks what went wrong, by signs and not by colour alone.

    Parameters
    ----------
    graph : Graph
    truth : dict of str to number or array
        The gradient that each edge should carry, by the edge's id.
    """

    def __init__(self, graph, truth):
        super().__init__(graph)
        self.truth = truth

    def _script(self, gradients):
        return "{}"  # the browser plays nothing here, and sentences need a finished walk

    def svg_of_run(self, had, lost):
        """Return the picture with a mark at every node that has run and every gradient that is wrong or lost."""
        marks = [self._node_mark(node, *had[node.id]) for node in self.scene.nodes if node.id in had]
        for edge in self.scene.edges:
            if edge.gradient is not None:
                late = edge.target is not None and (self.graph.id(edge.target), edge.slot) in lost
                marks += self._edge_marks(edge, late, not same(edge.gradient, self.truth[edge.id]))
        return self.svg().removesuffix("</svg>") + "".join(marks) + "</svg>"

    def _node_mark(self, node, arrived, all_):
        """A small sign on the lower rim: ✓ where the node waited, ✗ and what it had where it did not."""
        (x, y), box = self.layout.centers[node.id], node_box(node)
        text = "✓" if arrived == all_ else _("✗ {arrived} of {all}").format(arrived=arrived, all=all_)
        width, y = text_width(text) + 6, y + box.height / 2 + 1
        return (
            f'<g data-mark="{node.id}"><rect class="ground" x="{x - width / 2:g}" y="{y - 8:g}" width="{width:g}" '
            f'height="17" rx="8" style="stroke:{theme.css_colour("line")}"/>'
            f'<text class="name" x="{x:g}" y="{y + 5:g}">{text}</text></g>'
        )

    def _edge_marks(self, edge, late, wrong):
        """Strike out a gradient that came too late; a ✗ stands behind one that is wrong."""
        x, y = self.layout.centers[edge.id]
        plain = not np.ndim(edge.gradient)
        half = text_width(f"← {number(edge.gradient)}") / 2 if plain else label_box(edge, self.shapes).width / 2 - 12
        if late:
            yield (
                f'<path data-lost="{attribute(edge.id)}" '
                f'd="M{x - half:g} {y + LINE - 1:g}L{x + half:g} {y + LINE - 8:g}" '
                f'style="stroke:{theme.css_colour("text")};stroke-width:1.5"/>'
            )
        if late or wrong:
            words = " ".join([*([_("lost")] if late else []), *(["✗"] if wrong else [])])
            kind = f' data-wrong="{attribute(edge.id)}"' if wrong else ""
            yield (
                f'<text class="name"{kind} x="{x + half + 4:g}" y="{y + LINE:g}" '
                f'style="text-anchor:start;font-size:12px">{words}</text>'
            )


def _button(label, tooltip, pressed, icon=""):
    button = ipywidgets.Button(description=label, tooltip=tooltip, icon=icon, layout={"width": "auto"})
    button.on_click(pressed)
    return button


def twin_of(graph, letters):
    """Copy a graph, so that it can be walked without a trace; its operations are named by letters."""
    twin = graph.copy()
    for old, new in zip(graph.variables, twin.variables, strict=True):
        new.grad, new.dinputs = None, ()
        if new.layer is not None:
            new.layer.name = letters.get(graph.id(old), new.layer.name)
    return twin


def users_of(graph, variable):
    """List the ids of the nodes that send a gradient back to `variable`, one for each edge, after a ``backward``."""
    return [
        graph.id(v) for v in graph.variables for i, _sent in zip(v.inputs, v.dinputs, strict=False) if i is variable
    ]


def ends(graph):
    """List what has arrived at the left end of a graph: the gradients of its leaves and of its layers' parameters."""
    grads = [v.grad for v in graph.variables if v.layer is None]
    return grads + [grad for v in graph.variables if v.layer is not None for grad in v.layer.grads.values()]


def expressions(graph):
    """Say for each variable what it is: its name, or how it was made, shortened where that grows long."""
    words = {}
    for v in graph.variables:
        if v.name or v.layer is None:
            words[v] = v.name or brief(v.value)
            continue
        parts = [_part(words[i], i) for i in v.inputs]
        made = dict(zip(argument_names(v.layer), parts, strict=False))
        words[v] = (
            v.layer.formula.format(**made) if v.layer.formula else f"{type(v.layer).__name__}({', '.join(parts)})"
        )
    return words


def _part(text, v):
    text = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return text if v.name or v.layer is None else f"({text})"


def _passed(got, true):
    """Say what went along one edge: ``1 instead of 3``."""
    if same(got, true):
        return brief(got)
    if np.ndim(got):
        return _("wrong numbers {}").format(brief(got))
    return _("{got} instead of {true}").format(got=brief(got), true=brief(true))


def same(a, b):
    """Tell whether two gradients agree up to rounding."""
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True))
