"""The text of an image, to be read and corrected: doubtful words are marked, each word answers."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Signal, Slot
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTextBlock,
    QTextCursor,
    QTextLine,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ocr_desktop.gui.look.fixed_font import fixed_font
from ocr_desktop.gui.viewer.confidence import Tier, found_colour, tier_colour, tier_line, tier_tint
from ocr_desktop.gui.viewer.word_map import Span, WordMap, in_units


class CorrectionEditor(QPlainTextEdit):
    """A text editor that knows which word of the image stands where.

    Signals:
        hovered: The number of the word that the pointer is on, or None.
        word_entered: The number of the word that the caret is in, or None.
        edited: The text was changed by the user.
    """

    hovered = Signal(object)
    word_entered = Signal(object)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setFont(fixed_font())
        self.setAccessibleName(self.tr("Text"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self._map = WordMap()
        self._tier_of: Callable[[int], Tier] = lambda _number: Tier.SURE
        self._hits: Sequence[Span] = ()
        self._hit: Span | None = None
        self._hovered: int | None = None
        self._entered: int | None = None
        self._is_filling = False
        self._text, self._text_revision = "", -1
        self._units = ("", "")
        self._looks = _Looks(self.palette())
        self.document().contentsChange.connect(self._follow)
        self.cursorPositionChanged.connect(self._enter)

    @property
    def words(self) -> WordMap:
        """Where the words are."""
        return self._map

    @property
    def exact_text(self) -> str:
        """The text with its no-break spaces, which Qt's own plain text has lost."""
        revision = self.document().revision()
        if revision != self._text_revision:
            self._text, self._text_revision = _with_newlines(self.document().toRawText()), revision
        return self._text

    @property
    def units(self) -> str:
        """The text with as many characters as Qt counts positions."""
        text = self.exact_text
        if text is not self._units[0]:
            self._units = (text, in_units(text))
        return self._units[1]

    @property
    def is_filling(self) -> bool:
        """Whether the program is putting a text in, and nobody is typing."""
        return self._is_filling

    def show_text(self, text: str, words: WordMap) -> None:
        """Show another text; what was typed before cannot be undone any more."""
        self._is_filling = True
        self._map = WordMap()
        self._hits, self._hit, self._hovered, self._entered = (), None, None, None
        self.setPlainText(text)
        self._map = words
        self._is_filling = False
        self.viewport().update()

    def replace_text(self, text: str) -> None:
        """Put another text in its place, as if it had been typed: it can be undone."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def set_words(self, words: WordMap) -> None:
        """Use other places of the words for the same text."""
        self._map = words
        self.viewport().update()

    def set_tiers(self, tier_of: Callable[[int], Tier]) -> None:
        """Mark words by how sure the engine was."""
        self._tier_of = tier_of
        self.viewport().update()

    def set_hits(self, hits: Sequence[Span], current: Span | None) -> None:
        """Mark what a search has found."""
        self._hits, self._hit = hits, current
        self.viewport().update()

    def hover(self, number: int | None) -> None:
        """Mark the word that the pointer is on, here or on the image."""
        if number != self._hovered:
            self._hovered = number
            self.viewport().update()

    def go_to(self, span: Span, *, select: bool = False) -> None:
        """Put the caret into a stretch of the text and scroll there."""
        cursor = self.textCursor()
        cursor.setPosition(span[0])
        if select:
            cursor.setPosition(span[1], QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    @Slot(int, int, int)
    def _follow(self, position: int, removed: int, added: int) -> None:
        # What was asked for while Qt was still at the change (it says so early that there is something to
        # undo) is half of it, and has the same revision.
        self._text_revision = -1
        if self._is_filling:
            return
        length = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, length))
        cursor.setPosition(min(position + added, length), QTextCursor.MoveMode.KeepAnchor)
        self._map.edit(position, removed, _with_newlines(cursor.selectedText()))
        self._hits, self._hit = (), None
        self.edited.emit()
        self.viewport().update()

    @Slot()
    def _enter(self) -> None:
        if self._is_filling:
            return
        number = self._map.word_at(self.textCursor().position())
        if number != self._entered:
            self._entered = number
            self.word_entered.emit(number)

    def _hover_at(self, place: QPoint) -> None:
        number = self._word_below(place)
        if number != self._hovered:
            self.hover(number)
            self.hovered.emit(number)

    def _word_below(self, place: QPoint) -> int | None:
        cursor = self.cursorForPosition(place)
        number = self._map.word_at(cursor.position())
        span = self._map.span(number) if number is not None else None
        if number is None or span is None:
            return None
        is_on_it = any(rect.contains(place) for rect in self._rects(span))
        return number if is_on_it else None

    # -- Drawing

    def _rects(self, span: Span) -> list[QRectF]:
        """Return where a stretch of one paragraph is in the viewport."""
        block = self.document().findBlock(span[0])
        offset = self.blockBoundingGeometry(block).translated(self.contentOffset()).topLeft()
        rects = []
        layout, begin = block.layout(), block.position()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            if span[0] - begin < line.textStart() + line.textLength() and span[1] - begin > line.textStart():
                rects.append(_on_line(line, span[0] - begin, span[1] - begin).translated(offset))
        return rects

    def _draw_marks(self, painter: QPainter, area: QRectF) -> None:
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > area.bottom():
                break
            if place.bottom() >= area.top():
                self._draw_paragraph(painter, block, place.topLeft())
            block = block.next()

    def _draw_paragraph(self, painter: QPainter, block: QTextBlock, top_left: QPointF) -> None:
        begin, layout, marks = block.position(), block.layout(), self._looks
        for place in range(layout.lineCount()):
            line = layout.lineAt(place)
            start = begin + line.textStart()
            end = start + line.textLength()
            for first, last, number in self._map.words_between(start, end):
                tier = self._tier_of(number)
                if tier is Tier.SURE and number != self._hovered:
                    continue
                rect = _on_line(line, first - begin, last - begin).translated(top_left)
                painter.fillRect(rect, marks.hovered if number == self._hovered else marks.tints[tier])
                if tier is not Tier.SURE:
                    painter.setPen(marks.lines[tier])
                    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            for hit in self._hits[bisect_left(self._hits, (start, 0)) : bisect_left(self._hits, (end, 0))]:
                is_current = hit == self._hit
                rect = _on_line(line, hit[0] - begin, hit[1] - begin).translated(top_left)
                painter.setPen(QPen(marks.found, 2 if is_current else 1))
                painter.setBrush(marks.found_tint)
                painter.drawRect(rect)

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the marks below the text."""
        painter = QPainter(self.viewport())
        self._draw_marks(painter, QRectF(event.rect()))
        painter.end()
        super().paintEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which word the pointer is on."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._hover_at(event.position().toPoint())

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_looks"):
            self._looks = _Looks(self.palette())

    def leaveEvent(self, event: QEvent) -> None:
        """No word any more."""
        super().leaveEvent(event)
        if self._hovered is not None:
            self.hover(None)
            self.hovered.emit(None)


class _Looks:
    """Colours and pens for one palette, made once."""

    def __init__(self, palette: QPalette) -> None:
        self.tints = {tier: tier_tint(tier, palette) for tier in Tier}
        self.lines = {tier: tier_line(tier, palette) for tier in Tier}
        self.hovered = tier_colour(Tier.SURE, palette)
        self.hovered.setAlpha(70)
        self.found = found_colour(palette)
        self.found_tint = found_colour(palette)
        self.found_tint.setAlpha(70)


def _on_line(line: QTextLine, start: int, end: int) -> QRectF:
    """Return where a stretch of a paragraph that reaches into one of its lines is on that line."""
    first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
    left, right = _x(line, first), _x(line, last)
    return QRectF(min(left, right), line.y(), abs(right - left), line.height() - 1)


def _x(line: QTextLine, position: int) -> float:
    answer: Any = line.cursorToX(position)  # the stubs and the library do not agree on what it is
    return float(answer[0] if isinstance(answer, tuple) else answer)


def _with_newlines(raw: str) -> str:
    """Qt keeps other characters at the ends of lines and paragraphs."""
    return raw.replace("\u2029", "\n").replace("\u2028", "\n")
