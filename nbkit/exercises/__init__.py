"""Checks that look at a learner's answer and say what is wrong with it, in the learner's own terms."""

from nbkit.exercises.core import Exercise, Verdict, check, exercise, hint

__all__ = ["Exercise", "Verdict", "check", "exercise", "hint"]
