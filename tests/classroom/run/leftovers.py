"""Looks for what a run has left behind."""

import psutil


def living_in(folder):
    """Return the commands of the processes whose home lies in a folder: those of no other test."""
    left = []
    for process in psutil.process_iter():
        try:
            here = process.environ().get("HOME", "").startswith(str(folder))
            if here and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process.cmdline())
        except (psutil.Error, OSError):  # it has gone, or is somebody else's
            pass
    return left
