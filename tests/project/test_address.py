"""The address of the course: read strictly, set in one place, and all links that follow from it moved along."""

import json
import re
import shutil
import tomllib

import pytest

from nbkit.__main__ import main
from nbkit.web import address as addresses
from nbkit.web.address import PLACEHOLDER, changes, parse, repository, set_address
from tests.project.test_project import NOTEBOOKS, PROJECT, ROOT, read

MARKED = ("README.md", "CONTRIBUTING.md", "binder/README.md")
TEXTS = (*MARKED, "pyproject.toml", "notebooks/README.md")
BADGE = "https://mybinder.org/badge_logo.svg"


@pytest.fixture
def course(tmp_path):
    """A copy of what an address is written into, with a first and a last notebook, as long as it has none."""
    for name in TEXTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for path in (NOTEBOOKS[0], NOTEBOOKS[-1]):
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][:1]
        (tmp_path / "notebooks" / path.name).write_text(json.dumps({"cells": first}), encoding="utf-8")
    for name, text in changes(tmp_path, None).items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def links(text):
    """All addresses of a document, each once."""
    return set(re.findall(r"https?://[^\s)>`]+", text))


# ---------------------------------------------------------------- this checkout


def test_all_links_follow_from_the_one_place():
    url = PROJECT["urls"]["Repository"]
    assert changes(ROOT, None if PLACEHOLDER in url else parse(url)) == {}


@pytest.mark.parametrize("name", [*TEXTS[:3], "CHANGELOG.md", *(f"notebooks/{path.name}" for path in NOTEBOOKS)])
def test_no_link_to_the_repository_stands_where_the_command_does_not_find_it(name):
    text = re.sub(r"<!-- address: \w+ -->.*?<!-- /address -->", "", read(name), flags=re.DOTALL)
    names = re.escape(PROJECT["urls"]["Repository"].removeprefix("https://github.com/"))
    assert re.findall(rf"(?:github\.com|mybinder\.org/v2/gh)/{names}\b", text, re.IGNORECASE) == []


def test_the_three_documents_have_their_marks():
    marks = {name: re.findall(r"<!-- address: (\w+) -->", read(name)) for name in MARKED}
    assert marks == {
        "README.md": ["badges", "open", "chapters", "forms"],
        "CONTRIBUTING.md": ["forms"],
        "binder/README.md": ["copies"],
    }
    for name in MARKED:  # GitHub reads a line that begins with a comment as HTML
        assert re.findall(r"^ *<!-- /?address.*-->.+$", read(name), re.MULTILINE) == []


# ---------------------------------------------------------------- without an address


def test_without_an_address_no_document_has_a_dead_badge_or_link(course):
    for name in MARKED:
        assert {link for link in links((course / name).read_text(encoding="utf-8")) if "github" in link} == set()
        assert BADGE not in (course / name).read_text(encoding="utf-8")
    text = (course / "README.md").read_text(encoding="utf-8")
    assert "`.venv/bin/python -m nbkit address OWNER/REPOSITORY`" in text
    assert "<!-- address: badges -->\n<!-- /address -->" in text
    assert "\n| notebook | afterwards you can |\n|---|---|\n" in text


# ---------------------------------------------------------------- with one


