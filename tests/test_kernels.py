"""The plugin that keeps kernels as small as Binder's: a notebook that wants more fails, one that takes less passes."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a kernel from outside")


@pytest.mark.parametrize(
    ("megabytes", "words"),
    [(100, "1 passed"), (500, "MB of memory at its peak, more than 400 MB"), (1100, "Unable to allocate")],
)
def test_a_notebook_may_take_what_binder_gives(tmp_path, megabytes, words):
    source = f"import numpy as np\nfull = np.ones({megabytes} * 2**17)"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, tmp_path / "large.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "tests.kernels", "--nbval", "--nbval-current-env", "-o", "addopts=",
               "--rootdir", str(tmp_path), str(tmp_path / "large.ipynb")]  # fmt: skip
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert words in done.stdout
    assert (done.returncode == 0) == ("passed" in words)
