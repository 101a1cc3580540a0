"""Settings from elsewhere, as a line of JSON and as exported code: refused in words, or data and nothing else."""

import ast
import json

import pytest
from hypothesis import example
from hypothesis import strategies as st

from nbkit import (
    Experiment,
    Settings,
)  # fmt: skip
from nbkit.experiment import code_of
from nbkit.experiment.features import FEATURES
from nbkit.experiment.settings import MAX_COORDINATE
from tests.hostile import JSON, TEXTS, attempt, fuzz

# ---------------------------------------------------------------- settings as a line of text

NAMES = list(vars(Settings()))
PLACES = st.floats(-MAX_COORDINATE, MAX_COORDINATE) | st.integers(-(10**6), 10**6)
VALID = st.fixed_dictionaries(
    {},
    optional={
        "data": st.sampled_from(["own points", "xor", "moons", "circles", "spiral", "iris, petals", "iris, sepals"]),
        "noise": st.floats(0, 1),
        "held_out": st.floats(0, 0.9),
        "features": st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True),
        "hidden": st.lists(st.integers(1, 16), max_size=4),
        "activation": st.sampled_from(["ReLU", "LeakyReLU", "Sigmoid", "Tanh"]),
        "loss": st.sampled_from(["cross-entropy", "squared error"]),
        "optimizer": st.sampled_from(["SGD", "Momentum", "Adam"]),
        "lr": st.floats(0, 1e3, exclude_min=True),
        "batch_size": st.integers(1, 10**6),
        "weight_decay": st.floats(0, 1e3),
        "seed": st.integers(0, 2**32 - 1),
        "points": st.lists(st.tuples(PLACES, PLACES, st.integers(0, 2)), max_size=6),
        "path": TEXTS,
    },
)


@fuzz(150, TEXTS | st.builds("{}{}{}".format, TEXTS, st.sampled_from(['{"lr": 1}', "[", "{"]), TEXTS))
@example("[" * 100_000)
@example('{"points": ' + "[" * 40_000 + "]" * 40_000 + "}")
@example('{"points": ' + "[" * 900 + "]" * 900 + "}")
@example("1" * 100_000)
def test_a_line_of_settings_that_is_any_text(line):
    settings, refusal = attempt(Settings.from_json, line)
    assert refusal or Settings.from_json(settings.to_json()) == settings


@fuzz(250, st.dictionaries(st.sampled_from(NAMES) | TEXTS, JSON | st.floats() | st.lists(JSON, max_size=3), max_size=3))
@example({"lr": 10**400})
@example({"points": [[10**400, 0, 0]]})
@example({"points": [[1e308, 0, 0], [-1e308, 1, 1]]})
@example({"path": "\ud800"})
def test_settings_with_values_of_any_kind(values):
    settings, refusal = attempt(Settings.from_json, json.dumps(values))
    if not refusal:
        assert Settings.from_json(settings.to_json()) == settings
        assert "\n" not in settings.to_json()


def test_of_a_setting_that_stands_twice_the_last_counts():
    assert Settings.from_json('{"lr": 5, "lr": 0.5}').lr == 0.5


# ---------------------------------------------------------------- settings as code

IN_CODE = {"Affine.random", "History", "Sequential", "islice", "len", "net.decide", "np.mean", "np.zeros", "one_hot",
           "print", "sources.own", "datasets.read_csv", "sources.noisy_xor", "sources.two_of_iris", "train",
           "np.random.default_rng", "np.sin", "np.stack", "datasets.circles", "datasets.moons", "datasets.spiral",
           "ReLU", "LeakyReLU", "Sigmoid", "Tanh", "SigmoidWithLoss", "SoftmaxWithLoss", "MSELoss", "SGD", "Momentum",
           "Adam"}  # fmt: skip
# of an array or generator, whatever made it
METHODS = {"random", "mean", "std", "max", "min", "reshape", "ravel", "round"}
MODULES = {"itertools", "numpy", "nbkit", "nbkit.experiment", "nbkit.functions"}


def calls_of(code):
    """Return the calls in a piece of code, and refuse every import and every call that is not expected."""
    calls = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name in IN_CODE or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS), name
            calls.append((name, node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            assert {getattr(node, "module", None) or node.names[0].name} <= MODULES
    return calls


def example_points():
    return ((0.0, 0.0, 0), (1.0, 1.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 2))


@pytest.fixture(scope="module")
def on_a_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "points.csv"
    path.write_text("1,2,yes\n3,4,no\n5,6,no\n")
    return Experiment(Settings(data="CSV file", path=str(path)))


@fuzz(30, VALID, TEXTS, TEXTS)
@example({"data": "own points", "points": example_points()}, "'''\n", "\"\n__import__('os')")
def test_exported_code_holds_settings_as_data_only(on_a_file, values, path, weights):
    settings = Settings(**values)
    assert Settings.from_json(settings.to_json()) == settings
    if settings.data == "own points" and not settings.points:
        settings = settings.replace(points=example_points())
    code = code_of(Experiment(settings), weights)
    calls = dict(calls_of(code))
    assert Settings.from_json(code.splitlines()[0].removeprefix("# ")) == settings
    if settings.data == "own points":
        assert ast.literal_eval(calls["sources.own"].args[0]) == settings.points
    on_a_file.settings = on_a_file.settings.replace(path=path)
    assert dict(calls_of(code_of(on_a_file, weights)))["datasets.read_csv"].args[0].value == path
