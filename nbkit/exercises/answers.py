"""What was handed in, read as numbers, arrays or named parts."""

from numbers import Number

import numpy as np

from nbkit.exercises.verdicts import NotTried, Wrong
from nbkit.messages import _, as_in_any_language, kind_of, listed


def as_number(answer, name=None):
    """Return a learner's answer as a float, or say that it is none: text and True are no numbers."""
    name = name or _("The answer")
    thing = getattr(answer, "value", answer)
    _refuse_dots(thing, name)
    _refuse_text(thing, name)
    try:
        array = np.asarray(thing)
        if array.dtype.kind == "O" and array.ndim:  # a list of Variables
            array = np.asarray([getattr(part, "value", part) for part in array.flat], dtype=float)
        if array.dtype.kind not in "iufO" or (array.dtype.kind == "O" and isinstance(array.item(), str | bytes | bool)):
            raise TypeError
        return float(array.item())
    except (TypeError, ValueError, OverflowError):
        raise Wrong(_("{name} should be one number, this is {got}.").format(name=name, got=kind_of(answer))) from None


def as_array(answer, name=None, truths=False):
    """Return an answer as a new array of floats; True and False count as 1 and 0 only where `truths` says so."""
    name = name or _("The answer")
    try:
        thing = np.asarray(_values(answer))
        if thing.dtype.kind == "O" and all(isinstance(part, Number) for part in thing.flat):  # Fraction, Decimal
            thing = np.asarray([float(part) for part in thing.flat]).reshape(thing.shape)
        if thing.dtype.kind in ("biuf" if truths else "iuf") and (truths or not _holds_truths(answer)):
            return thing.astype(float)
    except Exception:  # a thing of the learner's own may fail in any way: it holds no numbers
        pass
    _refuse_dots(answer, name)
    _refuse_text(getattr(answer, "value", answer), name)
    raise Wrong(_("{name} should hold numbers only, this is {got}.").format(name=name, got=kind_of(answer)))


def _values(answer):
    """Return lists and tuples of Variables, however deep, as lists of their values."""
    if isinstance(answer, list | tuple):
        return [_values(part) for part in answer]
    if isinstance(answer, np.ndarray) and answer.ndim and answer.dtype.kind == "O":
        return _values(answer.tolist())
    return getattr(answer, "value", answer)


def _holds_truths(answer):
    """Tell whether True or False stands anywhere in lists and tuples, however deep."""
    if isinstance(answer, list | tuple):
        return any(_holds_truths(part) for part in answer)
    if isinstance(answer, np.ndarray) and answer.ndim and answer.dtype.kind == "O":
        return _holds_truths(answer.tolist())
    return isinstance(answer, bool | np.bool_)


def _refuse_dots(thing, name):
    """Say that something is still open if dots stand anywhere in it."""
    if thing is ... or (isinstance(thing, list | tuple) and any(part is ... for part in _flat(thing))):
        raise NotTried(_("Still open: {}.").format(name))


def _flat(thing, depth=9):
    """Yield what stands in lists and tuples in one another."""
    for part in thing:
        if isinstance(part, list | tuple) and depth:
            yield from _flat(part, depth - 1)
        else:
            yield part


def _refuse_text(thing, name):
    if isinstance(thing, str | bytes):
        raise Wrong(_("{name} is text, as it stands in quotes. Leave out the quotes and units.").format(name=name))


def is_open(part):
    """Tell whether a part of an answer still has the notebook's dots."""
    return part is ... or part is None


def filled(parts):
    """Return those of the named parts that are there, and the names of the open ones; `NotTried` if all are open."""
    still = [name for name, part in parts.items() if is_open(part)]
    if len(still) == len(parts):
        raise NotTried(_("Not tried yet: put your answer in place of the dots and run the cell again."))
    return {name: part for name, part in parts.items() if name not in still}, still


def parts_of(answer, names=()):
    """Return the parts of a sequence, of a row or column, or of a dict (by `names`, in any order); else None."""
    if isinstance(answer, dict):
        keys = [str(key).replace("_", " ").lower() for key in answer]
        called = [[one.lower() for one in as_in_any_language(name)] for name in names]
        places = [[i for i, key in enumerate(keys) if key and any(key in one for one in some)] for some in called]
        if len(keys) == len(names) and sorted(places) == [[i] for i in range(len(keys))]:
            parts = list(answer.values())
            return [parts[place] for (place,) in places]
        if all(isinstance(key, int) for key in answer):
            return [answer[key] for key in sorted(answer)]
        return list(answer.values())
    if isinstance(answer, np.ndarray) and answer.ndim and answer.size == max(answer.shape):
        return answer.ravel().tolist()
    return list(answer) if isinstance(answer, tuple | list | range) else None


def by_name(answer, names, ask, missing):
    """Return the named parts of a dict or list; `ask` for them, or say that some are `missing`."""
    if isinstance(answer, tuple | list) and len(answer) == len(names):
        answer = dict(zip(names, answer, strict=True))
    if not isinstance(answer, dict):
        raise Wrong(ask.format(names=listed(names), got=kind_of(answer)))
    keys = {name: [key for key in as_in_any_language(name) if key in answer] for name in names}
    absent = [name for name, found in keys.items() if not found]
    if absent:
        raise Wrong(missing.format(listed(absent)))
    return {name: answer[found[0]] for name, found in keys.items()}


def nothing_open(still):
    """Say which parts are still open; the others have been found right."""
    if still:
        raise NotTried(_("Right so far. Still open: {}.").format(listed(still)))
