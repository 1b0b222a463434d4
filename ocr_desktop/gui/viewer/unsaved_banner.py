"""Asks what to do with changes before they would be lost; inside the window, not in front of it."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.messages.message_banner import MessageBanner


class UnsavedBanner(MessageBanner):
    """Shown while something waits for an answer.

    Signals:
        save_chosen: Save, and then go on.
        discard_chosen: Drop the changes, and go on.
    """

    save_chosen = Signal()
    discard_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(ItemState.SKIPPED, parent, icon="mdi6.content-save-alert-outline")
        self._waiting: Callable[[], object] | None = None
        self.save_button = self.add_button(
            self.tr("&Save"), self.tr("Save the correction, and go on."), self.save_chosen.emit
        )
        self.discard_button = self.add_button(
            self.tr("&Discard"), self.tr("Drop the changes, and go on."), self.discard_chosen.emit
        )
        self.stay_button = self.add_button(
            self.tr("&Keep editing"), self.tr("Stay here; nothing is lost."), self.keep_editing
        )
        self.close_button.clicked.connect(self.keep_editing)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody wants to go on."""
        return self._waiting is not None

    def ask(self, name: str, then: Callable[[], object]) -> None:
        """Ask about the image ``name``; ``then`` is what to go on with."""
        self._waiting = then
        text = self.tr("The text of “{name}” has changes that are not saved. What is to become of them?")
        self.show_message(text.format(name=name))
        self.save_button.setFocus()

    def go_on(self) -> None:
        """Do what was waiting."""
        then, self._waiting = self._waiting, None
        self.hide()
        if then is not None:
            then()

    @Slot()
    def keep_editing(self) -> None:
        """Forget what was waiting."""
        self._waiting = None
        self.hide()
