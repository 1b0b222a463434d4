"""The upper part of the window: images found, shown, narrowed down and ticked."""

from collections.abc import Iterable, Sequence

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.gui.browser.browser_toolbar import BrowserToolbar
from ocr_desktop.gui.browser.drop_highlight import DropHighlight
from ocr_desktop.gui.browser.empty_state import EmptyState
from ocr_desktop.gui.browser.filter_bar import FilterBar
from ocr_desktop.gui.browser.folder_panel import FolderPanel
from ocr_desktop.gui.browser.hover_preview import HoverPreview
from ocr_desktop.gui.browser.image_actions import ImageActions
from ocr_desktop.gui.browser.narrowing import Narrowing
from ocr_desktop.gui.browser.pane_widths import PaneWidths
from ocr_desktop.gui.browser.preview_pane import PreviewPane
from ocr_desktop.gui.browser.scan_display import ScanDisplay
from ocr_desktop.gui.browser.tick_actions import TickActions
from ocr_desktop.gui.browser.view_actions import ViewActions
from ocr_desktop.gui.grid.pixmap_cache import PixmapCache
from ocr_desktop.gui.grid.thumbnail_loader import ThumbnailLoader
from ocr_desktop.gui.grid.thumbnail_view import ThumbnailView
from ocr_desktop.gui.images.earlier_reads import EarlierReads
from ocr_desktop.gui.images.folder_scanner import FolderScanner
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.images.result_search import ResultSearch
from ocr_desktop.gui.settings.window_settings import WindowSettings
from ocr_desktop.services.thumbnails import ThumbnailStore


