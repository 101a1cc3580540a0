"""Reads a table of points as the common spreadsheets write it in any country, or says in one sentence why it cannot.

A file says neither which letters its bytes mean, nor what parts its columns, nor which mark is the decimal one. So it
is read in every way that is possible, and refused where two of them give different tables: nothing is guessed.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from nbkit.decoding import MAX_FILE_CHARACTERS, texts_in
from nbkit.files import to_read
from nbkit.messages import _, kind_of, shortened

MAX_FILE_ROWS = 5000
MAX_CLASS_CHARACTERS = 60  # in the name of a column or class
MAX_NUMBER_CHARACTERS = 100
MAX_NUMBER = 1e100  # its square must still be a number
SEPARATORS = ";\t,"  # what may part the columns, where no line such as sep=; says it

SPACES = re.compile("[\u00a0\u202f\u2007\u2009]")
DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")  # marks of direction, as around a minus in Arabic and Hebrew
ASCII_SIGNS = str.maketrans("−﹣－＋％٪．，", "---+%%.,")
THOUSANDS = ("mark", " ", "['’]")  # what may part thousands: the other mark, a space, an apostrophe
EITHER_MARK = (".,", "")  # numbers that were typed: either mark is the decimal one, and nothing parts thousands
ERROR_CELL = re.compile(r"#{4,}|#(?!\d)[^\W_\d][\w/]*[!?]?|Err:\d+|#[A-Z]+/\d![!?]?", re.ASCII)
MISSING_CELLS = {"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "<NA>"}
DATE = re.compile(r"0\d+[.,/-]\d*\W?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


class Refusal(ValueError):
    """Why one way of reading fails; the refusal of the way that came furthest is shown."""

    def __init__(self, message, progress=0):
        super().__init__(message)
        self.progress = progress


class Table(NamedTuple):
    """One way to read a file."""

    names: list | None  # of the columns
    rows: list  # (number, number, class)
    lines: list  # (line number in the file, cells) of each row


def read_table(path, encoding=None, decimal=None):
    """Return the `Table` of a file of two columns of numbers and one of classes, or say why it cannot be read."""
    if decimal not in (None, ".", ","):
        raise ValueError(_("decimal must be '.' or ',', got {}").format(kind_of(decimal)))
    file, found, failed = str(to_read(path)), [], []
    for text in texts_in(file, encoding):
        for mark, first, rest in _marks(text):
            try:
                lines = _lines(rest, mark, first, file)
            except Refusal as refusal:
                failed.append(refusal)
                continue
            for way in [*product(decimal or ".,", THOUSANDS), *([] if decimal else [EITHER_MARK])]:
                try:
                    table = _table(lines, mark, way, file)
                except Refusal as refusal:
                    failed.append(refusal)
                else:
                    if table is not None and not any(table[:2] == other[:2] for other in found):
                        found.append(table)
    if len(found) > 1:
        raise ValueError(_difference(file, *found[:2]))
    if not found:
        raise ValueError(str(max(failed, key=lambda refusal: refusal.progress)))
    return found[0]


# ---------------------------------------------------------------- lines and columns


def _marks(text):
    """Yield (mark between columns, number of the first line, text): Excel may say the mark in a line above all."""
    said = re.match(r'"?sep=([^"\r\n])"?[;,\t]*(\r\n|\r|\n|$)', text, re.IGNORECASE)
    if said:
        yield said[1], 1, text[said.end() :]
        return
    # What stands in quotes parts nothing.
    bare = re.sub('"[^"]*"', '""', text)
    first = next(filter(str.strip, re.split(r"[\r\n]+", bare)), "")
    marks = sorted((mark for mark in SEPARATORS if mark in bare), key=lambda mark: first.count(mark) != 2)
    for mark in marks or [","]:
        yield mark, 0, text


def _lines(text, mark, first, file):
    """Return (number of the line, three cells) of each line that is not empty, without columns that are empty."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=mark != " ")
        lines = []
        for row in reader:
            row = [cell.strip() for cell in row]
            if any(row):
                lines.append((first + reader.line_num, row))
                if len(lines) > MAX_FILE_ROWS + 1:
                    lines += [(0, row) for row in reader if any(map(str.strip, row))]
                    break
    except (csv.Error, ValueError, TypeError) as error:
        rule = _("{path} must have cells whose quotes open and close: {error}")
        raise Refusal(rule.format(path=file, error=error), -1) from None
    if not 1 <= len(lines) <= MAX_FILE_ROWS + 1:
        rule = _("{path} must have 1 to {most} lines, got {got}")
        raise Refusal(rule.format(path=file, most=MAX_FILE_ROWS, got=len(lines)))
    width = max(len(row) for _number, row in lines)
    if width > 3 and width * len(lines) <= 4 * MAX_FILE_CHARACTERS:
        full = [k for k in range(width) if any(row[k : k + 1] != [""] and k < len(row) for _number, row in lines)]
        lines = [(number, [row[k] for k in full if k < len(row)]) for number, row in lines]
    return lines


