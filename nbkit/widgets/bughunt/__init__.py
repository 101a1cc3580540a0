"""The widget that hides a bug in a graph."""
