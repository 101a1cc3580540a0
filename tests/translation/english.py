"""English words within Chinese text: those that stay, and why."""

import ast
import builtins
import keyword
import re
from functools import cache
from pathlib import Path

import numpy as np

NBKIT = Path(__file__).parents[2] / "nbkit"
# What is no word of the text: code, formulas, links, tags, what is quoted, fields that are filled in, and an English
# term behind its Chinese one, which a learner meets in books and in code.
NO_TEXT = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|\]\([^)]*\)|<!--.*?-->|</?\w[^>]*>|\{[^{}]*\}|https?://\S+"
    r"|\"[^\"]*\"|'[^']*'|“[A-Za-z0-9 ,.…]+”|（[A-Za-z][A-Za-z ,、’'\-]*(?:，[^（）]*)?）|\*[A-Za-z][A-Za-z \-]*\*"
    r"|(?<=\*)[，（][A-Za-z][A-Za-z \-]+(?=[；，。）])|英文是 [a-z ]+|也叫 unit",
    re.DOTALL,
)
WORD = re.compile(r"(?<![\w.\-/\\])[A-Za-z][a-z]{2,}(?![\w(/\\=]|\.\w|-\d)|(?<![\w.\-/\\])[A-Za-z][a-z]+[A-Z]\w+")
SENTENCE = re.compile(r"[A-Za-z][a-z]+(?: (?!inf|nan)[a-z]+){2,}")
# What Python itself says.
ERROR = re.compile(r"\w+(?:Error|Exception|Interrupt)\b.*|operands could not be broadcast.*", re.DOTALL)
SOURCE = re.compile(r"^ *(?:class|def|import|from) .*", re.MULTILINE | re.DOTALL)  # code that a cell shows

KEPT = {
    "people, and what is called after them": """
        Adam Alpaydin Anderson Bengio Cybenko Dauphin David Edgar Fisher Geoffrey George Glorot Hinton
        Hochreiter Kaynak Linnainmaa Marvin Minsky Nesterov Papert Perceptrons Ronald Rumelhart Sepp Seppo
        Seymour Wengert Williams Xavier Yoshua""",
    "programs, fonts, places on the web": """
        Actions Binder Canvas Chrome Chromium Debian DeepLearningStudy Edge Expat Firefox git GitHub Graphviz
        http https JavaScript Jupyter JupyterHub JupyterLab JupyterLite Learning libmpdec Mac Machine Markdown
        matplotlib Moodle nbgrader nbkit nbval Noto npm NumPy numpy Pages pickle pip PowerShell Pyodide PyPI
        Python PyTorch Repository Safari Sans scikit service TensorFlow WebAssembly Windows worker""",
    "keys, and menus of JupyterLab, which are English there": """
        Above All and Cell Cells Clear Cmd Create Ctrl Delete Edit End Enter Escape for Home Interrupt Kernel
        Loading New Notebook Output Outputs Restart Run Selected Shift Tab View widget""",
    "functions, layers and classes, by their names in formulas and code": """
        AddLayer Affine affine argmax backward bug Divisible DivLayer dout exp forward hot inf LeakyReLU log
        logit max Momentum MulLayer MyVariable nan one ReLU relu Sigmoid sigmoid sin softmax SoftSwitch sum Tanh
        tanh Variable window XOR ZoomLab""",
    "layers that chapters give names to": """
        Amber Blue Coral Cube Dune Ebony Fern ForgetfulMul HastyReLU Square SuspectReLU WritingReLU""",
    "words that are explained as English words": "circles neuron setosa unit versicolor virginica",
    "the switch between the languages": "English",
}
ALL_KEPT = {word.lower() for words in KEPT.values() for word in words.split()}


def english_words(text):
    """List the words of a text that are neither Chinese, nor code, nor among those that stay."""
    found = WORD.findall(NO_TEXT.sub(" ", text))
    return [word for word in found if word.lower() not in ALL_KEPT]


def english_in_message(text):
    """List English in what nbkit or a cell says: names of the code may stand in it, an English sentence may not."""
    text = ERROR.sub(" ", SOURCE.sub(" ", text))
    return SENTENCE.findall(NO_TEXT.sub(" ", text)) or [word for word in english_words(text) if word not in names()]


@cache
def names():
    """Return the names that code has: of Python, NumPy and nbkit."""
    found = {*keyword.kwlist, *dir(builtins), *dir(np), *dir(np.ndarray)}
    for path in NBKIT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {getattr(node, key, None) for key in ("id", "arg", "attr", "name")}
    return found
