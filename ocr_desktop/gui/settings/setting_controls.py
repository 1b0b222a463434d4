"""One kind of control for each kind of setting; each says and takes the setting's plain value."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from ocr_desktop.domain.options import OutputFormat, SettingInfo
from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.settings.setting_words import choice_words, segmentation_words, setting_text


class SettingControl(QWidget):
    """Shows and changes one setting.

    Signals:
        changed: The value is another one now.
    """

    changed = Signal()

    has_own_label = False
    """Whether the control says by itself what it is for."""

    def __init__(self, info: SettingInfo, field: QWidget, parent: QWidget | None = None) -> None:
        """Put ``field``, which takes the focus, into the control."""
        super().__init__(parent)
        self.info = info
        self.field = field
        self.setFocusProxy(field)
        field.setAccessibleName(setting_text(info.label))
        field.setAccessibleDescription(setting_text(info.help))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GRID)
        self.row.addWidget(field, 1)

    def value(self) -> object:
        """Return what is shown, as plain data."""
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return what is wrong with the value, where that can be said better than in general."""
        return ""


class ChoiceControl(SettingControl):
    """One of a few."""

    def __init__(self, info: SettingInfo, words: Mapping[object, str]) -> None:
        """Offer the keys of ``words``, called by their values."""
        self.box = QComboBox()
        super().__init__(info, self.box)
        for choice, word in words.items():
            self.box.addItem(word, choice)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(20)
        _guard_wheel(self.box)
        self.box.currentIndexChanged.connect(self.changed)

    def value(self) -> object:
        """Return the choice."""
        return self.box.currentData()

    def set_value(self, value: object) -> None:
        """Show a choice; one that is not offered is added."""
        plain = str(value) if isinstance(value, str) else value
        row = self.box.findData(plain)
        if row < 0:
            self.box.addItem(str(value), plain)
            row = self.box.count() - 1
        self.box.setCurrentIndex(row)


class SwitchControl(SettingControl):
    """Yes or no."""

    has_own_label = True

    def __init__(self, info: SettingInfo) -> None:
        """Make a checkbox that bears the setting's label."""
        self.box = QCheckBox(setting_text(info.label))
        super().__init__(info, self.box)
        self.box.toggled.connect(self.changed)

    def value(self) -> object:
        """Return whether it is ticked."""
        return self.box.isChecked()

    def set_value(self, value: object) -> None:
        """Tick it or not."""
        self.box.setChecked(bool(value))


class NumberControl(SettingControl):
    """A number within its range."""

    def __init__(self, info: SettingInfo, unit: str = "") -> None:
        """Make a field with whole numbers, or with one decimal where the setting has such."""
        self.box: QSpinBox | QDoubleSpinBox
        if isinstance(info.default, int):
            self.box = QSpinBox()
            self.box.setRange(int(info.minimum or 0), int(info.maximum or 1_000_000))
        else:
            self.box = QDoubleSpinBox()
            self.box.setDecimals(1)
            self.box.setRange(max(0.1, info.minimum or 0.1), info.maximum or 1_000_000.0)
        super().__init__(info, self.box)
        self.box.setSuffix(unit)
        _prepare(self.box)
        self.row.addStretch(1)
        self.box.valueChanged.connect(self.changed)

    def value(self) -> object:
        """Return the number."""
        return self.box.value()

    def set_value(self, value: object) -> None:
        """Show a number."""
        number = float(str(value))
        if isinstance(self.box, QSpinBox):
            self.box.setValue(int(number))
        else:
            self.box.setValue(number)


class OptionalNumberControl(SettingControl):
    """A whole number, or none, which is shown in words below the smallest number."""

    def __init__(self, info: SettingInfo, none_text: str, unit: str = "") -> None:
        """Make the field.

        Args:
            info: The setting.
            none_text: What no number means.
            unit: What follows the number.
        """
        self.box = QSpinBox()
        super().__init__(info, self.box)
        self._none_text = none_text
        self.box.setRange(int(info.minimum or 1) - 1, int(info.maximum or 1_000))
        self.box.setSpecialValueText(none_text)
        self.box.setSuffix(unit)
        _prepare(self.box)
        self.row.addStretch(1)
        self._make_room()
        self.box.valueChanged.connect(self.changed)

    def value(self) -> object:
        """Return the number or None."""
        return None if self.box.value() == self.box.minimum() else self.box.value()

    def set_value(self, value: object) -> None:
        """Show a number or None."""
        self.box.setValue(self.box.minimum() if value is None else int(str(value)))

    def _make_room(self) -> None:
        # WORKAROUND: Qt makes room for the first 18 letters of the words only.
        self.box.setMinimumWidth(self.box.fontMetrics().horizontalAdvance(self._none_text) + 6 * GRID)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_none_text"):
            self._make_room()


