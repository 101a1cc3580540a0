"""Each learner on a hub gets notebooks that are nobody else's, and keeps every answer when the course changes."""

import os
import re
import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="JupyterHub does not run on Windows")

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "binder" / "learner_server.py"))
copy_missing, link = SCRIPT["copy_missing"], SCRIPT["link"]


@pytest.fixture
def course(tmp_path):
    """A small course: a notebook, a picture, a module of nbkit and a page."""
    course = tmp_path / "course"
    for name in ("notebooks/00_start.ipynb", "notebooks/images/graph.svg", "nbkit/layers.py", "README.md"):
        course.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        course.joinpath(name).write_text(f"the course's {name}")
    return course


def files(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_new_learner_gets_every_notebook_and_picture(course, tmp_path):
    copy_missing(course, tmp_path / "home")
    assert files(tmp_path / "home" / "notebooks") == files(course / "notebooks")


def test_an_answer_survives_an_update_of_the_course_and_new_chapters_arrive(course, tmp_path):
    copy_missing(course, tmp_path / "home")
    own = tmp_path / "home" / "notebooks"
    own.joinpath("00_start.ipynb").write_text("an answer")
    course.joinpath("notebooks", "00_start.ipynb").write_text("a newer version")
    course.joinpath("notebooks", "01_new.ipynb").write_text("a new chapter")
    copy_missing(course, tmp_path / "home")
    assert files(own) == {
        "00_start.ipynb": "an answer",
        "01_new.ipynb": "a new chapter",
        "images/graph.svg": "the course's notebooks/images/graph.svg",
    }


def test_a_deleted_notebook_comes_back_new(course, tmp_path):
    copy_missing(course, tmp_path / "home")
    mine = tmp_path / "home" / "notebooks" / "00_start.ipynb"
    mine.unlink()
    copy_missing(course, tmp_path / "home")
    assert mine.read_text() == "the course's notebooks/00_start.ipynb"


def test_a_course_that_nobody_may_change_gives_copies_that_the_learner_may(course, tmp_path):
    for path in course.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    copy_missing(course, tmp_path / "home")
    modes = {path.stat().st_mode & 0o200 for path in tmp_path.joinpath("home").rglob("*")}
    assert modes == {0o200}


def test_checkpoints_of_the_course_are_nobodys_business(course, tmp_path):
    stray = course / "notebooks" / ".ipynb_checkpoints" / "00_start-checkpoint.ipynb"
    stray.parent.mkdir()
    stray.write_text("somebody's")
    copy_missing(course, tmp_path / "home")
    assert not tmp_path.joinpath("home", "notebooks", ".ipynb_checkpoints").exists()


def test_links_lead_into_the_course_also_after_it_has_moved(course, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    link(course, home)
    link(course, home)  # each start of the server
    assert home.joinpath("nbkit", "layers.py").read_text() == "the course's nbkit/layers.py"
    moved = course.rename(tmp_path / "moved")
    link(moved, home)
    assert home.joinpath("README.md").resolve() == moved / "README.md"


@pytest.mark.parametrize(
    ("on_a_hub", "on_kubernetes"),
    [
        (r'default_url = "(.+)"', r"defaultUrl: (.+)"),
        (r'mem_limit = "(.+)"', r"limit: (\d+G)"),
        (r'with_name\("(.+)"\)', r"binder/(.+)\]"),
    ],
)
def test_a_learner_finds_the_same_on_every_hub(on_a_hub, on_kubernetes):
    (own,) = re.findall(on_a_hub, ROOT.joinpath("binder", "jupyterhub_config.py").read_text("utf-8"))
    (chart,) = re.findall(on_kubernetes, ROOT.joinpath("binder", "kubernetes.yaml").read_text("utf-8"))
    assert own == chart


def test_a_hub_opens_a_notebook_that_every_learner_gets(tmp_path):
    (opened,) = re.findall(
        r'default_url = "/lab/tree/(.+)"', ROOT.joinpath("binder", "jupyterhub_config.py").read_text()
    )
    copy_missing(ROOT, tmp_path)
    assert (tmp_path / opened).is_file()
