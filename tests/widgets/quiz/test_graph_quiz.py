"""The quiz without a browser: type what a learner would type, right or wrong, and read what is said."""

import json
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbkit import Affine, Exp, Graph, GraphQuiz, Log, MSELoss, Mul, ReLU, Sigmoid, Variable
from nbkit.formatting import number
from nbkit.quiz.answer import matches, parse
from tests.pictures import still_of


def apple():
    bill = Variable(100, "apple") * Variable(2, "count") * Variable(1.1, "tax")
    bill.name = "bill"
    return Graph(bill)


def shop():
    apples = Variable(100, "apple") * Variable(2, "apple count")
    oranges = Variable(150, "orange") * Variable(3, "orange count")
    return Graph((apples + oranges) * Variable(1.1, "tax"))


def fan():
    x = Variable(3, "x")
    return Graph(x * x + x)


def twice():
    """A product whose result is used twice: y = x * w, y * y + y."""
    y = Variable(2, "x") * Variable(5, "w")
    return Graph(y * y + y)


def difference():
    return Graph(Variable(9, "a") - Variable(4, "b") / Variable(8, "c"))


def many():
    """Most kinds of layers that take single numbers."""
    x, w = Variable(2, "x"), Variable(3, "w")
    inside = Log()(x * w + 1) - x / w
    return Graph(MSELoss()(ReLU()(inside**2) + Sigmoid()(inside) * Exp()(-x), Variable(0.5, "t")))


def find(quiz, name):
    """The id of the one blank whose name ends like this."""
    (id_,) = [id_ for id_, blank in quiz.blanks.items() if blank.name.endswith(name)]
    return id_


def answer_all(quiz, but=()):
    for id_, blank in quiz.blanks.items():
        if id_ not in but:
            assert quiz.answer(id_, number(blank.expected)), blank.name


# ---------------------------------------------------------------- what is asked


def test_backward_asks_for_every_gradient_but_the_given_one():
    quiz = GraphQuiz(apple())
    assert {blank.name: blank.expected for blank in quiz.blanks.values()} == pytest.approx(
        {
            "gradient on the edge from × to ×": 1.1,
            "gradient on the edge from tax to ×": 200,
            "gradient on the edge from apple to ×": 2.2,
            "gradient on the edge from count to ×": 110,
        }
    )
    assert re.findall(r'class="grad"[^>]*>([^<]*)<', quiz.view.svg).count("← 1") == 1


def test_where_a_value_fans_out_each_share_and_the_sum_are_asked_in_an_order_that_can_be_computed():
    quiz = GraphQuiz(fan())
    assert [blank.expected for blank in quiz.blanks.values()] == [1, 1, 3, 3, 7]
    assert list(quiz.blanks.values())[-1].name == "sum of the gradients that meet at x"
    names = [blank.name for blank in quiz.blanks.values()]
    assert len(set(names)) == len(names)


def test_a_sum_comes_before_what_follows_from_it():
    kinds = [(blank.kind, blank.expected) for blank in GraphQuiz(twice()).blanks.values()]
    assert kinds == [("gradient", n) for n in (1, 1, 10, 10)] + [("sum", 21), ("gradient", 105), ("gradient", 42)]


def test_constants_are_given_and_not_asked():
    quiz = GraphQuiz(Graph((Variable(2, "x") * 3 + 1) ** 2))
    assert [blank.expected for blank in quiz.blanks.values()] == [14, 14, 42]


def test_forward_asks_once_for_each_computed_value_and_shows_no_gradient():
    quiz = GraphQuiz(twice(), "forward")
    assert [blank.expected for blank in quiz.blanks.values()] == [10, 100, 110]
    assert 'class="grad"' not in quiz.view.svg
    assert quiz.view.svg.count('data-same="v2"') == 2  # on the other two edges the same value waits for this box


def test_edges_of_one_label_get_longer_names():
    names = [blank.name for blank in GraphQuiz(shop()).blanks.values()]
    assert "gradient on the edge from × (apple, apple count) to +" in names
    assert "gradient on the edge from × (orange, orange count) to +" in names
    x = Variable(3, "x")
    names = [blank.name for blank in GraphQuiz(Graph(x * Variable(2, "a") + x * Variable(5, "b"))).blanks.values()]
    assert "gradient on the edge from x to × (x, b)" in names


