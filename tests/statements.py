"""What the words of a notebook state: numbers that something beside them must show, and terms of the glossary.

``python -m tests.statements 07`` lists what chapter 07 says without showing it.
"""

import html
import json
import math
import re
import sys
from pathlib import Path

import nbformat

FOLDER = Path(__file__).parents[1] / "notebooks"
NUMBER = re.compile(r"(?<![\w.,])[−-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?(?:e[−-]?\d+)?(?: ?%)?(?![\w])")
SMALL = 12  # counts up to a dozen are words rather than measurements
NOT_PROSE = (
    re.compile(r"```.*?```", re.DOTALL),  # solutions: code
    re.compile(r"<details>.*?</details>", re.DOTALL),
    re.compile(r"\$\$.*?\$\$", re.DOTALL),  # formulas
    re.compile(r"\$[^$]*\$"),
    re.compile(r"`[^`]*`"),  # code
    re.compile(r"\]\([^)]*\)"),  # addresses
    re.compile(r"<[^>]*>"),
    re.compile(r"^\s*\d+\.\s", re.MULTILINE),  # the numbers of a list
    re.compile(r"\*\*\d+\.[^*]*\*\*"),  # the numbers of exercises
)
NOT_MEASURED = (
    re.compile(r"\b[Cc]hapters? (?:\d\d(?:, | and | to |–|\b))+"),
    re.compile(r"\*\*Time\*\*: about \d+ minutes"),  # summed up by another test
    re.compile(r"\b(1[5-9]|20)\d\d\b"),  # years
)
SUM = re.compile(r"[−+·×÷/=≈^²³√<>⁻]|\bby\b|\btimes\b")  # what makes an arithmetic formula of numbers in a line
WORDS = 3  # bold text of more words is a sentence to remember


class Shown:
    """The numbers that code and outputs of a notebook show, and those of its formulas."""

    def __init__(self, notebook):
        self.exact, self.values = set(), []
        for cell in notebook.cells:
            if cell.cell_type == "code":
                texts = [cell.source, *map(str, _texts(cell))]
            else:
                texts = [m for rule in NOT_PROSE[2:5] for m in rule.findall(cell.source)]
            for text in texts:
                for token in NUMBER.findall(text):
                    self._add(token)
                for token in re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", text):
                    self._add(token)
        self.exact |= {1 - x for x in self.exact if 0 < x < 1}

    def _add(self, token):
        x = value(token)
        if x is not None:
            self.exact.add(x)
            self.values.append(x)

    def has(self, token):
        """Tell whether a number is shown as it is, or with more digits, or as a share in place of percent."""
        x, percent = value(token), token.endswith("%")
        if x in self.exact:
            return True
        digits = len(token.strip(" %").partition(".")[2])
        if percent and any(round(100 * y, digits) == x for y in self.values if abs(y) <= 1):
            return True
        if digits == 0 and "," not in token:
            return False
        return any(math.isfinite(y) and round(y, digits) == x for y in self.values)


def value(token):
    """Return the number that a token writes."""
    plain = token.replace("−", "-").replace(",", "").replace(" ", "").replace(" ", "").rstrip("%")
    try:
        return abs(float(plain))
    except ValueError:
        return None


def _texts(cell):
    """Yield what a code cell's outputs say, without what is only a picture's bytes."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.text
        for kind, data in output.get("data", {}).items():
            if kind.startswith("image/png") or "widget" in kind:
                continue
            text = data if isinstance(data, str) else json.dumps(data)
            if "html" in kind or "svg" in kind:
                text = re.sub(r'src="data:[^"]*"', "", text)
                words = re.findall(r'(?:alt|title|aria-label)="([^"]*)"', text)
                text = html.unescape(" ".join([*words, re.sub(r"<[^>]*>", " ", text)]))
            yield text


def prose(source):
    """Return the sentences of a Markdown cell: formulas, code and addresses are taken out."""
    for rule in NOT_PROSE:
        source = rule.sub(" … ", source)
    for rule in NOT_MEASURED:
        source = rule.sub(" ", source)
    return source


def unshown(name):
    """List what `unshown_in` finds in a notebook of the course."""
    return unshown_in(nbformat.read(FOLDER / name, as_version=4))


def unshown_in(notebook):
    """List (place and id of the cell, number, words around it) where nothing in the notebook shows the number."""
    shown, found = Shown(notebook), []
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        text = prose(cell.source)
        for match in NUMBER.finditer(text):
            token = match[0]
            x = value(token)
            if x is None or (x <= SMALL and x == int(x) and "%" not in token) or shown.has(token):
                continue
            around = text[max(0, match.start() - 4) : match.end() + 4]
            if SUM.search(around.replace(token, "")):
                continue  # part of a sum that stands there
            words = " ".join(text[max(0, match.start() - 40) : match.end() + 30].split())
            found.append((place, cell.id, token, words))
    return found


# ---------------------------------------------------------------- terms

LABELS = {  # what stands so on the page, beside a slider or in the legend of a picture
    "batch", "crossed out", "dashed", "data", "full", "look at step", "lr", "settings", "wide line",
}  # fmt: skip
BOLD = re.compile(r"(?<!\*)\*\*([^*\n]+?)\*\*(?!\*)")


def bold_terms(source):
    """List the bold words of a Markdown cell that are terms: up to three words in small letters."""
    for rule in NOT_PROSE[:6]:
        source = rule.sub(" … ", source)
    terms = [term for term in BOLD.findall(source) if re.fullmatch(r"[a-zα-ω][\w\- δ/']*", term)]
    return [term for term in terms if len(term) > 1 and len(term.split()) <= WORDS and term not in LABELS]


def glossary():
    """Return the words that the glossary explains."""
    found = re.findall(r"^\* \*\*(.+?)\*\*:", (FOLDER / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = {word.lower() for word in found}
    return words | {part.strip() for word in words for part in re.split(r",|/| and ", word)}


def stems(term):
    """Return forms under which the glossary may have a word: its singular, or the same with another ending."""
    term = term.lower()
    forms = {term}
    for ending, other in (("s", ""), ("es", ""), ("ies", "y"), ("d", ""), ("ed", ""), ("ing", ""), ("e", "ing")):
        if term.endswith(ending):
            forms.add(term[: len(term) - len(ending)] + other)
    return forms | {f"{term}s", f"{term} unit", f"{term} start", f"{term} δ"}


def unexplained(name):
    """List (place and id of the cell, term): bold terms of a notebook that the glossary lacks."""
    known = glossary()
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    return [
        (place, cell.id, term)
        for place, cell in enumerate(cells)
        if cell.cell_type == "markdown"
        for term in bold_terms(cell.source)
        if not stems(term) & known
    ]


if __name__ == "__main__":
    for path in sorted(FOLDER.glob(f"{sys.argv[1] if len(sys.argv) > 1 else ''}*.ipynb")):
        print(f"\n{path.name}: numbers that nothing shows")
        for row in unshown(path.name):
            print("  {} {}: {!r} in: {}".format(*row))
        print("  bold terms that the glossary lacks (emphasis is written *so*):")
        for row in unexplained(path.name):
            print("  {} {}: {}".format(*row))
