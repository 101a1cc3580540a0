"""The quiz without a browser: type what a learner would type, right or wrong, and read what is said."""

import json
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbkit import Graph, GraphQuiz, Log, Variable
from nbkit.formatting import number
from tests.drawing.parsed import parsed, texts
from tests.quiz.graphs import apple, difference, fan, many, shop, twice


def find(quiz, name):
    """The id of the one blank whose name ends like this."""
    (id_,) = [id_ for id_, blank in quiz.blanks.items() if blank.name.endswith(name)]
    return id_


def answer_all(quiz, but=()):
    for id_, blank in quiz.blanks.items():
        if id_ not in but:
            assert quiz.answer(id_, number(blank.expected)), blank.name


# ---------------------------------------------------------------- what is asked


def test_forward_asks_once_for_each_computed_value_and_shows_no_gradient():
    quiz = GraphQuiz(twice(), "forward")
    assert [blank.expected for blank in quiz.blanks.values()] == [10, 100, 110]
    assert texts(quiz.view.svg, "grad") == []
    same = [e for e in parsed(quiz.view.svg).iter() if e.get("data-same") == "v2"]
    assert len(same) == 2  # on the other two edges the same value waits for this box


@pytest.mark.parametrize("graph", [apple, shop, fan, twice, difference, many])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_right_numbers_are_right_and_four_digits_are_enough(graph, direction):
    quiz = GraphQuiz(graph(), direction)
    for _round in range(3):
        answer_all(quiz)
        assert "well done" in quiz.view.message
        assert quiz.score.right == quiz.score.total == len(quiz.blanks)
        quiz.new_numbers()


# ---------------------------------------------------------------- how a number may be written


@pytest.mark.parametrize(("text", "told"), [("  ", "empty"), ("apple", "not a number")])
def test_anything_else_gets_a_friendly_word(text, told):
    quiz = GraphQuiz(apple())
    id_ = find(quiz, "from apple to ×")
    assert told in quiz.answer(id_, text).text
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
    shown = [*texts(quiz.view.svg, "val"), *texts(quiz.view.svg, "grad")]
    assert {text.removeprefix("← ") for text in shown} <= given | {"?", "←"}
    for tag in ("<title", "<desc", "<metadata", "value=", "data-from"):
        assert tag not in quiz.view.svg


def test_the_picture_holds_one_labelled_input_for_each_blank_in_order():
    quiz = GraphQuiz(fan())
    root = parsed(quiz.view.svg)
    assert [box.get("data-blank") for box in root.iter("div")] == list(quiz.blanks)
    assert [field.get("aria-label") for field in root.iter("input")] == [b.name for b in quiz.blanks.values()]


def test_a_page_without_a_kernel_gets_empty_boxes():
    quiz = GraphQuiz(fan())
    quiz.reveal()
    assert "foreignObject" not in quiz.snapshot()
    assert sum("?" in text for text in texts(quiz.snapshot())) == len(quiz.blanks)


def test_a_number_that_follows_from_a_wrong_one_is_told_so():
    quiz = GraphQuiz(apple(), "forward")
    verdicts = quiz.check_all({find(quiz, "from × to ×"): "102", find(quiz, "from × to bill"): "112.2"})
    assert [verdict.mistake for verdict in verdicts.values()] == ["operation", "carried"]


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

    def ask(kind, **more):
        quiz.view._handle_custom_msg({"kind": kind, **more}, [])

    ask("answer", blank=id_, text="2")
    assert quiz.view.marks[id_] == "wrong"
    ask("check", texts={id_: "2.2"})
    assert quiz.view.marks[id_] == "right"
    ask("hint", blank=None)
    ask("reveal", blank=find(quiz, "from count to ×"))
    assert quiz.score == (1, 4, 1, 1)
    ask("new", blank=None)
    assert quiz.view.round == 2
    ask("answer", blank="v99", text="2")
    assert "there is no box" in quiz.message.value
    ask("hint", blank=None)
    assert quiz.message.value == ""


# ---------------------------------------------------------------- what it refuses


def test_numbers_that_nobody_can_type_are_refused():
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="nobody can type that"):
        GraphQuiz(Graph(1 / Variable(0.0, "x")))
    with pytest.raises(ValueError, match="nobody can type that"):
        GraphQuiz(Graph(Variable(1e12, "x") * 3), "forward")


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"blanks": "sideways"}, "one of forward, backward"),
        ({"ranges": {"pear": (0, 1, 1)}}, "ranges names pear"),
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
