"""The seed gallery: its counts are those of plain training loops, and its intervals those of SciPy."""

import asyncio
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nbkit import (
    SGD,
    Affine,
    History,
    Recipe,
    SeedGallery,
    Sequential,
    SoftmaxWithLoss,
    datasets,
    train,
)
from nbkit.widgets.kit.views import PointerEvent
from tests.experiment.xor import T, X, relu, tanh
from tests.pictures import leaves_a_still
from tests.widgets.training.galleries import RECIPES, gallery, marks


def tiles(widget):
    """Return the small pictures by number."""
    return [mark for key, mark in marks(widget).items() if key.startswith("seed ")]


def states(widget):
    return {tile.state for tile in tiles(widget)}


def tally(widget):
    return marks(widget)["tally"].texts if "tally" in marks(widget) else {}


def plain(make, lr, steps, seeds):
    """Whether each seed learns in a loop of its own that never stops early, and its dead units."""
    learned, dead = [], []
    for seed in range(seeds):
        net = make(np.random.default_rng(seed))
        History(train(net, (X, T), SGD(lr), epochs=steps))
        learned.append(bool(((net.predict(X) > (0.5 if make is relu else 0)) == T).all()))
        dead.append(int((net.layers[0](X).max(axis=0) <= 0).sum()))
    return learned, dead


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_it_counts_what_plain_loops_count(name):
    widget = gallery()
    widget.recipe.value = name
    widget.run_button.click()
    make, lr, steps, *_rest = RECIPES[name]
    learned, dead = plain(make, lr, steps, 6)
    assert [run.learned for run in widget.group.runs] == learned
    assert tally(widget)[name] == f"{sum(learned)} of 6"
    assert widget.status.value.startswith(f"<span>{sum(learned)} of 6 seeds learned.")
    signs = {True: ("learned", "✓"), False: ("not learned", "✗")}
    assert [(tile.state, tile.caption[0]) for tile in tiles(widget)] == [signs[good] for good in learned]
    if name == "relu":
        assert 0 < sum(learned) < 6
        assert [run.dead_count for run in widget.group.runs] == dead
        assert all(f"{k} dead" in tile.caption for k, tile in zip(dead, tiles(widget), strict=True) if k)


def test_a_line_never_learns_it_and_no_relu_means_no_dead_units():
    widget = gallery()
    widget.recipe.value = "line"
    widget.run_button.click()
    assert states(widget) == {"not learned"}
    assert "0 of 6 seeds learned" in widget.status.value
    assert "dead unit at" not in widget.status.value
    assert "no ReLU here" in widget.view.svg


def test_where_every_run_has_a_dead_unit_nothing_is_set_against_it():
    widget = gallery(seeds=4)
    widget.recipe.value = "relu"
    for run in widget.group.runs:
        run.net.layers[0].params["b"][:] = -100.0
    widget.run_button.click()
    assert [run.dead_count > 0 for run in widget.group.runs] == [True] * 4
    assert widget.status.value.endswith("0 of 4 seeds learned. Each of them has a dead unit at the end.</span>")


def test_colours_of_what_became_of_a_run_are_none_of_a_class_or_a_sign():
    widget = gallery()
    widget.recipe.value = "relu"
    widget.run_button.click()
    frames = {tile.state: re.search(r'<rect[^>]*style="([^"]*)"', tile)[1] for tile in tiles(widget)}
    assert "--nbkit-text," in frames["learned"]
    assert "--nbkit-wrong," in frames["not learned"]
    assert not re.search(
        r'--nbkit-(value|gradient|positive|negative),|class="(val|grad|op)"',
        widget.view.svg.content.split("</style>")[1],
    )