def _wrong(file, number, row, rule, progress=0):
    got = [shortened(cell, 40) for cell in row[:6]]
    message = _("line {number} of {path} must have {rule}, got {row}")
    return Refusal(message.format(number=number, path=file, rule=rule, row=got), progress)


def _table(lines, mark, way, file):
    """Read lines in one `way`, (decimal mark, what parts thousands); None where nothing in them speaks for it."""
    names, rows, percent = None, [], [None, None]
    if _is_header(lines, way, file):
        names, lines = lines[0][1], lines[1:]
        if not lines:
            raise Refusal(_("{} has a line of names and no points").format(file), 1)
    for progress, (number, row) in enumerate(lines, start=0 if names is None else 1):
        if len(row) != 3:
            rule = _("two finite numbers and a class, parted by comma, semicolon or tab")
            raise _wrong(file, number, row, rule, 0 if len(row) == 1 else progress)
        values = [_number(cell, *way) for cell in row[:2]]
        rule = _broken_rule(values, row)
        if rule is not None:
            raise _wrong(file, number, row, rule, progress + 0.5)
        for k, value in enumerate(values):
            if percent[k] not in (None, value[1]):
                raise _wrong(file, number, row, _("a sign % as the lines before it have, or none"), progress + 0.6)
            percent[k] = value[1]
        rows.append((values[0][0], values[1][0], row[2]))
    if mark == "," and way[0] != "." and not _speak_for_a_decimal_comma(lines):
        return None
    if names is None and _may_be_names(lines[0][1], [row for _number, row in lines[1:]]):
        rule = _(
            "line {number} of {path} can be a point or the names of the columns, got {row}: put names with letters "
            "above the points"
        )
        raise Refusal(rule.format(number=lines[0][0], path=file, row=lines[0][1]), len(lines) + 1)
    return Table(names, rows, lines)


def _broken_rule(values, row):
    """Return what the cells of a point, read as `values` and a class, must be and are not; None where all is well."""
    if not all(value is not None and abs(value[0]) <= MAX_NUMBER for value in values):
        if any(DATE.fullmatch(cell) for cell in row[:2]):
            return _("two finite numbers, no dates, and a class")
        return _("two finite numbers and a class")
    if ERROR_CELL.fullmatch(row[2]) or row[2] in MISSING_CELLS or not row[2]:
        return _("two finite numbers and a class")
    if len(row[2]) > MAX_CLASS_CHARACTERS:
        return _("a class of at most {} characters").format(MAX_CLASS_CHARACTERS)
    return None


def _speak_for_a_decimal_comma(lines):
    """Whether a file whose columns are parted by comma may have decimal commas, in quotes, as of Google Sheets."""
    # Without any, the point is the decimal mark: no column has thousands in every line, but some may be below 1000.
    columns = list(zip(*(row[:2] for _number, row in lines), strict=True))
    pointed = [["." in cell for cell in column] for column in columns]
    return any("," in cell for column in columns for cell in column) or any(any(p) and not all(p) for p in pointed)


def _is_header(lines, way, file):
    """Whether the first line has the names of the columns, which must be clear."""
    (number, row), rest = lines[0], [row for _number, row in lines[1:] if len(row) == 3]
    if len(row) != 3:
        if len(row) > 3 or not rest or (row and _number(row[0], *way)):
            return False
        raise _wrong(file, number, row, _("three names of at most {} characters").format(MAX_CLASS_CHARACTERS))
    numbers, classes = [_number(cell, *way) is not None for cell in row[:2]], {row[2] for row in rest}
    if all(numbers):
        return False
    if any(numbers):
        raise _wrong(file, number, row, _("three names, or two finite numbers and a class"))
    named = all(any(map(str.isalpha, cell)) and cell not in MISSING_CELLS for cell in row[:2])
    # Otherwise it may be a point whose numbers are spoilt.
    if not named or any(map(ERROR_CELL.fullmatch, row[:2])) or row[2] in classes:
        raise _wrong(file, number, row, _("three names, or two finite numbers and a class"))
    if not all(0 < len(cell) <= MAX_CLASS_CHARACTERS for cell in row):
        raise _wrong(file, number, row, _("three names of at most {} characters").format(MAX_CLASS_CHARACTERS))
    return True


