"""What runs on GitHub: the steps that are scripts are run here, with stand-ins for what only GitHub has."""

import bz2
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

import tests.pyodide
from nbkit.web.live import app, pyodide
from tests.project.test_project import ROOT
from tests.pyodide import differences, main, version

FLOWS = {path.name: path for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
ACTION = ROOT / ".github" / "actions" / "pyodide" / "action.yml"
WRITES = {("pages.yml", "publish"): {"pages": "write", "id-token": "write"}}  # which jobs may do more than read

bash = pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="these steps run on Linux")


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs():
    for name, path in FLOWS.items():
        for job, content in read(path)["jobs"].items():
            yield name, job, content


def script(flow, step_id):
    """The script of a step, by its id."""
    steps = [step for job in read(FLOWS[flow])["jobs"].values() for step in job["steps"] if step.get("id") == step_id]
    return steps[0]["run"]


def run(text, folder, programs=None, **environment):
    """Run a script as GitHub does, in a folder, with programs of ours before those of the machine.

    Returns (exit code, what it printed, what it set for other steps).
    """
    place = folder / "programs"
    place.mkdir()
    for name, content in (programs or {}).items():
        (place / name).write_text(f"#!/bin/sh\n{content}\n", encoding="utf-8")
        (place / name).chmod(0o755)
    own = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_ENV": str(folder / "env"), "PYTHONPATH": str(ROOT)}
    path = os.pathsep.join([str(place), str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text], cwd=folder, capture_output=True,
        encoding="utf-8", env=os.environ | own | environment | {"PATH": path},
    )  # fmt: skip
    told = "".join(place.read_text() for place in (folder / "output", folder / "env") if place.exists())
    return done.returncode, done.stdout + done.stderr, told


# ---------------------------------------------------------------- what may be done


def test_a_workflow_may_read_the_repository_and_no_more():
    for name, path in FLOWS.items():
        assert read(path)["permissions"] == {"contents": "read"}, name
    for name, job, content in jobs():
        allowed = content.get("permissions", {})
        assert "write" not in allowed.values() or allowed == WRITES[name, job], (name, job)


def test_no_text_from_outside_becomes_a_part_of_a_script():
    texts = [step.get("run", "") for _name, _job, content in jobs() for step in content["steps"]]
    texts += [step.get("run", "") for step in read(ACTION)["runs"]["steps"]]
    assert [text for text in texts if re.search(r"\$\{\{(?! matrix\.)", text)] == []


def test_actions_are_of_github_or_of_this_repository_and_get_what_they_ask_for():
    used = [step for _name, _job, content in jobs() for step in content["steps"] if "uses" in step]
    used += [step for step in read(ACTION)["runs"]["steps"] if "uses" in step]
    assert len(used) > 10
    for step in used:
        assert re.fullmatch(r"actions/[\w-]+@v\d+|\./\.github/actions/pyodide", step["uses"])
    own = [step["with"] for step in used if step["uses"].startswith("./")]
    assert [sorted(given) for given in own] == [sorted(read(ACTION)["inputs"])] * 2


def test_every_step_with_an_id_and_a_script_is_run_here():
    found = {(name, step["id"]) for name, _job, content in jobs() for step in content["steps"]
             if "id" in step and "run" in step}  # fmt: skip
    assert found == {("ci.yml", "newest"), ("ci.yml", "wanted"), ("pages.yml", "ask"), ("pages.yml", "wanted")}
    assert script("ci.yml", "wanted") == script("pages.yml", "wanted")


# ---------------------------------------------------------------- is there a place to publish to?


@bash
@pytest.mark.skipif(not shutil.which("jq"), reason="GitHub's machines have jq, this one has not")
@pytest.mark.parametrize(("answer", "source"), [
    ('echo \'{"build_type": "workflow", "cname": null}\'', "workflow"),
    ('echo \'{"build_type": "legacy"}\'', "legacy"),
    ('echo \'{"build_type": null}\'', "none"),
    ('echo \'{"message": "Not Found"}\'; echo "gh: Not Found (HTTP 404)" >&2; exit 1', "none"),
])  # fmt: skip
def test_the_site_is_published_only_where_pages_wait_for_it(answer, source, tmp_path):
    code, told, set_ = run(script("pages.yml", "ask"), tmp_path, {"gh": answer},
                           GITHUB_REPOSITORY="school/course", SETTINGS="https://example.org/settings")  # fmt: skip
    assert (code, set_) == (0, f"source={source}\n")
    assert ("::notice title=Nothing was published::" in told) == (source != "workflow")
    assert ("https://example.org/settings" in told) == (source != "workflow")
    assert read(FLOWS["pages.yml"])["jobs"]["build"]["if"] == "needs.ask.outputs.source == 'workflow'"


@bash
@pytest.mark.skipif(not shutil.which("jq"), reason="GitHub's machines have jq, this one has not")
def test_a_failure_of_github_is_not_taken_for_pages_that_are_off(tmp_path):
    answer = 'echo "gh: Server Error (HTTP 502)" >&2; exit 1'
    code, told, set_ = run(script("pages.yml", "ask"), tmp_path, {"gh": answer}, GITHUB_REPOSITORY="a/b", SETTINGS="")
    assert (code, set_) == (1, "")
    assert "HTTP 502" in told


# ---------------------------------------------------------------- which Pyodide


@bash
def test_the_version_that_is_promised_is_that_of_nbkit(tmp_path):
    code, told, set_ = run(script("ci.yml", "wanted"), tmp_path, NBKIT_LITE_TOOLS="")
    assert (code, told, set_) == (0, *[f"version={pyodide.VERSION}\n"] * 2)


