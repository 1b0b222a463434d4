"""The right side of the viewer: the text to correct, and what is known about it in other tabs."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from ocr_desktop.gui.look.appearance import GRID, faint
from ocr_desktop.gui.look.elided_label import ElidedLabel
from ocr_desktop.gui.viewer.correction_editor import CorrectionEditor
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.gui.viewer.fields import describe_image
from ocr_desktop.gui.viewer.fields_table import FieldsTable
from ocr_desktop.gui.viewer.find_bar import FindBar
from ocr_desktop.gui.viewer.long_text import LongText
from ocr_desktop.gui.viewer.viewed_page import ViewedText
from ocr_desktop.gui.viewer.viewer_actions import ViewerActions


class TextPanel(QTabWidget):
    """Tabs *Text*, *Fields*, *JSON* and *TXT*."""

    def __init__(self, actions: ViewerActions, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("What is known about this image"))
        self.editor = CorrectionEditor()
        self.find_bar = FindBar(actions.find_previous, actions.find_next)
        self.state = ElidedLabel()
        self.state.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        self.fields = FieldsTable()
        self.json = LongText(self.tr("The JSON file as it is on the disk"))
        self.txt = LongText(self.tr("The TXT file as it is on the disk"))
        for edit in (self.editor, self.json, self.txt):
            edit.setFrameShape(QFrame.Shape.NoFrame)
        self.text_tab = self._make_text_tab(actions)
        for widget, title in (
            (self.text_tab, self.tr("&Text")),
            (self.fields, self.tr("F&ields")),
            (self.json, self.tr("&JSON")),
            (self.txt, self.tr("T&XT")),
        ):
            self.addTab(widget, title)
        self._tint()

    def show_loading(self) -> None:
        """Nothing is known yet."""
        self.editor.setPlaceholderText(self.tr("Loading …"))
        self.fields.fields.show_fields(())
        self.json.show_text("")
        self.txt.show_text("")

    def show_view(self, entry: ViewerEntry, view: ViewedText) -> None:
        """Show what was loaded; the text itself is put into the editor by its corrector."""
        if entry.outcome is None:
            self.editor.setPlaceholderText(self.tr("This image has not been read yet."))
        else:
            nothing = self.tr("No text was found on this image.")
            self.editor.setPlaceholderText(view.result.problem or nothing)
        self.fields.fields.show_fields(describe_image(entry.path, entry.outcome, view.result.document))
        for widget, text in ((self.json, view.result.json), (self.txt, view.result.txt)):
            widget.show_text(text)
            widget.setPlaceholderText(self.tr("There is no such file for this image."))

    def _make_text_tab(self, actions: ViewerActions) -> QWidget:
        row = QHBoxLayout()
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID // 2)
        row.addWidget(actions.button(actions.save, with_text=True))
        for action in (actions.undo, actions.redo, actions.revert):
            row.addWidget(actions.button(action))
        row.addStretch(1)
        tab = QWidget()
        layout = QVBoxLayout(tab)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.state)
        return tab

    def _tint(self) -> None:
        palette = self.state.palette()
        palette.setColor(QPalette.ColorRole.WindowText, faint(self.palette()))
        self.state.setPalette(palette)

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "text_tab"):
            self._tint()
            self.find_bar.refresh_icons()
