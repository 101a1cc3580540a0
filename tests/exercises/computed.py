"""Answers that an exercise's own rules compute: each wrong rule of its `mistakes` must get its own diagnosis."""

from nbkit.exercises.core import exercises_of
from nbkit.exercises.kinds import judge_function, judge_layer, judge_number, judge_numbers, rules_of
from tests.exercises import gathered

BUILT = gathered("BUILT")  # of an exercise with a judge of its own: yields pairs of a diagnosis and a wrong answer


def layer(forward, backward):
    """Return a class that goes back by ``backward(dout, *inputs, output)``."""

    class Built:
        def forward(self, *inputs):
            self.inputs, self.output = inputs, forward(*inputs)
            return self.output

        def backward(self, dout):
            return backward(dout, *self.inputs, self.output)

    return Built


def _functions(mistakes, rule, **_data):
    rule = rule[0] if isinstance(rule, list) else rule

    def filled(wrong):
        """Return a function in which a part that may be anything is the right one."""

        def function(*inputs):
            result = wrong(*inputs)
            if isinstance(result, tuple):
                right = rule(*inputs)
                return tuple(other if part is None else part for part, other in zip(result, right, strict=True))
            return result

        return function

    return [(diagnosis, filled(wrong)) for diagnosis, wrong in rules_of(mistakes)]


def _layers(mistakes, forward, **_data):
    return [(diagnosis, layer(forward, wrong)) for diagnosis, wrong in rules_of(mistakes)]


def _numbers(parts, together=None, prefix=str, **_data):
    yield from rules_of(together or {})
    right = {name: part[0] for name, part in parts.items()}
    for name, (_right, mistakes, *_otherwise) in parts.items():
        for diagnosis, wrong in rules_of(mistakes):
            yield f"{prefix(name)}: {diagnosis}", list((right | {name: wrong}).values())


BY_KIND = {
    judge_number: lambda mistakes, **_data: rules_of(mistakes),
    judge_numbers: _numbers,
    judge_function: _functions,
    judge_layer: _layers,
}


def wrong_answers(name):
    """Return pairs of a diagnosis and an answer that must get it."""
    _name, _hints, judge, _praise, data = exercises_of(name[:2])[name]
    build = BUILT.get(name) or BY_KIND.get(judge, lambda **_data: ())
    return list(build(**data))