@bash
def test_the_newest_tools_are_the_same_ones_without_their_versions(tmp_path):
    (tmp_path / "nbkit" / "web" / "live").mkdir(parents=True)
    shutil.copy(app.TOOLS, tmp_path / "nbkit" / "web" / "live")
    code, _told, set_ = run(script("ci.yml", "newest"), tmp_path)
    assert (code, set_) == (0, f"NBKIT_LITE_TOOLS={tmp_path}/newest_tools.txt\n")
    pinned, newest = (
        [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for path in (app.TOOLS, tmp_path / "newest_tools.txt")
    )
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in pinned)
    assert newest == [line.partition("==")[0] for line in pinned]


def test_with_other_tools_the_version_is_the_one_that_their_kernel_wants(monkeypatch):
    monkeypatch.setenv("NBKIT_LITE_TOOLS", "others.txt")
    monkeypatch.setattr(app, "install_tools", lambda folder: (folder / "here").touch())
    monkeypatch.setattr(app, "kernel_facts", lambda folder: (f"315.0.{len(list(folder.iterdir()))}", "pyodide.mjs"))
    assert version() == "315.0.1"
    monkeypatch.delenv("NBKIT_LITE_TOOLS")
    assert version() == pyodide.VERSION


# ---------------------------------------------------------------- is it what its makers published?


def published():
    """A small Pyodide as npm has it, and the packages that its release has beside that."""
    packages = {name: f"content of {name}".encode() for name in ("numpy-2.whl", "left-1.whl")}
    entries = {name: {"file_name": name, "sha256": sha256(content).hexdigest()} for name, content in packages.items()}
    lock = json.dumps({"info": {"version": "0.0.1"}, "packages": entries}).encode()
    interpreter = {name: name.encode() for name in ("pyodide.asm.wasm", "pyodide.asm.js", "python_stdlib.zip")}
    return {**interpreter, pyodide.LOCK: lock, "package.json": b"{}"}, packages


@pytest.fixture
def copy(tmp_path):
    npm, packages = published()
    for name, content in (npm | packages).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_true_copy_has_no_differences_whatever_it_leaves_out(copy):
    npm, _packages = published()
    assert differences(copy, npm) == []
    (copy / "left-1.whl").unlink()
    assert differences(copy, npm) == []


@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "pyodide.asm.js", "python_stdlib.zip", "numpy-2.whl"])
def test_a_changed_file_is_named(name, copy):
    (copy / name).write_bytes(b"other")
    assert differences(copy, published()[0]) == [name]


def test_a_missing_interpreter_and_a_package_that_its_own_lock_has_slipped_in_are_named(copy):
    (copy / "pyodide.asm.wasm").unlink()
    lock = json.loads((copy / pyodide.LOCK).read_bytes())
    lock["packages"]["evil"] = {"file_name": "evil-1.whl", "sha256": "0"}
    lock["packages"]["left-1.whl"]["sha256"] = "1"
    (copy / pyodide.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    assert differences(copy, published()[0]) == ["pyodide.asm.wasm", "left-1.whl", "evil-1.whl"]


@pytest.mark.parametrize("right", [True, False])
def test_a_check_is_told_the_version_which_newer_locks_do_not_tell(right, copy, monkeypatch):
    npm, _packages = published()
    lock = json.loads(npm[pyodide.LOCK]) | {"info": {"python": "3.14.2"}}
    (copy / pyodide.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    if not right:
        (copy / "numpy-2.whl").write_bytes(b"other")
    monkeypatch.setattr(tests.pyodide, "official", {"314.0.0": npm | {pyodide.LOCK: json.dumps(lock).encode()}}.get)
    said = main(["check", str(copy), "314.0.0"])
    assert said == (None if right else "not what Pyodide 314.0.0 is on npm: numpy-2.whl")
    assert main(["check", str(copy)]).startswith("usage:")


CURL = 'for last; do :; done\necho "$last" >> asked\nwhile [ "$1" != --output ]; do shift; done\ncp release "$2"'


@bash
def test_a_release_is_fetched_once_and_unpacked(tmp_path):
    files = io.BytesIO()
    with tarfile.open(fileobj=files, mode="w") as archive:
        for name, content in published()[0].items():
            entry = tarfile.TarInfo(f"pyodide/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    (tmp_path / "release").write_bytes(bz2.compress(files.getvalue()))
    fetch = next(step["run"] for step in read(ACTION)["runs"]["steps"] if "curl" in step.get("run", ""))
    code, told, _set = run(f"{fetch}\n{fetch}", tmp_path, {"curl": CURL}, VERSION="0.0.1")
    assert code == 0, told
    url = "https://github.com/pyodide/pyodide/releases/download/0.0.1/pyodide-0.0.1.tar.bz2"
    assert (tmp_path / "asked").read_text().splitlines() == [url]
    assert differences(tmp_path / "pyodide", published()[0]) == []
    assert not (tmp_path / "pyodide.tar.bz2").exists()


@bash
@pytest.mark.parametrize("right", [True, False])
def test_a_copy_is_named_to_the_steps_that_follow_only_if_it_is_true(right, tmp_path):
    check = read(ACTION)["runs"]["steps"][-1]["run"]
    python = f'echo "$@" > asked; exit {0 if right else 1}'
    code, _told, set_ = run(check, tmp_path, {"python": python}, VERSION="314.0.0")
    assert (tmp_path / "asked").read_text().split() == ["-m", "tests.pyodide", "check", "pyodide", "314.0.0"]
    assert (code, set_) == ((0, f"NBKIT_PYODIDE={tmp_path}/pyodide\n") if right else (1, ""))