@pytest.mark.parametrize("graph", [apple, shop, fan, twice, difference, many])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_right_numbers_are_right_and_four_digits_are_enough(graph, direction):
    quiz = GraphQuiz(graph(), direction)
    for _round in range(3):
        answer_all(quiz)
        assert "well done" in quiz.view.message
        assert quiz.score.right == quiz.score.total == len(quiz.blanks)
        quiz.new_numbers()


def test_a_number_that_follows_from_the_rounded_ones_in_the_picture_is_right_too():
    quiz = GraphQuiz(Graph(Exp()(Exp()(Variable(1.2, "x"))) * Variable(3, "w")), "forward")
    last = find(quiz, "to the end")
    assert number(quiz.blanks[last].expected) == "82.99"
    assert quiz.answer(last, "82.98")  # the picture shows 27.66 and 3
    assert not GraphQuiz(quiz.graph, "forward").answer(last, "82.95")


# ---------------------------------------------------------------- how a number may be written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.2", 2.2), (".5", 0.5), ("2/3", 2 / 3), ("1e-3", 1e-3), ("2,2", 2.2), ("−3", -3), ("  7  ", 7), ("+4", 4),
        ("5.", 5), ("-2 / 4", -0.5), ("1E2", 100), ("−1,5e−2", -0.015), ("２．２", 2.2), ("0", 0), ("-0", 0),
        ("1/1e3", 1e-3),
    ],
)  # fmt: skip
def test_every_usual_notation_is_read(text, value):
    assert parse(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"), ("   ", "empty"), ("apple", "not a number"), ("2*1.1", "not a number"), ("1/0", "divided by 0"),
        ("1e400", "too large"), ("9" * 30, "too large"), ("inf", "not a number"), ("nan", "not a number"),
        ("-∞", "not a number"), ("1,234.5", "not a number"), ("1 000", "not a number"), ("3²", "not a number"),
        ("0x10", "not a number"), ("1_000", "not a number"), ("1/2/3", "not a number"), ("9" * 5000, "not a number"),
        ("1e999999999", "too large"), ("1/1e-999", "divided by 0"), ("__import__('os')", "not a number"),
    ],
)  # fmt: skip
def test_anything_else_gets_a_friendly_word(text, told):
    quiz = GraphQuiz(apple())
    id_ = find(quiz, "from apple to ×")
    verdict = quiz.answer(id_, text)
    assert not verdict
    assert told in verdict.text
    assert quiz.view.marks[id_] == ("wrong" if text.strip() else "empty")
    assert quiz.view.texts[id_] == text


QUIZZES = [GraphQuiz(graph(), direction) for graph in (fan, many) for direction in ("forward", "backward")]
NUMBERLIKE = st.text("0123456789.,/eE+-− ∞", max_size=50)


@given(text=st.text() | NUMBERLIKE | st.floats().map(repr), place=st.integers(0, 99))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_no_answer_ever_raises(text, place):
    for quiz in QUIZZES:
        quiz._start("")
        id_ = [*quiz.blanks][place % len(quiz.blanks)]
        for verdict in (quiz.answer(id_, text), *quiz.check_all({id_: text}).values()):
            assert verdict.state in ("right", "wrong", "empty")
            assert verdict.text or verdict.state == "empty"


@pytest.mark.parametrize(
    ("answer", "truth", "same"),
    [
        (0.3333, 1 / 3, True), (0.333, 1 / 3, False), (0.6667, 2 / 3, True), (0.667, 2 / 3, False), (220, 220, True),
        (12346, 12345.6, True), (12350, 12345.6, True), (12300, 12345.6, False), (0, 0.0, True), (1e-5, 0.0, False),
        (0, 1e-17, True), (1, -1, False), (5, math.nan, False), (5, math.inf, False), (0.0001234, 0.00012344, True),
    ],
)  # fmt: skip
def test_four_significant_digits_decide(answer, truth, same):
    assert matches(answer, truth) is same


