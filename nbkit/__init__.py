"""nbkit: the layers, graphs, pictures and widgets of the course "How neural networks learn".

Every public name is reachable as ``nbkit.NAME``; the module that owns it is loaded at its first use, so
``import nbkit`` stays quick and pulls in no drawing or widget library.
"""

import sys
from importlib import import_module

__version__ = "0.1.0"

PUBLIC = {  # the public names of each module
    "functions": ("sigmoid", "softmax", "cross_entropy", "one_hot", "unbroadcast"),
    "layer": ("Layer", "Loss"),
    "layers": (
        "Add", "Sub", "Mul", "Div", "Pow", "Neg", "Exp", "Log", "Sum", "MatMul", "Shift", "Flatten",
        "Transpose", "Take",
        "ReLU", "LeakyReLU", "Sigmoid", "Tanh", "Affine", "Conv2D", "GlobalAveragePooling",
        "SoftmaxWithLoss", "SigmoidWithLoss", "MSELoss",
    ),
    "graph": ("Variable", "Graph"),
    "graphtools.forward_mode": ("Dual", "jvp"),
    "graphtools.cost": ("schedule", "saved_bytes", "count_calls"),
    "graphtools.numpy_code": ("tape",),
    "graphtools.formula": ("trace", "FormulaError"),
    "graphtools.scalars": ("Scalars",),
    "gradcheck": ("numerical_gradient", "check_gradients", "check_nodes", "GradientError"),
    "graphtools.non_finite": ("first_non_finite", "NonFinite"),
    "network": ("Sequential",),
    "graphtools.detail": ("zoom_levels",),
    "optimizers": ("SGD", "Momentum", "Adam", "make_optimizer"),
    "training": ("train", "History", "Record", "Diverged"),
    "experiment": ("Experiment", "Recipe", "Settings", "steps_needed"),
    "source": ("show_source",),
    "drawing": ("draw", "Drawing"),
    "exercises": ("check", "hint"),
    "course.report": ("progress",),
    "widgets": (
        "ActivationExplorer", "AffineExplorer", "BugHunt", "ConvolutionExplorer", "CostCounter",
        "DescentExplorer", "DigitPad", "GraphExplorer", "GraphQuiz", "HatsExplorer", "HiddenPlane", "NanTracer",
        "NudgeLab", "OrderLab", "ProductExplorer", "RegressionExplorer", "RejectExplorer", "SeedGallery",
        "SetupCheck", "SoftmaxExplorer", "TraceLab", "TrainingExplorer", "TrainingPlayground", "WeightSliders",
        "ZoomLab",
    ),
}  # fmt: skip
MODULES = tuple(dict.fromkeys([*(module.split(".")[0] for module in PUBLIC), "bugs", "datasets", "plots"]))
MODULE_OF = {name: module for module, names in PUBLIC.items() for name in names}

__all__ = sorted([*MODULE_OF, *MODULES])

if sys.platform == "emscripten":  # in a browser tab
    import_module("nbkit.browser").prepare()


def __getattr__(name):
    if name in MODULES:
        return import_module(f"nbkit.{name}")
    if name in MODULE_OF:
        return getattr(import_module(f"nbkit.{MODULE_OF[name]}"), name)
    raise AttributeError(f"module 'nbkit' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
