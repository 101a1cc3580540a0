"""Notebooks whose code does what a stranger's code may do, each beside an answer that is right."""

import tempfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nbkit.classroom.run import Limits, run_all
from nbkit.classroom.run import limits as most
from nbkit.course.notebook_files import files_in

RIGHT = 'to_pay = 3 * 100 + 2 * 50\ncheck("00.number", to_pay)'
DOUBLE = 'def double(x):\n    return 2 * x\n\n\ncheck("00.function", double)'
WRONG = DOUBLE.replace("2 * x", "3 * x")
CHANGED = "changed parts of nbkit or NumPy"
TOO_LONG, TOO_MUCH, DEAD = "took longer than 6 seconds", "700 MB", "ended Python itself"

# What stands in front of a right answer, in its cell, and what is said of it.
BEFORE = {
    "loop": ("while True:\n    pass", TOO_LONG),
    "loop that will not be interrupted": (
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        TOO_LONG,
    ),
    "signals ignored": (
        "import signal\nfor one in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(one, signal.SIG_IGN)\n"
        "while True:\n    pass",
        TOO_LONG,
    ),
    "endless printing": ('while True:\n    print("x" * 1000)', TOO_LONG),
    "exit of the process": ("import os\nos._exit(0)", DEAD),
    "kill": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", DEAD),
    "kill of its group": ("import os, signal\nos.killpg(0, signal.SIGKILL)", DEAD),
    "crash": ("import ctypes\nctypes.string_at(0)", DEAD),
    "sys.exit": ("import sys\nsys.exit(3)", "SystemExit"),
    "SystemExit": ("raise SystemExit", "SystemExit"),
    "lists": ("kept = []\nwhile True:\n    kept.append(bytearray(10**7))", TOO_MUCH),
    "arrays": ("import numpy as np\nkept = [np.ones(10**7) for _ in range(200)]", TOO_MUCH),
    "small objects": ("kept = [[k] for k in range(10**9)]", TOO_MUCH),
    "processes": (
        "import os, time\nfor _ in range(50):\n    if os.fork() == 0:\n        time.sleep(600)\n        os._exit(0)\n"
        "while True:\n    pass",
        "more than 40 processes",
    ),
    "files": (
        'for k in range(30):\n    with open(f"file{k}", "wb") as file:\n        file.write(bytes(10**6))\n'
        "while True:\n    pass",
        "Your code wrote more than",
    ),
    "recursion": ("def down():\n    return down()\n\n\ndown()", "RecursionError"),
    "input": ("input()", "StdinNotImplementedError"),
    "error full of escapes": (r'raise ValueError("\x1b[2J\x1b]0;title\x07\x00\ud800")', "The cell stopped with"),
    "giant error": ('raise ValueError("x" * 10**7)', "ValueError: xxx"),
    "error that cannot be written": (
        "class Odd(Exception):\n    def __str__(self):\n        raise SystemExit\n\n\nraise Odd",
        "The cell stopped with",
    ),
    "files of the system closed": ("import os\nos.closerange(3, 1000)", "Your code"),
}
# What does no harm to an answer, all in one cell in front of it.
HARMLESS = {
    "gigabytes to the system's output": "import os\nfor _ in range(300):\n    os.write(1, bytes(10**7))",
    "session left": (
        "import subprocess, sys\n"
        'subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)'
    ),
    "parents left": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n"
        "    os._exit(0)"
    ),
    "threads": (
        "import threading\n\n\ndef forever():\n    while True:\n        pass\n\n\n"
        "threading.Thread(target=forever).start()"
    ),
    "locked folder": 'import os\nos.mkdir("locked")\nopen("locked/file", "w").close()\nos.chmod("locked", 0)',
    "no folder": "import os, shutil\nshutil.rmtree(os.getcwd())",
    "another folder": 'import os\nos.chdir("/")',
    "no environment": "import os\nos.environ.clear()",
    "await": "import asyncio\nawait asyncio.sleep(0.01)",
    "tasks": "import asyncio\nasyncio.create_task(asyncio.sleep(600))",
    "giant output": 'display("x" * 10**7)\nprint("x" * 10**7)',
    "exit": "exit()",
    "quit": "quit",
    "widgets": (
        "import ipywidgets, matplotlib.pyplot as plt\nfrom tqdm.auto import tqdm\nfor _ in tqdm(range(3)):\n    pass\n"
        "plt.plot([1, 2])\nplt.show()\ndisplay(ipywidgets.IntSlider())"
    ),
    "magics": "%matplotlib inline\n%time x = 1\n!echo $HOME\n%reload_ext autoreload",
    "random numbers": "import numpy as np, random\nnp.random.seed(0)\nrandom.seed(0)\nnp.seterr(all='raise')",
    "no output": "import io, sys\nsys.stdout = sys.stderr = io.StringIO()",
    "warnings as errors": 'import warnings\nwarnings.simplefilter("error")',
}
# In front of a wrong answer: what it does must not make it right.
CHEATS = {
    "judge": (
        'from nbkit.exercises import core\nfrom nbkit import check\ncheck("00.function", 1)\n'
        'core.EXERCISES["00.function"] = core.EXERCISES["00.function"]._replace(judge=lambda *a, **k: "")',
        CHANGED,
    ),
    "code of the judge": (
        "from nbkit.exercises import core\n"
        'core.EXERCISES["00.function"].judge.__code__ = (lambda *a, **k: "").__code__',
        CHANGED,
    ),
    "verdict": (
        "from nbkit.exercises.verdicts import Verdict\n"
        'Verdict.__init__ = lambda self, *a: self.__dict__.update(state="right", text="")',
        CHANGED,
    ),
    "state of verdicts": (
        "from nbkit.exercises.verdicts import Verdict\n"
        'Verdict.state = property(lambda self: "right", lambda self, value: None)',
        CHANGED,
    ),
    "check of the package": ('import nbkit\ncheck = nbkit.check = lambda *a: "✓ Right."', "yours is 6"),
    "class of verdicts": (
        'from nbkit.exercises import core\n\n\nclass Mine:\n    state, text = "right", ""\n\n    '
        "def __init__(self, *a):\n        pass\n\n\ncore.Verdict = Mine",
        CHANGED,
    ),
    "error of judges": (
        "from nbkit.exercises import kinds\nkinds.Wrong = lambda text: NotImplementedError(text)",
        CHANGED,
    ),
    "NumPy": ("import numpy as np\nnp.allclose = np.isclose = lambda *a, **k: True", CHANGED),
    "inside of NumPy": ("import numpy._core.numeric as n\nn.isclose = lambda *a, **k: True", CHANGED),
    "built-in functions": ("import builtins\nbuiltins.abs = lambda x: 0", CHANGED),
    "no len": ("import builtins\ndel builtins.len", ""),  # IPython needs it, too: the kernel may end
    "math": ("import math\nmath.isclose = lambda *a, **k: True", CHANGED),
    "helper of the course": ("import nbkit.exercises.answers as a\na.is_open = lambda x: False", CHANGED),
    "printed": ('print("✓ Right.")', "yours is 6"),
    "own check": ('def check(name, answer):\n    return "✓ Right."', "yours is 6"),
    "lambda": ('check = lambda *a: "✓ Right."', "yours is 6"),
    "forged line": (
        "import os, stat\nfor fd in range(3, 64):\n    try:\n        assert stat.S_ISREG(os.fstat(fd).st_mode)\n"
        '        os.write(fd, b\'\\n0 ["00.function", "right", "Right."]\\n["00.function", "right", ""]\\n\')\n'
        "    except (OSError, AssertionError):\n        pass",
        "",
    ),
    "exercises read again": ("import importlib\nfrom nbkit.exercises import core\nimportlib.reload(core)", ""),
}
LIMITS = Limits(seconds=300, cell_seconds=150, megabytes=700, jobs=3)
ENDLESS = {name for name, (_code, expected) in BEFORE.items() if expected is TOO_LONG}  # they alone get a short time


def notebook(*sources):
    """A notebook whose cells say that all is right."""
    said = [new_output("execute_result", {"text/plain": "✓ Right."}, execution_count=1)]
    cells = [new_code_cell(source, outputs=said if "check(" in source else []) for source in sources]
    return new_notebook(cells=[new_code_cell("from nbkit import check, hint"), *cells])


def run_class(folder, scratch, *groups):
    """Run a notebook for each of the texts in groups (texts, answer); return the exercises of each by its name."""
    names, results = {}, {}
    for texts, answer in groups:
        for name, (code, _expected) in texts.items():
            path = folder / f"00_{len(names):02}.ipynb"
            nbformat.write(notebook(RIGHT, f"{code}\n{answer}"), path)
            names[path.name] = name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        patch.setattr(most, "MAX_FOLDER_BYTES", 20_000_000)
        patch.setattr(most, "GRACE_SECONDS", 1)
        for is_endless, limits in ((True, LIMITS._replace(cell_seconds=6, jobs=len(ENDLESS))), (False, LIMITS)):
            files = [file for file in files_in(folder) if (names[file.name] in ENDLESS) == is_endless]
            look = run_all(files, limits)
            results |= {names[file.name]: look(file) for file in files}
    return results
