"""Servers that tests and benchmarks start: ports of their own, the wait for the first answer, and the end."""

import socket
import subprocess
import time
import urllib.error
import urllib.request


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
        with log.open("wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, **options)
        deadline = time.monotonic() + seconds
        while not answers(address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise RuntimeError(f"{' '.join(command[:3])} … does not answer at {address}:\n{log.read_text()}")
            time.sleep(0.2)

    @property
    def pid(self):
        return self.process.pid

    def close(self, seconds=15):
        """Ask it to end, and make it end if it takes longer."""
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers(address):
    """Whether somebody answers there, be it with an error."""
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
