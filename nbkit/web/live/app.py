"""JupyterLite: JupyterLab as plain files, written by its own command, which is installed into a folder of its own."""

import json
import os
import re
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import quote, unquote

import nbformat

from nbkit.messages import _
from nbkit.web.languages import notebooks_in
from nbkit.web.live.commands import run

TOOLS = Path(__file__).with_name("tools.txt")
OTHER_TOOLS = "NBKIT_LITE_TOOLS"  # in the environment: another file of requirements, to try newer versions
EXTENSIONS = {"jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
LABEXTENSIONS = "share/jupyter/labextensions"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
ABOVE = re.compile(r"\]\((\.\./[^)#\s]+)")  # a link of Markdown to a file above its own
# One in Markdown: its words, which may hold a picture with an address, then address and place.
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)#\s]*)(#[^)\s]*)?\)")
ELSEWHERE = re.compile(r"[a-z]+:|$")  # addresses that hold in a copy as well: of the internet, of its own headings
IGNORED = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
FOR_TEACHERS = "README.md"


def install_tools(folder):
    """Install what makes a JupyterLite site: JupyterLab must not find its extensions beside its own.

    Parameters
    ----------
    folder : pathlib.Path

    Raises
    ------
    ValueError
        If pip cannot install it.
    """
    where = os.environ.get(OTHER_TOOLS) or TOOLS
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    run([*command, "--target", str(folder), "--requirement", str(where)])


def kernel_facts(tools):
    """Return what the kernel among the tools says of Pyodide.

    Parameters
    ----------
    tools : pathlib.Path
        The folder of `install_tools`.

    Returns
    -------
    list of str
        The version that it needs, and the file with which it begins.

    Raises
    ------
    ValueError
        If there is no kernel.
    """
    script = """import json
from jupyterlite_pyodide_kernel import constants as known
print(json.dumps([known.PYODIDE_VERSION, getattr(known, "PYODIDE_MJS", None) or known.PYODIDE_JS]))"""
    return json.loads(run([sys.executable, "-c", script], tools=tools))


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

    Raises
    ------
    ValueError
        If JupyterLite's command fails, or a package of this environment lacks its part of JupyterLab.
    """
    lite, contents = work / "lite", work / "contents"
    lite.mkdir()
    copy_contents(notebooks, contents)
    # A server joins the lines of a cell; JupyterLab's table of contents needs it.
    for path in contents.rglob("*.ipynb"):
        _write(path, nbformat.read(path, as_version=4))
    _write(lite / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": config})
    _write(lite / "overrides.json", overrides)
    for package, name in EXTENSIONS.items():
        shutil.copytree(_labextension(package, name), work / "extensions" / name)
    extensions = [str(tools / LABEXTENSIONS), str(work / "extensions")]
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
    run([sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(lite)], lite, tools=tools)


def copy_contents(notebooks, folder):
    """Copy a folder of notebooks, and the files above it to which they link.

    JupyterLab takes the folder that it shows for the top: ``../nbkit/layers.py`` is ``nbkit/layers.py`` to it, and from
    the folder of another language ``../../nbkit/layers.py`` is. Of the texts, links to what is not copied become words.

    Parameters
    ----------
    notebooks : pathlib.Path
    folder : pathlib.Path
        A new one.
    """
    shutil.copytree(notebooks, folder, ignore=IGNORED)
    top = notebooks.resolve()
    for translated in {path.parent.relative_to(top) for path in notebooks_in(top)} - {Path()}:
        (folder / translated / FOR_TEACHERS).unlink(missing_ok=True)  # in English that of the course takes its place
    linked = {
        (path.parent / name).resolve()
        for path in notebooks_in(top)
        for name in ABOVE.findall(path.read_text(encoding="utf-8"))
    }
    above = {
        source: folder / source.relative_to(top.parent)
        for source in linked
        if _belongs(source, top.parent) and not source.is_relative_to(top)
    }
    for source, copy in above.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    below = {top / path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    copies = {source: copy for source, copy in below.items() if copy not in above.values() and source.is_file()} | above
    for source, copy in copies.items():
        if copy.suffix == ".md":
            text = _relinked(source.read_text(encoding="utf-8"), source, copies)
            copy.write_text(text, encoding="utf-8", newline="\n")


def _belongs(path, course):
    return path.is_file() and path.is_relative_to(course.resolve())


def _relinked(text, source, copies):
    """Return Markdown with links as its copy has them: to other copies; words are left of a link to anything else."""

    def link(found):
        words, address, place = found[1], unquote(found[2]), found[3] or ""
        if ELSEWHERE.match(address):
            return found[0]
        copy = copies.get((source.parent / address).resolve())
        if copy is None:
            return words
        way = quote(Path(os.path.relpath(copy, copies[source].parent)).as_posix())
        return f"{found[0][: found[0].rindex('](')]}]({way}{place})"

    return LINK.sub(link, text)


def kernel_wheels(tools):
    """Return the wheels that the kernel brings along.

    Parameters
    ----------
    tools : pathlib.Path
        The folder of `install_tools`.

    Returns
    -------
    dict
        Their paths, by the names of their packages.
    """
    found = sorted((tools / LABEXTENSIONS / KERNEL / "static" / "pypi").glob("*.whl"))
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
