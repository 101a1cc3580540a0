"""Where Pyodide comes from, and which of its packages and of ours a browser edition carries."""

import io
import json
import tarfile
import threading
import zipfile
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from packaging.utils import parse_wheel_filename

from nbkit.web.live import packages, pyodide, wheels

CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
NEEDED = {
    "numpy": [], "contourpy": ["numpy"], "ipython": ["Prompt_Toolkit", "sqlite3", "jedi"], "prompt-toolkit": [],
    "micropip": ["packaging"], "packaging": [], "sqlite3": [], "jedi": ["parso"], "parso": [], "traitlets": [],
    "matplotlib": ["numpy", "pillow"], "pillow": [], "scikit-learn": ["numpy"], "pandas": ["numpy"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A Pyodide as its makers lay it out, with little in its files."""
    place = tmp_path / "pyodide"
    place.mkdir()
    for name in CORE:
        (place / name).write_bytes(name.encode())
    entries = {}
    for name, needs in NEEDED.items():
        content = f"the package {name}".encode()
        file = f"{name.replace('-', '_')}-1.0-cp312-cp312-pyodide_2024_0_wasm32.whl"
        (place / file).write_bytes(content)
        entries[name] = {
            "name": name, "version": "1.0", "file_name": file, "sha256": sha256(content).hexdigest(), "depends": needs,
            "imports": [name],
        }  # fmt: skip
    lock = {"info": {"version": "0.27.7", "python": "3.12.7"}, "packages": entries}
    (place / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return place


@pytest.fixture
def made(tmp_path):
    """Wheels of our own, one for each package that the site needs beside Pyodide's."""
    place = tmp_path / "made"
    place.mkdir()
    names = [*packages.INSTALLED, *packages.FROM_KERNEL, "nbkit", "nbkit-graphviz"]
    return {
        name: wheels.write(place, name, "2.0", {f"{name.replace('-', '_')}/__init__.py": b""}, f"{name}-2.0.dist-info")
        for name in names
    }


@pytest.fixture
def address(folder):
    """The folder on a web server of this machine."""
    handler = partial(Quiet, directory=folder.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def in_zip(folder):
    """The archive in which some carry a Pyodide: deep in it, as a wheel has what belongs to a package."""
    path = folder.parent / "something-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"something/assets/pyodide/{file.name}")
    return path


def in_tar(folder):
    path = folder.parent / "pyodide-0.27.7.tar.bz2"
    with tarfile.open(path, "w:bz2") as archive:
        archive.add(folder, "pyodide")
    return path


@pytest.mark.parametrize("way", ["folder", "zip", "tar", "address", "address of an archive"])
def test_pyodide_comes_from_a_folder_an_archive_or_an_address(folder, address, way):
    where = {
        "folder": lambda: folder, "zip": lambda: in_zip(folder), "tar": lambda: in_tar(folder),
        "address": lambda: f"{address}/pyodide", "address of an archive": lambda: f"{address}/{in_tar(folder).name}",
    }[way]()  # fmt: skip
    with pyodide.opened(where) as distribution:
        assert distribution.version == "0.27.7"
        assert distribution.core("pyodide.js")["pyodide.asm.wasm"] == b"pyodide.asm.wasm"
        assert distribution.package("numpy")[1] == b"the package numpy"


def test_newer_ones_are_compiled_to_a_module(folder):
    (folder / "pyodide.asm.js").rename(folder / "pyodide.asm.mjs")
    (folder / "pyodide.mjs").write_text("")
    with pyodide.opened(folder) as distribution:
        names = list(distribution.core("pyodide.mjs"))
    assert names == ["pyodide.mjs", "pyodide.asm.mjs", "pyodide-lock.json", "pyodide.asm.wasm", "python_stdlib.zip"]


def use(where):
    with pyodide.opened(where) as distribution:
        distribution.core("pyodide.js")
        distribution.package("numpy")


def refused(where):
    with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
        use(where)
    return str(error.value)


def test_what_is_no_pyodide_is_refused_in_a_sentence(folder, address, tmp_path):
    assert "there is no" in refused(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "this is no Pyodide" in refused(tmp_path / "empty")
    (tmp_path / "broken.zip").write_bytes(b"no archive")
    assert "cannot read the archive" in refused(tmp_path / "broken.zip")
    (tmp_path / "broken.tar.bz2").write_bytes(b"no archive")
    assert "cannot read the archive" in refused(tmp_path / "broken.tar.bz2")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme", "")
    assert "there is no pyodide-lock.json" in refused(tmp_path / "other.zip")
    assert "this is no Pyodide" in refused(f"{address}/elsewhere/")
    assert "cannot read" in refused("http://127.0.0.1:1/pyodide/")
    (folder / "pyodide-lock.json").write_text('{"info": {}}')
    assert "this is no Pyodide" in refused(folder)


def test_a_file_that_is_missing_or_damaged_is_named(folder):
    (folder / "numpy-1.0-cp312-cp312-pyodide_2024_0_wasm32.whl").write_bytes(b"something else")
    assert "numpy-1.0-cp312-cp312-pyodide_2024_0_wasm32.whl of this Pyodide is damaged" in refused(folder)
    (folder / "python_stdlib.zip").unlink()
    assert "has no file python_stdlib.zip" in refused(folder)


def test_an_archive_writes_nothing_beside_its_folder(tmp_path):
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("../../escaped")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"evil"))
    assert "cannot read the archive" in refused(path)


def write(folder, made, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with pyodide.opened(folder) as distribution:
        at_start = packages.write(distribution, "pyodide.js", made, out)
    return out, at_start, json.loads(pyodide.lock_in(out).read_text(encoding="utf-8"))


def test_the_lock_names_what_the_site_carries_and_nothing_else(folder, made, tmp_path):
    out, _at_start, lock = write(folder, made, tmp_path)
    files = {entry["file_name"] for entry in lock["packages"].values()}
    assert {path.name for path in out.iterdir()} == files | {*CORE, pyodide.lock_in(out).name}
    for entry in lock["packages"].values():
        assert sha256((out / entry["file_name"]).read_bytes()).hexdigest() == entry["sha256"], entry["name"]
        assert {need.lower().replace("_", "-") for need in entry["depends"]} <= lock["packages"].keys()
    assert "pandas" not in lock["packages"]


def test_what_changes_has_another_address_and_what_does_not_has_the_same(folder, made, tmp_path):
    """Browsers keep files for minutes: an old one must not be taken for one whose sha256 a new lock names."""
    names = []
    for content in (b"", b"", b"new"):
        wheels.write(made["nbkit"].parent, "nbkit", "2.0", {"nbkit/__init__.py": content}, "nbkit-2.0.dist-info")
        place = tmp_path / str(len(names))
        place.mkdir()
        out, at_start, lock = write(folder, made, place)
        assert pyodide.lock_in(out).name in at_start
        names.append({pyodide.lock_in(out).name} | {entry["file_name"] for entry in lock["packages"].values()})
    first, same, new = names
    assert first == same
    assert {name.split("-")[0] for name in new - first} == {"nbkit", "pyodide"}


def test_the_wheels_of_our_own_have_names_as_wheels_have(folder, made, tmp_path):
    _out, _at_start, lock = write(folder, made, tmp_path)
    for name in (*made, "jedi"):
        entry = lock["packages"][name]
        project, version, build, _tags = parse_wheel_filename(entry["file_name"])
        assert (project, str(version)) == (name if name in made else packages.NOTHING, entry["version"])
        assert entry["sha256"].startswith(entry["file_name"].split("-")[2][1:])
        assert build


def test_the_lock_of_newer_ones_does_not_tell_their_version(folder):
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["info"] = {"python": "3.14.2", "abi_version": "2026_0"}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    with pyodide.opened(folder) as distribution:
        assert distribution.version == "314"


def test_what_a_chapter_imports_by_itself_is_not_loaded_at_the_start(folder, made, tmp_path):
    _out, at_start, lock = write(folder, made, tmp_path)
    early = {name for name, entry in lock["packages"].items() if entry["file_name"] in at_start}
    assert {"nbkit", "numpy", "contourpy", "ipywidgets", "prompt-toolkit"} <= early
    assert early.isdisjoint(packages.LATER)
    assert set(packages.LATER) <= lock["packages"].keys()
    assert "parso" not in lock["packages"]  # what only a package needs that is left out
    assert lock["packages"]["jedi"]["imports"] == []


def test_a_package_that_pyodide_lacks_is_named(folder, made, tmp_path):
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    del lock["packages"]["prompt-toolkit"]
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    with pytest.raises(ValueError, match="this Pyodide has no package prompt-toolkit"):
        write(folder, made, tmp_path)


def test_packages_of_this_environment_become_wheels_without_compiled_parts(tmp_path):
    for name in packages.INSTALLED:
        path = wheels.installed(name, tmp_path)
        with zipfile.ZipFile(path) as wheel:
            names = wheel.namelist()
            assert wheel.testzip() is None
        assert path.name.endswith("-py3-none-any.whl")
        assert [place for place in names if place.endswith((".so", ".pyd", ".pyc"))] == []
        assert [place for place in names if place.endswith("dist-info/METADATA")]
        assert wheels.modules(path) == [name.replace("-", "_")]


def test_the_wheel_of_nbkit_holds_what_a_chapter_needs_and_can_be_imported(tmp_path):
    path = wheels.own(tmp_path)
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
    assert {"nbkit/layers.py", "nbkit/data/iris.csv", "nbkit/widgets/kit/static/panel.js"} <= names
    assert not [place for place in names if place.startswith("nbkit/web/") or "__pycache__" in place]
    assert wheels.modules(path) == ["nbkit"]


def test_the_same_packages_make_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert wheels.own(tmp_path / "one").read_bytes() == wheels.own(tmp_path / "two").read_bytes()
