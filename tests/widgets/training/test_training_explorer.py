"""The training explorer: one slider, one run, and what is seen of both."""

import asyncio
import re

import numpy as np
import pytest

from nbkit import (
    Affine,
    ReLU,
    Sequential,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
    TrainingExplorer,
    datasets,
)
from tests.drawing.parsed import points, texts
from tests.pictures import leaves_a_still
from tests.widgets.test_widgets import open_widgets
from tests.widgets.training.small_nets import net


def xor_explorer(**options):
    data = datasets.xor()
    net = Sequential([Affine.random(2, 4, 0, "xavier"), Tanh(), Affine.random(4, 1, 1, "xavier")], SigmoidWithLoss())
    return TrainingExplorer(net, (data.x, data.t[:, None]), **{"lr": 0.5, "epochs": 800, **options})


def plane(explorer):
    return re.search(r"base64,([^\"]+)", explorer.view.svg)[1]


class TestTrainingExplorer:
    def test_a_run_learns_and_the_picture_follows(self):
        explorer = xor_explorer()
        before = plane(explorer)
        assert "step 0 of 800" in explorer.status.value
        explorer.run_button.click()
        assert "step 800 of 800" in explorer.status.value
        assert "right on training data: 4/4" in explorer.status.value
        assert plane(explorer) != before

    def test_the_learner_s_own_net_is_left_as_it_is(self):
        explorer = xor_explorer()
        start = {name: p.copy() for name, p in explorer.net.parameters().items()}
        explorer.run()
        assert all((p == start[name]).all() for name, p in explorer.net.parameters().items())
        assert any((p != start[name]).any() for name, p in explorer.present.net.parameters().items())

    def test_the_learning_rate_slider_starts_again_from_the_same_weights_and_keeps_the_old_curve(self):
        explorer = xor_explorer()
        explorer.run()
        first = list(explorer.present.losses)
        explorer.lr.value = 0.1
        assert explorer.present.optimizer.lr == 0.1
        assert explorer.present.losses[0] == first[0]
        assert explorer.present.losses[-1] > first[-1]  # a fifth of the rate gets less far in as many steps
        assert [run.losses for run in explorer.earlier] == [first]
        assert explorer.view.svg.count('polyline class="then"') == 1
        explorer.lr.value = 0.5
        assert explorer.present.losses == first

    def test_only_the_last_runs_stay(self):
        explorer = xor_explorer(epochs=20)
        for lr in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0):
            explorer.lr.value = lr
        assert len(explorer.earlier) == 3

    def test_step_makes_one_step_and_restart_goes_back(self):
        explorer = xor_explorer()
        explorer.step_button.click()
        explorer.step_button.click()
        assert len(explorer.present.losses) == 2
        explorer.restart_button.click()
        assert len(explorer.present.losses) == 0
        assert explorer.earlier == []  # two steps are nothing to compare with

    def test_a_finished_run_starts_anew_and_step_waits_for_restart(self):
        explorer = xor_explorer(epochs=5)
        explorer.run()
        explorer.step()
        assert len(explorer.present.losses) == 5
        explorer.run()
        assert len(explorer.present.losses) == 5
        assert len(explorer.earlier) == 1

    def test_rates_on_the_slider_are_easy_to_read_and_hold_the_first_one(self):
        labels = [label for label, _rate in xor_explorer(lr=0.3).lr.options]
        assert labels[:4] == ["0.001", "0.002", "0.005", "0.01"]
        assert "0.3" in labels
        assert labels[-1] == "50"

    def test_a_run_that_blows_up_says_so_and_stops(self):
        rng = np.random.default_rng(0)
        wide = Sequential([Affine.random(2, 8, rng), ReLU(), Affine.random(8, 2, rng)], SoftmaxWithLoss())
        x = rng.normal(size=(20, 2)) * 1e3
        explorer = TrainingExplorer(wide, (x, (x[:, 0] > 0).astype(int)), lr=1e307, epochs=50)
        explorer.run()
        assert "diverged in step" in explorer.message.value
        assert "Affine 1" in explorer.message.value
        assert not explorer.running
        explorer.lr.value = 1e305
        assert explorer.earlier[0].error

    def test_a_run_that_blows_up_leaves_the_picture_as_it_was_before(self):
        data = datasets.xor()
        explorer = TrainingExplorer(
            net(2, 3, 1), (data.x, data.t[:, None]), lr=50.0, epochs=400, weights=("a", "b"), classes=("off", "on")
        )
        start, drawn = (plane(explorer), weights_shown(explorer)), []
        explorer.view.observe(lambda _change: drawn.append((plane(explorer), weights_shown(explorer))), "svg")
        explorer.run_button.click()
        assert explorer.present.error
        assert 10 < explorer.present.step < 400
        assert drawn[-1] == drawn[-2] != start
        assert not {"?", "NaN", "+∞", "−∞"} & set(drawn[-1][1].values())
        assert "The picture keeps what the network said before." in explorer.message.value
        explorer.restart_button.click()
        assert drawn[-1] == start

    def test_a_run_begins_with_single_steps_and_speeds_up(self):
        explorer, seen = xor_explorer(), []
        explorer.view.observe(lambda _change: seen.append(explorer.present.step), "svg")
        explorer.run_button.click()
        assert seen[:10] == list(range(1, 11))
        paces = np.diff(seen)
        assert (np.diff(paces[:-1]) >= 0).all()
        assert paces.max() == 800 / 40
        assert seen[-1] == 800

    def test_the_buttons_come_first_and_the_data_stand_there_before_any_step(self):
        explorer = xor_explorer()
        assert explorer.children[0].children[0] is explorer.run_button
        assert explorer.present.step == 0
        assert explorer.view.svg.count(' fill="#') >= 4  # a sign for each class, and one in the legend

    def test_a_long_run_has_an_axis_on_which_its_beginning_is_seen(self):
        explorer = xor_explorer()
        explorer.run()
        points = re.search(r'polyline class="now" points="([^"]*)"', explorer.view.svg)[1].split()
        places = [float(point.split(",")[0]) for point in points]
        left, _top, width, _height = explorer.curve.frame.box
        assert np.searchsorted(places, left + width / 2) < 40  # step 16 stands in the middle, not step 400
        assert places[-1] == pytest.approx(left + width, abs=0.1)
        assert ">step (1, 10, 100, ... equally far apart)</text>" in explorer.view.svg
        assert ">step</text>" in xor_explorer(epochs=100).view.svg

    def test_held_out_rows_are_judged_and_other_features_stand_at_their_mean(self):
        iris = datasets.iris()
        net = Sequential([Affine.random(4, 3, 0)], SoftmaxWithLoss())
        explorer = TrainingExplorer(
            net,
            (iris.x[::2], iris.t[::2]),
            held_out=(iris.x[1::2], iris.t[1::2]),
            columns=(2, 3),
            batch_size=15,
            epochs=2,
        )
        explorer.run()
        assert "step 10 of 10" in explorer.status.value
        assert re.search(r"on held-out data: \d+/75", explorer.status.value)
        np.testing.assert_allclose(explorer.grid[:, 0], iris.x[::2, 0].mean())
        assert np.ptp(explorer.grid[:, 2]) > 0

    @pytest.mark.parametrize(
        ("options", "rule"),
        [
            ({"lr": 0}, "above 0"), ({"lr": -1}, "above 0"), ({"epochs": 0}, "epochs"),
            ({"batch_size": 9}, "batch_size"),
            ({"optimizer": "adm"}, "did you mean Adam"),
        ],
    )  # fmt: skip
    def test_bad_settings_are_refused_at_once(self, options, rule):
        with pytest.raises(ValueError, match=rule):
            xor_explorer(**options)

    def test_it_leaves_the_end_of_a_run_for_a_page_without_a_kernel_and_shows_the_start(self):
        explorer = xor_explorer()
        leaves_a_still(explorer)
        assert 'polyline class="now"' in explorer.snapshot()
        assert explorer.present.losses == []

    def test_in_a_running_loop_other_work_goes_on_and_pause_stops_it(self):
        async def lesson():
            explorer = xor_explorer(epochs=100_000)
            explorer.run_button.click()
            assert explorer.running
            assert explorer.run_button.description == "Pause"
            while not explorer.present.losses:
                await asyncio.sleep(0)  # the loop is free: other work goes on
            reached, task = len(explorer.present.losses), explorer.background.task
            explorer.run_button.click()
            assert explorer.run_button.description == "Run"
            await asyncio.wait_for(task, 60)  # whatever was under way has ended
            assert 0 < len(explorer.present.losses) == reached
            explorer.run_button.click()
            while len(explorer.present.losses) == reached:
                await asyncio.sleep(0)
            explorer.pause()

        asyncio.run(lesson())

    def test_a_run_ends_by_itself_and_the_button_says_so(self):
        async def lesson():
            explorer = xor_explorer(epochs=50)
            explorer.run()
            await explorer.background.task
            assert explorer.run_button.description == "Run"
            assert len(explorer.present.losses) == 50

        asyncio.run(lesson())

    def test_an_error_inside_the_task_is_shown(self):
        async def lesson():
            explorer = xor_explorer(epochs=50)
            explorer.curve.svg = lambda runs: 1 / 0
            explorer.run()
            await explorer.background.task
            assert "ZeroDivisionError" in explorer.message.value
            assert explorer.run_button.description == "Run"

        asyncio.run(lesson())


