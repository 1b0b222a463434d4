"""Contrast, measured as the Web Content Accessibility Guidelines 2.2 do: text 4.5:1, marks 3:1."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import FindingKind
from ocr_desktop.gui.check import finding_look
from ocr_desktop.gui.look import appearance
from ocr_desktop.gui.look.primary_button import PrimaryButton, filled_with
from ocr_desktop.gui.look.theme import theme_palette
from ocr_desktop.gui.settings.window_settings import Theme
from ocr_desktop.gui.viewer import confidence

TEXT = 4.5
"""Success criterion 1.4.3, Contrast (Minimum)."""
MARK = 3.0
"""Success criterion 1.4.11, Non-text Contrast."""

Role = QPalette.ColorRole
THEMES = (Theme.LIGHT, Theme.DARK)
STATES = (None, *ItemState)
TEXT_PAIRS = (
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.PlaceholderText, Role.Base),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    (Role.LinkVisited, Role.Base),
)
"""What stands on what."""


def luminance(colour: QColor) -> float:
    """Return the relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blended(colour: QColor, under: QColor) -> QColor:
    """Return what is seen of a colour that lets some of the one under it through."""
    share = colour.alphaF()
    parts = zip(colour.getRgbF()[:3], under.getRgbF()[:3], strict=True)  # type: ignore[index]
    return QColor.fromRgbF(*(share * above + (1 - share) * below for above, below in parts))


def test_black_on_white_is_21_to_1() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)
    assert blended(QColor(0, 0, 0, 0), QColor("red")) == QColor("red")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_every_text_stands_out(qapp: QApplication, theme: Theme, text: Role, ground: Role) -> None:
    del qapp
    palette = theme_palette(theme)
    assert contrast(palette.color(text), palette.color(ground)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("ground", [Role.Base, Role.Window, Role.AlternateBase])
def test_every_state_stands_out_as_text_and_as_icon(
    qapp: QApplication, theme: Theme, state: ItemState | None, ground: Role
) -> None:
    del qapp
    palette = theme_palette(theme)
    assert contrast(appearance.state_colour(state, palette), palette.color(ground)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tone", STATES)
def test_banners_stay_readable_on_their_tint(
    qapp: QApplication, theme: Theme, tone: ItemState | None
) -> None:
    del qapp
    palette = theme_palette(theme)
    ground = blended(appearance.tint(tone, palette), palette.color(Role.Window))
    assert contrast(palette.color(Role.WindowText), ground) >= TEXT
    assert contrast(appearance.state_colour(tone, palette), ground) >= MARK


@pytest.mark.parametrize("theme", THEMES)
def test_secondary_text_and_the_accent_stand_out(qapp: QApplication, theme: Theme) -> None:
    del qapp
    palette = theme_palette(theme)
    for ground in (Role.Window, Role.Base):
        assert contrast(appearance.faint(palette), palette.color(ground)) >= TEXT
        assert contrast(appearance.accent(palette), palette.color(ground)) >= MARK


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", FindingKind)
def test_every_finding_stands_out(qapp: QApplication, theme: Theme, kind: FindingKind) -> None:
    del qapp
    palette = theme_palette(theme)
    assert contrast(finding_look.kind_colour(kind, palette), palette.color(Role.Base)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tier", confidence.Tier)
def test_doubtful_words_stay_readable(qapp: QApplication, theme: Theme, tier: confidence.Tier) -> None:
    del qapp
    palette = theme_palette(theme)
    base = palette.color(Role.Base)
    assert contrast(palette.color(Role.Text), blended(confidence.tier_tint(tier, palette), base)) >= TEXT
    assert contrast(confidence.tier_colour(tier, palette), base) >= MARK
    found = confidence.found_colour(palette)
    assert contrast(found, base) >= MARK
    found.setAlpha(70)
    assert contrast(palette.color(Role.Text), blended(found, base)) >= TEXT


@pytest.mark.parametrize("accent", ["#0969da", "#4493f8", "#308cc6", "#ffcc00", "#ffffff", "#e66100"])
def test_the_main_button_is_readable_with_any_accent(qtbot: QtBot, accent: str) -> None:
    fill = filled_with(QColor(accent))
    assert contrast(QColor("white"), fill) >= TEXT
    button = PrimaryButton("Start")
    qtbot.addWidget(button)
    assert contrast(button.text_colour, filled_with(appearance.accent(button.palette()))) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_fields_and_boxes_are_seen(qtbot: QtBot, theme: Theme) -> None:
    box = QCheckBox("Box")
    qtbot.addWidget(box)
    box.ensurePolished()
    edge = box.palette().color(Role.Window).darker(140)  # as Qt's Fusion style draws it
    for ground in (Role.Base, Role.Window):
        assert contrast(edge, theme_palette(theme).color(ground)) >= MARK


def test_the_look_of_the_system_is_readable_too(qapp: QApplication) -> None:
    palette = qapp.palette()
    for state in STATES:
        assert contrast(appearance.state_colour(state, palette), palette.color(Role.Base)) >= TEXT
    for text, ground in ((Role.WindowText, Role.Window), (Role.HighlightedText, Role.Highlight)):
        assert contrast(palette.color(text), palette.color(ground)) >= TEXT
