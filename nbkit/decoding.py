"""What the bytes of a text file may mean: every text that they can stand for, where they do not say it themselves."""

import codecs
import re
import unicodedata
from itertools import pairwise

from nbkit.messages import _, kind_of, shortened

MAX_FILE_CHARACTERS = 1_000_000  # of a file
BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
SPREADSHEET_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and .numbers begin, and .xls
# One or two bytes for a character, depending on the country. DOS is what Excel calls "CSV (MS-DOS)".
DOS = "cp850"
OLD_ENCODINGS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874",
                 "mac_roman", "koi8_r", "cp932", "gbk", "cp950", "cp949", DOS)  # fmt: skip
FOREIGN = re.compile(r"\S*[^\x00-\x7f]\S*")
CLOSING = "°µ²³¹±×·%‰’”»…®™ªº"  # characters that no letter follows
OPENING = "¿¡«“‘€£§"
IN_ANY_SCRIPT = {"MICRO", "MASCULINE", "FEMININE", "SUPERSCRIPT"}  # first words of the names of characters in Unicode
JAPANESE = {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}
IN_DOS = set("äöüÄÖÜßéèêëàâçîïôùûñ")


def texts_in(file, encoding=None):
    """Return every text that the bytes of a file may mean; one, where they are in some form of Unicode."""
    with open(file, "rb") as opened:
        raw = opened.read(4 * MAX_FILE_CHARACTERS + 4)
    if raw.startswith(SPREADSHEET_STARTS):
        rule = _("{} is no text file in UTF-8 but a spreadsheet's own: open it there, and save it as CSV")
        raise ValueError(rule.format(file))
    texts = [_decoded(raw, file, encoding)] if encoding else _in_unicode(raw, file) or _in_bytes(raw, file)
    if any(len(text) > MAX_FILE_CHARACTERS for text in texts):
        raise ValueError(_("{} is too long: more than {} characters").format(file, MAX_FILE_CHARACTERS))
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
        # The end of what was read may be the middle of a character.
        return [raw[: error.start].decode()] if error.start >= 4 * MAX_FILE_CHARACTERS else []


def _in_bytes(raw, file):
    """Return what a text means in each of the older encodings in which its words look like words."""
    texts = {}
    for code in OLD_ENCODINGS:
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
    """Whether a piece of text without blanks holds only words as people write them."""
    for word in re.findall(r"[^\W\d_]+", part):
        scripts = {unicodedata.name(char, "?").split()[0] for char in word} - IN_ANY_SCRIPT
        scripts = {"CJK" if script in JAPANESE else script for script in scripts}
        if len(scripts) > 1 or scripts & {"MODIFIER", "HALFWIDTH", "?"}:
            return False
        for before, char in pairwise(word):
            if not char.isascii() and char.isupper() and before.islower():
                return False
        if code == DOS:
            foreign = {char for char in word if not char.isascii()}
            if not foreign <= IN_DOS or re.search("(?<![aeiouyäöü])ß", word, re.IGNORECASE):
                return False
    for place, char in enumerate(part):
        before, after = part[place - 1 : place], part[place + 1 : place + 2]
        if char.isascii() or unicodedata.category(char)[0] in "LM" or char in "\u00a0–—":
            continue
        if (char in CLOSING and (not after.isalpha() or char + after in ("°C", "°F"))) or (
            char in OPENING and not before.isalpha()
        ):
            if char in "€£§" and after.isalpha():
                return False
            continue
        if char == "’" and ((before.isalpha() and after.isalpha()) or (before.isdigit() and after.isdigit())):
            continue
        return False
    return True
