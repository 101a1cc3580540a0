"""The controls of the playground: each changes its setting, and what is refused changes nothing."""

import html

import pytest

from nbkit import Settings, TrainingPlayground
from nbkit.drawing import theme
from nbkit.experiment import PRESETS
from nbkit.experiment.settings import LOSSES
from nbkit.experiment.sources import OWN_CLASSES, SOURCES
from nbkit.widgets.training.playground_controls import class_samples
from nbkit.widgets.training.training_playground import OWN_SETTINGS
from tests.widgets.training.playground import SMALL, press, same, weights


@pytest.fixture
def playground():
    return TrainingPlayground(SMALL)


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("data", "spiral", "data"), ("noise", 0.3, "noise"), ("held_out", 0.5, "held_out"),
        ("activation", "ReLU", "activation"), ("loss", "squared error", "loss"), ("optimizer", "Adam", "optimizer"),
        ("lr", 0.02, "lr"), ("batch_size", 4, "batch_size"), ("weight_decay", 0.1, "weight_decay"), ("seed", 7, "seed"),
    ],
)  # fmt: skip
def test_every_control_changes_its_setting_and_the_line(playground, name, value, setting):
    before = playground.line.value
    playground.controls.by_name[name].value = value
    assert getattr(playground.settings, setting) == value
    assert playground.line.value == playground.settings.to_json() != before
    assert playground.experiment.settings == playground.settings
    playground.advance(2)
    assert playground.experiment.step == 2
    assert playground.message.value == ""


@pytest.mark.parametrize(("name", "known"), [("data", SOURCES), ("loss", LOSSES)])
def test_each_known_value_has_a_label(playground, name, known):
    assert [value for _label, value in playground.controls.by_name[name].options] == list(known)


def test_layers_and_units(playground):
    playground.controls.by_name["layers"].value = 3
    assert len(playground.settings.hidden) == 3
    playground.controls.units[1].value = 7
    assert playground.settings.hidden[1] == 7
    assert [u.layout.display for u in playground.controls.units] == [None, None, None, "none"]
    assert [layer.params["b"].size for layer in playground.experiment.net.layers if layer.params][1] == 7
    playground.controls.by_name["layers"].value = 0
    assert playground.settings.hidden == ()
    assert playground.controls.by_name["activation"].layout.display == "none"


def test_presets_show_their_comment_and_set_all_controls(playground):
    for preset in PRESETS:
        playground.preset.value = preset
        assert playground.settings == preset.settings
        assert preset.comment in playground.comment.value
        assert playground.controls.by_name["lr"].value == preset.settings.lr
        assert playground.message.value == ""


def test_controls_without_meaning_hide(playground):
    shown = lambda name: playground.controls.by_name[name].layout.display is None  # noqa: E731
    assert shown("noise")
    playground.controls.by_name["data"].value = "iris, petals"
    assert not shown("noise")
    assert playground.controls.tool.layout.display == "none"
    playground.controls.by_name["data"].value = "own points"
    assert playground.controls.tool.layout.display is None


def test_the_picker_claims_no_experiment_that_is_changed(playground):
    playground.preset.value = PRESETS[1]
    playground.controls.by_name["lr"].value = 0.02
    assert playground.preset.label == "own settings"
    assert PRESETS[1].comment not in playground.comment.value
    assert PRESETS[1].name in playground.comment.value  # where they come from
    playground.controls.by_name["lr"].value = PRESETS[1].settings.lr
    assert playground.preset.value == PRESETS[1]
    playground.line.value = PRESETS[3].settings.to_json()
    assert playground.preset.value == PRESETS[3]
    assert PRESETS[3].comment in playground.comment.value
    playground.preset.value = OWN_SETTINGS  # there is nothing to pick: they are those of an experiment
    assert playground.preset.value == PRESETS[3]
    assert TrainingPlayground(SMALL).preset.label == "own settings"


def test_to_set_points_is_the_experiment_of_own_points():
    playground = TrainingPlayground(PRESETS[-1].settings)
    press(playground, 0.3, 0.3)
    assert playground.preset.value == PRESETS[-1]
    assert PRESETS[-1].comment in playground.comment.value


def test_run_is_the_first_control_and_all_others_are_there(playground):
    def leaves(widget):
        children = getattr(widget, "children", ())
        return [leaf for child in children for leaf in leaves(child)] if children else [widget]

    found = leaves(playground)
    assert found[0] is playground.run_button
    others = [playground.step_button, playground.epoch_button, playground.reset_button, playground.good_button,
              playground.preset, playground.speed, playground.lines, playground.past, playground.choice.plane,
              playground.line, playground.code_button, playground.save_button, playground.controls.adopt,
              playground.controls.clear, playground.controls.tool, *playground.controls.widgets]  # fmt: skip
    assert all(other in found for other in others)
    above = found[: found.index(playground.view)]
    assert len([each for each in above if each in playground.controls.widgets]) == 3  # data, its path, lr


def test_buttons_of_own_points_say_what_is_drawn(playground):
    playground.preset.value = PRESETS[-1]
    names = [label for label, _value in playground.controls.tool.options]
    assert names == [*OWN_CLASSES, "erase"]
    playground.use(playground.settings.replace(points=((0, 0, 0), (1, 1, 1), (0, 1, 2))))
    assert all(f">{name}</text>" in playground.view.svg for name in OWN_CLASSES)
    samples = class_samples().value
    assert all(colour in samples for colour in theme.CLASSES[:3])


