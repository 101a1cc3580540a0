"""Where untrusted text enters: each says clearly what is wrong, or gives a right result.

A usual run tries a few inputs for each, the same ones every time. ``NBKIT_FUZZ=100`` in the environment tries a hundred
times as many, new ones in each run, stops where a single one takes a minute, and tells how many there were.
"""
