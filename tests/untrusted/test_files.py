"""Files that may hold anything, of points and of weights: refused in words, or read as they were meant."""

import csv
import io
import os
import pickle
import re
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, example
from hypothesis import strategies as st

from nbkit import (
    Affine,
    MSELoss,
    Sequential,
)  # fmt: skip
from nbkit.csv_table import MAX_CLASS_CHARACTERS, MAX_NUMBER
from nbkit.datasets import read_csv
from tests.hostile import ATTACKS, TEXTS, attempt, fuzz, readable

# ---------------------------------------------------------------- files of points


def read(tmp_path_factory, content):
    """Write bytes to a file and read them: points, or a ValueError that can be read."""
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    data, refusal = attempt(read_csv, path)
    if refusal:
        return None
    assert data.x.shape == (len(data.t), 2)
    assert np.abs(data.x).max() <= MAX_NUMBER
    assert len(data.features) == 2
    assert set(data.t) == set(range(len(data.classes)))
    assert list(data.classes) == sorted(data.classes)
    assert all(0 < len(name) <= MAX_CLASS_CHARACTERS for name in data.classes + data.features)
    return data


CELLS = TEXTS.filter(lambda text: len(text) < 200) | st.sampled_from(["1", "-2.5", "1e999", "nan", "1e200", "", '"'])
LINES = st.lists(st.lists(CELLS, max_size=4), max_size=4)


def encoded(rows, code, end):
    return end.join(",".join(row) for row in rows).encode(code, errors="surrogatepass")


CODES = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-7"])


@fuzz(200, st.binary(max_size=200) | st.builds(encoded, LINES, CODES, st.sampled_from(["\n", "\r", "\r\n"])))
@example(b"a\n1,2,x\n3,4,y\n")  # one name for three columns
@example(b"1e200,2,x\n1,2,y\n1,2,x\n")  # too large a number is no name of a column
@example(b"1,2,x\x00\n3,4,x\n")  # NumPy cuts a zero at the end of a text
@example(b"1,2,x\n" + b",".join([b"a" * 130_000] * 6))
@example(b"," * 999_999)
@example(b"1,2," + b"a" * 140_000 + b"\n1,2,b\n")
def test_a_file_of_any_bytes(tmp_path_factory, content):
    read(tmp_path_factory, content)


PLAIN = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40) | st.sampled_from(ATTACKS)
WORDS = PLAIN.map(lambda text: re.sub("[\ud800-\udfff]", "", text.strip()[:MAX_CLASS_CHARACTERS].strip())).filter(bool)
NUMBERS = st.floats(-MAX_NUMBER, MAX_NUMBER)


@fuzz(150, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=5), WORDS, WORDS, st.sampled_from(",;\t"))
@example([(1.0, 2.0), (3.0, 4.0)], "a\nb", "a\u2028b", ",")
@example([(1.0, 2.0), (3.0, 4.0)], "a", "a\x00", ",")
@example([(1.0, 2.0), (3.0, 4.0)], "a;b;c;d", "x\t\t\t\ty", ",")
@example([(1.0, 2.0), (3.0, 4.0)], "a\n;;;;b", 'say ""x"', ",")
def test_a_file_as_a_spreadsheet_writes_it_comes_back_as_it_was(tmp_path_factory, points, one, other, delimiter):
    assume(one != other)
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([f"{one[:50]}z", "weight", "kind"])
    rows = [(x, y, (one, other)[k % 2]) for k, (x, y) in enumerate(points)]
    writer.writerows(rows)
    data = read(tmp_path_factory, file.getvalue().encode())
    assert data.features == (f"{one[:50]}z", "weight")
    assert data.x.tolist() == [[x, y] for x, y, _name in rows]
    assert [data.classes[t] for t in data.t] == [row[2] for row in rows]


@pytest.mark.parametrize("path", ["a" * 100_000, "a\0b", "\ud800", ".", "no such file", "\n"])
def test_a_path_that_leads_to_no_file(path):
    with pytest.raises((FileNotFoundError, ValueError)) as refusal:
        read_csv(path)
    assert readable(refusal.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ValueError, match="neither a file nor a folder"):
        read_csv(tmp_path / "pipe.csv")


@pytest.mark.parametrize(
    "content",
    ["1,2," + "a" * 100_000 + "\n" + "1,2,b\n" * 1000, "a" * 3_000_000, '"' * 999_999, "1,2,a\n" * 10_000],
    ids=["one long name", "one long line", "quotes", "many lines"],
)
def test_a_file_takes_memory_as_its_own_size(tmp_path, content):
    (tmp_path / "large.csv").write_text(content)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"must have|is too long|no text file"):
            read_csv(tmp_path / "large.csv")
        assert tracemalloc.get_traced_memory()[1] < 100e6  # the first took 800 MB: each name as long as the longest
    finally:
        tracemalloc.stop()


# ---------------------------------------------------------------- files of weights


def small_net():
    return Sequential([Affine(np.ones((2, 3)), np.zeros(3), name="one")], MSELoss())


@fuzz(60, st.binary(max_size=300) | st.builds(lambda head, rest: head + rest, st.just(b"PK\x03\x04"), st.binary()))
def test_weights_from_any_bytes(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzz.npz"
    path.write_bytes(content)
    net = small_net()
    with pytest.raises(ValueError, match="no parameters that can be read") as refusal:
        net.load(path)
    assert readable(refusal.value)
    assert (net.parameters()["one.W"] == 1).all()


class Trap:
    """Unpickled, it would end the tests."""

    def __reduce__(self):
        return sys.exit, (3,)


@pytest.mark.parametrize("how", ["as an array", "as the file"])
def test_weights_are_never_unpickled(tmp_path, how):
    path = tmp_path / "trap.npz"
    if how == "as the file":
        path.write_bytes(pickle.dumps(Trap()))
    else:
        np.savez(path, **{"one.W": np.array([Trap()], dtype=object)})
    with pytest.raises(ValueError, match="no parameters that can be read"):
        small_net().load(path)


def test_a_small_archive_that_unpacks_into_much_is_not_unpacked(tmp_path):
    np.savez_compressed(tmp_path / "bomb.npz", **{"one.W": np.zeros(5_000_000)})
    assert (tmp_path / "bomb.npz").stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="too large for this network"):
            small_net().load(tmp_path / "bomb.npz")
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()
