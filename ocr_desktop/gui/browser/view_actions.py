"""What the menu *View* offers: the order of the images, the panes beside the grid, the size of thumbnails."""

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette
from PySide6.QtWidgets import QMenu, QWidget

from ocr_desktop.gui.images.image_order import Order
from ocr_desktop.gui.look.appearance import apply_icons
from ocr_desktop.gui.settings.window_settings import WindowSettings


def order_words() -> dict[Order, str]:
    """Return what the orders are called."""
    return {
        Order.FOUND: QCoreApplication.translate("Orders", "As found"),
        Order.NAME: QCoreApplication.translate("Orders", "Name"),
        Order.DATE: QCoreApplication.translate("Orders", "Date"),
        Order.SIZE: QCoreApplication.translate("Orders", "File size"),
        Order.STATE: QCoreApplication.translate("Orders", "State"),
        Order.CONFIDENCE: QCoreApplication.translate("Orders", "Confidence"),
        Order.FOLDER: QCoreApplication.translate("Orders", "Folder"),
    }


class ViewActions(QObject):
    """Owns the actions, and what order was chosen.

    Signals:
        order_changed: The order or its direction was changed.
    """

    order_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Make the actions: in the order of the scan, all panes as they are by default."""
        super().__init__(parent)
        self._group = QActionGroup(self)
        self.orders: dict[Order, QAction] = {}
        for order, word in order_words().items():
            action = QAction(word, self._group, checkable=True)
            self.orders[order] = action
        self.orders[Order.FOUND].setChecked(True)
        self.descending = self._switch(self.tr("&Descending"), self.tr("Turn the order round"))
        self.show_folders = self._switch(
            self.tr("&Folders"), self.tr("Show the folders of the images, where there are several"), "F7"
        )
        self.show_preview = self._switch(
            self.tr("&Preview pane"), self.tr("Show the current image large, beside the others"), "F9"
        )
        self.hover_preview = self._switch(
            self.tr("Preview under the &mouse"),
            self.tr("Show an image larger when the mouse rests on it; Space, held down, always does"),
        )
        self.larger = self._command(self.tr("&Larger thumbnails"), "Ctrl++", "Ctrl+=")
        self.smaller = self._command(self.tr("&Smaller thumbnails"), "Ctrl+-")
        self.show_folders.setChecked(True)
        self.hover_preview.setChecked(True)
        self._group.triggered.connect(lambda _action: self.order_changed.emit())
        self.descending.triggered.connect(lambda _checked: self.order_changed.emit())

    @property
    def order(self) -> Order:
        """The order that was chosen."""
        return next(order for order, action in self.orders.items() if action.isChecked())

    def set_order(self, order: Order, *, descending: bool) -> None:
        """Choose an order."""
        if (order, descending) != (self.order, self.descending.isChecked()):
            self.orders[order].setChecked(True)
            self.descending.setChecked(descending)
            self.order_changed.emit()

    def use_settings(self, settings: WindowSettings) -> None:
        """Choose what was chosen the last time."""
        self.show_folders.setChecked(settings.show_folders)
        self.show_preview.setChecked(settings.show_preview)
        self.hover_preview.setChecked(settings.hover_preview)
        known = settings.order in list(Order)
        self.set_order(Order(settings.order) if known else Order.FOUND, descending=settings.descending)

    def note_settings(self, settings: WindowSettings) -> WindowSettings:
        """Return the settings with what is chosen now."""
        return msgspec.structs.replace(
            settings,
            show_folders=self.show_folders.isChecked(),
            show_preview=self.show_preview.isChecked(),
            hover_preview=self.hover_preview.isChecked(),
            order=self.order.value,
            descending=self.descending.isChecked(),
        )

    def fill(self, menu: QMenu) -> None:
        """Add everything to a menu."""
        menu.setToolTipsVisible(True)
        sorting = menu.addMenu(self.tr("S&ort by"))
        sorting.addActions(list(self.orders.values()))
        sorting.addSeparator()
        sorting.addAction(self.descending)
        menu.addSeparator()
        menu.addActions([self.show_folders, self.show_preview, self.hover_preview])
        menu.addSeparator()
        menu.addActions([self.larger, self.smaller])

    def refresh_icons(self, palette: QPalette) -> None:
        """Follow light and dark."""
        apply_icons(
            [(self.show_folders, "mdi6.file-tree-outline"), (self.show_preview, "mdi6.dock-right")], palette
        )

    def _switch(self, text: str, tooltip: str, key: str = "") -> QAction:
        action = QAction(text, self, checkable=True)
        action.setShortcut(key)
        action.setToolTip(f"{tooltip} ({key})" if key else tooltip)
        return action

    def _command(self, text: str, *keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action
