"""The seed gallery: its counts are those of plain training loops, and its intervals those of SciPy."""

import asyncio
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from scipy.stats import binomtest

from nbkit import (
    SGD,
    Affine,
    History,
    MSELoss,
    Recipe,
    ReLU,
    SeedGallery,
    Sequential,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
    datasets,
    train,
)
from nbkit.experiment.seeds import recipes_for_xor, wilson_interval
from nbkit.widgets.kit.svg_view import Touch
from tests.pictures import still_of

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])


def tanh(rng):
    layers = [Affine.random(2, 4, rng, "xavier"), Tanh(), Affine.random(4, 1, rng, "xavier")]
    return Sequential(layers, SigmoidWithLoss())


def relu(rng):
    return Sequential([Affine.random(2, 3, rng), ReLU(), Affine.random(3, 1, rng)], MSELoss())


def line(rng):
    return Sequential([Affine.random(2, 1, rng)], MSELoss())


RECIPES = {
    "tanh": Recipe(tanh, lr=0.5, steps=300, enough=0.1),
    "relu": Recipe(relu, lr=0.2, steps=200, enough=0.03),
    "line": Recipe(line, lr=0.1, steps=30),
}


def gallery(recipes=RECIPES, seeds=6, **more):
    return SeedGallery(recipes, (X, T), seeds=seeds, **more)


def tiles(widget):
    """Return what the small pictures say: (state, caption) by number."""
    found = re.findall(r'<g data-item="seed (\d+)" data-state="([^"]+)".*?>([^<>]*)</text></g>', widget.view.svg)
    return {int(i): (state, caption) for i, state, caption in found}


def tally(widget, name):
    return re.search(rf'data-tally="{name}">([^<]*)<', widget.view.svg)[1]


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
    assert [run.learned for run in widget.batch.runs] == learned
    assert tally(widget, name) == f"{sum(learned)} of 6"
    assert widget.status.value.startswith(f"<span>{sum(learned)} of 6 seeds learned.")
    signs = {True: ("learned", "✓"), False: ("not learned", "✗")}
    for i, (state, caption) in tiles(widget).items():
        assert (state, caption[0]) == signs[learned[i]]
    if name == "relu":
        assert 0 < sum(learned) < 6
        assert [run.dead_count for run in widget.batch.runs] == dead
        assert [f"{k} dead" in caption for k, (_s, caption) in zip(dead, tiles(widget).values(), strict=True) if k]


def test_stopping_early_hides_no_wrong_decision():
    """A wrong decision costs ½·½² or log 2 in its row, so more than `enough` in the mean over four rows."""
    for recipe in recipes_for_xor().values():
        loss = recipe.make(np.random.default_rng(0)).loss_layer
        dearest = np.log(2) / 4 if isinstance(loss, SigmoidWithLoss) else 0.5**2 / 8
        assert 0 < recipe.enough < dearest
    widget = gallery()
    runs = widget.finished("tanh")
    assert all(run.learned and run.losses[-1] < 0.1 <= run.losses[-2] for run in runs)
    assert min(len(run.losses) for run in runs) < 300


def test_a_line_never_learns_it_and_no_relu_means_no_dead_units():
    widget = gallery()
    widget.recipe.value = "line"
    widget.run_button.click()
    assert {state for state, _caption in tiles(widget).values()} == {"not learned"}
    assert "0 of 6 seeds learned" in widget.status.value
    assert "dead unit at" not in widget.status.value
    assert "no ReLU here" in widget.view.svg


def test_the_sums_with_and_without_dead_units_add_up():
    widget = gallery(seeds=16)
    widget.recipe.value = "relu"
    widget.run_button.click()
    some, of_dead, rest, of_alive = map(int, re.findall(r"(\d+) of (\d+);.*: (\d+) of (\d+)", widget.status.value)[0])
    runs = widget.batch.runs
    assert (some, of_dead) == (sum(r.learned for r in runs if r.dead_count), sum(r.dead_count > 0 for r in runs))
    assert (some + rest, of_dead + of_alive) == (sum(r.learned for r in runs), 16)


def test_where_every_run_has_a_dead_unit_nothing_is_set_against_it():
    widget = gallery(seeds=4)
    widget.recipe.value = "relu"
    for run in widget.batch.runs:
        run.net.layers[0].params["b"][:] = -100.0
    widget.run_button.click()
    assert [run.dead_count > 0 for run in widget.batch.runs] == [True] * 4
    assert widget.status.value.endswith("0 of 4 seeds learned. Each of them has a dead unit at the end.</span>")


