"""JupyterLite: JupyterLab as plain files, written by its own command, which is installed into a folder of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import nbformat

from nbkit.messages import _

TOOLS = Path(__file__).with_name("tools.txt")
OTHER_TOOLS = "NBKIT_LITE_TOOLS"  # in the environment: another file of requirements, to try newer versions
EXTENSIONS = {"jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
KERNEL = "@jupyterlite/pyodide-kernel-extension"
LINK = re.compile(r"\]\(\.\./([^)#\s]+)")  # of Markdown, to a file above the notebooks
IGNORED = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")


def install_tools(folder):
    """Install what makes a JupyterLite site into `folder`: JupyterLab must not find its extensions beside its own."""
    where = os.environ.get(OTHER_TOOLS) or TOOLS
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    _run([*command, "--target", str(folder), "--requirement", str(where)])


def kernel_facts(tools):
    """Return of the kernel among the tools the version of Pyodide that it needs, and the file with which it begins."""
    script = """import json
from jupyterlite_pyodide_kernel import constants as known
print(json.dumps([known.PYODIDE_VERSION, getattr(known, "PYODIDE_MJS", None) or known.PYODIDE_JS]))"""
    return json.loads(_run([sys.executable, "-c", script], tools))


def build(tools, work, out, notebooks, config, overrides, wheels):
    """Write JupyterLab and the notebooks of a folder into `out`.

    Parameters
    ----------
    tools, work, out : pathlib.Path
        Folders: of `install_tools`, for what is only needed meanwhile, and of the site.
    notebooks : pathlib.Path
        The folder that JupyterLab will show.
    config : dict
        What `jupyter-lite.json` says under ``jupyter-config-data``.
    overrides : dict
        Settings of JupyterLab, by the ids of its plugins.
    wheels : iterable of pathlib.Path
        Packages for the kernel's own index.
    """
    lite, contents = work / "lite", work / "contents"
    lite.mkdir()
    copy_contents(notebooks, contents)
    for path in contents.rglob(
        "*.ipynb"
    ):  # a server joins the lines of a cell; JupyterLab's table of contents needs it
        _write(path, nbformat.read(path, as_version=4))
    _write(lite / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": config})
    _write(lite / "overrides.json", overrides)
    for package, name in EXTENSIONS.items():
        shutil.copytree(_labextension(package, name), work / "extensions" / name)
    extensions = [str(tools / "share/jupyter/labextensions"), str(work / "extensions")]
    _write(
        lite / "jupyter_lite_config.json",
        {
            "LiteBuildConfig": {
                "contents": [str(contents)], "output_dir": str(out), "apps": ["lab"], "cache_dir": str(work / "cache"),
                "ignore_sys_prefix": ["federated_extensions"], "no_sourcemaps": True, "no_unused_shared_packages": True,
            },
            "FederatedExtensionAddon": {"extra_labextensions_path": extensions},
            "PipliteAddon": {"piplite_urls": [str(path) for path in wheels]},
        },
    )  # fmt: skip
    _run([sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(lite)], tools, lite)


def copy_contents(notebooks, folder):
    """Copy a folder of notebooks, and the files above it to which they link.

    JupyterLab takes the folder that it shows for the top: ``../nbkit/layers.py`` is ``nbkit/layers.py`` to it.
    """
    shutil.copytree(notebooks, folder, ignore=IGNORED)
    linked = {name for path in notebooks.glob("*.ipynb") for name in LINK.findall(path.read_text(encoding="utf-8"))}
    for name in sorted(linked):
        source, copy = notebooks.parent / name, folder / name
        if source.resolve().is_relative_to(notebooks.parent) and source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            copy.write_text(text.replace(f"]({notebooks.name}/", "]("), encoding="utf-8", newline="\n")


def kernel_wheels(out):
    """Return the wheels that the kernel brings along, by the names of their packages."""
    found = sorted((out / "extensions" / KERNEL / "static" / "pypi").glob("*.whl"))
    return {path.name.split("-")[0].replace("_", "-"): path for path in found}


def _labextension(package, name):
    """Return the folder in which an installed package has its part of JupyterLab."""
    ending = f"labextensions/{name}/package.json"
    found = next((path for path in distribution(package).files if path.as_posix().endswith(ending)), None)
    if found is None:
        raise ValueError(_("the package {} of this environment has no extension of JupyterLab").format(package))
    return Path(found.locate()).resolve().parent


def _write(path, content):
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _run(command, tools=None, folder=None):
    """Run a command, with `tools` among its packages, and return what it printed: a ValueError tells why it failed."""
    environment = os.environ | ({"PYTHONPATH": str(tools)} if tools else {})
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise ValueError(_("{} failed:\n{}").format(" ".join(command[1:4]), last))
    return done.stdout
