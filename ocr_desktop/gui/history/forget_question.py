"""Asks whether a job is really to be forgotten, and its results with it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget


class ForgetQuestion(QMessageBox):
    """Asks once; does not block.

    Signals:
        confirmed: Whether the result files are to be deleted too.
    """

    confirmed = Signal(bool)

    def __init__(self, images: int, parent: QWidget) -> None:
        """Ask about a job of so many images."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("Forget this job?"))
        self.setText(self.tr("This job of %n image(s) is deleted from the history.", "", images))
        self.setInformativeText(
            self.tr(
                "No image is touched. The result files stay too, unless you tick the box; even then, those "
                "that were changed since stay."
            )
        )
        self.results_box = QCheckBox(self.tr("Also &delete the result files that it wrote"))
        self.setCheckBox(self.results_box)
        forget = self.addButton(self.tr("&Forget this job"), QMessageBox.ButtonRole.DestructiveRole)
        keep = self.addButton(self.tr("&Keep it"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
        forget.clicked.connect(self._confirm)

    @Slot()
    def _confirm(self) -> None:
        self.confirmed.emit(self.results_box.isChecked())
