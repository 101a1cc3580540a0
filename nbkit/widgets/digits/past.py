"""What lay on a sheet before each change: a whole stroke or a whole Play is one change."""

from collections import deque

MAX_CHANGES = 100  # that can be taken back


class Past:
    """States before each change, as many as can be taken back."""

    def __init__(self):
        self.states = deque(maxlen=MAX_CHANGES)
        self.kept = False  # whether what was there before the change under way is among them

    def begin(self):
        """Let what changes next be a change of its own."""
        self.kept = False

    def keep(self, state):
        """Remember the state before a change, unless that change goes on."""
        if not self.kept:
            self.states.append(state)
            self.kept = True

    def take_back(self):
        """Return the state before the last change, and forget it."""
        self.begin()
        return self.states.pop()
