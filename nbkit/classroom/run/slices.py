"""Which cells of a notebook an answer needs: those above it that bind or change a name which it needs, and so on.

It is found in the code alone, which does not show all: an object may be changed under another name, or in a function.
So a slice saves time where it comes out as the notebook says, and nothing else is concluded from it.
"""

import ast
from bisect import bisect_left

from nbkit.classroom.run.names import ANYTHING, MAX_WORK, as_text, as_tree, names_in, work_on

REAL = "__import__('nbkit.classroom.run.recorder', fromlist=['check'])"  # the module that has the check which counts
MAX_CODE = 2_000_000  # characters of all cells: of longer ones all are needed
MAX_STEPS = 1_000_000  # in which the cells are looked for that others need; after that, all above are needed


class Slices:
    """The cells that others need, of a list of sources; `most` steps may be taken to find all of them."""

    def __init__(self, sources, most=MAX_STEPS):
        self.most, self.steps, self._found = most, 0, {}
        if sum(map(len, sources)) > MAX_CODE or sum(map(work_on, sources)) > MAX_WORK:
            self.steps = self.most + 1
            sources = []
        self.names = [names_in(as_text(source)) for source in sources]
        self.binders = {}  # of each name the cells that bind it, from the top
        for k, names in enumerate(self.names):
            for name in names.bound:
                self.binders.setdefault(name, []).append(k)

    def needed(self, cell):
        """Return the numbers of the cells above one that it needs."""
        if cell not in self._found:
            self._found[cell] = self._search(cell)
        return self._found[cell]

    def binds(self, cell, name):
        """Tell whether a cell binds a name, as far as is known."""
        return cell in self.binders.get(name, ())

    def _search(self, cell):
        found, walked = set(), set()
        todo = [(ANYTHING, cell, True), *self._wanted(cell, cell)]
        while todo:
            name, below, is_late = todo.pop()
            cells = self.binders.get(name, ())
            self.steps += 1
            for place in range(bisect_left(cells, below) - 1, -1, -1):
                above = cells[place]
                if (name, above, is_late) in walked:
                    break
                walked.add((name, above, is_late))
                self.steps += 1
                if above not in found:
                    found.add(above)
                    todo.extend(self._wanted(above, cell))
                if name in self.names[above].own and not is_late:
                    break  # what was bound further above is gone
            if self.steps > self.most:
                return range(cell)
        return sorted(found)

    def _wanted(self, cell, caller):
        """Yield each name that a cell wants, below which cell it is bound, and whether that may be at any time.

        What functions use may be bound below them, up to the cell that calls them.
        """
        if self.steps <= self.most:
            names = self.names[cell]
            for name in names.used:
                is_late = name in names.late
                yield name, caller if is_late else cell, is_late


def asked_again(source, name):
    """Return code that asks nbkit's own check of what a cell hands to whatever it calls so, or an empty text."""
    try:
        calls = [node for node in ast.walk(as_tree(as_text(source))[0]) if isinstance(node, ast.Call)]
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
