"""The licences of what the browser edition carries: each is found and shown in full, and missed where there is none."""

import json
import re
import zipfile

import pytest

from nbkit.web.live import licences
from tests.web import edition


@pytest.fixture
def out(tmp_path):
    """A small browser edition."""
    (tmp_path / "notebooks").mkdir()
    edition.write(tmp_path / "notebooks", tmp_path / "live")
    return tmp_path / "live"


def rows(html):
    """The cells of each row of the tables, by the name in the first."""
    cells = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)]
    return {row[0]: row[1:] for row in cells if row}


def text_of(html, cell):
    """The text to which the first link of a cell leads."""
    place = re.search(r'href="#([^"]+)"', cell)[1]
    return re.search(rf'<details id="{place}">.*?<pre lang="en">(.*?)</pre>', html, re.DOTALL)[1]


def test_a_site_without_the_browser_edition_tells_of_the_course_and_its_data():
    html = licences.page()
    assert "Neither the name of the copyright holder" in text_of(html, rows(html)["nbkit"][1])
    for credited in ("R. A. Fisher", "E. Alpaydin and C. Kaynak", "https://creativecommons.org/licenses/by/4.0/"):
        assert credited in html
    assert "Pyodide" not in html


def test_every_component_has_its_version_licence_text_and_source(out):
    html = licences.page(out)
    found = rows(html)
    assert found["tool"][0] == "1.2"
    assert ">MIT<" in found["tool"][1]
    assert 'href="https://example.org/tool"' in found["tool"][2]
    assert text_of(html, found["tool"][1]) == edition.HOLDER
    assert (found["Pyodide"][0], found["CPython"][0], found["Emscripten"][0]) == ("0.27.7", "3.12.7", "3.1.58")
    assert "Mozilla Public License" in text_of(html, found["Pyodide"][1])
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text_of(html, found["CPython"][1])
    assert "LLVM Exceptions" in text_of(html, found["LLVM: compiler-rt, libc++, libunwind"][1])
    assert "https://github.com/jupyterlite/jupyterlite/blob/v0.6.4/yarn.lock" in html
    assert "(c) B. Author - ISC" in html


def test_a_text_that_several_have_stands_once(out):
    html = licences.page(out)  # the wheel and the package of JavaScript have the same
    assert html.count("2020 A. Author") == 1
    assert "<summary>tool, left-pad</summary>" in html


def test_a_package_of_jupyter_without_a_text_has_that_of_jupyter(out):
    html = licences.page(out)
    text = text_of(html, rows(html)["@jupyterlite/server"][1])
    assert "Project Jupyter Contributors" in text
    assert "Redistribution and use in source and binary forms" in text


def test_several_texts_of_a_wheel_are_told_apart(out):
    texts = {"tool/fonts/LICENSE": "Of the fonts.", "tool/LICENSE_MATHS": "Maths.", "INFO/licenses/LICENSE": "Rest."}
    edition.wheel(out / "pyodide", texts, Name="plots")
    html = licences.page(out)
    for label, text in (("tool/fonts/LICENSE", "Of the fonts."), ("LICENSE_MATHS", "Maths."), ("LICENSE", "Rest.")):
        assert f'<summary>plots: {label}</summary><pre lang="en">{text}</pre>' in html


@pytest.mark.parametrize(
    ("metadata", "shown"),
    [
        ({"License_Expression": None, "License": "BSD 3-Clause"}, "BSD 3-Clause"),
        ({"License_Expression": None, "Classifier": "License :: OSI Approved :: MIT License"}, "MIT License"),
        ({"License_Expression": None, "License": "x" * 99, "Classifier": "License :: ISC License"}, "ISC License"),
    ],
)
def test_a_licence_is_read_as_wheels_state_it(out, metadata, shown):
    edition.wheel(out / "pyodide", Name="other", **metadata)
    assert f">{shown}<" in rows(licences.page(out))["other"][1]


def test_a_text_in_the_metadata_counts(out):
    whole = "Of one\n        and two lines"
    edition.wheel(out / "pyodide", {}, Name="other", License=whole)
    assert "Of one\n        and two lines" in licences.page(out)


