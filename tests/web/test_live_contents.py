"""The files that JupyterLab shows in the browser edition."""

import re
from html import unescape
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import mistune

from nbkit.web.live import app, wheels
from tests.browser.lab import NOTEBOOKS


def test_what_a_chapter_links_to_above_its_folder_comes_along(tmp_path):
    app.copy_contents(NOTEBOOKS, tmp_path / "files")
    for name in ("nbkit/layers.py", "nbkit/graph.py"):
        assert (tmp_path / "files" / name).read_bytes() == (NOTEBOOKS.parent / name).read_bytes()
    assert (tmp_path / "files" / "07_gradient_descent.ipynb").is_file()
    readme = (tmp_path / "files" / "README.md").read_text(encoding="utf-8")  # that of the course, not that for teachers
    assert readme.startswith("# How neural networks learn")
    assert "](00_start_here.ipynb)" in readme


def links(text):
    """Addresses of the links and pictures of a Markdown text, as another library reads them."""
    return [unescape(address) for address in re.findall(r'<(?:a|img)\b[^>]*(?:href|src)="([^"]*)"', mistune.html(text))]


def test_the_links_of_texts_lead_to_copied_files_and_to_the_internet(tmp_path):
    app.copy_contents(NOTEBOOKS, tmp_path / "files")
    texts = list((tmp_path / "files").rglob("*.md"))
    assert {path.name for path in texts} >= {"README.md", "glossary.md"}
    for path in texts:
        for address in links(path.read_text(encoding="utf-8")):
            if urlsplit(address).scheme:
                assert address.startswith(("https://", "http://localhost")), (path.name, address)
            elif urlsplit(address).path:
                assert path.parent.joinpath(unquote(urlsplit(address).path)).is_file(), (path.name, address)
                assert path.name != urlsplit(address).path, (path.name, address)


def test_of_a_link_to_what_is_not_copied_the_words_stay(tmp_path):
    notebooks = tmp_path / "course" / "notebooks"
    (notebooks / "images").mkdir(parents=True)
    (notebooks / "one two.ipynb").write_text("[a](../README.md)")
    (notebooks / "images" / "a.svg").write_text("<svg/>")
    (notebooks / "README.md").write_text("for teachers")
    (notebooks / "words.md").write_text("[top](../README.md#top) [teach](README.md) [w](#w)")
    (tmp_path / "course" / "LICENSE").write_text("free")
    (tmp_path / "course" / "README.md").write_text(
        "[free](LICENSE) [teach](notebooks/README.md#how) ![a](notebooks/images/a.svg) ![gone](b.svg) "
        "[tests](notebooks) [go](notebooks/one%20two.ipynb#W) "
        "[![badge](https://a.org/b.svg)](https://a.org) [here](#there) [a]"
    )
    app.copy_contents(notebooks, tmp_path / "files")
    assert (tmp_path / "files" / "README.md").read_text(encoding="utf-8") == (
        "free teach ![a](images/a.svg) gone "
        "tests [go](one%20two.ipynb#W) [![badge](https://a.org/b.svg)](https://a.org) [here](#there) [a]"
    )
    words = (tmp_path / "files" / "words.md").read_text(encoding="utf-8")
    assert words == "[top](README.md#top) teach [w](#w)"


def test_nothing_comes_along_from_beside_the_course(tmp_path):
    notebooks = tmp_path / "course" / "notebooks"
    notebooks.mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (notebooks / "one.ipynb").write_text("[a](../../secret.md) [b](../missing.md)")
    app.copy_contents(notebooks, tmp_path / "files")
    assert {path.name for path in (tmp_path / "files").rglob("*")} == {"one.ipynb"}


def test_another_language_stands_in_a_folder_and_what_it_links_to_above_comes_along(tmp_path):
    notebooks = tmp_path / "course" / "notebooks"
    (notebooks / "zh-CN").mkdir(parents=True)
    (notebooks / "one.ipynb").write_text("[a](../README.md)")
    (notebooks / "zh-CN" / "one.ipynb").write_text("[a](../../README.zh-CN.md) [b](../one.ipynb)")
    (notebooks / "zh-CN" / "README.md").write_text("for teachers")
    (notebooks / "zh-CN" / "words.md").write_text("[a](../../README.zh-CN.md#a) [teach](README.md) [it](one.ipynb)")
    (tmp_path / "course" / "README.md").write_text("[zh](README.zh-CN.md)")
    (tmp_path / "course" / "README.zh-CN.md").write_text("[go](notebooks/zh-CN/one.ipynb)")
    app.copy_contents(notebooks, tmp_path / "files")
    texts = {
        path.relative_to(tmp_path / "files").as_posix(): path.read_text(encoding="utf-8")
        for path in (tmp_path / "files").rglob("*.*")
        if path.suffix == ".md"
    }
    assert texts == {
        "README.md": "[zh](README.zh-CN.md)",
        "README.zh-CN.md": "[go](zh-CN/one.ipynb)",
        "zh-CN/words.md": "[a](../README.zh-CN.md#a) teach [it](one.ipynb)",
    }
    assert (tmp_path / "files" / "zh-CN" / "one.ipynb").is_file()


def test_the_wheel_of_nbkit_speaks_all_languages_and_leaves_out_what_translators_need(tmp_path):
    with ZipFile(wheels.own(tmp_path)) as wheel:
        names = wheel.namelist()
    catalogues = [name for name in names if name.startswith("nbkit/locale/")]
    assert "nbkit/locale/zh_CN/LC_MESSAGES/nbkit.mo" in catalogues
    assert {name.rpartition(".")[2] for name in catalogues} == {"mo"}
    assert not [name for name in names if name.startswith(("nbkit/translation/", "nbkit/web/"))]
