"""The folder of a site: written as a whole, with its subfolders, and never over something else."""

import pytest

from nbkit.web import build, folder


def test_a_new_site_takes_the_place_of_the_one_before_and_of_nothing_else(course, tmp_path):
    out = tmp_path / "site"
    build([course("01_old")], out, stored=True)
    (out / "CNAME").write_text("course.example", encoding="utf-8")
    files = build([course("02_new")], out, stored=True)
    assert sorted(files) == ["02_new.html", "index.html", "licences.html", "site.js", "style.css"]
    assert sorted(path.name for path in out.iterdir()) == sorted([*files, "CNAME", folder.LIST])


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_that_holds_something_else_is_refused(course, tmp_path, what):
    out = tmp_path / "mine"
    precious = out if what == "file" else out / "thesis.txt"
    precious.parent.mkdir(exist_ok=True)
    precious.write_text("my thesis", encoding="utf-8")
    with pytest.raises(ValueError, match=f"mine is {'a file' if what == 'file' else 'neither empty nor a site'}"):
        build([course("01_here")], out, stored=True)
    assert precious.read_text(encoding="utf-8") == "my thesis"
    assert list(tmp_path.rglob("*.html")) == []


def test_a_list_of_files_that_leads_out_of_the_folder_deletes_nothing_there(tmp_path):
    (tmp_path / "thesis.txt").write_text("my thesis", encoding="utf-8")
    folder.write(tmp_path / "site", {"a.html": "a"})
    (tmp_path / "site" / folder.LIST).write_text("../thesis.txt\n..\n.\na.html\n", encoding="utf-8")
    folder.write(tmp_path / "site", {"b.html": "b"})
    assert (tmp_path / "thesis.txt").exists()
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["b.html", folder.LIST]


def files_of(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def test_files_in_subfolders_go_with_the_site_that_had_them_and_their_folders_too(tmp_path):
    site, source = tmp_path / "site", tmp_path / "wasm"
    source.write_bytes(b"\0asm")
    folder.write(site, {"a.html": "a", "live/lab/index.html": "lab", "live/python.wasm": source, "live/mine/x": "x"})
    assert (site / "live" / "python.wasm").read_bytes() == b"\0asm"
    (site / "live" / "mine" / "notes.txt").write_text("notes", encoding="utf-8")
    folder.write(site, {"a.html": "b"})
    assert files_of(site) == ["a.html", folder.LIST, "live/mine/notes.txt"]
    assert not (site / "live" / "lab").exists()


@pytest.mark.parametrize(
    "name", ["../out.txt", "live/../../out.txt", "/out.txt", "live/..", "", "live/", ".", "link/out.txt"]
)
def test_a_name_that_leads_out_of_the_folder_is_neither_written_nor_removed(tmp_path, name):
    site = tmp_path / "site"
    folder.write(site, {"live/a.html": "a"})
    (site / "link").symlink_to(tmp_path)
    (tmp_path / "out.txt").write_text("my thesis", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a place in the folder"):
        folder.write(site, {"b.html": "b", name: "x"})
    assert not (site / "b.html").exists()
    (site / folder.LIST).write_text(f"live/a.html\n{name}\n", encoding="utf-8")
    folder.write(site, {"b.html": "b"})
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "my thesis"
    assert not (site / "live").exists()


def test_a_list_that_names_a_folder_or_an_absolute_place_removes_none(tmp_path):
    site, thesis = tmp_path / "site", tmp_path / "thesis.txt"
    folder.write(site, {"a.html": "a"})
    (site / "mine").mkdir()
    thesis.write_text("my thesis", encoding="utf-8")
    (site / folder.LIST).write_text(f"mine\n{thesis}\n\0\n", encoding="utf-8")
    folder.write(site, {"b.html": "b"})
    assert thesis.exists()
    assert (site / "mine").is_dir()


@pytest.mark.parametrize("taken", ["live", "live/lab/index.html"])
def test_what_somebody_else_has_put_in_the_way_stays_and_nothing_is_written(tmp_path, taken):
    site = tmp_path / "site"
    folder.write(site, {"a.html": "a"})
    (site / taken).parent.mkdir(parents=True, exist_ok=True)
    (site / taken).write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=f"{taken} is in the way, and was not made by this command"):
        folder.write(site, {"a.html": "b", "live/lab/index.html": "lab"})
    assert (site / taken).read_text(encoding="utf-8") == "mine"
    assert (site / "a.html").read_text(encoding="utf-8") == "a"


def test_a_file_of_the_earlier_site_makes_room_for_a_folder(tmp_path):
    site = tmp_path / "site"
    folder.write(site, {"live": "a page", "a.html": "a"})
    folder.write(site, {"live/lab/index.html": "lab"})
    assert files_of(site) == [folder.LIST, "live/lab/index.html"]


@pytest.mark.parametrize("name", ["a.html", folder.LIST])
def test_nothing_is_written_through_a_link_that_somebody_put_in_place_of_a_file(tmp_path, name):
    site, thesis = tmp_path / "site", tmp_path / "thesis.txt"
    folder.write(site, {"a.html": "a"})
    (site / name).replace(thesis)
    (site / name).symlink_to(thesis)
    before = thesis.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=f"{name} is in the way, and was not made by this command"):
        folder.write(site, {"a.html": "b", "b.html": "b"})
    assert thesis.read_text(encoding="utf-8") == before
    assert not (site / "b.html").exists()


def test_a_site_that_was_broken_off_is_known_as_a_whole_by_the_next(tmp_path):
    site = tmp_path / "site"
    folder.write(site, {"a.html": "a"})
    with pytest.raises(FileNotFoundError):
        folder.write(site, {"live/b.html": "b", "live/c.html": tmp_path / "gone"})
    folder.write(site, {"live/d.html": "d"})
    assert files_of(site) == [folder.LIST, "live/d.html"]
