"""Exercises of chapter 11: settings that make an experiment succeed."""

from nbkit.exercises.compare import apart
from nbkit.exercises.core import exercise
from nbkit.exercises.verdicts import NotTried, Wrong
from nbkit.experiment import PRESETS, Experiment, Settings
from nbkit.experiment.sources import fresh_points
from nbkit.formatting import number
from nbkit.messages import _, in_a_row, kind_of, listed

STEPS = 2000
ENOUGH = 0.95  # of the held-out points
MAX_UNITS = 4  # in all
MIN_CUTS = 3  # straight lines that it takes to enclose a ring
MAX_HELD_OUT_LOSS = 0.37
MAX_TRAINING_LOSS = 0.3  # above it, weight decay keeps the weights too small
STUB = Settings(data="circles", noise=0.1, hidden=(1,), lr=0.01)
FRESH_POINTS = 1000
DATA = {"data", "noise", "held_out", "points", "path"}  # settings that choose the points
NOTHING_CHANGED = _("Not tried yet: change the settings and run the cell again.")


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
    if settings.features != STUB.features:
        raise Wrong(_("The inputs should be x₁ and x₂ alone: here the hidden units are to find the rest."))
    if sum(settings.hidden) > MAX_UNITS:
        raise Wrong(
            _("It works with few: at most {most} hidden units in all, this net has {got}.").format(
                most=MAX_UNITS, got=sum(settings.hidden)
            )
        )
    if settings.held_out < 0.2:
        raise Wrong(_("Hold out at least 0.2 of the points: those judge."))
    return _judge_right(settings, _("Right: {share} of the held-out points. {fresh}"))


@exercise(
    "11.calm",
    _("After a few steps all hidden units are asleep. What made the first step so long?"),
    _("For the output's bias the curvature is 1, so lr must stay below 2; the hidden layers need an even smaller one."),
)
def judge_calm(answer):
    settings = _settings(answer)
    changes = _changes(settings, _("learning rate 3, and why it blows up"))
    if len(changes) > 1:
        *some, last = sorted(changes)
        text = _("You changed {some} and {last}: one change is allowed.")
        raise Wrong(text.format(some=listed(some), last=last))
    if changes & DATA:
        raise Wrong(_("The data should stay as they are: change how the net learns."))
    return _judge_right(settings, _("Right: {share} of the held-out points, by one change. {fresh}"), changes)


@exercise(
    "11.heart",
    _("Move weight decay on the desk while it runs, and watch the dashed loss curve."),
    _("Try 0.03, 0.1, 0.3, 1: too little does nothing, too much keeps the net from bending."),
)
def judge_heart(answer):
    settings = _settings(answer)
    others = _changes(settings, _("learned by heart")) - {"weight_decay"}
    if others:
        raise Wrong(_("Only the weight decay may change, you changed {}.").format(listed(sorted(others))))
    experiment, judged = _trained(settings)
    if judged.held_out_loss < MAX_HELD_OUT_LOSS:
        _experiment, before = _trained(settings.replace(weight_decay=0.0))
        return _(
            "Right: held-out loss {after}, without weight decay {before}. (Right answers: {share}, without it {same}.) "
            "{fresh}"
        ).format(
            after=apart(MAX_HELD_OUT_LOSS, judged.held_out_loss)[1], before=number(round(before.held_out_loss, 2)),
            share=_share(experiment, judged), same=_share(experiment, before), fresh=_on_fresh_points(experiment),
        )  # fmt: skip
    if experiment.error:
        raise Wrong(_("{error} This is far too much.").format(error=experiment.error))
    if judged.loss > MAX_TRAINING_LOSS:
        text = _("The held-out loss is {loss}, that is not below {rule}. This is too much: the net cannot even follow "
                 "its training points, their loss is {training}.")  # fmt: skip
    else:
        text = _("The held-out loss is {loss}, that is not below {rule}. It takes more: on the training points the "
                 "loss is only {training}, so the net still learns them by heart.")  # fmt: skip
    loss, training = apart(MAX_HELD_OUT_LOSS, judged.held_out_loss)[1], number(float(f"{judged.loss:.2g}"))
    raise Wrong(text.format(loss=loss, rule=MAX_HELD_OUT_LOSS, training=training))


# ---------------------------------------------------------------- what was handed in


def _settings(answer):
    """Return what was handed in as settings: a line of text will do, or the playground itself."""
    answer = getattr(answer, "settings", answer)
    if isinstance(answer, str):
        try:
            answer = Settings.from_json(answer)
        except ValueError as error:
            raise Wrong(str(error)) from None
    if not isinstance(answer, Settings):
        raise Wrong(_("Hand in Settings(...), or the desk's line as text, this is {}.").format(kind_of(answer)))
    return answer


