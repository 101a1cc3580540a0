"""The planted bugs: each is found where it stands, its mended line passes, and its explanation is true."""

import numpy as np
import pytest

from nbkit import SGD, Graph, Variable, check_gradients, check_nodes, datasets, softmax
from nbkit.bugs import CASES, graphs, lineup, run_code
from nbkit.gradcheck import GradientError

NUMBERS = range(1, len(CASES) + 1)
SQUARE, XOR, SIGN, TENTH, TRANSPOSED, BIAS, SURE, DETOUR, FRUIT = CASES


def guilty(report):
    """(layer, argument, index) of each wrong node."""
    return [(type(v.layer).__name__, e.argument, e.index) for v, e in report.errors.items() if e]


def ratio(error):
    return error.backward / error.numeric


# ---------------------------------------------------------------- every case


def test_there_are_at_least_eight():
    assert len(CASES) >= 8
    assert len({case.title for case in CASES}) == len(CASES)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_mended_code_passes_everything(number):
    case = CASES[number - 1]
    report = case.examine(case.code)
    assert report.solved, (report.errors, report.whole, report.objection)
    assert report.graph.output.grad is not None


@pytest.mark.parametrize("number", NUMBERS)
def test_code_and_bug_differ_in_one_line(number):
    case = CASES[number - 1]
    right, wrong = case.code.splitlines(), case.broken.splitlines()
    assert [i for i, (a, b) in enumerate(zip(right, wrong, strict=True), 1) if a != b] == [case.line]
    assert not case.examine(case.broken).solved


@pytest.mark.parametrize("number", NUMBERS)
def test_going_forward_the_bug_does_no_harm(number):
    case = CASES[number - 1]
    assert case.examine(case.broken).objection == ""


FOUND = {
    1: [("Square", "x", ())],
    2: [("ReLU", "x", (0, 2))],
    3: [("HalfSquaredError", "x", (0, 0))],
    4: [("SoftmaxLoss", "x", (0, 0))],
    5: [("Affine", "x", (0, 0)), ("Affine", "x", (0, 0))],
    6: [("Affine", "b", None)],
    7: [("SigmoidLoss", "x", (0, 0))],
    8: [("ReLU", "dout", None)],
    9: [],
}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_check_names_layer_argument_and_index(number):
    case = CASES[number - 1]
    assert guilty(case.examine(case.broken)) == FOUND[number]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("variant", [0, 1])
def test_every_node_can_be_checked_as_each_relu_is_on_and_off_somewhere(number, variant):
    case = CASES[number - 1]
    graph = Graph(case.graph(run_code(case.broken), variant))
    errors = [e for e in check_nodes(graph).values() if e]
    if number != 9:
        assert errors
    for v in graph.variables:
        if type(v.layer).__name__ == "ReLU":
            assert (v.value > 0.01).any()
            assert (v.value == 0).any()


# ---------------------------------------------------------------- what each one shows


def error_of(case, place=0):
    return [e for e in case.examine(case.broken).errors.values() if e][place]


def test_the_square_says_half():
    assert ratio(error_of(SQUARE)) == pytest.approx(0.5)
    graphs = SQUARE.examine(SQUARE.broken).graph, SQUARE.examine(SQUARE.code).graph
    assert [float(graph.inputs["side"].grad) for graph in graphs] == pytest.approx([12, 24])


def test_the_ratio_of_the_wrong_relu_is_its_own_output():
    report = XOR.examine(XOR.broken)
    ((v, error),) = [(v, e) for v, e in report.errors.items() if e]
    assert ratio(error) == pytest.approx(float(v.value[error.index]))


def test_the_wrong_relu_still_trains_xor():
    right, wrong = XOR.right_losses, XOR.losses(XOR.broken)
    assert wrong[-1] < 0.01
    assert right[-1] < 0.01
    assert np.argmax(wrong < 0.01) > np.argmax(right < 0.01)


def test_where_the_wrong_product_hides_it_hides_at_any_start():
    ends = np.array([[TRANSPOSED.losses(code, seed=seed)[-1] for seed in range(10)]
                     for code in (TRANSPOSED.code, TRANSPOSED.broken)])  # fmt: skip
    starts = [TRANSPOSED.losses(TRANSPOSED.broken, seed=seed)[0] for seed in range(10)]
    assert (ends[1] < 0.2 * np.array(starts)).all()
    assert np.median(ends[1]) == pytest.approx(np.median(ends[0]), rel=0.2)


@pytest.mark.filterwarnings("ignore:overflow encountered in exp")
@pytest.mark.parametrize("case", [TENTH, SURE], ids=lambda case: case.title)
def test_a_loss_that_learners_may_copy_stays_finite_where_the_net_is_sure(case):
    for code in (case.code, case.broken):
        layer = run_code(code)[case.layers[0]]()
        scores = np.array([[800.0, -800.0]]).T if case is SURE else np.array([[800.0, -800.0, 0.0]] * 3)
        targets = np.array([[0.0], [1.0]]) if case is SURE else np.eye(3)
        assert layer.forward(scores, targets) == pytest.approx(800 if case is SURE else (0 + 1600 + 800) / 3)
        assert np.isfinite(layer.backward(1.0)).all()
        assert layer.forward(-scores if case is SURE else scores[:1], targets if case is SURE else targets[:1]) == 0


def test_the_sign_is_turned_and_the_loss_climbs():
    assert ratio(error_of(SIGN)) == pytest.approx(-1)
    assert (np.diff(SIGN.losses(SIGN.broken)) > 0).all()
    assert (np.diff(SIGN.right_losses) < 0).all()


