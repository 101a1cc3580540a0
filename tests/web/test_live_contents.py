"""The files that JupyterLab shows in the browser edition."""

from nbkit.web.live import app
from tests.browser.lab import NOTEBOOKS


def test_what_a_chapter_links_to_above_its_folder_comes_along(tmp_path):
    app.copy_contents(NOTEBOOKS, tmp_path / "files")
    for name in ("nbkit/layers.py", "nbkit/graph.py"):
        assert (tmp_path / "files" / name).read_bytes() == (NOTEBOOKS.parent / name).read_bytes()
    assert (tmp_path / "files" / "07_gradient_descent.ipynb").is_file()
    readme = (tmp_path / "files" / "README.md").read_text(encoding="utf-8")  # that of the course, not that for teachers
    assert readme.startswith("# How neural networks learn")
    assert "](00_start_here.ipynb)" in readme


def test_nothing_comes_along_from_beside_the_course(tmp_path):
    notebooks = tmp_path / "course" / "notebooks"
    notebooks.mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (notebooks / "one.ipynb").write_text("[a](../../secret.md) [b](../missing.md)")
    app.copy_contents(notebooks, tmp_path / "files")
    assert {path.name for path in (tmp_path / "files").rglob("*")} == {"one.ipynb"}
