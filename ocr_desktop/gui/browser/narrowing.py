"""Which images are shown: brings search field, switches, tree of folders and search in texts together."""

from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.gui.browser.filter_bar import FilterBar
from ocr_desktop.gui.browser.folder_panel import FolderPanel
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.images.image_query import Query
from ocr_desktop.gui.images.result_search import ResultSearch


class Narrowing(QObject):
    """Listens to the controls and tells the model. GUI thread only.

    Signals:
        changed: Other images may be shown, or none for another reason.
        status: A sentence for the status line; empty when what was said no longer holds.
    """

    changed = Signal()
    status = Signal(str)

    def __init__(
        self,
        model: ImageListModel,
        filters: FilterBar,
        folders: FolderPanel,
        search: ResultSearch,
        parent: QObject | None = None,
    ) -> None:
        """Begin to listen.

        Args:
            model: Shows what passes.
            filters: Names, texts and states.
            folders: The tree.
            search: Looks for texts in results.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._model = model
        self._filters = filters
        self._folders = folders
        self._search = search
        self._has_said = False
        filters.changed.connect(self._narrow)
        folders.chosen.connect(self._apply)
        search.changed.connect(self._apply)

    @Slot()
    def show_all(self) -> None:
        """Leave no image out."""
        self._filters.clear()
        self._folders.choose_all()

    def why_nothing(self) -> str:
        """Say why no image is shown although there are some."""
        text = self._filters.needle
        if text and not self._filters.is_text_wanted:
            return self.tr("No image has “{text}” in its name.").format(text=text)
        if self._search.is_active:
            return self.tr("Searching the texts …")
        if text and not self._search.has_results:
            return self.tr("No image of the list has been read yet, so there is no text to search.")
        if text:
            return self.tr("No text that was read has “{text}” in it.").format(text=text)
        return self.tr("No image is in the state that was chosen.")

    @Slot()
    def _narrow(self) -> None:
        self._search.search(self._filters.needle if self._filters.is_text_wanted else "")
        self._apply()

    @Slot()
    def _apply(self) -> None:
        filters = self._filters
        self._model.set_query(
            Query(
                text="" if filters.is_text_wanted else filters.needle,
                states=filters.chips.states,
                folder=self._folders.folder,
                ids=self._search.ids,
            )
        )
        self.changed.emit()
        self._tell()

    def _tell(self) -> None:
        if self._search.is_active:
            self.status.emit(self.tr("Searching the texts …"))
        elif self._search.needle:
            self.status.emit(self.tr("%n image(s) with this text.", "", len(self._search.ids or ())))
        elif self._has_said:
            self.status.emit("")
        self._has_said = bool(self._search.needle)