# ---------------------------------------------------------------- nothing leaks


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("graph", [apple, shop, fan, twice, many])
def test_no_answer_is_sent_to_the_browser(graph, direction):
    graph = graph()
    graph.forward(**{name: 10 * n + 1.37 for n, name in enumerate(graph.inputs, 1) if name != "t"})  # no round numbers
    quiz = GraphQuiz(graph, direction)
    quiz.check_all(dict.fromkeys(quiz.blanks, "12345"))
    quiz.hint()
    sent = json.dumps(
        quiz.view.get_state(["svg", "texts", "marks", "message", "about", "score", "words"]), ensure_ascii=False
    )
    given = {number(v.value) for v in quiz.graph.variables if direction == "backward" or v.layer is None} | {"1"}
    asked = [blank.expected for blank in quiz.blanks.values() if number(blank.expected) not in given]
    assert asked
    # geometry and style hold many numbers of their own: what counts are the words
    words = re.sub(r'\b(x|y|rx|d|width|height|viewBox|transform|style)=\\"[^"]*"|<style>.*?</style>', "", sent)
    numbers = re.findall(r"[-−]?\d+(?:\.\d+)?(?:e[-+−]?\d+)?", words)
    for expected in asked:
        assert number(expected) not in numbers
        assert repr(float(expected)) not in sent
        assert f"{expected:.6g}" not in numbers
    shown = re.findall(r'<text class="(?:val|grad)"[^>]*>([^<]*)</text>', quiz.view.svg)
    assert {text.removeprefix("← ") for text in shown} <= given | {"?", "←"}
    for tag in ("<title", "<desc", "<metadata", "value=", "data-from"):
        assert tag not in quiz.view.svg


def test_the_picture_holds_one_labelled_input_for_each_blank_in_order():
    quiz = GraphQuiz(fan())
    root = ET.fromstring(quiz.view.svg)
    html = "{http://www.w3.org/1999/xhtml}"
    assert [box.get("data-blank") for box in root.iter(f"{html}div")] == list(quiz.blanks)
    assert [field.get("aria-label") for field in root.iter(f"{html}input")] == [b.name for b in quiz.blanks.values()]


def test_labels_are_only_text():
    quiz = GraphQuiz(Graph(Variable(2, "<script>") * Variable(3, '"&')))
    ET.fromstring(quiz.view.svg)
    assert "<script>" not in quiz.view.svg


def test_a_page_without_a_kernel_gets_empty_boxes():
    quiz = GraphQuiz(fan())
    quiz.reveal()
    still = quiz.snapshot()
    assert "foreignObject" not in still
    assert still.count(">?</text>") == len(quiz.blanks)
    still_of(quiz)


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
    quiz = GraphQuiz(graph(), direction)
    verdict = quiz.answer(find(quiz, where), text)
    assert (verdict.state, verdict.mistake) == ("wrong", mistake), verdict
    assert told in verdict.text


@pytest.mark.parametrize("graph", [apple, shop, fan, twice, difference, many])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_no_diagnosis_gives_a_number_away_and_every_one_is_reached(graph, direction):
    quiz = GraphQuiz(graph(), direction)
    for id_, blank in quiz.blanks.items():
        for mistake in quiz.judge.mistakes(blank):
            assert not re.search(r"\d", re.sub(r"\d gradients|[+x]\S*|×\(−1\)", "", mistake.text)), mistake.text
            if abs(mistake.number) < 1e15 and not matches(mistake.number, blank.expected):
                verdict = quiz.answer(id_, repr(float(mistake.number)))
                assert verdict.state == "wrong"
                assert verdict.mistake != "unknown"


def test_the_truth_comes_before_any_mistake_that_gives_the_same_number():
    quiz = GraphQuiz(fan())
    assert quiz.answer(find(quiz, "from × to +"), "1")  # also what a forgotten factor of 1 would give
    assert quiz.answer(find(quiz, "as its first input"), "3")


