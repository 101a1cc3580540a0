"""Reads a table of points as the common spreadsheets write it in any country, or says in one sentence why it cannot.

A file says neither which letters its bytes mean, nor what parts its columns, nor which mark is the decimal one. So it
is read in every way that is possible, and refused where two of them give different tables: nothing is guessed.
"""

import codecs
import csv
import io
import os
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from nbkit.messages import _, kind_of, shortened

LONGEST = 1_000_000  # characters of a file
LONGEST_NAME = 60  # characters of the name of a column or class
LONGEST_NUMBER = 100  # characters
LARGEST = 1e100  # number in a file: its square must still be a number
MARKS = ";\t,"  # what may part the columns, where no line such as sep=; says it
QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“"}

BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and .numbers begin, and .xls
# One byte, or two, for a sign: which of them a program wrote depends on the country. DOS is Excel's "CSV (MS-DOS)".
DOS = "cp850"
CODES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "mac_roman", "koi8_r",
         "cp932", "gbk", "cp950", "cp949", DOS)  # fmt: skip
FOREIGN = re.compile(r"\S*[^\x00-\x7f]\S*")
CLOSING = "°µ²³¹±×·%‰’”»…®™ªº"  # signs that no letter follows
OPENING = "¿¡«“‘€£§"
IN_DOS = set("äöüÄÖÜßéèêëàâçîïôùûñ")

