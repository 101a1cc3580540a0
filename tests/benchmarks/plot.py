"""A benchmark's figures as a picture: a row for each case, a mark for each side, on a logarithmic axis."""

from typing import NamedTuple

import numpy as np

from nbkit.files import write_whole
from nbkit.plots import MARKERS, STYLE


class Plot(NamedTuple):
    """What to draw.

    Attributes
    ----------
    axis : str
        What the numbers are, with their unit.
    cases : list of str
        From top to bottom.
    sides : dict of str to list of float
        One number per case, NaN where there is none.
    goal : float or None
        Marked by a line.
    """

    axis: str
    cases: list
    sides: dict
    goal: float | None = None

    def save(self, path):
        """Write the picture as SVG, the same bytes for the same numbers."""
        import matplotlib.style
        from matplotlib.figure import Figure
        from matplotlib.ticker import LogLocator

        with (
            matplotlib.style.context(STYLE),
            matplotlib.rc_context({"svg.hashsalt": "nbkit", "svg.fonttype": "none"}),
        ):
            figure = Figure(figsize=(8, 1.4 + 0.24 * len(self.cases)))
            ax = figure.subplots()
            rows = np.arange(len(self.cases))
            for marker, (name, values) in zip(MARKERS, self.sides.items(), strict=False):
                ax.plot(values, rows, marker, label=name, markersize=6)
            if self.goal is not None:
                ax.axvline(self.goal, color="black", linestyle="--", linewidth=1, label=f"goal {self.goal:g}")
            ax.set(xscale="log", xlabel=self.axis, yticks=rows, yticklabels=self.cases)
            ax.xaxis.set(major_locator=LogLocator(subs=(1, 2, 5)), major_formatter="{x:g}", minor_formatter="")
            ax.invert_yaxis()
            figure.legend(loc="outside upper center", ncols=4)
            path.parent.mkdir(exist_ok=True)
            write_whole(path, lambda file: figure.savefig(file, format="svg", metadata={"Date": None}))
