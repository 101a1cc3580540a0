"""A graph whose backward walk the learner leads, node by node, in any order, the wrong ones included."""

from string import ascii_uppercase

import ipywidgets
import numpy as np

from nbkit.checks import one_of
from nbkit.drawing import theme
from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.drawing.graph.scene import scene_of
from nbkit.drawing.graph.steps import argument_names, brief, title
from nbkit.drawing.markup import join, tag
from nbkit.drawing.picture import Mark
from nbkit.drawing.text import LINE_HEIGHT, text_width
from nbkit.formatting import number
from nbkit.graph import graph_of
from nbkit.messages import _, listed
from nbkit.widgets.kit.explorer import Explorer, button

MAX_PART_CHARACTERS = 14  # of an expression inside a longer one
TABLE_STYLE = "border-spacing:1em 0;text-align:left;line-height:1.6"


class OrderLab(Explorer):
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
    sentences : list of str
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
        self.graph = graph_of(graph, "OrderLab")
        self.solved = twin_of(self.graph, {})
        self.truth = {name: grad for name, grad in self.solved.backward().items() if grad is not None}
        reached = {self.solved.id(v): v for v in self.solved.variables if v.layer is not None and v.grad is not None}
        if not 0 < len(reached) <= len(ascii_uppercase):
            raise ValueError(_("OrderLab takes a graph of 1 to 26 operations, got {}").format(len(reached)))
        self.letters = dict(zip(reached, ascii_uppercase, strict=False))
        self.model = twin_of(self.graph, self.letters)
        self.nodes = {id_: self.model.variables[int(id_[1:])] for id_ in reached}
        self.waits = {id_: users_of(self.solved, v) for id_, v in reached.items()}
        self.words = expressions(self.model)
        self.renderer = WalkRenderer(self.model, {e.id: e.gradient for e in scene_of(self.solved).edges})
        self._make_buttons()
        self._forget()
        label = ipywidgets.Label(_("Run backward:"))
        super().__init__(label, tuple(self.buttons.values()), (self.reset_button, self.show_button))

    def _make_buttons(self):
        symbols = {self.graph.id(v): title(v) for v in self.graph.variables if v.layer is not None}
        self.buttons = {}
        for id_, letter in self.letters.items():
            name = _("{letter} · {symbol} makes {label}").format(
                letter=letter, symbol=symbols[id_], label=self.words[self.nodes[id_]]
            )
            run = self.safely(lambda _button, id_=id_: self.run_node(id_))
            self.buttons[id_] = button(name, run, tooltip=_("Run this node backward"))
        reset, show = self.safely(lambda _button: self.reset()), self.safely(lambda _button: self.show_right_order())
        self.reset_button = button(_("Reset"), reset, tooltip=_("Start anew"), icon="refresh")
        self.show_button = button(_("Show a right order"), show, tooltip=_("Run all nodes as they should"), icon="eye")

    # ------------------------------------------------------------ the walk

    def _forget(self):
        """Forget all gradients except the one at the output."""
        self.order, self.sentences, self.lost = [], [], set()
        self.had = {}  # id of a node that ran -> (gradients that had arrived, gradients to wait for)
        for v in self.model.variables:
            v.grad, v.dinputs = None, ()
            if v.layer is not None:
                v.layer.grads = {}
        self.model.output.grad = np.ones_like(self.model.output.value)[()]

    def reset(self):
        """Start anew."""
        self._forget()
        self.show()

    def run_node(self, id_):
        """Run a node backward with what has arrived at it, by its id, such as ``"v2"``; each node runs once."""
        one_of(_("the id of an operation"), id_, self.nodes)
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
        self.sentences.append(self._sentence_for(id_))
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

    # ------------------------------------------------------------ words

    @property
    def verdict(self):
        if not self.finished:
            return ""
        if self.right:
            return _("✓ Right: every node waited for all its gradients.")
        nodes = listed(self.letters[id_] for id_ in self.early)
        if all(a is b or same(a, b) for a, b in zip(ends(self.model), ends(self.solved), strict=True)):
            return _(
                "✗ The gradients are right, but by luck: not all had arrived when these nodes ran: {nodes}. "
                "What came too late did not matter this time."
            ).format(nodes=nodes)
        return _("✗ Wrong: not all gradients had arrived when these nodes ran: {nodes}.").format(nodes=nodes)

    def _sentence_for(self, id_):
        """Say what the node had, what it passed on, and what that should have been."""
        v, (arrived, all_) = self.nodes[id_], self.had[id_]
        sent, wrong = self._sent(id_, v)
        if not all_:
            text = _("{node} is the output, its gradient is {grad}: it passed on {sent}.")
        elif not arrived:
            text = _("{node} ran before any gradient had arrived, so it worked with 0: it passed on {sent}.")
        elif arrived < all_:
            text = _("{node} ran when only {arrived} of {all} gradients had arrived: it passed on {sent}.")
        elif wrong:
            text = _("{node} waited, but what arrived was wrong already: it passed on {sent}.")
        else:
            text = _("{node} had all it waits for, {grad}: it passed on {sent}.")
        node = f"{title(v)} ({self.words[v]})"
        return text.format(node=node, grad=brief(v.grad), arrived=arrived, all=all_, sent=sent or _("nothing"))

    def _sent(self, id_, v):
        """Say what went to each input, and whether any of it is wrong."""
        true_sent = self.solved.variables[int(id_[1:])].dinputs
        sent, wrong = {}, False  # two edges to one input make one phrase
        for slot, (i, got, true) in enumerate(zip(v.inputs, v.dinputs, true_sent, strict=False)):
            if not i.constant:
                sent.setdefault((self.words[i], (id_, slot) in self.lost), []).append(_passed(got, true))
                wrong = wrong or not same(got, true)
        phrases = []
        for (receiver, late), numbers in sent.items():
            text = _("{numbers} to {receiver} (too late, lost)") if late else _("{numbers} to {receiver}")
            phrases.append(text.format(numbers=_(" and ").join(numbers), receiver=receiver))
        return listed(phrases), wrong

    # ------------------------------------------------------------ what is shown

    def compute(self):
        """Let no button run a node twice."""
        for id_, control in self.buttons.items():
            control.disabled = id_ in self.order

    def picture(self):
        return self.renderer.picture_of_walk(self.had, self.lost)

    def sentence(self):
        if not self.sentences:
            return tag("div", _("Which node runs first? Start at the output, on the right."))
        return tag("div", tag("ol", [tag("li", line) for line in self.sentences]), self._end() if self.finished else "")

    def _end(self):
        """Return the verdict, with the learner's gradients beside the true ones."""
        rows = [tag("tr", [tag("th", word) for word in (_("input"), _("your order"), _("truth"), "")])]
        for (name, true), got in zip(self.truth.items(), self.gradients.values(), strict=True):
            cells = name, brief(got), brief(true), "✓" if same(got, true) else "✗"
            rows.append(tag("tr", [tag("td", cell) for cell in cells]))
        return [tag("b", self.verdict, role="status"), tag("table", rows, style=TABLE_STYLE)]


