"""What an empty window shows: one sentence on what to do, and the button that does it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ocr_desktop.gui.look.appearance import GRID, faint, plain_pixmap
from ocr_desktop.gui.look.primary_button import PrimaryButton

_ICON = 72


class EmptyState(QWidget):
    """Shown instead of the grid while there are no images.

    Signals:
        open_pressed: A folder is to be opened.
        clear_pressed: All images are to be shown again.
    """

    open_pressed = Signal()
    clear_pressed = Signal()

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
        self.clear_button = QPushButton(self.tr("&Show all images"))
        self.clear_button.setToolTip(self.tr("Show the images of all names, states and folders."))
        self.clear_button.clicked.connect(self.clear_pressed)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addStretch(2)
        layout.addWidget(self._icon)
        layout.addWidget(self._sentence)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.clear_button, alignment=Qt.AlignmentFlag.AlignHCenter)
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

    def say(self, sentence: str) -> None:
        """Say something else about an empty list, for example that a folder holds no images."""
        self._sentence.setText(sentence)
        self.button.show()
        self.clear_button.hide()

    def say_nothing_passes(self, sentence: str) -> None:
        """Say why no image of the list is shown."""
        self._sentence.setText(sentence)
        self.button.hide()
        self.clear_button.show()

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
