"""Notebooks that may hold anything, read by `progress`: counted or named in one picture, and never as markup."""

import json
import re

from hypothesis import strategies as st

from nbkit import progress
from nbkit.course.records import SOLVED
from tests.course.folders import RIGHT, save, task
from tests.drawing.parsed import parsed
from tests.hostile import ATTACKS, TEXTS, fuzz

NAME = "00_start_here.ipynb"
KEYS = st.sampled_from(["cells", "cell_type", "source", "outputs", "output_type", "data", "text", "text/plain", "name"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
LEAVES |= st.sampled_from(
    ["code", "markdown", "error", "stream", 'check("00.number", 1)', "# A", RIGHT, "… Still", *ATTACKS]
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | TEXTS, inner, max_size=6), max_leaves=30
)
HEADINGS = TEXTS.map(lambda text: {"cell_type": "markdown", "source": f"# {text}"})
CELLS = st.fixed_dictionaries(
    {"cell_type": st.just("code") | VALUES, "source": st.just('check("00.number", 1)') | VALUES, "outputs": VALUES}
)
TAGS = re.compile(r"<\s*/?\s*([a-z]+)", re.IGNORECASE)


def shown(folder, content):
    """Return what is shown of a folder that holds one file with this content."""
    (folder / NAME).write_bytes(content)
    found = progress(folder)
    parsed(found.svg)
    found.svg.encode()
    page = "".join(map(str, found._below()))
    assert set(TAGS.findall(page)) <= {"p", "a", "ul", "li"}
    repr(found).encode()
    return found


@fuzz(100, st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode(errors="surrogatepass")))
def test_a_file_of_any_bytes_or_any_json(tmp_path_factory, content):
    shown(tmp_path_factory.getbasetemp(), content)


@fuzz(100, st.lists(CELLS | HEADINGS | VALUES, max_size=6), st.sampled_from([None, 0, 1]))
def test_any_cells_beside_a_sound_one(tmp_path_factory, cells, indent):
    folder = tmp_path_factory.getbasetemp()
    sound = json.loads(save(folder, NAME, "Heading", task("00.function", RIGHT)).read_text(encoding="utf-8"))["cells"]
    content = json.dumps({"cells": [*cells, *sound]}, indent=indent).encode(errors="surrogatepass")
    first = shown(folder, content).records[0]
    assert {task.name: task.state for task in first.exercises}["00.function"] == SOLVED
