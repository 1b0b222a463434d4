"""Says why a run has paused by itself, and lets it go on."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QWidget

from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.gui.messages.message_banner import MessageBanner


class TroubleBanner(MessageBanner):
    """A banner with *Resume*. Closing it decides nothing: the run stays paused, and can be resumed below.

    Signals:
        resume_pressed: The run is to go on.
    """

    resume_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent=parent)
        self.resume_button = self.add_button(
            self.tr("Res&ume"), self.tr("Go on with the images that are left (F6)."), self.resume_pressed.emit
        )
        self.setAccessibleDescription(self.tr("The run has paused by itself. Nothing that was read is lost."))

    def show_trouble(self, trouble: Trouble, stats: JobStats) -> None:
        """Say how far the run has come, what happened, and what to do."""
        self._details = f"{trouble.kind}, {trouble.row} in a row\n{stats}"
        text = self.tr("Paused after {done} of %n image(s). {message}", "", stats.total)
        self.show_message(text.format(done=QLocale().toString(stats.done), message=trouble.message))
