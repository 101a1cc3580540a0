"""Usual wrong answers as source text: changes of the solutions in the folds, each with a word of its diagnosis.

That they are wrong is not said by `check`: test_planted.py compares them with the solutions. No two answers to an
exercise get the same diagnosis.
"""

_ORDER = '"oranges ×", "apples ×", "+", "tax ×"'
_GUILTY = "{v.layer.name: error.argument for v, error in errors.items() if error}"
_TRIPLE = "full_batches + 1, rest, 40 * (full_batches + 1)"
_REFUSAL = 'raise ValueError(f"y and t must have the same shape, got {y.shape} and {t.shape}")'
_FOLDS = "np.concatenate(parts[:i] + parts[i + 1 :])"

# (what stands in the solution, what stands in its place, a word of the diagnosis); the first is the commonest
WRONG = {
    "00.number": [
        ("3 * 100 + 2 * 50", "100 + 50", "the price of one of each"),
        ("2 * 50", "50", "350 is not it"),
        ("3 * 100 + 2 * 50", '"400"', "in quotes"),
    ],
    "00.function": [
        ("return 2 * x", "print(2 * x)", "hands nothing back"),
        ("2 * x", "x * x", "x times x"),
        ("2 * x", "4", "should use x"),
    ],
    "01.bill": [
        (" * 1.08", "", "the sum before tax"),
        ("(4 * 80 + 2 * 120) * 1.08", "4 * 80 + 2 * 120 * 1.08", "only one of the two fruits"),
        ("80 + 2 * 120", "120 + 2 * 80", "691.2 is not it"),
    ],
    "01.graph": [
        ("price * count - coupon", "250 * 4 - 100", "plain number"),
        ("- coupon", "- 100", "no input called coupon"),
        ("- coupon", "+ coupon", "takes a −"),
    ],
    "01.order": [
        (_ORDER, '"oranges ×", "+", "apples ×", "tax ×"', "before both fruits had a price"),
        (_ORDER, '"oranges ×", "apples ×", "tax ×", "+"', "before the sum was there"),
        (_ORDER, '"oranges ×", "+", "tax ×"', "each once"),
    ],
    "02.mul": [
        ("dout * self.y, dout * self.x", "dout * self.x, dout * self.y", "× swaps"),
        ("return dout * self.y", "return self.y", "forgot dout"),
        ("self.x, self.y = x, y", "pass", "AttributeError"),
    ],
    "02.bill": [
        ('"pear": 1.08 * 4', '"pear": 4', "the tax is missing"),
        ("4 * 80 + 2 * 120", "1", "still to be multiplied"),
        ('4,\n    "pear count": 1.08 * 80', '80,\n    "pear count": 1.08 * 4', "A × swaps"),
    ],
    "02.sub": [
        ("dout, -dout", "dout, dout", "needs a minus sign"),
        ("dout, -dout", "1, -1", "dout is missing"),
        ("dout, -dout", "-dout, dout", "signs have changed places"),
    ],
    "02.cube": [
        ("25 + 5 * 5 + 5 * 5", "25", "one single edge"),
        ("25 + 5 * 5 + 5 * 5", "5**3", "the value of x·x·x"),
        ("25 + 5 * 5 + 5 * 5", "2 * 5", "the gradient of x·x"),
    ],
    "03.slope": [
        ("f(x - eps)) / (2 * eps)", "f(x)) / eps", "forward difference"),
        ("(2 * eps)", "eps", "Twice too large"),
        (" / (2 * eps)", "", "change divided by distance"),
    ],
    "03.gradient": [
        ("x.copy(), x.copy()", "x, x", "is no copy"),
        ("np.array(x, dtype=float)", "np.array(x)", "wrong for x of integers"),
        ("/ 2e-5", "/ 1e-5", "Twice too large"),
        ("    return result", "        return result", "For the entry at (0, 1)"),
    ],
    "03.cube": [
        ("dout * 3", "3", "ignores dout"),
        ("3 * self.x**2", "3 * self.x", "falls by one"),
        ("return x**3", "return x**2", "forward comes first"),
    ],
    "03.cost": [
        ("2 * 1000", "1000", "two passes for each"),
        ("1 + 1", "1", "walk forward once"),
        ("2 * 1000, 1 + 1", "2, 2000", "changed places"),
    ],
    "03.divide": [
        ("- u[0] * v[1]", "+ u[0] * v[1]", "has a minus"),
        ("u[1] / v[0] - u[0] * v[1] / v[0] ** 2", "u[1] / v[1]", "speeds were divided"),
        ("v[0] ** 2", "v[0]", "The square is missing"),
    ],
    "04.relu": [
        ("dout * self.on", "self.on", "dout is missing"),
        ("dout * self.on", "dout", "the mask is missing"),
        ("x > 0", "x < 0", "the wrong way round"),
        ("np.maximum(x, 0)", "x", "should give [0, 1.5, 0, 3]"),
    ],
    "04.mend": [
        ("dout.copy()", "dout", "still writes into dout"),
        ("dx[self.off] = 0\n        return dx", "return dx", "the zeros are gone"),
        ("dx[self.off]", "dx[~self.off]", "the switch is *off*"),
    ],
    "04.sigmoid": [
        (" * (1 - self.y)", "", "One factor is missing"),
        ("dout * ", "", "dout is missing"),
        ("(1 - self.y)", "(1 + self.y)", "yours gives [0.6671"),
    ],
    "04.five": [
        ("left * value * (1 - value)", "value * (1 - value)", "the last layer alone"),
        ("range(5)", "range(4)", "These are four layers"),
        ("value, left = 0, 1", "value, left = 1, 1", "left at x = 1"),
    ],
    "04.leaky": [
        ("1, 0.1", "1, 0", "yours gives [0, 1.5, 0, 3]"),
        ("dout * self.factor", "self.factor", "dout is missing"),
    ],
    "04.tanh": [
        ("self.y**2", "self.y", "A square is missing"),
        ("(1 - self.y**2)", "self.y * (1 - self.y)", "the slope of σ"),
        ("dout * ", "", "dout is missing"),
    ],
    "05.affine": [
        ("dout.sum(axis=0)", "dout", "one row for each sample"),
        ("self.x.T @ dout", "dout.T @ self.x", "turned over, (k, d)"),
        ("dout.sum(axis=0)", "dout.sum()", "summed to one number"),
        ("self.W.T", "self.W", "W must be turned over"),
    ],
    "05.shapes": [
        ('"W": (4, 3)', '"W": (3, 4)', "W is turned over"),
        ('"dx": (150, 4)', '"dx": (150, 3)', "the shape of dout"),
        ('"db": (3,)', '"db": (150, 3)', "all samples share one b"),
    ],
    "05.delta": [
        (" * s * (1 - s)", "", "not yet through the sigmoid"),
        ("s * (1 - s)", "s", "f(z), the output"),
        ("W.T", "W", "W must be turned over"),
        ("(delta @ W.T)", "delta", "The weights are missing"),
    ],
    "05.mean_square": [
        ("y.reshape(-1) - t.reshape(-1)", "y - t", "the mean of 16 squares"),
        (".mean()", ".sum()", "take the mean"),
        ("error**2", "abs(error)", "sizes, not squares"),
    ],
    "06.softmax": [
        (" - x.max(axis=1, keepdims=True)", "", "infinite or 0"),
        ("e.sum(axis=1, keepdims=True)", "e.sum()", "The whole batch adds up"),
        ("e.sum(axis=1, keepdims=True)", "e.sum(axis=0)", "each *column* adds up"),
    ],
    "06.cross_entropy": [
        ("-np.log", "np.log", "The minus is missing"),
        (".mean()", ".sum()", "the sum over the batch"),
        ("np.log(picked)", "np.log2(picked)", "in bits"),
    ],
    "06.gradient": [
        (" / len(x)", "", "1/n is missing"),
        ("one_hot(t, x.shape[1])", "t[:, None]", "Class numbers were subtracted"),
        ("y - one_hot(t, x.shape[1])", "one_hot(t, x.shape[1]) - y", "The sign is turned"),
    ],
    "06.letters": [
        ("1 / 26 - 1", "1 / 26", "25 *wrong* letters"),
        ("-np.log(1 / 26)", "np.log(1 / 26)", "The minus is missing"),
        ("np.log(1 / 26)", "np.log2(1 / 26)", "in bits"),
    ],
    "06.stable": [
        ("m + np.log", "np.log", "never added again"),
        ("x.max(axis=1)", "0 * x.max(axis=1)", "the loss is 1000, and yours is ∞"),
        (".mean()", ".sum()", "Take the mean over the rows"),
    ],
    "07.by_hand": [
        ("2 - 0.1 * g1", "2 + 0.1 * g1", "That is uphill"),
        ("6 * 1", "3 * 1", "The slope of 3 w₂² is 6 w₂"),
        ("0.1 * (g1**2 + g2**2)", "g1**2 + g2**2", "lr times that"),
    ],
    "07.border": [
        ("2 / 6", "1 / 6", "one step does it"),
        ("2 / 6", "6 / 2", "a smaller learning rate"),
        ("2 / 6", "0.3", "to a distance of 0.8"),
    ],
    "07.descend": [
        ("    return w", "        return w", "one step only"),
        ("w - lr", "w + lr", "This climbs"),
        ("lr * gradient(w)", "gradient(w)", "The learning rate is missing"),
    ],
    "07.momentum": [
        ("return w + v, v", "return w + v", "two arrays"),
        ("- lr * g", "+ lr * g", "pushes uphill"),
        ("return w + v, v", "return w - v, v", "add it to w"),
    ],
    "07.epoch": [
        (_TRIPLE, "full_batches, rest, 40 * full_batches", "Nine batches are 144 rows"),
        ("rest,", "16,", "How many are left?"),
        ("40 * (full_batches + 1)", "40", "That many epochs"),
    ],
    "07.loop": [
        ("rng.permutation(len(x))", "np.arange(len(x))", "Shuffle them"),
        ("            net.backward()\n", "", "has no gradients yet"),
        ("return losses", "return losses[-1]", "the losses of *all* steps"),
        ("            optimizer.step(net.params_and_grads())\n", "", "Nothing is learned"),
    ],
    "08.by_hand": [
        ("[[1], [-2]]", "[[1], [-1]]", "This is OR"),
        ("[0, -1]", "[0, 0]", "No hidden unit bends"),
        ("[[1], [-2]]", "[1, -2]", "Write it as a column"),
    ],
    "08.step": [
        ("parameter -= lr * gradient", "parameter = parameter - lr * gradient", "makes a new array"),
        ("-=", "+=", "goes uphill"),
        ("lr * gradient", "gradient", "The learning rate is missing"),
    ],
    "08.count": [
        ("scores[:, 0]", "scores", "n × n comparisons"),
        ("np.sum", "np.mean", "a sum, not a mean"),
        ("> 0.5", "> 0", "the count should be"),
    ],
    "08.dead": [
        ("max(axis=0)", "max(axis=1)", "counted cases (rows)"),
        ("max(axis=0)", "min(axis=0)", "in *some* case"),
        ("np.sum", "np.mean", "a sum, not a mean"),
    ],
    "09.standardise": [
        ("(test - mean) / std", "(test - test.mean(axis=0)) / test.std(axis=0)", "its own mean and std"),
        ("train.mean(axis=0), train.std(axis=0)", "train.mean(), train.std()", "One mean for the whole table"),
        ("(train - mean) / std, (test - mean) / std", "train - mean, test - mean", "forgot to divide"),
    ],
    "09.baseline": [
        ("np.bincount(train_labels)", "np.bincount(test_labels)", "the commonest of the *test* labels"),
        ("np.mean", "np.sum", "This is a count"),
    ],
    "09.decide": [
        ("axis=1", "axis=0", "Wrong axis"),
        ("argmax", "max", "the largest scores themselves"),
        ("argmax", "argmin", "the smallest score"),
    ],
    "09.k_fold": [
        ("rng.permutation(n)", "np.arange(n)", "shuffle with it first"),
        ("parts[:i] + parts[i + 1 :]", "parts", "train holds all rows"),
        (f"({_FOLDS}, parts[i])", f"(parts[i], {_FOLDS})", "changed places"),
    ],
    "10.parameters": [
        ("d * k + k", "d * k", "the weights alone"),
        ("d * k + k", "d * k + d", "belongs to each output"),
        ("d * k + k", "d + k", "yours gives 28"),
    ],
    "10.surest": [
        ("-y.max", "y.max", "three *least* sure"),
        ("!= t", "== t", "keep only the wrong ones"),
        ("wrong[np.argsort(-y.max(axis=1)[wrong])]", "np.argsort(-y.max(axis=1)[wrong])", "wrong[places]"),
    ],
    "10.by_digit": [
        ("np.mean", "np.sum", "These are counts"),
        ("decisions[labels == k]", "labels[decisions == k]", "that *are* a k"),
        ("decisions[labels == k] == k", "decisions == k", "Yours says 0.12"),
    ],
    "10.end_to_end": [
        ("50 * 10 + 10", "50 * 10", "the ten biases are missing"),
        (" + decision_only", "", "the hidden layer alone"),
        ("64 * 50 + 50", "64 * 50", "biases of the hidden layer"),
    ],
    "11.rings": [
        ("(4,)", "(8,)", "at most 4 hidden units"),
        ("(4,)", "(2,)", "takes at least 3"),
        ('"circles"', '"moons"', 'should be "circles"'),
    ],
    "11.calm": [
        ("lr=0.1", 'lr=0.3, activation="Tanh"', "one change is allowed"),
        ("lr=0.1", 'activation="Tanh"', "Diverged in step"),
        ("lr=0.1", "lr=0.0001", "still falling"),
    ],
    "11.heart": [
        ("0.3", "0.1", "It takes more"),
        ("0.3", "3.0", "This is too much"),
    ],
    "12.mend": [
        ("return dout * (1 - self.y**2)", "dout *= 1 - self.y**2\n        return dout", "still changes the dout"),
        ("self.y**2", "self.y", "The square is missing"),
        ("dout * (1", "(1", "begins with dout"),
    ],
    "12.guilty": [
        (_GUILTY, '{"Blue": "x"}', "goes on"),
        (_GUILTY, '{"Amber": "x", "Blue": "x"}', "Amber is innocent"),
        (_GUILTY, "{}", "Somebody is guilty"),
    ],
    "12.accuracy": [
        (f"    if y.shape != t.shape:\n        {_REFUSAL}\n", "", "compared each with each"),
        (_REFUSAL, "return 0.0", "should raise a ValueError"),
        ("np.mean", "np.sum", "This is how many are right"),
    ],
    "13.divide": [
        ("-dout * self.x", "dout * self.x", "the wrong sign"),
        ("self.y**2", "self.y", "the square below the fraction line"),
        ("record(DivLayer(), self, other)", "self.value / other.value", "remembers nothing"),
        ("record(DivLayer(), self, other)", "record(DivLayer(), other, self)", "right order"),
    ],
    "13.skip": [
        (" + dout", "", "Only the way through the layer"),
        ("self.layer.backward(dout) + dout", "dout", "Only the shortcut"),
        ("backward(dout) + dout", "backward(dout) * dout", "were multiplied"),
    ],
    "13.walks": [
        ("13, 2", "26, 2", "26 is what *nudging*"),
        ("13, 2", "2, 13", "The other way round"),
        ("13, 2", "13, 1", "walks to the left once"),
    ],
    "13.levels": [
        ("[4, 1, 1, 1]", "[1, 1, 1, 4]", "From the wrong end"),
        ("[4, 1, 1, 1]", "[7]", "Not all at once"),
        ("[4, 1, 1, 1]", "[4, 2, 1]", "Not yet"),
    ],
    "13.size": [
        (" + 1", "", "One too few"),
        ("2 * padding", "padding", "on *both* sides"),
        ("//", "/", "Half a place"),
    ],
}

