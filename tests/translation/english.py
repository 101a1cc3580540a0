"""English words within Chinese text: those that stay, and why."""

import re

# What is no word of the text: code, formulas, links, quoted names, and fields that are filled in.
NO_TEXT = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<!--.*?-->|</?\w[^>]*>|\{[^{}]*\}|\"[^\"]*\"|'[^']*'|https?://\S+",
    re.DOTALL,
)
WORD = re.compile(r"(?<![\w.\-/\\])[A-Za-z][a-z]{2,}(?![\w(/\\]|\.\w|-\d)|(?<![\w.\-/\\])[A-Za-z][a-z]+[A-Z]\w+")

KEPT = {
    "x": (),
}
ALL_KEPT = {word.lower() for words in KEPT.values() for word in words}


def english_words(text):
    """List the words of a text that are neither Chinese, nor code, nor among those that stay."""
    found = WORD.findall(NO_TEXT.sub(" ", text))
    return [word for word in found if word.lower() not in ALL_KEPT]
