"""The boxes around the words of a page, all in one item: a page may have thousands of them."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QLine, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPalette, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.domain.results import Word
from ocr_desktop.gui.viewer.confidence import (
    Tier,
    found_colour,
    tier_colour,
    tier_hatching,
    tier_line,
    tier_tint,
)
from ocr_desktop.gui.viewer.word_index import WordIndex

_MARGIN = 8.0
"""Device-independent pixels by which marks may reach beyond a box."""
_SMALL = 5.0
"""Device-independent pixels; lower boxes are drawn without patterns."""


# Scans are light whatever the window is, so the colours are those for a light background.
_PAPER = QPalette(QColor("white"))
_TINTS = {tier: tier_tint(tier, _PAPER) for tier in Tier}
_LINES = {tier: tier_line(tier, _PAPER) for tier in Tier}
_HATCHING = tier_hatching(Tier.POOR, _PAPER)
_ACCENT = tier_colour(Tier.SURE, _PAPER)
_FOUND = found_colour(_PAPER)


def _outline(tier: Tier) -> QColor:
    colour = tier_colour(tier, _PAPER)
    colour.setAlpha(120 if tier is Tier.SURE else 200)
    return colour


_OUTLINES = {tier: _outline(tier) for tier in Tier}


class WordBoxes(QGraphicsItem):
    """Draws boxes by confidence, and marks single ones. The scene counts in pixels of the upright image."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._area = QRectF()
        self._words: Sequence[Word] = ()
        self._index = WordIndex((), 1, 1)
        self._tiers: list[Tier] = []
        self._rects: dict[int, QRect] = {}
        self._heights: list[int] = []
        self._zoom = 0.0
        self._hits: frozenset[int] = frozenset()
        self._marks: dict[str, int | None] = {"hovered": None, "current": None}
        self.is_drawn = True
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    @property
    def words(self) -> Sequence[Word]:
        """The words, in the order of the page."""
        return self._words

    @property
    def index(self) -> WordIndex:
        """Which word is where."""
        return self._index

    @property
    def hovered(self) -> int | None:
        """The word that the pointer is on, here or in the text."""
        return self._marks["hovered"]

    @property
    def current(self) -> int | None:
        """The word that the caret of the text is in."""
        return self._marks["current"]

    @property
    def hits(self) -> frozenset[int]:
        """What a search has found."""
        return self._hits

    def tier(self, number: int) -> Tier:
        """Return how sure a word is."""
        return self._tiers[number]

    @property
    def median_height(self) -> int:
        """The height, in pixels of the image, that words of this page mostly have."""
        return self._heights[len(self._heights) // 2] if self._heights else 0

    def show_words(self, words: Sequence[Word], area: QRectF, index: WordIndex) -> None:
        """Show the boxes of another page."""
        self.prepareGeometryChange()
        self._area, self._words, self._index = area, words, index
        self._hits = frozenset()
        self._marks = dict.fromkeys(self._marks)
        self._heights = sorted(word.box[3] for word in words)
        self._zoom = 0.0
        self._tiers = [Tier.SURE] * len(words)
        self.update()

    def set_drawn(self, is_drawn: bool) -> None:
        """Draw all boxes, or only those that are marked."""
        self.is_drawn = is_drawn
        self.update()

    def set_tiers(self, tiers: Sequence[Tier]) -> None:
        """Say how sure each word is, in the order of the page."""
        if tiers != self._tiers:
            self._tiers = list(tiers)
            self.update()

    def hover(self, number: int | None) -> None:
        """Mark the word that the pointer is on."""
        self._mark("hovered", number)

    def set_current(self, number: int | None) -> None:
        """Mark the word that the caret is in."""
        self._mark("current", number)

    def set_hits(self, numbers: Collection[int]) -> None:
        """Mark what a search has found."""
        if self._hits or numbers:
            self._hits = frozenset(numbers)
            self.update()

    def box(self, number: int) -> QRectF:
        """Return the box of a word."""
        return QRectF(*self._words[number].box)

    def _mark(self, kind: str, number: int | None) -> None:
        before = self._marks[kind]
        if number == before:
            return
        self._marks[kind] = number
        margin = _MARGIN / (self._zoom or 1.0)
        for changed in (before, number):
            if changed is not None:
                self.update(self.box(changed).adjusted(-margin, -margin, margin, margin))

    def _seen(self, exposed: QRectF, margin: float) -> list[int]:
        return sorted(
            self._index.within(
                exposed.left() - margin,
                exposed.top() - margin,
                exposed.right() + margin,
                exposed.bottom() + margin,
            )
        )

    def _scale(self, zoom: float, seen: Sequence[int]) -> None:
        """Have the rectangles as they are on the screen, but for where the page begins."""
        if zoom != self._zoom:
            self._zoom = zoom
            self._rects = {}
        for number in seen:
            if number not in self._rects:
                x, y, width, height = self._words[number].box
                size = max(2, round(width * zoom)), max(2, round(height * zoom))
                self._rects[number] = QRect(round(x * zoom), round(y * zoom), *size)

    def _draw_tiers(self, painter: QPainter, seen: Sequence[int]) -> None:
        is_small = self.median_height * self._zoom < _SMALL
        for tier in Tier:
            rects = [self._rects[number] for number in seen if self._tiers[number] is tier]
            if not rects:
                continue
            painter.setBrush(_TINTS[tier])
            if is_small:  # nobody could tell lines and hatching from the letters
                painter.setPen(Qt.PenStyle.NoPen if tier is Tier.SURE else QPen(_OUTLINES[tier], 1))
                if tier is not Tier.SURE:
                    painter.drawRects(rects)
                continue
            painter.setPen(QPen(_OUTLINES[tier], 1))
            painter.drawRects(rects)
            if tier is Tier.POOR:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(_HATCHING)
                painter.drawRects(rects)
            if tier is not Tier.SURE:
                painter.setPen(_LINES[tier])
                painter.drawLines(
                    [
                        QLine(rect.left(), rect.bottom() + 2, rect.right() + 1, rect.bottom() + 2)
                        for rect in rects
                    ]
                )

    def _draw_marks(self, painter: QPainter, seen: Sequence[int]) -> None:
        hits = [self._rects[number].adjusted(-2, -2, 2, 2) for number in seen if number in self._hits]
        if hits:
            _frame(painter, hits, _FOUND, 2, 60)
        for kind, width, tint in (("hovered", 2, 40), ("current", 3, 24)):
            number = self._marks[kind]
            if number is not None and number in self._rects:
                _frame(painter, [self._rects[number].adjusted(-3, -3, 3, 3)], _ACCENT, width, tint)

    # -- Qt

    def boundingRect(self) -> QRectF:
        """The page."""
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the boxes that are seen."""
        del widget
        if not self._words:
            return
        transform = painter.worldTransform()
        zoom = transform.m11()
        seen = self._seen(option.exposedRect, _MARGIN / zoom)
        self._scale(zoom, seen)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setWorldTransform(QTransform.fromTranslate(round(transform.dx()), round(transform.dy())))
        if self.is_drawn:
            self._draw_tiers(painter, seen)
        self._draw_marks(painter, seen)
        painter.restore()


def _frame(painter: QPainter, rects: Sequence[QRect], colour: QColor, width: int, tint: int) -> None:
    fill = QColor(colour)
    fill.setAlpha(tint)
    painter.setPen(QPen(colour, width))
    painter.setBrush(QBrush(fill))
    painter.drawRects(rects)
