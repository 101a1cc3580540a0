"""The server's extension: the option is set on the socket itself, and Jupyter's server finds the extension."""

import asyncio
import os
import socket
from types import SimpleNamespace

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from nbkit import server as course


class Connection:
    """As Jupyter's: it knows the handler of its web socket, and connects when a page has opened it."""

    def __init__(self, handler):
        self.websocket_handler = handler

    def connect(self):
        stream = self.websocket_handler.ws_connection.stream
        self.waits = not stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        return "connected"


def open_a_page(kind):
    """Open a web socket to a server with connections of a `kind`; return whether it waits, and what connecting gave."""
    seen = []

    class Handler(WebSocketHandler):
        def open(self):
            connection = kind(self)
            result = connection.connect()
            seen.append((connection.waits, result))

    async def visit():
        listening, port = bind_unused_port()
        server = HTTPServer(Application([("/", Handler)]))
        server.add_socket(listening)
        page = await websocket_connect(f"ws://127.0.0.1:{port}/")
        page.close()
        while not seen:
            await asyncio.sleep(0.01)
        server.stop()
        await server.close_all_connections()

    asyncio.run(visit())
    return seen[0]


def test_a_connection_sends_small_messages_at_once():
    assert open_a_page(Connection) == (True, "connected")  # the server without the extension
    assert open_a_page(course.prompt(Connection)) == (False, "connected")


@pytest.mark.parametrize("kind", [Connection, ZMQChannelsWebsocketConnection])
def test_the_extension_keeps_the_class_that_the_server_uses(monkeypatch, kind):
    monkeypatch.setattr(os, "environ", {})
    settings = {"kernel_websocket_connection_class": kind, "other": 1}
    course._load_jupyter_server_extension(SimpleNamespace(web_app=SimpleNamespace(settings=settings)))
    assert issubclass(settings.pop("kernel_websocket_connection_class"), kind)
    assert settings == {"other": 1}


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("4", "4")])
def test_kernels_get_one_thread_unless_somebody_has_said_otherwise(monkeypatch, before, after):
    monkeypatch.setattr(os, "environ", {"OMP_NUM_THREADS": before} if before else {})
    settings = {"kernel_websocket_connection_class": Connection}
    course._load_jupyter_server_extension(SimpleNamespace(web_app=SimpleNamespace(settings=settings)))
    assert os.environ == {"OMP_NUM_THREADS": after}


def test_connections_of_jupyter_have_what_the_extension_needs():
    connection = ZMQChannelsWebsocketConnection
    assert "websocket_handler" in connection.class_traits()
    assert callable(connection.connect)
    assert callable(WebSocketHandler.set_nodelay)
