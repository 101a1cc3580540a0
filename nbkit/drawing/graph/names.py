"""How sentences call the nodes of a graph: by what stands in them, and where two look alike, by what they take."""

from collections import Counter

from nbkit import messages
from nbkit.messages import _


def names_in(scene):
    """Name the node of each variable that has one: ``tax``, ``the ×``, or ``the × of apple and count``."""
    labels = {node.variable: " ".join(node.lines) for node in scene.nodes if node.variable is not None}
    alike = Counter(label for v, label in labels.items() if v.layer is not None)
    names = {v: _name(v, labels, alike[label] > 1) for v, label in labels.items()}
    many, seen = Counter(names.values()), Counter()
    for v, name in names.items():
        if many[name] > 1:
            seen[name] += 1
            names[v] = _("{name}, no. {number}").format(name=name, number=seen[name])
    return names


def _name(v, labels, has_double):
    if v.layer is None:
        return labels[v]
    if not has_double:
        return _("the {symbol}").format(symbol=labels[v])
    return _("the {symbol} of {inputs}").format(
        symbol=labels[v], inputs=listed([labels[i] for i in v.inputs if i in labels])
    )


def listed(parts):
    """Write a list in words: ``a, b and c``."""
    *most, last = parts or [""]
    return _("{some} and {last}").format(some=messages.listed(most), last=last) if most else last


def beginning(text):
    """Write a phrase with the large letter that begins a sentence."""
    return text[:1].upper() + text[1:]