# ---------------------------------------------------------------- bad input


def test_a_missing_file_changes_nothing_and_what_was_typed_stays(playground, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    playground.advance(5)
    data, path = playground.controls.by_name["data"], playground.controls.by_name["path"]
    data.value = "CSV file"
    assert playground.settings.data == "circles"  # nothing happens before there is a path
    path.value = ' "nowhere.csv" '
    assert playground.message.value.endswith(f"there is no file 'nowhere.csv' in the folder {str(tmp_path)!r}")
    assert playground.settings == SMALL
    assert (data.value, path.value, path.layout.display) == ("CSV file", ' "nowhere.csv" ', None)
    assert playground.experiment.step == 5


def test_while_a_file_waits_the_other_controls_work_on(playground, tmp_path):
    data, path, lr = (playground.controls.by_name[name] for name in ("data", "path", "lr"))
    for typed in ("", "nowhere.csv"):
        data.value = "CSV file"
        path.value = typed
        for value in (0.5, 0.05):
            lr.value = value
            assert (playground.settings.lr, playground.settings.data, playground.message.value) == (
                value,
                "circles",
                "",
            )
            assert (data.value, path.value) == ("CSV file", typed)
        playground.controls.by_name["layers"].value = 2
        playground.controls.by_name["layers"].value = 1
    written = tmp_path / "points.csv"
    written.write_text("1,2,a\n3,4,b\n5,x,a\n")
    path.value = str(written)
    assert "line 3" in playground.message.value
    assert (data.value, path.value, playground.settings.data) == ("CSV file", str(written), "circles")
    written.write_text("1,2,a\n3,4,b\n5,6,a\n")
    path._handle_custom_msg({"event": "submit"}, [])  # Enter, once the file is mended
    assert playground.settings.data == "CSV file"
    assert playground.experiment.data.x.tolist() == [[1, 2], [3, 4], [5, 6]]
    path.value = "gone.csv"
    assert (data.value, path.value) == ("CSV file", "gone.csv")
    assert playground.experiment.data.x.tolist() == [[1, 2], [3, 4], [5, 6]]
    data.value = "spiral"
    assert (playground.settings.data, path.layout.display) == ("spiral", "none")


def test_other_settings_take_the_place_of_what_waits(playground):
    playground.controls.by_name["data"].value = "CSV file"
    playground.controls.by_name["path"].value = "nowhere.csv"
    playground.use(SMALL.replace(data="xor", lr=0.2))
    assert (playground.controls.by_name["data"].value, playground.controls.by_name["path"].value) == ("xor", "")
    assert not playground.controls.waiting


@pytest.mark.parametrize("typed", [" {} ", '"{}"', "'{}'", "“{}”"])
def test_a_path_may_come_with_blanks_and_quotes(playground, tmp_path, typed):
    path = tmp_path / "my data.csv"
    path.write_text("1,2,a\n3,4,b\n")
    playground.controls.by_name["data"].value = "CSV file"
    playground.controls.by_name["path"].value = typed.format(path)
    assert playground.experiment.data.classes == ("a", "b")
    exec(playground.export(), {})


def test_a_file_is_read(playground, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("".join(f"{i},{i % 3},{'ab'[i % 2]}\n" for i in range(20)))
    playground.controls.by_name["data"].value = "CSV file"
    playground.controls.by_name["path"].value = str(path)
    assert playground.experiment.data.classes == ("a", "b")
    playground.advance(3)
    assert playground.experiment.step == 3


@pytest.mark.parametrize("text", ["", "{", '{"lr": -1}', '{"data": "CSV file", "path": "nowhere.csv"}', "import os"])
def test_a_line_that_cannot_be_used_changes_nothing(playground, text):
    playground.advance(4)
    before = weights(playground)
    playground.line.value = text
    assert playground.message.value.startswith("This line of settings was not used: ")
    assert "Error" not in playground.message.value
    assert "not used: the message above" in html.unescape(str(playground.refused.value))  # why is said once
    assert (playground.settings, playground.experiment.step) == (SMALL, 4)
    assert same(before, weights(playground))
    assert playground.line.value == text  # to be mended


def test_a_line_that_was_mended_is_used(playground):
    playground.line.value = '{"data": "moons" "lr": 1}'
    assert """got text '{"data": "moons" "lr": 1}'.""" in playground.message.value
    playground.line.value = "{'data': 'moons', 'lr': 1}"
    assert (playground.settings.data, playground.settings.lr) == ("moons", 1)
    assert (playground.message.value, playground.refused.value) == ("", "")


def test_a_line_is_restored(playground):
    other = Settings(data="spiral", hidden=(5, 2), lr=0.07, optimizer="Adam")
    playground.line.value = other.to_json()
    assert playground.settings == other
    assert playground.controls.by_name["lr"].value == 0.07  # not among the usual steps of the slider
    assert TrainingPlayground(other.to_json()).settings == other


def test_settings_of_the_wrong_kind_are_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        TrainingPlayground("spiral")