class FolderControl(SettingControl):
    """A folder, or none."""

    def __init__(self, info: SettingInfo) -> None:
        """Make a field for the path and a button to choose it with."""
        self.edit = QLineEdit()
        super().__init__(info, self.edit)
        self.edit.setPlaceholderText(self.tr("Beside each image"))
        self.edit.setClearButtonEnabled(True)
        self.edit.textChanged.connect(self.changed)
        self.browse = QPushButton(self.tr("&Browse …"))
        self.browse.setAutoDefault(False)
        self.browse.setToolTip(self.tr("Choose a folder for the results."))
        self.browse.clicked.connect(self._choose)
        self.row.addWidget(self.browse)

    def value(self) -> object:
        """Return the path or None."""
        return self.edit.text().strip() or None

    def set_value(self, value: object) -> None:
        """Show a path or None."""
        self.edit.setText(str(value or ""))

    @Slot()
    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Output folder"), self.edit.text())
        if folder:
            self.edit.setText(folder)


class FormatsControl(SettingControl):
    """Some of the kinds of result files."""

    def __init__(self, info: SettingInfo) -> None:
        """Make a checkbox for each kind."""
        self.boxes = {output_format: QCheckBox(output_format.upper()) for output_format in OutputFormat}
        first, *others = self.boxes.values()
        super().__init__(info, first)
        for output_format, box in self.boxes.items():
            box.setAccessibleName(f"{setting_text(info.label)}: {output_format.upper()}")
            box.toggled.connect(self.changed)
        self.row.setSpacing(2 * GRID)
        self.row.setStretch(0, 0)
        for box in others:
            self.row.addWidget(box)
        self.row.addStretch(1)

    def value(self) -> object:
        """Return the ticked kinds."""
        return tuple(output_format for output_format, box in self.boxes.items() if box.isChecked())

    def problem(self) -> str:
        """Ask for at least one kind."""
        return "" if self.value() else self.tr("Tick at least one kind of file.")

    def set_value(self, value: object) -> None:
        """Tick some kinds."""
        wanted = value if isinstance(value, tuple) else ()
        for output_format, box in self.boxes.items():
            box.setChecked(output_format in wanted)


def make_control(info: SettingInfo) -> SettingControl:
    """Return the control that fits a setting (the languages have a module of their own)."""
    special = _special_controls(info).get(info.name)
    if special is not None:
        return special()
    if info.choices:
        words = choice_words(info.name)
        return ChoiceControl(info, {str(one): words.get(one, one.capitalize()) for one in info.choices})
    if isinstance(info.default, bool):
        return SwitchControl(info)
    return NumberControl(info)


def _special_controls(info: SettingInfo) -> dict[str, Callable[[], SettingControl]]:
    translate = QCoreApplication.translate
    each_core = translate("Settings", "One for each processor core")
    a_share = translate("Settings", "A share of this machine's memory")
    megabytes, seconds = translate("Settings", " MB"), translate("Settings", " seconds")
    megapixels = translate("Settings", " megapixels")
    return {
        "output_dir": lambda: FolderControl(info),
        "formats": lambda: FormatsControl(info),
        "page_segmentation": lambda: ChoiceControl(info, dict(segmentation_words().items())),
        "jobs": lambda: OptionalNumberControl(info, each_core),
        "worker_memory": lambda: OptionalNumberControl(info, a_share, megabytes),
        "timeout": lambda: NumberControl(info, seconds),
        "max_megapixels": lambda: NumberControl(info, megapixels),
    }


class _WheelGuard(QObject):
    """Keeps the wheel, which is meant to scroll the page, from changing a value on the way."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass on what comes to a field without the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def _guard_wheel(field: QWidget) -> None:
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelGuard(field))


def _prepare(box: QAbstractSpinBox) -> None:
    box.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
    box.setGroupSeparatorShown(True)
    _guard_wheel(box)
