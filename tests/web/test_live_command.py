"""The command that writes the browser edition: what it says, what it refuses, and what it leaves alone."""

import pytest

from nbkit import __main__
from nbkit.web import live
from nbkit.web.live import licences
from tests.browser.lab import NOTEBOOKS


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    monkeypatch.chdir(NOTEBOOKS.parent)


@pytest.fixture
def quick(monkeypatch):
    """An edition of one file, in the place of the one that takes a network to make."""

    def build(notebooks, out, *, pyodide=None, back=None):
        if pyodide == "broken":
            raise ValueError("this is no Pyodide")
        (out / "lab").mkdir(parents=True)
        (out / "lab" / "index.html").write_text(f"{notebooks} {pyodide} {back}", encoding="utf-8")
        return live.Edition(16, "0.27.7")

    monkeypatch.setattr(live, "build", build)
    monkeypatch.setattr(licences, "document", lambda out: "licences")


def test_it_says_what_it_wrote_and_how_to_look_at_it(quick, tmp_path, capsys):
    out = tmp_path / "live"
    assert __main__.main(["lite", "--out", str(out), "--pyodide", "somewhere"]) == 0
    said = capsys.readouterr().out
    assert "Pyodide 0.27.7; 16 MB" in said
    assert f"python -m http.server --directory {out}" in said
    assert (out / "lab" / "index.html").read_text(encoding="utf-8") == "notebooks somewhere None"
    assert (out / "licences.html").read_text(encoding="utf-8") == "licences"


def test_a_second_run_takes_the_place_of_the_first_and_leaves_what_others_put_there(quick, tmp_path):
    out = tmp_path / "live"
    __main__.main(["lite", "--out", str(out)])
    (out / "CNAME").write_text("example.org")
    assert __main__.main(["lite", "--out", str(out)]) == 0
    assert (out / "CNAME").read_text() == "example.org"


def test_nothing_is_written_if_it_fails_or_the_folder_is_somebody_elses(quick, tmp_path, capsys):
    assert __main__.main(["lite", "--out", str(tmp_path / "live"), "--pyodide", "broken"]) == 2
    assert capsys.readouterr().err == "this is no Pyodide\n"
    assert not (tmp_path / "live").exists()
    (tmp_path / "mine.txt").write_text("mine")
    assert __main__.main(["lite", "--out", str(tmp_path)]) == 2
    assert "choose another folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_pyodide_without_a_browser_edition_is_refused(tmp_path, capsys):
    assert __main__.main(["site", "--out", str(tmp_path / "site"), "--pyodide", "somewhere"]) == 2
    assert "--pyodide is for --live" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_folder_without_notebooks_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert __main__.main(["lite", "--out", "live"]) == 2
    assert "there are no notebooks in" in capsys.readouterr().err