def test_setting_an_address_writes_every_link(course):
    assert set_address(course, "School/Deep-Course") == ["pyproject.toml", *sorted(MARKED)]
    project = tomllib.loads((course / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["urls"] == {"Repository": "https://github.com/School/Deep-Course"}
    readme, contributing, binder = ((course / name).read_text(encoding="utf-8") for name in MARKED)
    flow = "https://github.com/School/Deep-Course/actions/workflows/ci.yml"
    on_binder = "https://mybinder.org/v2/gh/School/Deep-Course/HEAD?urlpath=lab/tree/notebooks/"
    in_a_tab = "https://school.github.io/Deep-Course/live/lab/index.html?path="
    forms = "https://github.com/School/Deep-Course/issues/new/choose"
    assert f"\n[![CI]({flow}/badge.svg)]({flow})\n[![Binder]({BADGE})]({on_binder}00_start_here.ipynb)\n" in readme
    assert "\nOpen <https://school.github.io/Deep-Course/>, " in readme
    assert f"[two short forms]({forms})" in readme
    assert f"[short form]({forms})" in contributing
    for path in NOTEBOOKS:
        ways = f"[in&nbsp;a&nbsp;tab]({in_a_tab}{path.name})&nbsp;·&nbsp;[Binder]({on_binder}{path.name})"
        assert re.search(rf"^\| \[.+\]\(notebooks/{path.name}\) \| .+ \| {re.escape(ways)} \|$", readme, re.MULTILINE)
    for path, title in ((NOTEBOOKS[0], "00 · Start here"), (NOTEBOOKS[-1], "13 · Your own autodiff")):
        lines = f"`[![Binder]({BADGE})]({on_binder}{path.name})` | `{in_a_tab}{path.name}`"
        assert f"\n| [{title}](../notebooks/{path.name}) | {lines} |\n" in binder
    assert f"/{PLACEHOLDER}" not in readme + contributing + binder


def test_the_same_again_changes_nothing_and_another_moves_all(course):
    set_address(course, "school/course")
    before = contents(course)
    assert set_address(course, "git@github.com:school/course.git") == []
    assert contents(course) == before
    set_address(course, "ann/her.course")
    texts = "".join((course / name).read_text(encoding="utf-8") for name in TEXTS)
    assert not re.search("school[/.](course|github)", texts)
    assert "https://ann.github.io/her.course/" in texts
    set_address(course, "school/course")
    assert contents(course) == before


def test_a_document_that_lost_its_address_has_none_again(course):
    before = contents(course)
    set_address(course, "school/course")
    for name, text in changes(course, None).items():
        (course / name).write_bytes(text.encode())
    assert contents(course) == before


def test_what_a_fork_has_written_around_the_links_stays(course):
    path = course / "README.md"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("two short forms", "zwei kurze Formulare"),
        ("| notebook | afterwards you can |\n|---|---|", "| notebook | afterwards you can | who |\n|:--|---|--:|"),
        ("works |\n", "works | Ann \\| Bob |\n"),
        ("# How neural networks learn\n", "# Our course\n\nA fork of https://github.com/first/course.\n"),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    for name in ("school/course", "ann/other"):
        set_address(course, name)
    found = path.read_text(encoding="utf-8")
    assert "# Our course\n\nA fork of https://github.com/first/course.\n" in found
    assert "[zwei kurze Formulare](https://github.com/ann/other/issues/new/choose)" in found
    assert "| notebook | afterwards you can | who | run it |\n|:--|---|--:|---|\n" in found
    assert "works | Ann \\| Bob | [in&nbsp;a&nbsp;tab](https://ann.github.io/other/live/lab/" in found
    (path).write_bytes(changes(course, None)["README.md"].encode())
    assert path.read_text(encoding="utf-8") == text


def test_a_document_that_a_fork_has_rid_of_its_marks_is_left_alone(course):
    (course / "CONTRIBUTING.md").unlink()
    (course / "README.md").write_text("# Ours\n", encoding="utf-8")
    assert set_address(course, "school/course") == ["pyproject.toml", "binder/README.md"]


def test_line_ends_and_what_stands_outside_stay_as_they_are(course):
    for name in TEXTS:
        (course / name).write_bytes((course / name).read_bytes().replace(b"\n", b"\r\n"))
    (course / "README.md").write_bytes(b"\xef\xbb\xbf" + (course / "README.md").read_bytes() + b"\nlast \r\n\n")
    set_address(course, "school/course")
    for name in TEXTS[:4]:
        found = (course / name).read_bytes().removesuffix(b"\nlast \r\n\n")
        assert found.count(b"\n") == found.count(b"\r\n") > 5
    found = (course / "README.md").read_bytes()
    assert found.startswith(b"\xef\xbb\xbf# How")
    assert found.endswith(b"\r\n\nlast \r\n\n")
    assert set_address(course, "school/course") == []


def test_the_site_of_a_user_has_no_folder_and_hosts_are_in_small_letters():
    assert parse("Ann/ANN.github.io").site == "https://ann.github.io/"
    assert parse("Ann/Bob.github.io").site == "https://ann.github.io/Bob.github.io/"
    assert parse("Ann/Course").site == "https://ann.github.io/Course/"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("text", [
    "ann/c.o_u-rse", "https://github.com/ann/c.o_u-rse", "https://github.com/ann/c.o_u-rse.git", " ann/c.o_u-rse\n",
    "http://GitHub.com/ann/c.o_u-rse/", "git@github.com:ann/c.o_u-rse.git", "ssh://git@github.com/ann/c.o_u-rse.git",
    "https://ann:secret@github.com/ann/c.o_u-rse",
])  # fmt: skip
def test_an_address_has_several_forms(text):
    assert parse(text) == ("ann", "c.o_u-rse")


def test_names_may_be_as_long_as_on_github():
    assert parse(f"{'a' * 39}/{'b' * 100}").name == "b" * 100
    assert parse("a-b-3/..b").repository == "https://github.com/a-b-3/..b"
    assert parse("ann_school/x").owner == "ann_school"  # an account that an enterprise manages


@pytest.mark.parametrize(("text", "rule"), [
    ("", "is one of"), ("ann", "is one of"), ("ann/x/y", "is one of"), ("https://github.com/ann", "is one of"),
    ("https://github.com/ann/x/tree/main", "is one of"), ("https://gitlab.com/ann/x", "is one of"),
    ("https://github.com@evil.example/ann/x", "is one of"), ("https://github.com.evil.example/ann/x", "is one of"),
    ("file:///ann/x", "is one of"), ("ann/x\ny", "is one of"), ("ann /x", "is one of"), ("../..", "an owner"),
    ("/x", "an owner"), ("-a/x", "an owner"), ("a-/x", "an owner"), ("a--b/x", "an owner"), ("a.b/x", "an owner"),
    ("Ä/x", "an owner"), (f"{'a' * 40}/x", "an owner"), ("a\u200b/x", "an owner"), ("a%2F/x", "an owner"),
    ("ann/", "a repository"), ("ann/.", "a repository"), ("ann/..", "a repository"), ("ann/.git", "a repository"),
    ("ann/x.git.git", "a repository"), (f"ann/{'b' * 101}", "a repository"), ("ann/x?y", "a repository"),
    ("ann/x#y", "a repository"), ("ann/x)[y](", "a repository"), ("ann/x-->", "a repository"),
    ('ann/x"', "a repository"), ("ann/<b>", "a repository"), ("ann/x|y", "a repository"), ("ann/x\\y", "a repository"),
    ("ann/x\0", "a repository"), ("ann/é", "a repository"), ("ann/x`", "a repository"), (PLACEHOLDER, "your own names"),
    (f"https://github.com/{PLACEHOLDER}", "your own names"),
])  # fmt: skip
def test_anything_else_is_refused_by_a_rule_before_anything_is_written(text, rule, course):
    before = contents(course)
    with pytest.raises(ValueError, match=rule):
        set_address(course, text)
    assert contents(course) == before


@pytest.mark.parametrize("thing", [None, 3, b"ann/x", ["ann/x"]])
def test_an_address_is_text(thing, course):
    with pytest.raises(TypeError, match="an address is text"):
        set_address(course, thing)


def test_a_password_in_an_address_is_not_shown():
    with pytest.raises(ValueError, match=r"example\.org") as caught:
        parse("https://ann:secret@example.org/ann/x")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", [
    "<!-- address: badges -->\n", "<!-- /address -->", "<!-- address: gone -->\n<!-- /address -->",
    "<!-- address: badges -->\n<!-- address: open -->\n<!-- /address -->\n<!-- /address -->",
])  # fmt: skip
def test_marks_that_are_not_in_pairs_are_refused_with_their_line(text, course):
    (course / "notebooks" / "README.md").write_text(f"One\n{text}", encoding="utf-8")
    before = contents(course)
    with pytest.raises(ValueError, match=r"notebooks/README\.md, line [23]: .* has no partner"):
        set_address(course, "school/course")
    assert contents(course) == before


