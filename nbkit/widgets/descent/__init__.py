"""The widget that goes downhill."""
