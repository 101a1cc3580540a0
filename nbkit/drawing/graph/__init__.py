"""Pictures of graphs: what stands where, in which order it is played, and the SVG."""
