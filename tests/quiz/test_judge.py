"""The judge of a quiz: what is asked, and every usual mistake by the name it gets."""

import re

import pytest

from nbkit import Exp, Graph, ReLU, Variable
from nbkit.formatting import number
from nbkit.quiz.answer import matches
from nbkit.quiz.hints import hint
from nbkit.quiz.judge import Judge
from tests.quiz.graphs import apple, difference, fan, many, shop, twice

GRAPHS = [apple, shop, fan, twice, difference, many]


def judge_of(graph, direction="backward"):
    graph.forward()
    graph.backward()
    return Judge(graph, direction)


def find(judge, name):
    """The id of the one blank whose name ends like this."""
    (id_,) = [id_ for id_, blank in judge.blanks.items() if blank.name.endswith(name)]
    return id_


def answered(judge, id_, text, others=()):
    """The verdict on a text; `others` are wrong numbers in other boxes, by their ids."""
    return judge.verdict(judge.blanks[id_], text, dict(others))


# ---------------------------------------------------------------- what is asked


def test_backward_asks_for_every_gradient_but_the_given_one():
    judge = judge_of(apple())
    assert {blank.name: blank.expected for blank in judge.blanks.values()} == pytest.approx(
        {
            "gradient on the edge from × to ×": 1.1,
            "gradient on the edge from tax to ×": 200,
            "gradient on the edge from apple to ×": 2.2,
            "gradient on the edge from count to ×": 110,
        }
    )


def test_where_a_value_fans_out_each_share_and_the_sum_are_asked_in_an_order_that_can_be_computed():
    judge = judge_of(fan())
    assert [blank.expected for blank in judge.blanks.values()] == [1, 1, 3, 3, 7]
    assert list(judge.blanks.values())[-1].name == "sum of the gradients that meet at x"
    names = [blank.name for blank in judge.blanks.values()]
    assert len(set(names)) == len(names)


def test_a_sum_comes_before_what_follows_from_it():
    kinds = [(blank.kind, blank.expected) for blank in judge_of(twice()).blanks.values()]
    assert kinds == [("gradient", n) for n in (1, 1, 10, 10)] + [("sum", 21), ("gradient", 105), ("gradient", 42)]


def test_constants_are_given_and_not_asked():
    judge = judge_of(Graph((Variable(2, "x") * 3 + 1) ** 2))
    assert [blank.expected for blank in judge.blanks.values()] == [14, 14, 42]


def test_edges_of_one_label_get_longer_names():
    names = [blank.name for blank in judge_of(shop()).blanks.values()]
    assert "gradient on the edge from × (apple, apple count) to +" in names
    assert "gradient on the edge from × (orange, orange count) to +" in names
    x = Variable(3, "x")
    names = [blank.name for blank in judge_of(Graph(x * Variable(2, "a") + x * Variable(5, "b"))).blanks.values()]
    assert "gradient on the edge from x to × (x, b)" in names


def test_forward_asks_once_for_each_computed_value():
    judge = judge_of(twice(), "forward")
    assert [blank.expected for blank in judge.blanks.values()] == [10, 100, 110]


# ---------------------------------------------------------------- every diagnosis, by the mistake it names