@pytest.mark.parametrize(("text", "rule"), [
    ('[project]\nname = "nbkit"\n', "needs a line"), ('[project]\nname = "other"\n', "not that of the course"),
    ("[project\n", "not that of the course"), ("", "not that of the course"), ("project = 3", "not that of the course"),
    ('[project]\nname = "nbkit"\n[project.urls]\nHome = "x"\n[tool.x]\nRepository = "y"\n', "needs a line"),
    ('[project]\nname = "nbkit"\nurls = {Repository = "x"}\n', "needs a line"),
])  # fmt: skip
def test_a_pyproject_without_the_one_place_is_refused(text, rule, course):
    (course / "pyproject.toml").write_text(text, encoding="utf-8")
    before = contents(course)
    with pytest.raises(ValueError, match=rule):
        set_address(course, "school/course")
    assert contents(course) == before


def test_what_cannot_be_read_is_refused_before_anything_is_written(course):
    (course / "binder" / "README.md").write_bytes(b"\xff")
    before = contents(course)
    with pytest.raises(ValueError, match="not text in UTF-8"):
        set_address(course, "school/course")
    (course / "binder" / "README.md").write_text("<!-- address: copies -->\n<!-- /address -->", encoding="utf-8")
    (course / "notebooks" / NOTEBOOKS[0].name).write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot read .* as a notebook"):
        set_address(course, "school/course")
    changed = [path.name for path, content in contents(course).items() if before[path] != content]
    assert sorted(changed) == ["00_start_here.ipynb", "README.md"]