def test_recipes_stand_beside_each_other_and_more_seeds_add_up():
    widget = gallery()
    widget.run_button.click()
    widget.recipe.value = "line"
    assert "not trained yet" in widget.status.value
    widget.run_button.click()
    assert tally(widget) == {"tanh": "6 of 6", "line": "0 of 6"}
    widget.recipe.value = "tanh"
    assert states(widget) == {"learned"}  # still there
    widget.more_button.click()
    assert [run.seed for run in widget.group.runs] == [6, 7, 8, 9, 10, 11]
    assert tally(widget)["tanh"] == "12 of 12"
    widget.restart_button.click()
    assert [run.seed for run in widget.group.runs] == [0, 1, 2, 3, 4, 5]
    assert list(tally(widget)) == ["line"]


def test_a_clicked_picture_is_shown_large():
    widget = gallery()
    widget.run_button.click()
    widget.view._handle_custom_msg(PointerEvent("press", None, "seed 4", 10, 10)._asdict(), [])
    assert widget.seed.value == 4
    assert marks(widget)["chosen"].number == 4
    assert marks(widget)["words"].heading == "seed 4: learned"
    assert marks(widget)["loss"].y.tolist() == widget.group.runs[4].losses
    widget.view._handle_custom_msg(PointerEvent("drop", None, None, 10, 10)._asdict(), [])
    assert widget.seed.value == 4
    widget.seed.value = 2
    assert marks(widget)["words"].heading == "seed 2: learned"
    assert marks(widget)["loss"].y.tolist() == widget.group.runs[2].losses


def test_the_chosen_run_names_its_dead_units():
    widget = gallery(seeds=16)
    widget.recipe.value = "relu"
    widget.run_button.click()
    for i, run in enumerate(widget.group.runs):
        widget.seed.value = i
        assert marks(widget)["units"].dead == (run.net.layers[0](X).max(axis=0) <= 0).tolist()
    assert any(run.dead_count for run in widget.group.runs)


@pytest.mark.parametrize("name", ["relu", "tanh"])
def test_the_chosen_run_shows_scores_of_a_squared_error_and_else_probabilities(name):
    widget = gallery()
    widget.recipe.value = name
    squared = name == "relu"
    _loss, title, *rows = marks(widget)["words"].lines
    assert title == ("inputs → score" if squared else "inputs → probability")
    shown = [float(row.split()[3].replace("−", "-")) for row in rows]
    net = widget.group.runs[0].net
    expected = net.predict(X)[:, 0] if squared else net.probabilities(X)[:, 1]
    np.testing.assert_allclose(shown, expected, atol=0.0051)
    assert (min(shown) < 0) == squared  # a score below 0 is not cut off


def test_pictures_change_while_it_trains_and_pause_stops_at_once():
    widget = gallery()

    async def watch():
        before = widget.view.svg
        widget.run_button.click()
        assert widget.run_button.description == "Pause"
        while widget.group.runs[0].losses == []:
            await asyncio.sleep(0)
        assert widget.view.svg != before
        task = widget.background.task
        widget.run_button.click()
        steps = [len(run.losses) for run in widget.group.runs]
        await asyncio.wait_for(task, 60)  # whatever was under way has ended
        assert [len(run.losses) for run in widget.group.runs] == steps
        assert widget.run_button.description == "Run"
        assert states(widget) == {"training"}
        widget.run_button.click()
        while widget.running:
            await asyncio.sleep(0)

    asyncio.run(watch())
    assert tally(widget)["tanh"] == "6 of 6"


def test_nothing_is_counted_before_all_have_ended():
    """Those that end early are the ones that learn: counting them would flatter every recipe."""
    widget = gallery()
    widget.recipe.value = "relu"
    while not any(run.finished for run in widget.group.runs):
        widget.tick()
    assert widget.group.count() == (0, 0)
    assert "Learned so far: 1. Still training: 5." in widget.status.value
    assert tally(widget) == {}
    assert widget.more_button.disabled
    widget.run_button.click()
    assert widget.group.count()[1] == 6
    assert not widget.more_button.disabled
    widget.restart_button.click()
    assert widget.more_button.disabled


def test_another_recipe_pauses_the_first_one():
    widget = gallery()

    async def change():
        widget.run_button.click()
        await asyncio.sleep(0)
        widget.recipe.value = "relu"
        assert not widget.running
        assert widget.groups["relu"].runs[0].losses == []

    asyncio.run(change())


