"""All benchmarks in one run, written to BENCHMARKS.md and plots; or some: ``python -m tests.benchmarks graphs``."""

import sys
from importlib import import_module

from nbkit.files import write_whole
from tests.benchmarks.timing import ROOT, installed, machine

NAMES = (
    "training_step", "training_run", "graphs", "import_time", "first_picture", "live", "sliders", "playground",
    "opening", "notebooks", "classroom", "live_site",
)  # fmt: skip
HEAD = """# Benchmarks

One run of `python -m tests.benchmarks` on one machine, nothing else running. Rivals take turns in small blocks, each
block gives one ratio, and what stands here are medians with quartiles in brackets. Python collects no garbage during a
block. Times differ between machines, ratios much less.

{machine}.

Peers: {peers}.
"""


def main(names):
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"there is no benchmark called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    peers = ", ".join(f"{name} {version}" for name, version in installed().items())
    found = []
    for name in names or NAMES:
        for table in import_module(f"tests.benchmarks.{name}").tables():
            print(f"\n{table.text()}", flush=True)
            found.append(table)
    if not names:  # a part of it would not be one run
        parts = [HEAD.format(machine=machine(), peers=peers).strip(), *(table.markdown() for table in found)]
        text = "\n\n".join(parts) + "\n"
        write_whole(ROOT / "BENCHMARKS.md", lambda file: file.write(text.encode()))
        for table in found:
            if table.plot:
                table.plot.save(ROOT / table.picture)


if __name__ == "__main__":
    main(sys.argv[1:])
