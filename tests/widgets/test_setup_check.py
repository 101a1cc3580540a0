"""The set-up check says that it works only when a move has come through."""

from importlib.metadata import PackageNotFoundError

import numpy as np

from nbkit import SetupCheck
from nbkit.widgets import setup_check
from tests.drawing.parsed import parsed


def apples(check):
    return sum(circle.get("data-apple") == "here" for circle in parsed(check.view.svg).iter("circle"))


def test_it_says_works_only_after_a_move_has_arrived():
    check = SetupCheck()
    assert apples(check) == 3
    assert "Not moved yet" in check.status.value
    assert "It works" not in check.status.value
    check.slider.value = 7
    assert apples(check) == 7
    assert "✓ It works" in check.status.value
    check.slider.value = 0
    assert apples(check) == 0
    assert check.moves == 2


def test_versions_stand_in_the_widget_and_not_in_what_is_saved():
    check = SetupCheck()
    assert f"numpy {np.__version__}" in check.versions.value
    assert check.versions in check.children
    assert np.__version__ not in check.snapshot()


def test_a_missing_package_is_named(monkeypatch):
    def version(package):
        if package == "jupyterlab":
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr(setup_check, "version", version)
    assert "jupyterlab is missing" in SetupCheck().versions.value


def test_the_still_picture_does_not_claim_that_it_works():
    check = SetupCheck()
    check.slider.value = 5
    assert check.snapshot().words == "Not run yet: this picture cannot say whether your set-up works."
    assert "It works" not in check.snapshot()
