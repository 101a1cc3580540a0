"""Files: each is written whole or not at all, by one function, and nothing else is waited for or read."""

import ast
import os
import stat
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from nbkit import Affine, Sequential, Variable, draw
from nbkit.files import as_path, to_read, write_whole
from nbkit.web import folder as site
from tests.each import of_each_name

ROOT = Path(__file__).parents[1]
FILES = {
    path.relative_to(ROOT).as_posix(): path
    for place in ("nbkit", "binder", "tests/benchmarks")
    for path in sorted((ROOT / place).rglob("*.py"))
} | {f"tests/{path.name}": path for path in sorted((ROOT / "tests").glob("*.py")) if not path.name.startswith("test_")}
WRITERS = {"write_text", "write_bytes", "save", "savez", "savez_compressed", "savetxt", "savefig", "copy", "copy2",
           "copyfile", "copytree", "dump", "tofile", "write"}  # fmt: skip
# Each call that may write a file by other means than `write_whole`, and why it may.
ALLOWED = {
    ("nbkit/_files.py", "part.open('xb')"): "the one place that writes",
    ("nbkit/network.py", "np.savez"): "into memory",
    ("nbkit/plots.py", "figure.savefig"): "into memory",
    ("nbkit/drawing/picture.py", "image.quantize(colours, dither=Image.Dither.NONE).save"): "into memory",
    ("nbkit/drawing/chart.py", "Image.fromarray((pixels * 255).round().astype(np.uint8)).save"): "into memory",
    ("nbkit/site/__init__.py", "folder.write"): "the site's own function, which writes by write_whole",
    ("binder/learner_server.py", "shutil.copyfile"): "to a file beside it, which then takes its place",
    ("tests/server.py", "log.open('wb')"): "what a server says while it runs, as it comes",
    ("tests/validate.py", "Path(summary).open('a', encoding='utf-8')"): "the page of a run on GitHub is appended to",
    ("tests/validate.py", "page.write"): "the same",
    ("tests/replay_binder.py", "shutil.copy"): "into a folder that is made for it",
    ("tests/benchmarks/hub.py", "shutil.copyfile"): "what a hub told, for somebody who looks for a fault",
}


def opens_to_write(call):
    """Tell whether a call is an ``open`` with a mode that writes."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    modes = [a.value for a in (*call.args, *(k.value for k in call.keywords if k.arg == "mode"))
             if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
    return name == "open" and any(set(mode) & set("wax+") and len(mode) <= 3 for mode in modes)


def writing(source):
    """Yield each call of a piece of Python that may write a file, but for those that `write_whole` is given."""
    tree = ast.parse(source)
    given = {inner for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "write_whole"
             for inner in ast.walk(node)}  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node in given:
            continue
        if opens_to_write(node):
            yield ast.unparse(node)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            by = ast.unparse(node.func)
            arguments = len(node.args) + len(node.keywords)
            in_memory = node.func.attr == "copy" and not by.startswith("shutil.")
            if not in_memory and (node.func.attr != "save" or arguments):
                yield by


@of_each_name(FILES)
def test_every_file_is_written_by_the_one_function(name):
    found = set(writing(FILES[name].read_text("utf-8")))
    own = {"self.experiment.net.save", "table.plot.save", "lab.write"}  # by write_whole; into the folder of a test
    assert found - own == {what for place, what in ALLOWED if place == name}


@pytest.mark.parametrize(
    "source",
    ["open(p, 'w')", "open(p, mode='ab')", "p.open('x')", "p.write_text(t)", "np.savez(p, a=a)", "figure.savefig(p)",
     "image.save(p)", "shutil.copy(a, b)", "json.dump(x, open(p, 'w+'))", "f.write(t)"],
)  # fmt: skip
def test_what_is_looked_for_is_found(source):
    assert list(writing(source))
    assert not list(writing(f"write_whole(p, lambda file: {source})"))


def test_reading_is_not_taken_for_writing():
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
def test_a_link_stays_a_link_and_who_may_read_a_file_stays_the_same(tmp_path):
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
def test_what_is_no_path_is_refused_in_our_own_words(path):
    for door in (as_path, net(0).save, net(0).load, draw(Variable(1.0, "x") * 2).save):
        with pytest.raises(TypeError, match=r"^the name of a file is text or a path, got "):
            door(path)


@pytest.mark.parametrize("path", ["", ".", "..", "/", "a\0b", Path(), "x/.."])
def test_a_name_of_no_file_is_refused(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for door in (as_path, net(0).save, net(0).load, draw(Variable(1.0, "x") * 2).save):
        with pytest.raises(ValueError, match=r"names no file$"):
            door(path)
    assert list(tmp_path.iterdir()) == []


def test_only_a_file_is_read(tmp_path):
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(ValueError, match=r"folder\.npz is a folder; a file is needed"):
        net(0).load(tmp_path / "folder.npz")
    with pytest.raises(FileNotFoundError, match=r"there is no file .*gone\.npz"):
        net(0).load(tmp_path / "gone")
    with pytest.raises(ValueError, match=r"cannot be read: File name too long"):
        to_read(tmp_path / ("x" * 5000))
    with pytest.raises(FileNotFoundError) as refusal:
        to_read("/".join("x" * 9) * 50)
    assert len(str(refusal.value)) < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(ValueError, match="is neither a file nor a folder; a file is needed"):
        net(0).load(tmp_path / "pipe.npz")
