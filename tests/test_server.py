"""The server's extension: the option is set on the socket itself, and Jupyter's server finds the extension."""

import asyncio
import copy
import json
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_client.session import Session
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from nbconvert.exporters import HTMLExporter, MarkdownExporter, ScriptExporter
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect
from traitlets.config import Config

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


# ---------------------------------------------------------------- widgets and their still pictures

WIDGET, STATE = course.WIDGET, course.STATE
PICTURE = '<img alt="words" width="3" src="data:image/png;base64,">'


def shown(widget="", html=PICTURE):
    data = {"text/plain": "words"} | ({WIDGET: {"model_id": widget}} if widget else {})
    return nbformat.v4.new_output("execute_result", data | ({"text/html": html} if html else {}), execution_count=1)


def notebook(*outputs):
    cells = [nbformat.v4.new_markdown_cell("text"), nbformat.v4.new_code_cell("1", execution_count=1)]
    cells[1].outputs = [nbformat.v4.new_output("stream", text="printed"), *outputs]
    return nbformat.v4.new_notebook(cells=cells)


def model_of(*outputs):
    return {"type": "notebook", "format": "json", "content": notebook(*outputs)}


class Sessions:
    """As Jupyter's: it lists the notebooks that have a kernel."""

    def __init__(self, **kernels):
        self.kernels = kernels

    async def list_sessions(self):
        return [{"path": f"{name}.ipynb", "kernel": {"id": kernel}} for name, kernel in self.kernels.items()]


class Kernels:
    """As Jupyter's: it makes a client, which asks a kernel for the ids of its widgets."""

    def __init__(self, widgets):
        self.widgets, self.session = widgets, Session()

    def get_kernel(self, _kernel):
        return self

    def client(self, session):
        assert session.session != self.session.session
        return self

    def start_channels(self, **_which):
        pass

    stop_channels = start_channels

    async def comm_info(self, **_how):
        if self.widgets is None:
            raise TimeoutError
        return {"content": {"comms": dict.fromkeys(self.widgets)}}


def stored(folder, name="a.ipynb"):
    """Return the outputs of a notebook as they stand in its file."""
    return json.loads((folder / name).read_text("utf-8"))["cells"][1]["outputs"][1:]


def seen(manager, name="a.ipynb"):
    """Return which widgets a page gets that opens the notebook."""
    model = asyncio.run(manager.get(name))
    nbformat.validate(model["content"])
    return [output["data"].get(WIDGET, {}).get("model_id") for output in model["content"]["cells"][1]["outputs"][1:]]


def test_a_saved_notebook_holds_the_picture_and_a_note_of_the_widget(tmp_path):
    manager = AsyncLargeFileManager(root_dir=str(tmp_path))
    course.keep_pictures(manager, Sessions(), Kernels([]))
    others = [shown("", PICTURE), shown("theirs", "")]  # a figure, and somebody else's widget without a picture
    asyncio.run(manager.save(model_of(shown("w1"), *copy.deepcopy(others)), "a.ipynb"))
    mine, *rest = stored(tmp_path)
    assert mine["data"] == {"text/html": [PICTURE], "text/plain": ["words"]}
    assert mine["metadata"] == {WIDGET: {"model_id": "w1"}}
    assert [(output["metadata"], WIDGET in output["data"]) for output in rest] == [({}, False), ({}, True)]
    nbformat.validate(nbformat.read(tmp_path / "a.ipynb", 4))
    assert seen(manager) == [None, None, "theirs"]


@pytest.mark.parametrize(
    ("sessions", "widgets", "wanted"),
    [
        ({}, ["w1", "w2"], [None, None]),  # no kernel
        ({"b": "k"}, ["w1", "w2"], [None, None]),  # another notebook's
        ({"a": "k"}, ["w1", "w2", "x"], ["w1", "w2"]),
        ({"a": "k"}, ["w2"], [None, "w2"]),  # restarted since, and one cell run
        ({"a": "k"}, [], [None, None]),
        ({"a": "k"}, None, ["w1", "w2"]),  # it is busy
    ],
)
@pytest.mark.parametrize("how", ["saved by the course's server", "made elsewhere"])
def test_a_page_gets_the_widgets_that_the_kernel_knows(tmp_path, sessions, widgets, wanted, how):
    manager = AsyncLargeFileManager(root_dir=str(tmp_path))
    if how == "made elsewhere":
        nbformat.write(notebook(shown("w1"), shown("w2")), tmp_path / "a.ipynb")
    course.keep_pictures(manager, Sessions(**sessions), Kernels(widgets))
    if how != "made elsewhere":
        asyncio.run(manager.save(model_of(shown("w1"), shown("w2")), "a.ipynb"))
    before = (tmp_path / "a.ipynb").read_bytes()
    assert seen(manager) == wanted
    assert (tmp_path / "a.ipynb").read_bytes() == before
    model = asyncio.run(manager.get("a.ipynb"))  # what a page saves again is what was saved
    asyncio.run(manager.save(model, "b.ipynb"))
    notes = [output["metadata"][WIDGET]["model_id"] for output in stored(tmp_path, "b.ipynb")]
    assert notes == ["w1", "w2"]


