"""What a reject option does: which share of the answers is given, and how many of these are wrong."""

import numpy as np

from nbkit.functions import check_finite
from nbkit.messages import _, kind_of

THRESHOLDS = np.arange(100) / 100  # 0, 0.01, ..., 0.99: above it too few are answered to count


class Rejection:
    """Some networks that may keep silent: each answers only where its largest probability reaches a threshold.

    Parameters
    ----------
    runs : sequence of (sure, right)
        For each network two rows of the same length: the largest probability of each answer, and whether it is right.

    Attributes
    ----------
    answered, wrong : (r, 100) arrays
        For each network and each of `THRESHOLDS` the share of the answers that are given, and the share of these that
        are wrong: NaN where there are none.
    """

    def __init__(self, runs):
        if not isinstance(runs, list | tuple | np.ndarray) or not len(runs):
            rule = _("a reject option needs the answers of at least one network, in a list; got {}")
            raise ValueError(rule.format(kind_of(runs)))
        pairs = [_checked(run) for run in runs]
        counts = [_counts(*pair) for pair in pairs]
        given, mistakes = (np.array(part) for part in zip(*counts, strict=True))
        self.answered = given / given[:, :1]
        with np.errstate(invalid="ignore"):
            self.wrong = mistakes / given

    def __len__(self):
        return len(self.answered)

    def means(self):
        """Return the means over the networks: (100,) arrays, answered and wrong; one that is silent has no say."""
        silent = np.isnan(self.wrong)
        speaking = np.maximum((~silent).sum(axis=0), 1)
        return self.answered.mean(axis=0), np.where(silent, 0.0, self.wrong).sum(axis=0) / speaking


def _counts(sure, right):
    """Count for each threshold the answers that are given, and those of them that are wrong."""
    order = np.argsort(sure)
    first = np.searchsorted(sure[order], THRESHOLDS)  # an answer that is just as sure is given
    wrong_from = np.append(np.cumsum(~right[order][::-1])[::-1], 0)
    return len(sure) - first, wrong_from[first]


def _checked(run):
    try:
        sure, right = run
    except (TypeError, ValueError):
        raise ValueError(_("of each network two rows are needed: how sure each answer is, and is it right")) from None
    sure, right = check_finite(sure, "sure"), np.asarray(right)
    if sure.ndim != 1 or sure.shape != right.shape or not sure.size or right.dtype != bool:
        rule = _("how sure and is it right: two rows of the same length, numbers and truths, got shapes {} and {}")
        raise ValueError(rule.format(sure.shape, right.shape))
    if sure.min() < 0 or sure.max() > 1 + 1e-9:
        raise ValueError(
            _("how sure an answer is lies between 0 and 1, got {}").format(sure[(sure < 0) | (sure > 1)][0])
        )
    return sure, right
