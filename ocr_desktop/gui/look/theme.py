"""Light or dark: as the system has it, or as the user wants it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ocr_desktop.gui.look.primary_button import filled_with
from ocr_desktop.gui.settings.window_settings import Theme

_Role = QPalette.ColorRole
_SCHEMES = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}
_COLOURS: dict[Theme, dict[QPalette.ColorRole, str]] = {
    Theme.LIGHT: {
        _Role.Window: "#f3f3f3",
        _Role.WindowText: "#1f2328",
        _Role.Base: "#ffffff",
        _Role.AlternateBase: "#f6f8fa",
        _Role.Text: "#1f2328",
        _Role.Button: "#f3f3f3",
        _Role.ButtonText: "#1f2328",
        _Role.BrightText: "#ffffff",
        _Role.ToolTipBase: "#ffffff",
        _Role.ToolTipText: "#1f2328",
        _Role.PlaceholderText: "#59636e",
        _Role.Highlight: "#0969da",
        _Role.HighlightedText: "#ffffff",
        _Role.Accent: "#0969da",
        _Role.Link: "#0550ae",
        _Role.LinkVisited: "#6639ba",
        _Role.Light: "#ffffff",
        _Role.Midlight: "#e6e8ea",
        _Role.Mid: "#b8bcc0",
        _Role.Dark: "#9a9ea3",
        _Role.Shadow: "#5c6066",
    },
    Theme.DARK: {
        _Role.Window: "#25282c",
        _Role.WindowText: "#e6e8ea",
        _Role.Base: "#1b1d20",
        _Role.AlternateBase: "#212428",
        _Role.Text: "#e6e8ea",
        _Role.Button: "#34383d",
        _Role.ButtonText: "#e6e8ea",
        _Role.BrightText: "#ffffff",
        _Role.ToolTipBase: "#34383d",
        _Role.ToolTipText: "#e6e8ea",
        _Role.PlaceholderText: "#9aa2aa",
        _Role.Highlight: "#1f6feb",
        _Role.HighlightedText: "#ffffff",
        _Role.Accent: "#4493f8",
        _Role.Link: "#58a6ff",
        _Role.LinkVisited: "#be9bff",
        _Role.Light: "#4a4f56",
        _Role.Midlight: "#40454b",
        _Role.Mid: "#2d3136",
        _Role.Dark: "#17191c",
        _Role.Shadow: "#0d0e10",
    },
}
_WEAK = {Theme.LIGHT: "#8c949c", Theme.DARK: "#7d858d"}
"""Text of what cannot be used at the moment."""

EDGE = "#7a8188"
"""Of fields and boxes; seen on light and dark."""
_LIGHT = 200
"""Lightness (0..255) from which a text is taken for white."""
_OUTLINE = 140
"""Per cent by which the style darkens the colour of the window."""
_WITH_EDGES = ("QCheckBox", "QRadioButton", "QLineEdit", "QAbstractSpinBox", "QListWidget")


def apply_theme(theme: Theme, before: Theme = Theme.SYSTEM) -> None:
    """Give the whole program this theme, at once, unless it has it already; GUI thread only.

    Where the platform can be told (Windows, macOS, some desktops), it brings its own colours. Elsewhere the
    colours are ours, until the system's are wanted again.
    """
    if theme is before:
        return
    scheme = _SCHEMES[theme]
    hints = QApplication.styleHints()
    hints.setColorScheme(scheme)
    if theme is Theme.SYSTEM or hints.colorScheme() == scheme:
        use_system_colours()
        return
    QApplication.setPalette(theme_palette(theme))
    show_edges()


def use_system_colours() -> None:
    """Take what the system says, and keep following it; GUI thread only."""
    QApplication.setPalette(QPalette())
    system = QApplication.palette()
    if system.color(_Role.HighlightedText).lightness() > _LIGHT:
        # The blue of Qt's own palette gives white text a contrast of 3.7:1 only.
        own = QPalette()
        own.setColor(_Role.Highlight, filled_with(system.color(_Role.Highlight)))
        QApplication.setPalette(own)
    show_edges()


def show_edges() -> None:
    """Make the edges of fields and boxes stand out, in light and dark; GUI thread only.

    WORKAROUND: Qt's Fusion style draws them a little darker than the colour of the window, where hardly
    anybody sees them. These widgets fill nothing with that colour, so they may have another in its place.
    """
    palette = QPalette()
    palette.setColor(_Role.Window, QColor(EDGE).lighter(_OUTLINE))
    for kind in _WITH_EDGES:
        QApplication.setPalette(palette, kind)  # type: ignore[arg-type]  # takes text, and nothing else


def theme_palette(theme: Theme) -> QPalette:
    """Return our colours for light or dark, where the platform has none to offer."""
    palette = QPalette()
    for role, colour in _COLOURS[theme].items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_WEAK[theme]))
    return palette
