"""Interactive panels: each shows what the modules below it compute, and computes nothing itself."""

from importlib import import_module

MODULE_OF = {  # each is loaded at its first use: most notebooks show a few of them
    "ActivationExplorer": "layers.activation_explorer",
    "AffineExplorer": "layers.affine_explorer",
    "BugHunt": "bughunt.bug_hunt",
    "ConvolutionExplorer": "layers.convolution_explorer",
    "CostCounter": "graphs.cost_counter",
    "DescentExplorer": "descent.descent_explorer",
    "DigitPad": "digits.digit_pad",
    "GraphExplorer": "graphs.graph_explorer",
    "GraphQuiz": "quiz.graph_quiz",
    "HatsExplorer": "layers.hats_explorer",
    "HiddenPlane": "training.hidden_plane",
    "NanTracer": "graphs.nan_tracer",
    "NudgeLab": "layers.nudge_lab",
    "OrderLab": "graphs.order_lab",
    "ProductExplorer": "layers.product_explorer",
    "RegressionExplorer": "descent.regression_explorer",
    "RejectExplorer": "digits.reject_explorer",
    "SeedGallery": "training.seed_gallery",
    "SetupCheck": "setup_check",
    "SoftmaxExplorer": "layers.softmax_explorer",
    "TraceLab": "graphs.trace_lab",
    "TrainingExplorer": "training.training_explorer",
    "TrainingPlayground": "training.training_playground",
    "WeightSliders": "training.weight_sliders",
    "ZoomLab": "graphs.zoom_lab",
}

__all__ = sorted(MODULE_OF)


def __getattr__(name):
    if name in MODULE_OF:
        return getattr(import_module(f"nbkit.widgets.{MODULE_OF[name]}"), name)
    raise AttributeError(f"module 'nbkit.widgets' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
