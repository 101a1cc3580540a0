"""Other programs that take part in making the site: pip, npm, JupyterLite's own command."""

import os
import subprocess

from nbkit.messages import _

LAST = 12  # lines of what a program printed, which tell why it failed


def run(command, folder=None, *, tools=None, rule=None):
    """Run a program and wait for its end.

    Parameters
    ----------
    command : list of str
    folder : pathlib.Path, optional
        Where it runs; by default where this Python does.
    tools : pathlib.Path, optional
        A folder of packages that a Python finds before all others.
    rule : str, optional
        What the error says, with ``{why}`` where the program's last words belong.

    Returns
    -------
    str
        What it printed.

    Raises
    ------
    ValueError
        If it fails.
    """
    environment = os.environ | ({"PYTHONPATH": str(tools)} if tools else {})
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace"
    )  # fmt: skip
    if done.returncode:
        rule = rule or _("{command} failed:\n{why}").replace("{command}", " ".join(command[1:4]))
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-LAST:])
        raise ValueError(rule.replace("{why}", last))
    return done.stdout
