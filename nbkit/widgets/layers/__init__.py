"""Widgets that move the inputs of one layer."""
