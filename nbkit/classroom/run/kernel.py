"""A kernel that limits itself before it runs anything: started as a script, by its path, never by its name.

So neither the folder of this file nor the learner's stands in Python's path while it loads what the checks need: a file
json.py or numpy.py beside a notebook does not come in its way. `nbkit.classroom.run.kernels` starts it.
"""

import sys

if __name__ == "__main__":
    del sys.path[0]  # the folder of this file

import json
import os
from contextlib import suppress
from pathlib import Path

if __name__ == "__main__":
    root = str(Path(__file__).resolve().parents[3])
    sys.path += [] if root in sys.path else [root]  # where nbkit is not installed

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from nbkit.messages import said_by, shortened

ORDERS = "NBKIT_RUN_ORDERS"  # the limits, and where to write what checks say
MOST_SAID = 1000  # characters of an error


class Kernel(IPythonKernel):
    """Answers with what ended a cell in few words, however much a learner's error has to say."""

    async def do_execute(self, *given, **options):
        try:
            reply = await super().do_execute(*given, **options)
        except Exception as error:  # such as one that cannot be written
            reply = {"status": "error", "ename": type(error).__name__, "evalue": said_by(error)}
        short = {key: _sendable(reply.get(key, "")) for key in ("ename", "evalue")}
        return {"status": reply["status"], "execution_count": 0, "payload": [], "user_expressions": {},
                "traceback": [], **short}  # fmt: skip


def _sendable(text):
    return shortened(str(text), MOST_SAID).encode("utf-8", "replace").decode()


class App(IPKernelApp):
    """A kernel in which `exit` ends nothing: the cells below it are run, too."""

    kernel_class = Kernel

    def init_shell(self):
        super().init_shell()
        self.shell.ask_exit = lambda: None
        self.shell.history_manager.enabled = False


def limit(megabytes, seconds, file_bytes):
    """Have the system refuse what is beyond the limits, where it can; the parent looks, too."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {
        "RLIMIT_DATA": megabytes * 1_000_000,  # RLIMIT_AS counts what is reserved and never touched
        "RLIMIT_CPU": seconds,  # the last resort, if nobody is there any more to look
        "RLIMIT_FSIZE": file_bytes,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        with suppress(AttributeError, ValueError, OSError):  # no such limit here, or a lower one already
            resource.setrlimit(getattr(resource, name), (int(value), int(value)))


def main():
    orders = json.loads(os.environ.pop(ORDERS))
    limit(**orders["limits"])
    place = open(orders["place"], "r+b", buffering=0)  # noqa: SIM115 - as long as the kernel lives
    key = place.read()
    place.seek(0)
    place.truncate()
    from nbkit.classroom.run.recorder import record
    from nbkit.exercises import hint

    check = record(place, key)
    del key, orders
    sys.modules["debugpy"] = None  # nobody debugs here, and to load it takes a third of the time
    app = App.instance(capture_fd_output=False)  # what is written past Python goes nowhere
    app.initialize()
    del sys.modules["debugpy"]
    app.shell.push({"check": check, "hint": hint})  # a notebook may have lost its first cell
    app.start()


if __name__ == "__main__":
    main()
