"""The plugin that keeps kernels as small as Binder's, and lets them round as other processors do."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROUNDING = """import math
import numpy as np
x = np.linspace(1, 2, 64)
away = np.array([np.exp(number) / math.exp(number) - 1 for number in x])
assert 0 < abs(away).max() < 1e-15, abs(away).max()"""


def validate(folder, source, **environment):
    """Run nbval with the plugin on a notebook of one cell."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "one.ipynb")
    command = [
        sys.executable, "-m", "pytest", "-p", "tests.kernels", "--nbval", "--nbval-current-env", "-o", "addopts=",
        "--rootdir", str(folder), str(folder / "one.ipynb"),
    ]  # fmt: skip
    root = Path(__file__).parents[1]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, env=os.environ | environment)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a kernel from outside")
@pytest.mark.parametrize(
    ("megabytes", "words"),
    [(100, "1 passed"), (500, "MB of memory at its peak, more than 400 MB"), (1100, "Unable to allocate")],
)
def test_a_notebook_may_take_what_binder_gives(tmp_path, megabytes, words):
    done = validate(tmp_path, f"import numpy as np\nfull = np.ones({megabytes} * 2**17)")
    assert words in done.stdout
    assert (done.returncode == 0) == ("passed" in words)


def test_other_rounding_moves_the_last_digit_and_no_more(tmp_path):
    done = validate(tmp_path, ROUNDING, NBKIT_ROUNDING="1")
    assert "1 passed" in done.stdout, done.stdout
    assert "AssertionError" in validate(tmp_path, ROUNDING.replace("0 <", "1e-15 <"), NBKIT_ROUNDING="1").stdout
