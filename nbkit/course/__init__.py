"""The course itself: its chapters, which of them need which, and how far a learner has come."""
