"""Which cells of a notebook an answer needs: those above it that bind or change a name which it needs, and so on.

It is found in the code alone, and `is_certain` knows what the code does not show: an object that other cells hand to
functions, or a name that a cell far below binds. Where such an answer comes out otherwise than the notebook says, the
whole notebook is run.
"""

import ast

from nbkit.classroom.run.names import ANYTHING, as_tree, names_in

REAL = "__import__('nbkit.classroom.run.recorder', fromlist=['check'])"  # the module that has the check which counts


class Slices:
    """The cells that others need, of a list of sources."""

    def __init__(self, sources):
        self.names = [names_in(source) for source in sources]
        self.bound = {name for names in self.names if names for name in names.bound}
        self.loose = {name for names in self.names if names for name in names.loose}
        for k, names in enumerate(self.names):
            if names and names.handed:  # of other objects `is_certain` looks at every mention
                self.names[k] = names._replace(bound=names.bound | (names.handed & (self.bound - self.loose)))
        self._found = {}

    def needed(self, cell):
        """Return the numbers of the cells above one that it needs."""
        return self._needed(cell)[0]

    def is_certain(self, cell):
        """Tell whether no other cells can make a difference to one, if those that it needs ran without an error.

        None of them mentions an object that these use, but for functions, classes and modules; and all that is used is
        bound by these.
        """
        if ANYTHING in self.bound or not self.names[cell]:
            return ANYTHING not in self.bound
        needed, wanted = self._needed(cell)
        inside = {*needed, cell}
        here = {name for k in inside for name in self.names[k].bound}
        objects = {name for k in inside for name in self.names[k].used} & self.loose & wanted
        others = [self.names[k] for k in range(cell) if k not in inside and self.names[k]]
        return not (wanted & self.bound) - here and not any(objects & names.used for names in others)

    def _needed(self, cell):
        """Return the cells that one needs, and the names that they do not bind themselves, one before the other."""
        if cell not in self._found:
            self._found[cell] = self._search(cell)
        return self._found[cell]

    def _search(self, cell):
        names = self.names[cell]
        if not names:
            return [], set()
        late = set(names.late)
        while True:  # what functions use may be bound below them, up to the cell that calls them
            wanted, all_wanted, found, later = names.used | late, names.used | late, [], set(late)
            for above in range(cell - 1, -1, -1):
                other = self.names[above]
                if other and (ANYTHING in other.bound or other.bound & wanted):
                    found.append(above)
                    wanted = (wanted - (other.own - late)) | other.used
                    all_wanted |= other.used
                    later |= other.late
            if later == late:
                return found[::-1], all_wanted
            late = later


def asked_again(source, name):
    """Return code that asks nbkit's own check of what a cell hands to whatever it calls so, or an empty text."""
    try:
        calls = [node for node in ast.walk(as_tree(source)[0]) if isinstance(node, ast.Call)]
        for call in calls:
            given = dict(zip(("name", "answer"), call.args, strict=False)) | {
                one.arg: one.value for one in call.keywords
            }
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if called == "check" and getattr(given.get("name"), "value", "") == name and "answer" in given:
                return f"{REAL}.check({name!r}, {ast.unparse(given['answer'])})"
    except Exception:  # as in `names_in`
        return ""
    return ""