def test_a_number_that_follows_from_a_wrong_one_is_told_so():
    quiz = GraphQuiz(apple())
    quiz.answer(find(quiz, "from × to ×"), "-1.1")
    verdict = quiz.answer(find(quiz, "from apple to ×"), "-2.2")
    assert verdict.mistake == "carried"
    forward = GraphQuiz(apple(), "forward")
    verdicts = forward.check_all({find(forward, "from × to ×"): "102", find(forward, "from × to bill"): "112.2"})
    assert [verdict.mistake for verdict in verdicts.values()] == ["operation", "carried"]
    total = GraphQuiz(fan())
    total.answer(find(total, "as its first input"), "4")
    assert total.answer("v0.sum", "8").mistake == "carried"


def test_a_comma_between_thousands_is_found():
    quiz = GraphQuiz(Graph(Variable(600, "a") * Variable(2, "b")), "forward")
    verdict = quiz.answer("v2", "1,200")
    assert (verdict.state, verdict.mistake) == ("wrong", "comma")
    assert quiz.answer("v2", "1200,0")


def test_a_switch_that_is_off_asks_for_zero():
    quiz = GraphQuiz(Graph(ReLU()(Variable(-2, "x")) * Variable(3, "w")))
    assert quiz.answer(find(quiz, "from x to ReLU"), "3").mistake == "unchanged"
    assert quiz.answer(find(quiz, "from x to ReLU"), "0")


# ---------------------------------------------------------------- rounds


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_same_seed_same_rounds(direction):
    def rounds(seed):
        quiz, seen = GraphQuiz(shop(), direction, rng=seed), []
        for _round in range(3):
            quiz.new_numbers()
            seen.append([float(v.value) for v in quiz.graph.inputs.values()])
        return seen

    three = rounds(3)
    assert three == rounds(3) == rounds(np.random.default_rng(3))
    assert three != rounds(4)
    assert len({tuple(row) for row in three}) == 3


def test_new_numbers_are_friendly_and_tell_mistakes_apart():
    quiz = GraphQuiz(apple())
    for _round in range(10):
        quiz.new_numbers()
        for v in quiz.graph.inputs.values():
            value = float(v.value)
            assert value not in (0, 1)
            assert value > 0
            assert value == round(value, 1)
        blank = quiz.blanks[find(quiz, "from apple to ×")]
        wrong = {m.name: number(m.number) for m in quiz.judge.mistakes(blank) if m.name != "wrong place"}
        assert number(blank.expected) not in wrong.values()
        del wrong["rule"]  # passing on unchanged is what the rule of + does
        assert len(set(wrong.values())) == len(wrong)


def test_new_numbers_keep_to_the_ranges():
    quiz = GraphQuiz(apple(), ranges={"apple": (-20, 20, 5), "tax": (1.05, 1.15, 0.05)})
    seen = {"apple": set(), "tax": set()}
    for _round in range(12):
        quiz.new_numbers()
        for name, values in seen.items():
            values.add(float(quiz.graph.inputs[name].value))
    assert seen["apple"] <= {-20, -15, -10, -5, 5, 10, 15, 20}
    assert seen["tax"] <= {1.05, 1.1, 1.15}
    assert len(seen["apple"]) > 2


def test_a_new_round_begins_empty():
    quiz = GraphQuiz(apple())
    quiz.hint()
    quiz.reveal()
    quiz.answer(find(quiz, "from apple to ×"), "3")
    before = quiz.view.svg, quiz.view.round
    quiz.new_numbers()
    assert (quiz.view.texts, set(quiz.view.marks.values())) == ({}, {"empty"})
    assert quiz.score == (0, 4, 0, 0)
    assert quiz.view.svg != before[0]
    assert quiz.view.round == before[1] + 1


def test_the_learner_s_graph_is_left_as_it_is():
    graph = shop()
    graph.backward()
    before = [(float(v.value), float(v.grad), v.dinputs) for v in graph.variables]
    first, second = GraphQuiz(graph), GraphQuiz(graph, "forward", rng=1)
    for quiz in (first, second):
        quiz.hint()
        quiz.reveal()
        quiz.answer(next(iter(quiz.blanks)), "3")
    second.new_numbers()
    assert [(float(v.value), float(v.grad), v.dinputs) for v in graph.variables] == before
    assert float(first.graph.inputs["apple"].value) == 100
    assert graph.output.layer.backward(1.0) == pytest.approx((1.1, 650))  # the layers still remember their numbers


