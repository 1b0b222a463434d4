"""A picture with name and state below, which floats above the window and takes no mouse events."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ocr_desktop.gui.browser.preview_picture import PreviewPicture
from ocr_desktop.gui.grid.turned import turn_text
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.look.appearance import GRID, faint, state_colour, state_pixmap
from ocr_desktop.gui.look.elided_label import ElidedLabel
from ocr_desktop.gui.look.state_text import full_state

_ICON = 16
_NARROWEST = 280
"""Pixels that the words below a narrow picture get at least."""
_RADIUS = 6


class PreviewCard(QFrame):
    """The picture with name and state below."""

    def __init__(self, parent: QWidget) -> None:
        """Build it, hidden, on top of everything in ``parent``."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.picture = PreviewPicture()
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._icon = QLabel()
        self.state = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.turn = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._icon)
        row.addWidget(self.state, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.name)
        layout.addLayout(row)
        layout.addWidget(self.turn)
        self.hide()

    def size_for(self, shape: QSize, room: QSize) -> QSize:
        """Return the size in which a picture of this shape is as large as the room allows.

        Args:
            shape: Width and height of the picture, in any unit; empty if that is not known yet.
            room: What the card may take.
        """
        around = QSize(2 * GRID, 2 * GRID + 3 * (self.fontMetrics().height() + GRID // 2))
        if shape.isEmpty():
            return room
        picture = shape.scaled(room - around, Qt.AspectRatioMode.KeepAspectRatio)
        narrowest = min(room.width(), _NARROWEST)
        return QSize(max(narrowest, picture.width() + around.width()), picture.height() + around.height())

    def describe(self, model: ImageListModel, image_id: int) -> None:
        """Say which image it is, how far it is, and whether it is turned."""
        state = model.state(image_id)
        self.name.setText(model.name(image_id))
        self.state.setText(full_state(state, model.outcome(image_id)).partition("\n")[0])
        palette = self.state.palette()
        palette.setColor(self.state.foregroundRole(), state_colour(state, self.palette()))
        self.state.setPalette(palette)
        self._icon.setPixmap(state_pixmap(state, self.palette(), _ICON, self.devicePixelRatioF()))
        sentence = turn_text(model.rotation(image_id))
        self.turn.setText(sentence)
        self.turn.setVisible(bool(sentence))

    # -- Qt

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw the card: a plain surface with a fine border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(faint(self.palette()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), _RADIUS, _RADIUS)
