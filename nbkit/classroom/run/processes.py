"""The processes that a kernel has started: found wherever they went, measured, and ended."""

import os
import signal
import threading
import time
from contextlib import suppress

import psutil

from nbkit.classroom.run.limits import MAX_PROCESSES

TOKEN = "NBKIT_RUN"  # in the environment of a kernel, and so of what it starts
GONE = (psutil.Error, OSError)
ROUNDS, PAUSE = 100, 0.02  # in which all are to be ended


class Processes:
    """A kernel, the processes of its session, and those that have left it."""

    def __init__(self, pid, token):
        self.pid, self.token = pid, token
        self.ending = threading.Lock()
        self.seen = {}  # by number: a process that leaves its parents behind was seen before, most often

    def look(self):
        """Find all that are alive: of the kernel's session, and the children of any that was seen before."""
        parents = {}
        for process in psutil.process_iter():
            with suppress(*GONE):
                parents[process.pid] = process, process.ppid()
                if process.pid == self.pid or (hasattr(os, "getsid") and os.getsid(process.pid) == self.pid):
                    self.seen.setdefault(process.pid, process)
        found = True
        while found:
            found = {
                pid: process
                for pid, (process, parent) in parents.items()
                if parent in self.seen and pid not in self.seen and _is_younger(process, self.seen[parent])
            }
            self.seen.update(found)
        return self.known()

    def known(self):
        """Return those that were found and are alive."""
        self.seen = {pid: process for pid, process in self.seen.items() if _lives(process)}
        return list(self.seen.values())

    def trouble(self, most_bytes, anew):
        """Return "processes" or "memory" if there are too many of them, or they hold too much; otherwise None."""
        alive = self.look() if anew else self.known()
        if len(alive) > MAX_PROCESSES:
            return "processes"
        if sum(map(_bytes, alive)) > most_bytes and sum(map(_own_bytes, alive)) > most_bytes:
            return "memory"
        return None

    def end(self):
        """End all of them; a process that makes others is stopped first, so that it makes no more."""
        with self.ending:  # whoever comes second waits until all have ended
            for _round in range(ROUNDS):
                if hasattr(os, "killpg"):
                    with suppress(*GONE):
                        os.killpg(self.pid, signal.SIGKILL)
                self._look_by_token()
                alive = self.look()
                if not alive:
                    return
                for step in ("suspend", "kill"):
                    for process in alive:
                        with suppress(*GONE):
                            getattr(process, step)()
                time.sleep(PAUSE)

    def _look_by_token(self):
        """Find those that left their session and their parents, by their environment."""
        for process in psutil.process_iter():
            with suppress(*GONE):
                if process.environ().get(TOKEN) == self.token:
                    self.seen.setdefault(process.pid, process)


def _is_younger(process, parent):
    """Tell whether a process may be the child of another: Windows keeps a dead parent's number and gives it anew."""
    with suppress(*GONE):
        return process.create_time() >= parent.create_time()
    return False


def _lives(process):
    with suppress(*GONE):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _bytes(process):
    """Return the memory of a process."""
    with suppress(*GONE):
        return process.memory_info().rss
    return 0


def _own_bytes(process):
    """Return the same, and of pages that it shares with others its part: this takes longer to find out."""
    try:
        memory = process.memory_full_info()
        return getattr(memory, "pss", memory.uss)
    except psutil.AccessDenied:  # macOS tells it of nobody else's
        return _bytes(process)
    except GONE:
        return 0
