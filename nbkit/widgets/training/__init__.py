"""Widgets in which networks are trained."""
