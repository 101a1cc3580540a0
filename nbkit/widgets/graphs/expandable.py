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
        self.opened.add(self.origins[node])
        self.rebuild()
        self.show()

    def close_node(self, id_):
        """Put the node of which `id_` is a part back into one."""
        self.opened.discard(self.origins[self._node(id_)])
        self.rebuild()
        self.show()

    def _node(self, id_):
        if not isinstance(id_, str) or id_ not in self.nodes:
            raise ValueError(_("there is no node {} in this graph").format(shortened(repr(id_), 40)))
        return self.nodes[id_]
