"""The graph quiz without its picture: what was typed, and what is right or usually mistaken."""
