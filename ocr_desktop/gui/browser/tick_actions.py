"""The actions that tick and untick images: the menu *Select*."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QPalette

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.look.appearance import apply_icons

_DONE = frozenset({ItemState.COMPLETED, ItemState.SKIPPED})


class TickActions(QObject):
    """Owns the actions. They work on all images that are shown, except the last, which the selection has."""

    def __init__(
        self, model: ImageListModel, toggle_selection: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """Make the actions.

        Args:
            model: The images.
            toggle_selection: Ticks or unticks what is selected.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._model = model
        self.tick_all = self._make(
            self.tr("Select &all"), self.tr("Tick all images that are shown"), self._tick_all, "Ctrl+A"
        )
        self.tick_none = self._make(
            self.tr("Select &none"),
            self.tr("Untick all images that are shown"),
            self._tick_none,
            "Ctrl+Shift+A",
        )
        self.invert = self._make(
            self.tr("&Invert"),
            self.tr("Tick what is not ticked, and untick the rest"),
            model.invert_ticks,
            "Ctrl+I",
        )
        self.tick_unprocessed = self._make(
            self.tr("Only &unprocessed"),
            self.tr("Tick only the images that have not been read"),
            self._tick_unprocessed,
            "Ctrl+U",
        )
        self.tick_failed = self._make(
            self.tr("Only &failed"),
            self.tr("Tick only the images that have failed"),
            self._tick_failed,
            "Ctrl+Shift+F",
        )
        self.toggle = self._make(
            self.tr("&Toggle selection"),
            self.tr("Tick or untick the selected images (Space)"),
            toggle_selection,
        )

    @property
    def all(self) -> tuple[QAction, ...]:
        """All of them in the order of the menu."""
        return (*self.in_toolbar, self.toggle)

    @property
    def in_toolbar(self) -> tuple[QAction, ...]:
        """Those that have a button."""
        return (self.tick_all, self.tick_none, self.invert, self.tick_unprocessed, self.tick_failed)

    def refresh(self) -> None:
        """Enable what can be done now."""
        for action in self.all:
            action.setEnabled(self._model.total > 0)
        self.tick_failed.setEnabled(self._model.count_of(ItemState.FAILED) > 0)

    def refresh_icons(self, palette: QPalette) -> None:
        """Follow light and dark."""
        apply_icons(
            [
                (self.tick_all, "mdi6.checkbox-multiple-marked-outline"),
                (self.tick_none, "mdi6.checkbox-multiple-blank-outline"),
                (self.invert, "mdi6.select-inverse"),
                (self.tick_unprocessed, "mdi6.circle-outline"),
                (self.tick_failed, "mdi6.alert-circle-outline"),
            ],
            palette,
        )

    def _make(self, text: str, tooltip: str, act: Callable[[], None], key: str = "") -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        action.setToolTip(f"{tooltip} ({key})" if key else tooltip)
        action.triggered.connect(act)
        return action

    def _tick_all(self) -> None:
        self._model.set_ticked(self._model.shown_ids(), ticked=True)

    def _tick_none(self) -> None:
        self._model.set_ticked(self._model.shown_ids(), ticked=False)

    def _tick_unprocessed(self) -> None:
        self._model.tick_only(lambda state: state not in _DONE)

    def _tick_failed(self) -> None:
        self._model.tick_only(lambda state: state is ItemState.FAILED)
