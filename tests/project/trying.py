"""How commands of the documents are tried: with this environment's programs, in a copy of the course if they write."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.translation.test_editions import GERMAN

ROOT = Path(__file__).parents[2]
HERE = Path(sys.executable).parent


def run(words, folder, **options):
    """Run a program of this environment in a folder."""
    words = [str(HERE / words[0]) if words[0] != "python" else sys.executable, *words[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def copy_of_the_course(folder):
    """Copy the course without what commands have made, and return where it is."""
    return shutil.copytree(ROOT, folder / "course", ignore=_no_part_of_the_course)


def _no_part_of_the_course(folder, names):
    made = {"site", "newest", "oldest", "build", "dist"} if Path(folder) == ROOT else set()
    hidden = {name for name in names if name.startswith(".") and name not in (".github", ".ci")}
    return {name for name in names if name in made or name == "__pycache__"} | hidden


def translate(words, tmp_path):
    """German gets the line in nbkit/languages.py that CONTRIBUTING.md shows."""
    course, tag = copy_of_the_course(tmp_path), "de" if "de" in words else "zh-CN"
    if tag == "de":
        line = f'Language("{GERMAN.code}", "{GERMAN.tag}", "{GERMAN.name}", offered=False)'
        assert f"`{line}`" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        path = course / "nbkit" / "languages.py"
        before, chinese, after = path.read_text(encoding="utf-8").partition('    Language("zh_CN"')
        path.write_text(f"{before}    {line},\n{chinese}{after}", encoding="utf-8")
    run(words, course)
    assert (course / "notebooks" / tag / "01_computation_graph.ipynb").is_file()
