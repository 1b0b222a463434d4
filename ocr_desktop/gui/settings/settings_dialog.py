"""The settings, as a dialog whose pages are built from the declarations of the settings."""

from collections.abc import Iterable, Sequence

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.errors import UsageError
from ocr_desktop.domain.options import RunOptions, SettingInfo, describe_settings
from ocr_desktop.gui.look.appearance import GRID, icon_of
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.settings.languages_control import LanguagesControl
from ocr_desktop.gui.settings.preset_row import PresetRow
from ocr_desktop.gui.settings.setting_controls import SettingControl, make_control
from ocr_desktop.gui.settings.settings_page import SettingRow, SettingsPage
from ocr_desktop.gui.settings.window_setting_infos import describe_window_settings
from ocr_desktop.gui.settings.window_settings import WindowSettings
from ocr_desktop.services.engines.protocol import EngineStatus

_READING = ("languages", "engine", "page_segmentation", "max_megapixels", "recursive")
_RESULTS = ("output_dir", "formats", "overwrite", "redo")
_ICONS = (
    "mdi6.text-recognition",
    "mdi6.file-document-outline",
    "mdi6.speedometer",
    "mdi6.application-outline",
)


class SettingsDialog(QDialog):
    """Edits how images are read, and how the window behaves.

    Signals:
        chosen: The :class:`WindowSettings` with what was changed, once they are accepted.
    """

    chosen = Signal(object)

    def __init__(self, settings: WindowSettings, parent: QWidget | None = None) -> None:
        """Show ``settings``."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._settings = settings
        self.rows: dict[str, SettingRow] = {}
        self.pages = self._make_pages()
        self.presets = PresetRow(settings.presets, settings.preset, self._options_or_none)
        self.presets.chosen.connect(self._show_options)
        self._make_frame()
        self._lay_out()
        self._show_settings(settings)
        for row in self.rows.values():
            row.changed.connect(self._follow)
        self.presets.refresh()
        self._refresh_icons()
        self.page_list.setCurrentRow(0)
        self.rows["languages"].control.setFocus()

    @property
    def controls(self) -> dict[str, SettingControl]:
        """The control of each setting, by its name."""
        return {name: row.control for name, row in self.rows.items()}

    def show_engines(self, statuses: Sequence[EngineStatus]) -> None:
        """Say which languages there are; probing takes a moment, so this comes later than the dialog."""
        languages = self.rows["languages"].control
        if isinstance(languages, LanguagesControl):
            languages.show_engines(statuses)

    def show_setting(self, name: str) -> None:
        """Turn to the page of a setting, and put the focus there."""
        row = self.rows[name]
        number = next(number for number, page in enumerate(self.pages) if row in page.rows)
        self.page_list.setCurrentRow(number)
        self.pages[number].ensureWidgetVisible(row)
        row.control.setFocus()

    def options(self) -> RunOptions:
        """Return what the controls say.

        Raises:
            UsageError: If it makes no sense.
        """
        return RunOptions.from_values(self._values(describe_settings()))

    @Slot()
    def reset(self) -> None:
        """Show the defaults of all settings; presets stay as they are."""
        self._show_settings(WindowSettings())

    def accept(self) -> None:
        """Close with the new settings, or say beside each control what is wrong with it."""
        wrong = [name for name in describe_settings() if not self._check(name)]
        if wrong:
            self.show_setting(wrong[0])
            return
        window = msgspec.convert(self._values(describe_window_settings()), WindowSettings)
        edited = {name: getattr(window, name) for name in describe_window_settings()}
        self.chosen.emit(
            msgspec.structs.replace(
                self._settings,
                options=self.options(),
                presets=self.presets.presets,
                preset=self.presets.current,
                **edited,
            )
        )
        super().accept()

    # -- Building

    def _make_pages(self) -> tuple[SettingsPage, ...]:
        infos = describe_settings()
        work = [name for name in infos if name not in {*_READING, *_RESULTS}]
        return (
            self._page(self.tr("Reading"), (infos[name] for name in _READING)),
            self._page(self.tr("Results"), (infos[name] for name in _RESULTS)),
            self._page(self.tr("Work"), (infos[name] for name in work)),
            self._page(self.tr("Window"), describe_window_settings().values()),
        )

    def _page(self, title: str, infos: Iterable[SettingInfo]) -> SettingsPage:
        rows = []
        for info in infos:
            control = LanguagesControl(info) if info.name == "languages" else make_control(info)
            self.rows[info.name] = SettingRow(info, control)
            rows.append(self.rows[info.name])
        return SettingsPage(title, rows)

    def _make_frame(self) -> None:
        self.page_list = QListWidget()
        self.page_list.setAccessibleName(self.tr("Pages of the settings"))
        self.page_list.setFrameShape(QFrame.Shape.NoFrame)
        self.page_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page_list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.page_list.viewport().setAutoFillBackground(False)
        self.page_list.setSpacing(GRID // 4)
        self._stack = QStackedWidget()
        for page in self.pages:
            QListWidgetItem(page.title, self.page_list)
            self._stack.addWidget(page)
        self.page_list.currentRowChanged.connect(self._stack.setCurrentIndex)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.RestoreDefaults)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.reset_button = self.buttons.button(kinds.RestoreDefaults)
        self.reset_button.setText(self.tr("Reset to &defaults"))
        self.reset_button.setToolTip(self.tr("Show the defaults of all settings; presets stay."))
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self.reset)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addWidget(self.page_list)
        middle.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.presets)
        layout.addLayout(middle, 1)
        layout.addWidget(self.buttons)
        resize_within_screen(self, 96 * GRID, 80 * GRID)

    def _fit(self) -> None:
        """Give the list of pages, and the pages, the width that they need with the present font."""
        self.page_list.setFixedWidth(self.page_list.sizeHintForColumn(0) + 4 * GRID)
        for page in self.pages:
            page.fit_width()

    # -- Following

    def _values(self, names: Iterable[str]) -> dict[str, object]:
        return {name: self.rows[name].control.value() for name in names}

    def _options_or_none(self) -> RunOptions | None:
        try:
            return self.options()
        except UsageError:
            return None

    def _show_settings(self, settings: WindowSettings) -> None:
        for name in describe_window_settings():
            self.rows[name].control.set_value(getattr(settings, name))
        self._show_options(settings.options)

    @Slot(object)
    def _show_options(self, options: RunOptions) -> None:
        for name in describe_settings():
            self.rows[name].control.set_value(getattr(options, name))
            self._check(name)
        self.presets.refresh()

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name in describe_settings():
            self._check(name)
            self.presets.refresh()

    def _check(self, name: str) -> bool:
        """Say beside the control what is wrong with its value, and return whether it is right."""
        row = self.rows[name]
        problem = row.control.problem()
        if not problem:
            try:
                RunOptions.from_values({name: row.control.value()})
            except UsageError as error:
                problem = error.message
        row.show_problem(problem)
        return not problem

    def _refresh_icons(self) -> None:
        for number, name in enumerate(_ICONS):
            self.page_list.item(number).setIcon(icon_of(name, self.palette()))
        self._fit()

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark, and the font."""
        super().changeEvent(event)
        if not hasattr(self, "reset_button"):
            return
        if event.type() == QEvent.Type.PaletteChange:
            self._refresh_icons()
        elif event.type() == QEvent.Type.FontChange:
            self._fit()
