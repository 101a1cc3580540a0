"""Exercises of chapter 11: settings that make an experiment succeed."""

from dataclasses import asdict

from nbkit.exercises.core import NotTried, Wrong, apart, exercise
from nbkit.experiment import PRESETS, Experiment, Settings
from nbkit.experiment.sources import fresh_points
from nbkit.formatting import number
from nbkit.messages import _, kind_of

STEPS = 2000
ENOUGH = 0.95  # of the held-out points
FEW = 4  # units in all
CALMER = 0.37  # held-out loss
STIFF = 0.3  # training loss of a net that decay keeps from bending
NOTHING_CHANGED = _("Not tried yet: change the settings and run the cell again.")
STUB = Settings(data="circles", noise=0.1, hidden=(1,), lr=0.01)
FRESH = 1000  # points by which nothing was chosen
DATA = {"data", "noise", "held_out", "points", "path"}  # settings that choose the points
FENCE = 3  # straight cuts that it takes to fence in a ring


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
        return _("Right: {share} of the held-out points. {fresh}").format(
            share=_of_held_out(experiment, judged), fresh=_fresh_judge(experiment)
        )
    raise Wrong(_why(experiment, judged))


@exercise(
    "11.calm",
    _("After a few steps all hidden units are asleep. What made the first step so long?"),
    _("For the output's bias the curvature is 1, so lr must stay below 2; the hidden layers need an even smaller one."),
)
def judge_calm(answer):
    changes = _changes(answer, _("learning rate 3, and why it blows up"))
    if len(changes) > 1:
        raise Wrong(_("You changed {}: one change is allowed.").format(_(" and ").join(sorted(changes))))
    if changes & DATA:
        raise Wrong(_("The data should stay as they are: change how the net learns."))
    experiment, judged = _run(_settings(answer))
    if judged.held_out_right >= ENOUGH:
        return _("Right: {share} of the held-out points, by one change. {fresh}").format(
            share=_of_held_out(experiment, judged), fresh=_fresh_judge(experiment)
        )
    raise Wrong(_why(experiment, judged, changes))


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
    experiment, judged = _run(settings)
    loss = judged.held_out_loss
    if loss < CALMER:
        before = _run(settings.but(weight_decay=0.0))[1]
        return _(
            "Right: held-out loss {after}, without weight decay {before}. (Right answers: {share}, without it {same}.) "
            "{fresh}"
        ).format(
            after=apart(CALMER, loss)[1], before=number(round(before.held_out_loss, 2)),
            share=_of_held_out(experiment, judged), same=_of_held_out(experiment, before),
            fresh=_fresh_judge(experiment),
        )  # fmt: skip
    if experiment.trouble:
        raise Wrong(experiment.trouble + " " + _("This is far too much."))
    if judged.loss > STIFF:
        more = _("This is too much: the net cannot even follow its training points, their loss is {}.")
    else:
        more = _("It takes more: on the training points the loss is only {}, so the net still learns them by heart.")
    more = more.format(number(float(f"{judged.loss:.2g}")))
    raise Wrong(_("The held-out loss is {loss}, that is not below {rule}. {more}").format(
        loss=apart(CALMER, loss)[1], rule=CALMER, more=more))  # fmt: skip


def _settings(answer):
    """Return what was handed in as settings; a line of text will do, or the desk itself."""
    if answer is ...:
        raise NotTried
    answer = getattr(answer, "settings", answer)
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


def _of_held_out(experiment, judged):
    """Write how many of the held-out points are right: ``51 of 53 (96.2 %)``."""
    n = int(experiment.out.sum())
    share = judged.held_out_right
    return _("{right} of {n} ({share} %)").format(right=round(share * n), n=n, share=_percent(share))


def _fresh_judge(experiment):
    """Say how many of the points are right by which nothing was chosen."""
    data = fresh_points(experiment.settings, FRESH)
    right = int((experiment.probabilities(data.x).argmax(axis=1) == data.t).sum())
    return _("You chose by the held-out points; of {n} fresh ones {right} are right.").format(n=FRESH, right=right)


def _why(experiment, judged, changes=frozenset()):
    """Say why a run did not succeed, from what can be seen on the desk.

    Parameters
    ----------
    experiment : Experiment
    judged : Judgement
    changes : set of str
        Where only one setting may differ from the beginning: the one that does.
    """
    if experiment.trouble:
        return experiment.trouble + " " + _("The steps are too long.")
    told = _("Right are {share} of the held-out points, and {rule} % are wanted.").format(
        share=_of_held_out(experiment, judged), rule=_percent(ENOUGH)
    )
    return told + " " + _reason(experiment, judged, changes)


def _reason(experiment, judged, changes):
    settings = experiment.settings
    everyone_sleeps = [name for name, asleep in judged.asleep.items() if asleep.all()]
    if everyone_sleeps:
        told = _("All units of {} are asleep, so nothing before them learns.").format(everyone_sleeps[0])
        calmer = _run(settings.but(lr=settings.lr / 100))[1]
        if settings.weight_decay or any(asleep.all() for asleep in calmer.asleep.values()):
            return told
        return told + " " + _("The first steps were too long.")
    if not settings.hidden:
        return _("Without a hidden layer the boundary is one straight line.")
    if settings.hidden[0] < FENCE:
        return _(
            "Units in the first layer: {units}. Each makes one straight cut, and a fence around a ring takes at least "
            "{fence}."
        ).format(units=settings.hidden[0], fence=FENCE)
    loss = number(round(judged.loss, 2))
    if judged.right < ENOUGH and _run(settings, 2 * STEPS)[1].loss < 0.9 * judged.loss:
        return _("The loss is {loss} and still falling: {steps} steps were too few at this pace.").format(
            loss=loss, steps=STEPS
        )
    if changes <= {"lr"}:
        faster = _run(settings.but(lr=min(max(10 * settings.lr, 0.1), 1000)))[1]
        if judged.right < ENOUGH and faster.loss < 0.5 * judged.loss:
            return _("The loss hardly moves, it is {}: the steps are too short.").format(loss)
        if _run(settings.but(lr=settings.lr / 3))[1].held_out_right >= ENOUGH:
            return _("With a smaller lr it gets there.")
    if not changes and settings.weight_decay and _run(settings.but(weight_decay=0.0))[1].loss < 0.5 * judged.loss:
        return _("The loss stays at {}: the weight decay keeps the weights too small.").format(loss)
    if judged.right >= ENOUGH and not changes:
        return _(
            "Of the {n} training points {share} % are right: it has learned them, but they do not say enough of the "
            "rings."
        ).format(n=int((~experiment.out).sum()), share=_percent(judged.right))
    if changes == {"lr"}:
        return _("Another lr may help.")
    if changes:
        return _("Undo this change, and try another one.")
    return _("The loss stays at {}. Another start, activation or optimizer may help.").format(loss)
