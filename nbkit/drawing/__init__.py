"""Pictures: of graphs, of charts, of networks, and of lines of code."""

from nbkit.drawing.graph.draw import Drawing, draw

__all__ = ["Drawing", "draw"]
