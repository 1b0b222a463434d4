"""Export: which images, in which format, and where to; with the progress and the end in the same place."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.results.export_runner import ExportEnd, ExportOrder, ExportRunner
from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS
from ocr_desktop.services.exporters.export import ExportTarget


class ExportDialog(QDialog):
    """Asks, exports in the background, and says what came of it. The window behind it stays as it is."""

    def __init__(
        self,
        *,
        record_of: Callable[[int], ItemRecord],
        shown: Sequence[int],
        selected: Sequence[int],
        parent: QWidget | None = None,
    ) -> None:
        """Offer to export results.

        Args:
            record_of: Returns an item by its id; called from a thread in the background, too.
            shown: The ids of all items that are listed.
            selected: Those that are selected among them.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export texts"))
        self._record_of = record_of
        self._shown = shown
        self._selected = selected
        self._opened = ""
        self._is_closing = False
        self.runner = ExportRunner(self)
        self.runner.progressed.connect(self._show_progress)
        self.runner.ended.connect(self._show_end)
        self.runner.failed.connect(self._show_failure)
        self._make_choices()
        self._make_outcome()
        self._lay_out()
        self._refresh()

    @property
    def items(self) -> Sequence[int]:
        """What is to be exported."""
        return self._selected if self.only_selected.isChecked() else self._shown

    def abandon(self) -> None:
        """Close at once, for the window that it belongs to is closing; waits for the file in work."""
        self.runner.stop()
        self.close()

    # -- Building

    def _make_choices(self) -> None:
        locale = QLocale()
        self.format = QComboBox()
        for key, entry in EXPORT_FORMATS.items():
            self.format.addItem(f"{entry.title} (.{entry.extension})", key)
        self.format.setAccessibleName(self.tr("Format"))
        self.format.setToolTip(self.tr("The kind of file to write."))
        self.format.currentIndexChanged.connect(self._refresh)
        all_text = self.tr("All that are shown ({count})").format(count=locale.toString(len(self._shown)))
        some_text = self.tr("Only those selected ({count})").format(
            count=locale.toString(len(self._selected))
        )
        self.all_shown = QRadioButton(all_text)
        self.only_selected = QRadioButton(some_text)
        self.all_shown.setToolTip(self.tr("Every image of the list that has a result with a text."))
        self.only_selected.setToolTip(self.tr("The images that are selected in the list."))
        self.only_selected.setEnabled(bool(self._selected))
        self.beside = QRadioButton(self.tr("One file for each image, beside its &result"))
        self.into_folder = QRadioButton(self.tr("One file for each image, in this &folder"))
        self.into_file = QRadioButton(self.tr("&One file for all images"))
        self._groups = [QButtonGroup(self), QButtonGroup(self)]
        for button in (self.all_shown, self.only_selected):
            self._groups[0].addButton(button)
        for button in (self.beside, self.into_folder, self.into_file):
            self._groups[1].addButton(button)
        (self.only_selected if len(self._selected) > 1 else self.all_shown).setChecked(True)
        self.beside.setChecked(True)
        for group in self._groups:
            group.buttonToggled.connect(self._refresh)
        self.place = QLineEdit()
        self.place.setAccessibleName(self.tr("Where to"))
        self.place.setToolTip(self.tr("The folder or the file to write to."))
        self.place.textChanged.connect(self._refresh)
        self.choose_button = QPushButton(self.tr("&Choose …"))
        self.choose_button.setToolTip(self.tr("Choose the folder or the file to write to."))
        self.choose_button.clicked.connect(self._choose)

    def _make_outcome(self) -> None:
        self.banner = MessageBanner()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the export"))
        self.progress.hide()
        self.outcome = QLabel()
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setWordWrap(True)
        self.start_button = QPushButton(self.tr("&Export"))
        self.start_button.setToolTip(self.tr("Write the files (Return)."))
        self.start_button.setDefault(True)
        self.start_button.clicked.connect(self.start)
        self.cancel_button = QPushButton(self.tr("&Stop"))
        self.cancel_button.setToolTip(self.tr("Stop the export; files that are written already stay."))
        self.cancel_button.clicked.connect(self.runner.cancel)
        self.cancel_button.hide()
        self.open_button = QPushButton(self.tr("Open fol&der"))
        self.open_button.setToolTip(self.tr("Open the folder with the files that were written."))
        self.open_button.clicked.connect(self._open_folder)
        self.open_button.hide()
        self.close_button = QPushButton(self.tr("C&lose"))
        self.close_button.setToolTip(self.tr("Close this dialog (Esc)."))
        self.close_button.clicked.connect(self.close)
        for button in (self.choose_button, self.cancel_button, self.open_button, self.close_button):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        self.choices = QWidget()
        form = QFormLayout(self.choices)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID)
        form.addRow(self.tr("For&mat"), self.format)
        form.addRow(self.tr("Images"), self.all_shown)
        form.addRow("", self.only_selected)
        form.addRow(self.tr("Files"), self.beside)
        form.addRow("", self.into_folder)
        form.addRow("", self.into_file)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.place, 1)
        row.addWidget(self.choose_button)
        form.addRow("", row)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        for button in (self.start_button, self.cancel_button, self.close_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.banner)
        layout.addWidget(self.choices)
        layout.addWidget(self.progress)
        layout.addWidget(self.outcome)
        layout.addLayout(buttons)
        self.setMinimumWidth(480)

    # -- Choosing

    @Slot()
    def _refresh(self) -> None:
        entry = EXPORT_FORMATS[self.format.currentData()]
        self.into_file.setEnabled(entry.combined)
        if not entry.combined and self.into_file.isChecked():
            self.into_folder.setChecked(True)
        needs_place = not self.beside.isChecked()
        self.place.setEnabled(needs_place)
        self.choose_button.setEnabled(needs_place)
        is_busy = self.runner.is_busy
        self.choices.setEnabled(not is_busy)
        has_place = not needs_place or bool(self.place.text().strip())
        self.start_button.setEnabled(bool(self.items) and has_place and not is_busy)
        self.start_button.setVisible(not is_busy)
        self.cancel_button.setVisible(is_busy)
        self.progress.setVisible(is_busy)

    @Slot()
    def _choose(self) -> None:
        start = self.place.text() or self._folder_of_first()
        if self.into_folder.isChecked():
            chosen = QFileDialog.getExistingDirectory(self, self.tr("Export into this folder"), start)
        else:
            entry = EXPORT_FORMATS[self.format.currentData()]
            pattern = f"{entry.title} (*.{entry.extension})"
            name = start if self.place.text() else str(Path(start) / f"texts.{entry.extension}")
            chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export into this file"), name, pattern)
        if chosen:
            self.place.setText(chosen)

    def _folder_of_first(self) -> str:
        return str(Path(self._record_of(self.items[0]).item.path).parent) if self.items else ""

    def _target(self) -> ExportTarget:
        place = str(Path(self.place.text().strip()).expanduser().absolute())
        if self.into_folder.isChecked():
            return ExportTarget(folder=place)
        if self.into_file.isChecked():
            extension = EXPORT_FORMATS[self.format.currentData()].extension
            return ExportTarget(file=place if Path(place).suffix else f"{place}.{extension}")
        return ExportTarget()

    # -- Exporting

    @Slot()
    def start(self) -> None:
        """Export, with what was chosen."""
        self.banner.hide()
        self.open_button.hide()
        self.outcome.setText(self.tr("Exporting …"))
        self.progress.setRange(0, len(self.items))
        self.progress.setValue(0)
        self.runner.start(ExportOrder(self.items, self._record_of, self.format.currentData(), self._target()))
        self._refresh()
        self.cancel_button.setFocus()

    @Slot(int)
    def _show_progress(self, done: int) -> None:
        self.progress.setValue(done)

    @Slot(object)
    def _show_end(self, end: ExportEnd) -> None:
        if self._is_closing:
            self.close()
            return
        self._refresh()
        self.outcome.setText(self._describe(end))
        if end.problems:
            self.banner.show_failure(Failure(end.problems[0], "", "\n".join(end.problems)))
        self._opened = str(Path(end.first_file).parent) if end.first_file else ""
        self.open_button.setVisible(bool(self._opened))
        (self.open_button if self._opened else self.start_button).setFocus()

    def _describe(self, end: ExportEnd) -> str:
        summary = end.summary
        if not end.first_file and not summary.failed and not summary.stopped:
            return self.tr("None of these images has a result with a text yet.")
        if summary.stopped and not end.first_file:
            return self.tr("The export was stopped; nothing was written.")
        if summary.file:
            text = self.tr("%n text(s) written to “{file}”.", "", summary.exported)
            text = text.format(file=printable(Path(summary.file).name))
        else:
            text = self.tr("%n file(s) written.", "", summary.exported)
        if summary.stopped:
            text = self.tr("The export was stopped before its end. {written}").format(written=text)
        if summary.failed:
            text += " " + self.tr("%n result(s) left out because of a problem.", "", summary.failed)
        return text

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        if self._is_closing:
            self.close()
            return
        self._refresh()
        self.outcome.setText("")
        self.banner.show_failure(failure)

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._opened))

    # -- Qt

    def done(self, result: int) -> None:
        """End an export that is going on, and close once it has; what is written already stays."""
        if self.runner.is_busy:
            self._is_closing = True
            self.cancel_button.setEnabled(False)
            self.outcome.setText(self.tr("Stopping …"))
            self.runner.cancel()
        else:
            super().done(result)