def test_judging_leaves_the_layers_memory_alone():
    quiz = GraphQuiz(many())
    before = [float(v.value) for v in quiz.graph.variables], quiz.graph.backward()
    for blank in quiz.blanks.values():
        quiz.answer(blank.id, "1e3")
    quiz.graph.backward()
    assert ([float(v.value) for v in quiz.graph.variables], quiz.graph.backward()) == before


# ---------------------------------------------------------------- check, hint, reveal, score


def test_check_tells_about_the_first_wrong_box_and_leaves_empty_ones_alone():
    quiz = GraphQuiz(apple())
    right, wrong = find(quiz, "from × to ×"), find(quiz, "from apple to ×")
    verdicts = quiz.check_all({right: "1.1", wrong: "2"})
    assert [verdict.state for verdict in verdicts.values()] == ["right", "empty", "wrong", "empty"]
    assert quiz.view.message.startswith("Gradient on the edge from apple to ×: You forgot")
    assert quiz.view.about == wrong
    assert str(quiz.score) == quiz.view.score == "1 of 4 right, 0 hints"
    assert "still empty: 2" in (quiz.check_all({wrong: "2.2"}) and quiz.view.message)


def test_a_wrong_box_keeps_what_was_typed_and_a_settled_one_cannot_be_spoilt():
    quiz = GraphQuiz(apple())
    id_ = find(quiz, "from apple to ×")
    quiz.answer(id_, " 3,3 ")
    assert quiz.view.texts[id_] == " 3,3 "
    quiz.answer(id_, "2.2")
    assert quiz.answer(id_, "5").state == "right"
    quiz.check_all({id_: "5"})
    assert (quiz.view.texts[id_], quiz.view.marks[id_]) == ("2.2", "right")


def test_hints_come_in_two_steps_and_count():
    quiz = GraphQuiz(apple())
    id_ = find(quiz, "from apple to ×")
    first = quiz.hint(id_).text
    assert "for x × y, what goes back to x is the gradient from the right × the other input y" in first
    assert "x is apple, y is count" in first
    assert not re.search(r"\d", first)
    assert quiz.score.hints == 1
    assert str(quiz.score).endswith("1 hint")
    assert quiz.hint(id_).text.endswith("gradient ? from the right × the other input 2")  # 1.1 is not found yet
    quiz.answer(find(quiz, "from × to ×"), "1.1")
    assert quiz.hint(id_).text.endswith("gradient 1.1 from the right × the other input 2")
    assert quiz.score.hints == 2


def test_a_hint_without_a_box_is_about_the_one_the_learner_is_at():
    quiz = GraphQuiz(apple())
    assert "× and tax" in quiz.hint().text
    quiz.answer(find(quiz, "from count to ×"), "7")
    assert "what goes back to y" in quiz.hint().text
    assert "y is count" in quiz.view.message


def test_hints_use_letters_that_nothing_is_called():
    assert "for a × b, what goes back to a" in (quiz := GraphQuiz(fan())).hint(find(quiz, "first input")).text


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
def test_every_kind_of_box_has_hints(graph, direction, where, rule, numbers):
    quiz = GraphQuiz(graph(), direction)
    id_ = find(quiz, where)
    assert rule in quiz.hint(id_).text
    assert numbers in quiz.hint(id_).text


def test_reveal_fills_the_next_box_and_the_score_tells():
    quiz = GraphQuiz(apple())
    assert quiz.reveal().state == "revealed"
    first = next(iter(quiz.blanks))
    assert (quiz.view.texts[first], quiz.view.marks[first]) == ("1.1", "revealed")
    assert "gradient 1 from the right × the other input 1.1" in quiz.view.message
    assert str(quiz.score) == "0 of 4 right, 1 revealed, 0 hints"
    id_ = find(quiz, "from count to ×")
    quiz.reveal(id_)
    assert quiz.view.texts[id_] == "110"
    assert quiz.answer(id_, "3").state == "revealed"
    answer_all(quiz, but=(first, id_))
    assert str(quiz.score) == "2 of 4 right, 2 revealed, 0 hints"
    assert "All boxes are filled" in quiz.reveal().text
    assert "All boxes are filled" in quiz.hint().text