@pytest.mark.parametrize(("k", "n"), [(0, 5), (5, 5), (15, 25), (25, 25), (1, 100), (95, 100)])
def test_the_interval_is_wilsons(k, n):
    low, high = binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson_interval(k, n) == pytest.approx((low, high), abs=2e-5)


def test_recipes_stand_beside_each_other_and_more_seeds_add_up():
    widget = gallery()
    widget.run_button.click()
    widget.recipe.value = "line"
    assert "not trained yet" in widget.status.value
    widget.run_button.click()
    assert (tally(widget, "tanh"), tally(widget, "line")) == ("6 of 6", "0 of 6")
    widget.recipe.value = "tanh"
    assert all(state == "learned" for state, _caption in tiles(widget).values())  # still there
    widget.more_button.click()
    assert [run.seed for run in widget.batch.runs] == [6, 7, 8, 9, 10, 11]
    assert tally(widget, "tanh") == "12 of 12"
    widget.restart_button.click()
    assert [run.seed for run in widget.batch.runs] == [0, 1, 2, 3, 4, 5]
    assert "data-tally" in widget.view.svg  # that of the line
    assert 'data-tally="tanh"' not in widget.view.svg


def test_a_touched_picture_is_shown_large():
    widget = gallery()
    widget.run_button.click()
    widget.view._handle_custom_msg(Touch("press", None, "seed 4", 10, 10)._asdict(), [])
    assert widget.seed.value == 4
    assert 'data-chosen="4"' in widget.view.svg
    assert "seed 4: learned" in widget.view.svg
    points = re.search(r'<polyline class="now" points="([^"]+)"', widget.view.svg)[1]
    widget.view._handle_custom_msg(Touch("drop", None, None, 10, 10)._asdict(), [])
    assert widget.seed.value == 4
    widget.seed.value = 2
    assert "seed 2: learned" in widget.view.svg
    assert re.search(r'<polyline class="now" points="([^"]+)"', widget.view.svg)[1] != points


def test_the_chosen_run_names_its_dead_units():
    widget = gallery(seeds=16)
    widget.recipe.value = "relu"
    widget.run_button.click()
    for i, run in enumerate(widget.batch.runs):
        widget.seed.value = i
        crossed = [int(k) for k in re.findall(r'data-dead="(\d)"', widget.view.svg)]
        assert crossed == np.flatnonzero(run.net.layers[0](X).max(axis=0) <= 0).tolist()
    assert any(run.dead_count for run in widget.batch.runs)


@pytest.mark.parametrize("name", ["relu", "tanh"])
def test_the_chosen_run_shows_bare_scores_of_a_squared_error_and_else_probabilities(name):
    widget = gallery()
    widget.recipe.value = name
    squared = name == "relu"
    assert ("inputs → score" in widget.view.svg, "inputs → probability" in widget.view.svg) == (squared, not squared)
    shown = [float(y.replace("−", "-")) for y in re.findall(r">\d \d → (\S+) [✓✗]<", widget.view.svg)]
    net = widget.batch.runs[0].net
    expected = net.predict(X)[:, 0] if squared else net.probabilities(X)[:, 1]
    np.testing.assert_allclose(shown, expected, atol=0.0051)
    assert (min(shown) < 0) == squared  # a score below 0 is not cut off


def test_pictures_change_while_it_trains_and_pause_stops_at_once():
    widget = gallery()

    async def watch():
        before = widget.view.svg
        widget.run_button.click()
        assert widget.run_button.description == "Pause"
        while widget.batch.runs[0].losses == []:
            await asyncio.sleep(0)
        assert widget.view.svg != before
        task = widget.background.task
        widget.run_button.click()
        steps = [len(run.losses) for run in widget.batch.runs]
        await asyncio.wait_for(task, 60)  # whatever was under way has ended
        assert [len(run.losses) for run in widget.batch.runs] == steps
        assert widget.run_button.description == "Run"
        assert {state for state, _caption in tiles(widget).values()} == {"training"}
        widget.run_button.click()
        while widget.running:
            await asyncio.sleep(0)

    asyncio.run(watch())
    assert tally(widget, "tanh") == "6 of 6"


def test_nothing_is_counted_before_all_have_ended():
    """Those that end early are the ones that learn: counting them would flatter every recipe."""
    widget = gallery()
    widget.recipe.value = "relu"
    while not any(run.done for run in widget.batch.runs):
        widget._tick()
    assert widget.batch.count() == (0, 0)
    assert "Learned so far: 1. Still training: 5." in widget.status.value
    assert "data-tally" not in widget.view.svg
    widget.more_button.click()
    assert "let these seeds end first" in widget.message.value
    assert widget.batch.runs[0].seed == 0
    widget.run_button.click()
    assert widget.batch.count()[1] == 6


