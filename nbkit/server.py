"""An extension of Jupyter's server: a slider's picture does not wait, and a kernel's NumPy keeps to one thread.

A small message of TCP waits until the one before it has been acknowledged, and a page takes its time with that: up to
40 ms, in which a slider has moved and its picture has not. Jupyter's server leaves it so. This extension switches the
waiting off (``TCP_NODELAY``).

NumPy shares a matrix product out among all cores. For arrays as small as the course's that takes longer than the
product itself, and where another program has one of the cores all wait for the slowest. So the kernels that the server
starts use one thread, unless ``OMP_NUM_THREADS`` stands in its environment already.

It is switched on by ``nbkit-server.json``, which pip puts where servers look.
"""

import os


def _jupyter_server_extension_points():
    return [{"module": "nbkit.server"}]


def _load_jupyter_server_extension(app):
    """Let each connection between a page and a kernel, of whatever class the server uses, send without waiting."""
    use_one_thread()
    settings = app.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])


def use_one_thread():
    """Let the processes that this one starts compute with one thread, unless somebody has said otherwise."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def prompt(connection):
    """Return a subclass of a server's class of `connection` that sends small messages at once."""

    class PromptConnection(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return PromptConnection
