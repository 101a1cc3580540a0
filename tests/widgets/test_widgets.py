"""Widgets without a browser: move what the hand would move, and read what would be seen."""

import asyncio
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from nbkit import (
    ROOMS,
    Affine,
    Graph,
    GraphExplorer,
    ReLU,
    Sequential,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
    TrainingExplorer,
    Variable,
    datasets,
)
from nbkit.widgets.kit.panel import Panel
from tests.browser.widgets import FIRST, WIDGETS
from tests.pictures import still_of


def open_widgets():
    """Every widget that ipywidgets keeps alive."""
    from ipywidgets.widgets.widget import _instances

    return set(_instances)


def panels():
    """Names of all widgets that stand in files of nbkit/widgets."""
    folder = Path(import_module("nbkit.widgets").__file__).parent
    modules = [import_module(f"nbkit.widgets.{path.stem}") for path in sorted(folder.glob("[a-z]*.py"))]
    things = {thing for module in modules for thing in vars(module).values() if isinstance(thing, type)}
    return {thing.__name__ for thing in things if issubclass(thing, Panel) and thing is not Panel}


def test_every_widget_is_public():
    assert panels() <= {*ROOMS["widgets"]}, 'a widget is missing among ROOMS["widgets"] of nbkit/__init__.py'


def test_every_widget_is_tried_by_everybody():
    assert panels() == {name.split(",")[0] for name in WIDGETS}, "WIDGETS of tests/browser/widgets.py has one of each"


def test_every_widget_has_tests_of_its_own():
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name in sorted(panels()) if f"{name}(" not in tests] == []


def test_in_a_terminal_a_widget_says_where_it_can_be_seen(monkeypatch):
    """Not "run this cell": there is none."""
    import IPython

    shell = type("TerminalInteractiveShell", (), {})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    bundle = GraphExplorer(Variable(2.0, "x") * 3)._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert bundle["text/plain"].startswith("GraphExplorer: a terminal cannot show it, so run this in a notebook")
    assert "Inputs: x. Result: 6." in bundle["text/plain"]
    assert "run this cell" not in bundle["text/plain"]
    monkeypatch.undo()
    assert "text/html" in GraphExplorer(Variable(2.0, "x") * 3)._repr_mimebundle_()


def test_every_widget_leaves_a_picture_with_words():
    names = {}
    exec(FIRST, names)
    for source in WIDGETS.values():
        widget = eval(source, names)
        still_of(widget)
        widget.close()


def bill():
    return Variable(100, "apple") * Variable(2, "count") * Variable(1.1, "tax")


def shown(explorer, kind):
    return re.findall(rf'<text class="{kind}"[^>]*>([^<]*)</text>', explorer.view.svg)


