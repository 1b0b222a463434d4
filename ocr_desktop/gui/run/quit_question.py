"""What to do with a run when the window is to be closed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget


class QuitQuestion(QMessageBox):
    """Asks once; does not block.

    Signals:
        stop_chosen: Stop the run so that it can be resumed, and quit.
        cancel_chosen: Cancel the run, and those that wait, for good, and quit.
    """

    stop_chosen = Signal()
    cancel_chosen = Signal()

    def __init__(self, left: int, waiting: int, parent: QWidget) -> None:
        """Ask about a run.

        Args:
            left: Its images that have not been read yet.
            waiting: How many more runs wait for its end.
            parent: The window that is to be closed.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("Quit OCR Desktop?"))
        text = self.tr("A run is going on; %n image(s) have not been read yet.", "", left)
        if waiting:
            more = self.tr("%n more run(s) wait(s) in the queue.", "", waiting)
            text = f"{text} {more}"
        self.setText(text)
        self.setInformativeText(
            self.tr("Results that are already written stay. A stopped run is offered again next time.")
            if not waiting
            else self.tr(
                "Results that are already written stay. A stopped run and those that wait are offered again "
                "next time."
            )
        )
        stop = self.addButton(self.tr("&Stop and resume later"), QMessageBox.ButtonRole.AcceptRole)
        cancel = self.addButton(
            self.tr("&Cancel all runs") if waiting else self.tr("&Cancel the run"),
            QMessageBox.ButtonRole.DestructiveRole,
        )
        stay = self.addButton(self.tr("&Keep running"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(stop)
        self.setEscapeButton(stay)
        stop.clicked.connect(self.stop_chosen)
        cancel.clicked.connect(self.cancel_chosen)
