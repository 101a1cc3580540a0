"""The forms in which a wrong sentence or judgement is reported: as GitHub reads them, with all that we must know."""

import re

import pytest
import yaml

from tests.project.test_project import NOTEBOOKS, ROOT, read

FOLDER = ROOT / ".github" / "ISSUE_TEMPLATE"
FORMS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("wrong_*.yml"))}
# What GitHub lets stand in a form, and in each kind of its fields.
TOP = {"name", "description", "title", "labels", "assignees", "projects", "type", "body"}
ATTRIBUTES = {
    "markdown": {"value"},
    "input": {"label", "description", "placeholder", "value"},
    "textarea": {"label", "description", "placeholder", "value", "render"},
    "dropdown": {"label", "description", "multiple", "options", "default"},
    "checkboxes": {"label", "description", "options"},
}
ASKED = {
    "wrong_sentence": ["chapter", "cell", "sentence", "answer", "place", "version"],
    "wrong_judgement": ["chapter", "cell", "answer", "verdict", "reason", "place", "version"],
}


def titles():
    """Titles of the notebooks, as their first lines have them."""
    return [re.search(r'"# (.+?)(?:\\n)?"', path.read_text(encoding="utf-8"))[1] for path in NOTEBOOKS]


@pytest.mark.parametrize("name", ASKED)
def test_a_form_is_one_that_github_reads(name):
    form = FORMS[name]
    assert {"name", "description", "body"} <= form.keys() <= TOP
    assert all(isinstance(form[key], str) and form[key].strip() for key in ("name", "description", "title"))
    for field in form["body"]:
        assert field.keys() <= {"type", "id", "attributes", "validations"}
        assert field["attributes"].keys() <= ATTRIBUTES[field["type"]]
        assert field["attributes"]["value" if field["type"] == "markdown" else "label"].strip()
        assert field.get("validations", {}).keys() <= {"required"}
        options = field["attributes"].get("options", ["one"])
        assert all(isinstance(option, str) for option in options)
        assert len(options) == len(set(options)) > 0
        assert not {"none", "None"} & set(options)  # GitHub's own word for no answer
    labels = [field["attributes"]["label"] for field in form["body"] if field["type"] != "markdown"]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", ASKED)
def test_a_form_is_short_and_asks_for_chapter_cell_answer_place_and_version(name):
    fields = [field for field in FORMS[name]["body"] if field["type"] != "markdown"]
    assert [field["id"] for field in fields] == ASKED[name]
    assert all(re.fullmatch(r"[\w-]+", field["id"]) for field in fields)
    assert all(field["validations"]["required"] is True for field in fields)
    chapters = fields[0]["attributes"]["options"]
    assert chapters == titles() + (["Another page"] if name == "wrong_sentence" else [])
    places = " ".join(fields[-2]["attributes"]["options"])
    assert all(place in places for place in ("a browser tab", "Binder", "JupyterLab on my machine", "JupyterHub"))


def test_other_issues_stay_possible_and_no_form_is_left_out():
    config = yaml.safe_load((FOLDER / "config.yml").read_text(encoding="utf-8"))
    assert config == {"blank_issues_enabled": True}
    assert FORMS.keys() == ASKED.keys()
    assert {path.name for path in FOLDER.iterdir()} == {"config.yml", *(f"{name}.yml" for name in ASKED)}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_pages_lead_to_the_forms(page):
    assert "<!-- address: forms -->" in read(page)


def test_the_line_with_versions_is_where_the_forms_say():
    assert "Below the slider stand the versions" in NOTEBOOKS[0].read_text(encoding="utf-8")
    for form in FORMS.values():
        assert "below the slider" in form["body"][-1]["attributes"]["description"]
