"""The font in which texts are shown as they were read, letter below letter."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication


def fixed_font() -> QFont:
    """Return the system's font of fixed width, no smaller than the texts around it."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    around = QApplication.font().pointSizeF()
    if around > font.pointSizeF() > 0:
        font.setPointSizeF(around)
    return font
