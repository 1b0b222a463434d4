"""The options of a run, as a dialog whose controls are built from the declarations of the settings."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.errors import UsageError
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.options import (
    OutputFormat,
    Overwrite,
    Redo,
    RunOptions,
    SettingInfo,
    describe_settings,
)
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import GRID, state_colour
from ocr_desktop.services.engines.protocol import EngineStatus

_FIRST = ("languages", "engine", "overwrite", "redo", "output_dir", "recursive", "formats", "jobs")
"""What people change now and then; everything else is behind *More options*."""
_LONGEST_PATH = 40
"""Characters of a folder in the summary."""


class OptionsDialog(QDialog):
    """Edits a :class:`RunOptions`.

    Signals:
        chosen: The new options, once they are accepted.
    """

    chosen = Signal(object)

    def __init__(self, options: RunOptions, parent: QWidget | None = None) -> None:
        """Show ``options``."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Options"))
        self._readers: dict[str, Callable[[], object]] = {}
        self.controls: dict[str, QWidget] = {}
        settings = describe_settings()
        self._available = QLabel()
        self._available.setWordWrap(True)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        palette = self._problem.palette()
        palette.setColor(self._problem.foregroundRole(), state_colour(ItemState.FAILED, palette))
        self._problem.setPalette(palette)
        self._problem.hide()
        first = self._form([settings[name] for name in _FIRST], options)
        first.insertRow(1, "", self._available)
        self._more = QWidget()
        more = self._form([info for name, info in settings.items() if name not in _FIRST], options)
        more.setContentsMargins(0, 0, 0, 0)
        self._more.setLayout(more)
        self._more.hide()
        self._more_button = QToolButton()
        self._more_button.setText(self.tr("&More options"))
        self._more_button.setCheckable(True)
        self._more_button.setAutoRaise(True)
        self._more_button.setArrowType(Qt.ArrowType.RightArrow)
        self._more_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more_button.toggled.connect(self._unfold)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(first)
        layout.addWidget(self._more_button)
        layout.addWidget(self._more)
        layout.addStretch(1)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self._buttons.setMinimumWidth(488)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)  # a large font needs more

    def show_engines(self, statuses: list[EngineStatus]) -> None:
        """Say which languages there are; probing takes a moment, so this comes later than the dialog."""
        lines = [
            self.tr("{engine}: {languages}").format(engine=status.name, languages=", ".join(status.languages))
            if status.available
            else self.tr("{engine}: not available. {problem}").format(
                engine=status.name, problem=status.problem
            )
            for status in statuses
        ]
        self._available.setText(self.tr("Available languages:") + "\n" + "\n".join(lines))

    def options(self) -> RunOptions:
        """Return what the controls say.

        Raises:
            UsageError: If it makes no sense.
        """
        return RunOptions.from_values({name: read() for name, read in self._readers.items()})

    def accept(self) -> None:
        """Close with the new options, or say what is wrong with them."""
        try:
            options = self.options()
        except UsageError as error:
            self._problem.setText(error.message)
            self._problem.show()
            return
        self.chosen.emit(options)
        super().accept()

    @Slot(bool)
    def _unfold(self, is_open: bool) -> None:
        self._more_button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._more.setVisible(is_open)
        self.adjustSize()

    def _form(self, settings: list[SettingInfo], options: RunOptions) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for info in settings:
            control, read = self._control(info, getattr(options, info.name))
            control.setToolTip(info.help)
            control.setAccessibleName(info.label)
            control.setAccessibleDescription(info.help)
            self.controls[info.name] = control
            self._readers[info.name] = read
            if isinstance(control, QCheckBox):
                form.addRow("", control)
            else:
                form.addRow(info.label, control)
        return form

    def _control(self, info: SettingInfo, value: object) -> tuple[QWidget, Callable[[], object]]:
        """Return the control that fits a setting, and what reads it."""
        match info.name:
            case "languages":
                made = _languages(value)
            case "output_dir":
                made = self._folder(value)
            case "formats":
                made = _formats(value)
            case "jobs":
                made = _optional_number(info, value, self.tr("One for each processor core"))
            case "worker_memory":
                made = _optional_number(info, value, self.tr("A share of this machine's memory"), " MB")
            case _ if info.choices:
                made = _choice(info, value)
            case _ if isinstance(info.default, bool):
                made = _switch(info, value)
            case _:
                made = _number(info, value)
        return made

    def _folder(self, value: object) -> tuple[QWidget, Callable[[], object]]:
        field = QLineEdit(str(value or ""))
        field.setPlaceholderText(self.tr("Beside each image"))
        field.setClearButtonEnabled(True)
        browse = QPushButton(self.tr("&Browse …"))
        browse.setToolTip(self.tr("Choose a folder for the results."))

        def choose() -> None:
            folder = QFileDialog.getExistingDirectory(self, self.tr("Output folder"), field.text())
            if folder:
                field.setText(folder)

        browse.clicked.connect(choose)
        row = QWidget()
        row.setFocusProxy(field)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(field, 1)
        layout.addWidget(browse)
        return row, lambda: field.text().strip() or None