def test_a_loss_that_ignores_dout_hides_where_dout_is_1():
    np.testing.assert_array_equal(TENTH.losses(TENTH.broken), TENTH.right_losses)
    graphs = TENTH.examine(TENTH.broken).graph, TENTH.examine(TENTH.code).graph
    wrong, right = (next(v for v in graph.variables if v.layer).grad for graph in graphs)  # what the Affine gets
    np.testing.assert_allclose(wrong, 10 * right)
    scores, t = next(v for v in graphs[1].variables if v.layer).value, graphs[1].inputs["t"].value
    np.testing.assert_allclose(right, 0.1 * (softmax(scores) - t) / len(t), atol=1e-15)


def test_a_transposed_product_needs_square_weights_to_hide():
    report = TRANSPOSED.examine(TRANSPOSED.broken)
    assert all(param.shape in ((3, 3), (3,)) for v in report.errors for param in v.layer.params.values())
    losses = TRANSPOSED.losses(TRANSPOSED.broken)
    assert losses[-1] < 0.1 * losses[0]
    assert losses[-1] == pytest.approx(TRANSPOSED.right_losses[-1], rel=0.1)
    layer = run_code(TRANSPOSED.broken)["Affine"](np.ones((4, 3)), np.zeros(3))
    layer.forward(np.ones((2, 4)))
    with pytest.raises(ValueError, match="mismatch"):
        layer.backward(np.ones((2, 3)))


def test_a_bias_for_every_sample_lets_a_line_learn_xor():
    losses = BIAS.losses(BIAS.broken)
    assert losses[-1] < 0.05
    assert BIAS.right_losses.min() > np.log(2) - 1e-9
    assert "must have its shape (1,), got (4, 1)" in str(error_of(BIAS))
    b, db = np.zeros(1), np.ones((4, 1))
    with pytest.raises(ValueError, match="shape of its parameter"):
        SGD(0.1).step([(b, db)])
    with pytest.raises(ValueError, match="broadcast"):
        b -= 0.1 * db


def test_the_gradient_of_another_loss_vanishes_where_it_is_most_wrong():
    error = error_of(SURE)
    y = 1 / (1 + np.exp(6))
    assert ratio(error) == pytest.approx(y * (1 - y))
    assert ((y - 1) * y * (1 - y), y - 1) == (pytest.approx(-0.0025, abs=5e-5), pytest.approx(-0.998, abs=5e-4))
    wrong, right = SURE.losses(SURE.broken), SURE.right_losses
    assert wrong[20] > 0.9 * wrong[0]
    assert right[20] < 0.1 * right[0]


def test_writing_into_dout_spoils_the_other_branch_and_no_plain_row():
    np.testing.assert_array_equal(DETOUR.losses(DETOUR.broken), DETOUR.right_losses)
    graphs = DETOUR.examine(DETOUR.broken).graph, DETOUR.examine(DETOUR.code).graph
    assert [graph.inputs["x"].grad.tolist() for graph in graphs] == [[0, 2], [1, 2]]
    relu = run_code(DETOUR.broken)["ReLU"]
    left, right, dout = relu(), relu(), np.ones(2)
    left.forward(np.array([-1.0, 1.0]))
    right.forward(np.array([1.0, -1.0]))
    assert (left.backward(dout) - right.backward(dout)).tolist() == [0, 0]


def test_a_shared_memory_is_seen_only_in_the_whole_graph():
    report = FRUIT.examine(FRUIT.broken)
    assert not any(report.errors.values())
    assert (report.whole.layer, report.whole.argument) == ("the whole graph", "apple")
    assert ratio(report.whole) == pytest.approx(1.5)
    grads = {name: float(v.grad) for name, v in report.graph.inputs.items()}
    assert (grads["apple"], grads["apples"]) == (pytest.approx(3.3), pytest.approx(165))
    truth = {name: float(v.grad) for name, v in FRUIT.examine(FRUIT.code).graph.inputs.items()}
    assert (truth["apple"], truth["apples"]) == (pytest.approx(2.2), pytest.approx(110))


def test_the_right_net_and_nbkits_own_agree():
    right = XOR.losses(XOR.code)
    np.testing.assert_allclose(graphs.train_xor({}), right, rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- the line-up and the loops of the chapter


def test_the_lineup_has_two_guilty_ones_who_look_like_all_others():
    graph = lineup()
    found = {v.layer.name: e for v, e in check_nodes(graph).items() if e}
    assert {name: e.argument for name, e in found.items()} == {"Blue": "x", "Ebony": "b"}
    assert ratio(found["Ebony"]) == pytest.approx(1 / 5)
    assert {type(v.layer).__name__ for v in graph.variables if v.layer} == {"Affine", "Tanh", "ReLU", "MSELoss"}
    with pytest.raises(GradientError):
        check_gradients(graph)


def test_each_answer_against_each_flower_gives_an_accuracy_of_74_67():
    flowers = datasets.iris()
    truth = flowers.t == 0
    rule = np.isin(np.arange(150), np.argsort(flowers.x[:, 0], kind="stable")[:76])
    assert (rule[:, None] == truth).sum() / 150 == pytest.approx(74.67, abs=0.005)
    assert rule.sum() == 76


def test_x_times_x_with_one_path_only_gives_3_for_6():
    layer = run_code(SQUARE.broken)["Square"]()
    assert Graph(layer(Variable(3.0, "x"))).backward()["x"] == 3
