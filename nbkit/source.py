"""Shows nbkit's own code in a notebook, so that the text of the course and the package cannot drift apart."""

import inspect
import textwrap

from nbkit.messages import _, kind_of


class Source:
    """Python source: coloured in a notebook, plain text in a terminal."""

    def __init__(self, code):
        self.code = code

    def __repr__(self):
        return self.code

    def _repr_markdown_(self):
        return f"```python\n{self.code}```"


def show_source(thing):
    """Return the source of a class or function of nbkit, or of the class of a layer, ready to be shown.

    Parameters
    ----------
    thing : class, function or Layer

    Raises
    ------
    TypeError
        If there is no Python source to show.
    """
    subject = thing if inspect.isclass(thing) or inspect.isroutine(thing) else type(thing)
    try:
        return Source(textwrap.dedent(inspect.getsource(subject)))
    except (TypeError, OSError):
        raise TypeError(_("there is no Python source to show for {}").format(kind_of(thing))) from None
