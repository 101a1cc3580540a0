"""A learner on a hub without a page: logs in, runs a notebook and moves a slider through the protocols alone."""

import json
import time

import requests
import websocket
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import deserialize_binary_message

PATIENCE = 600  # seconds; a learner who waits longer has failed


class Learner:
    """One who does what a page does, at the speed of the servers."""

    def __init__(self, address, name):
        self.name, self.hub, self.own = name, f"{address}/hub", f"{address}/user/{name}"
        self.web, self.session, self.socket = requests.Session(), Session(), None
        self.comms = {}  # the state that each widget was opened with, by its id

    def arrive(self, notebook):
        """Log in and run all cells; return the seconds until the server was ready, and those of all cells."""
        start = time.perf_counter()
        self._log_in()
        self._wait_for_server()
        ready = time.perf_counter()
        cells = self._get(f"{self.own}/api/contents/{notebook}")["content"]["cells"]
        self._connect(notebook)
        for cell in cells:
            if cell["cell_type"] == "code" and cell["source"].strip():
                self._run(cell["source"])
        return ready - start, time.perf_counter() - ready

    def slide(self):
        """Move the first slider of a number by a step; return the seconds until its new picture is here."""
        slider, state = next((i, s) for i, s in self.comms.items() if s.get("_model_name") == "FloatSliderModel")
        state["value"] += state["step"]
        data = {"method": "update", "state": {"value": state["value"]}, "buffer_paths": []}
        start = time.perf_counter()
        identity = self._send("comm_msg", {"comm_id": slider, "data": data})
        while True:
            message = self._receive()
            if message["msg_type"] == "comm_msg" and message["parent_header"].get("msg_id") == identity:
                values = message["content"]["data"].get("state", {}).values()
                if any(isinstance(value, str) and value.startswith("<svg") for value in values):
                    return time.perf_counter() - start

    def close(self):
        if self.socket:
            self.socket.close()
        self.web.close()

    def _log_in(self):
        self.web.get(f"{self.hub}/login").raise_for_status()
        form = {"username": self.name, "password": "any", "_xsrf": self.web.cookies.get("_xsrf", path="/hub/")}
        self.web.post(f"{self.hub}/login", data=form).raise_for_status()  # ends at the page that starts the server
        answer = self.web.post(f"{self.hub}/api/users/{self.name}/tokens",
                               headers={"X-XSRFToken": self.web.cookies.get("_xsrf", path="/hub/")})  # fmt: skip
        answer.raise_for_status()
        self.web.close()
        self.web = requests.Session()
        self.web.headers["Authorization"] = f"token {answer.json()['token']}"

    def _get(self, address):
        answer = self.web.get(address)
        answer.raise_for_status()
        return answer.json()

    def _wait_for_server(self):
        """Read what the hub tells of the start, as its own page does, until the server is ready."""
        progress = f"{self.hub}/api/users/{self.name}/server/progress"
        with self.web.get(progress, stream=True, timeout=PATIENCE) as answer:
            answer.raise_for_status()
            event = {}
            for line in answer.iter_lines(decode_unicode=True):
                if line.startswith("data:"):
                    event = json.loads(line.removeprefix("data:"))
                    if event.get("ready"):
                        return
            raise RuntimeError(f"the hub says of the server of {self.name}: {event}")

    def _connect(self, notebook):
        kernel = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        answer = self.web.post(f"{self.own}/api/sessions", json=kernel)
        answer.raise_for_status()
        channels = f"{self.own}/api/kernels/{answer.json()['kernel']['id']}/channels".replace("http", "ws", 1)
        authorization = f"Authorization: {self.web.headers['Authorization']}"
        self.socket = websocket.create_connection(channels, header=[authorization], timeout=PATIENCE)

    def _send(self, kind, content):
        message = self.session.msg(kind, content) | {"channel": "shell", "buffers": []}
        self.socket.send(json.dumps(message, default=json_default))
        return message["header"]["msg_id"]

    def _receive(self):
        frame = self.socket.recv()
        message = deserialize_binary_message(frame) if isinstance(frame, bytes) else json.loads(frame)
        if message["msg_type"] == "comm_open":
            self.comms[message["content"]["comm_id"]] = message["content"]["data"].get("state", {})
        return message

    def _run(self, source):
        """Run a cell until its answer and all that it shows are here."""
        identity = self._send("execute_request", {"code": source, "silent": False, "store_history": True,
                                                  "user_expressions": {}, "allow_stdin": False})  # fmt: skip
        answered = idle = False
        while not (answered and idle):
            message = self._receive()
            if message["parent_header"].get("msg_id") != identity:
                continue
            content = message["content"]
            if message["msg_type"] == "execute_reply":
                if content["status"] != "ok":
                    raise RuntimeError(f"{self.name}: {content.get('ename')}: {content.get('evalue')}")
                answered = True
            idle = idle or (message["msg_type"] == "status" and content["execution_state"] == "idle")
