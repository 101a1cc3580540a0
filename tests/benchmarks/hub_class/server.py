"""A JupyterHub on this machine alone, with the course's own configuration and everything else in one folder."""

import os
import shutil
import sys
from importlib.util import find_spec

import psutil

from tests.benchmarks.timing import ROOT
from tests.browser.lab import find_browser
from tests.server import Server, free_ports

CONFIG = ROOT / "binder" / "jupyterhub_config.py"
PROXY = "configurable-http-proxy"
# What a command line says of each process that a hub has; the first that fits counts.
KINDS = {"kernel": "ipykernel", "server": "jupyterhub.singleuser", "proxy": PROXY, "culler": "jupyterhub_idle_culler"}


def missing():
    """Name what a hub needs and this machine has not."""
    absent = [name for name in ("jupyterhub", "jupyterhub_idle_culler") if find_spec(name) is None]
    absent += [] if shutil.which(PROXY) else [PROXY]
    return absent + ([] if find_browser() else ["Chromium, Chrome or Edge"])


class Hub:
    """JupyterHub with ``binder/jupyterhub_config.py``; anybody may log in, and all servers run as whoever runs this."""

    def __init__(self, folder):
        port, inner, api = free_ports(3)
        self.folder, self.address, self.log = folder, f"http://127.0.0.1:{port}", folder / "hub.log"
        for_tests = ["--LabApp.expose_app_in_browser=True"]  # lets tests/browser/lab.py ask the page what it does
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            for_tests.append("--allow-root")
        command = [
            sys.executable, "-m", "jupyterhub", f"--config={CONFIG}",
            "--JupyterHub.authenticator_class=dummy", "--Authenticator.allow_all=True",
            "--JupyterHub.spawner_class=simple", f"--Spawner.args={for_tests!r}",
            f"--SimpleLocalProcessSpawner.home_dir_template={folder}/homes/{{username}}",
            f"--JupyterHub.bind_url={self.address}", f"--JupyterHub.hub_bind_url=http://127.0.0.1:{inner}",
            f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{api}",
        ]  # fmt: skip
        folder.joinpath("homes").mkdir()
        self.server = Server(command, f"{self.address}/hub/health", self.log, seconds=120, cwd=folder)
        self.own_start = sum(psutil.Process(self.server.pid).cpu_times()[:4])  # seconds of processor

    def processes(self):
        """Return (kind, learner or None, psutil.Process) for the hub and everything that it has started."""
        hub = psutil.Process(self.server.pid)
        found = [("hub", None, hub)]
        for child in hub.children(recursive=True):
            try:
                command, learner = " ".join(child.cmdline()), child.environ().get("JUPYTERHUB_USER")
            except psutil.NoSuchProcess:
                continue
            kind = next((kind for kind, word in KINDS.items() if word in command), "other")
            found.append((kind, learner, child))
        return found

    def close(self):
        """End the hub, which ends its servers, proxy and services."""
        self.server.close(seconds=120)
