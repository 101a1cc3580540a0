"""A pytest plugin: without a font for Chinese the Chinese notebooks are skipped, with a word of what to install.

Their figures would show boxes, and their cells a line that says so. Where nothing may be skipped, as in CI, they fail.
"""

import os

import pytest

FOLDER = "zh-CN"
REASON = "no font of this machine has Chinese characters; on Debian or Ubuntu: sudo apt-get install fonts-noto-cjk"


def has_font():
    """Tell whether some font of this machine draws 苹果."""
    from nbkit.drawing.fonts import characters_of, system_fonts

    return any({ord("苹"), ord("果")} <= characters_of(path) for _family, path in system_fonts())


def pytest_collection_modifyitems(items):
    chinese = [item for item in items if item.path.parent.name == FOLDER]
    if chinese and os.environ.get("NBKIT_BROWSER") != "required" and not has_font():
        for item in chinese:
            item.add_marker(pytest.mark.skip(reason=REASON))
