"""A window that slides over a small picture: its pixels times the weights of a kernel, and where their sum goes."""

import numpy as np

from nbkit.checks import one_of, whole
from nbkit.formatting import number
from nbkit.functions import check_finite
from nbkit.layers import Conv2D, Mul, Sum
from nbkit.messages import _, as_name, kind_of
from nbkit.widgets.kit.explorer import Explorer, slider, toggle
from nbkit.widgets.layers.convolution_picture import ConvolutionPicture

MIN_SIDE, MAX_SIDE = 2, 12  # pixels of the picture
MAX_KERNEL = 5  # pixels
MAX_PADDING = 4
MAX_SIZE = 1e6  # of a shade or a weight
WEIGHT_REACH, WEIGHT_STEP = 3.0, 0.25  # of a weight that a hand moves, unless one lies further out
KERNELS = {
    "edges up/down": [[-1.0, -1.0, -1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]],
    "edges left/right": [[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]],
    "mean": np.full((3, 3), 1 / 9),
    "mean 5 × 5": np.full((5, 5), 1 / 25),
}
KERNEL_NAMES = {
    "edges up/down": _("edges up/down"), "edges left/right": _("edges left/right"),
    "mean": _("mean"), "mean 5 × 5": _("mean 5 × 5"),
}  # fmt: skip
THREE = "..####.. .##..##. .....##. ...###.. .....##. .....##. .##..##. ..####.."


