"""The processes that a kernel has started: found wherever they went, measured, and ended."""

import os
import signal
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
        self.seen = {}  # by number: a process that leaves its parents behind was seen before, most often

    def look(self):
        """Return the processes that are alive."""
        for pid in psutil.pids() if hasattr(os, "getsid") else [self.pid]:
            with suppress(*GONE):
                if pid == self.pid or os.getsid(pid) == self.pid:
                    self._note(psutil.Process(pid))
        for process in list(self.seen.values()):
            with suppress(*GONE):
                for child in process.children(recursive=True):
                    self._note(child)
        self.seen = {pid: process for pid, process in self.seen.items() if _lives(process)}
        return list(self.seen.values())

    def _note(self, process):
        self.seen.setdefault(process.pid, process)

    def trouble(self, most_bytes):
        """Return "processes" or "memory" if there are too many of them, or they hold too much; otherwise None."""
        alive = self.look()
        if len(alive) > MAX_PROCESSES:
            return "processes"
        if sum(map(_bytes, alive)) > most_bytes and sum(map(_own_bytes, alive)) > most_bytes:
            return "memory"
        return None

    def end(self):
        """End all of them; a process that makes others is stopped first, so that it makes no more."""
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
                    self._note(process)


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
    with suppress(*GONE):
        memory = process.memory_full_info()
        return getattr(memory, "pss", memory.uss)
    return 0