class TestGraphExplorer:
    def test_a_moved_slider_moves_values_and_gradients(self):
        explorer = GraphExplorer(bill())
        assert set(shown(explorer, "val")) == {"100", "2", "200", "1.1", "220"}
        explorer.inputs["apple"].value = 120
        assert set(shown(explorer, "val")) == {"120", "2", "240", "1.1", "264"}
        assert set(shown(explorer, "grad")) == {"← 2.2", "← 132", "← 1.1", "← 240", "← 1"}

    def test_gradients_can_be_left_out(self):
        explorer = GraphExplorer(bill(), gradients=False)
        explorer.inputs["tax"].value = 1.5
        assert shown(explorer, "grad") == []
        assert explorer.graph.inputs["tax"].grad is None

    def test_it_takes_a_graph_and_sliders_only_for_numbers(self):
        x = Variable(np.ones((2, 3)), "x")
        explorer = GraphExplorer(Graph(x * Variable(2, "scale")))
        assert list(explorer.inputs) == ["scale"]
        explorer.inputs["scale"].value = 3
        assert (explorer.graph.output.value == 3).all()

    @pytest.mark.parametrize(
        ("value", "low", "high"), [(0, -1, 1), (100, 0, 200), (-3, -6, 0), (1e-3, 0, 2e-3), (1e6, 0, 2e6)]
    )
    def test_a_range_is_found_where_none_is_given(self, value, low, high):
        slider = GraphExplorer(Variable(value, "x") * 2).inputs["x"]
        assert (slider.min, slider.max, slider.value) == (low, high, value)

    def test_a_slider_shows_as_many_digits_as_its_step_has(self):
        ranges = {"apple": (0, 300, 5), "tax": (1, 1.5, 0.01)}
        inputs = GraphExplorer(bill(), ranges).inputs
        assert (inputs["apple"].readout_format, inputs["tax"].readout_format) == (".0f", ".2f")

    @pytest.mark.parametrize("thing", [3, None, "graph"])
    def test_it_says_what_it_takes(self, thing):
        with pytest.raises(TypeError, match="a Graph or a Variable"):
            GraphExplorer(thing)

    def test_a_range_must_name_an_input_and_hold_its_value(self):
        with pytest.raises(ValueError, match="ranges names pear, but the inputs of the graph are apple, count, tax"):
            GraphExplorer(bill(), {"pear": (0, 1, 0.1)})
        with pytest.raises(ValueError, match="must hold its value 100"):
            GraphExplorer(bill(), {"apple": (0, 50, 1)})
        with pytest.raises(ValueError, match="step above 0"):
            GraphExplorer(bill(), {"apple": (0, 200, 0)})

    def test_an_error_in_a_callback_is_shown_and_the_next_move_clears_it(self):
        explorer = GraphExplorer(bill())
        explorer.graph.forward = lambda **_values: 1 / 0
        explorer.inputs["apple"].value = 120
        assert "ZeroDivisionError" in explorer.message.value
        del explorer.graph.forward
        explorer.inputs["apple"].value = 130
        assert explorer.message.value == ""

    def test_an_infinite_value_is_shown_and_nothing_warns(self):
        explorer = GraphExplorer(1 / Variable(1.0, "x"), {"x": (0, 2, 0.5)})
        explorer.inputs["x"].value = 0
        assert "∞" in shown(explorer, "val")
        assert explorer.message.value == ""

    def test_it_can_be_stepped_from_python(self):
        explorer = GraphExplorer(bill())
        assert explorer.last_step == 5
        explorer.first()
        assert explorer.view.step == 0
        explorer.forward_step()
        explorer.forward_step()
        assert explorer.view.step == 2
        explorer.back_step()
        assert explorer.view.step == 1
        explorer.last()
        explorer.back_step()
        assert explorer.view.step == 4
        explorer.forward_step()
        assert explorer.view.step == -1
        explorer.first()
        explorer.back_step()
        assert explorer.view.step == 0

    def test_a_layer_opens_and_closes_and_the_inputs_keep_moving(self):
        x = Variable(0.5, "x")
        explorer = GraphExplorer(Sigmoid()(x) * 3)
        assert explorer.view.doors == {"v1": "closed"}
        closed = explorer.graph.inputs["x"].grad
        explorer.view._handle_custom_msg({"open": "v1"}, [])
        assert {type(v.layer).__name__ for v in explorer.graph.variables if v.layer} == {
            "Neg",
            "Exp",
            "Add",
            "Div",
            "Mul",
        }
        assert set(explorer.view.doors.values()) == {"open"}
        assert explorer.graph.inputs["x"].grad == pytest.approx(closed, rel=1e-12)
        explorer.inputs["x"].value = 1.0
        assert explorer.graph.output.value == pytest.approx(3 / (1 + np.exp(-1)))
        explorer.view._handle_custom_msg({"close": next(iter(explorer.view.doors))}, [])
        assert [type(v.layer).__name__ for v in explorer.graph.variables if v.layer] == ["Sigmoid", "Mul"]
        assert explorer.graph.output.value == pytest.approx(3 / (1 + np.exp(-1)))
        assert explorer.message.value == ""

    def test_a_request_that_makes_no_sense_is_answered_in_the_widget(self):
        explorer = GraphExplorer(bill())
        explorer.view._handle_custom_msg({"open": "v99"}, [])
        assert "no node" in explorer.message.value
        explorer.view._handle_custom_msg({"open": "v2"}, [])
        assert "nothing to open" in explorer.message.value

    def test_a_nudge_compares_the_function_with_the_gradient(self):
        explorer = GraphExplorer(bill())
        assert explorer.edge.label == "apple → ×"
        explorer.eps.value = 10
        assert "output changes by 22; gradient × ε = 22;" in explorer.verdict.value
        explorer.edge.value = explorer.edge.options[-1][1]
        assert "output changes by 2000; gradient × ε = 2000" in explorer.verdict.value
        explorer.inputs["count"].value = 3
        assert "output changes by 3000" in explorer.verdict.value

    def test_edges_that_share_both_ends_are_counted(self):
        x = Variable(3.0, "x")
        explorer = GraphExplorer(x * x + x)
        assert [name for name, _id in explorer.edge.options] == ["x → ×, no. 1", "x → ×, no. 2", "× → +", "x → +"]

    def test_a_nudge_of_a_curve_leaves_a_difference(self):
        explorer = GraphExplorer(Variable(3.0, "x") ** 2)
        explorer.eps.value = 0.5
        assert "output changes by 3.25; gradient × ε = 3; difference 0.25" in explorer.verdict.value

    def test_a_batch_with_layers_and_a_loss_is_explored_as_well(self):
        rng = np.random.default_rng(0)
        net = Sequential([Affine.random(2, 3, rng), Sigmoid(), Affine.random(3, 2, rng)], SoftmaxWithLoss())
        loss = net(Variable(rng.normal(size=(4, 2)), "x") * Variable(1.0, "scale"), np.array([0, 1, 1, 0]))
        explorer = GraphExplorer(loss)
        before = float(explorer.graph.output.value)
        assert list(explorer.view.doors.values()) == ["closed"] * 4
        for _ in range(4):  # ids count anew when a node has been opened
            explorer.open_node(next(id_ for id_, door in explorer.view.doors.items() if door == "closed"))
        assert set(explorer.view.doors.values()) == {"open"}
        assert float(explorer.graph.output.value) == pytest.approx(before, rel=1e-12)
        explorer.inputs["scale"].value = 2
        assert float(explorer.graph.output.value) != pytest.approx(before)
        assert "gradient × ε" in explorer.verdict.value
        assert explorer.message.value == ""

    def test_a_graph_of_one_input_has_nothing_to_nudge(self):
        explorer = GraphExplorer(Variable(3.0, "x"))
        assert explorer.verdict.value == ""
        explorer.inputs["x"].value = 4
        assert shown(explorer, "val") == ["4"]

    def test_closing_it_closes_every_piece(self):
        before = open_widgets()
        explorer = GraphExplorer(bill())
        assert open_widgets() > before
        explorer.close()
        assert open_widgets() == before

    def test_it_leaves_a_picture_for_a_page_without_a_kernel(self):
        words, width, _png = still_of(GraphExplorer(bill()))
        assert "Inputs: apple" in words
        assert 300 < width <= 880


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
        net = Sequential([Affine.random(2, 8, rng), ReLU(), Affine.random(8, 2, rng)], SoftmaxWithLoss())
        x = rng.normal(size=(20, 2)) * 1e3
        explorer = TrainingExplorer(net, (x, (x[:, 0] > 0).astype(int)), lr=1e307, epochs=50)
        explorer.run()
        assert "diverged in step" in explorer.message.value
        assert "Affine 1" in explorer.message.value
        assert not explorer.running
        explorer.lr.value = 1e305
        assert explorer.earlier[0].trouble

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
        still_of(explorer)
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
    return re.findall(r'data-weight="([^"]+)"[^>]*>([^<]*)<', explorer.view.svg)


