"""Every widget of the course under axe-core, in light and in dark: no serious and no critical finding."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.lab import THEMES

WIDGETS = {
    "GraphExplorer": "GraphExplorer(x * (x + y))",
    "GraphQuiz": "GraphQuiz(x * (x + y), rng=0)",
    "OrderLab": "OrderLab(x * (x + y))",
    "NudgeLab": "NudgeLab(x * x * x)",
    "CostCounter": "CostCounter(lambda n: sum(Variable(i, f'x{i}') * 2 for i in range(n)))",
    "SetupCheck": "SetupCheck()",
    "ActivationExplorer": "ActivationExplorer()",
    "AffineExplorer": "AffineExplorer()",
    "SoftmaxExplorer": "SoftmaxExplorer()",
    "TrainingExplorer": "TrainingExplorer(net, (data.x, data.t), classes=data.classes)",
}
FIRST = """from nbkit import *
x, y = Variable(2, "x"), Variable(3, "y")
data = datasets.xor()
net = Sequential([Affine.random(2, 2, 0)], SoftmaxWithLoss())"""


@pytest.fixture(scope="module")
def page(lab, module_page):
    lab.open(module_page, lab.write("widgets.ipynb", FIRST, *WIDGETS.values()))
    assert lab.run_all(module_page) == []
    return module_page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", WIDGETS)
def test_axe_finds_nothing_serious(lab, page, name, theme):
    lab.set_theme(page, theme)
    page.wait_for_timeout(200)
    place = 1 + list(WIDGETS).index(name)
    page.evaluate("i => document.querySelectorAll('.jp-CodeCell')[i].setAttribute('data-place', i)", place)
    area = f".jp-CodeCell[data-place='{place}'] .jp-OutputArea-output"
    assert page.locator(area).count() == 1
    found = Axe().run(page, context=area).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []
