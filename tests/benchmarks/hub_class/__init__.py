"""What the benchmark of a class on JupyterHub is made of: the hub, and learners with and without a page."""