def _may_be_names(row, rest):
    """Whether a line that reads as a point may be names that are numbers: years, doses, or columns that are counted."""
    # So it is where its class is no other line's and each other class comes at least twice; for years and counted
    # columns also where the lines below are of another kind.
    whole = [int(cell) if re.fullmatch(r"\d{1,4}", cell, re.ASCII) else None for cell in row]
    classes = Counter(other[2] for other in rest)
    if len(classes) < 2:
        return False
    if row[2] not in classes and min(classes.values()) > 1:
        return True
    if None in whole[:2]:
        return False

    def alike(test):
        return any(all(re.fullmatch(test, cell) for cell in other[:2]) for other in rest)

    if all(_is_year(number) for number in whole[:2]):
        return (row[2] not in classes or _is_year(whole[2])) and not alike("1[89]..|2[012]..")
    if tuple(whole[:2]) not in ((0, 1), (1, 2)):
        return False
    return whole[2] == whole[1] + 1 or (row[2] not in classes and not alike(r"[+−-]?\d+"))


def _is_year(number):
    return number is not None and 1800 <= number <= 2200


# ---------------------------------------------------------------- numbers


@lru_cache(maxsize=16)
def _pattern(point, group):
    if len(point) > 1:
        return re.compile(
            r"(?P<before>%\s?)?(?P<sign>[+-]?)(?P<grouped>(?!))?(?:(?![1-9]\d{0,2}[.,]\d{3}(?!\d))(?P<plain>\d+)"
            r"(?:[.,](?P<part>\d*))?|[.,](?P<only>\d+))(?:[eE](?P<power>[+-]?\d{1,9}))?(?P<after>\s?%)?",
            re.ASCII,
        )
    other = re.escape("," if point == "." else ".") if group == "mark" else group
    whole = rf"[1-9]\d{{0,2}}(?:{other}\d{{3}})+"
    if group == "mark" and point == ".":
        whole += rf"|[1-9]\d?(?:{other}\d\d)+{other}\d{{3}}"  # in India: 1,23,456
    mark = re.escape(point)
    return re.compile(
        rf"(?P<before>%\s?)?(?P<sign>[+-]?)(?:(?:(?P<grouped>{whole})|(?P<plain>\d+))(?:{mark}(?P<part>\d*))?"
        rf"|{mark}(?P<only>\d+))(?:[eE](?P<power>[+-]?\d{{1,9}}))?(?P<after>\s?%)?",
        re.ASCII,
    )


def _number(cell, point, group):
    """Return (value, whether it is in percent) of a cell, or None where it is no number."""
    if not cell.isascii():
        cell = SPACES.sub(" ", DIRECTION_MARKS.sub("", cell)).translate(ASCII_SIGNS)
        cell = cell.replace("٫", point[0]).replace("٬", "," if point == "." else ".")
        cell = "".join(str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char for char in cell)
    if len(cell) > MAX_NUMBER_CHARACTERS:
        return None
    if NOT_FINITE.fullmatch(cell):
        return float("nan"), False
    match = _pattern(point, group).fullmatch(cell)
    if match is None or (match["before"] and match["after"]) or (match["grouped"] and match["power"]):
        return None
    plain, part = match["plain"] or "", match["part"]
    if len(plain) > 1 and plain[0] == "0" and part is not None:
        return None  # 05.01 is rather a day than a number
    percent = bool(match["before"] or match["after"])
    whole = re.sub(r"\D", "", match["grouped"]) if match["grouped"] else plain
    power = int(match["power"] or 0) - 2 * percent
    return float(f"{match['sign']}{whole or 0}.{part or match['only'] or 0}e{power}"), percent


# ---------------------------------------------------------------- two ways to read


def _difference(file, one, other):
    """Say where two ways to read a file differ."""
    for (number, row), mine, (_place, others_row), yours in zip(
        one.lines, one.rows, other.lines, other.rows, strict=False
    ):
        for k in (0, 1):
            if mine[k] != yours[k] and row[k] == others_row[k]:
                decimal = "," if "," in row[k] else "."
                return _(
                    "in line {number} of {path} {cell!r} can be {one:.12g} or {other:.12g}: write numbers without "
                    "signs between the thousands, or name the decimal mark, as in read_csv(path, decimal={mark!r})"
                ).format(number=number, path=file, cell=row[k], one=mine[k], other=yours[k], mark=decimal)
        if mine != yours:
            return _in_two_ways(file, number, row, others_row)
    return _in_two_ways(file, one.lines[0][0], one.names or one.lines[0][1], other.names or other.lines[0][1])


def _in_two_ways(file, number, one, other):
    return _(
        "line {number} of {path} can be read as {one} or as {other}: save the file as “CSV UTF-8”, or name its "
        'letters, as in read_csv(path, encoding="cp1252")'
    ).format(number=number, path=file, one=[shortened(c, 40) for c in one], other=[shortened(c, 40) for c in other])