def test_the_browser_asks_for_the_same_things():
    quiz = GraphQuiz(apple())
    id_ = find(quiz, "from apple to ×")

    def ask(**message):
        quiz.view._handle_custom_msg(message, [])

    ask(answer={"id": id_, "text": "2"})
    assert quiz.view.marks[id_] == "wrong"
    ask(check={id_: "2.2"})
    assert quiz.view.marks[id_] == "right"
    ask(hint=None)
    ask(reveal=find(quiz, "from count to ×"))
    assert quiz.score == (1, 4, 1, 1)
    ask(new=None)
    assert quiz.view.round == 2
    ask(answer={"id": "v99", "text": "2"})
    assert "there is no box" in quiz.message.value
    ask(hint=None)
    assert quiz.message.value == ""


# ---------------------------------------------------------------- what it refuses


@pytest.mark.parametrize("thing", [3, None, "graph"])
def test_it_says_what_it_takes(thing):
    with pytest.raises(TypeError, match="a Graph or a Variable"):
        GraphQuiz(thing)


def test_arrays_and_parameters_are_refused():
    with pytest.raises(ValueError, match="single numbers, but x is an array"):
        GraphQuiz(Graph(Variable([1.0, 2.0], "x") * 2))
    with pytest.raises(ValueError, match="is an array"):
        GraphQuiz(Graph(Affine([[1.0]], [0.0])(Variable([[1.0]], "x"))))
    scale = Mul()
    scale.params = {"w": np.array(2.0)}
    with pytest.raises(ValueError, match="without parameters"):
        GraphQuiz(Graph(scale(Variable(1.0, "x"), Variable(2.0, "y"))))
    with pytest.raises(ValueError, match="no operation"):
        GraphQuiz(Variable(1.0, "x"))


def test_numbers_that_nobody_can_type_are_refused():
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="nobody can type that"):
        GraphQuiz(Graph(1 / Variable(0.0, "x")))
    with pytest.raises(ValueError, match="nobody can type that"):
        GraphQuiz(Graph(Variable(1e12, "x") * 3), "forward")


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"blanks": "sideways"}, "'forward' or 'backward'"),
        ({"blanks": None}, "'forward' or 'backward'"),
        ({"ranges": {"pear": (0, 1, 1)}}, "ranges names pear, but the inputs of the graph are apple, count, tax"),
        ({"ranges": {"tax": (2, 1, 1)}}, "low ≤ high"),
        ({"ranges": {"tax": (0, 1, 0)}}, "step above 0"),
        ({"ranges": {"tax": (0, 1)}}, "(low, high, step)"),
        ({"ranges": {"tax": (0, math.inf, 1)}}, "low ≤ high"),
        ({"ranges": {"tax": 3}}, "(low, high, step)"),
        ({"ranges": {"tax": (0, 0.5, 1)}}, "no number but 0"),
    ],
)
def test_bad_arguments_are_refused(options, rule):
    with pytest.raises(ValueError, match=re.escape(rule)):
        GraphQuiz(apple(), **options)


def test_no_draw_that_can_be_typed_leaves_the_old_numbers():
    quiz = GraphQuiz(Graph(Log()(Variable(2, "x"))), ranges={"x": (-5, -1, 1)})
    with pytest.raises(ValueError, match="give other ranges"):
        quiz.new_numbers()
    assert float(quiz.graph.output.value) == pytest.approx(math.log(2))
    assert quiz.answer("v0-v1-0", "0.5")


def test_a_graph_without_names_can_be_asked_but_not_changed():
    quiz = GraphQuiz(Variable(2) * Variable(3))
    answer_all(quiz)
    with pytest.raises(ValueError, match="no named input"):
        quiz.new_numbers()


def test_an_unknown_box_is_an_error_of_the_caller():
    quiz = GraphQuiz(apple())
    for call in (lambda: quiz.answer("v9", "1"), lambda: quiz.hint("v9"), lambda: quiz.check_all({"v9": "1"})):
        with pytest.raises(ValueError, match="there is no box 'v9'"):
            call()
