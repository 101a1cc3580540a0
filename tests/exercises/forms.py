"""Right code in forms that are not finished, or cannot be called: as every exercise about code may get it."""


def _open(self, *inputs): ...


def _unwritten(self, *inputs):
    raise NotImplementedError


def unfinished_classes(cls):
    """Yield triples (class, state, words of its verdict)."""

    def with_(**methods):
        return type(cls.__name__, (cls,), methods)

    def forward_forgets(self, *inputs):
        cls.forward(self, *inputs)

    def backward_prints(self, dout):
        print(cls.backward(self, dout))

    yield with_(forward=_open, backward=_open), "not tried", ""
    yield with_(forward=_open), "not tried", "forward"
    yield with_(backward=_open), "not tried", "backward"
    yield with_(backward=_unwritten), "not tried", "backward"
    yield with_(backward=lambda self, dout: ...), "not tried", "backward"
    yield with_(forward=lambda self, *inputs: ...), "not tried", "forward"
    yield with_(forward=forward_forgets), "wrong", "forward hands nothing back"
    yield with_(backward=backward_prints), "wrong", "backward hands nothing back"
    yield with_(backward=None), "wrong", "no backward"
    yield with_(forward=lambda self: 1), "wrong", "forward should take (self, "
    yield with_(backward=lambda self: 1), "wrong", "backward should take (self, dout)"
    yield 7, "wrong", "class"
    yield cls.forward, "wrong", "class"


def unfinished_functions(right):
    """Yield triples (function, state, words of its verdict)."""

    def printing(*inputs):
        print(right(*inputs))

    def unwritten(*inputs):
        raise NotImplementedError

    def stub(*inputs): ...

    yield stub, "not tried", ""
    yield unwritten, "not tried", ""
    yield lambda *inputs: ..., "not tried", ""
    yield lambda *inputs: None, "not tried", ""
    yield printing, "wrong", "hands nothing back"
    yield lambda: 1, "wrong", "argument"
    yield 7, "wrong", "function"
    yield lambda *inputs: "text", "wrong", "text"
