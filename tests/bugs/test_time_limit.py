"""A learner's code ends when its time is over, whatever it catches; other code notices nothing."""

import ast
import math
from itertools import count
from threading import Thread

import pytest

from nbkit.bugs.time_limit import LOOK, OutOfTime, look_at_the_clock, time_limit, with_looks
from tests.hostile import deep_calls

ENDLESS = {
    "while": "while True: pass",
    "in a function": "def f():\n    while True: pass\nf()",
    "for": "for i in count(): pass",
    "in a class": "class A:\n    while True: pass",
    "catches exceptions": "while True:\n    try: float('x')\n    except Exception: pass",
    "catches everything": "while True:\n    try:\n        while True: pass\n    except: pass",
    "continues": "while True:\n    try: continue\n    finally: continue",
    "of calls": "def f(n):\n    try: f(n + 1); f(n + 1)\n    except RecursionError: f(n)\nf(0)",
    "comprehension": "[i for i in count() if i < 0]",
    "generator": "sum(i for i in count() if i < 0)",
}


def run(code, seconds=0.1):
    names = {LOOK: look_at_the_clock, "count": count}
    with deep_calls(), time_limit(seconds):
        exec(compile(with_looks(ast.parse(code)), "box", "exec"), names)
    return names


@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_code_without_an_end_is_stopped(code):
    with pytest.raises(OutOfTime):
        run(code)


def test_it_is_stopped_in_any_thread():
    ended = []

    def work():
        try:
            run(ENDLESS["while"])
        except OutOfTime:
            ended.append(True)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]


def test_the_line_of_the_loop_is_to_blame():
    with pytest.raises(OutOfTime) as caught:
        run("x = 1\n\nwhile True:\n    x = 2\n    y = 3")
    lines = [entry.lineno for entry in caught.traceback if str(entry.path) == "box"]
    assert lines == [2]  # counted from 0


def test_code_that_ends_gives_what_it_gives():
    code = """
def f(n):
    "what it does"
    return [i * j for i in range(n) if i for j in range(i)]
g = lambda n: sum(f(n))
for k in range(3):
    if k == 1: break
else:
    k = 7
while k < 5: k += 1
else:
    done = True
"""
    plain, names = {}, run(code, seconds=60)
    exec(code, plain)
    assert names["f"].__doc__ == "what it does"
    assert (names["f"](4), names["g"](4), names["k"], names["done"]) == (plain["f"](4), plain["g"](4), 5, True)


def test_a_limit_counts_in_its_block_only_and_an_inner_one_gives_no_more_time():
    f = run("def f(n):\n    for i in range(n): pass\n    return n", seconds=math.inf)["f"]
    with time_limit(-1), pytest.raises(OutOfTime), time_limit(60):
        f(1)
    assert f(10) == 10
