"""Descending: on a landscape of two numbers with an optimizer, and on the pixels that a network is given."""