class TestTrainingExplorerWithWidthsAndBatches:
    def test_sliders_offer_what_was_given_and_begin_where_it_says(self):
        explorer = flower_explorer()
        assert [width for _label, width in explorer.width.options] == [1, 2, 4]
        assert [size for _label, size in explorer.batch_size.options] == [1, 15, 75]
        assert (explorer.width.value, explorer.batch_size.value) == (4, 15)
        assert flower_explorer(width=2).width.value == 2
        assert explorer.status.value.startswith("learning rate 0.05, hidden units 4, batch size 15, step 0 of 30")

    def test_there_is_no_slider_where_there_is_nothing_to_choose(self):
        explorer = xor_explorer()
        assert (explorer.width, explorer.batch_size) == (None, None)
        assert "hidden units" not in explorer.status.value
        assert weights_shown(explorer) == []
        assert ">step</text>" in explorer.view.svg  # an epoch of one step needs no other word
        assert 'height="300"' in explorer.view.svg

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

    def test_the_weights_are_those_of_the_network_and_follow_every_step(self):
        explorer = flower_explorer()
        before = weights_shown(explorer)
        assert len(before) == 4 * 4 + 3 * 4
        W = explorer.present.net.layers[0].params["W"]
        assert float(dict(before)["hidden 2 1"].replace("−", "-")) == pytest.approx(W[2, 1], rel=0.05)
        explorer.step_button.click()
        assert [place for place, _number in weights_shown(explorer)] == [place for place, _number in before]
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
        assert re.findall("data-weight.*?</text>", still) == re.findall("data-weight.*?</text>", explorer.view.svg)

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
