"""What the marks on words mean, and below which confidence a word is doubtful."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from ocr_desktop.gui.look.appearance import GRID, faint
from ocr_desktop.gui.look.elided_label import ElidedLabel
from ocr_desktop.gui.viewer.confidence import (
    THRESHOLD,
    Tier,
    tier_colour,
    tier_hatching,
    tier_line,
    tier_tint,
    tier_word,
)


class TierSample(QWidget):
    """A small box that is drawn as words of one tier are."""

    def __init__(self, tier: Tier, parent: QWidget | None = None) -> None:
        """Show ``tier``."""
        super().__init__(parent)
        self._tier = tier
        self.setFixedSize(QSize(3 * GRID, 2 * GRID + 4))
        self.setAccessibleName(tier_word(tier))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - small enough to draw it whole
        """Draw it on paper, as on the image."""
        painter = QPainter(self)
        paper = QPalette(Qt.GlobalColor.white)
        box = QRect(0, 1, self.width() - 1, self.height() - 6)
        painter.fillRect(box, Qt.GlobalColor.white)
        painter.setPen(QPen(tier_colour(self._tier, paper), 1))
        painter.setBrush(tier_tint(self._tier, paper))
        painter.drawRect(box)
        painter.fillRect(box, tier_hatching(self._tier, paper))
        if self._tier is not Tier.SURE:
            painter.setPen(tier_line(self._tier, self.palette()))
            painter.drawLine(0, box.bottom() + 3, self.width(), box.bottom() + 3)


class Legend(QWidget):
    """The samples with their words, how many are doubtful, and the threshold.

    Signals:
        threshold_changed: Confidence, 0..1.
    """

    threshold_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with the usual threshold."""
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        self._words: list[QLabel] = []
        for tier in Tier:
            word = QLabel(tier_word(tier))
            row.addWidget(TierSample(tier))
            row.addWidget(word)
            row.addSpacing(GRID)
            self._words.append(word)
        self.count = ElidedLabel()
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.count, 1)
        label = QLabel(self.tr("Do&ubtful below"))
        self.threshold = QSpinBox()
        self.threshold.setRange(1, 100)
        self.threshold.setSingleStep(5)
        self.threshold.setSuffix(self.tr(" %"))
        self.threshold.setValue(round(100 * THRESHOLD))
        self.threshold.setAccessibleName(self.tr("Doubtful below, in percent of confidence"))
        self.threshold.setToolTip(
            self.tr("Words of less confidence are marked, and F8 goes from one to the next.")
        )
        self.threshold.valueChanged.connect(lambda percent: self.threshold_changed.emit(percent / 100))
        label.setBuddy(self.threshold)
        row.addWidget(label)
        row.addWidget(self.threshold)
        self._tint()

    def set_threshold(self, threshold: float) -> None:
        """Show another threshold, 0..1."""
        self.threshold.setValue(round(100 * threshold))

    def show_count(self, doubtful: int, total: int) -> None:
        """Say how many words are doubtful."""
        if not total:
            self.count.setText("")
            return
        text = self.tr("%n doubtful word(s) of {total}", "", doubtful).format(total=total)
        self.count.setText(text)

    def _tint(self) -> None:
        for word in self._words:
            palette = word.palette()
            palette.setColor(QPalette.ColorRole.WindowText, faint(self.palette()))
            word.setPalette(palette)

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "threshold"):
            self._tint()
