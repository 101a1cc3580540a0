"""The same net from many random starts, side by side: how often it learns is a number, one run is an anecdote."""

import ipywidgets
import numpy as np

from nbkit import datasets
from nbkit.drawing.markup import escape
from nbkit.experiment.seeds import SeedGroup, check_recipes, recipes_for_xor
from nbkit.functions import check_finite
from nbkit.messages import _, kind_of
from nbkit.widgets.kit.background import Background
from nbkit.widgets.kit.panel import Panel
from nbkit.widgets.kit.running import Running
from nbkit.widgets.kit.svg_view import SvgView
from nbkit.widgets.training.gallery_picture import GalleryPicture

SEEDS = (4, 49)  # how few and how many a picture has room for
WORK = 400  # steps of training, over all runs, between two pictures: about 15 milliseconds
FEWEST, MOST = 10, 100  # steps of one run between two pictures


class SeedGallery(Running, Panel):
    """Train one net from many seeds side by side, and count how many learn; then try another recipe.

    Each seed has a small picture of its plane, with ✓ or ✗ as soon as it has ended and the number of its dead
    units. Press one to see it large, with its loss. What the recipes have come to stands beside each other below.

    Parameters
    ----------
    recipes : dict of str to Recipe, optional
        What to compare, 1 to 5; three recipes for exclusive or where left out.
    data : (x, t) pair, optional
        `x` with shape (n, 2), `t` class numbers with shape (n,) or (n, 1), as the losses of the recipes take it;
        exclusive or where left out.
    seeds : int
        How many at once, 4 to 49: seeds 0, 1, 2, ...
    features, classes : sequences of str

    Attributes
    ----------
    recipe, seed, run_button, restart_button, more_button, view, status : widgets
        `recipe.value` is the name of the recipe on show, `seed.value` the number of the run that is shown large.
    batches : dict of str to Batch
        The runs of each recipe that was on show.
    """

    def __init__(self, recipes=None, data=None, *, seeds=25, features=("x₁", "x₂"), classes=("off", "on")):
        self.data = _checked_data(data)
        self.recipes = recipes_for_xor() if recipes is None else recipes
        check_recipes(self.recipes, self.data)
        low, high = SEEDS
        if isinstance(seeds, bool) or not isinstance(seeds, int | np.integer) or not low <= seeds <= high:
            raise ValueError(
                _("seeds must be a whole number from {low} to {high}, got {got}").format(
                    low=low, high=high, got=kind_of(seeds)
                )
            )
        self.seeds, self.batches, self._whole = int(seeds), {}, {}
        x, t = self.data
        self._drawn_with = x, t.reshape(-1).astype(int), features, classes, self.seeds
        self.picture = GalleryPicture(*self._drawn_with)
        self.background = Background(self._tick, self.label_run_button, self.show_error, ready=lambda: self.view.ready)
        self._make_controls()
        buttons = (self.run_button, self.restart_button, self.more_button)
        tools = ipywidgets.HBox([self.recipe, *buttons, self.seed], layout={"flex_flow": "row wrap"})
        super().__init__([tools, self.view, self.status])
        self.show()
        for button, action in zip(buttons, (self.toggle, self.restart, self.more), strict=True):
            button.on_click(self.safely(lambda _button, action=action: action()))
        self.recipe.observe(self.safely(lambda _change: self._choose_recipe()), "value")
        self.seed.observe(self.safely(lambda _change: self.show()), "value")
        self.view.on_touch(self.safely(self._touched))

    def _make_controls(self):
        def button(text, icon, width):
            return ipywidgets.Button(description=text, icon=icon, layout={"width": width})

        self.recipe = ipywidgets.Dropdown(
            options=list(self.recipes), description=_("recipe"), style={"description_width": "4em"},
            layout={"width": "23em"},
        )  # fmt: skip
        self.run_button = button(_("Run"), "play", "7em")
        self.restart_button = button(_("Restart"), "refresh", "7em")
        self.more_button = button(_("{} more seeds").format(self.seeds), "plus", "11em")
        self.seed = ipywidgets.IntSlider(
            0, min=0, max=self.seeds - 1, description=_("enlarge no."), style={"description_width": "7em"},
            layout={"width": "18em"},
        )  # fmt: skip
        self.view, self.status = SvgView(), ipywidgets.HTML()

    @property
    def batch(self):
        """The runs of the recipe on show."""
        name = self.recipe.value
        if name not in self.batches:
            self.batches[name] = SeedGroup(self.recipes[name], self.seeds, self.data)
        return self.batches[name]

    # ------------------------------------------------------------ running

    def run(self):
        """Train on in the kernel's own loop, so that other cells still work; a finished recipe starts anew."""
        if self.batch.done:
            self.restart()
        self.background.start()

    def _tick(self):
        batch = self.batch
        running = sum(not run.done for run in batch.runs)
        batch.advance(max(FEWEST, min(MOST, WORK // max(running, 1))))
        self.show()
        return not batch.done

    def restart(self):
        """Forget what this recipe has done, and begin with seed 0 again."""
        self.pause()
        self.batches.pop(self.recipe.value, None)
        self.show()

    def more(self):
        """Go on with as many new seeds, once these have ended: the counts go on, too."""
        self.batch.more()
        self.show()
        self.background.start()

    def finished(self, name=None):
        """Train all seeds of a recipe to the end, at once, and return their runs; the picture stays as it is.

        Parameters
        ----------
        name : str, optional
            Of the recipe; the first one where left out.

        Returns
        -------
        list of SeedRun
            Each with ``seed``, ``learned``, ``loss``, ``losses``, ``net`` and ``dead_count``.
        """
        name = next(iter(self.recipes)) if name is None else name
        if name not in self.recipes:
            raise ValueError(
                _("there is no recipe {got!r}, only {rule}").format(got=name, rule=", ".join(self.recipes))
            )
        return self._finished_batch(name).runs

    def _finished_batch(self, name):
        if name not in self._whole:
            batch = SeedGroup(self.recipes[name], self.seeds, self.data)
            batch.advance(self.recipes[name].steps + 1)
            self._whole[name] = batch
        return self._whole[name]

    def snapshot(self):
        """The end of a whole run: what the learner will see after pressing Run."""
        batch = self._finished_batch(self.recipe.value)
        picture = GalleryPicture(*self._drawn_with)
        return picture.svg(batch, self.seed.value, [(self.recipe.value, batch)], self._words(batch))

    # ------------------------------------------------------------ showing

    def _choose_recipe(self):
        self.pause()
        self.show()

    def _touched(self, touch):
        if touch.hand == "press" and touch.item is not None:
            self.seed.value = int(touch.item.removeprefix("seed "))

    def show(self):
        """Draw everything anew."""
        batch = self.batch
        # in the order of the picker, whichever ran first
        batches = [(name, self.batches[name]) for name in self.recipes if name in self.batches]
        words = self._words(batch)
        self.view.show(self.picture.svg(batch, self.seed.value, batches, words))
        self.status.value = f"<span>{escape(words)}</span>"

    def _words(self, batch):
        """Count what has ended, and ask whether dead units have to do with it."""
        training = sum(not run.done for run in batch.runs)
        if not any(run.losses for run in batch.runs):
            return _("{n} random starts, not trained yet. Predict how many will learn, then press Run.").format(
                n=self.seeds
            )
        if training:
            return _("Learned so far: {k}. Still training: {n}.").format(
                k=sum(run.learned for run in batch.runs), n=training
            )
        words = _("{k} of {n} seeds learned.").format(**dict(zip("kn", batch.count(), strict=True)))
        some, with_dead = batch.count(dead=(True,))
        rest, without = batch.count(dead=(False,))
        if with_dead and not without:
            words += " " + _("Each of them has a dead unit at the end.")
        elif with_dead:
            words += " " + _(
                "With a dead unit at the end: {some} of {with_dead}; without: {rest} of {without}."
            ).format(some=some, with_dead=with_dead, rest=rest, without=without)
        return words


def _checked_data(data):
    if data is None:
        data = datasets.xor()
        data = data.x, data.t.reshape(-1, 1)
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(_("data must be a pair (x, t), got {}").format(kind_of(data)))
    x, t = check_finite(data[0], "x"), check_finite(data[1], "t")
    if np.ndim(x) != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(_("SeedGallery takes rows of 2 features, got x with shape {}").format(np.shape(x)))
    if np.shape(t) not in ((len(x),), (len(x), 1)) or not (np.equal(t, np.round(t)) & (t >= 0)).all():
        raise ValueError(_("t must hold a class number for each row of x, got {}").format(kind_of(t)))
    t = np.asarray(data[1]) if np.asarray(data[1]).dtype.kind in "iu" else t
    return x, t
