"""Which language is spoken: the environment says it, else the notebooks of the folder, else the locale."""

import json
import os
import subprocess
import sys

import pytest

from nbkit.languages import ENGLISH, LANGUAGES, Language, catalogue_of, chosen_language, language_named
from nbkit.messages import _, in_all_languages, speaking, spoken

CHINESE = language_named("zh_CN")


def notebook(code, metadata=None):
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ['"nbkit": {"language": "zh_CN"}']}
    head = {"nbkit": {"language": code}} if code else {}
    return json.dumps({"cells": [cell], "metadata": head | (metadata or {}), "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("name", ["zh_CN", "zh-CN", "zh_CN.UTF-8", "zh", "zh_Hans_CN", "zh-Hans", "zh_SG", "ZH_cn.gbk",
                                  "zh_CN@pinyin", "Chinese (Simplified)_China", "zh_Hans_HK"])  # fmt: skip
def test_names_of_chinese(name):
    assert language_named(name) == CHINESE


@pytest.mark.parametrize("name", ["", "C", "POSIX", "C.UTF-8", "de_DE", "zh_TW", "zh-Hant", "zh_HK", "zz", "x-y-z",
                                  "Chinese (Traditional)_Taiwan", "zh_Hant_US",
                                  "zh_Hant_CN", "Chinese_Taiwan.950", "zh_yue"])  # fmt: skip
def test_names_of_no_language_of_the_course(name):
    assert language_named(name) is None