def test_titles_and_names_of_notebooks_are_text(course):
    cell = {"cell_type": "markdown", "source": ["# a | b](x) <!-- /address --> `c`\n", "text"]}
    path = course / "notebooks" / "50 % (new).ipynb"
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    set_address(course, "school/course")
    text = (course / "binder" / "README.md").read_text(encoding="utf-8")
    assert r"| [a \| b\](x) \<!-- /address --\> \`c\`](../notebooks/50%20%25%20%28new%29.ipynb) | " in text
    assert "?path=50%20%25%20%28new%29.ipynb`" in text
    assert set_address(course, "school/course") == []


# ---------------------------------------------------------------- the command, git, and who asks for the address


def test_the_command_says_what_it_has_changed_and_what_is_left_to_do(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert main(["address", "school/course"]) == 0
    told = capsys.readouterr().out
    assert "pyproject.toml, CONTRIBUTING.md, README.md, binder/README.md" in told
    assert "https://school.github.io/course/" in told
    assert "https://github.com/school/course/settings/pages" in told
    assert main(["address", "school/course"]) == 0
    assert "changed nothing" in capsys.readouterr().out
    assert main(["address", "school"]) == 2
    assert "an address is one of" in capsys.readouterr().err


def test_without_an_argument_it_asks_where_git_has_cloned_it_from(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert main(["address"]) == 2
    assert "names no origin" in capsys.readouterr().err
    (course / ".git").mkdir()
    (course / ".git" / "config").write_text(
        '[core]\n\tbare = false\n[remote "up"]\n\turl = https://github.com/up/x\n[remote "origin"]\n'
        "\turl = https://token@github.com/ann/course.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
        encoding="utf-8",
    )
    assert main(["address"]) == 0
    assert "https://github.com/ann/course" in capsys.readouterr().out
    assert "token" not in (course / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [
    '[remote "origin"]\n\turl = /srv/course\n', '[remote "origin"]\n\turl\n', '[remote "origin"\n', "x",
    '[remote "origin"]\n\turl = https://ann:secret@gitlab.com/ann/x.git\n',
])  # fmt: skip
def test_an_origin_elsewhere_is_refused(text, course, monkeypatch, capsys):
    (course / ".git").mkdir()
    (course / ".git" / "config").write_text(text, encoding="utf-8")
    before = contents(course)
    monkeypatch.chdir(course)
    assert main(["address"]) == 2
    told = capsys.readouterr().err
    assert "names no origin" in told or "an address is one of" in told
    assert "secret" not in told
    assert contents(course) == before


def test_a_checkout_is_asked_before_what_is_installed(course, monkeypatch):
    monkeypatch.setattr(addresses, "CHECKOUT", course)
    assert repository() == ""
    set_address(course, "school/course")
    assert repository() == "https://github.com/school/course"
    monkeypatch.setattr(addresses, "CHECKOUT", course / "notebooks")  # no checkout: nbkit is installed
    monkeypatch.setattr(addresses, "metadata", lambda _name: Installed())
    assert repository() == "https://example.org/x"


class Installed:
    def get_all(self, _name):
        return ["Homepage, https://example.org", "Repository, https://example.org/x"]
