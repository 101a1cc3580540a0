"""The benchmark of whole trainings compares like with like, the same steps on every side, and says who is missing."""

import sys

import numpy as np
import pytest

from tests.benchmarks import training_run

TASKS = {task.name: task for task in training_run.tasks()}


@pytest.fixture
def no_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)  # `import torch` raises ImportError


@pytest.mark.parametrize("name", TASKS)
def test_every_side_that_is_here_makes_the_same_steps(name):
    """MLPClassifier is an independent library: equal losses mean equal gradients and updates."""
    task = TASKS[name]
    sides = {side: make(task) for side, make in training_run.peers().items()}
    assert {"nbkit", "MLPClassifier"} <= sides.keys()
    training_run.check(task, sides)
    training_run.check(task, sides)  # from the start values again, not from where the first run ended


def test_other_steps_are_noticed():
    task = TASKS["iris"]
    sides = {"nbkit": training_run.WithNbkit(task), "other": training_run.WithSklearn(task._replace(lr=0.1001))}
    with pytest.raises(AssertionError, match="iris: other"):
        training_run.check(task, sides)


def test_the_rows_of_an_epoch_are_all_rows():
    rows = TASKS["iris"].rows(2)
    assert rows.shape == (14, 16)
    for epoch in (rows[:7], rows[7:]):
        assert np.array_equal(np.sort(epoch.ravel()), np.arange(112))


def test_a_loss_that_is_not_reached_is_an_error(monkeypatch):
    monkeypatch.setattr(training_run, "MAX_EPOCHS", 3)
    with pytest.raises(RuntimeError, match=r"XOR does not reach 0\.05"):
        training_run.epochs_to(TASKS["XOR"])


@pytest.mark.usefixtures("no_torch")
def test_a_missing_peer_is_reported(monkeypatch):
    monkeypatch.setattr(training_run, "tasks", lambda: [TASKS["XOR"]])
    (found,) = training_run.tables(blocks=1)
    table = found.text()
    assert [line.split()[-2:] for line in table.splitlines() if "PyTorch  " in line] == [["missing", "missing"]]
    assert "pip install -r tests/benchmarks/requirements.txt" in table