class ImageBrowser(QWidget):
    """Toolbar, filter, folders, grid and preview, and what fills them: the scanner and the loaders.

    Signals:
        status: A sentence for the status line.
        opened: The id of an image to look at.
        open_pressed: A folder is to be chosen.
        read_again_requested: A list of the ids of images to be read again.
    """

    status = Signal(str)
    opened = Signal(int)
    open_pressed = Signal()
    read_again_requested = Signal(object)

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
        self.search = ResultSearch(self.model.results, self)
        self.earlier = EarlierReads(self)
        self.empty = EmptyState()
        self.scan = ScanDisplay(self.scanner, self.model, self.empty, self)
        self.ticks = TickActions(self.model, self.view.toggle_selection, self)
        self.views = ViewActions(self)
        self.images = ImageActions(self.model, self.view.selected_ids, self._current_id, self)
        panes = (self.views.show_folders, self.views.show_preview)
        self.toolbar = BrowserToolbar(self.ticks.in_toolbar, panes, self.view.edge)
        self.filters = FilterBar(self.views)
        self.folders = FolderPanel(self.model)
        self.narrowing = Narrowing(self.model, self.filters, self.folders, self.search, self)
        buttons = (self.images.open, self.images.rotate_left, self.images.rotate_right)
        self.preview = PreviewPane(self.model, store.get, buttons)
        self.hover = HoverPreview(self.view, self.model, store.get, self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.view)
        self._places: dict[str, None] = {}
        self._lay_out()
        self._connect()
        self._refresh_icons()
        self._refresh()
        self._follow_panes()

    def open_paths(self, paths: Sequence[str], *, recursive: bool) -> None:
        """Add the images in these folders, and these files, as they are found."""
        self.note_places(paths)
        self.scan.begin()
        self.scanner.scan(paths, recursive=recursive)

    @property
    def places(self) -> tuple[str, ...]:
        """The folders, and the images by themselves, that are open."""
        return tuple(self._places)

    def note_places(self, paths: Iterable[str]) -> None:
        """Remember where images come from that are, or are going to be, in the list."""
        self._places.update(dict.fromkeys(paths))
        self.folders.set_tops(self.places)

    @Slot()
    def clear(self) -> None:
        """Take all images off the list; the files stay where they are."""
        self._places.clear()
        self.scanner.cancel()
        self.earlier.cancel()
        self.narrowing.show_all()
        self.model.clear()
        self.empty.show_invitation()
        self.status.emit("")

    def end_run(self) -> None:
        """A run has ended: put back what it has not read, to where it was."""
        left = self.model.end_run()
        if left:
            images = [(image_id, self.model.image(image_id)) for image_id in left]
            self._ask(images)

    def stop(self) -> None:
        """End every thread and timer; for the end of the program."""
        for part in (self.filters, self.hover, self.view, self.folders, self.search, self.earlier):
            part.stop()
        self.scanner.stop()
        self.preview.stop()
        self.loader.stop()
        self.model.stop()

    def set_drop_target(self, *, active: bool) -> None:
        """Show that files may be dropped here, or no longer."""
        self._drop.set_shown(shown=active)

    def use_settings(self, settings: WindowSettings) -> None:
        """Show everything the way it was the last time."""
        self.toolbar.size_slider.setValue(settings.thumbnail_edge)
        self.views.use_settings(settings)
        self.widths.use_settings(settings)
        if settings.options.output_dir != self.earlier.output_dir:
            self.earlier.set_output_dir(settings.options.output_dir)
            self.model.forget_earlier()
            self._ask_for_earlier()

    def note_settings(self, settings: WindowSettings) -> WindowSettings:
        """Return the settings with the way in which everything is shown now."""
        noted = self.widths.note_settings(settings)
        return self.views.note_settings(msgspec.structs.replace(noted, thumbnail_edge=self.view.edge))

    # -- Building

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        for widget in (self.folders, self._pages, self.preview):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        self.widths = PaneWidths(self.splitter, self.folders, self.preview)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.filters)
        layout.addWidget(self.splitter, 1)
        self._drop = DropHighlight(self)
        self.images.give_keys(self.view)
        self.images.give_keys(self.preview)

    def _connect(self) -> None:
        self.toolbar.open_pressed.connect(self.open_pressed)
        self.toolbar.size_slider.valueChanged.connect(self.view.set_edge)
        self.empty.open_pressed.connect(self.open_pressed)
        self.empty.clear_pressed.connect(self.narrowing.show_all)
        self.filters.left.connect(self.view.setFocus)
        self.narrowing.changed.connect(self._refresh)
        self.narrowing.status.connect(self.status)
        self.folders.needed_changed.connect(self._follow_panes)
        self.views.order_changed.connect(self._follow_order)
        for switch in (self.views.show_folders, self.views.show_preview):
            switch.toggled.connect(self._follow_panes)
        self.views.hover_preview.toggled.connect(lambda wanted: self.hover.set_hover(wanted=wanted))
        self.views.larger.triggered.connect(lambda: self.toolbar.step_size(1))
        self.views.smaller.triggered.connect(lambda: self.toolbar.step_size(-1))
        self.view.wanted.connect(self._load)
        self.view.opened.connect(lambda row: self.opened.emit(self.model.id_at(row)))
        self.view.menu_requested.connect(self.images.pop_up)
        self.view.selectionModel().currentChanged.connect(self._follow_current)
        self.images.opened.connect(self.opened)
        self.images.status.connect(self.status)
        self.images.read_again_requested.connect(self.read_again_requested)
        self.loader.loaded.connect(self.model.thumbnails_loaded)
        self.scan.status.connect(self.status)
        self.scanner.finished.connect(self._refresh)
        self.scanner.finished.connect(self._ask_for_earlier)
        self.earlier.found.connect(self.model.take_earlier)
        self.earlier.finished.connect(self._tell_of_earlier)
        self.model.counts_changed.connect(self._refresh)
        self.model.counts_changed.connect(self.search.follow_results)
        self.model.modelReset.connect(self._refresh)
        self.model.modelReset.connect(self._follow_current)

    # -- Following

    def _current_id(self) -> int | None:
        index = self.view.currentIndex()
        return self.model.id_at(index.row()) if index.isValid() else None

    @Slot()
    def _follow_order(self) -> None:
        self.model.set_order(self.views.order, descending=self.views.descending.isChecked())

    @Slot()
    def _follow_panes(self) -> None:
        """Show what is wanted and useful; without the tree there is no way back from a folder."""
        if not (self.views.show_folders.isChecked() and self.folders.is_needed):
            self.folders.choose_all()
        self.folders.setVisible(self.views.show_folders.isChecked() and self.folders.is_needed)
        self.preview.setVisible(self.views.show_preview.isChecked() and self.model.total > 0)

    @Slot()
    def _follow_current(self) -> None:
        self.preview.show_image(self._current_id())
        self.images.refresh()

    @Slot(object)
    def _load(self, rows: Sequence[int]) -> None:
        paths = [self.model.image(self.model.id_at(row)).path for row in rows]
        self.loader.want(paths, self.view.device_edge)
        self._prefer(rows)

    @Slot()
    def _ask_for_earlier(self) -> None:
        """Find out which images have been read before; those that can be seen come first."""
        self.earlier.cancel()  # what still waits is asked for again
        self._ask(self.model.untouched())
        self._prefer(self.view.visible_rows())

    def _ask(self, images: Sequence[tuple[int, FoundImage]]) -> None:
        mirrors = self.earlier.output_dir is not None
        self.earlier.ask(images, self.model.roots() if mirrors else ())

    def _prefer(self, rows: Sequence[int]) -> None:
        if self.earlier.is_active:
            ids = [self.model.id_at(row) for row in rows]
            self.earlier.prefer([(each, self.model.image(each)) for each in ids])

    @Slot(int)
    def _tell_of_earlier(self, found: int) -> None:
        if found:
            text = self.tr("%n image(s) were read before; “Only unprocessed” leaves them out.", "", found)
            self.status.emit(text)

    @Slot()
    def _refresh(self) -> None:
        """Follow the counts of the model."""
        total, shown = self.model.total, self.model.rowCount()
        is_first = total > 0 and self.filters.isHidden()
        if total and not shown:
            self.empty.say_nothing_passes(self.narrowing.why_nothing())
        self._pages.setCurrentWidget(self.view if shown else self.empty)
        self.filters.setVisible(total > 0)
        self.filters.show_counts(self.model.count_of)
        self.toolbar.show_counts(ticked=self.model.ticked, total=total, shown=shown)
        self.ticks.refresh()
        if (total > 0) == self.preview.isHidden():
            self._follow_panes()
        if is_first and shown and not isinstance(self.window().focusWidget(), QLineEdit):
            self.view.setFocus()  # keys are for the images now, not for the button that opens a folder

    def _refresh_icons(self) -> None:
        palette = self.palette()
        for part in (self.toolbar, self.ticks, self.views, self.images):
            part.refresh_icons(palette)

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_drop"):
            self._refresh_icons()
