"""What a stranger's code may take, and what is said of an answer that takes more."""

from typing import NamedTuple

from nbkit.messages import _

MIN_MEGABYTES = 300  # Python and the checks take about half of it
MAX_PROCESSES = 40  # of a notebook, its kernel among them
MAX_FILE_BYTES = 100_000_000  # of each file that it writes
MAX_FOLDER_BYTES = 300_000_000  # of all that it leaves in its folder
MAX_FILES = 5_000
MAX_STOPS = 8  # cells that end their kernel, before the notebook is given up
START_SECONDS = 120  # for a kernel to start, on a machine that is busy
LATE_SECONDS = 0.2  # that an answer may be late
MAX_CELLS, MAX_CHECKED = 10_000, 300  # cells of code in a notebook, and those of them that check an answer
GRACE_SECONDS = 3  # for a cell to end that was interrupted

ENDED = _("Your code ended Python itself.")


class Limits(NamedTuple):
    """What each notebook may take, and how many run at once: as many as there are processors, if `jobs` is None."""

    seconds: float = 300
    cell_seconds: float = 60  # of the clock, so more than answers take on a machine that is busy
    megabytes: int = 1000
    jobs: int | None = None

    def checked(self):
        """Return these limits; a ValueError says which is none."""
        for name in ("seconds", "cell_seconds", "megabytes", "jobs"):
            value = getattr(self, name)
            if not (value is None and name == "jobs") and not value > 0:
                raise ValueError(_("{name} must be more than 0, got {got:g}").format(name=name, got=value))
        if self.megabytes < MIN_MEGABYTES:
            rule = _("a notebook needs at least {least} MB of memory, got {got:g}")
            raise ValueError(rule.format(least=MIN_MEGABYTES, got=self.megabytes))
        return self


def took_longer(seconds):
    """Say that a cell took longer than it may."""
    return _("Your code took longer than {seconds:g} seconds.").format(seconds=seconds)


def notebook_took_longer(seconds):
    """Say that there was no time left for an answer."""
    return _("The code of this notebook took longer than {seconds:g} seconds.").format(seconds=seconds)


def took_memory(megabytes):
    """Say that a cell took more memory than it may."""
    return _("Your code took more than {megabytes:,} MB of memory.").format(megabytes=megabytes)


def ran_out_of_memory(megabytes):
    """Say that Python had no memory for what a cell asked for; its parser says so, too, of what is nested too deep."""
    return _("Your code ran out of memory: it may take {megabytes:,} MB.").format(megabytes=megabytes)


def stopped_often():
    """Say why a notebook was not run to its end."""
    text = _("{most} cells of this notebook had to be stopped, or ended Python, so this one was not run.")
    return text.format(most=MAX_STOPS)


def no_kernel():
    """Say that nothing was run, and that the notebook is not the reason."""
    return _("not run: no Python could be started for it on this machine; try again, with fewer at once (--jobs)")


def started_processes():
    """Say that a cell started more processes than it may."""
    return _("Your code started more than {most} processes.").format(most=MAX_PROCESSES)


def too_many_cells():
    """Say why a notebook is not run at all."""
    text = _("more than {cells:,} cells of code, or {checked} that check an answer, are in it")
    return text.format(cells=MAX_CELLS, checked=MAX_CHECKED)


def wrote_files():
    """Say that a cell wrote more than it may."""
    text = _("Your code wrote more than {megabytes:,} MB, or {files:,} files.")
    return text.format(megabytes=MAX_FOLDER_BYTES // 1_000_000, files=MAX_FILES)
