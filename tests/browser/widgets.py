"""One of each widget of the course, as a cell would make it after the first cell."""

WIDGETS = {
    "GraphExplorer": "GraphExplorer(x * (x + y))",
    "GraphQuiz": "GraphQuiz(x * (x + y), rng=0)",
    "OrderLab": "OrderLab(x * (x + y))",
    "NudgeLab": "NudgeLab(x * x * x)",
    "BugHunt": "BugHunt(2)",
    "CostCounter": "CostCounter(lambda n: sum(Variable(i, f'x{i}') * 2 for i in range(n)))",
    "DescentExplorer": "DescentExplorer()",
    "SetupCheck": "SetupCheck()",
    "ActivationExplorer": "ActivationExplorer()",
    "AffineExplorer": "AffineExplorer()",
    "SoftmaxExplorer": "SoftmaxExplorer()",
    "DigitPad": "DigitPad(reader, (np.eye(64)[:10], np.arange(10)))",
    "WeightSliders": "WeightSliders()",
    "SeedGallery": "SeedGallery(seeds=4)",
    "TrainingExplorer": "TrainingExplorer(net, (data.x, data.t), classes=data.classes)",
    "NanTracer": "NanTracer((x - y) ** 0.5)",
    "TrainingPlayground": "TrainingPlayground()",
    "TraceLab": "TraceLab()",
    "ZoomLab": "ZoomLab(Sequential([Affine.random(2, 2, 0)], MSELoss()), [[1, 2]], [[0, 1]])",
    "TrainingExplorer, all sliders": "TrainingExplorer(make, (data.x, data.t), widths=(2, 30), batch_sizes=(1,), "
    "weights=data.features)",
}
FIRST = """import numpy as np
from nbkit import *
x, y = Variable(2, "x"), Variable(3, "y")
data = datasets.xor()
net = Sequential([Affine.random(2, 2, 0)], SoftmaxWithLoss())
reader = Sequential([Affine.random(64, 10, 0)], SoftmaxWithLoss())
def make(width, rng):
    return Sequential([Affine.random(2, width, rng), Tanh(), Affine.random(width, 2, rng)], SoftmaxWithLoss())"""