@pytest.mark.parametrize("name", ["en", "en_GB.UTF-8", "en-US"])
def test_names_of_english(name):
    assert language_named(name) == ENGLISH


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, ENGLISH),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, CHINESE),
        ({"LANGUAGE": "fr:zh_CN"}, CHINESE),
        ({"LANG": "fr_FR"}, ENGLISH),
        ({"LANGUAGE": ":", "LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"NBKIT_LANGUAGE": "zh_CN", "LANG": "en_US.UTF-8"}, CHINESE),
        ({"NBKIT_LANGUAGE": " en ", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"NBKIT_LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, CHINESE),
    ],
)
def test_environment_and_locale(environment, language, tmp_path):
    assert chosen_language(environment, tmp_path) == language


def test_a_folder_of_chinese_notebooks_speaks_chinese_whatever_the_locale(tmp_path):
    (tmp_path / "01.ipynb").write_text(notebook(None), encoding="utf-8")
    assert chosen_language({}, tmp_path) == ENGLISH  # what a cell says is no metadata
    (tmp_path / "02.ipynb").write_text(notebook("zh_CN"), encoding="utf-8")
    assert chosen_language({"LANG": "en_US.UTF-8"}, tmp_path) == CHINESE
    assert chosen_language({"NBKIT_LANGUAGE": "en"}, tmp_path) == ENGLISH
    assert chosen_language({"LANG": "zh_CN.UTF-8"}, tmp_path / "gone") == CHINESE


def test_english_notebooks_stay_english_in_a_chinese_locale(tmp_path):
    (tmp_path / "01.ipynb").write_text(notebook("en"), encoding="utf-8")
    assert chosen_language({"LANG": "zh_CN.UTF-8"}, tmp_path) == ENGLISH


def test_the_notebook_that_runs_goes_before_its_neighbours(tmp_path):
    for name, code in [("a.ipynb", "en"), ("b.ipynb", "zh_CN")]:
        (tmp_path / name).write_text(notebook(code, {"widgets": {"state": "x" * 10**6}}), encoding="utf-8")
    running = {"JPY_SESSION_NAME": str(tmp_path / "b.ipynb")}
    assert chosen_language(running, tmp_path) == CHINESE
    assert chosen_language({}, tmp_path) == ENGLISH
    assert chosen_language({"JPY_SESSION_NAME": "b.ipynb"}, tmp_path) == ENGLISH  # seen from another folder
    assert chosen_language({"JPY_SESSION_NAME": "no such thing"}, tmp_path) == ENGLISH


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{", b'{"metadata": {"nbkit": {"language": "klingon"}}}'])
def test_a_notebook_that_says_nothing_is_no_hindrance(tmp_path, content):
    (tmp_path / "a.ipynb").write_bytes(content)
    (tmp_path / "b.ipynb").mkdir()
    assert chosen_language({"LANG": "zh_CN.UTF-8"}, tmp_path) == CHINESE


def test_an_unknown_language_is_named_and_not_used(tmp_path):
    with pytest.warns(UserWarning, match="NBKIT_LANGUAGE is one of en, zh_CN, got 'klingon': it is not used"):
        assert chosen_language({"NBKIT_LANGUAGE": "klingon", "LANG": "zh_CN.UTF-8"}, tmp_path) == CHINESE


def test_a_process_speaks_the_language_of_its_folder(tmp_path):
    (tmp_path / "01.ipynb").write_text(notebook("zh_CN"), encoding="utf-8")
    code = "from nbkit import check; print(check('00.number', ...))"
    told = {}
    for name, more in {"folder": {}, "variable": {"NBKIT_LANGUAGE": "en"}}.items():
        environment = {key: value for key, value in os.environ.items() if key != "NBKIT_LANGUAGE"} | more
        run = subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=tmp_path, env=environment, check=True,
                             capture_output=True, encoding="utf-8")  # fmt: skip
        told[name] = run.stdout.strip()
    assert told["variable"].startswith("… Not tried yet: ")
    assert told["folder"].startswith("… ")
    assert told["folder"].removeprefix("… ").startswith(in_all_languages("Not tried yet")[1:])


def test_a_language_that_is_not_complete_is_spoken_only_where_somebody_asks_for_it(tmp_path, monkeypatch):
    german = Language("de", "de", "Deutsch", offered=False)
    monkeypatch.setattr("nbkit.languages.LANGUAGES", (*LANGUAGES, german))
    assert chosen_language({"LANG": "de_DE.UTF-8"}, tmp_path) == ENGLISH
    assert chosen_language({"NBKIT_LANGUAGE": "de"}, tmp_path) == german
    (tmp_path / "01.ipynb").write_text(notebook("de"), encoding="utf-8")
    assert chosen_language({}, tmp_path) == german


def test_a_locale_that_python_does_not_know_is_no_hindrance(tmp_path, monkeypatch):
    def unknown():
        raise ValueError("unknown locale: UTF-8")

    monkeypatch.setattr("locale.getlocale", unknown)
    assert chosen_language({}, tmp_path) == ENGLISH


def test_a_damaged_catalogue_is_told_and_english_spoken(tmp_path, monkeypatch):
    place = tmp_path / "zh_CN" / "LC_MESSAGES" / "nbkit.mo"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"no catalogue")
    monkeypatch.setattr("nbkit.languages.FOLDER", tmp_path)
    with pytest.warns(UserWarning, match="the catalogue of zh_CN cannot be read"):
        assert catalogue_of(CHINESE).gettext("1 hint") == "1 hint"


def test_no_text_is_no_text_in_every_language():
    with speaking(CHINESE):
        assert _("") == ""


def test_another_language_is_spoken_for_a_while():
    english = _("1 hint")
    with speaking(CHINESE):
        assert spoken() == CHINESE
        assert _("1 hint") in in_all_languages("1 hint")[1:]
    assert (spoken(), _("1 hint")) == (ENGLISH, english)


def test_no_blank_stays_between_chinese_words_where_one_is_put_in():
    with speaking(CHINESE):
        sentence = type(_("1 hint"))("把 {0} 传给 {name}，共 {n:.1f} 个，{0!r} {name}")
        assert sentence.format("苹果", name="x", n=2) == "把苹果传给 x，共 2.0 个，'苹果' x"
        assert sentence.format("a", name="结果 b", n=2) == "把 a 传给结果 b，共 2.0 个，'a' 结果 b"
        assert sentence.format("苹 果", name="果", n=2) == "把苹 果传给果，共 2.0 个，'苹 果' 果"
    assert type(_("1 hint")) is str


def test_each_language_has_its_catalogue():
    for language in LANGUAGES[1:]:
        assert catalogue_of(language).gettext("1 hint") != "1 hint"
