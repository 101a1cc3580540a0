"""Which cells an answer needs, and what counts where they are not all: what a run of all cells from the top says."""

import time

import pytest

from nbkit.classroom.run.slices import Slices
from nbkit.course.records import OPEN, SOLVED
from tests.classroom.run.test_run import DOUBLE, IMPORT, save, states

DOUBLE_K = "def double(x):\n    return k[0] * x"
CHECK = 'check("00.function", double)'
NET = "class Net:\n    k = {}\n\n\nnet = Net()"
TRAIN = "def train(steps):\n    for _ in range(steps):\n        net.k = {}\n    return [1]"
USES_NET = f"def double(x):\n    return net.k * x\n\n\n{CHECK}"
HIDDEN = {  # cells, and what their run from the top says; the code does not show that the answer needs all of them
    "an alias": (("k = [1]\nj = k", "j[0] = 2", DOUBLE_K, CHECK), SOLVED),
    "an alias, to its harm": (("k = [2]\nj = k", "j[0] = 3", DOUBLE_K, CHECK), OPEN),
    "a view": (("import numpy as np\nk = np.ones(2)", "first = k[:1]", "first[0] = 2", DOUBLE_K, CHECK), SOLVED),
    "a function": (("k = [2]", "def bump():\n    k[0] = 3", "bump()", DOUBLE_K, CHECK), OPEN),
    "a function's value": ((NET.format(1), TRAIN.format(2), "losses = train(3)", USES_NET), SOLVED),
    "a function's value, to its harm": ((NET.format(2), TRAIN.format(3), "losses = train(3)", USES_NET), OPEN),
    "a global": (("k = [1]", "def change():\n    global k\n    k = [2]", "change()", DOUBLE_K, CHECK), SOLVED),
    "a file": (("open('k', 'w').write('2')", "def double(x):\n    return int(open('k').read()) * x", CHECK), SOLVED),
}  # fmt: skip


def test_what_a_slice_does_not_show_is_found_by_a_run_from_the_top(tmp_path):
    said = {SOLVED: "✓ Right.", OPEN: "✗ Not yet."}
    for number, (cells, state) in enumerate(HIDDEN.values()):
        save(tmp_path, f"00_{number}.ipynb", IMPORT, *cells[:-1], (cells[-1], said[state]))
    # What another cell leaves makes an answer wrong that is right alone; its outputs are those of before.
    save(tmp_path, "00_stale.ipynb", IMPORT, "k = [2]\nj = k", "j[0] = 3", DOUBLE_K, CHECK)
    found = [one["00.function"] for one in states(tmp_path).values()]
    assert found == [*(state for _cells, state in HIDDEN.values()), OPEN]


CELLS = ("import a", "k = 1", "k = a", "m = 2", "print(m)", "n = k", "n.x = 1", "def f(): return late", "late = 1",
         "late = 2", "check('00.number', n)", "check('00.function', f)", "f.y = 2")  # fmt: skip


@pytest.mark.parametrize(("cell", "needed"), [(10, [0, 2, 5, 6]), (11, [7, 8, 9]), (5, [0, 2]), (4, [3])])
def test_a_slice_holds_what_binds_and_changes_a_name(cell, needed):
    assert list(Slices(CELLS).needed(cell)) == needed


@pytest.mark.parametrize("step", [1, -1])
def test_a_thousand_cells_that_need_each_other_are_soon_found(step):
    cells = [f"def f{k}():\n    return f{k + step}()" for k in range(1000)]
    asked = [f"check('00.function', f{0 if step == 1 else 999})"] * 40
    start = time.process_time()
    slices = Slices(cells + asked)
    assert [list(slices.needed(k)) for k in range(1000, 1040)] == [list(range(1000))] * 40
    assert time.process_time() - start < 2
    assert Slices(cells + asked, most=100).needed(1005) == range(1005)


def test_a_cell_of_thousands_of_magics_is_read():
    assert list(Slices(["k = 1", "%%time\n" * 3000 + "k"]).needed(1)) == [0]


def test_a_cell_of_thousands_of_other_magics_is_not_read_but_run():
    start = time.process_time()
    slices = Slices(["k = 1", "%x y\n" * 3000, "print(1)"])
    assert list(slices.needed(2)) == [0, 1]
    assert time.process_time() - start < 2


def test_an_answer_without_help_of_others_stays_alone():
    assert list(Slices(["x = 1", DOUBLE]).needed(1)) == []
