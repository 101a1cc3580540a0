"""Exercises of chapter 11: settings that make an experiment succeed."""

from dataclasses import asdict

from nbkit._text import _, kind_of
from nbkit.drawing.numbers import number
from nbkit.exercises.core import NotTried, Wrong, exercise
from nbkit.experiment import PRESETS, Experiment, Settings

STEPS = 2000
ENOUGH = 0.95  # of the held-out points
FEW = 4  # units in all
CALMER = 0.37  # held-out loss
NOTHING_CHANGED = _("Not tried yet: change the settings and run the cell again.")
STUB = Settings(data="circles", noise=0.1, hidden=(1,), lr=0.01)


@exercise(
    "11.rings",
    _("How many straight cuts does it take to fence in the inner ring? Fewer units than that cannot do it."),
    _("Four tanh units can. If the loss still falls after 2,000 steps, go faster: a larger lr, or Adam."),
)
def judge_rings(answer):
    settings = _settings(answer)
    if settings == STUB:
        raise NotTried(NOTHING_CHANGED)
    if settings.data != "circles" or settings.noise != 0.1:
        raise Wrong(_('The data should be "circles" with noise 0.1.'))
    if sum(settings.hidden) > FEW:
        raise Wrong(
            _("It works with few: at most {most} hidden units in all, this net has {got}.").format(
                most=FEW, got=sum(settings.hidden)
            )
        )
    if settings.held_out < 0.2:
        raise Wrong(_("Hold out at least 0.2 of the points: those judge."))
    experiment, judged = _run(settings)
    if judged.held_out_right >= ENOUGH:
        return _("Right: {share} % of the held-out points with {units} hidden units.").format(
            share=_percent(judged.held_out_right), units=sum(settings.hidden)
        )
    raise Wrong(_("{share} % of the held-out points are right. ").format(share=_percent(judged.held_out_right))
                + _why(experiment, judged))  # fmt: skip


@exercise(
    "11.calm",
    _("After a few steps all hidden units are asleep. What made the first step so long?"),
    _("For the output's bias the curvature is 1, so lr must stay below 2; the hidden layers need an even smaller one."),
)
def judge_calm(answer):
    changes = _changes(answer, _("learning rate 3, and why it blows up"))
    if len(changes) > 1:
        raise Wrong(_("You changed {}: one change is allowed.").format(_(" and ").join(sorted(changes))))
    experiment, judged = _run(_settings(answer))
    if judged.held_out_right >= ENOUGH:
        return _("Right: {} % of the held-out points, by one change.").format(_percent(judged.held_out_right))
    raise Wrong(_why(experiment, judged))


@exercise(
    "11.heart",
    _("Move weight decay on the desk while it runs, and watch the dashed loss curve."),
    _("Try 0.03, 0.1, 0.3, 1: too little does nothing, too much keeps the net from bending."),
)
def judge_heart(answer):
    changes = _changes(answer, _("learned by heart"))
    if changes != {"weight_decay"}:
        raise Wrong(
            _("Only the weight decay may change, you changed {}.").format(", ".join(sorted(changes - {"weight_decay"})))
        )
    settings = _settings(answer)
    loss = _run(settings)[1].held_out_loss
    if loss < CALMER:
        return _("Right: held-out loss {after}; without weight decay it is {before}.").format(
            after=number(round(loss, 2)), before=number(round(_run(settings.but(weight_decay=0.0))[1].held_out_loss, 2))
        )
    less = _run(settings.but(weight_decay=settings.weight_decay / 2))[1].held_out_loss
    more = _("Half of it would be better: this is too much.") if less < loss else _("It takes more.")
    raise Wrong(_("The held-out loss is {loss}, that is not below {rule}. {more}").format(
        loss=number(round(loss, 2)), rule=CALMER, more=more))  # fmt: skip


def _settings(answer):
    """Return what was handed in as settings; a line of text will do."""
    if answer is ...:
        raise NotTried
    if isinstance(answer, str):
        try:
            answer = Settings.from_line(answer)
        except ValueError as error:
            raise Wrong(str(error)) from None
    if not isinstance(answer, Settings):
        raise Wrong(_("Hand in Settings(...), or the desk's line as text, this is {}.").format(kind_of(answer)))
    return answer


def _changes(answer, name):
    """Return the names of the settings that differ from those of a preset; none at all means not tried."""
    start = next(preset.settings for preset in PRESETS if preset.name == name)
    changed, usual = asdict(_settings(answer)), asdict(start)
    changes = {key for key, value in changed.items() if value != usual[key]}
    if not changes:
        raise NotTried(NOTHING_CHANGED)
    return changes


def _run(settings, steps=STEPS):
    experiment = Experiment(settings)
    experiment.judge()
    experiment.advance(steps)
    return experiment, experiment.judge()


def _percent(share):
    return number(round(100 * share, 1))


def _why(experiment, judged):
    """Say why a run did not succeed, from what can be seen on the desk."""
    settings = experiment.settings
    if experiment.trouble:
        return experiment.trouble + " " + _("The steps are too long.")
    everyone_sleeps = [name for name, asleep in judged.asleep.items() if asleep.all()]
    if everyone_sleeps:
        return _("All units of {} are asleep, so nothing before them learns. The first steps were too long.").format(
            everyone_sleeps[0]
        )
    if not settings.hidden:
        return _("Without a hidden layer the boundary is one straight line.")
    if min(settings.hidden) < 3 and settings.data == "circles":
        return _("{} units in a layer are too few to fence in a ring: count the sides that a fence needs.").format(
            min(settings.hidden)
        )
    loss = number(round(judged.loss, 2))
    if _run(settings, 2 * STEPS)[1].loss < 0.9 * judged.loss:
        return _("The loss is {} and still falling: {} steps were too few at this pace.").format(loss, STEPS)
    if _run(settings.but(lr=min(10 * settings.lr, 1000)))[1].loss < 0.5 * judged.loss:
        return _("The loss hardly moves, it is {}: the steps are too short.").format(loss)
    return _("The loss stays at {}. Another start, activation or optimizer may help.").format(loss)
