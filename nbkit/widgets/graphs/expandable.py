"""A graph whose composite layers a user opens in the picture, into the single nodes they are made of."""

from nbkit.drawing.graph.renderer import GraphRenderer
from nbkit.messages import _, shortened
from nbkit.widgets.kit.explorer import Explorer


class ExpandableGraph(Explorer):
    """An explorer of a graph whose nodes open and close: `graph` is what is shown now of `closed`."""

    def __init__(self, closed, *rows, view, status):
        self.view = view
        self.take(closed)
        super().__init__(*rows, view=view, status=status)
        view.on_expand(self.safely(self.open_node), self.safely(self.close_node))

    def take(self, closed):
        """Start with another graph, all layers closed."""
        self.closed, self.opened = closed, set()
        self.rebuild()

    def rebuild(self):
        """Set up everything that depends on which layers are open."""
        self.graph, self.origins = self.closed.opened(self.opened)
        self.renderer = GraphRenderer(self.graph)
        self.nodes = {self.graph.id(v): v for v in self.graph.variables if v.layer is not None}
        states = {id_: self._state(v) for id_, v in self.nodes.items()}
        self.view.expandable = {id_: state for id_, state in states.items() if state}

    def _state(self, v):
        if self.origins[v] in self.opened:
            return "open"
        return "closed" if v.layer.is_composite else None

    def open_node(self, id_):
        """Write the layer of a node out in single nodes, by the node's id, such as ``"v2"``."""
        node = self._node(id_)
        if not node.layer.is_composite:
            raise ValueError(_("{} is a single node: there is nothing to open").format(node.layer))
        self._reopen(self.opened | {self.origins[node]}, self.origins[node], is_new=True)

    def close_node(self, id_):
        """Put the node of which `id_` is a part back into one."""
        node = self.origins[self._node(id_)]
        self._reopen(self.opened - {node}, node)

    def _reopen(self, opened, node, is_new=False):
        """Show the graph with other nodes open, by `node`, which is new or closed again; the player stays."""
        place = self._place()
        with self.view.hold_sync():  # one message: a page must not look for a step in another picture
            self.opened = opened
            self.rebuild()
            self.show()
            self.view.step = self._step_at(*place, node if is_new else None)
            self.view.chosen = self._last_part(node)

    def _last_part(self, node):
        """Return the id of what gives the value of a node of the closed graph: with its facts stands the way back."""
        return [id_ for id_, v in self.nodes.items() if self.origins[v] is node][-1]

    def _place(self):
        """Say where the player stands: in which pass, and which node of the closed graph acts."""
        times, step = self.renderer.times, self.view.step
        for name in ("forward", "backward"):
            for v, at in getattr(times, name).items():
                if at == step:
                    return name, self.origins[v]
        return {0: "start", times.turn: "turn"}.get(step, "end"), None

    def _step_at(self, name, node, new):
        """Return the step for a place in the graph as it is now; at the end, what has just been opened begins anew."""
        times = self.renderer.times
        if name == "end" and new is not None:
            name, node = ("turn", None) if self.graph.output.grad is not None else ("forward", new)
        if node is None:
            return {"start": 0, "turn": times.turn, "end": -1}[name]
        return min(at for v, at in getattr(times, name).items() if self.origins[v] is node)

    @property
    def seen(self):
        """The step that the player shows, or None where it shows everything."""
        step, end = self.view.step, self.renderer.times.turn + len(self.renderer.times.backward)
        return step if 0 <= step < end else None

    def still(self):
        """Return the picture of the graph as far as it has played."""
        return self.renderer.picture(step=self.seen)

    def snapshot(self):
        return self.still()

    def _node(self, id_):
        if not isinstance(id_, str) or id_ not in self.nodes:
            raise ValueError(_("there is no node {} in this graph").format(shortened(repr(id_), 40)))
        return self.nodes[id_]
