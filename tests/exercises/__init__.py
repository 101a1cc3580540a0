"""What learners hand in to each exercise, gathered from one file per chapter: mistakes, right answers and stubs."""

from importlib import import_module
from pathlib import Path

CHAPTERS = [import_module(f"{__name__}.{file.stem}") for file in sorted(Path(__file__).parent.glob("c[0-9]*.py"))]


def gathered(table):
    """Return one table of all chapters: the answers to each exercise by its name."""
    return {name: rows for chapter in CHAPTERS for name, rows in getattr(chapter, table, {}).items()}


MISTAKES = gathered("MISTAKES")  # pairs of an answer and a word that its diagnosis must contain
RIGHT = gathered("RIGHT")  # the first is the one that tests/absurd.py spoils
NOT_TRIED = gathered("NOT_TRIED")
DOMAIN = gathered("DOMAIN")  # draws inputs for an answer that is code: see tests/mutants.py
HOLDS = gathered("HOLDS")  # tells whether an answer is right that need not equal the solution
