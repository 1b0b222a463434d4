"""The viewer: shows one image of a list with its text, and steps through the list."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.reveal import show_in_folder
from ocr_desktop.gui.viewer.corrector import Corrector
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.gui.viewer.legend import Legend
from ocr_desktop.gui.viewer.page_canvas import PageCanvas
from ocr_desktop.gui.viewer.text_panel import TextPanel
from ocr_desktop.gui.viewer.unsaved_banner import UnsavedBanner
from ocr_desktop.gui.viewer.viewed_page import ViewedPicture, ViewedText, ViewRequest, load_view
from ocr_desktop.gui.viewer.viewer_actions import ViewerActions
from ocr_desktop.gui.viewer.viewer_texts import describe_place, describe_text, name_of
from ocr_desktop.gui.viewer.viewer_toolbar import ViewerToolbar
from ocr_desktop.gui.viewer.word_link import WordLink

_TEXT_ONLY = frozenset({"text"})
_PICTURE_ONLY = frozenset({"picture"})


class Viewer(QDialog):
    """Shows one entry of a list; a window of its own, not a modal one.

    Signals:
        saved: A :class:`SavedCorrection`.
    """

    saved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the viewer; :meth:`show_entries` fills it."""
        super().__init__(parent, Qt.WindowType.Window)
        self._entries: Sequence[ViewerEntry] = ()
        self._position = 0
        self._entry = ViewerEntry("", None)
        self.commands = ViewerActions(self)
        self.page = PageCanvas()
        self.panel = TextPanel(self.commands)
        self.text = self.panel.editor
        self.banner = MessageBanner()
        self.question = UnsavedBanner()
        self.legend = Legend()
        self.toolbar = ViewerToolbar(self.commands)
        self.corrector = Corrector(self.text, self)
        self.link = WordLink(self.page, self.text, self)
        self._loader = LatestLoader("viewer", load_view, _apologize, self)
        self._rereader = LatestLoader("viewer-reread", load_view, lambda _request, _error: None, self)
        self._lay_out()
        self._connect()
        self._refresh()
        resize_within_screen(self, 1200, 800)

    @property
    def entry(self) -> ViewerEntry:
        """What is shown."""
        return self._entry

    @property
    def is_dirty(self) -> bool:
        """Whether there are changes that are not saved."""
        return self.corrector.is_dirty

    def show_entries(self, entries: Sequence[ViewerEntry], position: int) -> None:
        """Show the entry at ``position``, and be ready to step to the others; asks about changes first."""
        self.leave(lambda: self._begin(entries, position))

    def leave(self, then: Callable[[], object]) -> None:
        """Do ``then`` once no change can be lost by it: at once, or when the user has said what to do."""
        if self.corrector.is_dirty:
            self.question.ask(name_of(self._entry), then)
            self.raise_()
            self.activateWindow()
        else:
            then()

    def look_again(self) -> None:
        """Show what has become of the image since, unless it is being edited."""
        if self.corrector.is_dirty or self.corrector.is_saving or self._position >= len(self._entries):
            return
        entry = self._entries[self._position]
        is_read = entry.path == self._entry.path and entry.outcome is not None
        if is_read and entry.outcome != self._entry.outcome:
            self._go_to(self._position)

    def stop(self) -> None:
        """End every thread; what is being saved is saved. Calling it twice does no harm."""
        self.corrector.stop()
        self._loader.stop()
        self._rereader.stop()
        self.link.stop()
        self.page.stop()

    # -- Building

    def _lay_out(self) -> None:
        splitter = QSplitter()
        splitter.addWidget(self.page)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([720, 480])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.toolbar, self.banner, self.question):
            layout.addWidget(widget)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.legend)

    def _connect(self) -> None:
        commands, page, link = self.commands, self.page, self.link
        commands.connect(
            [
                (commands.previous, lambda: self._step(-1)),
                (commands.next, lambda: self._step(1)),
                (commands.zoom_in, page.zoom_in),
                (commands.zoom_out, page.zoom_out),
                (commands.fit, page.fit),
                (commands.fit_width, page.fit_width),
                (commands.actual, page.actual_size),
                (commands.boxes, page.boxes.set_drawn),
                (commands.next_doubtful, lambda: self._step_doubtful(1)),
                (commands.previous_doubtful, lambda: self._step_doubtful(-1)),
                (commands.find, self._find),
                (commands.find_next, lambda: self._step_hit(1)),
                (commands.find_previous, lambda: self._step_hit(-1)),
                (commands.copy, self._copy),
                (commands.reveal, lambda: show_in_folder(self._entry.path)),
                (commands.save, self.corrector.save),
                (commands.revert, self.corrector.revert),
                (commands.undo, self.text.undo),
                (commands.redo, self.text.redo),
            ]
        )
        # Only on the image: in the text these keys move the caret.
        for key, by in ((Qt.Key.Key_PageUp, -1), (Qt.Key.Key_PageDown, 1)):
            shortcut = QShortcut(QKeySequence(key), page, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=by: self._step(by))
        page.zoomed.connect(self.toolbar.show_zoom)
        self._loader.loaded.connect(self._show_part)
        self._rereader.loaded.connect(self._show_reread)
        self.toolbar.page_chosen.connect(self._turn_page)
        link.page_wanted.connect(self.toolbar.turn_to)
        link.found.connect(self.panel.find_bar.show_count)
        link.counted.connect(self.legend.show_count)
        self.legend.threshold_changed.connect(link.set_threshold)
        self.panel.find_bar.wanted.connect(link.find)
        self.panel.find_bar.stepped.connect(self._step_hit)
        self.corrector.changed.connect(self._refresh)
        self.corrector.saved.connect(self._note_saved)
        self.corrector.failed.connect(self._note_failed)
        self.question.save_chosen.connect(self.corrector.save)
        self.question.discard_chosen.connect(self._discard)

    # -- Showing

    def _begin(self, entries: Sequence[ViewerEntry], position: int) -> None:
        self._entries = entries
        self._go_to(position)

    def _step(self, by: int) -> None:
        position = self._position + by
        if 0 <= position < len(self._entries):
            self.leave(lambda: self._go_to(position))

    def _go_to(self, position: int) -> None:
        self._position = position
        self._entry = entry = self._entries[position]
        self.banner.hide()
        self.corrector.show(None)
        self.link.show_document(None)
        self.panel.show_loading()
        self.page.show_message(self.tr("Loading …"))
        self.toolbar.show_pages(1)
        if entry.path:
            self._loader.load(ViewRequest(entry.path, entry.outcome, entry.rotation))
        else:
            self._loader.load(None)
            self.page.show_message(self.tr("This image is not in the list any more."))
        self._refresh()

    @Slot(object)
    def _show_part(self, part: ViewedText | ViewedPicture) -> None:
        if isinstance(part, ViewedPicture):
            self._show_picture(part)
            return
        self.corrector.show(part)
        document = part.result.document
        self.link.show_document(document)
        self.toolbar.show_pages(len(document.pages) if document is not None else 1)
        self.panel.show_view(self._entry, part)
        self._refresh()

    @Slot(object)
    def _show_reread(self, text: ViewedText | None) -> None:
        """Show the files as they are after a correction was saved."""
        if text is not None and text.request.path == self._entry.path:
            self.panel.show_view(self._entry, text)

    def _show_picture(self, picture: ViewedPicture) -> None:
        if picture.pyramid is None or picture.index is None:
            self.page.show_message(picture.problem)
        else:
            document, number = self.corrector.document, picture.request.page
            words = document.pages[number].words if document is not None and document.pages else ()
            self.page.show_pyramid(picture.pyramid, words, picture.index)
        self.link.show_page(picture.request.page)

    @Slot(int)
    def _turn_page(self, number: int) -> None:
        entry = self._entry
        request = ViewRequest(entry.path, entry.outcome, entry.rotation, number, _PICTURE_ONLY)
        self._loader.load(request)

    @Slot()
    def _refresh(self) -> None:
        """Bring every control in line with what is shown."""
        commands, corrector, document = self.commands, self.corrector, self.text.document()
        name = name_of(self._entry)
        is_dirty = corrector.is_dirty
        self.setWindowTitle(f"{name}[*]")
        self.setWindowModified(is_dirty)
        self.toolbar.about.setText(describe_place(self._entry, self._position, len(self._entries)))
        commands.previous.setEnabled(self._position > 0)
        commands.next.setEnabled(self._position < len(self._entries) - 1)
        commands.save.setEnabled(is_dirty and not corrector.is_saving)
        commands.revert.setEnabled(corrector.can_revert)
        commands.undo.setEnabled(document.isUndoAvailable())
        commands.redo.setEnabled(document.isRedoAvailable())
        commands.copy.setEnabled(not document.isEmpty())
        self.panel.state.setText(describe_text(self.corrector))

    # -- Acting

    def _step_doubtful(self, by: int) -> None:
        self.panel.setCurrentWidget(self.panel.text_tab)
        if self.link.step_doubtful(by):
            self.text.setFocus()

    @Slot()
    def _find(self) -> None:
        self.panel.setCurrentWidget(self.panel.text_tab)
        self.panel.find_bar.begin()

    @Slot(int)
    def _step_hit(self, by: int) -> None:
        self.panel.setCurrentWidget(self.panel.text_tab)
        if self.panel.find_bar.isHidden():
            self.panel.find_bar.begin()
        self.link.step_hit(by)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.exact_text)

    @Slot()
    def _discard(self) -> None:
        self.corrector.discard()
        self.question.go_on()

    @Slot(object)
    def _note_saved(self, saved: object) -> None:
        self.banner.hide()
        self.saved.emit(saved)
        if self.question.is_waiting and not self.corrector.is_dirty:  # else more was typed meanwhile
            self.question.go_on()
            return
        entry = self._entry
        self._rereader.load(ViewRequest(entry.path, entry.outcome, parts=_TEXT_ONLY))

    @Slot(object)
    def _note_failed(self, failure: Failure) -> None:
        self.question.keep_editing()
        self.banner.show_failure(failure)

    # -- Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the image, so that the keys act on it."""
        super().showEvent(event)
        self.page.setFocus()

    def reject(self) -> None:
        """Escape and the window's cross end here; ask first if something would be lost."""
        self.leave(super().reject)

    def done(self, result: int) -> None:
        """Let go of the threads and the picture; both come back with the next image that is shown."""
        self._loader.release()
        self._rereader.release()
        self.link.release()
        self.page.show_message("")
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "legend"):
            self.commands.refresh_icons()


def _apologize(request: ViewRequest, error: Exception) -> ViewedPicture:
    return ViewedPicture(request, problem=str(error))
