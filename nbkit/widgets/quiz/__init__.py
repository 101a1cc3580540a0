"""The widget that asks for values and gradients."""
