"""Stops whatever in this Python process wants to leave the machine, and writes down where it wanted to go.

`tests.browser.lab` names the file in ``NBKIT_REQUESTS``, for JupyterLab and so for every kernel.
"""

import os
import socket
import sys

PLACE = {  # events of Python's own audit: which of their arguments says where to
    "socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1,
    "socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0,
}  # fmt: skip
HERE = (None, "", "localhost", "::", "::1", "0.0.0.0", socket.gethostname())


def stays(place):
    """Whether a host name, an address, or the path of a socket in a file belongs to this machine."""
    if isinstance(place, tuple):
        place = place[0]
    elif isinstance(place, str) and place.startswith(("/", "\0")):
        return True
    if isinstance(place, bytes):
        place = place.decode("ascii", "replace")
    return place in HERE or str(place).startswith(("127.", "\0"))


def watch(event, arguments):
    if event in PLACE and not stays(arguments[PLACE[event]]):
        with open(os.environ["NBKIT_REQUESTS"], "a", encoding="utf-8") as log:
            log.write(f"{event} {arguments[PLACE[event]]!r} of {sys.argv[:3]}\n")
        raise OSError(f"nothing leaves this machine in a test, but this wanted to go to {arguments[PLACE[event]]!r}")


sys.addaudithook(watch)
