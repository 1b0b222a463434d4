"""The row of buttons at the top of the viewer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.look.elided_label import ElidedLabel
from ocr_desktop.gui.viewer.viewer_actions import ViewerActions


class ViewerToolbar(QWidget):
    """Buttons by group, the magnification, the page, and where in the list the viewer is.

    Signals:
        page_chosen: The number of a page, from 0.
    """

    page_chosen = Signal(int)

    def __init__(self, commands: ViewerActions, parent: QWidget | None = None) -> None:
        """Make a button for each command that belongs here."""
        super().__init__(parent)
        self.page = QSpinBox()
        self.page.setAccessibleName(self.tr("Page of this image"))
        self.page.setToolTip(self.tr("Which page of this file is shown."))
        self.page.setPrefix(self.tr("Page "))
        self.page.valueChanged.connect(lambda number: self.page_chosen.emit(number - 1))
        self.page.hide()
        self.zoom = QLabel()
        self.zoom.setToolTip(self.tr("Magnification: 100 % is one pixel of the image for one of the window."))
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.about = ElidedLabel()
        self.about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(GRID // 2)
        groups: tuple[tuple[QAction | QWidget, ...], ...] = (
            (commands.previous, commands.next, self.page),
            (
                commands.zoom_out,
                self.zoom,
                commands.zoom_in,
                commands.fit,
                commands.fit_width,
                commands.actual,
            ),
            (commands.boxes, commands.previous_doubtful, commands.next_doubtful),
            (commands.find, commands.copy, commands.reveal),
        )
        for group in groups:
            for part in group:
                row.addWidget(part if isinstance(part, QWidget) else commands.button(part))
            row.addSpacing(2 * GRID)
        row.addWidget(self.about, 1)
        self.show_zoom(1.0)

    def show_zoom(self, zoom: float) -> None:
        """Say how much the image is magnified."""
        self.zoom.setMinimumWidth(self.zoom.fontMetrics().horizontalAdvance("1000 %") + GRID)
        self.zoom.setText(self.tr("{percent} %").format(percent=round(100 * zoom)))

    def show_pages(self, count: int) -> None:
        """Let the user choose among so many pages, beginning with the first; hidden if there is but one."""
        self.page.blockSignals(True)
        self.page.setRange(1, max(1, count))
        self.page.setValue(1)
        self.page.setSuffix(self.tr(" of {count}").format(count=count))
        self.page.blockSignals(False)
        self.page.setVisible(count > 1)

    def turn_to(self, page: int) -> None:
        """Choose a page, from 0."""
        self.page.setValue(page + 1)
