"""Checks that look at a learner's answer and say what is wrong with it, in the learner's own terms."""

from nbkit.exercises import (  # noqa: F401  they register their exercises
    c00_start_here,
    c01_computation_graph,
    c02_backward,
    c03_forward_mode,
    c03_gradient_check,
    c04_activations,
    c05_affine,
    c06_softmax_and_loss,
    c06_stable_loss,
    c07_gradient_descent,
    c07_training_loop,
    c08_xor,
    c09_iris,
    c10_digits,
    c11_playground,
    c12_bug_hunt,
    c13_autodiff,
    c13_convolution,
)
from nbkit.exercises.core import Exercise, Verdict, check, exercise, hint

__all__ = ["Exercise", "Verdict", "check", "exercise", "hint"]
