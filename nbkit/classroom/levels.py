"""Whether the folders of a class are the learners' own, or hold several learners each.

A chapter that is twice in one folder, in two folders of that, is a copy or another learner's. What is found in one
place may be read as of one learner, and said to be; never as of several where the names or the neighbours speak for
one.
"""

import re
from collections import Counter, defaultdict
from functools import cached_property
from itertools import combinations

from nbkit.classroom.names import NUMBERED, in_file, in_folder
from nbkit.course.chapters import CHAPTERS, may_hold

MANY = 4  # folders with one chapter: nobody keeps as many copies
WORDS = re.compile(r"[^\W\d_]+|\d+")
DATE = re.compile(r"20\d\d \d\d \d\d\b.*|\d\d? \d\d? 20\d\d")
COPIES = re.compile(  # words in names of one learner's folders
    "alt|archive|attempts?|backups?|chapters?|checkpoints?|cop(?:y|ies)|corrected|desktop|documents|downloads?|drafts?|"
    "exercises|final|first|fixed|folder|home|kopien?|lab|laptop|last|latest|mine|my|neu|new|notebooks?|of|old|"
    "originals?|own|release|revised|saved?|second|solutions?|source|te?mp|tr(?:y|ies)|untitled|v|versions?|von|weeks?|"
    "woche|work|"
    "(?:新建|文件夹|副本|备份|草稿|最终|[新旧终版]|版本|作业|练习|答案|笔记本|桌面|下载|文档|第|章|周|我的)+"
)


class Level:
    """The notebooks in a folder or an archive, by the folders, archives and prefixes that hold them."""

    def __init__(self, names):
        self.own, self.chapters, below = set(), set(), defaultdict(list)
        for name in names:
            first, _slash, rest = name.removeprefix("/").partition("/")
            found = {chapter.number for chapter in CHAPTERS if may_hold(chapter, name.rpartition("/")[2])}
            self.chapters |= found
            if rest:
                below[first].append(rest)
            elif prefix := "" if name.startswith("/") else _prefix(first):  # with "/": it is known
                below[prefix].append(f"/{first}")
            else:
                self.own |= found
        self.inner = {first: Level(rest) for first, rest in below.items()}

    @cached_property
    def whole(self):
        """This level, or that below it which is alone in it."""
        if self.own or len(self.inner) != 1:
            return self
        return next(iter(self.inner.values())).whole

    @property
    def holds_copies(self):
        """Whether a chapter is in more than one folder, and none stands above them."""
        return not self.whole.own and _shared(level.chapters for level in self.whole.inner.values())

    @cached_property
    def is_class(self):
        """Whether several learners' notebooks seem to be in it."""
        inner = self.whole.inner
        if self.whole.own or len(inner) < 2:
            return False
        persons = defaultdict(set)
        for name, level in inner.items():
            person = person_in(name)
            if person not in level.chapters:  # "02", with chapter 02 in it
                persons[person] |= level.chapters
        persons.pop("", None)
        return _shared(persons.values()) or all(level.is_class for level in inner.values())


def hold_learners(levels):
    """Tell of all the places of a class whether each holds several learners, and none is one learner's."""
    held = [level for level in levels if level.chapters]
    if not held or not all(level.is_class for level in held):
        return False
    if len(levels) == 1 or all(len(level.whole.inner) >= MANY for level in held):
        return True
    if len(held) == 1:  # the others are learners with nothing, perhaps
        return False
    names = Counter(name for level in held for name in level.whole.inner)
    return (
        max(names.values()) == 1  # apple/notebooks, pear/notebooks: what each learner has is no learner
        or all(not one.chapters & other.chapters for one, other in combinations(held, 2))  # week 4, week 5
    )


def person_in(name):
    """Return the words of a folder's name which may be a person's; none are in "old", "backup 2" or a date."""
    name = NUMBERED.sub("", re.sub(r"\.zip$", "", name, flags=re.IGNORECASE))
    words = WORDS.findall(in_folder(name).learner.casefold())
    if any(map(COPIES.fullmatch, words)):
        words = [word for word in words if not COPIES.fullmatch(word) and not word.isdecimal()]
    text = " ".join(words)
    return "" if DATE.fullmatch(text) else text


def _prefix(base):
    """Return the name in front of a chapter's in a notebook's."""
    named = in_file(base.rpartition(".")[0])
    return named.learner if named.what else ""


def _shared(sets):
    """Tell whether a chapter is in more than one of some sets."""
    counts = Counter(number for chapters in sets for number in chapters)
    return max(counts.values(), default=0) > 1
