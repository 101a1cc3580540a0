"""How quick nbkit is beside its peers: ratios to look at, never limits that a test asserts."""
