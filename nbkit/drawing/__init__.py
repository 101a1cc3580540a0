"""Pictures of graphs: what is in them (scene), where it stands (layout), how it looks (svg, palette)."""

from nbkit.drawing.picture import Drawing, draw

__all__ = ["Drawing", "draw"]