SPACES = re.compile("[\u00a0\u202f\u2007\u2009]")
UNSEEN = re.compile("[\u200e\u200f\u061c]")  # marks of direction, as around a minus in Arabic and Hebrew
SIGNS = str.maketrans("−﹣－＋％٪．，", "---+%%.,")
GROUPS = ("mark", " ", "['’]")  # what may part thousands: the other mark, a space, an apostrophe
MIXED = (".,", "")  # numbers typed by hand: either mark is the decimal one, and nothing parts thousands
ERRORS = re.compile(r"#{4,}|#(?!\d)[^\W_\d][\w/]*[!?]?|Err:\d+|#[A-Z]+/\d![!?]?", re.ASCII)
MISSING = {"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "<NA>"}
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


class Refusal(ValueError):
    """Why one way of reading fails: the way that came furthest is the one to tell of."""

    def __init__(self, message, far=0):
        super().__init__(message)
        self.far = far


class Table(NamedTuple):
    """One way to read a file.

    Attributes
    ----------
    names : list of str or None
        Of the columns.
    rows : list of (float, float, str)
    lines : list of (int, list of str)
        Where each of `rows` stands in the file, and how.
    """

    names: list | None
    rows: list
    lines: list


def read_table(path, most_rows, encoding=None, decimal=None):
    """Read a file of two columns of numbers and one of classes.

    Parameters
    ----------
    path : str or path
    most_rows : int
    encoding, decimal : str, optional
        What its bytes mean, and its decimal mark, for a file that can be meant in two ways.

    Returns
    -------
    Table

    Raises
    ------
    FileNotFoundError, ValueError
    """
    if decimal not in (None, ".", ","):
        raise ValueError(_("decimal must be '.' or ',', got {}").format(kind_of(decimal)))
    file, found, failed = place_of(path), [], []
    for text in _texts(file, encoding):
        for mark, first, rest in _marks(text):
            try:
                lines = _lines(rest, mark, first, file, most_rows)
            except Refusal as refusal:
                failed.append(refusal)
                continue
            for way in [
                *((point, group) for point in (decimal or ".,") for group in GROUPS),
                *([] if decimal else [MIXED]),
            ]:
                try:
                    table = _table(lines, mark, way, file)
                except Refusal as refusal:
                    failed.append(refusal)
                else:
                    if table is not None and not any(_same(table, other) for other in found):
                        found.append(table)
    if len(found) > 1:
        raise ValueError(_difference(file, *found[:2]))
    if not found:
        raise ValueError(str(max(failed, key=lambda refusal: refusal.far)))
    return found[0]


# ---------------------------------------------------------------- the file


def place_of(path):
    """Find the file that is meant by what somebody typed: blanks or quotes around it, or ~ for the home folder.

    Raises
    ------
    FileNotFoundError
        Naming the folder that was searched.
    """
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(text, str):
        raise FileNotFoundError(_("the path of a file must be text, got {}").format(kind_of(path)))
    plain = text.strip()
    if len(plain) > 1 and QUOTES.get(plain[0]) == plain[-1]:
        plain = plain[1:-1].strip()
    try:
        plain, as_typed = os.path.expanduser(plain), text
    except ValueError:  # a sign that no name of a user may hold
        as_typed = text
    for name in (as_typed, plain):
        if os.path.isfile(name):  # nor a folder, nor a pipe that would be waited for
            return name
    folder, name = os.path.split(os.path.join(os.getcwd(), plain))
    if os.path.isdir(plain):
        message = _("{name} in the folder {folder} is a folder: a file of points is needed")
    elif not os.path.isdir(folder):
        message = _("there is no folder {folder}, and so no file {name} in it")
    else:
        message = _("there is no file {name} in the folder {folder}")
    raise FileNotFoundError(message.format(name=repr(shortened(name, 60)), folder=repr(shortened(folder, 200))))


def _texts(file, encoding):
    """Return every text that the bytes of a file may mean; one, where they are in some form of Unicode."""
    with open(file, "rb") as opened:
        raw = opened.read(4 * LONGEST + 4)
    if raw.startswith(PACKED):
        rule = _("{} is no text file in UTF-8 but a spreadsheet's own: open it there, and save it as CSV")
        raise ValueError(rule.format(file))
    texts = [_decoded(raw, file, encoding)] if encoding else _in_unicode(raw, file) or _in_bytes(raw, file)
    if any(len(text) > LONGEST for text in texts):
        raise ValueError(_("{} is too long: more than {} characters").format(file, LONGEST))
    return texts


def _decoded(raw, file, encoding):
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except (LookupError, TypeError):
        raise ValueError(_("there is no encoding {}").format(kind_of(encoding))) from None
    except UnicodeError as error:
        raise ValueError(_("{path} is no text file in {encoding}: {error}").format(
            path=file, encoding=encoding, error=shortened(str(error), 200))) from None  # fmt: skip


def _in_unicode(raw, file):
    for mark, code in BOMS:
        if raw.startswith(mark):
            return [_decoded(raw, file, code)]
    for start, code in ((1, "utf-16-le"), (0, "utf-16-be")):  # of plain letters each second byte is 0
        if len(raw) >= 4 and raw[start::2].count(0) > len(raw) // 4:
            return [_decoded(raw, file, code)]
    try:
        return [raw.decode("utf-8")]
    except UnicodeDecodeError as error:
        # The end of what was read may be the middle of a sign.
        return [raw[: error.start].decode()] if error.start >= 4 * LONGEST else []


def _in_bytes(raw, file):
    """Return what a text means in each of the older encodings in which its words look like words."""
    texts = {}
    for code in CODES:
        try:
            text = raw.decode(code)
        except UnicodeDecodeError:
            continue
        if all(_looks_like_words(part, code) for part in set(FOREIGN.findall(text))):
            texts.setdefault(text, code)
    control = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
    texts = [text for text in texts if not control.search(text)]
    if not texts:
        raise ValueError(_("{} is no text file in UTF-8: save it as “CSV UTF-8”").format(file))
    return texts


def _looks_like_words(part, code):
    """Whether a piece of text without blanks holds only words that somebody may have written."""
    for word in re.findall(r"[^\W\d_]+", part):
        scripts = {unicodedata.name(sign, "?").split()[0] for sign in word} - {
            "MICRO",
            "MASCULINE",
            "FEMININE",
            "SUPERSCRIPT",
        }
        scripts = {"CJK" if script in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else script for script in scripts}
        if len(scripts) > 1 or scripts & {"MODIFIER", "HALFWIDTH", "?"}:
            return False
        for before, sign in pairwise(word):
            if not sign.isascii() and sign.isupper() and before.islower():
                return False
        if code == DOS:
            foreign = {sign for sign in word if not sign.isascii()}
            if not foreign <= IN_DOS or re.search("(?<![aeiouyäöü])ß", word, re.IGNORECASE):
                return False
    for place, sign in enumerate(part):
        before, after = part[place - 1 : place], part[place + 1 : place + 2]
        if sign.isascii() or unicodedata.category(sign)[0] in "LM" or sign in "\u00a0–—":
            continue
        if (sign in CLOSING and (not after.isalpha() or sign + after in ("°C", "°F"))) or (
            sign in OPENING and not before.isalpha()
        ):
            if sign in "€£§" and after.isalpha():
                return False
            continue
        if sign == "’" and after.isalpha() and before.isalpha():
            continue
        if sign == "’" and after.isdigit() and before.isdigit():
            continue
        return False
    return True


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
    marks = sorted((mark for mark in MARKS if mark in bare), key=lambda mark: first.count(mark) != 2)
    for mark in marks or [","]:
        yield mark, 0, text


def _lines(text, mark, first, file, most_rows):
    """Return (number of the line, three cells) of each line that is not empty, without columns that are empty."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=mark != " ")
        lines = []
        for row in reader:
            row = [cell.strip() for cell in row]
            if any(row):
                lines.append((first + reader.line_num, row))
                if len(lines) > most_rows + 1:
                    lines += [(0, row) for row in reader if any(map(str.strip, row))]
                    break
    except (csv.Error, ValueError, TypeError) as error:
        rule = _("{path} must have cells whose quotes open and close: {error}")
        raise Refusal(rule.format(path=file, error=error), -1) from None
    if not 1 <= len(lines) <= most_rows + 1:
        raise Refusal(
            _("{path} must have 1 to {most} lines, got {got}").format(path=file, most=most_rows, got=len(lines))
        )
    width = max(len(row) for _number, row in lines)
    if width > 3 and width * len(lines) <= 4 * LONGEST:
        full = [k for k in range(width) if any(row[k : k + 1] != [""] and k < len(row) for _number, row in lines)]
        lines = [(number, [row[k] for k in full if k < len(row)]) for number, row in lines]
    return lines


def _wrong(file, number, row, rule, far=0):
    got = [shortened(cell, 40) for cell in row[:6]]
    message = _("line {number} of {path} must have {rule}, got {row}")
    return Refusal(message.format(number=number, path=file, rule=rule, row=got), far)


def _table(lines, mark, way, file):
    """Read lines in one `way`, (decimal mark, what parts thousands); None where nothing in them speaks for it."""
    names, rows, percent = None, [], [None, None]
    if _is_header(lines, way, file):
        names, lines = lines[0][1], lines[1:]
        if not lines:
            raise Refusal(_("{} has a line of names and no points").format(file), 1)
    shift = names is not None
    for place, (number, row) in enumerate(lines):
        far = place + shift
        if len(row) != 3:
            width = 0 if len(row) == 1 else far
            rule = _("two finite numbers and a class, parted by comma, semicolon or tab")
            raise _wrong(file, number, row, rule, width)
        values = [_number(cell, *way) for cell in row[:2]]
        if not all(value is not None and abs(value[0]) <= LARGEST for value in values):
            rule = _("two finite numbers and a class")
            if any(re.fullmatch(r"0\d+[.,/-]\d*\W?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*", cell) for cell in row[:2]):
                rule = _("two finite numbers, no dates, and a class")
            raise _wrong(file, number, row, rule, far + 0.5)
        if ERRORS.fullmatch(row[2]) or row[2] in MISSING or not row[2]:
            raise _wrong(file, number, row, _("two finite numbers and a class"), far + 0.5)
        if len(row[2]) > LONGEST_NAME:
            raise _wrong(file, number, row, _("a class of at most {} characters").format(LONGEST_NAME), far + 0.5)
        for k, value in enumerate(values):
            if percent[k] not in (None, value[1]):
                raise _wrong(file, number, row, _("a sign % as the lines before it have, or none"), far + 0.6)
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


def _speak_for_a_decimal_comma(lines):
    """Whether a file whose columns are parted by comma may have decimal commas, in quotes, as of Google Sheets.

    Without any, the point is the decimal mark: nobody has thousands in every line of a column. Some may be below them.
    """
    columns = list(zip(*(row[:2] for _number, row in lines), strict=True))
    pointed = [["." in cell for cell in column] for column in columns]
    return any("," in cell for column in columns for cell in column) or any(any(p) and not all(p) for p in pointed)


def _is_header(lines, way, file):
    """Whether the first line has the names of the columns, which must be clear."""
    (number, row), rest = lines[0], [row for _number, row in lines[1:] if len(row) == 3]
    if len(row) != 3:
        if len(row) > 3 or not rest or (row and _number(row[0], *way)):
            return False
        raise _wrong(file, number, row, _("three names of at most {} characters").format(LONGEST_NAME))
    numbers, classes = [_number(cell, *way) is not None for cell in row[:2]], {row[2] for row in rest}
    if all(numbers):
        return False
    if any(numbers):
        raise _wrong(file, number, row, _("three names, or two finite numbers and a class"))
    wordy = all(any(map(str.isalpha, cell)) and cell not in MISSING and not ERRORS.fullmatch(cell) for cell in row[:2])
    if not wordy or row[2] in classes:  # it may be a point whose numbers are spoilt
        raise _wrong(file, number, row, _("three names, or two finite numbers and a class"))
    if not all(0 < len(cell) <= LONGEST_NAME for cell in row):
        raise _wrong(file, number, row, _("three names of at most {} characters").format(LONGEST_NAME))
    return True


def _may_be_names(row, rest):
    """Whether a line that reads as a point may be names that are numbers: years, doses, or columns that are counted.

    That is so where its class is no other line's, while each other class comes at least twice; and for years and
    counted columns also where the lines below are of another kind.
    """
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
        cell = SPACES.sub(" ", UNSEEN.sub("", cell)).translate(SIGNS)
        cell = cell.replace("٫", point[0]).replace("٬", "," if point == "." else ".")
        cell = "".join(str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in cell)
    if len(cell) > LONGEST_NUMBER:
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


def _same(one, other):
    return one.names == other.names and one.rows == other.rows


def _difference(file, one, other):
    """Say where two ways to read a file differ."""
    for (number, row), mine, (_place, others_row), yours in zip(
        one.lines, one.rows, other.lines, other.rows, strict=False
    ):
        for k in (0, 1):
            if mine[k] != yours[k] and row[k] == others_row[k]:
                return _(
                    "in line {number} of {path} {cell!r} can be {one:.12g} or {other:.12g}: write numbers without "
                    "signs between the thousands, or name the decimal mark, as in read_csv(path, decimal={mark!r})"
                ).format(number=number, path=file, cell=row[k], one=mine[k], other=yours[k], mark=_mark_of(row[k]))
        if mine != yours:
            return _in_two_ways(file, number, row, others_row)
    return _in_two_ways(file, one.lines[0][0], one.names or one.lines[0][1], other.names or other.lines[0][1])


def _mark_of(cell):
    return "," if "," in cell else "."


def _in_two_ways(file, number, one, other):
    return _(
        "line {number} of {path} can be read as {one} or as {other}: save the file as “CSV UTF-8”, or name its "
        'letters, as in read_csv(path, encoding="cp1252")'
    ).format(number=number, path=file, one=[shortened(c, 40) for c in one], other=[shortened(c, 40) for c in other])
