"""Fonts for what the learner writes in letters that the course's own font does not have, such as 苹果.

Pictures use the font that matplotlib carries, so that they look alike on every machine. Only where it lacks a character
is a font of the system used; where none has it, one line says so.
"""

import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from nbkit.browser import carried_fonts, in_browser
from nbkit.messages import _, shortened

# Of these the course's own font has few; a picture without them need not be looked at.
RARE_CHARACTERS = re.compile("[\u0700-\u1dff\u2e00-\uffff\U00010000-\U0010ffff]")
# Families that draw Chinese, Japanese and Korean, on Linux, Windows and macOS, those of the script in question first.
CJK = {
    "[\u3040-\u30ff]": ("Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "IPAGothic", "TakaoGothic", "VL Gothic",
                        "Yu Gothic", "Meiryo", "MS Gothic", "Hiragino Sans", "Hiragino Kaku Gothic ProN"),
    "[\u1100-\u11ff\uac00-\ud7af]": ("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "UnDotum", "Malgun Gothic",
                                     "Apple SD Gothic Neo", "AppleGothic"),
    "": ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
         "Droid Sans Fallback", "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC", "Hiragino Sans GB",
         "Noto Sans CJK TC", "Noto Sans TC", "Microsoft JhengHei", "PingFang TC", "Arial Unicode MS"),
}  # fmt: skip
MAX_FONTS = 400  # that are searched for a rare character
REPORTED = set()  # characters of which it was said that no font has them


def own_fonts():
    """Return the folder of the fonts that matplotlib carries."""
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf")


@cache
def characters_of(path):
    """Return the numbers of all characters that a font file can draw; none for one that cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(str(path)).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


def missing_in(text):
    """Return the characters of a text that the course's own font does not have, in order."""
    rare = dict.fromkeys(RARE_CHARACTERS.findall(text))
    if not rare:
        return ""
    own = characters_of(own_fonts() / "DejaVuSans.ttf")
    return "".join(c for c in rare if ord(c) not in own and c.isprintable())


@cache
def system_fonts():
    """Return (family, path) of the upright, regular fonts of this machine, and make new ones known to matplotlib."""
    from matplotlib import font_manager

    manager, own = font_manager.fontManager, str(own_fonts())
    known = {font.fname for font in manager.ttflist}
    for path in [*carried_fonts(), *font_manager.findSystemFonts()[:MAX_FONTS]]:
        if path not in known:
            with suppress(OSError, RuntimeError):  # a file that is no font
                manager.addfont(path)
    usual = [font for font in manager.ttflist if font.style == "normal" and font.weight in ("normal", "regular", 400)]
    return [(font.name, font.fname) for font in usual if not font.fname.startswith(own) and Path(font.fname).exists()]


@cache
def fonts_for(characters):
    """Return (family, path) of as few fonts of the system as can draw these characters; say so where none can."""
    if not characters:
        return ()
    installed = system_fonts()
    wanted = [name for script, names in CJK.items() if script and re.search(script, characters) for name in names]
    wanted += [name for names in CJK.values() for name in names]
    rank = {name: place for place, name in reversed(list(enumerate(wanted)))}
    installed = sorted(installed, key=lambda font: rank.get(font[0], len(rank) + len(wanted)))[:MAX_FONTS]
    found, left = [], set(map(ord, characters))
    for family, path in installed:
        has = left & characters_of(path) if left else ()
        if has:
            found.append((family, path))
            left -= has
        if not left:
            break
    report_missing("".join(c for c in characters if ord(c) in left))
    return tuple(found)


def report_missing(characters):
    """Say once that no font has some characters: they are drawn as boxes."""
    new = "".join(c for c in characters if c not in REPORTED)
    if new:
        REPORTED.update(new)
        if in_browser():
            rule = _("Python has no font with {characters} in a browser tab: figures with axes show boxes instead.")
        else:
            rule = _(
                "No font of this machine has {characters}: pictures show boxes instead. Install one, such as Noto Sans "
                "CJK for Chinese, Japanese and Korean, and restart the kernel."
            )
        print(rule.format(characters=shortened(new, 40)), file=sys.stderr)
