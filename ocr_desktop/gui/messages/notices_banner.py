"""Says what was found before a run began: little space, names that meet, files that are not here yet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.messages.message_banner import MessageBanner

_HIGHEST = 18 * GRID
"""Pixels that the opened list may take; beyond it scrolls."""


class NoticesBanner(MessageBanner):
    """One line for the first notice; a button opens the list of the others below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(ItemState.SKIPPED, parent, icon="mdi6.information-outline")
        self._notices: tuple[str, ...] = ()
        self.more_button = self.add_button("", "", self._toggle)
        self._sentences = QLabel()
        self._sentences.setWordWrap(True)
        self._sentences.setTextFormat(Qt.TextFormat.PlainText)
        self._sentences.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sentences.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, GRID, 0)
        column.addWidget(self._sentences)
        column.addStretch(1)
        self.list = QScrollArea()
        self.list.setWidget(inside)
        self.list.setWidgetResizable(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.setAccessibleName(self.tr("What was found before the run began"))
        for see_through in (self.list.viewport(), inside):  # so that the tint of the banner is seen
            see_through.setAutoFillBackground(False)
        self.add_below(self.list)
        self.list.hide()

    def show_notices(self, notices: Sequence[str]) -> None:
        """Show the first of them, and the way to the others; hide where there are none."""
        self._notices = tuple(notices)
        self.list.hide()
        if not notices:
            self.hide()
            return
        self._sentences.setText("\n".join(f"•  {notice}" for notice in notices))
        self._sentences.setAccessibleName("\n".join(notices))
        self._refresh()

    def _refresh(self) -> None:
        is_open = not self.list.isHidden()
        count = len(self._notices)
        self.more_button.setVisible(count > 1)
        self.more_button.setText(
            self.tr("Show &less") if is_open else self.tr("Show &all ({count})").format(count=count)
        )
        self.more_button.setToolTip(
            self.tr("Show only the first notice.") if is_open else self.tr("Open the list of all notices.")
        )
        first = self._notices[0]
        self.show_message(self.tr("%n notice(s) before the start:", "", count) if is_open else first)

    @Slot()
    def _toggle(self) -> None:
        self.list.setVisible(self.list.isHidden())
        self._fit()
        self._refresh()

    def _fit(self) -> None:
        """Give the list the height of its sentences at this width, up to a limit."""
        width = max(1, self.list.viewport().width() - GRID)
        scale = self.fontMetrics().height() / (2 * GRID)
        self.list.setFixedHeight(min(self._sentences.heightForWidth(width) + 2, round(_HIGHEST * scale)))

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        if not self.list.isHidden():
            self._fit()
