"""What to do with a run when the window is to be closed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget


class QuitQuestion(QMessageBox):
    """Asks once; does not block.

    Signals:
        stop_chosen: Stop the run so that it can be resumed, and quit.
        cancel_chosen: Cancel the run for good, and quit.
    """

    stop_chosen = Signal()
    cancel_chosen = Signal()

    def __init__(self, left: int, parent: QWidget) -> None:
        """Ask about a run of which ``left`` images have not been read yet."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("Quit OCR Desktop?"))
        self.setText(self.tr("A run is going on; %n image(s) have not been read yet.", "", left))
        self.setInformativeText(
            self.tr("Results that are already written stay. A stopped run is offered again next time.")
        )
        stop = self.addButton(self.tr("&Stop and resume later"), QMessageBox.ButtonRole.AcceptRole)
        cancel = self.addButton(self.tr("&Cancel the run"), QMessageBox.ButtonRole.DestructiveRole)
        stay = self.addButton(self.tr("&Keep running"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(stop)
        self.setEscapeButton(stay)
        stop.clicked.connect(self.stop_chosen)
        cancel.clicked.connect(self.cancel_chosen)
