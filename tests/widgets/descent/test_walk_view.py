"""What the page has to play: for each step the same as Python draws, sent when it is needed."""

import re
import xml.etree.ElementTree as ET

import pytest

from nbkit import DescentExplorer
from tests.widgets.descent.explorers import script


@pytest.mark.parametrize(
    "explorer",
    [("two valleys", {"lr": 0.5}), ("ravine", {"lr": 0.02, "compare": True}), ("bowl", {"lr": 5.0})],
)
def test_the_page_can_show_each_step_as_python_draws_it(explorer):
    """The parts that move have the same attributes in the picture of a step and in the frame for it."""
    (loss, options) = explorer
    explorer = DescentExplorer(loss, **options)
    frames, walks = script(explorer)["frames"], {walk["name"]: walk for walk in script(explorer)["walks"]}
    for k in (0, 1, 3, len(frames) - 1):
        explorer.step = k
        drawn = {e.get("data-part"): e for e in ET.fromstring(explorer.picture()).iter() if e.get("data-part")}
        for name, look in frames[k]["parts"].items():
            assert {key: drawn[name].get(key) for key in look} == look, (k, name)
        for name, walk in walks.items():
            place = re.findall(r"[-\d.]+", drawn[f"ball {name}"].get("transform"))
            i = min(k, len(walk["x"]) - 1)
            assert [float(p) for p in place] == [walk["x"][i], walk["y"][i]]
            assert drawn[f"signs {name}"].get("d") == "".join(walk["signs"][:k])
        texts = {
            e.get("data-number"): e.text or "" for e in ET.fromstring(explorer.picture()).iter() if e.get("data-number")
        }
        assert {key: text for key, text in frames[k]["texts"].items() if key in texts} == texts
        assert frames[k]["lines"] + frames[k]["ends"] == explorer.lines


def test_frames_are_sent_at_the_beginning_and_when_they_are_asked_for():
    """Not with each picture: they are three times as long, and a drag brings many pictures."""
    explorer, sent = DescentExplorer("bowl"), []
    assert explorer.view.frames["number"] == explorer.number
    explorer.view.observe(sent.append, "frames")
    explorer.lr.value = 0.2
    assert not sent
    assert script(explorer)["walks"][0]["x"][1] == pytest.approx(explorer.drawing.tracks[0].x[1], abs=0.06)
    assert len(sent) == 1


def test_playing_ends_where_nothing_more_is_to_be_seen():
    assert script(DescentExplorer("bowl", start=-2, lr=0.5))["end"] == 1  # one step does it
    assert script(DescentExplorer("bowl", start=-2, lr=2.0))["end"] == 1  # it is outside
    assert script(DescentExplorer("bowl", start=-2, lr=1.0))["end"] == 40
    assert script(DescentExplorer("bowl", start=-2, lr=1.0, steps=12))["steps"] == 12


def test_on_a_curve_the_page_knows_where_the_ball_rolls():
    explorer = DescentExplorer("two valleys")
    curve, land = script(explorer)["curve"], explorer.drawing.land
    middle = len(curve["y"]) // 2
    assert curve["y"][middle] == pytest.approx(land.y(1.5), abs=0.06)  # w = 0
    assert script(DescentExplorer("ravine"))["curve"] is None
