"""Experiments worth a look, each with what to watch."""

from typing import NamedTuple

from nbkit.experiment.settings import Settings
from nbkit.messages import _


class Preset(NamedTuple):
    """Settings with a name, and a comment: what to predict, and what to look at."""

    name: str
    settings: Settings
    comment: str

    def holds(self, settings):
        """Tell whether these are its settings: whatever the points are, where to set points is the experiment."""
        own = self.settings.data == "own points"
        return settings == (self.settings.replace(points=settings.points) if own else self.settings)


PRESETS = (
    Preset(
        _("moons, a good start"),
        Settings(data="moons", hidden=(4,), lr=0.5),
        _("Four tanh units bend the boundary between two crescents. Which of the four does what? Click the squares."),
    ),
    Preset(
        _("no hidden layer"),
        Settings(data="xor", noise=0.15, hidden=(), lr=0.5),
        _(
            "Without a hidden layer there is one straight line, and XOR needs two. "
            "Run, then set hidden layers to 1 with 3 units, and run again."
        ),
    ),
    Preset(
        _("XOR with a line: x₁x₂"),
        Settings(data="xor", noise=0.15, features=("x1", "x2", "x1*x2"), hidden=(), lr=0.5),
        _(
            "No hidden layer again, but a third input, the product of the other two. "
            "Run, and read the three weights off their lines. Which of the inputs can you take away?"
        ),
    ),
    Preset(
        _("too few units for the spiral"),
        Settings(data="spiral", noise=0.05, hidden=(2,), optimizer="Adam", lr=0.05),
        _(
            "Two units, two bends; a spiral needs more. Predict how many points can be right. "
            "Then try 4 units, 8, and two layers of 8."
        ),
    ),
    Preset(
        _("the spiral, learned"),
        Settings(data="spiral", noise=0.05, hidden=(8, 8), optimizer="Adam", lr=0.02),
        _("Two layers of eight. The squares of the second layer show curves that no unit of the first can draw."),
    ),
    Preset(
        _("learning rate 3, and why it blows up"),
        Settings(data="circles", hidden=(8, 8), activation="ReLU", loss="squared error", lr=3.0),
        _(
            "Press Step six times. Watch the loss, the crosses, and the numbers below the layers: which parameters "
            "still move? Then Run."
        ),
    ),
    Preset(
        _("gradients that fade away"),
        Settings(data="circles", hidden=(6, 6, 6, 6), activation="Sigmoid", lr=0.5),
        _(
            "Four sigmoid layers. Compare the numbers below the layers from right to left: each sigmoid lets at most "
            "a quarter through. What does Tanh change?"
        ),
    ),
    Preset(
        _("ReLUs that die"),
        Settings(data="circles", hidden=(8, 8), activation="ReLU", lr=5.0),
        _(
            "Big steps throw units to where they are 0 for every point: crossed out, asleep. "
            "Does LeakyReLU help? A smaller lr?"
        ),
    ),
    Preset(
        _("learned by heart"),
        Settings(data="moons", noise=0.35, held_out=0.8, hidden=(16, 16), activation="ReLU", optimizer="Adam", lr=0.01),
        _(
            "Few points, many units: watch both curves of the loss, and both of what is right. "
            "Then move weight decay up a little at a time while it runs."
        ),
    ),
    Preset(
        _("one point at a time"),
        Settings(data="moons", hidden=(4,), lr=0.5, batch_size=1),
        _("A batch of 1: every step follows a single point, so the loss trembles. Set the batch to 16 while it runs."),
    ),
    Preset(
        _("three flowers"),
        Settings(data="iris, petals", hidden=(4,), lr=0.2),
        _("Three species by their petals, so three outputs. Try other seeds: do they all end alike?"),
    ),
    Preset(
        _("your own points"),
        Settings(data="own points", hidden=(6,), held_out=0.0, optimizer="Adam", lr=0.05),
        _("Click into the plane to set points, drag to move them. Can you draw something that this net cannot learn?"),
    ),
)
