"""What all widgets share: the panel, views in the page, background work, and their JavaScript."""