def test_a_notebook_that_holds_the_state_of_its_widgets_stays_as_it_is(tmp_path):
    manager = AsyncLargeFileManager(root_dir=str(tmp_path))
    course.keep_pictures(manager, Sessions(), Kernels([]))
    model = model_of(shown("w1"), shown("w2"))
    model["content"].metadata["widgets"] = {
        STATE: {"version_major": 2, "version_minor": 0, "state": {"w1": {"model_name": "a", "state": {}}}}
    }
    asyncio.run(manager.save(model, "a.ipynb"))
    assert [WIDGET in output["data"] for output in stored(tmp_path)] == [True, False]
    assert seen(manager) == ["w1", None]


@pytest.mark.parametrize(
    ("kernel", "language", "wanted"),
    [
        ("python3", {"name": "python", "version": "3.1.4"}, {"name": "python", "version": sys.version.split()[0]}),
        ("python3", {"name": "python"}, {"name": "python"}),
        ("ir", {"name": "R", "version": "4.1"}, {"name": "R", "version": "4.1"}),
    ],
)
def test_a_page_gets_the_version_of_python_that_it_will_find(tmp_path, kernel, language, wanted):
    manager = AsyncLargeFileManager(root_dir=str(tmp_path))
    course.keep_pictures(manager, Sessions(), Kernels([]))
    made = notebook()
    made.metadata = {"kernelspec": {"name": kernel, "display_name": "K"}, "language_info": language}
    nbformat.write(made, tmp_path / "a.ipynb")
    assert asyncio.run(manager.get("a.ipynb"))["content"]["metadata"]["language_info"] == wanted
    assert nbformat.read(tmp_path / "a.ipynb", 4).metadata.language_info == language


def test_other_files_and_folders_open_and_save_as_before(tmp_path):
    manager = AsyncLargeFileManager(root_dir=str(tmp_path))
    course.keep_pictures(manager, Sessions(), Kernels([]))
    asyncio.run(manager.save({"type": "file", "format": "text", "content": "a,b"}, "a.csv"))
    assert asyncio.run(manager.get("a.csv"))["content"] == "a,b"
    assert [one["name"] for one in asyncio.run(manager.get(""))["content"]] == ["a.csv"]
    asyncio.run(manager.save(model_of(), "a.ipynb"))
    assert asyncio.run(manager.get("a.ipynb", content=False))["content"] is None
    (tmp_path / "b.ipynb").write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {"widgets": {}}, "cells": []}')
    assert asyncio.run(manager.get("b.ipynb"))["content"]["cells"] == []


def test_a_manager_of_the_older_kind_saves_pictures_as_well(tmp_path):
    manager = LargeFileManager(root_dir=str(tmp_path))
    course.keep_pictures(manager, Sessions(a="k"), Kernels(["w1"]))
    manager.save(model_of(shown("w1")), "a.ipynb")
    assert WIDGET not in stored(tmp_path)[0]["data"]
    assert manager.copy("a.ipynb", "b.ipynb")["name"] == "b.ipynb"


def test_a_real_kernel_says_which_widgets_it_has():
    code = "from comm import create_comm\ncomm = create_comm(comm_id='w1', target_name='jupyter.widget')"

    async def asked():
        kernels = AsyncMultiKernelManager()
        kernel = await kernels.start_kernel(kernel_name="python3")
        client = kernels.get_kernel(kernel).client()
        client.start_channels()
        try:
            await client.wait_for_ready(60)
            known = await course.widgets_of("/a.ipynb", Sessions(a=kernel), kernels)
            before = known("w1")
            reply = await client.execute(code, reply=True, timeout=60)
            assert reply["content"]["status"] == "ok"
            known = await course.widgets_of("a.ipynb", Sessions(a=kernel), kernels)
            return before, known("w1"), known("w2")
        finally:
            client.stop_channels()
            await kernels.shutdown_kernel(kernel, now=True)

    assert asyncio.run(asked()) == (False, True, False)


# ---------------------------------------------------------------- notebooks as HTML

SETTINGS = [Path(course.__file__).with_name(name) for name in ("nbkit-nbconvert.json", "nbkit-server.json")]


@pytest.mark.parametrize("path", SETTINGS, ids=["nbconvert", "the server's export"])
def test_a_notebook_as_html_shows_pictures_where_it_has_them_and_widgets_elsewhere(path):
    settings = json.loads(path.read_text("utf-8"))
    assert settings["HTMLExporter"] == json.loads(SETTINGS[0].read_text("utf-8"))["HTMLExporter"]
    made = notebook(shown("mine"), shown("theirs", ""), shown("", PICTURE))
    state = {name: {"model_name": "a", "state": {}} for name in ("mine", "theirs")}
    made.metadata["widgets"] = {STATE: {"version_major": 2, "version_minor": 0, "state": state}}  # as --execute does
    html, _resources = HTMLExporter(config=Config(settings)).from_notebook_node(made)
    assert html.count('alt="words"') == 2
    assert '"model_id": "theirs"' in html
    assert '"model_id": "mine"' not in html
    html, _resources = HTMLExporter().from_notebook_node(made)
    assert '"model_id": "mine"' in html, "nbconvert prefers pictures by itself: the settings can go"


def test_the_settings_for_html_change_no_other_format():
    made, config = notebook(shown("mine")), Config(json.loads(SETTINGS[0].read_text("utf-8")))
    for exporter in (MarkdownExporter, ScriptExporter):
        texts = [exporter(config=some).from_notebook_node(made)[0] for some in (Config(), config)]
        assert texts[0] == texts[1]
