"""Plots of benchmarks: every number has its mark, and the same numbers give the same file."""

import math
import re

from tests.benchmarks.plot import Plot
from tests.benchmarks.timing import Table

PLOT = Plot("seconds", ["one", "two"], {"ours": [1.0, 2.0], "theirs": [3.0, math.nan]}, 1.5)


def test_the_picture_names_cases_sides_and_goal_and_is_the_same_each_time(tmp_path):
    for name in ("a.svg", "b.svg"):
        PLOT.save(tmp_path / "plots" / name)
    first, second = (tmp_path.joinpath("plots", name).read_text("utf-8") for name in ("a.svg", "b.svg"))
    assert first == second
    words = re.findall(r"<text[^>]*>([^<]+)</text>", first)
    assert {"one", "two", "ours", "theirs", "goal 1.5", "seconds"} <= set(words)


def test_the_page_shows_the_picture_below_its_table():
    table = Table("One step, of two", ("case", "s"), [("one", 1)], ("A note.",), PLOT)
    assert table.picture == "tests/benchmarks/plots/one_step_of_two.svg"
    assert table.markdown().endswith(f"A note.\n\n![seconds, as in the table above]({table.picture})")
    assert "![" not in table._replace(plot=None).markdown()
