"""What an empty window shows: one sentence on what to do, and the button that does it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ocr_desktop.gui.appearance import GRID, faint, plain_pixmap
from ocr_desktop.gui.primary_button import PrimaryButton

_ICON = 72


class EmptyState(QWidget):
    """Shown instead of the grid while there are no images.

    Signals:
        open_pressed: The button was pressed.
    """

    open_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build it."""
        super().__init__(parent)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._sentence = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        font = self._sentence.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self._sentence.setFont(font)
        self.button = PrimaryButton(self.tr("&Open folder …"))
        self.button.setToolTip(self.tr("Choose a folder with images (Ctrl+O)."))
        self.button.clicked.connect(self.open_pressed)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addStretch(2)
        layout.addWidget(self._icon)
        layout.addWidget(self._sentence)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.show_invitation()
        self._refresh_icon()

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def show_invitation(self) -> None:
        """Say what to do."""
        self.say(self.tr("Drop folders or images of scans here, or open a folder."))

    def say(self, sentence: str, *, can_open: bool = True) -> None:
        """Say something else, for example that a folder holds no images.

        Args:
            sentence: What to say.
            can_open: Whether opening a folder is what helps.
        """
        self._sentence.setText(sentence)
        self.button.setVisible(can_open)

    def _refresh_icon(self) -> None:
        colour = faint(self.palette())
        pixmap = plain_pixmap("mdi6.image-multiple-outline", colour, _ICON, self.devicePixelRatioF())
        self._icon.setPixmap(pixmap)

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._refresh_icon()
