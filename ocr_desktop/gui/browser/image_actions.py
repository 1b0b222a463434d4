"""What can be done with the selected images: the actions of the menu *Image* and of the context menu."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import QMenu, QWidget

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.look.appearance import apply_icons
from ocr_desktop.gui.reveal import show_in_folder

_QUARTER = 90


class ImageActions(QObject):
    """Owns the actions. They work on what is selected when they are triggered.

    Signals:
        opened: The id of an image to look at.
        read_again: A list of the ids of images to be read again.
        status: A sentence for the status line.
    """

    opened = Signal(int)
    read_again_requested = Signal(object)
    status = Signal(str)

    def __init__(
        self,
        model: ImageListModel,
        selected: Callable[[], list[int]],
        current: Callable[[], int | None],
        parent: QWidget,
    ) -> None:
        """Make the actions.

        Args:
            model: The images.
            selected: Returns the ids of the selected images, in order.
            current: Returns the id of the image that the keys work on.
            parent: The widget whose keys trigger them.
        """
        super().__init__(parent)
        self._model = model
        self._selected = selected
        self._current = current
        self.open = self._make(
            self.tr("&Open image and text"),
            self.tr("Show the image with its text"),
            self._open,
            "Return",
            "Enter",
        )
        self.show_in_folder = self._make(
            self.tr("Show in &folder"), self.tr("Show the file in the file manager"), self._reveal, "Ctrl+E"
        )
        self.copy_path = self._make(
            self.tr("&Copy path"), self.tr("Copy the paths of the selected images"), self._copy, "Ctrl+C"
        )
        self.read_again = self._make(
            self.tr("Read &again"),
            self.tr("Read the selected images once more, even if they have a result"),
            self._read_again,
            "Ctrl+F5",
        )
        self.rotate_left = self._make(
            self.tr("Rotate &left"),
            self.tr("Turn the selected images to the left for reading; no file is changed"),
            lambda: self._rotate(-_QUARTER),
            "Shift+R",
        )
        self.rotate_right = self._make(
            self.tr("Rotate &right"),
            self.tr("Turn the selected images to the right for reading; no file is changed"),
            lambda: self._rotate(_QUARTER),
            "R",
        )
        self.tick = self._make(
            self.tr("&Tick selection"),
            self.tr("Tick the selected images (Space)"),
            lambda: self._tick(ticked=True),
        )
        self.untick = self._make(
            self.tr("&Untick selection"),
            self.tr("Untick the selected images (Space)"),
            lambda: self._tick(ticked=False),
        )
        self.remove = self._make(
            self.tr("Re&move from list"),
            self.tr("Take the selected images off the list; the files stay"),
            self._remove,
            "Del",
        )
        self.refresh()

    @property
    def groups(self) -> tuple[tuple[QAction, ...], ...]:
        """All of them in the order of the menus; a line goes between the groups."""
        return (
            (self.open, self.show_in_folder, self.copy_path),
            (self.tick, self.untick),
            (self.rotate_left, self.rotate_right),
            (self.read_again,),
            (self.remove,),
        )

    def fill(self, menu: QMenu) -> None:
        """Add all actions to a menu."""
        menu.setToolTipsVisible(True)
        for number, group in enumerate(self.groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)

    def give_keys(self, widget: QWidget) -> None:
        """Have the shortcuts work while ``widget``, or something in it, has the focus; nowhere else.

        So that R can be typed into a search field.
        """
        for group in self.groups:
            widget.addActions(group)

    @Slot(QPoint)
    def pop_up(self, position: QPoint) -> None:
        """Show the context menu at a place of the screen."""
        if not self._selected():
            return
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(menu)
        menu.popup(position)

    @Slot()
    def refresh(self) -> None:
        """Enable what can be done now."""
        can_act = self._current() is not None
        for group in self.groups:
            for action in group:
                action.setEnabled(can_act)

    def refresh_icons(self, palette: QPalette) -> None:
        """Follow light and dark."""
        apply_icons(
            [
                (self.open, "mdi6.text-box-search-outline"),
                (self.show_in_folder, "mdi6.folder-search-outline"),
                (self.copy_path, "mdi6.content-copy"),
                (self.read_again, "mdi6.refresh"),
                (self.rotate_left, "mdi6.rotate-left"),
                (self.rotate_right, "mdi6.rotate-right"),
                (self.tick, "mdi6.checkbox-marked-outline"),
                (self.untick, "mdi6.checkbox-blank-outline"),
                (self.remove, "mdi6.playlist-remove"),
            ],
            palette,
        )

    @property
    def _widget(self) -> QWidget:
        parent = self.parent()
        assert isinstance(parent, QWidget)  # noqa: S101 - given in the constructor
        return parent

    def _make(self, text: str, tooltip: str, act: Callable[[], None], *keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action.setToolTip(f"{tooltip} ({shown})" if shown else tooltip)
        action.triggered.connect(act)
        return action

    def _ids(self) -> list[int]:
        """Return the selected images; the current one where none is selected."""
        current = self._current()
        return self._selected() or ([] if current is None else [current])

    def _open(self) -> None:
        current = self._current()
        if current is not None:
            self.opened.emit(current)

    def _reveal(self) -> None:
        current = self._current()
        if current is None:
            return
        path = self._model.image(current).path
        if not show_in_folder(path):
            text = self.tr("The folder of {path} could not be shown; open it in the file manager.")
            self.status.emit(text.format(path=printable(path)))

    def _copy(self) -> None:
        paths = _paths(self._model, self._ids())
        if paths:
            QGuiApplication.clipboard().setText("\n".join(paths))
            self.status.emit(self.tr("%n path(s) copied.", "", len(paths)))

    def _read_again(self) -> None:
        if ids := self._ids():
            self.read_again_requested.emit(ids)

    def _rotate(self, degrees: int) -> None:
        if ids := self._ids():
            self._model.rotate(ids, degrees)

    def _tick(self, *, ticked: bool) -> None:
        self._model.set_ticked(self._ids(), ticked=ticked)

    def _remove(self) -> None:
        if ids := self._ids():
            self._model.remove(ids)
            text = self.tr("%n image(s) taken off the list; the files stay where they are.", "", len(ids))
            self.status.emit(text)


def _paths(model: ImageListModel, ids: Sequence[int]) -> list[str]:
    return [printable(model.image(image_id).path) for image_id in ids]
