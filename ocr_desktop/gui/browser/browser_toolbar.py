"""The row above the grid: open, tick, how many are ticked, what is shown beside, how large."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QLabel, QSlider, QToolButton, QWidget

from ocr_desktop.gui.grid.thumbnail_view import LARGEST_EDGE, SMALLEST_EDGE
from ocr_desktop.gui.look.appearance import GRID, apply_icons
from ocr_desktop.gui.look.tool_row import ToolRow


class BrowserToolbar(ToolRow):
    """Drops the words of its buttons where there is no room.

    Signals:
        open_pressed: A folder is to be chosen.
    """

    open_pressed = Signal()

    def __init__(
        self, ticks: Sequence[QAction], panes: Sequence[QAction], edge: int, parent: QWidget | None = None
    ) -> None:
        """Build it.

        Args:
            ticks: Actions that change ticks.
            panes: Actions that show and hide what is beside the grid.
            edge: Of the thumbnails, in device-independent pixels.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self.open_button = QToolButton()
        self.open_button.setText(self.tr("Open folder"))
        self.open_button.setToolTip(self.tr("Choose a folder with images (Ctrl+O)."))
        self.open_button.clicked.connect(self.open_pressed)
        self.add_button(self.open_button)
        self.row.addSpacing(GRID)
        for action in ticks:
            button = QToolButton()
            button.setDefaultAction(action)
            self.add_button(button)
        self.row.addSpacing(GRID)
        self.count_label = QLabel()
        self.row.addWidget(self.count_label)
        self.row.addStretch(1)
        for action in panes:
            self.row.addWidget(_pane_button(action))
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(SMALLEST_EDGE, LARGEST_EDGE)
        self.size_slider.setSingleStep(GRID)
        self.size_slider.setPageStep(4 * GRID)
        self.size_slider.setMinimumWidth(8 * GRID)
        self.size_slider.setMaximumWidth(15 * GRID)
        self.size_slider.setValue(edge)
        self.size_slider.setToolTip(self.tr("Size of the thumbnails (Ctrl++ and Ctrl+-)."))
        self.size_slider.setAccessibleName(self.tr("Thumbnail size"))
        self.row.addWidget(self.size_slider)

    def step_size(self, steps: int) -> None:
        """Make the thumbnails larger or smaller."""
        self.size_slider.setValue(self.size_slider.value() + steps * self.size_slider.pageStep())

    def show_counts(self, *, ticked: int, total: int, shown: int) -> None:
        """Say how many images are ticked, there, and shown."""
        if not total:
            self.count_label.setText("")
            return
        locale = self.locale()
        text = self.tr("{ticked} of {total} ticked")
        if shown != total:
            text = self.tr("{ticked} of {total} ticked, {shown} shown")
        numbers = {"ticked": ticked, "total": total, "shown": shown}
        self.count_label.setText(text.format(**{key: locale.toString(n) for key, n in numbers.items()}))

    def refresh_icons(self, palette: QPalette) -> None:
        """Follow light and dark."""
        apply_icons([(self.open_button, "mdi6.folder-open-outline")], palette)


def _pane_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setDefaultAction(action)
    return button
