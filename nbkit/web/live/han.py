"""Chinese characters for figures in the browser, where Python has no font: a package with a part of a free one."""

from pathlib import Path

from nbkit.languages import ENGLISH, FOLDER
from nbkit.web.live import wheels

NAME = "nbkit-han"
MODULE = "nbkit_han"  # `nbkit.browser` knows it by this name
# Under the SIL Open Font License, without a reserved name; others may not be passed on, or not in part.
FILES = ("NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "NotoSansSC-Regular")
FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC")
SOURCE = "https://github.com/notofonts/noto-cjk"
# In GB 2312: its punctuation, and the 3755 characters of most texts, for what learners write themselves.
OFTEN = (*range(0xA1A1, 0xA3FF), *range(0xB0A1, 0xD7FA))
METADATA = f"""\
Metadata-Version: 2.1
Name: {NAME}
Version: {{version}}
License-Expression: OFL-1.1
Project-URL: Source, {SOURCE}
"""


def wheel(courses, folder):
    """Write a package with the characters that courses need, and those that Chinese texts use most.

    Parameters
    ----------
    courses : iterable of nbkit.web.languages.Course
    folder : pathlib.Path

    Returns
    -------
    pathlib.Path or None
        The wheel; None where all is English, or no font of this machine may be passed on.
    """
    translated = [course for course in courses if course.language != ENGLISH]
    found = _font() if translated else None
    if found is None:
        return None
    font, version = found
    info = f"{MODULE}-{version}.dist-info"
    licence = Path(__file__).with_name("notices") / "OFL-1.1.txt"
    files = {
        f"{MODULE}/__init__.py": b"",
        f"{MODULE}/part_of_noto_sans.otf": _part(font, _characters(translated), Path(folder)),
        f"{info}/METADATA": METADATA.format(version=version).encode(),
        f"{info}/licenses/OFL.txt": f"{font['name'].getDebugName(0)}\n\n{licence.read_text(encoding='utf-8')}".encode(),
    }
    return wheels.write(folder, NAME, version, files, info)


def _font():
    """Return a free Chinese font of this machine, as fontTools has it, and its version."""
    from fontTools.ttLib import TTFont, TTLibError
    from matplotlib.font_manager import findSystemFonts

    for path in sorted(findSystemFonts()):
        if Path(path).stem not in FILES:
            continue
        for number in range(10):  # a collection holds one for each script
            try:
                font = TTFont(path, fontNumber=number, recalcTimestamp=False)
            except (TTLibError, OSError):
                break
            if font["name"].getDebugName(1) in FAMILIES:
                return font, f"{font['head'].fontRevision:.3f}"
            if not path.endswith("c"):
                break
    return None


def _characters(courses):
    """Return what the notebooks and nbkit say in these languages."""
    often = (bytes(divmod(code, 256)) for code in OFTEN)
    texts = [pair.decode("gb2312", errors="ignore") for pair in often if pair[1] > 0xA0]
    for course in courses:
        texts += [str(cell.source) for notebook in course.notebooks.values() for cell in notebook.cells]
        said = FOLDER / course.language.code / "LC_MESSAGES" / "nbkit.mo"
        texts += [said.read_text(encoding="utf-8", errors="ignore")] if said.is_file() else []
    return set(map(ord, "".join(texts)))


def _part(font, characters, folder):
    """Return a font with these characters alone: it is for words beside axes, without what finer typesetting takes."""
    from fontTools.subset import Options, Subsetter

    options = Options(layout_features=[], hinting=False, notdef_outline=True, desubroutinize=False, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(folder / "part.otf")
    return (folder / "part.otf").read_bytes()
