"""How many steps a playground makes until its next picture."""

from time import perf_counter

from nbkit.messages import _

FASTER, FULL_SPEED = "faster", "full"  # the other speeds are numbers of steps a picture
SPEEDS = [
    (_("slow, then fast"), FASTER), (_("slow: 1 step"), 1), (_("medium: 10 steps"), 10), (_("fast: 100 steps"), 100),
    (_("full speed"), FULL_SPEED),
]  # fmt: skip
START_RATE = 10.0  # steps per second at the beginning: the first bends of a boundary can be watched
GROWTH_SECONDS = 1.7  # in which the number of steps so far grows e-fold: on a logarithmic axis the curve grows evenly
MAX_PICTURE_SECONDS = 0.5  # counted for one picture, however long it took
SECONDS_PER_PICTURE = 0.028  # of training at full speed; more while the page is busy with the last picture
SECONDS_PER_TICK = 0.0095  # of them until others have their turn: a press on Pause waits no longer
STEPS_PER_LOOK = 16  # between two looks at the clock


def steps_due(step, seconds):
    """Return how many steps, or what share of one, follow step `step` in so many seconds: from slow to ever faster."""
    return max(START_RATE, step / GROWTH_SECONDS) * min(seconds, MAX_PICTURE_SECONDS)


class Pace:
    """Trains an experiment for a moment at a time, and says when its next picture is due."""

    def __init__(self):
        self.begin()

    def begin(self):
        """Begin a run."""
        self.picture_shown()
        self.asked = perf_counter()  # when it was asked for the last picture
        self.owed = 0.0  # of a step, which the time since the last one was too short for

    def picture_shown(self):
        """Count anew after a picture."""
        self.unseen, self.due = 0.0, 0

    def train(self, experiment, speed):
        """Train for at most a moment; return whether a picture is due: not before there has been a step."""
        if speed not in (FASTER, FULL_SPEED):
            experiment.advance(speed)
            return True
        start, end = perf_counter(), experiment.step + self._left(experiment, speed)
        if end == experiment.step:
            return False
        while experiment.step < end and perf_counter() < start + SECONDS_PER_TICK and not experiment.error:
            experiment.advance(min(STEPS_PER_LOOK, end - experiment.step))
        self.due = end - experiment.step
        self.unseen += perf_counter() - start
        return self.due <= 0 or self.unseen > SECONDS_PER_PICTURE

    def _left(self, experiment, speed):
        if speed == FULL_SPEED:
            return 10**9
        if not self.due:
            now = perf_counter()
            self.owed += steps_due(experiment.step, now - self.asked)
            self.asked, self.due = now, int(self.owed)
            self.owed -= self.due
        return self.due
