"""The tree of folders on the left: choosing one shows only the images in it and below."""

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from ocr_desktop.gui.browser.folder_tree_model import FolderTreeModel
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.look.appearance import GRID

_DELAY = 150
"""Milliseconds in which changes are gathered while a scan streams in."""


class _RoomyRows(QStyledItemDelegate):
    """Rows with some air between them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A little higher than Qt would make it."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), option.fontMetrics.height() + GRID))


class FolderPanel(QTreeView):
    """Follows the folders of the image list.

    Signals:
        chosen: The path of a folder, or None for all images.
        needed_changed: Whether there are subfolders to choose from has changed.
    """

    chosen = Signal(object)
    needed_changed = Signal()

    def __init__(self, images: ImageListModel, parent: QWidget | None = None) -> None:
        """Show the folders of ``images``."""
        super().__init__(parent)
        self._images = images
        self._tops: tuple[str, ...] = ()
        self._folder: str | None = None
        self.folders = FolderTreeModel(self)
        self._delay = QTimer(self, interval=_DELAY, singleShot=True)
        self._delay.timeout.connect(self._take)
        self.setModel(self.folders)
        self.setItemDelegate(_RoomyRows(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setIndentation(2 * GRID)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Not measured by the contents: that would go through thousands of folders at each change.
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(self.tr("Folders"))
        self.setAccessibleDescription(
            self.tr("The folders of the images. The grid shows the images of the current one.")
        )
        images.folders_changed.connect(self._schedule)
        self.folders.grown.connect(self._follow_growth)
        self.selectionModel().currentChanged.connect(self._choose)
        self._fit_counts()
        self._show_current()

    @property
    def folder(self) -> str | None:
        """The folder whose images are shown; None for all."""
        return self._folder

    @property
    def is_needed(self) -> bool:
        """Whether there is more than one folder."""
        return self.folders.folder_count > 1

    def set_tops(self, tops: tuple[str, ...]) -> None:
        """Tell which folders were opened."""
        self._tops = tops
        self._schedule()

    def choose_all(self) -> None:
        """Show the images of all folders again."""
        self.setCurrentIndex(self.folders.index_of(None))

    def stop(self) -> None:
        """Follow nothing any more."""
        self._delay.stop()
        self.folders.stop()

    @Slot()
    def _schedule(self) -> None:
        if not self._delay.isActive():
            self._delay.start()

    @Slot()
    def _take(self) -> None:
        self.folders.set_counts(self._images.folder_counts(), self._tops)
        self._fit_counts()

    @Slot()
    def _follow_growth(self) -> None:
        for row in range(1, self.folders.rowCount()):
            self.expand(self.folders.index(row, 0))
        if not self.folders.index_of(self._folder).isValid():
            self.choose_all()
        self._show_current()
        self.needed_changed.emit()

    def _show_current(self) -> None:
        """Mark the folder that is shown; after a reset, Qt knows of none."""
        if not self.currentIndex().isValid():
            index = self.folders.index_of(self._folder)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return  # between a reset and the folder that is marked after it
        folder = self.folders.path_at(index)
        if folder != self._folder:
            self._folder = folder
            self.chosen.emit(folder)

    def _fit_counts(self) -> None:
        digits = str(self.folders.index(0, 1).data())
        self.header().resizeSection(1, self.fontMetrics().horizontalAdvance(digits) + 2 * GRID)

    # -- Qt

    def sizeHint(self) -> QSize:
        """Room for names of usual length."""
        return QSize(24 * self.fontMetrics().averageCharWidth() + 4 * GRID, 200)

    def minimumSizeHint(self) -> QSize:
        """Room for short ones."""
        return QSize(12 * self.fontMetrics().averageCharWidth() + 4 * GRID, 80)
