"""Images that the user has turned for the OCR: how that is drawn, and how it is said."""

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QPixmap, QTransform

from ocr_desktop.gui.look.appearance import accent, faint, plain_pixmap

_BADGE = 20
_BADGE_ICON = 14
_HALF_TURN = 180
_ICONS = {90: "mdi6.rotate-right", 180: "mdi6.rotate-360", 270: "mdi6.rotate-left"}


def turned(pixmap: QPixmap, degrees: int) -> QPixmap:
    """Return a picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return pixmap.transformed(QTransform().rotate(degrees)) if degrees else pixmap


def is_on_its_side(degrees: int) -> bool:
    """Whether such a turn swaps width and height."""
    return degrees % _HALF_TURN != 0


def turn_text(degrees: int) -> str:
    """Return a whole sentence on a turn; empty for an image as it is in its file."""
    if not degrees:
        return ""
    by = {
        90: QCoreApplication.translate("Turned", "Turned right by 90°"),
        180: QCoreApplication.translate("Turned", "Turned by 180°"),
        270: QCoreApplication.translate("Turned", "Turned left by 90°"),
    }[degrees]
    rest = QCoreApplication.translate("Turned", "{turned} for reading; the file itself is not changed.")
    return rest.format(turned=by)


def badge(degrees: int, palette: QPalette, ratio: float) -> QPixmap:
    """Return a small round mark that tells a turned image."""
    mark = QPixmap(round(_BADGE * ratio), round(_BADGE * ratio))
    mark.setDevicePixelRatio(ratio)
    mark.fill(Qt.GlobalColor.transparent)
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faint(palette), 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawEllipse(QRectF(0.5, 0.5, _BADGE - 1, _BADGE - 1))
    margin = (_BADGE - _BADGE_ICON) // 2
    painter.drawPixmap(
        QPoint(margin, margin), plain_pixmap(_ICONS[degrees], accent(palette), _BADGE_ICON, ratio)
    )
    painter.end()
    return mark