def _languages(value: object) -> tuple[QWidget, Callable[[], object]]:
    field = QLineEdit("+".join(map(str, value if isinstance(value, tuple) else ())))
    return field, lambda: tuple(part.strip() for part in field.text().replace(",", "+").split("+"))


def _formats(value: object) -> tuple[QWidget, Callable[[], object]]:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2 * GRID)
    boxes = {output_format: QCheckBox(output_format.upper()) for output_format in OutputFormat}
    for output_format, box in boxes.items():
        box.setChecked(isinstance(value, tuple) and output_format in value)
        layout.addWidget(box)
    layout.addStretch(1)
    return row, lambda: tuple(output_format for output_format, box in boxes.items() if box.isChecked())


def _choice(info: SettingInfo, value: object) -> tuple[QWidget, Callable[[], object]]:
    box = QComboBox()
    words = _redo_words() if info.name == "redo" else {}
    for choice in info.choices:
        box.addItem(words.get(choice, choice.capitalize()), choice)
    box.setCurrentIndex(info.choices.index(str(value)))
    return box, box.currentData


def _redo_words() -> dict[str, str]:
    """Say what is read again; the bare names of the choices sound as if they came on top."""
    return {
        Redo.NONE: QCoreApplication.translate("OptionsDialog", "Nothing"),
        Redo.STALE: QCoreApplication.translate("OptionsDialog", "What was read with other settings"),
        Redo.FAILED: QCoreApplication.translate("OptionsDialog", "Only what failed in an earlier run"),
    }


def _switch(info: SettingInfo, value: object) -> tuple[QWidget, Callable[[], object]]:
    box = QCheckBox(info.label)
    box.setChecked(bool(value))
    return box, box.isChecked


def _number(info: SettingInfo, value: object) -> tuple[QWidget, Callable[[], object]]:
    if isinstance(info.default, int):
        whole = QSpinBox()
        whole.setRange(int(info.minimum or 0), int(info.maximum or 1_000_000))
        whole.setValue(int(str(value)))
        return whole, whole.value
    broken = QDoubleSpinBox()
    broken.setDecimals(1)
    broken.setRange(max(0.1, info.minimum or 0.1), info.maximum or 1_000_000.0)
    broken.setValue(float(str(value)))
    return broken, broken.value


def _optional_number(
    info: SettingInfo, value: object, none_text: str, unit: str = ""
) -> tuple[QWidget, Callable[[], object]]:
    box = QSpinBox()
    box.setRange(int(info.minimum or 1) - 1, int(info.maximum or 1_000))
    box.setSpecialValueText(none_text)  # shown for the lowest value, one below the range of the setting
    box.setSuffix(unit)
    # WORKAROUND: Qt makes room for the first 18 letters of it only.
    box.setMinimumWidth(box.fontMetrics().horizontalAdvance(none_text) + 6 * GRID)
    box.setValue(box.minimum() if value is None else int(str(value)))
    return box, lambda: None if box.value() == box.minimum() else box.value()


def _shortened(path: str) -> str:
    """Return the end of a long path, which says more than its beginning."""
    return path if len(path) <= _LONGEST_PATH else f"…{path[-_LONGEST_PATH:]}"


def summarize(options: RunOptions) -> str:
    """Return in a few words how images would be read."""
    existing = {
        Overwrite.SKIP: QCoreApplication.translate("OptionsDialog", "images with a result are skipped"),
        Overwrite.OVERWRITE: QCoreApplication.translate("OptionsDialog", "results are overwritten"),
        Overwrite.SUFFIX: QCoreApplication.translate("OptionsDialog", "new results get a number"),
    }
    if options.output_dir:
        place = QCoreApplication.translate("OptionsDialog", "results go to {folder}").format(
            folder=_shortened(printable(options.output_dir))
        )
    else:
        place = QCoreApplication.translate("OptionsDialog", "results go beside the images")
    if options.redo is Redo.FAILED:
        which = QCoreApplication.translate("OptionsDialog", "only what failed before is read")
    else:
        which = existing[options.overwrite]
    return f"{options.language_code} · {which} · {place}"


def reading_anew(options: RunOptions) -> RunOptions:
    """Return the options with which nothing is passed over, for images whose results are known to be bad.

    A text that was cut off lies beside a result that is sound as far as skipping goes.
    """
    overwrite = Overwrite.OVERWRITE if options.overwrite is Overwrite.SKIP else options.overwrite
    return msgspec.structs.replace(options, overwrite=overwrite, redo=Redo.NONE)
