"""An extension of Jupyter's server: what a kernel sends reaches the page at once.

A small message of TCP waits until the one before it has been acknowledged, and a page takes its time with that: up to
40 ms, in which a slider has moved and its picture has not. Jupyter's server leaves it so. This extension switches the
waiting off (``TCP_NODELAY``). It is switched on by ``nbkit-prompt-server.json``, which pip puts where servers look.
"""


def _jupyter_server_extension_points():
    return [{"module": "nbkit.prompt_server"}]


def _load_jupyter_server_extension(app):
    """Let each connection between a page and a kernel, of whatever class the server uses, send without waiting."""
    settings = app.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])


def prompt(connection):
    """Return a subclass of a server's class of `connection` that sends small messages at once."""

    class PromptConnection(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return PromptConnection
