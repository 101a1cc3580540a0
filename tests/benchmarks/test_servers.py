"""What tests and benchmarks start: a server is ready when it says so, nothing is left behind, and a class is told."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest

from tests.benchmarks import hub
from tests.server import Server, answers, free_ports

# As a proxy does: a child answers 404, then 503, and only then 200, on the port that it is given.
PROXY = """import subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
codes = [int(code) for code in sys.argv[2:]]
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(codes.pop(0) if len(codes) > 1 else codes[0])
        self.end_headers()
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()"""


@pytest.fixture
def answering():
    """A server in this process; returns its address, and a list whose last entry says what it answers."""
    codes = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(codes[-1])
            self.end_headers()

        def log_message(self, *_words):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", codes
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("code", "ready"), [(200, True), (404, False), (403, False), (503, False), (500, False)])
def test_only_200_is_ready(answering, code, ready):
    address, codes = answering
    codes.append(code)
    assert answers(address) is ready


def test_nobody_there_is_not_ready():
    (port,) = free_ports(1)
    assert not answers(f"http://127.0.0.1:{port}")


def start(tmp_path, *codes, seconds=30):
    (port,) = free_ports(1)
    command = [sys.executable, "-c", PROXY, str(port), *map(str, codes)]
    return Server(command, f"http://127.0.0.1:{port}", tmp_path / "log", seconds=seconds)


def alive(family):
    return [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_server_is_waited_for_through_404_and_503_and_leaves_no_process(tmp_path):
    server = start(tmp_path, 404, 503, 200)
    assert "503" in Path(tmp_path / "log").read_text()
    family = psutil.Process(server.pid).children(recursive=True)
    assert len(alive(family)) == 1
    server.close()
    assert alive(family) == []


def test_one_that_never_gets_ready_is_said_to_and_leaves_no_process(tmp_path):
    before = set(psutil.Process().children(recursive=True))
    with pytest.raises(RuntimeError, match="is not ready at http"):
        start(tmp_path, 404, seconds=2)
    assert alive(set(psutil.Process().children(recursive=True)) - before) == []


# ---------------------------------------------------------------- the class on a hub

PROCESSES = [("hub", None, 100.0, 120.0, 3.0), ("proxy", None, 60.0, 70.0, 1.0)]
LEARNERS = [(kind, name, 100.0, 150.0, 4.0) for name in ("a", "b") for kind in ("server", "kernel")]
ERROR = RuntimeError("no server")


def test_a_class_in_which_nobody_came_through_is_told_in_rows_of_one_length():
    row = hub.waits("all at once", [ERROR, ERROR], [ERROR, ERROR])
    assert row == ("all at once", "0 of 2", "–", "–", "–")
    assert {len(row) for row in hub.memory(PROCESSES)} == {5}
    assert hub.memory(PROCESSES)[-1] == ("a learner: server and kernels", 0, "–", "–", "–")
    assert {len(row) for row in hub.sizing(PROCESSES)} == {3}


def test_what_a_learner_takes_is_added_up():
    assert hub.memory(PROCESSES + LEARNERS)[-1][1:] == (2, "200.0 / 200.0", "300.0 / 300.0", "8.0 / 8.0")
    assert hub.sizing(PROCESSES + LEARNERS, learners=10)[0][2] == "2"  # GB, of 2000 MB


@pytest.mark.parametrize(("arrivals", "code"), [([(1, 2), (2, 3)], 0), ([(1, 2), ERROR], 1), ([ERROR, ERROR], 1)])
def test_the_exit_code_tells_whether_anybody_failed(monkeypatch, capsys, arrivals, code):
    slides = [ERROR if arrival is ERROR else 0.1 for arrival in arrivals]
    row = hub.waits("all at once", arrivals, slides)
    usage = PROCESSES + (LEARNERS if code == 0 else [])
    monkeypatch.setattr("tests.benchmarks.hub_class.server.missing", list)
    monkeypatch.setattr(hub, "trial", lambda *_arguments: (row, usage, []))
    assert hub.main(["2"]) == code
    assert f"{2 - arrivals.count(ERROR)} of 2" in capsys.readouterr().out


def test_without_a_hub_to_be_had_it_fails_and_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr("tests.benchmarks.hub_class.server.missing", lambda: ["jupyterhub"])
    assert hub.main([]) == 1
    assert "jupyterhub" in capsys.readouterr().out
