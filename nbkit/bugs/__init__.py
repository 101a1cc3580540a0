"""Planted bugs: layers with one wrong line each, taken from real code, and the checks that find them."""

from nbkit.bugs.case import Case, CodeError, Report, run_code
from nbkit.bugs.cases import CASES
from nbkit.bugs.suspects import lineup
from nbkit.experiment.small_net import xor_net

__all__ = ["CASES", "Case", "CodeError", "Report", "lineup", "run_code", "xor_net"]
