"""What tests want of each Python process in which this folder is on the path, such as JupyterLab and its kernels.

Python imports a module of this name by itself when it starts.
"""

import os

if "NBKIT_REQUESTS" in os.environ:
    import nbkit_offline  # noqa: F401
if os.environ.get("NBKIT_ROUNDING"):
    import nbkit_rounding  # noqa: F401