class WalkRenderer(GraphRenderer):
    """Draws a graph during a backward walk and marks what differs from `truth`, the gradients by the ids of edges."""

    def __init__(self, graph, truth):
        super().__init__(graph)
        self.truth = truth

    def script(self, gradients):
        return "{}"  # nothing is played here, and sentences need a finished walk

    def picture_of_walk(self, had, lost):
        """Return the picture with a sign at every node that has run and every gradient that is wrong or lost."""
        signs = [self._node_sign(node, *had[node.id]) for node in self.scene.nodes if node.id in had]
        for edge in self.scene.edges:
            if edge.gradient is not None:
                late = edge.target is not None and (self.graph.id(edge.target), edge.slot) in lost
                signs.append(self._edge_signs(edge, late, not same(edge.gradient, self.truth[edge.id])))
        return self.picture(extra=signs)

    def _node_sign(self, node, arrived, all_):
        """Draw a small sign on the upper rim: ✓ where the node waited, ✗ and what it had where it did not."""
        (x, y), box = self.layout.centers[node.id], self.boxes[node.id]
        text = "✓" if arrived == all_ else _("✗ {arrived} of {all}").format(arrived=arrived, all=all_)
        width, y = text_width(text) + 6, y - box.height / 2 - 1 - box.below / 2
        place = {"x": float(x - width / 2), "y": float(y - 8), "width": float(width), "height": 17, "rx": 8}
        pill = tag("rect", class_="ground", **place, style=f"stroke:{theme.css_colour('line')}")
        words = tag("text", text, class_="name", x=float(x), y=float(y + 5))
        return Mark(tag("g", pill, words, data_mark=node.id), f"{node.id} ran", text=text)

    def _edge_signs(self, edge, late, wrong):
        """Strike out a gradient that came too late; a ✗ stands behind one that is wrong."""
        if not late and not wrong:
            return []
        x, y = self.layout.centers[edge.id]
        is_number = not np.ndim(edge.gradient)
        half = text_width(f"← {number(edge.gradient)}") / 2 if is_number else self.boxes[edge.id].width / 2 - 12
        words = " ".join([_("lost")] * late + ["✗"] * wrong)
        place = {"x": float(x + half + 4), "y": float(y + LINE_HEIGHT), "style": "text-anchor:start;font-size:12px"}
        sign = tag("text", words, class_="name", data_wrong=edge.id if wrong else None, **place)
        if late:
            d = f"M{x - half:g} {y + LINE_HEIGHT - 1:g}L{x + half:g} {y + LINE_HEIGHT - 8:g}"
            look = f"stroke:{theme.css_colour('text')};stroke-width:1.5"
            sign = join([tag("path", data_lost=edge.id, d=d, style=look), sign])
        return [Mark(sign, f"{edge.id} sign", late=late, wrong=wrong)]


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
            _(v.layer.formula).format(**made) if v.layer.formula else f"{type(v.layer).__name__}({', '.join(parts)})"
        )
    return words


def _part(text, v):
    text = text if len(text) <= MAX_PART_CHARACTERS else text[:MAX_PART_CHARACTERS] + "…"
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
