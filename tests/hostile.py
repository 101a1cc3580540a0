"""What the tests of untrusted input share: texts that attack, how many of them to try, what a picture may hold."""

import atexit
import gc
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import contextmanager
from functools import wraps

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("NBKIT_FUZZ", "0"))  # how many times as many inputs as in a usual run
TRIED = Counter()  # inputs, by the name of the test
LONGEST = 1200  # characters of a message that a learner can still read

ATTACKS = (
    "<img src=x onerror=alert(1)>",
    "</svg><script>alert(1)</script>",
    "</title></desc></metadata></style></text></g></svg><script>alert(1)</script>",
    "\" onload=\"alert(1)",
    "' onclick='alert(1)",
    "]]><!--",
    "-->",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "javascript:alert(1)",
    "url(https://example.org/x)",
    "var(--x, red)",
    "{0.__class__} {x} {} %s %(x)s $x$ $\\frac{$",
    "__import__('os').system('true')",
    "'); raise SystemExit(3)  #",
    "a\nraise SystemExit(3)",
    "\\", "\"\"\"", "'''", "\x00", "\x1b[2J", "\r\n", "\u2028", "\u202e", "\ud800", "\ufffe", "\U0010ffff", "_", "$",
    "self", "graph", "np", "v1", "lambda", "None", "W", "b", "µ", "ﬁ", "Ｔｒｕｅ", "x" * 5000,
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(st.sampled_from("<>&\"'`{}$%\\/:;=()[]#!-_ \t\n\r\0ax1é中"), min_size=1, max_size=40),
    st.text(st.characters(), min_size=1, max_size=30),  # with control characters and halves of surrogate pairs
    st.lists(st.sampled_from(ATTACKS), min_size=2, max_size=3).map("".join),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def fuzz(few, *strategies, **named):
    """Decorate a test: `few` inputs in a usual run, the same every time; many new ones where NBKIT_FUZZ asks for it."""
    rules = settings(
        max_examples=few * max(TIMES, 1), derandomize=not TIMES, database=None, deadline=60_000 if TIMES else None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip

    def decorate(test):
        @wraps(test)
        def counted(*arguments, **others):
            TRIED[test.__qualname__.replace(".<locals>", "")] += 1
            return test(*arguments, **others)

        return rules(given(*strategies, **named)(counted))

    return decorate


@atexit.register
def _tell():
    for name, count in TRIED.items() if TIMES else ():
        print(f"{count:10,} {name}")
    if TIMES:
        print(f"{TRIED.total():10,} inputs in all")


def readable(error):
    """Tell whether what is said fits a few lines."""
    return 0 < len(str(error)) <= LONGEST


@contextmanager
def deep_calls():
    """Let no garbage be collected in a ``with`` block that may reach the recursion limit.

    Else what other tests have left would be closed there, such as a widget, which fails for want of stack, and pytest
    would fail the test that is running.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def attempt(call, *arguments, refusal=ValueError):
    """Return (result, None) or, for an error of the documented kind that can be read, (None, error)."""
    try:
        with deep_calls():
            return call(*arguments), None
    except refusal as error:
        told = error
    assert readable(told)
    return None, told


# ---------------------------------------------------------------- what a picture may hold

SVG = "svg title desc style metadata g rect text tspan path circle polyline image foreignObject"
HTML = "div input span p b i pre code ol li table tr th td"
ELEMENTS = {*SVG.split(), *HTML.split()}
NAMES = (
    "class style id role width height viewBox x y cx cy r rx d points transform fill stroke stroke-width "
    "stroke-dasharray stroke-linejoin stroke-linecap stroke-opacity text-anchor font-weight font-size pointer-events "
    "preserveAspectRatio href type autocomplete spellcheck maxlength placeholder tabindex"
)
ATTRIBUTES = {*NAMES.split()}
PIXELS = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")


def parsed(markup):
    """Parse SVG or HTML as XML, which a page must not have to mend, and refuse whatever could do something."""
    markup.encode()  # no half of a surrogate pair
    root = ET.fromstring(f"<root>{markup}</root>")
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        assert tag in ELEMENTS or element is root, tag
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES or re.fullmatch(r"(data|aria)-[a-z]+", name), name
            assert name != "href" or (tag == "image" and PIXELS.fullmatch(value)), value
            assert name != "style" or not re.search(r"url|expression|@|\\", value), value
        if tag == "style":
            assert not re.search(r"url|expression|@import|\\", element.text)
    return root


def skeleton(markup):
    """Return the elements of a picture with the names of their attributes: no label may change them."""
    return [(element.tag, sorted(element.attrib)) for element in parsed(markup).iter()]


def words(markup):
    """Return all the text of a picture."""
    return "".join(parsed(markup).itertext())
