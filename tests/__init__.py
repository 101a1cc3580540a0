"""Tests: in English, whatever the locale of the machine; a folder of other notebooks still speaks its own language."""

import os

os.environ["LANGUAGE"] = "en"
os.environ.pop("NBKIT_LANGUAGE", None)
