"""The upper part of the window: images found, shown, filtered and ticked."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import GRID, apply_icons
from ocr_desktop.gui.empty_state import EmptyState
from ocr_desktop.gui.folder_scanner import FolderScanner
from ocr_desktop.gui.image_list_model import ImageListModel
from ocr_desktop.gui.pixmap_cache import PixmapCache
from ocr_desktop.gui.thumbnail_loader import ThumbnailLoader
from ocr_desktop.gui.thumbnail_view import LARGEST_EDGE, SMALLEST_EDGE, ThumbnailView
from ocr_desktop.gui.tool_row import ToolRow
from ocr_desktop.services.thumbnails import ThumbnailStore

_DONE = frozenset({ItemState.COMPLETED, ItemState.SKIPPED})
_FILTER_DELAY = 150
"""Milliseconds after the last key before the filter is applied."""


class ImageBrowser(QWidget):
    """Toolbar, grid, and what fills them: the scanner and the thumbnail loader.

    Signals:
        status: A sentence for the status line.
        opened: The id of an image to look at.
        open_pressed: A folder is to be chosen.
    """

    status = Signal(str)
    opened = Signal(int)
    open_pressed = Signal()

    def __init__(self, store: ThumbnailStore, parent: QWidget | None = None) -> None:
        """Build the browser, without images.

        Args:
            store: Makes the thumbnails, on background threads.
            parent: Qt's parent.
        """
        super().__init__(parent)
        cache = PixmapCache()
        self.model = ImageListModel(cache, self)
        self.view = ThumbnailView(self.model)
        self.loader = ThumbnailLoader(store.get, cache, parent=self)
        self.scanner = FolderScanner(self)
        self.empty = EmptyState()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.view)
        self._problems = 0
        self._places: dict[str, None] = {}
        self._filter_delay = QTimer(self, interval=_FILTER_DELAY, singleShot=True)
        self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_toolbar())
        layout.addWidget(self._pages, 1)
        self._connect()
        self._refresh_icons()
        self._refresh()

    def open_paths(self, paths: Sequence[str], *, recursive: bool) -> None:
        """Add the images in these folders, and these files, as they are found."""
        self._problems = 0
        self.note_places(paths)
        self.empty.say(self.tr("Looking for images …"))
        self.scanner.scan(paths, recursive=recursive)
        self.status.emit(self.tr("Looking for images …"))

    @property
    def places(self) -> tuple[str, ...]:
        """The folders, and the images by themselves, that are open."""
        return tuple(self._places)

    def note_places(self, paths: Iterable[str]) -> None:
        """Remember where images come from that are, or are going to be, in the list."""
        self._places.update(dict.fromkeys(paths))

    @Slot()
    def clear(self) -> None:
        """Take all images off the list; the files stay where they are."""
        self._places.clear()
        self.scanner.cancel()
        self.model.clear()
        self.empty.show_invitation()
        self.status.emit("")

    def stop(self) -> None:
        """End every thread and timer; for the end of the program."""
        self._filter_delay.stop()
        self.view.stop()
        self.scanner.stop()
        self.loader.stop()

    def _make_actions(self) -> None:
        def action(text: str, tooltip: str, shortcut: str = "") -> QAction:
            made = QAction(text, self)
            made.setShortcut(shortcut)
            made.setToolTip(f"{tooltip} ({shortcut})" if shortcut else tooltip)
            return made

        self.tick_all = action(self.tr("Select &all"), self.tr("Tick all images that are shown"), "Ctrl+A")
        self.tick_none = action(
            self.tr("Select &none"), self.tr("Untick all images that are shown"), "Ctrl+Shift+A"
        )
        self.invert = action(
            self.tr("&Invert"), self.tr("Tick what is not ticked, and untick the rest"), "Ctrl+I"
        )
        self.tick_unprocessed = action(
            self.tr("Only &unprocessed"), self.tr("Tick only the images that have not been read"), "Ctrl+U"
        )
        self.tick_failed = action(
            self.tr("Only &failed"), self.tr("Tick only the images that have failed"), "Ctrl+Shift+F"
        )
        self.toggle = action(
            self.tr("&Toggle selection"), self.tr("Tick or untick the selected images (Space)")
        )
        self.focus_filter = action(self.tr("&Filter by name"), self.tr("Go to the name filter"), "Ctrl+F")
        self.stop_scan = action(
            self.tr("&Stop looking for images"), self.tr("Keep what was found so far"), "Esc"
        )

    @property
    def tick_actions(self) -> tuple[QAction, ...]:
        """The actions that change ticks, in the order of the menu."""
        return (
            self.tick_all,
            self.tick_none,
            self.invert,
            self.tick_unprocessed,
            self.tick_failed,
            self.toggle,
        )

    def _make_toolbar(self) -> QWidget:
        bar = ToolRow()
        row = bar.row
        self.open_button = QToolButton()
        self.open_button.setText(self.tr("Open folder"))
        self.open_button.setToolTip(self.tr("Choose a folder with images (Ctrl+O)."))
        self.open_button.clicked.connect(self.open_pressed)
        bar.add_button(self.open_button)
        row.addSpacing(GRID)
        for action in (self.tick_all, self.tick_none, self.invert, self.tick_unprocessed, self.tick_failed):
            button = QToolButton()
            button.setDefaultAction(action)
            bar.add_button(button)
        row.addSpacing(GRID)
        self.count_label = QLabel()
        row.addWidget(self.count_label)
        row.addStretch(1)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter by name"))
        self.filter.setAccessibleName(self.tr("Filter by name"))
        self.filter.setToolTip(self.tr("Show only images with this in their name (Ctrl+F)."))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(100)
        self.filter.setMaximumWidth(220)
        row.addWidget(self.filter, 1)
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(SMALLEST_EDGE, LARGEST_EDGE)
        self.size_slider.setSingleStep(GRID)
        self.size_slider.setPageStep(4 * GRID)
        self.size_slider.setMinimumWidth(64)
        self.size_slider.setMaximumWidth(120)
        self.size_slider.setValue(self.view.edge)
        self.size_slider.setToolTip(self.tr("Size of the thumbnails."))
        self.size_slider.setAccessibleName(self.tr("Thumbnail size"))
        row.addWidget(self.size_slider)
        return bar

    def _connect(self) -> None:
        self.tick_all.triggered.connect(lambda: self.model.set_ticked(self.model.shown_ids(), ticked=True))
        self.tick_none.triggered.connect(lambda: self.model.set_ticked(self.model.shown_ids(), ticked=False))
        self.invert.triggered.connect(self.model.invert_ticks)
        self.tick_unprocessed.triggered.connect(
            lambda: self.model.tick_only(lambda state: state not in _DONE)
        )
        self.tick_failed.triggered.connect(
            lambda: self.model.tick_only(lambda state: state is ItemState.FAILED)
        )
        self.toggle.triggered.connect(self.view.toggle_selection)
        self.focus_filter.triggered.connect(self.filter.setFocus)
        self.stop_scan.triggered.connect(self.scanner.cancel)
        self.filter.textChanged.connect(lambda _text: self._filter_delay.start())
        self._filter_delay.timeout.connect(lambda: self.model.set_filter(self.filter.text()))
        self.size_slider.valueChanged.connect(self.view.set_edge)
        self.view.wanted.connect(self._load)
        self.view.opened.connect(lambda row: self.opened.emit(self.model.id_at(row)))
        self.loader.loaded.connect(self.model.thumbnails_loaded)
        self.scanner.found.connect(self._add)
        self.scanner.problem.connect(self._note_problem)
        self.scanner.finished.connect(self._conclude_scan)
        self.model.counts_changed.connect(self._refresh)
        self.model.modelReset.connect(self._refresh)
        self.empty.open_pressed.connect(self.open_pressed)

    @Slot(object)
    def _load(self, rows: Sequence[int]) -> None:
        paths = [self.model.image(self.model.id_at(row)).path for row in rows]
        self.loader.want(paths, self.view.device_edge)

    @Slot(object)
    def _add(self, images: list[object]) -> None:
        self.model.add(images)  # type: ignore[arg-type]
        self.status.emit(self.tr("Looking for images … {count} found").format(count=self.model.total))

    @Slot(str, str)
    def _note_problem(self, folder: str, reason: str) -> None:
        self._problems += 1
        self.status.emit(
            self.tr("The folder {folder} could not be listed: {reason}.").format(
                folder=printable(folder), reason=reason
            )
        )

    @Slot(int)
    def _conclude_scan(self, found: int) -> None:
        if found == 0:
            self.empty.say(self.tr("No images were found there. Drop another folder here, or open one."))
            self.status.emit(self.tr("No images were found."))
        elif self._problems:
            self.status.emit(self.tr("%n image(s) found; some folders could not be listed.", "", found))
        else:
            self.status.emit(self.tr("%n image(s) found.", "", found))
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Follow the counts of the model."""
        has_images = self.model.total > 0
        if has_images and not self.model.rowCount():
            text = self.filter.text().strip()
            self.empty.say(self.tr("No image has “{text}” in its name.").format(text=text), can_open=False)
        self._pages.setCurrentWidget(self.view if self.model.rowCount() else self.empty)
        self.count_label.setText(
            self.tr("{ticked} of {total} ticked").format(ticked=self.model.ticked, total=self.model.total)
            if has_images
            else ""
        )
        for action in self.tick_actions:
            action.setEnabled(has_images)
        self.tick_failed.setEnabled(self.model.count_of(ItemState.FAILED) > 0)
        self.stop_scan.setEnabled(self.scanner.is_active)

    def _refresh_icons(self) -> None:
        apply_icons(
            [
                (self.open_button, "mdi6.folder-open-outline"),
                (self.tick_all, "mdi6.checkbox-multiple-marked-outline"),
                (self.tick_none, "mdi6.checkbox-multiple-blank-outline"),
                (self.invert, "mdi6.select-inverse"),
                (self.tick_unprocessed, "mdi6.circle-outline"),
                (self.tick_failed, "mdi6.alert-circle-outline"),
            ],
            self.palette(),
        )

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "size_slider"):
            self._refresh_icons()
