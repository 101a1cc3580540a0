"""Work that goes on in the kernel while other cells and sliders still answer."""

import asyncio
from threading import RLock

LOCK = RLock()  # JupyterLab may bring what hands do to a thread beside the one of the cells: one of them at a time


class Background:
    """Call `tick` again and again in the kernel's own loop, until it returns False or somebody stops it.

    Parameters
    ----------
    tick : callable
        A few milliseconds of work; returns whether there is more to do.
    changed : callable
        Called with True when the work starts, and with False whenever it ends.
    failed : callable
        Called with the exception if `tick` raises one: the error of a task would be lost.
    pause : float
        Seconds between two ticks, in which the kernel is free for everything else.
    ready : callable, optional
        Whether there is room for what the next tick will show; until then it waits.
    """

    def __init__(self, tick, changed, failed, pause=0.02, ready=None):
        self.tick, self.changed, self.failed, self.pause, self.ready = tick, changed, failed, pause, ready
        self.task = None

    @property
    def running(self):
        """Whether the work is under way."""
        return self.task is not None and not self.task.done()

    def start(self):
        """Begin, or go on; in a plain script, where nobody could stop it, work to the end at once."""
        if self.running:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            while self.tick():
                pass
        else:
            self.changed(True)
            self.task = loop.create_task(self._work())

    async def _work(self):
        while self._tick_for(asyncio.current_task()):
            await asyncio.sleep(self.pause)

    def _tick_for(self, task):
        """Work a little in the name of `task`, and say whether it has more to do."""
        with LOCK:
            if self.task is not task:  # stopped, perhaps from another thread, where nobody could cancel
                return False
            if self.ready is not None and not self.ready():
                return True
            try:
                more = self.tick()
            except Exception as error:
                self.stop()
                self.failed(error)
                return False
            if not more:
                self.stop()
            return more

    def stop(self):
        """End at once; `start` goes on from here."""
        with LOCK:
            self.task = None
            self.changed(False)
