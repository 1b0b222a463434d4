"""The widths that somebody gave to the panes beside the grid, kept over a restart."""

import msgspec
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSplitter, QWidget

from ocr_desktop.gui.settings.window_settings import WindowSettings


class PaneWidths(QObject):
    """Notes the widths when the splitter is moved; gives them to panes that are shown. GUI thread only."""

    def __init__(self, splitter: QSplitter, folders: QWidget, preview: QWidget) -> None:
        """Begin to follow.

        Args:
            splitter: Holds both panes and the grid between them.
            folders: The pane before the grid.
            preview: The pane after it.
        """
        super().__init__(splitter)
        self._splitter = splitter
        self._folders = folders
        self._preview = preview
        self._widths = {folders: 0, preview: 0}
        splitter.splitterMoved.connect(self._note)
        for pane in self._widths:
            pane.installEventFilter(self)

    def use_settings(self, settings: WindowSettings) -> None:
        """Give the panes the widths that they had the last time."""
        self._widths[self._folders] = settings.folders_width
        self._widths[self._preview] = settings.preview_width
        self._give()

    def note_settings(self, settings: WindowSettings) -> WindowSettings:
        """Return the settings with the widths that were chosen."""
        return msgspec.structs.replace(
            settings, folders_width=self._widths[self._folders], preview_width=self._widths[self._preview]
        )

    def _note(self) -> None:
        for pane in self._widths:
            if pane.isVisible():
                self._widths[pane] = pane.width()

    def _give(self) -> None:
        wanted = {pane: width for pane, width in self._widths.items() if width and not pane.isHidden()}
        sizes = self._splitter.sizes()
        total = sum(sizes)
        if not wanted or not total:
            return
        panes = [self._splitter.widget(place) for place in range(self._splitter.count())]
        for place, pane in enumerate(panes):
            if pane in self._widths:  # one that is just being shown has no size yet
                width = wanted.get(pane) or sizes[place] or pane.sizeHint().width()
                sizes[place] = 0 if pane.isHidden() else width
        middle = next(place for place, pane in enumerate(panes) if pane not in self._widths)
        sizes[middle] = max(0, total - sum(sizes) + sizes[middle])
        self._splitter.setSizes(sizes)

    # -- Qt

    def eventFilter(self, pane: QObject, event: QEvent) -> bool:
        """A pane that is shown gets its width back."""
        if event.type() == QEvent.Type.Show:
            self._give()
        return super().eventFilter(pane, event)
