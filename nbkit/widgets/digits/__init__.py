"""The widget that reads a digit drawn by hand."""