def test_another_recipe_pauses_the_first_one():
    widget = gallery()

    async def change():
        widget.run_button.click()
        await asyncio.sleep(0)
        widget.recipe.value = "relu"
        assert not widget.running
        assert widget.batches["relu"].runs[0].losses == []

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
    assert all(run.done for run in runs)
    assert widget.finished() is runs
    assert widget.view.svg == svg
    assert not any(run.losses for run in widget.batch.runs)
    with pytest.raises(ValueError, match="no recipe 'tan', only tanh, relu, line"):
        widget.finished("tan")


def test_a_run_that_blows_up_has_not_learned():
    widget = gallery({"wild": Recipe(relu, lr=50.0, steps=300)})
    widget.run_button.click()
    assert widget.message.value == ""
    assert "blew up" in widget.view.svg
    assert "0 of 6 seeds learned" in widget.status.value
    ET.fromstring(widget.view.svg)


@pytest.mark.parametrize("seeds", [4, 25, 49])
def test_all_pictures_have_room(seeds):
    widget = gallery({"line": RECIPES["line"]}, seeds)
    assert len(tiles(widget)) == seeds
    boxes = np.array(re.findall(r'<image x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', widget.view.svg), float)[:seeds]
    height = float(re.search(r'height="(\d+)"', widget.view.svg)[1])
    assert (boxes[:, 0] + boxes[:, 2]).max() < 440
    assert (boxes[:, 1] + boxes[:, 2]).max() + 14 <= height
    for i in range(seeds):
        apart = np.abs(boxes[:i, :2] - boxes[i, :2]).max(axis=1, initial=0)
        assert (apart > boxes[i, 2]).all()


def test_other_data_and_class_numbers():
    data = datasets.moons(n=40, rng=0)

    def two(rng):
        return Sequential([Affine.random(2, 2, rng)], SoftmaxWithLoss())

    widget = SeedGallery({"line": Recipe(two, lr=1.0, steps=50)}, (data.x, data.t), seeds=4)
    widget.run_button.click()
    assert re.search(r"\d+ of 40 right", widget.view.svg)


def test_the_three_recipes_of_the_course_are_there_by_default():
    widget = SeedGallery()
    assert len(widget.batch.runs) == 25
    assert [type(recipe.make(np.random.default_rng(0)).layers[1]).__name__ for recipe in widget.recipes.values()] == [
        "ReLU", "ReLU", "Tanh",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "rule"),
    [
        ({"recipes": {}}, ValueError, "1 to 5 names"),
        ({"recipes": dict.fromkeys("abcdef", RECIPES["tanh"])}, ValueError, "1 to 5 names"),
        ({"recipes": [RECIPES["tanh"]]}, ValueError, "1 to 5 names"),
        ({"recipes": {"a": tanh}}, TypeError, "names to Recipe"),
        ({"recipes": {1: RECIPES["tanh"]}}, TypeError, "names to Recipe"),
        ({"recipes": {"a": Recipe(lambda rng: 3, 0.1)}}, TypeError, "'a': make.rng. must return a Sequential"),
        ({"recipes": {"a": Recipe("net", 0.1)}}, TypeError, "must return a Sequential"),
        ({"recipes": {"a": Recipe(tanh, 0)}}, ValueError, "recipe 'a': the learning rate"),
        ({"recipes": {"a": Recipe(tanh, 0.1, 0)}}, ValueError, "recipe 'a': epochs"),
        ({"recipes": {"a": Recipe(tanh, 0.1, 10, "sgd")}}, ValueError, "one of SGD, Momentum, Adam"),
        ({"recipes": {"a": Recipe(tanh, 0.1, enough=-1)}}, ValueError, "enough must be a loss"),
        (
            {"recipes": {"a": Recipe(lambda rng: Sequential([Tanh()]), 0.1)}},
            RuntimeError,
            "'a': this network has no loss",
        ),
        (
            {"recipes": {"a": Recipe(lambda rng: Sequential([Affine.random(3, 1, rng)], MSELoss()), 0.1)}},
            ValueError,
            "recipe 'a': .*expects 3 features",
        ),
        ({"seeds": 3}, ValueError, "from 4 to 49, got 3"),
        ({"seeds": 50}, ValueError, "from 4 to 49, got 50"),
        ({"seeds": True}, ValueError, "from 4 to 49"),
        ({"data": (X[:, :1], T)}, ValueError, "2 features"),
        ({"data": (X, T * 0.5)}, ValueError, "class number"),
        ({"data": (X, T[:2])}, ValueError, "class number for each row"),
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
    assert svg.count('data-state="learned"') == 6
    assert 'data-state="training"' in widget.view.svg
    still_of(widget)
