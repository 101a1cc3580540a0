"""The widget that reads a drawn digit."""
