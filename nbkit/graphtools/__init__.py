"""Tools that read, time, rewrite or run a recorded graph: costs, lines of NumPy, formulas, forward mode."""
