"""An extension of Jupyter's server: a slider's picture does not wait, NumPy has one thread, a widget leaves a picture.

A small message of TCP waits until the one before it has been acknowledged, and a page takes its time with that: up to
40 ms, in which a slider has moved and its picture has not. Jupyter's server leaves it so. This extension switches the
waiting off (``TCP_NODELAY``).

NumPy shares a matrix product out among all cores. For arrays as small as the course's that takes longer than the
product itself, and where another program has one of the cores all wait for the slowest. So the kernels that the server
starts use one thread, unless ``OMP_NUM_THREADS`` stands in its environment already.

JupyterLab shows an error in the place of a widget that no kernel knows, though its still picture lies beside it in the
file. So a notebook is saved with the pictures alone; the widgets are only noted, and when a page opens the notebook
those come back that its kernel, still running, knows. JupyterLab also marks a notebook as changed where the kernel's
Python is of another version than the one in the file, so a page gets the version that it will find.

It is switched on by ``nbkit-server.json``, which pip puts where servers look.
"""

import inspect
import os
import sys
from functools import wraps
from uuid import uuid4

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
KERNEL_TIMEOUT = 2.0  # seconds for a kernel to say which widgets it has: one that is busy is believed to have them all


def _jupyter_server_extension_points():
    return [{"module": "nbkit.server"}]


def _load_jupyter_server_extension(app):
    """Let each connection between a page and a kernel, of whatever class the server uses, send without waiting."""
    use_one_thread()
    settings = app.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])
    if "contents_manager" in settings:
        keep_pictures(settings["contents_manager"], settings.get("session_manager"), settings.get("kernel_manager"))


def use_one_thread():
    """Let the processes that this one starts compute with one thread, unless the environment says otherwise."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def prompt(connection):
    """Return a subclass of a server's class of `connection` that sends small messages at once."""

    class PromptConnection(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return PromptConnection


# ---------------------------------------------------------------- widgets and their still pictures


def keep_pictures(contents, sessions, kernels):
    """Let a server's managers save notebooks with still pictures, and open them with widgets that a kernel knows."""
    contents.register_pre_save_hook(note_widgets)
    plain = contents.get
    if not inspect.iscoroutinefunction(plain):
        return  # an older kind of manager cannot ask a kernel: its pages get the pictures

    @wraps(plain)
    async def get(path, *arguments, **options):
        model = await plain(path, *arguments, **options)
        name_python(model)
        if outputs_with_pictures(model):
            known = await widgets_of(path, sessions, kernels)
            for output in outputs_with_pictures(model):
                show_widget(output) if known(id_of(output)) else show_picture(output)
        return model

    contents.get = get


def name_python(model):
    """Tell a page the version of this environment's Python, which the kernel ``python3`` runs."""
    notebook = model.get("content") if model.get("type") == "notebook" else None
    metadata = notebook.get("metadata", {}) if isinstance(notebook, dict) else {}
    language = metadata.get("language_info", {})
    if metadata.get("kernelspec", {}).get("name") == "python3" and "version" in language:
        language["version"] = sys.version.split()[0]


def note_widgets(model, **_others):
    """Before a notebook is saved: of each widget that left a picture, keep the picture, and a note of the widget."""
    for output in outputs_with_pictures(model):
        show_picture(output)


def outputs_with_pictures(model):
    """List the outputs of a notebook that hold a widget, or the note of one, beside something that needs no kernel."""
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict):
        return []
    stored = notebook.get("metadata", {}).get("widgets", {}).get(STATE, {}).get("state", {})
    outputs = [output for cell in notebook.get("cells", ()) for output in cell.get("outputs", ())]
    return [output for output in outputs if "text/html" in output.get("data", {}) and id_of(output)
            and id_of(output) not in stored]  # fmt: skip


def id_of(output):
    """Return the id of the widget of an output, in its data or noted in its metadata."""
    for place in ("data", "metadata"):
        widget = output.get(place, {}).get(WIDGET)
        if isinstance(widget, dict) and isinstance(widget.get("model_id"), str):
            return widget["model_id"]
    return ""


def show_picture(output):
    """Move the widget of an output out of sight."""
    if WIDGET in output["data"]:
        output.setdefault("metadata", {})[WIDGET] = output["data"].pop(WIDGET)


def show_widget(output):
    """Put the widget of an output back."""
    if WIDGET in output.get("metadata", {}):
        output["data"][WIDGET] = output["metadata"].pop(WIDGET)


async def widgets_of(path, sessions, kernels):
    """Return a function that says whether the kernel of a notebook knows a widget."""
    try:
        found = [one["kernel"]["id"] for one in await sessions.list_sessions() if one["path"] == path.strip("/")]
    except Exception:  # whatever it is, a notebook must open
        found = []
    if not found:
        return lambda _widget: False
    try:
        kernel = kernels.get_kernel(found[0])
        session = kernel.session.clone()
        session.session = uuid4().hex  # a name of its own: answers go by the name
        client = kernel.client(session=session)
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            reply = client.comm_info(reply=True, timeout=KERNEL_TIMEOUT)
            reply = await reply if inspect.isawaitable(reply) else reply
        finally:
            client.stop_channels()
        return reply["content"]["comms"].__contains__
    except Exception:  # it is busy, or somewhere else
        return lambda _widget: True
