"""Servers that tests and benchmarks start: ports of their own, the wait for the first answer, and the end."""

import contextlib
import http.client
import socket
import subprocess
import time
import urllib.request

import psutil


def free_ports(count):
    """Return ports of this machine that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Server:
    """A process that is to answer at `address`; what it says goes to the file `log`."""

    def __init__(self, command, address, log, seconds=90, **options):
        self.family = set()  # whatever it has started, also after it has ended itself
        with log.open("wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, **options)
        try:
            self._wait(command, address, log, time.monotonic() + seconds)
        except BaseException:  # also where somebody presses Ctrl+C meanwhile
            self.close()
            raise

    def _wait(self, command, address, log, deadline):
        while not answers(address):
            self._meet_family()
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = " ".join(map(str, command[:3]))
                raise RuntimeError(f"{words} … is not ready at {address}:\n{log.read_text(errors='replace')}")
            time.sleep(0.2)
        self._meet_family()

    def _meet_family(self):
        with contextlib.suppress(psutil.Error):
            self.family.update(psutil.Process(self.pid).children(recursive=True))

    @property
    def pid(self):
        return self.process.pid

    def close(self, seconds=15):
        """Ask it to end, and make it end if it takes longer; then end what it has started and left behind."""
        self._meet_family()
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        left = psutil.wait_procs(self.family, timeout=0.5)[1]
        for end in (psutil.Process.terminate, psutil.Process.kill):
            for process in left:
                with contextlib.suppress(psutil.Error):
                    end(process)
            left = psutil.wait_procs(left, timeout=5)[1]


def answers(address):
    """Whether it is ready: a proxy, too, answers that there is nothing (404) or nobody (503) behind it yet."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False
