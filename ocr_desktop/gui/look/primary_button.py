"""The one button of a window that is meant to be pressed: filled with the accent colour."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from ocr_desktop.gui.look.appearance import accent, faint, is_dark

_READABLE = 0.18
"""Relative luminance up to which white text has a contrast of 4.5:1."""
_LINEAR_UP_TO = 0.03928
"""Where the transfer curve of sRGB turns from a line into a power."""


class PrimaryButton(QPushButton):
    """A push button that stands out, in light and dark."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Make one."""
        super().__init__(text, parent)
        self._is_restyling = False
        self._restyle()

    @property
    def text_colour(self) -> QColor:
        """The colour of the text, for an icon that goes with it."""
        return QColor("white")

    def _restyle(self) -> None:
        self._is_restyling = True
        palette = self.palette()
        fill = filled_with(accent(palette))
        weak = QColor(faint(palette))
        weak.setAlpha(60)
        hover = fill.darker(110)
        pressed = fill.darker(125)
        ring = palette.color(QPalette.ColorRole.WindowText) if is_dark(palette) else fill.darker(170)
        self.setStyleSheet(
            f"""
            PrimaryButton {{ background: {fill.name()}; color: white; border: 2px solid transparent;
                border-radius: 6px; padding: 6px 16px; font-weight: 600; }}
            PrimaryButton:hover {{ background: {hover.name()}; }}
            PrimaryButton:pressed {{ background: {pressed.name()}; }}
            PrimaryButton:focus {{ border-color: {ring.name()}; }}
            PrimaryButton:disabled {{ background: {weak.name(QColor.NameFormat.HexArgb)};
                color: {faint(palette).name()}; }}
            """
        )
        self._is_restyling = False

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark. Setting a style sheet changes the palette again, hence the flag."""
        super().changeEvent(event)
        is_ready = getattr(self, "_is_restyling", None) is False
        if event.type() == QEvent.Type.ApplicationPaletteChange and is_ready:
            self._restyle()


def filled_with(colour: QColor) -> QColor:
    """Return the colour, made dark enough for the white text of the button."""
    while _luminance(colour) > _READABLE:
        colour = colour.darker(108)
    return colour


def _luminance(colour: QColor) -> float:
    """Return the relative luminance (0..1) as the accessibility guidelines define it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= _LINEAR_UP_TO else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