BEGUN = {  # (what stands in the solution, dots in its place, a word of the verdict)
    "01.order": ('"+", "tax ×"', "..., ...", "place 3, place 4"),
    "02.bill": ("4 * 80 + 2 * 120", "...", "Still open: tax"),
    "02.sub": ("dout, -dout", "dout, ...", "Still open: dy"),
    "03.slope": ("f(x - eps)", "...", "met dots"),
    "03.gradient": ("(f(high) - f(low)) / 2e-5", "...", "met dots"),
    "03.cube": ("dout * 3 * self.x**2", "...", "Still open: backward"),
    "03.cost": ("1 + 1", "...", "Still open: passes by reverse mode"),
    "03.divide": ("u[1] / v[0] - u[0] * v[1] / v[0] ** 2", "...", "Still open: The speed"),
    "04.relu": ("dout * self.on", "...", "Still open: backward"),
    "04.leaky": ("dout * self.factor", "...", "Still open: backward"),
    "04.mend": ("dx[self.off] = 0", "dx[...] = ...", "met dots"),
    "04.sigmoid": ("self.y * (1 - self.y)", "...", "met dots"),
    "05.affine": ("self.x.T @ dout, dout.sum(axis=0)", "..., ...", "Still open: dW, db"),
    "05.shapes": ('"dx": (150, 4)', '"dx": ...', "Still open: dx"),
    "05.delta": ("s * (1 - s)", "...", "met dots"),
    "06.softmax": ("e / e.sum(axis=1, keepdims=True)", "e / ...", "met dots"),
    "06.letters": ("1 / 26 - 1", "...", "Still open: The gradient"),
    "07.by_hand": ("w1, w2, predicted, actual", "w1, w2, ..., ...", "predicted decrease, actual decrease"),
    "07.momentum": ("return w + v, v", "return ..., v", "Still open: w"),
    "07.epoch": ("40 * (full_batches + 1)", "...", "steps in 40 epochs"),
    "08.by_hand": ("two_units = W1, b1, W2, b2", "two_units = W1, b1, ..., ...", "Still open: W2, b2"),
    "09.k_fold": (_FOLDS, "...", "Still open: train"),
    "10.end_to_end": ("64 * 50 + 50 + decision_only", "...", "Still open: end to end"),
    "13.divide": ("-dout * self.x / self.y**2", "...", "Still open: that of y"),
    "13.walks": ("13, 2", "13, ...", "Still open: reverse mode"),
    "13.levels": ("[4, 1, 1, 1]", "[4, ..., ..., ...]", "level 2, level 3, level 4"),
}
