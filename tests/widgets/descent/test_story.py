"""What is said at each step: nothing that is not known yet, and at the end by numbers that are worked out by hand."""

from nbkit import DescentExplorer
from nbkit.widgets.descent.looks import LAND_BOX
from tests.widgets.descent.explorers import marks, said, shown


def test_it_opens_at_the_start_and_gives_nothing_away():
    """Neither path nor loss nor name of the end: in the page all of it would be read before a guess."""
    explorer = DescentExplorer("bowl", start=-2, lr=0.1)
    assert explorer.step == 0
    found = marks(explorer)
    assert len(found["path SGD"].x) == len(found["losses SGD"].x) == 1
    assert (found["ball SGD"].x, found["ball SGD"].y) == (found["start"].x, found["start"].y)
    assert [shown(explorer, key) for key in ("gradient", "move", "predicted")] == ["-4", "0.4", "1.6"]
    assert [shown(explorer, key) for key in ("actual", "curvature")] == ["?", "?"]
    assert found["actual bar"].width == 0
    assert "press Play" in said(explorer)
    assert "converges" not in said(explorer) + explorer.snapshot().words
    for other in (0.01, 1.0, 2.0):  # the frames of the charts are the same, whatever comes
        moved = DescentExplorer("bowl", start=-2, lr=other)
        assert moved.drawing.fixed == explorer.drawing.fixed


def test_it_names_how_a_walk_ends_when_all_has_been_seen():
    explorer = DescentExplorer("bowl", start=1, lr=1)
    assert explorer.walk.places[:, 0].tolist() == [1, -1] * 20 + [1]
    explorer.step = 39
    assert "for ever" not in said(explorer)
    explorer.step = 40
    assert ["SGD bounces for ever.", "Each step lands on the other side, and the next one lands back. "
            "Here lr × curvature is 2."] in explorer.lines  # fmt: skip


def test_each_step_says_where_it_leads_what_was_promised_and_what_came():
    explorer = DescentExplorer("bowl", start=-2, lr=0.1, step=1)  # from 4 to 1.6²
    assert explorer.lines == [
        ["Step 1, to w = −1.6.", "The gradient promised a fall by 1.6. The loss falls by 1.44, to 2.56."]
    ]
    explorer.lr.value = 1.0
    assert "promised a fall by 16. The loss stays at 4." in said(explorer)
    explorer.lr.value = 2.0
    assert "promised a fall by 32. The loss rises by 32, to 36." in said(explorer)


def test_divergence_is_named_when_the_path_has_left_the_picture_which_stays():
    explorer = DescentExplorer("bowl", start=-2, lr=2.0)  # to 6, which is outside
    assert "diverges" not in said(explorer)
    explorer.step = 1
    assert "SGD diverges. Every step is longer than the one before. Step 1 leaves the picture" in said(explorer)
    path = marks(explorer)["path SGD"]
    assert path.x[0] < LAND_BOX[0] + LAND_BOX[2] < path.x[1]


def test_another_learning_rate_keeps_the_step_that_is_looked_at():
    explorer = DescentExplorer("bowl", start=-2, lr=0.1, step=40)
    assert "SGD converges" in said(explorer)
    explorer.lr.value = 1.0
    assert explorer.step == 40
    assert "SGD bounces for ever" in said(explorer)


def test_where_play_stops_before_the_last_step_it_says_why():
    """2 · 0.8²⁶ is a 1000th of the picture's width; 6 is outside from the first step on."""
    explorer = DescentExplorer("bowl", start=-2, lr=0.1, step=25)
    assert "Play stops" not in said(explorer)
    explorer.step = 26
    assert said(explorer).endswith("Play stops here: the steps that follow are too small to see.")
    explorer.step = 27
    assert "Play stops" not in said(explorer)
    explorer.lr.value = 2.0
    explorer.step = 1
    assert said(explorer).endswith("Play stops here: what follows is outside the picture.")
    explorer.lr.value = 1.0  # it bounces to the end
    explorer.step = 40
    assert "Play stops" not in said(explorer)


# ---------------------------------------------------------------- a race


def test_who_is_near_the_bottom_creeps_the_rest_of_the_way():
    """In the ravine w₁ goes by 0.96 a step: 6.25 · 0.96⁶² of 51.25 are left after step 31, and w₂ has none."""
    explorer = DescentExplorer("ravine", lr=0.02, compare=True, step=40)
    assert "SGD is near the bottom first. From step 31 on, at most 1 %" in said(explorer)
    assert "SGD creeps the rest of the way. At most 1 %" in said(explorer)
    assert "Adam creeps. Its steps are tiny" in said(explorer)


def test_all_three_race_in_the_order_of_their_buttons():
    explorer = DescentExplorer("ravine", lr=0.02, optimizer="Adam", compare=True)
    names = list(explorer.optimizer.options)
    assert marks(explorer)["legend"].names == [*names, "downhill", "lowest"]
    assert "All three stand at w = (−2.5, 1.5)" in said(explorer)
    balls = [marks(explorer)[f"ball {name}"] for name in names]
    assert len({(ball.x, ball.y) for ball in balls}) == 1


def test_a_race_says_who_is_ahead_and_who_is_down_first():
    explorer = DescentExplorer("bowl", start=-2, lr=0.5, compare=True)
    losses = {walk.optimizer: walk.losses for walk in explorer.walks}
    explorer.step = 1
    assert explorer.lines[0][0] == "SGD and Momentum are level."  # the ball has no speed yet
    explorer.step = 3
    assert losses["SGD"][3] == 0 < min(losses["Momentum"][3], losses["Adam"][3])
    assert explorer.lines[0][0] == "SGD is ahead."
    assert "Losses after step 3: SGD 0, " in explorer.lines[0][1]
    assert "first" not in said(explorer)
    explorer.step = 40
    assert [
        "SGD is near the bottom first.",
        "From step 1 on, at most 1 % of the loss above the lowest is left.",
    ] in explorer.lines
    explorer.lr.value = 1e-4
    assert "None of them comes near the bottom." in said(explorer)


def test_a_walk_that_has_diverged_is_last_in_a_race():
    explorer = DescentExplorer("bowl", start=-2, lr=10.0, compare=True, step=40)
    first = explorer.lines[0]
    assert first[0] == "Adam is ahead."
    assert "SGD ∞" in first[1]
