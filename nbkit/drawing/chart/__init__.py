"""Charts as SVG: frames, the marks in them, planes of decisions and curves of a loss."""
