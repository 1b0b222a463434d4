"""The settings: what is chosen is kept and used; presets; what is wrong is said beside the control."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialogButtonBox, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.options import Overwrite, Redo, RunOptions, describe_settings
from ocr_desktop.gui.look.appearance import is_dark
from ocr_desktop.gui.look.theme import apply_theme
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.settings.languages_control import LanguagesControl
from ocr_desktop.gui.settings.setting_controls import FormatsControl
from ocr_desktop.gui.settings.settings_dialog import SettingsDialog
from ocr_desktop.gui.settings.window_setting_infos import describe_window_settings
from ocr_desktop.gui.settings.window_settings import Preset, Theme, WindowSettings, WindowSettingsFile
from ocr_desktop.services.engines.protocol import EngineStatus
from tests.fakes.engines import NOOP
from tests.gui.conftest import OpenWindow
from tests.gui.person import click, press, type_text

MakeImages = Callable[..., list[Path]]
OpenSettings = Callable[..., SettingsDialog]

ENGINES = [
    EngineStatus(name="embedded", available=True, languages=("deu", "eng"), remedy="Put files there."),
    EngineStatus(name="system", available=True, languages=("eng", "fra"), remedy="Install packages."),
]


@pytest.fixture
def open_dialog(qtbot: QtBot) -> OpenSettings:
    """Return a function that shows the settings, with engines that have three languages."""

    def open_(settings: WindowSettings | None = None) -> SettingsDialog:
        dialog = SettingsDialog(settings or WindowSettings())
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.show_engines(ENGINES)
        return dialog

    return open_


@pytest.fixture
def own_theme(qapp: QApplication) -> Iterator[None]:
    del qapp
    yield
    apply_theme(Theme.SYSTEM, before=Theme.DARK)


def press_ok(dialog: SettingsDialog) -> None:
    click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))


def chosen_in(qtbot: QtBot, dialog: SettingsDialog) -> WindowSettings:
    """Press OK, and return what has been chosen."""
    with qtbot.waitSignal(dialog.chosen) as heard:
        press_ok(dialog)
    settings = heard.args[0]
    assert isinstance(settings, WindowSettings)
    return settings


def languages_of(dialog: SettingsDialog) -> LanguagesControl:
    control = dialog.controls["languages"]
    assert isinstance(control, LanguagesControl)
    return control


def listed(control: LanguagesControl) -> list[str]:
    return [control.list.item(row).text() for row in range(control.list.count())]


def combo(dialog: SettingsDialog, name: str) -> QComboBox:
    field = dialog.controls[name].field
    assert isinstance(field, QComboBox)
    return field


def settings_of(window: MainWindow) -> SettingsDialog:
    """Open the settings as a person does, by the summary."""
    click(window.panel.options_button)
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    return dialog


def save_preset(dialog: SettingsDialog, name: str) -> None:
    dialog.presets.save_action.trigger()
    type_text(dialog.presets.name, name)
    press(dialog.presets.name, Qt.Key.Key_Return)


def test_what_is_chosen_is_kept_and_used(
    qtbot: QtBot, open_window: OpenWindow, make_images: MakeImages, tmp_path: Path
) -> None:
    make_images(tmp_path / "in", 1)
    window = open_window(NOOP, tmp_path / "in")
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    dialog = settings_of(window)
    combo(dialog, "overwrite").setCurrentIndex(2)
    languages = languages_of(dialog)
    qtbot.waitUntil(lambda: languages.list.count() == 2)  # the fake engine has two
    languages.list.setCurrentRow(1)
    press(languages.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: languages.value() == ("eng", "deu"))
    press(languages.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    press_ok(dialog)
    saved = WindowSettingsFile(window.application.folders).load().options
    assert (saved.overwrite, saved.languages) == (Overwrite.SUFFIX, ("deu", "eng"))
    assert "deu+eng" in window.panel.options_button.text()
    with qtbot.waitSignal(window.run.finished, timeout=20_000):
        click(window.panel.start_button)
    assert (tmp_path / "in" / "scan 0000_ocr_results_2.json").exists()


def test_every_setting_has_its_label_and_its_help_in_sight(open_dialog: OpenSettings) -> None:
    dialog = open_dialog()
    infos = {**describe_settings(), **describe_window_settings()}
    assert dialog.rows.keys() == infos.keys()
    for number, page in enumerate(dialog.pages):
        dialog.page_list.setCurrentRow(number)
        for row in page.rows:
            info = infos[row.info.name]
            assert row.help.isVisible()
            assert row.help.text().lower() == info.help.lower()
            assert row.control.field.accessibleDescription()


def test_what_is_shown_is_what_is_set(qtbot: QtBot, open_dialog: OpenSettings) -> None:
    settings = WindowSettings(
        options=RunOptions.from_values(
            {
                "languages": ["fra", "eng"],
                "engine": "system",
                "page_segmentation": 11,
                "overwrite": "suffix",
                "redo": "failed",
                "formats": ["txt"],
                "output_dir": "/results",
                "recursive": False,
                "jobs": 3,
                "chunk_size": 7,
                "retries": 0,
                "timeout": 12.5,
                "worker_memory": 2048,
                "max_megapixels": 50.5,
            }
        ),
        theme=Theme.DARK,
        notify=False,
        hover_preview=False,
        geometry="kept",
    )
    assert chosen_in(qtbot, open_dialog(settings)) == settings


def test_the_defaults_come_back(qtbot: QtBot, open_dialog: OpenSettings) -> None:
    preset = Preset(name="Mine", options=RunOptions(jobs=2))
    dialog = open_dialog(
        WindowSettings(options=RunOptions(jobs=3, retries=9), notify=False, presets=(preset,))
    )
    click(dialog.reset_button)
    settings = chosen_in(qtbot, dialog)
    assert settings.options == RunOptions()
    assert settings.notify
    assert settings.presets == (preset,)


def test_what_is_wrong_is_said_beside_the_control(qtbot: QtBot, open_dialog: OpenSettings) -> None:
    dialog = open_dialog()
    formats = dialog.controls["formats"]
    assert isinstance(formats, FormatsControl)
    dialog.page_list.setCurrentRow(1)
    for box in formats.boxes.values():
        box.setChecked(False)
    row = dialog.rows["formats"]
    assert row.problem.text() == "Tick at least one kind of file."
    dialog.page_list.setCurrentRow(3)
    with qtbot.assertNotEmitted(dialog.chosen):
        press_ok(dialog)
    assert row.problem.isVisible()  # its page has been turned to
    next(iter(formats.boxes.values())).setChecked(True)
    assert not row.problem.isVisible()
    chosen_in(qtbot, dialog)


def test_what_to_read_again_is_said_in_words(qtbot: QtBot, open_dialog: OpenSettings) -> None:
    dialog = open_dialog()
    choice = combo(dialog, "redo")
    assert [choice.itemText(row) for row in range(3)] == [
        "Nothing",
        "What was read with other settings",
        "Only what failed in an earlier run",
    ]
    choice.setCurrentIndex(2)
    memory = dialog.controls["worker_memory"].field
    assert isinstance(memory, QSpinBox)
    assert memory.text() == "A share of this machine's memory"
    memory.setValue(2048)
    assert memory.text().endswith(" MB")
    options = chosen_in(qtbot, dialog).options
    assert (options.redo, options.worker_memory) == (Redo.FAILED, 2048)


def test_languages_say_who_has_them_and_how_to_get_more(qtbot: QtBot, open_dialog: OpenSettings) -> None:
    dialog = open_dialog(WindowSettings(options=RunOptions(languages=("xyz", "eng"))))
    control = languages_of(dialog)
    assert listed(control) == [
        "xyz: not installed",
        "English (eng): embedded, system",
        "French (fra): system",
        "German (deu): embedded",
    ]
    click(control.more_button)
    click(control.copy_button)
    assert QGuiApplication.clipboard().text() == "embedded: Put files there.\n\nsystem: Install packages."
    control.list.setCurrentRow(0)
    press(control.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: control.list.count() == 3)
    control.list.setCurrentRow(0)
    press(control.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(dialog.rows["languages"].problem.text()))
    with qtbot.assertNotEmitted(dialog.chosen):
        press_ok(dialog)


def test_the_most_frequent_language_comes_first(qtbot: QtBot, open_dialog: OpenSettings) -> None:
    dialog = open_dialog(WindowSettings(options=RunOptions(languages=("eng", "deu", "fra"))))
    control = languages_of(dialog)
    control.list.setCurrentRow(2)
    assert not control.down_button.isEnabled()
    click(control.up_button)
    assert control.value() == ("eng", "fra", "deu")
    click(control.up_button)
    assert not control.up_button.isEnabled()
    press(control.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert chosen_in(qtbot, dialog).options.languages == ("eng", "fra", "deu")


def test_many_languages_are_searched(open_dialog: OpenSettings) -> None:
    dialog = open_dialog()
    control = languages_of(dialog)
    assert not control.filter.isVisible()
    codes = ("deu", "eng", "fra", "spa", "ita", "nld", "por", "swe", "dan", "nor", "fin", "pol")
    control.show_engines([EngineStatus(name="system", available=True, languages=codes)])
    type_text(control.filter, "swed")
    assert [text.split(":")[0] for text in listed(control)] == ["English (eng)", "Swedish (swe)"]


def test_a_preset_is_saved_chosen_changed_renamed_and_deleted(
    qtbot: QtBot, open_dialog: OpenSettings
) -> None:
    dialog = open_dialog()
    combo(dialog, "redo").setCurrentIndex(1)
    save_preset(dialog, "Again")
    assert dialog.presets.current == "Again"
    assert dialog.isVisible()  # Return was for the name
    combo(dialog, "redo").setCurrentIndex(0)
    assert dialog.presets.box.currentText() == "Again (changed)"
    dialog.presets.box.setCurrentIndex(1)
    dialog.presets.box.activated.emit(1)
    assert combo(dialog, "redo").currentIndex() == 1
    assert dialog.presets.box.currentText() == "Again"
    dialog.presets.rename_action.trigger()
    dialog.presets.name.selectAll()
    type_text(dialog.presets.name, "Once more")
    click(dialog.presets.keep_button)
    combo(dialog, "engine").setCurrentIndex(1)
    dialog.presets.update_action.trigger()
    assert dialog.presets.box.currentText() == "Once more"
    settings = chosen_in(qtbot, dialog)
    assert settings.preset == "Once more"
    assert [preset.name for preset in settings.presets] == ["Once more"]
    assert settings.presets[0].options == settings.options
    other = open_dialog(settings)
    other.presets.delete_action.trigger()
    assert chosen_in(qtbot, other) == msgspec.structs.replace(settings, presets=(), preset="")


def test_a_preset_needs_a_name_of_its_own(open_dialog: OpenSettings) -> None:
    dialog = open_dialog(WindowSettings(presets=(Preset(name="Mine", options=RunOptions()),)))
    save_preset(dialog, " ")
    assert dialog.presets.problem.isVisible()
    type_text(dialog.presets.name, "mine")
    press(dialog.presets.name, Qt.Key.Key_Return)
    assert "already" in dialog.presets.problem.text()
    press(dialog.presets.name, Qt.Key.Key_Escape)
    assert not dialog.presets.problem.isVisible()
    assert dialog.isVisible()
    assert len(dialog.presets.presets) == 1


def test_a_preset_is_chosen_beside_the_summary(open_window: OpenWindow, tmp_path: Path) -> None:
    del tmp_path
    window = open_window()
    dialog = settings_of(window)
    combo(dialog, "overwrite").setCurrentIndex(1)
    save_preset(dialog, "Fresh & new")
    press_ok(dialog)
    assert window.panel.options_button.text().startswith("Fresh && new · ")
    dialog = settings_of(window)
    combo(dialog, "overwrite").setCurrentIndex(0)
    press_ok(dialog)
    assert window.panel.options_button.text().startswith("Fresh && new (changed) · ")
    (action,) = (one for one in window.panel.preset_button.menu().actions() if one.isCheckable())
    action.trigger()
    assert window.panel.options_button.text().startswith("Fresh && new · ")
    saved = WindowSettingsFile(window.application.folders).load()
    assert saved.options.overwrite is Overwrite.OVERWRITE


def _has_darkness(window: MainWindow, wanted: bool) -> bool:
    return is_dark(window.panel.headline.palette()) == wanted


@pytest.mark.usefixtures("own_theme")
def test_the_window_turns_dark_and_light_at_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    for row, is_wanted_dark in ((2, True), (1, False)):
        dialog = settings_of(window)
        combo(dialog, "theme").setCurrentIndex(row)
        press_ok(dialog)
        qtbot.waitUntil(partial(_has_darkness, window, is_wanted_dark))
    saved = WindowSettingsFile(window.application.folders).load()
    assert saved.theme is Theme.LIGHT


@pytest.mark.usefixtures("own_theme")
def test_the_system_is_followed_again(qapp: QApplication) -> None:
    system = QPalette(qapp.palette())
    apply_theme(Theme.DARK)
    assert is_dark(qapp.palette())
    apply_theme(Theme.SYSTEM, before=Theme.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == system.color(QPalette.ColorRole.Window)


def test_the_wheel_scrolls_and_changes_nothing_on_the_way(open_dialog: OpenSettings) -> None:
    dialog = open_dialog()
    box = combo(dialog, "engine")
    at = QPointF(box.rect().center())
    event = QWheelEvent(
        at,
        QPointF(box.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    assert box.currentIndex() == 0


def test_no_control_answers_to_return_but_ok(open_dialog: OpenSettings) -> None:
    dialog = open_dialog()
    defaults = [button for button in dialog.findChildren(QPushButton) if button.autoDefault()]
    assert {button.text().replace("&", "") for button in defaults} <= {"OK", "Cancel"}
    assert all(box.text() for box in dialog.findChildren(QCheckBox))