def _changes(settings, name):
    """Return the names of the settings that differ from those of a preset; none at all means not tried."""
    start = next(preset.settings for preset in PRESETS if preset.name == name)
    changes = {key for key, value in vars(settings).items() if value != getattr(start, key)}
    if not changes:
        raise NotTried(NOTHING_CHANGED)
    return changes


# ---------------------------------------------------------------- what came of it


def _trained(settings, steps=STEPS):
    """Return an experiment after its training, and its judgement."""
    experiment = Experiment(settings)
    experiment.advance(steps)
    return experiment, experiment.judge()


def _judge_right(settings, praise, changes=frozenset()):
    """Praise settings with which enough held-out points are right, or say why not, by what was changed."""
    experiment, judged = _trained(settings)
    if judged.held_out_right >= ENOUGH:
        return praise.format(share=_share(experiment, judged), fresh=_on_fresh_points(experiment))
    if experiment.error:
        raise Wrong(_("{error} The steps are too long.").format(error=experiment.error))
    text = _("Right are {share} of the held-out points, and {rule} % are wanted. {reason}")
    reason = _reason(experiment, judged, changes)
    raise Wrong(text.format(share=_share(experiment, judged), rule=_percent(ENOUGH), reason=reason))


def _percent(share):
    return number(round(100 * share, 1))


def _share(experiment, judged):
    """Write how many of the held-out points are right: ``51 of 53 (96.2 %)``."""
    n, share = int(experiment.held_out_mask.sum()), judged.held_out_right
    return _("{right} of {n} ({share} %)").format(right=round(share * n), n=n, share=_percent(share))


def _on_fresh_points(experiment):
    """Say how many of the points are right by which nothing was chosen."""
    data = fresh_points(experiment.settings, FRESH_POINTS)
    right = int((experiment.probabilities(data.x).argmax(axis=1) == data.t).sum())
    return _("You chose by the held-out points; of {n} fresh ones {right} are right.").format(
        n=FRESH_POINTS, right=right
    )


def _reason(experiment, judged, changes):
    """Say why too few points are right; where it takes that, other settings are tried."""
    settings = experiment.settings

    def otherwise(steps=STEPS, **changed):
        return _trained(settings.replace(**changed), steps)[1]

    stuck = [name for name, saturated in judged.saturated.items() if saturated.all()]
    if stuck:
        text = _("All units of {} are asleep, so nothing before them learns.").format(stuck[0])
        calmer = otherwise(lr=settings.lr / 100).saturated.values()
        if settings.weight_decay or any(saturated.all() for saturated in calmer):
            return text
        return in_a_row([text, _("The first steps were too long.")])
    if not settings.hidden:
        return _("Without a hidden layer the boundary is one straight line.")
    if settings.hidden[0] < MIN_CUTS:
        return _(
            "Units in the first layer: {units}. Each makes one straight cut, and a fence around a ring takes at least "
            "{fence}."
        ).format(units=settings.hidden[0], fence=MIN_CUTS)
    loss, learned = number(round(judged.loss, 2)), judged.right >= ENOUGH
    if not learned and otherwise(2 * STEPS).loss < 0.9 * judged.loss:
        return _("The loss is {loss} and still falling: {steps} steps were too few at this pace.").format(
            loss=loss, steps=STEPS
        )
    if changes <= {"lr"}:
        faster = min(max(10 * settings.lr, 0.1), 1000)
        if not learned and otherwise(lr=faster).loss < 0.5 * judged.loss:
            return _("The loss hardly moves, it is {}: the steps are too short.").format(loss)
        if otherwise(lr=settings.lr / 3).held_out_right >= ENOUGH:
            return _("With a smaller lr it gets there.")
    if changes:
        return _("Another lr may help.") if changes == {"lr"} else _("Undo this change, and try another one.")
    if settings.weight_decay and otherwise(weight_decay=0.0).loss < 0.5 * judged.loss:
        return _("The loss stays at {}: the weight decay keeps the weights too small.").format(loss)
    if learned:
        return _(
            "Of the {n} training points {share} % are right: it has learned them, but they do not say enough of the "
            "rings."
        ).format(n=int((~experiment.held_out_mask).sum()), share=_percent(judged.right))
    return _("The loss stays at {}. Another start, activation or optimizer may help.").format(loss)
