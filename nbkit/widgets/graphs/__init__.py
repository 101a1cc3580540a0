"""Widgets that show a graph of their own or of the learner."""
