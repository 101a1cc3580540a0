"""Planted bugs: layers with one wrong line each, taken from real code, and the workshop that tries them out."""

from nbkit.bugs.case import Case, CodeError, Report, run_code
from nbkit.bugs.planted import CASES

__all__ = ["CASES", "Case", "CodeError", "Report", "run_code"]
