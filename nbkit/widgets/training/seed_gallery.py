"""The same net from many random starts, side by side: how often it learns is a number, one run is an anecdote."""

import ipywidgets
import numpy as np

from nbkit.checks import one_of, pair_of, whole
from nbkit.datasets import LAMP, xor
from nbkit.experiment.seeds import SeedGroup, check_recipes, is_close, recipes_for_xor
from nbkit.messages import _, in_a_row, kind_of
from nbkit.widgets.kit.explorer import button, dropdown, row, slider
from nbkit.widgets.kit.running import Running
from nbkit.widgets.training.gallery_picture import GalleryPicture

MIN_SEEDS, MAX_SEEDS = 4, 49  # that a picture has room for
ALL_STEPS_PER_PICTURE = 400  # of training, over all runs: about 15 milliseconds
MIN_RUN_STEPS, MAX_RUN_STEPS = 10, 100  # of one run, per picture


class SeedGallery(Running):
    """Train one net from many seeds side by side, and count how many learn; then try another recipe.

    Each seed has a small picture of its plane, with ✓ or ✗ as soon as it has ended and the number of its dead
    units. Press one to see it large, with its loss. What the recipes have come to stands beside each other below, and
    what was guessed before beside the truth.

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
    recipe, guess, seed, run_button, restart_button, more_button, view, status : widgets
        `recipe.value` is the name of the recipe on show, `seed.value` the number of the run that is shown large;
        `guess.value` is text, and empty where nothing was guessed.
    guesses : dict of str to int
        How many seeds of each recipe were guessed to learn; it counts only what was there before the first step.
    groups : dict of str to SeedGroup
        The runs of each recipe that was on show.
    """

    def __init__(self, recipes=None, data=None, *, seeds=25, features=("x₁", "x₂"), classes=LAMP):
        self.data = x, t = _checked_data(data)
        self.recipes = recipes_for_xor() if recipes is None else recipes
        check_recipes(self.recipes, self.data)
        self.seeds = whole("seeds", seeds, MIN_SEEDS, MAX_SEEDS)
        self.guesses = {}
        self.groups, self.ended = {}, {}  # by recipe: those on show, and those that went on to the end at once
        self.drawn_with = x, t.reshape(-1).astype(int), features, classes, self.seeds
        self.drawing = GalleryPicture(*self.drawn_with)
        self.recipe = dropdown(_("recipe"), list(self.recipes))
        self.recipe.add_class("nbkit-long")  # as long as names are
        self.guess = ipywidgets.Text(
            description=_("your guess: how many of {}?").format(self.seeds), placeholder=_("0 to {}").format(self.seeds)
        )
        self.guess.add_class("nbkit-short")
        self.run_button = button(self.run_label, icon="play")
        self.restart_button = button(_("Restart"), icon="refresh")
        self.more_button = button(_("{} more seeds").format(self.seeds), icon="plus")
        self.seed = slider(_("enlarge no."), 0, 0, self.seeds - 1)
        self.seed.add_class("nbkit-long")
        buttons = {self.run_button: self.toggle, self.restart_button: self.restart, self.more_button: self.more}
        super().__init__(row(self.recipe, self.seed, self.guess, *buttons))
        self.on_press(buttons)
        self.listen({self.guess: self._guessed})
        self.guess.on_msg(self.safely(self._entered))
        self.view.on_pointer(self.safely(self._pointed))

    @property
    def group(self):
        """The runs of the recipe on show."""
        name = self.recipe.value
        if name not in self.groups:
            self.groups[name] = SeedGroup(self.recipes[name], self.seeds, self.data)
        return self.groups[name]

    # ------------------------------------------------------------ running

    def run(self):
        """Train on in the kernel's own loop, so that other cells still work; a finished recipe starts anew.

        It waits for a guess that is none to be mended: once it is known how many learn, nobody can guess.
        """
        if self.guess.value.strip() and self.recipe.value not in self.guesses:
            self._refuse_guess()
            return
        if self.group.finished:
            self.restart()
        self.background.start()

    def _guessed(self, change):
        """Take the guess for the recipe on show, or say what is wrong with it."""
        text = change.new.strip()
        self.guesses.pop(self.recipe.value, None)
        if text.isdecimal() and int(text) <= self.seeds:
            self.guesses[self.recipe.value] = int(text)
        elif text:
            self._refuse_guess()

    def _refuse_guess(self):
        rule = _("A guess is a whole number from 0 to {most}, got {got}. Empty the box to run without a guess.")
        self.show_message(rule.format(most=self.seeds, got=kind_of(self.guess.value)))

    def _entered(self, _box, message, _buffers):
        """Run where Enter was pressed in the box of the guess."""
        if message.get("event") == "submit" and not self.running:
            self.run()

    def tick(self):
        running = sum(not run.finished for run in self.group.runs)
        self.group.advance(max(MIN_RUN_STEPS, min(MAX_RUN_STEPS, ALL_STEPS_PER_PICTURE // max(running, 1))))
        self.show()
        return not self.group.finished

    def restart(self):
        """Forget what this recipe has done, and begin with seed 0 again."""
        self.pause()
        self.groups.pop(self.recipe.value, None)
        self.show()

    def more(self):
        """Go on with as many new seeds, once these have ended: the counts go on, too."""
        self.group.more()
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
        return self._finished_group(
            next(iter(self.recipes)) if name is None else one_of("recipe", name, self.recipes)
        ).runs

    def _finished_group(self, name):
        if name not in self.ended:
            self.ended[name] = SeedGroup(self.recipes[name], self.seeds, self.data)
            self.ended[name].advance(self.recipes[name].steps)
        return self.ended[name]

    # ------------------------------------------------------------ showing

    def moved(self, change):
        if change.owner is self.guess:  # it has a handler of its own, and no picture shows it yet
            return
        if change.owner is self.recipe:
            self.pause()
            with self.quietly():
                self.guess.value = str(self.guesses.get(self.recipe.value, ""))
        self.show()

    def show(self):
        self.guess.disabled = any(run.step for run in self.group.runs) or bool(self.group.earlier)
        self.more_button.disabled = not self.group.finished  # those that end early are mostly the ones that learn
        super().show()

    def _pointed(self, event):
        if event.kind == "press" and event.item is not None:
            self.seed.value = int(event.item.removeprefix("seed "))

    def picture(self):
        # in the order of the picker, whichever ran first
        groups = [(name, self.groups[name], self.guesses.get(name)) for name in self.recipes if name in self.groups]
        return self.drawing.svg(self.group, self.seed.value, groups, self.sentence())

    def snapshot(self):
        """The end of a whole run: what the learner will see after pressing Run."""
        name = self.recipe.value
        group = self._finished_group(name)
        words = _("{recipe}: {count}").format(recipe=name, count=self._count(group))
        return GalleryPicture(*self.drawn_with).svg(group, self.seed.value, [(name, group, None)], words)

    def sentence(self):
        words, guess, k = self._count(self.group), self.guesses.get(self.recipe.value), self.group.first_count
        if guess is None or k is None or self.group.count()[1] > self.seeds:  # it was a guess of the first ones
            return words
        return in_a_row([words, _on_guess(guess, k, self.seeds)])

    def _count(self, group):
        """Count what has ended, and ask whether dead units have to do with it."""
        training, learned = sum(not run.finished for run in group.runs), sum(run.learned for run in group.runs)
        if not any(run.step for run in group.runs):
            words = _("{n} random starts, not trained yet. Guess how many will learn, then press Run.")
            return words.format(n=self.seeds)
        if training:
            return _("Learned so far: {k}. Still training: {n}.").format(k=learned, n=training)
        k, n = group.count()
        some, with_dead = group.count(dead=(True,))
        rest, without = group.count(dead=(False,))
        if not with_dead:
            words = _("{k} of {n} seeds learned.")
        elif not without:
            words = _("{k} of {n} seeds learned. Each of them has a dead unit at the end.")
        else:
            words = _(
                "{k} of {n} seeds learned. "
                "With a dead unit at the end: {some} of {with_dead}; without: {rest} of {without}."
            )
        return words.format(k=k, n=n, some=some, with_dead=with_dead, rest=rest, without=without)


def _on_guess(guess, k, n):
    """Say how near a guess was."""
    if guess == k:
        words = _("You guessed {guess}: exactly!")
    elif is_close(guess, k, n):
        words = _("You guessed {guess}: well guessed, it lies within the bar.")
    elif guess > k:
        words = _("You guessed {guess}, {far} too many: a surprise that is worth remembering.")
    else:
        words = _("You guessed {guess}, {far} too few: a surprise that is worth remembering.")
    return words.format(guess=guess, far=abs(guess - k))


def _checked_data(data):
    """Return x and t, (n, 2) and (n,) or (n, 1), or refuse what cannot be drawn."""
    if data is None:
        data = xor()
        data = data.x, data.t.reshape(-1, 1)
    x, t = pair_of(data)
    if x.ndim != 2 or x.shape[1] != 2:
        raise ValueError(_("SeedGallery takes rows of 2 features, got x with shape {}").format(x.shape))
    if t.shape not in ((len(x),), (len(x), 1)) or not (np.equal(t, np.round(t)) & (t >= 0)).all():
        raise ValueError(_("t must hold a class number for each row of x, got {}").format(kind_of(t)))
    return x, t
