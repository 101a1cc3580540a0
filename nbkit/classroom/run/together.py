"""Several notebooks at once: in one thread, in which a loop waits for their kernels."""

import asyncio
import os
import queue
import threading
from contextlib import suppress
from functools import partial

import zmq.asyncio

from nbkit.classroom.run.folder import font_lists
from nbkit.classroom.run.kernels import Kernel
from nbkit.classroom.run.notebook import Answers
from nbkit.course.notebook_files import language_of
from nbkit.messages import said_by

MAX_MESSAGE = 10_000_000  # bytes: a kernel of nbkit sends a few hundred
POLL_SECONDS = 0.5  # in which Windows notices that somebody has pressed Ctrl+C


def run_together(files, limits, told=None):
    """Return for each file its exercises by their names, or the ValueError that says why nothing was run."""
    results, news = {}, queue.SimpleQueue()
    work = _Work(files, limits, results, news.put)
    thread = threading.Thread(target=work.run, name="nbkit-run")
    thread.start()
    try:
        while thread.is_alive() or not news.empty():
            try:
                done = news.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if done is None:
                break
            if told:
                told(done, len(files))
    finally:
        work.stop()
        thread.join()
    if work.error:
        raise work.error
    return results


class _Work:
    """The notebooks that are to be run, for a thread of its own: the caller's may have a loop already."""

    def __init__(self, files, limits, results, news):
        self.todo, self.limits, self.results, self.news = iter(files), limits, results, news
        self.error = self.loop = self.task = None
        self.jobs = min(limits.jobs or os.cpu_count() or 1, len(files))
        self.begun, self.stopped = threading.Event(), False

    def run(self):
        try:
            # Windows' usual loop cannot wait for the sockets of kernels.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self.main())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # for the caller's thread
            self.error = error
        finally:
            self.begun.set()
            self.news(None)

    async def main(self):
        self.loop, self.task = asyncio.get_running_loop(), asyncio.current_task()
        self.begun.set()
        self.fonts = font_lists()
        self.context = zmq.asyncio.Context()
        self.context.linger, self.context.maxmsgsize = 0, MAX_MESSAGE
        try:
            async with asyncio.TaskGroup() as group:
                for _job in range(self.jobs):
                    group.create_task(self.worker())
        finally:
            self.context.destroy(linger=0)

    async def worker(self):
        for file in self.todo:
            try:
                beside = getattr(file, "beside", None)  # the folder, where it is the learner's own
                language = await asyncio.to_thread(language_of, file)
                start = partial(Kernel, self.context, self.limits, beside, self.fonts, language)
                answers = await asyncio.to_thread(Answers, file, self.limits, start)  # others' time goes on
                self.results[file] = await answers.exercises()
            except Exception as error:  # whatever one notebook does, the others are run
                self.results[file] = error if isinstance(error, ValueError) else ValueError(said_by(error))
            self.news(len(self.results))

    def stop(self):
        """End what runs, from another thread."""
        self.begun.wait()
        if self.loop and not self.loop.is_closed():
            with suppress(RuntimeError):  # it has closed just now
                self.loop.call_soon_threadsafe(self.task.cancel)
