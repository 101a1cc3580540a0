"""What a quiz asks about a graph: its blanks, in an order in which they can be computed, each with a name."""

from collections import Counter
from typing import NamedTuple

from nbkit.drawing.graph.scene import scene_of
from nbkit.drawing.graph.steps import schedule_of
from nbkit.formatting import number
from nbkit.messages import _, listed


class Blank(NamedTuple):
    """A number that the learner has to find; `variable` has this value or sum, or sends this gradient."""

    id: str
    kind: str  # "value" (above an edge), "gradient" (below it) or "sum" (where a value fans out)
    variable: object
    edge: object
    name: str
    expected: float


class Questions:
    """The blanks of one quiz on the present numbers of a graph, and words for its edges and nodes.

    Parameters
    ----------
    graph : Graph
        Of single numbers, after ``backward``. They must not change as long as the questions are asked.
    direction : "forward" or "backward"
        Whether values or gradients are asked.

    Attributes
    ----------
    blanks : dict of str to Blank
        In the order in which they can be computed.
    """

    def __init__(self, graph, direction):
        self.graph, self.scene = graph, scene_of(graph)
        self.edges = [edge for edge in self.scene.edges if not isinstance(edge.source, tuple)]
        self.labels = {node.id: " ".join(node.lines) or _("the end") for node in self.scene.nodes}
        self.names = self._name_edges()
        blanks = self._values() if direction == "forward" else self._gradients()
        self.blanks = {blank.id: blank for blank in blanks}

    def _values(self):
        for v in self.graph.variables:
            if v.layer is not None:
                edge = self.leaving(v)[0]
                name = _("value on the edge {}").format(self.names[edge.id])
                yield Blank(self.graph.id(v), "value", v, edge, name, float(v.value))

    def _gradients(self):
        times = schedule_of(self.graph)
        for v in times.backward:
            for edge in self.edges:
                if edge.target is v and edge.gradient is not None:
                    name = _("gradient on the edge {}").format(self.names[edge.id])
                    yield Blank(edge.id, "gradient", v, edge, name, float(edge.gradient))
            for i, _n in times.fan_outs.get(v, ()):
                if i.grad is not None:
                    name = _("sum of the gradients that meet at {}").format(self.long_label(i))
                    yield Blank(self._sum_id(i), "sum", i, None, name, float(i.grad))

    def leaving(self, v):
        """The edges that carry the value of `v`."""
        return [edge for edge in self.edges if edge.source is v]

    def _sum_id(self, v):
        return f"{self.graph.id(v)}.sum"

    def gradient_id(self, v):
        """Return the id of the gradient that arrives at `v`: of its only edge, or of the sum in the node."""
        edges = self.leaving(v)
        return edges[0].id if len(edges) == 1 else self._sum_id(v)

    def edge_gradients(self, v):
        """The gradients that come back along the edges of `v`."""
        return [float(edge.gradient) for edge in self.leaving(v) if edge.gradient is not None]

    # ------------------------------------------------------------ in words

    def _name_edges(self):
        """Name every edge by its ends, in as many words as make the name unique."""
        between = _("from {tail} to {head}")
        ordinals = (_("first"), _("second"), _("third"))
        spellings = (
            lambda e: between.format(tail=self.labels[e.tail], head=self.labels[e.head]),
            lambda e: between.format(tail=self.long_label(e.source), head=self.labels[e.head]),
            lambda e: between.format(tail=self.long_label(e.source), head=self.long_label(e.target)),
            lambda e: _("{edge} as its {nth} input").format(
                edge=between.format(tail=self.long_label(e.source), head=self.long_label(e.target)),
                nth=ordinals[e.slot] if e.slot < len(ordinals) else e.slot + 1,
            ),
        )
        names = {}
        for spell in spellings:
            texts = {edge.id: spell(edge) for edge in self.edges if edge.id not in names}
            counts = Counter(texts.values())
            names |= {id_: text for id_, text in texts.items() if counts[text] == 1}
        return texts | names

    def long_label(self, v):
        """What stands in the node of `v`, and for an operation also what it takes: ``× (apple, count)``."""
        if v is None:
            return self.labels["end"]
        taken = listed(self.labels[edge.tail] for edge in self.edges if edge.target is v)
        label = self.labels.get(self.graph.id(v)) or number(v.value)  # a number may be written into another node
        return f"{label} ({taken})" if taken else label

    def node(self, v):
        """Name a node for a sentence: ``the × that takes apple and count``."""
        taken = [self.labels[edge.tail] for edge in self.edges if edge.target is v]
        *most, last = taken or [_("constants only")]
        inputs = _("{some} and {last}").format(some=listed(most), last=last) if most else last
        return _("the {symbol} that takes {inputs}").format(symbol=self.labels[self.graph.id(v)], inputs=inputs)
