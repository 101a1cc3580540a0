"""Work that goes on in the kernel while other cells and sliders still answer."""

import asyncio
from threading import RLock

LOCK = RLock()  # JupyterLab may handle events in a thread beside the one of the cells: one of them at a time
TURNS = 5  # of the kernel's loop between two ticks without a pause: they take a message from the socket to its handler


class Background:
    """Call `tick` repeatedly in the kernel's own loop, until it returns False or is stopped."""

    def __init__(self, tick, changed, failed, pause=lambda: 0.02, ready=None):
        self.tick = tick  # a few milliseconds of work; returns whether there is more to do
        self.changed = changed  # called with True when the work starts, and with False whenever it ends
        self.failed = failed  # called with the exception if `tick` raises one: the error of a task would be lost
        self.pause = pause  # returns the seconds until the next tick; with 0, others have their turn, and nobody sleeps
        self.ready = ready  # whether the page can take what the next tick will show; until then the work waits
        self.task = None

    @property
    def running(self):
        """Whether the work is under way."""
        return self.task is not None and not self.task.done()

    def start(self):
        """Begin, or go on; in a plain script, which has no loop, work to the end at once."""
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
            if pause := self.pause():
                await asyncio.sleep(pause)
            else:
                for _turn in range(TURNS):
                    await asyncio.sleep(0)

    def _tick_for(self, task):
        """Tick once if `task` is the present one, and return whether it has more to do."""
        with LOCK:
            if self.task is not task:  # stopped, perhaps from another thread, which could not cancel
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
