"""Inside a kernel: writes down what each `check` says, for the process that has started the kernel.

What stands in a notebook counts for nothing: not its outputs, not what it prints, not a `check` of its own. Each line
is signed with a key that the kernel is told once, and where the notebook has exchanged a part of the checks, or of what
they compute with, the verdict says so. That keeps out what is cheap to write. It is no wall: code that runs in the same
process can look for the key among Python's objects, or exchange a part and put it back in time.
"""

import hmac
import json
import sys
from contextlib import suppress
from functools import wraps

from nbkit.classroom.run.parts import Parts
from nbkit.exercises import core
from nbkit.exercises.verdicts import Verdict
from nbkit.messages import _, shortened

CHANGED = _("This notebook changed parts of nbkit or NumPy, so its checks cannot be trusted: look at its code.")


def record(file, key):
    """Have every check written into a file, as bytes and at once, from now on, and return `check`."""
    core.exercises_of()  # all of them, so that none can come to be known later
    check, parts = core.check, Parts()
    is_whole, made, cut, write, encode = parts.are_whole, Verdict, shortened, file.write, _signer(key)
    most = core.MAX_DIAGNOSIS_CHARACTERS

    @wraps(check)
    def recording(name, answer):
        whole = is_whole()
        verdict = check(name, answer)
        if whole and is_whole():
            write(encode(name, verdict.state, cut(verdict.text, most)))
            return verdict
        write(encode(name, "wrong", CHANGED))
        return made("wrong", CHANGED)

    globals()["check"] = recording  # by this name it is asked where a notebook has exchanged its own
    for module in [module for name, module in sys.modules.items() if name.startswith("nbkit")]:
        for name, value in list(vars(module).items()):
            if value is check:
                setattr(module, name, recording)
    parts.remember()
    return recording


def _signer(key):
    """Return a function that makes a signed line of a verdict, of parts that nobody can exchange by their names."""
    digest, dumps = hmac.new(key, digestmod="sha256").copy, json.JSONEncoder().encode

    def encode(*verdict):
        line = dumps(verdict).encode()
        signature = digest()
        signature.update(line)
        return b"%s %s\n" % (signature.hexdigest().encode(), line)

    return encode


def recorded(key, data):
    """Yield (exercise, state, text) of each line that bears the signature."""
    for line in data.split(b"\n"):
        signature, _blank, body = line.partition(b" ")
        if hmac.compare_digest(signature, hmac.new(key, body, "sha256").hexdigest().encode()):
            with suppress(ValueError, TypeError, AttributeError):
                name, state, text = json.loads(body)
                yield name, state, text.encode("utf-8", "replace").decode()