BACKWARD = [
    (apple, "from apple to ×", "2", "forgot the right", "forgot to multiply by the gradient from the right"),
    (apple, "from count to ×", "100", "forgot the right", "only the local derivative of the × that takes apple"),
    (shop, "from × (apple, apple count) to +", "1", "forgot the right", "the + that takes × and ×"),
    (shop, "from orange to ×", "3", "forgot the right", "the × that takes orange and orange count"),
    (apple, "from apple to ×", "110", "own input", "by the other one"),
    (shop, "from tax to ×", "1.1", "own input", "the × that takes + and tax"),
    (shop, "from apple count to ×", "2.2", "own input", "by the other one"),
    (apple, "from apple to ×", "3.1", "added", "added where the path multiplies"),
    (shop, "from tax to ×", "651", "added", "added where the path multiplies"),
    (fan, "from x to × (x, x) as its first input", "4", "added", "added where the path multiplies"),
    (apple, "from apple to ×", "1.1", "unchanged", "passed the gradient from the right on unchanged"),
    (fan, "from x to × (x, x) as its second input", "1", "unchanged", "the × that takes x and x"),
    (shop, "from × (apple, apple count) to +", "495", "rule", "the rule of ×, but this is the +"),
    (apple, "from count to ×", "2", "value", "the value above the edge"),
    (fan, "from × to +", "9", "value", "the value above the edge"),
    (apple, "from apple to ×", "-2.2", "sign", "the sign is turned"),
    (fan, "sum of the gradients that meet at x", "-7", "sign", "the sign is turned"),
    (apple, "from apple to ×", "200", "wrong place", "gradient on the edge from tax to ×"),
    (shop, "from apple to ×", "165", "wrong place", "gradient on the edge from orange count to ×"),
    (fan, "from x to +", "7", "wrong place", "sum of the gradients that meet at x"),
    (apple, "from apple to ×", "2.21", "rounding", "four digits"),
    (shop, "from tax to ×", "655", "rounding", "four digits"),
    (fan, "sum of the gradients that meet at x", "3", "missing path", "3 gradients come back to x"),
    (fan, "sum of the gradients that meet at x", "6", "missing path", "the sum of all of them"),
    (fan, "sum of the gradients that meet at x", "9", "multiplied paths", "add them"),
    (twice, "from x to ×", "5", "missing path", "Add them first"),
    (twice, "from x to ×", "50", "missing path", "3 gradients come back to the × that takes x and w"),
    (twice, "from x to ×", "500", "multiplied paths", "Where paths meet, add them"),
    (twice, "sum of the gradients that meet at × (x, w)", "20", "missing path", "A path is missing"),
    (difference, "from ÷ to −", "1", "rule", "the rule of +, but this is the −"),
    (difference, "from b to ÷", "0.125", "forgot the right", "the ÷ that takes b and c"),
    (difference, "from a to −", "-1", "sign", "the sign is turned"),
    (apple, "from apple to ×", "17", "unknown", "the × that takes apple and count"),
    (fan, "sum of the gradients that meet at x", "50", "unknown", "Add all gradients"),
]
FORWARD = [
    (apple, "from × to bill", "201.1", "operation", "you used +, but asked is the × that takes × and tax"),
    (shop, "from + to ×", "90000", "operation", "you used ×, but asked is the + that takes × and ×"),
    (fan, "from × to +", "6", "operation", "you used +, but asked is the × that takes x and x"),
    (difference, "from ÷ to −", "2", "order", "the ÷ that takes b and c"),
    (difference, "from − to the end", "-8.5", "order", "swapped"),
    (apple, "from × to bill", "200", "forgot an input", "left out"),
    (shop, "from × (orange, orange count) to +", "150", "forgot an input", "left out"),
    (fan, "from + to the end", "9", "forgot an input", "the + that takes × and x"),
    (apple, "from × to ×", "1.1", "gradient", "That is a gradient"),
    (shop, "from + to ×", "1.1", "gradient", "That is a gradient"),
    (apple, "from × to ×", "-200", "sign", "the sign is turned"),
    (shop, "from × (apple, apple count) to +", "450", "wrong place", "from × (orange, orange count) to +"),
    (apple, "from × to bill", "221", "rounding", "four digits"),
    (fan, "from + to the end", "50", "unknown", "the + that takes × and x"),
]


@pytest.mark.parametrize(
    ("direction", "graph", "where", "text", "mistake", "told"),
    [("backward", *row) for row in BACKWARD] + [("forward", *row) for row in FORWARD],
)
def test_a_mistake_is_named(direction, graph, where, text, mistake, told):
    judge = judge_of(graph(), direction)
    verdict = answered(judge, find(judge, where), text)
    assert (verdict.state, verdict.mistake) == ("wrong", mistake), verdict
    assert told in verdict.text


