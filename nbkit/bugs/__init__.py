"""Planted bugs: layers with one wrong line each, taken from real code, and the workshop that tries them out."""

from nbkit.bugs.case import Case, CodeError, Report, run_code
from nbkit.bugs.cases import CASES
from nbkit.bugs.graphs import xor_net
from nbkit.bugs.suspects import lineup

__all__ = ["CASES", "Case", "CodeError", "Report", "lineup", "run_code", "xor_net"]