def test_closing_stops_the_training():
    widget = gallery()

    async def close():
        widget.run_button.click()
        background = widget.background
        await asyncio.sleep(0)
        widget.close()
        assert not background.running

    asyncio.run(close())


def test_finished_leaves_the_page_as_it_is():
    widget = gallery()
    svg = widget.view.svg
    runs = widget.finished()
    assert all(run.finished for run in runs)
    assert widget.finished() is runs
    assert widget.view.svg == svg
    assert not any(run.losses for run in widget.group.runs)
    with pytest.raises(ValueError, match="recipe must be one of tanh, relu, line, got text 'tan'"):
        widget.finished("tan")


def test_a_run_that_blows_up_has_not_learned():
    widget = gallery({"wild": Recipe(relu, lr=50.0, steps=300)})
    widget.run_button.click()
    assert widget.message.value == ""
    assert marks(widget)["words"].heading == "seed 0: blew up"
    assert "0 of 6 seeds learned" in widget.status.value
    ET.fromstring(widget.view.svg)


@pytest.mark.parametrize("seeds", [4, 25, 49])
def test_all_pictures_have_room(seeds):
    widget = gallery({"line": RECIPES["line"]}, seeds)
    assert len(tiles(widget)) == seeds
    boxes = np.array([(tile.x, tile.y, tile.side) for tile in tiles(widget)])
    assert (boxes[:, 0] + boxes[:, 2]).max() < 440
    assert (boxes[:, 1] + boxes[:, 2]).max() + 14 <= widget.view.svg.height
    for i in range(seeds):
        apart = np.abs(boxes[:i, :2] - boxes[i, :2]).max(axis=1, initial=0)
        assert (apart > boxes[i, 2]).all()


def test_other_data_and_class_numbers():
    data = datasets.moons(n=40, rng=0)

    def two(rng):
        return Sequential([Affine.random(2, 2, rng)], SoftmaxWithLoss())

    widget = SeedGallery({"line": Recipe(two, lr=1.0, steps=50)}, (data.x, data.t), seeds=4)
    widget.run_button.click()
    assert re.fullmatch(r"\d+ of 40 right", marks(widget)["words"].lines[1])


def test_the_three_recipes_of_the_course_are_there_by_default():
    widget = SeedGallery()
    assert len(widget.group.runs) == 25
    assert [type(recipe.make(np.random.default_rng(0)).layers[1]).__name__ for recipe in widget.recipes.values()] == [
        "ReLU", "ReLU", "Tanh",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "rule"),
    [
        ({"recipes": {}}, ValueError, "1 to 5 names"),
        ({"recipes": {"a": Recipe(tanh, 0)}}, ValueError, "recipe 'a': the learning rate"),
        ({"seeds": 3}, ValueError, "from 4 to 49, got 3"),
        ({"seeds": 50}, ValueError, "from 4 to 49, got 50"),
        ({"seeds": True}, ValueError, "from 4 to 49"),
        ({"data": (X[:, :1], T)}, ValueError, "2 features"),
        ({"data": (X, T * 0.5)}, ValueError, "class number"),
        ({"data": (X, T[:2])}, ValueError, "the same number of rows"),
        ({"data": X}, TypeError, "a pair"),
    ],
)
def test_what_it_cannot_run_is_refused(change, kind, rule):
    with pytest.raises(kind, match=rule):
        SeedGallery(**({"recipes": RECIPES, "data": (X, T), "seeds": 4} | change))


def test_a_name_is_written_not_run():
    widget = gallery({"<b>": RECIPES["line"]})
    widget.run_button.click()
    ET.fromstring(widget.view.svg)
    assert "<b>" not in widget.view.svg + widget.status.value


def test_it_leaves_the_finished_picture_for_a_page_without_a_kernel():
    widget = gallery()
    svg = widget.snapshot()
    assert all(svg.marks[f"seed {i}"].state == "learned" for i in range(6))
    assert states(widget) == {"training"}
    leaves_a_still(widget)
