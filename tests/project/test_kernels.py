"""The plugin of the notebooks' kernels, called directly: it lets them round as other processors do.

That it notices a kernel which takes too much memory is seen in test_validate.py, where notebooks run anyway.
"""

import os
import subprocess
import sys

from tests import kernels

# The plugin's folder wraps NumPy's functions: the wrapped one tells what NumPy itself has computed.
ROUNDING = """import numpy as np
x = np.linspace(1, 2, 64)
print(abs(np.exp(x) / np.exp.__wrapped__(x) - 1).max())"""


def test_other_rounding_moves_the_last_digit_and_no_more_and_only_when_asked_for(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("NBKIT_ROUNDING", raising=False)
    kernels.pytest_configure()
    assert os.environ["PYTHONPATH"] == "elsewhere"
    monkeypatch.setenv("NBKIT_ROUNDING", "1")
    kernels.pytest_configure()
    # A kernel gets the environment of the process that starts it, as this process does.
    done = subprocess.run([sys.executable, "-c", ROUNDING], capture_output=True, text=True, check=True)
    assert 0 < float(done.stdout) < 1e-15
