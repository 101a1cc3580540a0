"""Runs notebooks, each in a kernel of its own, so that their pages show what the code does today."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from tqdm import tqdm

from nbkit.drawing.still import PUBLISH
from nbkit.languages import VARIABLE
from nbkit.messages import _

FIRST = "from nbkit.web import stills\n\nstills.install()"


def run_all(courses):
    """Run the notebooks of all languages in place, as many at once as there are processors; widgets become pictures."""
    tasks = [(path, notebook, one.language) for one in courses for path, notebook in one.notebooks.items()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(_run, *zip(*tasks, strict=True))
        for _done in tqdm(done, total=len(tasks), unit=_("notebook"), disable=None):  # None: only on a terminal
            pass


def _run(path, notebook, language):
    notebook.cells.insert(0, new_code_cell(FIRST))
    client = NotebookClient(
        notebook, timeout=600, store_widget_state=False, resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )  # fmt: skip
    try:
        published = os.environ | {PUBLISH: "1", VARIABLE: language.code}
        asyncio.run(client.async_execute(env=published))  # not `execute`: in a thread that leaves its event loop open
    except CellExecutionError as error:
        failed = next(i for i, cell in enumerate(notebook.cells) if _raised(cell))
        rule = _("cell {number} of {path} raised {error}: {why}")
        raise ValueError(rule.format(number=failed, path=path, error=error.ename, why=error.evalue)) from None
    finally:
        notebook.cells.pop(0)


def _raised(cell):
    allowed = "raises-exception" in cell.metadata.get("tags", ())
    return not allowed and any(output.output_type == "error" for output in cell.get("outputs", ()))
