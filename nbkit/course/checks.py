"""The checks of a cell: which exercises its code names, and which verdicts its outputs show."""

import re
from collections import Counter, deque
from io import StringIO
from tokenize import COMMENT, NEWLINE, NL, OP, STRING, TokenError, generate_tokens

from nbkit.course.notebook_files import dicts, text_of
from nbkit.exercises.core import MAX_DIAGNOSIS_CHARACTERS
from nbkit.exercises.verdicts import Verdict
from nbkit.messages import _, shortened

MAX_CODE = 100_000  # characters of a cell's code: much more than anybody writes
MAX_CODE_IN_ALL = 1_000_000  # of the cells of a notebook that may hold a check
MAX_ABOVE = 3  # cells that are shown with that of a check
TOO_LONG_IN_ALL = _("more than {} characters of code are in its cells").format(MAX_CODE_IN_ALL)
TOO_LONG = _("more than {} characters of code are in one of its cells").format(MAX_CODE)
CALL = r"""\bcheck\(\s*(?:name\s*=\s*)?["'](\d\d\.\w+)["']"""
CHECK = re.compile(rf"^[^#\n]*?{CALL}", re.MULTILINE)
PLAIN_CHECK = re.compile(rf"""^[^#\n"']*?{CALL}""", re.MULTILINE)  # not in a text
CALLED = re.compile(r"\bcheck\b\s*(?:\(|\\|#)")  # perhaps
NAMED = re.compile(r"""[rRuU]?(["'])(\d\d\.\w+)\1""")
KEPT = re.compile(rf"^[ \t]*([^\W\d]\w*)[ ]*=[ ]*(?:\w+\.)?{CALL}", re.MULTILINE)
HANDED = re.compile(r"""\bcheck\(\s*["']\d\d\.\w+["']\s*,([^\n]*)""")
BOUND = re.compile(r"^(?:async[ ]+def|def|class)[ ]+(\w+)|^(\w+)[ ]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
WORD = re.compile(r"[^\W\d]\w*")
PASSED = (NL, NEWLINE, COMMENT)  # tokens between which nothing else is said
SIGNS = {sign: state for state, sign in Verdict.SIGNS.items()}
SIGNS |= {f"[{state}]": state for state in Verdict.SIGNS}  # as a console without these signs writes them
SIGN = "|".join(map(re.escape, SIGNS))
NAME_OF_A_CELL = re.compile(r"\((?:<[^<>]*>|\d+\.py), (line \d+)\)")  # a kernel gives each cell another one
LINE_ENDS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
VERDICT = re.compile(SIGN)
IN_LINES = re.compile(rf"(?:\A|[{LINE_ENDS}])({SIGN})([^{LINE_ENDS}]*)")
SIDE_BY_SIDE = re.compile(rf"(?:\A|(?<=[ (\[{LINE_ENDS}]))({SIGN}) ((?:(?! (?:{SIGN}) )[^{LINE_ENDS}])*)")


def names_checked(code):
    """Return the names of the exercises that the code of a cell checks, in their order.

    A ValueError says that code which may hold a check is too long.
    """
    if "check" not in code:
        return []
    if len(code) > MAX_CODE:
        raise ValueError(TOO_LONG)
    found = PLAIN_CHECK.findall(code)
    if len(CALLED.findall(code)) == len(found) and '"""' not in code and "'''" not in code:
        return found  # nearly always, and a hundred times faster
    try:
        return list(_names_in(generate_tokens(StringIO(code).readline)))
    except (TokenError, SyntaxError):  # it is no Python
        return CHECK.findall(code)


def _names_in(tokens):
    """Yield the name that each call of `check` is given, be it the first argument or `name=`."""
    waiting = []  # for each bracket that is open: is it that of a check of which no name has been seen?
    before = ["", ""]
    for token in tokens:
        text = token.string
        if token.type == OP and text in "([{":
            waiting.append(before[1] == "check")
        elif token.type == OP and text in ")]}" and waiting:
            waiting.pop()
        elif token.type == STRING and waiting and waiting[-1] and before in (["check", "("], ["name", "="]):
            named = NAMED.fullmatch(text)
            waiting[-1] = not named
            if named:
                yield named[2]
        if token.type not in PASSED:
            before = [before[1], text]


def bound_in(code):
    """Return the names that the code of a cell gives to functions, classes and values."""
    return {function or value for function, value in BOUND.findall(code)}


def handed_over(code):
    """Return the names that the code of a cell hands to a check and does not bind itself."""
    words = dict.fromkeys(word for call in HANDED.findall(code) for word in WORD.findall(call))
    return words.keys() - bound_in(code) if words else set()


def with_answer(code, above):
    """Return the code of a cell behind that of cells above it which bind what it hands to a check.

    `above` has of each name the code that has bound it last, in the order of the notebook.
    """
    handed = handed_over(code)
    found = dict.fromkeys(cell for name, cell in above.items() if name in handed)
    return "\n\n".join([*list(found)[-MAX_ABOVE:], code])


def verdicts_of(code, names, outputs):
    """Return the verdict of each check that a cell's code names, as `verdicts_shown` does.

    One that is put into a variable which is not used any more shows none, unless an error has ended the cell.
    """
    outputs, silent = dicts(outputs), set()
    if not any(output.get("output_type") == "error" for output in outputs) and (kept := KEPT.findall(code)):
        words = Counter(WORD.findall(code))
        silent = {name for variable, name in kept if words[variable] == 1}
    said = iter(verdicts_shown(outputs, sum(name not in silent for name in names)))
    return [None if name in silent else next(said) for name in names]


def verdicts_shown(outputs, count):
    """Return the last `count` verdicts that a cell shows or has printed, as (state, text); None where one is missing.

    An error is one, too, if a check has not spoken before it. A cell shows at least what stands last in it, so that
    missing ones are the first.
    """
    outputs, said = dicts(outputs), deque(maxlen=count)
    for output in outputs:
        if output.get("output_type") == "error":
            if len(said) < count:
                said.append(("wrong", stopped_by(text_of(output.get("ename")), text_of(output.get("evalue")))))
        else:
            said.extend(_verdicts(output))
    if len(said) < count:
        together = list(_side_by_side(outputs))
        said = together if len(together) == count else said
    return [None] * (count - len(said)) + [*said]


def _verdicts(output):
    yield from (_verdict(*one.groups()) for one in IN_LINES.finditer(_printed(output)))
    if begun := VERDICT.match(text := _shown(output)):
        yield _verdict(begun.group(), text[begun.end() :])


def _side_by_side(outputs):
    """Yield the verdicts of print(check(...), check(...)), or of a tuple of checks."""
    for output in outputs:
        for sign, text in SIDE_BY_SIDE.findall(_printed(output)):
            yield _verdict(sign, text)
        for sign, text in SIDE_BY_SIDE.findall(_shown(output)):
            yield _verdict(sign, text.rstrip(", )]"))


def _printed(output):
    return text_of(output.get("text")) if output.get("output_type") == "stream" else ""


def _shown(output):
    data = output.get("data")
    return text_of(data.get("text/plain")) if isinstance(data, dict) and output.get("output_type") != "stream" else ""


def _verdict(sign, text):
    return SIGNS[sign], shortened(text.strip(), MAX_DIAGNOSIS_CHARACTERS)


def stopped_by(kind, said):
    """Say that an error ended a cell before its check."""
    said = NAME_OF_A_CELL.sub(r"(\1)", said)
    return shortened(_("The cell stopped with {kind}: {error}").format(kind=kind, error=said), MAX_DIAGNOSIS_CHARACTERS)
