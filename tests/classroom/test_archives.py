"""Archives that are handed in: read in memory within limits, whatever they say of themselves."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import strategies as st

from nbkit.classroom import archives, report
from nbkit.classroom.submissions import read_submissions
from nbkit.course import notebook_files
from nbkit.web.live import page
from tests.classroom.handing_in import ONE, told, write, zipped
from tests.course.folders import RIGHT, save
from tests.hostile import fuzz


@pytest.fixture
def folder(tmp_path):
    """The folder of a class; a learner whose it is alone is called like it."""
    return write(tmp_path, "class/") / "class"


def handed_in_zip(folder, files, **options):
    """Return the only learner, who has handed in an archive."""
    zipped(folder / "apple.zip", files, **options)
    return read_submissions(folder)[0][0]


def why(file):
    with pytest.raises(ValueError, match=r".") as raised:
        file.read()
    return str(raised.value)


def test_a_notebook_in_an_archive_reads_as_it_does_in_a_folder(folder, tmp_path):
    path = save(tmp_path, "00_start_here.ipynb", ("00.number", RIGHT))
    for options in ({}, {"compression": zipfile.ZIP_DEFLATED}):
        [file] = handed_in_zip(folder, {"a/00_start_here.ipynb": path.read_bytes()}, **options).files
        assert file.read() == path.read_bytes()
        [row] = report(folder).rows
        assert row.records[0].file == "apple.zip/a/00_start_here.ipynb"
        assert [task.state for task in row.records[0].exercises] == ["solved", "untried"]


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_the_archive_that_the_browser_edition_makes_is_read(folder):
    script = Path(page.__file__).parent / "static" / "zip.js"
    code = script.read_text(encoding="utf-8") + (
        ";zip([['02_backward.ipynb', 'one'], ['Äpfel/08_xor.ipynb', 'two']]).arrayBuffer()"
        ".then(bytes => process.stdout.write(Buffer.from(bytes)));"
    )
    made = subprocess.run(["node", "-e", code], capture_output=True, check=True, timeout=60).stdout
    (folder / "apple_my_notebooks.zip").write_bytes(made)
    [learner] = read_submissions(folder)[0]
    assert {file.base: file.read() for file in learner.files} == {"02_backward.ipynb": b"one", "08_xor.ipynb": b"two"}
    assert learner.files[1].name == "apple_my_notebooks.zip/Äpfel/08_xor.ipynb"


def test_odd_names_in_an_archive_stay_names(folder, tmp_path):
    odd = [
        "../../02_backward.ipynb",
        "/etc/03_gradient_check.ipynb",
        "C:\\x\\04_activations.ipynb",
        "a//05_affine.ipynb",
    ]
    hidden = ["__MACOSX/06_softmax_and_loss.ipynb", ".x/07_gradient_descent.ipynb", "a/.08_xor.ipynb"]
    write(tmp_path, "02_backward.ipynb")
    learner = handed_in_zip(folder, {name: name for name in [*odd, *hidden, "inner.zip", "02_backward.pdf"]})
    assert sorted(file.base for file in learner.files) == [
        "02_backward.ipynb", "03_gradient_check.ipynb", "04_activations.ipynb", "05_affine.ipynb",
    ]  # fmt: skip
    assert {file.read().decode() for file in learner.files} == set(odd)
    assert "archives in an archive: apple.zip/inner.zip." in " ".join(learner.notes)
    assert "nor .zip archives: apple.zip/02_backward.pdf." in " ".join(learner.notes)
    assert sorted(os.listdir(folder)) == ["apple.zip"]


def test_two_files_of_one_name_in_an_archive_both_count(folder):
    with zipfile.ZipFile(folder / "apple.zip", "w") as archive:
        archive.writestr("08_xor.ipynb", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("08_xor.ipynb", "two")
    assert [file.read() for file in read_submissions(folder)[0][0].files] == [b"one", b"two"]


def test_what_is_too_large_locked_or_packed_otherwise_is_refused_in_plain_words(folder, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 10_000)
    [file] = handed_in_zip(folder, {"08_xor.ipynb": b"0" * 20_000}, compression=zipfile.ZIP_DEFLATED).files
    assert why(file) == notebook_files.TOO_LARGE
    data = bytearray((folder / "apple.zip").read_bytes())
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = (5_000).to_bytes(4, "little")  # it says that there is less in it
    (folder / "apple.zip").write_bytes(data)
    assert why(read_submissions(folder)[0][0].files[0]) == archives.DAMAGED
    data[at + 8] |= 1
    (folder / "apple.zip").write_bytes(data)
    assert why(read_submissions(folder)[0][0].files[0]) == archives.PASSWORD
    [file] = handed_in_zip(folder, {"08_xor.ipynb": "x"}, compression=zipfile.ZIP_LZMA).files
    assert why(file) == archives.PACKED_OTHERWISE
    (folder / "apple.zip").unlink()
    assert why(file) == "no longer there"


def test_a_link_in_an_archive_is_named(folder):
    link = zipfile.ZipInfo("02_backward.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(folder / "apple.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("08_xor.ipynb", ONE)
    [learner] = read_submissions(folder)[0]
    assert [file.base for file in learner.files] == ["08_xor.ipynb"]
    assert "files: apple.zip/02_backward.ipynb." in learner.notes[0]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\5\6" + b"\xff" * 18, b"PK\3\4" + b"\0" * 50])
def test_what_is_no_archive_is_named(folder, content):
    write(folder, "pear_08_xor.ipynb")
    (folder / "apple.zip").write_bytes(content)
    assert told(folder, "apple").startswith("Cannot be read (the archive is damaged): apple.zip.")


def test_an_archive_that_lists_too_much_is_refused_before_it_is_read(folder, monkeypatch):
    write(folder, "pear_08_xor.ipynb")
    monkeypatch.setattr(archives.Bounded, "most", 70_000)  # the end of an archive takes up to 65557 bytes
    zipped(folder / "apple.zip", {f"{i}_08_xor.ipynb": "" for i in range(1200)})
    assert told(folder, "apple") == "Cannot be read (too many files are in the archive): apple.zip."


def test_an_archive_without_a_notebook_is_named(folder):
    write(folder, "apple/08_xor.ipynb")
    zipped(folder / "apple" / "more.zip", {"a.txt": ""})
    assert told(folder, "apple") == "No notebook is in: more.zip."


SOUND = io.BytesIO()
zipped(SOUND, {"02_backward.ipynb": ONE, "a/08_xor.ipynb": ONE * 50}, compression=zipfile.ZIP_DEFLATED)
SOUND = SOUND.getvalue()
CHANGES = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6)


@fuzz(150, CHANGES | st.integers(0, len(SOUND)))
def test_a_damaged_archive_never_ends_the_run(tmp_path_factory, damage):
    folder = write(tmp_path_factory.getbasetemp() / "damaged", "pear_08_xor.ipynb")
    data = bytearray(SOUND[: damage if isinstance(damage, int) else None])
    for place, byte in damage if isinstance(damage, list) else ():
        data[place] = byte
    (folder / "apple.zip").write_bytes(data)
    apple, pear = report(folder).rows
    assert (apple.learner, pear.learner) == ("apple", "pear")
    said = [*apple.notes, *(file.why for record in apple.records for file in record.unreadable)]
    assert any(record.file for record in apple.records) or said
    assert not any(str(folder) in why or "Error" in why for why in said)
