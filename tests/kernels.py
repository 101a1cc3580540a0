"""A pytest plugin: kernels of notebooks get what they get on Binder, one thread and 1 GB, and must fit it.

Before its first cell the kernel is given that limit for its data (``ulimit -d``): whoever asks for more gets an error.
After its last cell the plugin reads the peak that Linux has counted (``VmHWM``, the pages that were really in memory,
which is what a container is charged for), before nbval stops the kernel, and which files the kernel has in memory: what
is slow to load and no cell asks for must not be among them. All three cost nothing. A limit on the address space
(``ulimit -v``) would count what OpenBLAS reserves for its threads and never touches.
"""

import os
import re
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from nbkit.server import use_one_thread

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

STARTUP = Path(__file__).with_name("startup")
BINDER = 2**30  # bytes
SLOW = {"matplotlib": r"\b(matplotlib|plots\.)", "sklearn": r"\bsklearn\b"}  # and what asks for them in a cell
LIMIT = 400  # MB: the server takes about 120, so two notebooks that are open at once fit 1 GB


def peak(pid):
    """Return the peak memory of a process in MB, or None where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) // 1024 if found else None


def loaded(pid):
    """Return which packages of `SLOW` a process has loaded: each of them has a part in C, whose file is mapped."""
    try:
        mapped = Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return set()
    return {name for name in SLOW if f"/site-packages/{name}/" in mapped}


def asked_for(notebook):
    """Return which packages of `SLOW` the cells of a notebook ask for."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return {name for name, asks in SLOW.items() if re.search(asks, code)}


def kernel_of(item):
    """Return the process of the kernel that runs a notebook's cell, or None."""
    kernel = item.parent.kernel if isinstance(item, IPyNbCell) else None
    return kernel.km.provisioner.pid if kernel and kernel.is_alive() else None


def pytest_configure():
    """Let kernels compute with one thread, as those of the course's server do; and round as others do, if asked for."""
    use_one_thread()
    if os.environ.get("NBKIT_ROUNDING"):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(STARTUP), os.environ.get("PYTHONPATH"))))


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item):
    """Give the kernel no more than Binder would, where the system can."""
    pid = kernel_of(item)
    if pid and hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_DATA, (BINDER, BINDER))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Look at the kernel when the next test is none of its own, and tell once pytest has cleared it away."""
    last = isinstance(item, IPyNbCell) and not (nextitem and nextitem.parent is item.parent)
    pid = kernel_of(item) if last else None
    found = peak(pid) if pid else None
    unasked = loaded(pid) - asked_for(item.parent.nb) if pid else ()
    result = yield
    if found and found > LIMIT:
        pytest.fail(f"{item.path.name} took {found} MB of memory at its peak, more than {LIMIT} MB", pytrace=False)
    if unasked:
        pytest.fail(f"{item.path.name} has loaded {', '.join(sorted(unasked))}, which no cell asks for", pytrace=False)
    return result
