"""Names in letters that the course's own font lacks: a font of the system helps out, or one line says why not."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image

from nbkit import Variable, draw, plots
from nbkit.drawing import fonts

NAMES = {"Chinese": "苹果", "Japanese": "りんご", "Korean": "사과"}


@pytest.fixture
def one_font(tmp_path, monkeypatch):
    """A machine with one font beside the course's own: its signs are full black squares."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from matplotlib import font_manager

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 1000), (1000, 1000), (1000, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    signs = {ord(sign): f"g{ord(sign)}" for name in NAMES.values() for sign in name}
    order = [".notdef", *dict.fromkeys(signs.values())]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(signs)
    font.setupGlyf(dict.fromkeys(order, square))
    font.setupHorizontalMetrics(dict.fromkeys(order, (1000, 0)))
    font.setupHorizontalHeader(ascent=1000, descent=0)
    font.setupNameTable({"familyName": "Course Squares", "styleName": "Regular", "psName": "CourseSquares-Regular"})
    font.setupOS2(usWeightClass=400)
    font.setupPost()
    path = tmp_path / "squares.ttf"
    font.save(path)
    kept = list(font_manager.fontManager.ttflist)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_args, **_options: [str(path)])
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [f for f in kept if "mpl-data" in f.fname])
    yield from fresh()


@pytest.fixture
def no_font(monkeypatch):
    """A machine without any other font."""
    monkeypatch.setattr(fonts, "system_fonts", lambda: [])
    yield from fresh()


def fresh():
    for cached in (fonts.fonts_for, fonts.system_fonts):
        getattr(cached, "cache_clear", int)()
    fonts.REPORTED.clear()
    yield
    for cached in (fonts.fonts_for, fonts.system_fonts):
        getattr(cached, "cache_clear", int)()
    fonts.REPORTED.clear()


def darkness(png):
    return float((np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 60).mean())


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_font_of_the_system_draws_names_in_still_pictures(one_font, capsys, name):
    dark = darkness(draw(Variable(1.0, name) * 2).png)
    assert dark > 3 * darkness(draw(Variable(1.0, "x" * len(name)) * 2).png)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_font_of_the_system_draws_names_in_figures_without_a_word(one_font, capsys, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = plots.loss_curve({name: [2.0, 1.0]})
        figure.draw_without_rendering()
        dark = darkness(plots.png_of(figure))
        plots.png_of(plots.confusion([0, 1], [0, 1], classes=(name, "b")))
        plots.png_of(plots.decision_regions(lambda x: np.tile([0.5, 0.5], (len(x), 1)), np.eye(2), [0, 1],
                                            classes=(name, "b"), features=(name, name)))  # fmt: skip
    assert dark > darkness(plots.png_of(plots.loss_curve({"x": [2.0, 1.0]})))
    assert capsys.readouterr() == ("", "")


def test_where_no_font_has_them_one_line_says_so_once(no_font, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _time in range(2):
            assert draw(Variable(1.0, "苹果") * 2).png
            assert plots.figure_html(plots.loss_curve({"苹果": [2.0, 1.0]}))
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("No font of this machine has 苹果: ")
    draw(Variable(1.0, "苹梨") * 2).png  # noqa: B018
    assert capsys.readouterr().err.startswith("No font of this machine has 梨: ")


def test_a_figure_of_the_learners_own_is_helped_as_well(one_font):
    from matplotlib.figure import Figure

    figure = Figure()
    ax = figure.subplots()
    ax.plot([1, 2])
    ax.set(title="苹果", xlabel="사과")
    ax.set_xticks([0, 1], ["りんご", "b"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plots.png_of(figure)


def test_no_font_is_looked_for_where_the_courses_own_has_all(monkeypatch):
    def nobody():
        raise AssertionError("a font was looked for")

    monkeypatch.setattr(fonts, "system_fonts", nobody)
    assert fonts.missing_in("x₁ → ∂L/∂w × 10⁻³ ✓ ● Ünïcödé Ελληνικά Кириллица") == ""
    assert draw(Variable(1.0, "größe_Ж") * 2).png