def flower_explorer(**options):
    iris = datasets.iris()

    def make(width, rng):
        rng = np.random.default_rng(rng)
        hidden, output = Affine.random(4, width, rng, name="hidden"), Affine.random(width, 3, rng, name="output")
        return Sequential([hidden, Tanh(), output], SoftmaxWithLoss())

    settings = {"lr": 0.05, "epochs": 6, "widths": (4, 1, 2), "batch_size": 15, "batch_sizes": (1, 75)}
    names = {"columns": (2, 3), "classes": iris.classes, "weights": iris.features}
    return TrainingExplorer(make, (iris.x[::2], iris.t[::2]), **{**settings, **names, **options})


def weights_shown(explorer):
    """Return the text of each weight by (layer, i, j)."""
    return explorer.view.svg.marks["weights"].cells


class TestTrainingExplorerWithWidthsAndBatches:
    def test_sliders_offer_what_was_given_and_begin_where_it_says(self):
        explorer = flower_explorer()
        assert [width for _label, width in explorer.width.options] == [1, 2, 4]
        assert [size for _label, size in explorer.batch_size.options] == [1, 15, 75]
        assert (explorer.width.value, explorer.batch_size.value) == (4, 15)
        assert flower_explorer(width=2).width.value == 2
        assert explorer.status.value.startswith("<span>learning rate 0.05, hidden units 4, batch size 15, step 0 of 30")

    def test_there_is_no_slider_where_there_is_nothing_to_choose(self):
        explorer = xor_explorer()
        assert (explorer.width, explorer.batch_size) == (None, None)
        assert "hidden units" not in explorer.status.value
        assert "weights" not in explorer.view.svg.marks
        assert ">step (1, 10" in explorer.view.svg  # an epoch of one step needs no other word
        assert explorer.view.svg.height == 300

    def test_another_width_trains_another_network_from_the_same_seed(self):
        explorer = flower_explorer()
        explorer.width.value = 1
        assert explorer.present.net.layers[0].params["W"].shape == (4, 1)
        assert len(explorer.present.losses) == 30
        first = list(explorer.present.losses)
        explorer.width.value = 4
        assert explorer.present.losses != first
        explorer.width.value = 1
        assert explorer.present.losses == first
        assert [run.choice.width for run in explorer.earlier] == [1, 4]

    def test_a_batch_of_one_makes_more_steps_from_the_same_weights(self):
        explorer = flower_explorer()
        start = explorer.net
        explorer.batch_size.value = 1
        assert explorer.net is start
        assert "step 450 of 450" in explorer.status.value
        explorer.batch_size.value = 75
        assert "step 6 of 6" in explorer.status.value
        assert ">epoch (thin: each batch, bold: mean)</text>" in explorer.view.svg

    def test_the_thin_line_is_there_where_a_batch_is_not_everything(self):
        explorer = flower_explorer()
        for size, thin in ((1, 1), (75, 0), (15, 1)):
            explorer.batch_size.value = size
            assert explorer.view.svg.count('polyline class="each"') == thin
            assert explorer.view.svg.count('polyline class="now"') == 1

    def test_the_legend_tells_runs_apart(self):
        explorer = flower_explorer()
        explorer.run()
        explorer.width.value = 2
        explorer.batch_size.value = 75
        explorer.lr.value = 0.1
        legend = ["lr 0.05, units 4, batch 15", "lr 0.05, units 2, batch 15", "lr 0.05, units 2, batch 75"]
        places = [explorer.view.svg.index(f">{name}</text>") for name in [*legend, "lr 0.1, units 2, batch 75"]]
        assert places == sorted(places)

    def test_no_two_entries_of_the_legend_are_alike(self):
        explorer = xor_explorer(epochs=20)
        for lr in (0.1, 0.2, 0.1, 0.2, 0.1):
            explorer.lr.value = lr
        names = [text for text in texts(explorer.view.svg, "tick") if text.startswith("lr ")]
        assert names == ["lr 0.2", "lr 0.1"]
        assert [run.choice.lr for run in explorer.earlier] == [0.1, 0.2]

    def test_a_run_that_blows_up_ends_there_and_says_so(self):
        data = datasets.xor()
        explorer = TrainingExplorer(net(2, 3, 1), (data.x, data.t[:, None]), lr=50.0, epochs=400)
        explorer.run_button.click()
        (line,) = points(explorer.view.svg, "now")
        frame = explorer.curve.frame
        assert line[-1][0] <= frame.x(np.log10(explorer.present.step)) + 0.1
        assert "lr 50 ↑ ∞" in texts(explorer.view.svg, "tick")

    def test_the_weights_are_those_of_the_network_and_follow_every_step(self):
        explorer = flower_explorer()
        before = weights_shown(explorer)
        assert len(before) == 4 * 4 + 3 * 4
        W = explorer.present.net.layers[0].params["W"]
        assert float(before["hidden", 2, 1].replace("−", "-")) == pytest.approx(W[2, 1], rel=0.05)
        explorer.step_button.click()
        assert list(weights_shown(explorer)) == list(before)
        assert weights_shown(explorer) != before
        explorer.restart_button.click()
        assert weights_shown(explorer) == before
        explorer.width.value = 1
        assert len(weights_shown(explorer)) == 4 + 3

    def test_one_output_stands_for_the_second_class(self):
        explorer = xor_explorer(weights=("a", "b"), classes=("off", "lit"), epochs=3)
        assert ">lit</text>" in explorer.view.svg.split("transposed")[1]
        assert ">off</text>" not in explorer.view.svg.split("transposed")[1]

    def test_a_page_without_a_kernel_shows_the_trained_weights(self):
        explorer = flower_explorer()
        still = explorer.snapshot()
        explorer.run()
        assert still.marks["weights"].cells == weights_shown(explorer)

    @pytest.mark.parametrize(
        ("options", "error", "rule"),
        [
            ({"batch_sizes": (1, 76)}, ValueError, "batch_size must be a whole number from 1 to 75, got 76"),
            ({"batch_sizes": (0, 5)}, ValueError, "batch_sizes must be made of whole numbers of at least 1, got 0"),
            ({"widths": (1, 2.5)}, ValueError, "widths must be made of whole numbers of at least 1, got 2.5"),
            ({"width": "two"}, ValueError, "width must be made of whole numbers"),
            ({"widths": ()}, TypeError, "a Sequential without"),
            ({"weights": ("a", "b")}, ValueError, "names of inputs and outputs"),
            ({"widths": (1, 400)}, ValueError, "room for 40 units"),
        ],
    )
    def test_bad_options_are_refused_before_anything_is_made(self, options, error, rule):
        before = open_widgets()
        with pytest.raises(error, match=rule):
            flower_explorer(**options)
        assert open_widgets() == before
