"""Descending on a landscape of two numbers: the landscapes, the walk of an optimizer, and how it ended."""