@pytest.mark.parametrize("graph", [apple, shop, fan, twice, difference, many])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_no_diagnosis_gives_a_number_away_and_every_one_is_reached(graph, direction):
    judge = judge_of(graph(), direction)
    for id_, blank in judge.blanks.items():
        for mistake in judge.mistakes(blank):
            assert not re.search(r"\d", re.sub(r"\d gradients|[+x]\S*|×\(−1\)", "", mistake.text)), mistake.text
            if abs(mistake.number) < 1e15 and not matches(mistake.number, blank.expected):
                verdict = answered(judge, id_, repr(float(mistake.number)))
                assert verdict.state == "wrong"
                assert verdict.mistake != "unknown"


def test_the_truth_comes_before_any_mistake_that_gives_the_same_number():
    judge = judge_of(fan())
    assert answered(judge, find(judge, "from × to +"), "1")  # also what a forgotten factor of 1 would give
    assert answered(judge, find(judge, "as its first input"), "3")


def test_a_number_that_follows_from_the_rounded_ones_in_the_picture_is_right_too():
    judge = judge_of(Graph(Exp()(Exp()(Variable(1.2, "x"))) * Variable(3, "w")), "forward")
    last = find(judge, "to the end")
    assert number(judge.blanks[last].expected) == "82.99"
    assert answered(judge, last, "82.98")  # the picture shows 27.66 and 3
    assert not answered(judge, last, "82.95")


def test_a_comma_between_thousands_is_found():
    judge = judge_of(Graph(Variable(600, "a") * Variable(2, "b")), "forward")
    verdict = answered(judge, "v2", "1,200")
    assert (verdict.state, verdict.mistake) == ("wrong", "comma")
    assert answered(judge, "v2", "1200,0")


def test_a_switch_that_is_off_asks_for_zero():
    judge = judge_of(Graph(ReLU()(Variable(-2, "x")) * Variable(3, "w")))
    assert answered(judge, find(judge, "from x to ReLU"), "3").mistake == "unchanged"
    assert answered(judge, find(judge, "from x to ReLU"), "0")


def test_a_number_that_follows_from_a_wrong_one_is_told_so():
    judge = judge_of(apple())
    before = {find(judge, "from × to ×"): -1.1}
    assert answered(judge, find(judge, "from apple to ×"), "-2.2", before).mistake == "carried"
    total = judge_of(fan())
    assert answered(total, "v0.sum", "8", {find(total, "as its first input"): 4.0}).mistake == "carried"


def test_judging_leaves_the_layers_memory_alone():
    judge = judge_of(many())
    before = [float(v.value) for v in judge.graph.variables], judge.graph.backward()
    for blank in judge.blanks.values():
        answered(judge, blank.id, "1e3")
    judge.graph.backward()
    assert ([float(v.value) for v in judge.graph.variables], judge.graph.backward()) == before


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_numbers_that_hide_no_mistake_are_luckier(direction):
    def ambiguity(*values):
        a, b, c = (Variable(value, name) for value, name in zip(values, "abc", strict=True))
        return judge_of(Graph(a * b * c), direction).ambiguity()

    assert ambiguity(3, 5, 7) < ambiguity(2, 2, 2) < ambiguity(1, 1, 1)


# ---------------------------------------------------------------- hints


def test_hints_use_letters_that_nothing_is_called():
    judge = judge_of(fan())
    blank = judge.blanks[find(judge, "first input")]
    assert "for a × b, what goes back to a is the gradient" in hint(judge, blank, 1, [])


@pytest.mark.parametrize(
    ("graph", "direction", "where", "rule", "numbers"),
    [
        (apple, "forward", "from × to bill", "the output is x × y", ": ? × 1.1"),
        (fan, "backward", "meet at x", "used 3 times", ": ? + ? + ?"),
        (difference, "backward", "from c to ÷", "gradient from the right × −x ÷ y²", "? from the right × −4 ÷ 8²"),
        (many, "backward", "to ½MSE", "½MSE", "the local derivative"),
        (many, "forward", "to the end", "Half the squared error", "?, 0.5"),
    ],
)
def test_every_kind_of_blank_has_hints(graph, direction, where, rule, numbers):
    judge = judge_of(graph(), direction)
    blank = judge.blanks[find(judge, where)]
    assert rule in hint(judge, blank, 1, judge.blanks)
    assert numbers in hint(judge, blank, 2, judge.blanks)