class ConvolutionExplorer(Explorer):
    """Slide a window over a picture: the pixels in it times the weights of a kernel, and their sum in the map.

    The window moves by its sliders, by a hand on the picture or on the map, and by the grips beside the picture; a
    weight by a hand on it. All numbers come from `Conv2D`, `Mul` and `Sum`.

    Parameters
    ----------
    picture : (n, n) array, optional
        Shades, 2 to 12 pixels across; a three of 8 × 8 where left out.
    kernels : dict of str to (k, k) array, optional
        To choose from, 1 to 5 pixels across and not larger than the picture; edges and means where left out.
    kernel : str, optional
        Name of the kernel to begin with; the first one where left out.
    row, column : int
        Where the window begins, counted from 0.
    padding : int
        Rows and columns of zeros around the picture, 0 to 4.

    Attributes
    ----------
    kernel, row, column, padding, view, status : widgets
    weights : (k, k) array
        Of the kernel as it is now.
    framed : array
        The picture with its rim of zeros.
    products : (k, k) array
        The pixels in the window times the weights.
    total : float
        Their sum.
    map : array
        The sums at all places.
    """

    def __init__(self, picture=None, kernels=None, kernel=None, row=0, column=0, padding=0):
        self.pixels = _checked_picture(picture)
        self.kernels = _checked_kernels(kernels, len(self.pixels))
        first = next(iter(self.kernels)) if kernel is None else one_of("kernel", kernel, self.kernels)
        self.weights, self.offset = self.kernels[first].copy(), None
        self.kernel = toggle([(KERNEL_NAMES.get(name, name), name) for name in self.kernels], first)
        self.padding = slider(_("padding"), whole("padding", padding, 0, MAX_PADDING), 0, MAX_PADDING)
        last = self.last
        self.row = slider(_("row"), whole("row", row, 0, last), 0, last)
        self.column = slider(_("column"), whole("column", column, 0, last), 0, last)
        super().__init__(self.kernel, (self.row, self.column, self.padding))
        self.listen({self.kernel: self._choose})
        self.view.on_pointer(self.safely(self._point))
        self.view.on_value(self.safely(self._by_hand))

    @property
    def last(self):
        """The last row and column at which the window still fits."""
        return len(self.pixels) + 2 * self.padding.value - len(self.weights)

    def moved(self, change):
        if change["owner"] is not self.kernel:  # it has a handler of its own
            self.show()

    def _choose(self, _change):
        self.weights = self.kernels[self.kernel.value].copy()
        self.show()

    def put(self, row, column):
        """Move the window; beyond the rim it stays at the rim."""
        with self.quietly():
            for control, place in ((self.row, row), (self.column, column)):
                control.value = min(max(int(place), 0), control.max)
        self.show()

    def _point(self, event):
        """Put the window where a pointer is: what is grabbed in the window stays below the pointer."""
        if event.area not in {"picture", "map"} or event.kind == "delete":
            return
        row, column = self.drawing.place(event.area, event.x, event.y)
        if event.area == "map":
            self.put(row, column)
            return
        if event.kind == "press" or self.offset is None:
            inside = row - self.row.value, column - self.column.value
            k = len(self.weights)
            self.offset = inside if all(0 <= part < k for part in inside) else (k // 2, k // 2)
        self.put(row - self.offset[0], column - self.offset[1])
        if event.kind == "drop":
            self.offset = None

    def _by_hand(self, event):
        """Follow a grip of the window, or a hand on a weight."""
        if event.item in {"row", "column"}:
            row = self.row.max - event.value if event.item == "row" else self.row.value
            self.put(row, event.value if event.item == "column" else self.column.value)
            return
        i, j = map(int, event.item.removeprefix("w").split(","))
        if event.value != self.weights[i, j]:
            self.weights[i, j] = event.value
            self.show()

    def compute(self):
        """Ask the layers for all numbers."""
        with self.quietly():
            for control in (self.row, self.column):
                control.value = min(control.value, self.last)
                control.max = self.last
        k, row, column = len(self.weights), self.row.value, self.column.value
        layer = Conv2D(self.weights[None, None], [0.0], self.padding.value)
        self.map = layer.forward(self.pixels[None, None])[0, 0]
        self.framed = np.pad(self.pixels, self.padding.value)
        self.products = Mul().forward(self.framed[row : row + k, column : column + k], self.weights)
        self.total = float(Sum().forward(self.products))
        largest = np.abs(self.weights).max()
        reach = max(WEIGHT_REACH, np.ceil(largest))
        self.drawing = ConvolutionPicture(self, -reach, reach, WEIGHT_STEP)

    @property
    def is_changed(self):
        """Whether a hand has changed the weights of the kernel that was chosen."""
        return not np.array_equal(self.weights, self.kernels[self.kernel.value])

    def sentence(self):
        return self.drawing.sentence()

    def picture(self):
        return self.drawing.svg()


def _checked_picture(picture):
    if picture is None:
        picture = [[float(letter == "#") for letter in row] for row in THREE.split()]
    picture = _checked_numbers(picture, _("picture"))
    if picture.ndim != 2 or len(set(picture.shape)) > 1 or not MIN_SIDE <= len(picture) <= MAX_SIDE:
        rule = _("a picture has as many rows as columns, {low} to {high}; got shape {shape}")
        raise ValueError(rule.format(low=MIN_SIDE, high=MAX_SIDE, shape=picture.shape))
    return picture


def _checked_numbers(numbers, name):
    numbers = check_finite(numbers, name)
    if np.abs(numbers).max(initial=0) > MAX_SIZE:
        rule = _("{name} must hold numbers from −{most} to {most}, got {got}")
        raise ValueError(rule.format(name=name, most=number(MAX_SIZE), got=number(float(np.abs(numbers).max()))))
    return numbers


def _checked_kernels(kernels, side):
    if kernels is None:
        kernels = {name: weights for name, weights in KERNELS.items() if len(weights) <= side} or {_("one"): [[1.0]]}
    if not isinstance(kernels, dict) or not kernels:
        raise TypeError(_("kernels should be a dict of names and arrays, got {}").format(kind_of(kernels)))
    names = [as_name(str(name)) for name in kernels]
    checked = {name: _checked_numbers(weights, name) for name, weights in zip(names, kernels.values(), strict=True)}
    most = min(side, MAX_KERNEL)
    for name, weights in checked.items():
        if weights.ndim != 2 or len(set(weights.shape)) > 1 or not 1 <= len(weights) <= most:
            rule = _("kernel {name!r} must have as many rows as columns, 1 to {most}; got shape {shape}")
            raise ValueError(rule.format(name=name, most=most, shape=weights.shape))
    return checked
