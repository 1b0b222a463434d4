"""What the user makes of a text: whether it is changed, saving it, going back to what was read."""

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.viewer.correction_editor import CorrectionEditor
from ocr_desktop.gui.viewer.correction_saver import CorrectionSaver, SavedCorrection, SaveOrder
from ocr_desktop.gui.viewer.viewed_page import ViewedText
from ocr_desktop.gui.viewer.word_map import WordMap


class Corrector(QObject):
    """Watches over the text of one image at a time. GUI thread only.

    Signals:
        changed: Something else can be done now, or something else is true of the text.
        saved: A :class:`SavedCorrection`.
        failed: A :class:`Failure`; the text is still in the editor.
    """

    changed = Signal()
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, editor: CorrectionEditor, parent: QObject | None = None) -> None:
        """Watch over ``editor``."""
        super().__init__(parent)
        self._editor = editor
        self._saver = CorrectionSaver(self)
        self._saver.saved.connect(self._note_saved)
        self._saver.failed.connect(self._note_failed)
        self._view: ViewedText | None = None
        self._kept = ""
        self._read = ""
        editor.textChanged.connect(self.changed)
        editor.undoAvailable.connect(self.changed)
        editor.redoAvailable.connect(self.changed)

    @property
    def document(self) -> ResultDocument | None:
        """The result as it was last saved; None where there is none that can be corrected."""
        return self._view.result.document if self._view is not None else None

    @property
    def is_dirty(self) -> bool:
        """Whether there is something that is not saved."""
        return self.document is not None and self._editor.exact_text != self._kept

    @property
    def has_text(self) -> bool:
        """Whether there is a text at all."""
        return bool(self._editor.exact_text)

    @property
    def is_saving(self) -> bool:
        """Whether something is being saved."""
        return self._saver.is_busy

    @property
    def is_corrected(self) -> bool:
        """Whether a correction is kept."""
        return self.document is not None and self.document.correction is not None

    @property
    def can_revert(self) -> bool:
        """Whether the text in the editor is another than the engine's own."""
        document = self.document
        return document is not None and self._editor.exact_text != self._read

    def show(self, view: ViewedText | None) -> None:
        """Show the text of another image, or of the same one read anew; None for none."""
        self._view = view
        text, words = (view.result.text, WordMap(view.spans)) if view is not None else ("", WordMap())
        self._editor.show_text(text, words)
        self._kept = self._editor.exact_text
        self._read = _as_edited(self.document.text) if self.document is not None else ""
        self._editor.setReadOnly(self.document is None)
        self.changed.emit()

    @Slot()
    def save(self) -> None:
        """Save the text, in the background."""
        view, document = self._view, self.document
        if view is None or document is None or view.request.outcome is None or not self.is_dirty:
            return
        text = self._editor.exact_text
        order = SaveOrder(
            path=view.request.path,
            result_files=view.request.outcome.result_files,
            text=None if text == self._read else text,
        )
        self._saver.save(order)
        self.changed.emit()

    @Slot()
    def revert(self) -> None:
        """Put the engine's own text into the editor; that can be undone, and is saved like any other text."""
        if self.document is not None and self.can_revert:
            self._editor.replace_text(self.document.text)

    def discard(self) -> None:
        """Drop what is not saved."""
        self.show(self._view)

    def stop(self) -> None:
        """Wait until what is being saved is saved. Calling it twice does no harm."""
        self._saver.stop()

    @Slot(object)
    def _note_saved(self, saved: SavedCorrection) -> None:
        view = self._view
        if view is not None and view.request.path == saved.order.path:
            document = saved.result.document
            result = msgspec.structs.replace(view.result, document=document, text=document.best_text)
            self._view = msgspec.structs.replace(view, result=result)
            self._kept = _as_edited(document.best_text)
        self.changed.emit()
        self.saved.emit(saved)

    @Slot(object, object)
    def _note_failed(self, _order: SaveOrder, failure: Failure) -> None:
        self.changed.emit()
        self.failed.emit(failure)


def _as_edited(text: str) -> str:
    """Return a text as the editor gives it back: with newlines alone at the ends of lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
