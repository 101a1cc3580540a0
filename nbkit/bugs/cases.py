"""The planted bugs: right source text, the one line that is wrong, and each bug's explanation."""

from nbkit.bugs import graphs
from nbkit.bugs.case import Case
from nbkit.messages import _

AFFINE = """\
class Affine(Layer):
    symbol = "Affine"

    def __init__(self, W, b):
        super().__init__()
        self.params = {"W": W, "b": b}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, dout):
        dW = self.x.T @ dout
        db = dout.sum(axis=0)
        self.grads = {"W": dW, "b": db}
        return dout @ self.params["W"].T
"""

NET = (
    AFFINE
    + """

class ReLU(Layer):
    symbol = "ReLU"

    def forward(self, x):
        self.y = np.maximum(x, 0)
        return self.y

    def backward(self, dout):
        return dout * (self.y > 0)
"""
)

SQUARE = """\
class Square(Layer):
    symbol = "x·x"

    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, dout):
        dx = dout * self.x + dout * self.x
        return dx
"""

HALF_SQUARED_ERROR = """\
class HalfSquaredError(Loss):
    symbol = "½MSE"

    def forward(self, x, t):
        self.error = x - t
        return np.sum(self.error**2) / (2 * len(x))

    def backward(self, dout=1.0):
        return dout * self.error / len(self.error)
"""

SOFTMAX_LOSS = """\
class SoftmaxLoss(Loss):
    symbol = "Softmax\\nloss"

    def forward(self, x, t):
        shifted = x - x.max(axis=1, keepdims=True)
        total = np.exp(shifted).sum(axis=1, keepdims=True)
        self.y, self.t = np.exp(shifted) / total, t
        # log y without a log of 0, which would make NaN of 0 · log 0
        return -np.sum(t * (shifted - np.log(total))) / len(x)

    def backward(self, dout=1.0):
        dx = dout * (self.y - self.t)
        return dx / len(dx)
"""

SIGMOID_LOSS = """\
class SigmoidLoss(Loss):
    symbol = "Sigmoid\\nloss"

    def forward(self, x, t):
        self.y = 1 / (1 + np.exp(-x))
        self.t = t
        # −t log y − (1 − t) log(1 − y), without a log of 0
        return np.mean(np.logaddexp(0, x) - t * x)

    def backward(self, dout=1.0):
        dx = self.y - self.t
        return dout * dx / len(dx)
"""

SWITCH = """\
class ReLU(Layer):
    symbol = "ReLU"

    def forward(self, x):
        self.off = x <= 0
        return np.where(self.off, 0, x)

    def backward(self, dout):
        dx = dout.copy()
        dx[self.off] = 0
        return dx
"""

MUL = """\
class Mul(Layer):
    symbol = "×"

    def __init__(self):
        super().__init__()
        self.seen = {}

    def forward(self, x, y):
        self.seen = {"x": x, "y": y}
        return x * y

    def backward(self, dout):
        x, y = self.seen["x"], self.seen["y"]
        return dout * y, dout * x
"""

