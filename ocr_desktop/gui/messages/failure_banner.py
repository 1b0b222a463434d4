"""Says why something could not be done, with the button that leads to what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.messages.failure import Cure, Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner


class FailureBanner(MessageBanner):
    """A banner with *Change settings* where these are what has to be changed.

    Signals:
        options_pressed: The options are to be opened.
    """

    options_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent=parent)
        self.options_button = self.add_button(
            self.tr("Chan&ge settings"), self.tr("Change how images are read (Ctrl+,)."), self._open_options
        )

    def show_failure(self, failure: Failure) -> None:
        """Show what happened and what to do."""
        self.options_button.setVisible(failure.cure is Cure.OPTIONS)
        super().show_failure(failure)

    def _open_options(self) -> None:
        self.options_pressed.emit()
