"""The course on a JupyterHub: what starts for each learner, what it opens and may use, and when it ends.

Who may log in, and as whom a server runs, is not the course's affair: the hub's own configuration says so, and loads
this file with ``load_subconfig``.
"""

import sys
from pathlib import Path

c = get_config()  # noqa: F821, JupyterHub defines it

# The learner's own notebooks, then the server. This runs as the learner, so the files belong to the right person.
c.Spawner.cmd = [sys.executable, str(Path(__file__).with_name("learner_server.py"))]
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"

# For a learner's server with all of its kernels: the largest chapters, side by side. The spawner must enforce it: those
# of systemd, Docker and Kubernetes do, the two for local processes only tell the server.
c.Spawner.mem_limit = "2G"

# When a whole class arrives at the same moment, the last server is ready later than JupyterHub's 60 and 30 seconds.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300

# A server that nobody has used for an hour ends, and with it its kernels. The files stay.
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
