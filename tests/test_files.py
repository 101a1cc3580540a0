"""Files: each is written whole or not at all, by one function, and nothing else is waited for or read."""

import ast
import os
import re
import stat
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from nbkit import Affine, Sequential, Variable, draw
from nbkit.files import as_path, to_read, write_whole
from nbkit.web import folder as site

ROOT = Path(__file__).parents[1]
WRITERS = re.compile(
    r"\.(write|write_text|write_bytes|save|savez|savez_compressed|savetxt|savefig|dump|tofile)$|^shutil\.copy"
)
# Each call that may write a file by other means than `write_whole`, and why it may.
ALLOWED = {
    ("nbkit/files.py", "part.open"): "the one place that writes",
    ("nbkit/network.py", "np.savez"): "into memory",
    ("nbkit/plots.py", "figure.savefig"): "into memory",
    ("nbkit/drawing/raster.py", "fewer.save"): "into memory",
    ("nbkit/web/__init__.py", "folder.write"): "the website's own function, which writes by write_whole",
    ("nbkit/widgets/training/training_playground.py", "self.experiment.net.save"): "which writes by write_whole",
    ("nbkit/classroom/run/folder.py", "(there / entry.name).write_bytes"): "into a folder that is thrown away",
    ("nbkit/classroom/run/kernels.py", "(home / name).write_bytes"): "into a folder that is thrown away",
    ("nbkit/classroom/run/kernels.py", "record.write_bytes"): "into a folder that is thrown away",
    ("nbkit/translation/mistakes.py", "ast.dump"): "returns text, and writes no file",
    ("binder/learner_server.py", "shutil.copyfile"): "to a file beside it, which then takes its place",
}
# It writes into a folder that is thrown away; what others see is put into place by `folder.write`.
SCRATCH = "nbkit/web/live/"


def writing(source):
    """Yield each call in a piece of Python that may write a file, but for what `write_whole` is given."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    given = {inner for call in calls if ast.unparse(call.func) == "write_whole" for inner in ast.walk(call)}
    for call in calls:
        name = ast.unparse(call.func)
        opens = name.split(".")[-1] == "open" and re.search(r"'[bt]*[wax][bt+]*'", ast.unparse(call))
        if call not in given and (opens or WRITERS.search(name)):
            yield name


def test_every_file_is_written_by_the_one_function():
    paths = [path for place in ("nbkit", "binder") for path in (ROOT / place).rglob("*.py")]
    found = {(path.relative_to(ROOT).as_posix(), name) for path in paths for name in writing(path.read_text("utf-8"))}
    assert {(path, name) for path, name in found if not path.startswith(SCRATCH)} == set(ALLOWED)


@pytest.mark.parametrize(
    "source",
    ["open(p, 'w')", "open(p, mode='ab')", "p.open('x')", "p.write_text(t)", "np.savez(p, a=a)", "figure.savefig(p)",
     "image.save(p)", "shutil.copy(a, b)", "json.dump(x, open(p, 'w+'))", "f.write(t)"],
)  # fmt: skip
def test_a_call_that_writes_is_found(source):
    assert list(writing(source))
    assert not list(writing(f"write_whole(p, lambda file: {source})"))
    assert not list(writing("open(p); p.open('rb'); open(p, encoding='utf-8'); x.copy(); np.load(p)"))


# ---------------------------------------------------------------- a disk that is full


@contextmanager
def small_disk(size):
    """Let no file become larger than some bytes: the system itself says so, in the middle of writing."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def net(seed):
    return Sequential([Affine.random(50, 50, seed)])


def save_a_net(place, seed):
    return net(seed).save(place / "net.npz")


def save_a_picture(place, seed):
    return draw(Variable(seed, "x") * seed).save(place / "graph.svg")


def write_a_site(place, seed):
    site.write(place, {"index.html": f"{seed}" * 5000})
    return place / "index.html"


@pytest.mark.parametrize("save", [save_a_net, save_a_picture, write_a_site])
def test_a_full_disk_leaves_what_was_there_whole_and_nothing_beside_it(save, tmp_path):
    path = save(tmp_path, 1)
    before, names = path.read_bytes(), sorted(tmp_path.iterdir())
    with small_disk(1000), pytest.raises(OSError, match="File too large"):
        save(tmp_path, 2)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == names
    save(tmp_path, 2)
    assert path.read_bytes() != before
    assert sorted(tmp_path.iterdir()) == names


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_whatever_ends_the_writing_nothing_is_left(error, tmp_path):
    def stop(file):
        file.write(b"half")
        raise error

    with pytest.raises(error):
        write_whole(tmp_path / "new.txt", stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights, and links need one")
def test_a_link_and_the_rights_of_a_file_stay(tmp_path):
    target = tmp_path / "data" / "own.txt"
    target.parent.mkdir()
    target.write_text("old")
    target.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(target)
    write_whole(tmp_path / "link.txt", lambda file: file.write(b"new"))
    assert (tmp_path / "link.txt").is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    write_whole(tmp_path / "fresh.txt", lambda file: file.write(b"new"))
    (tmp_path / "usual.txt").write_text("new")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("fresh.txt", "usual.txt")}
    assert len(modes) == 1


# ---------------------------------------------------------------- what is no file


@pytest.mark.parametrize("path", [None, 5, b"net.npz", ["net.npz"], np.array("net.npz")])
def test_what_is_no_path_is_refused(path):
    for function in (as_path, net(0).save, net(0).load, draw(Variable(1.0, "x") * 2).save):
        with pytest.raises(TypeError, match=r"^the name of a file is text or a path, got "):
            function(path)


@pytest.mark.parametrize("path", ["", ".", "..", "/", "a\0b", Path(), "x/.."])
def test_a_name_of_no_file_is_refused(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for function in (as_path, net(0).save, net(0).load, draw(Variable(1.0, "x") * 2).save):
        with pytest.raises(ValueError, match=r"names no file$"):
            function(path)
    assert list(tmp_path.iterdir()) == []


def test_only_a_file_is_read(tmp_path):
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(ValueError, match=r"'folder\.npz' in the folder '.*' is a folder: a file is needed"):
        net(0).load(tmp_path / "folder.npz")
    with pytest.raises(FileNotFoundError, match=r"there is no file 'gone\.npz' in the folder '.*'"):
        net(0).load(tmp_path / "gone")
    with pytest.raises(FileNotFoundError, match=r"there is no file 'x*\.\.\.' in the folder"):
        to_read(tmp_path / ("x" * 5000))
    with pytest.raises(FileNotFoundError) as refusal:
        to_read("/".join("x" * 9) * 50)
    assert len(str(refusal.value)) < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(ValueError, match="is neither a file nor a folder"):
        net(0).load(tmp_path / "pipe.npz")
