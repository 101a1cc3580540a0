"""What Binder makes of this checkout, as repo2docker tells it without Docker."""

import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from nbkit.__main__ import _parser
from tests import replay_binder
from tests.project.test_project import NOTEBOOKS, read
from tests.replay_binder import REPO2DOCKER, ROOT, dockerfile, find_python, locked, steps

WIDGET = "application/vnd.jupyter.widget-view+json"
unix = pytest.mark.skipif(sys.platform == "win32", reason="repo2docker and postBuild need Linux or macOS")


@pytest.fixture(scope="module")
def text():
    return dockerfile()


@unix
def test_the_image_has_the_python_of_runtime_txt(text):
    version = read("binder/runtime.txt").strip().removeprefix("python-")
    assert f"Building conda environment for python={version}\n" in text
    assert re.search(rf"^COPY .*environment-2epy-2d{version.replace('.', '-2e')}-", text, re.MULTILINE)


@unix
def test_our_requirements_are_installed_when_the_whole_checkout_is_there_and_post_build_follows(text):
    copied = text.index("\nCOPY --chown=1000:1000 src/ ${REPO_DIR}/")
    assert "-r" not in re.findall(r"pip install.*", text[:copied])
    runs, _command = steps(text)
    assert runs == [
        '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "chmod +x binder/postBuild",
        "./binder/postBuild",
    ]


@unix
def test_nothing_of_ours_is_done_as_root(text):
    ours = text[text.index("\nCOPY --chown=1000:1000 src/ ${REPO_DIR}/") :]
    assert set(re.findall(r"^USER (.+)$", ours, re.MULTILINE)) == {"${NB_USER}"}


@unix
def test_the_image_is_locked_at_versions_that_pip_can_read():
    lines = locked(read("binder/runtime.txt").strip().removeprefix("python-")).splitlines()
    names = [line.partition("==")[0] for line in lines]
    assert {"jupyterlab", "notebook", "ipykernel", "jupyterhub"} <= set(names)
    assert len(names) == len(set(names)), "two versions of one package"


@unix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what repo2docker imports
def test_the_image_for_kubernetes_is_made_for_the_learner_and_the_folder_that_the_chart_expects():
    from repo2docker.__main__ import make_r2d

    line, for_the_report = re.findall(r"^jupyter-repo2docker (.+)$", read("binder/README.md"), re.MULTILINE)
    alone = make_r2d(for_the_report.split())
    assert (alone.user_id, alone.user_name, alone.target_repo_dir) == (1000, "jovyan", "/srv/course")
    assert (alone.output_image_spec, alone.push, alone.run) == ("course", False, False)
    made, values = make_r2d(line.split()), read("binder/kubernetes.yaml")
    assert (made.user_id, made.user_name) == (1000, "jovyan")  # the chart mounts the learner's files at /home/jovyan
    assert REPO2DOCKER[-4:] == ("--user-id", "1000", "--user-name", "jovyan")  # and Binder does the same
    assert f"cmd: [python3, {made.target_repo_dir}/binder/learner_server.py]" in values
    name, tag = re.search(r"name: (\S+).*\n +tag: (\S+)", values).groups()
    assert made.output_image_spec == f"{name}:{tag}"
    assert made.push
    assert not made.run


def test_the_container_of_the_report_reads_one_folder_and_writes_another_and_has_no_way_out():
    (line,) = re.findall(r"^docker run (.+)$", read("binder/README.md"), re.MULTILINE)
    words = shlex.split(line)
    image = words.index("course")
    options = words[:image]
    assert {"--rm", "--read-only"} <= {*options}
    given = {tuple(pair) for pair in pairwise(options)}
    assert {("--network", "none"), ("--cap-drop", "ALL"), ("--security-opt", "no-new-privileges")} <= given
    volumes = [after for option, after in given if option == "--volume"]
    assert sorted(volumes) == ["$PWD/handed_in:/handed_in:ro", "$PWD/report:/report"]
    assert words[image + 1 : image + 4] == ["python", "-m", "nbkit"]
    asked = _parser().parse_args(words[image + 4 :])
    assert (asked.folder.as_posix(), asked.out.as_posix(), asked.again, asked.jobs) == (
        "/handed_in",
        "/report",
        True,
        2,
    )


def test_a_replay_says_which_python_it_really_uses(monkeypatch):
    here = f"Python {platform.python_version()}"
    monkeypatch.setattr(replay_binder.shutil, "which", lambda name: None)
    assert find_python("3.99") == (sys.executable, f"{here}, as there is no Python 3.99 here")
    monkeypatch.setattr(replay_binder.shutil, "which", lambda name: sys.executable)
    assert find_python("3.99") == (sys.executable, "Python 3.99")


def test_no_file_of_binder_has_windows_line_ends():
    files = [path for path in (ROOT / "binder").iterdir() if path.is_file()]
    assert len(files) >= 4
    assert [path.name for path in files if b"\r" in path.read_bytes()] == []


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small checkout after postBuild: two notebooks, and a part of nbkit with a folder in it."""
    home = tmp_path_factory.mktemp("home")
    (home / "nbkit" / "drawing").mkdir(parents=True)
    for name in ("__init__.py", "layers.py", "drawing/__init__.py", "drawing/theme.py"):
        shutil.copy(ROOT / "nbkit" / name, home / "nbkit" / name)
    shutil.copytree(ROOT / "binder", home / "binder")
    (home / "notebooks").mkdir()
    for path in NOTEBOOKS[:2]:
        shutil.copy(path, home / "notebooks")
    environment = os.environ | {"HOME": str(home), "JUPYTER_DATA_DIR": str(home / "jupyter"),
                                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(["./binder/postBuild"], cwd=home, env=environment, check=True, capture_output=True)
    return home


@unix
def test_after_post_build_pages_are_trusted(built):
    notary = NotebookNotary(data_dir=str(built / "jupyter"))
    try:
        for path in NOTEBOOKS[:2]:
            assert notary.check_signature(nbformat.read(built / "notebooks" / path.name, as_version=4))
            assert not notary.check_signature(nbformat.read(path, as_version=4)), "postBuild had nothing to do"
    finally:
        notary.store.close()


@unix
def test_after_post_build_every_picture_is_there_and_no_widget_takes_its_place(built):
    for path in NOTEBOOKS[:2]:
        before, after = (json.loads(p.read_text(encoding="utf-8")) for p in (path, built / "notebooks" / path.name))
        for notebook in (before, after):
            notebook["data"] = [o["data"] for c in notebook["cells"] for o in c.get("outputs", ()) if "data" in o]
        assert any(WIDGET in data for data in before["data"])
        assert after["data"] == [{kind: data[kind] for kind in data if kind != WIDGET} for data in before["data"]]
        assert [c["source"] for c in after["cells"]] == [c["source"] for c in before["cells"]]


@unix
def test_after_post_build_nbkit_is_compiled(built):
    sources = {path.relative_to(built).with_suffix("") for path in (built / "nbkit").rglob("*.py")}
    compiled = {path.parents[1].relative_to(built) / path.name.partition(".")[0] for path in built.rglob("*.pyc")}
    assert compiled == sources
    assert len(sources) == 4