CASES = (
    Case(
        _("the square floor"),
        outside=_("A square room of side 3, tiles at 4 each. The layer x·x says what one more unit of side costs."),
        code=SQUARE,
        good="dx = dout * self.x + dout * self.x",
        bad="dx = dout * self.x",
        graph=graphs.tiles,
        found=_("backward gave half of the gradient: x goes into x·x twice, and only one way back was walked."),
        mended=_("Where a value is used twice, both gradients are added: 2·x, not x."),
    ),
    Case(
        _("a net that learns XOR"),
        outside=_("The loss falls. It takes longer than with right layers, but who would call that a bug?"),
        code=NET,
        good="return dout * (self.y > 0)",
        bad="return dout * self.y",
        graph=graphs.xor_graph,
        training=graphs.train_xor,
        found=_("Only the ReLU was red, and the ratio of the two numbers was the ReLU's own output."),
        mended=_("A ReLU is a switch: it passes dout on, or it does not. Its size is no part of the slope."),
    ),
    Case(
        _("a line through eight points"),
        outside=_("Training makes the loss larger, step by step."),
        code=HALF_SQUARED_ERROR,
        good="self.error = x - t",
        bad="self.error = t - x",
        graph=graphs.line_graph,
        training=graphs.train_line,
        found=_("The ratio was −1: all was right but the sign. The loss itself does not show it, as it squares."),
        mended=_("Prediction minus target, x − t: when the prediction is too high, the gradient is positive."),
    ),
    Case(
        _("a loss that counts for a tenth"),
        outside=_("Trained by itself, this loss gives exactly the curve of the right one. Here it is one tenth of a "
                  "larger sum, and the layers before it learn ten times too fast."),
        code=SOFTMAX_LOSS,
        good="dx = dout * (self.y - self.t)",
        bad="dx = self.y - self.t",
        graph=graphs.tenth_graph,
        training=graphs.train_softmax,
        found=_("The check sends a random dout, so it saw what a dout of 1 hides: the layer did not look at it."),
        mended=_("Every backward multiplies by dout, a loss too: it need not be the end."),
    ),
    Case(
        _("three of everything"),
        outside=_("Three features, three units, three classes. The loss falls just as nicely as with right layers."),
        code=NET,
        good='return dout @ self.params["W"].T',
        bad='return dout @ self.params["W"]',
        graph=graphs.flower_graph,
        training=graphs.train_flowers,
        found=_("Both Affines were red, at x, while W and b were right. All shapes fitted because W is square."),
        mended=_("dx = dout Wᵀ. With 4 features NumPy itself would have refused: test with sizes that all differ."),
    ),
    Case(
        _("a straight line learns XOR"),
        outside=_("No hidden layer, and the loss goes to 0 where no line can get below log 2 = 0.693. Too good to be "
                  "true. (The loop says b = b − lr · db.)"),
        code=AFFINE,
        good="db = dout.sum(axis=0)",
        bad="db = dout",
        graph=graphs.logistic_graph,
        training=graphs.train_logistic,
        found=_("A wrong shape: the gradient of b had a row for each sample. So b grew, and every sample got a bias "
                "of its own: it was learned by heart."),
        mended=_("The bias is used by every row, a fan-out: add up the gradients of all rows."),
    ),
    Case(
        _("confidently wrong"),
        outside=_("The net starts sure of the opposite, and the loss hardly moves for many steps."),
        code=SIGMOID_LOSS,
        good="dx = self.y - self.t",
        bad="dx = (self.y - self.t) * self.y * (1 - self.y)",
        graph=graphs.sure_graph,
        training=graphs.train_sure,
        found=_("The first row was the most wrong, and there the ratio was smallest: y(1 − y) is nearly 0. That was "
                "the gradient of the squared error; the loss that is reported is the cross-entropy."),
        mended=_("Loss and gradient must belong together. For cross-entropy behind a sigmoid y(1 − y) cancels."),
    ),
    Case(
        _("a detour that works"),
        outside=_("In a plain row of layers the curve is exactly the right one. Here x goes through the ReLU and, "
                  "beside it, straight on."),
        code=SWITCH,
        good="dx = dout.copy()",
        bad="dx = dout",
        graph=graphs.detour,
        training=graphs.train_xor,
        found=_("backward changed the dout that it was given. The + had handed the same array to the other branch, "
                "which lost its gradient too."),
        mended=_("dout belongs to the caller. Work on a copy, or make a new array."),
    ),
    Case(
        _("apples and oranges"),
        outside=_("One × object multiplies the apples and then the oranges. One more yen for an apple should cost 2 "
                  "apples with tax, 2.2."),
        code=MUL,
        good='self.seen = {"x": x, "y": y}',
        bad='self.seen["x"], self.seen["y"] = x, y',
        graph=graphs.fruit,
        found=_("Every node was green by itself: one forward, one backward, all right. Only the whole graph was "
                "wrong, because the second use overwrote what the first one remembered."),
        mended=_("Each use needs a memory of its own. nbkit copies a layer for each use; this dictionary was shared "
                 "by all the copies, so make a new one in forward."),
    ),
)  # fmt: skip