def test_graphviz_says_where_its_sources_are(out):
    readme = "Its sources are here: <https://example.org/graphviz.tar.gz>, unchanged."
    edition.wheel(out / "pyodide", Name="nbkit-graphviz", License_Expression="EPL-2.0", Project_URL=None, body=readme)
    html = licences.page(out)
    assert 'href="https://example.org/graphviz.tar.gz"' in rows(html)["nbkit-graphviz"][2]
    assert "Its sources are here: &lt;https://example.org/graphviz.tar.gz&gt;, unchanged." in html


def test_a_wheel_that_holds_nothing_needs_no_licence(out):
    with zipfile.ZipFile(out / "pyodide" / "nothing-1-py3-none-any.whl", "w") as archive:
        archive.writestr("nothing-1.dist-info/METADATA", "Name: nothing\nVersion: 1\n")
    assert "nothing" not in rows(licences.page(out))


def test_parts_of_pyodide_that_say_nothing_are_known(out):
    edition.wheel(out / "pyodide", {}, Name="sqlite3", License_Expression=None)
    html = licences.page(out)
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text_of(html, rows(html)["sqlite3"][1])


def test_a_pyodide_whose_lock_does_not_tell_its_version(out):
    lock = out / "pyodide" / "pyodide-lock.json"
    content = json.loads(lock.read_text(encoding="utf-8")) | {"info": {"python": "3.14.2"}}
    lock.write_text(json.dumps(content), encoding="utf-8")
    assert rows(licences.page(out))["Pyodide"][0] == "314"


def test_a_package_that_stands_in_two_places_is_told_of_once(out):
    path = next((out / "pyodide").glob("*.whl"))
    (out / "pypi").mkdir()
    (out / "pypi" / path.name.replace("-py3", "-01234567-py3")).write_bytes(path.read_bytes())
    assert licences.page(out).count("<td>tool</td>") == 1


def secret_library(out):
    lock = out / "pyodide" / "pyodide-lock.json"
    content = json.loads(lock.read_text(encoding="utf-8"))
    content["packages"]["secret"] = {"name": "secret", "version": "1", "file_name": "secret-1.zip"}
    lock.write_text(json.dumps(content), encoding="utf-8")
    (out / "pyodide" / "secret-1.zip").touch()


def silent_extension(out):
    (out / "extensions" / "silent").mkdir(parents=True)
    (out / "extensions" / "silent" / "package.json").write_text('{"name": "silent", "version": "1"}', encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (lambda out: edition.wheel(out / "pyodide", Name="bare", License_Expression=None), "bare"),
        (lambda out: edition.wheel(out / "pyodide", {}, Name="mute"), "mute (the text of its licence)"),
        (secret_library, "secret"),
        (silent_extension, "silent"),
        (lambda out: (out / "pyodide" / "what.bin").touch(), "pyodide/what.bin"),
        (lambda out: (out / "games").mkdir(), "games"),
        (lambda out: (out / "build" / "Comic-Sans.woff2").touch(), "Comic-Sans"),
        (lambda out: edition.bundle(out / "build", ("mystery", "1", "", "")), "mystery"),
        (lambda out: edition.bundle(out / "build", ("mute.js", "1", "MIT", "")), "mute.js"),
    ],
)
def test_what_has_no_licence_is_named(out, harm, name):
    harm(out)
    with pytest.raises(ValueError, match=re.escape(f"no licence is known of {name}, which the site would carry")):
        licences.page(out)


def test_names_and_texts_from_elsewhere_are_no_markup(out):
    evil = "<script>alert(1)</script>"
    files = {"INFO/licenses/LICENSE": evil}
    edition.wheel(out / "pyodide", files, Name="x", License_Expression=evil, Project_URL="Source, javascript:alert(1)")
    html = licences.page(out)
    assert evil not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert 'href="javascript' not in html


def test_an_edition_by_itself_has_a_page_of_its_own(out):
    html = licences.document(out)
    assert html.startswith("<!doctype html>")
    assert "https://example.org/tool" in html
    assert "<script" not in html
