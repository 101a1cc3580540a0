"""Widgets that show a graph, their own or the learner's."""
