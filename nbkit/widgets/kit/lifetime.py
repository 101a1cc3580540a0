"""When a cell runs again, the widgets of its earlier run are closed: nothing piles up in kernel or page."""

import ipywidgets

ALIVE = {}  # cell id -> (number of the run, panels that this run of the cell made)


def register(panel):
    """Remember that the running cell made `panel`, and close what an earlier run of the same cell made."""
    shell, cell = running_cell()
    if cell is None:
        return
    count = shell.displayhook.prompt_count
    earlier, panels = ALIVE.get(cell, (count, []))
    if earlier != count:
        for old in panels:
            old.close()
        # IPython keeps a copy of every output shown, pictures included; this one has just left the page.
        getattr(shell.history_manager, "outputs", {}).pop(earlier, None)
        panels = []
    ALIVE[cell] = count, [*panels, panel]


def running_cell():
    """Return IPython's shell and the id of the notebook cell that runs now; no id outside of a notebook."""
    try:
        from IPython import get_ipython

        shell = get_ipython()
        return shell, shell.get_parent()["metadata"]["cellId"]
    except (ImportError, AttributeError, KeyError, TypeError):
        return None, None


def forget(panel):
    """Let go of all that a closed panel holds: the notebook keeps every result it has shown, in ``Out``."""
    panel.unobserve_all()
    panel.children = ()
    for name in [name for name in vars(panel) if not name.startswith("_")]:
        delattr(panel, name)


def close_all(widget):
    """Close a widget and all that belongs to it: children, layout and style."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    for name in ("layout", "style"):
        part = getattr(widget, name, None)
        if isinstance(part, ipywidgets.Widget):
            part.close()
    ipywidgets.Widget.close(widget)
