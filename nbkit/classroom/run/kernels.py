"""A fresh kernel for one notebook, and all that it leaves behind taken away."""

import asyncio
import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import NamedTuple

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from nbkit.classroom.run import limits as most
from nbkit.classroom.run.folder import bytes_and_files, copy_files, environment
from nbkit.classroom.run.kernel import ORDERS
from nbkit.classroom.run.names import as_text
from nbkit.classroom.run.processes import TOKEN, Processes
from nbkit.classroom.run.recorder import recorded

LOOK_SECONDS = 0.1  # between two looks at its processes
LOOKS_ANEW, LOOKS_PER_FOLDER = 3, 10  # until one looks for new ones, and at its folder
MAX_RECORDED = 2_000_000  # bytes that are read of what one cell's checks have said
MAX_SOCKET_PATH = 90  # characters: the system allows little more


class Ended(NamedTuple):
    """How a cell ended."""

    verdicts: tuple  # (exercise, state, text) of each check
    error: tuple = ()  # (kind, text)
    stopped: str = ""  # what is said of a cell that was stopped, or that has ended its kernel
    is_dead: bool = False


class Specs(KernelSpecManager):
    """Knows one kernel, this environment's own, whatever a notebook asks for."""

    def get_kernel_spec(self, kernel_name):
        script = Path(__file__).with_name("kernel.py")
        argv = [sys.executable, str(script), "-f", "{connection_file}"]
        return KernelSpec(argv=argv, language="python", display_name="nbkit")


class Kernel:
    """A kernel in a folder of its own: `async with Kernel(...) as kernel` ends it and removes all of it."""

    def __init__(self, context, limits, beside, fonts, language):
        self.context, self.limits, self.beside, self.fonts = context, limits, beside, fonts
        self.language = language
        self.processes = self.manager = self.client = self.record = self.watch = None
        self.key = token_bytes(32)

    async def __aenter__(self):
        self.place = tempfile.TemporaryDirectory(prefix="nbkit-", ignore_cleanup_errors=True)
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start(self):
        place = Path(self.place.name)
        self.folder, home, record = place / "work", place / "home", place / "record"
        for folder in (self.folder, home):
            folder.mkdir()
        if self.beside:
            copy_files(self.beside, self.folder)
        for name, data in self.fonts.items():
            (home / name).write_bytes(data)
        record.write_bytes(self.key)
        token = token_hex(16)
        orders = {
            "place": str(record),
            "limits": {
                "megabytes": self.limits.megabytes,
                "seconds": 60 + 2 * self.limits.seconds,
                "file_bytes": most.MAX_FILE_BYTES,
            },
        }
        local = sys.platform != "win32" and len(str(place / "kernel-ipc-1")) < MAX_SOCKET_PATH
        self.manager = AsyncKernelManager(
            context=self.context,
            kernel_spec_manager=Specs(),
            connection_file=str(place / "kernel.json"),
            transport="ipc" if local else "tcp",
        )
        await self.manager.start_kernel(
            cwd=str(self.folder),
            env=environment(home, self.language) | {ORDERS: json.dumps(orders), TOKEN: token},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes = Processes(self.manager.provisioner.pid, token)
        self.record = record.open("rb")
        self.client = self.manager.client()
        self.client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        self.watch = asyncio.create_task(self._watch())
        ended = await self.execute("", most.START_SECONDS)
        if ended.stopped:
            raise ValueError(most.no_kernel())
        with suppress(OSError):
            record.unlink()  # nobody else is to write there; both ends keep it open

    async def execute(self, code, seconds):
        """Run a cell, and return how it ended; the kernel may then be dead, and is of no use any more."""
        request = self.client.execute(as_text(code), allow_stdin=False, stop_on_error=False)
        reply = asyncio.create_task(self._reply(request))
        stopped, is_dead = "", False
        try:
            for wait in (seconds, most.LATE_SECONDS):  # an answer may be there already, and the loop was busy
                await asyncio.wait((reply, self.watch), timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            if not reply.done() and not self.watch.done():
                stopped = most.took_longer(self.limits.cell_seconds)
                await self.manager.interrupt_kernel()
                await asyncio.wait((reply, self.watch), timeout=most.GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not reply.done():
                is_dead = True
                stopped = stopped or self.watch.result()
            error = () if is_dead else reply.result()
        finally:
            reply.cancel()
            with suppress(asyncio.CancelledError):
                await reply
        if error and error[0].endswith("MemoryError"):
            stopped = most.ran_out_of_memory(self.limits.megabytes)
        return Ended(tuple(self._recorded()), error, stopped, is_dead)

    async def _reply(self, request):
        while True:
            reply = await self.client.get_shell_msg(timeout=None)
            if reply["parent_header"].get("msg_id") == request:
                content = reply["content"]
                return () if content["status"] == "ok" else (str(content.get("ename")), str(content.get("evalue")))

    def _recorded(self):
        """Return what the checks have said since the last look."""
        start = self.record.tell()
        end = self.record.seek(0, 2)
        self.record.seek(max(start, end - MAX_RECORDED) if end > start else end)
        return recorded(self.key, self.record.read())

    async def _watch(self):
        """Return what is wrong, as soon as something is: the kernel is dead, or has taken too much."""
        looks = 0
        while self.manager.provisioner.process.poll() is None:
            trouble = self.processes.trouble(self.limits.megabytes * 1_000_000, looks % LOOKS_ANEW == 0)
            if trouble:
                few = most.started_processes(), most.took_memory(self.limits.megabytes)
                return await self._end(few[trouble == "memory"])
            if looks % LOOKS_PER_FOLDER == 0:
                size, files = bytes_and_files(self.place.name, most.MAX_FILES)
                if size > most.MAX_FOLDER_BYTES or files > most.MAX_FILES:
                    return await self._end(most.wrote_files())
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)
        return most.ENDED

    async def _end(self, why):
        await asyncio.to_thread(self.processes.end)  # other notebooks' time goes on
        return why

    async def __aexit__(self, *_error):
        if self.watch:
            self.watch.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self.watch
        provisioner = self.manager and self.manager.provisioner
        if provisioner and provisioner.process:
            await asyncio.to_thread((self.processes or Processes(provisioner.pid, "")).end)
            provisioner.process.wait()
        if self.client:
            self.client.stop_channels()
        if self.manager and self.manager.has_kernel:
            await self.manager.shutdown_kernel(now=True)
        if self.record:
            self.record.close()
        self.place.cleanup()
