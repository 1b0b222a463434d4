"""What the history window is made of: the table, the filters, the buttons, and when each can be pressed."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.states import JobState
from ocr_desktop.gui.history.history_model import HistoryColumn, HistoryFilter, HistoryModel
from ocr_desktop.gui.look.appearance import GRID, apply_icons
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.settings.options_summary import summarize
from ocr_desktop.gui.settings.window_settings import WindowSettings

_RESUMABLE = frozenset({JobState.QUEUED, JobState.INTERRUPTED})
_LETTERS = {
    HistoryColumn.STATE: 27,
    HistoryColumn.DATE: 20,
    HistoryColumn.IMAGES: 8,
    HistoryColumn.READ: 7,
    HistoryColumn.SKIPPED: 9,
    HistoryColumn.FAILED: 7,
    HistoryColumn.DURATION: 13,
}
"""How wide the columns are, in letters."""


class HistoryControls(QObject):
    """Builds them into a window; what they do is connected by the window."""

    def __init__(self, model: HistoryModel, banner: MessageBanner, window: QDialog) -> None:
        """Fill ``window``."""
        super().__init__(window)
        self._model = model
        self._window = window
        self.table = self._make_table()
        self._make_filters()
        self._make_buttons()
        self.details = self._label()
        self.note = self._label()
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.hide()
        self._lay_out(banner)
        self.refresh_look()
        self.refresh(None, is_ours=False, is_forgetting=False)

    def refresh(self, job: JobSnapshot | None, *, is_ours: bool, is_forgetting: bool) -> None:
        """Enable what can be done.

        Args:
            job: The chosen job.
            is_ours: Whether it is running or waiting in this window.
            is_forgetting: Whether a job is being deleted.
        """
        is_there = job is not None
        is_active = job is not None and job.state.is_active
        self.resume_button.setEnabled(job is not None and job.state in _RESUMABLE and not is_ours)
        self.again_button.setEnabled(is_there)
        self.retry_button.setEnabled(job is not None and job.stats.failed > 0)
        self.results_button.setEnabled(is_there)
        self.receipt_button.setEnabled(job is not None and job.state.is_final)
        self.forget_button.setEnabled(is_there and not is_ours and not is_active and not is_forgetting)
        self.details.setText(self._describe(job) if job is not None else "")
        self.details.setVisible(is_there)

    def say(self, sentence: str) -> None:
        """Show a sentence below the table; none takes it away."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def refresh_look(self) -> None:
        """Follow light and dark."""
        palette = self._window.palette()
        self._model.set_look(palette, self._window.devicePixelRatioF())
        apply_icons(
            [
                (self.resume_button, "mdi6.play"),
                (self.again_button, "mdi6.replay"),
                (self.retry_button, "mdi6.alert-circle-outline"),
                (self.results_button, "mdi6.text-box-outline"),
                (self.receipt_button, "mdi6.receipt-text-outline"),
                (self.forget_button, "mdi6.delete-outline"),
            ],
            palette,
        )

    def make_menu(self, parent: QWidget) -> QMenu:
        """Return a menu that does what the buttons do."""
        menu = QMenu(parent)
        for button in (self.resume_button, self.retry_button, self.results_button):
            self._add_to(menu, button)
        menu.addActions([self.again_today, self.again_same])
        menu.addSeparator()
        for button in (self.receipt_button, self.forget_button):
            self._add_to(menu, button)
        return menu

    @staticmethod
    def _add_to(menu: QMenu, button: QPushButton) -> None:
        action = menu.addAction(button.icon(), button.text())
        action.setEnabled(button.isEnabled())
        action.triggered.connect(lambda: button.click())  # noqa: PLW0108 - without the state that Qt passes

    def _describe(self, job: JobSnapshot) -> str:
        text = self.tr("Options: {summary}").format(
            summary=summarize(WindowSettings(options=job.options)).replace("&&", "&")
        )
        if job.trouble is not None:
            text = "\n".join(
                (
                    text,
                    self.tr("It had paused by itself: {reason}").format(reason=job.trouble.message),
                )
            )
        return text

    # -- Building

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideLeft)
        table.setTabKeyNavigation(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.setAccessibleName(self.tr("Runs, newest first"))
        table.setToolTip(self.tr("Return shows the results, Delete forgets a run."))
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + GRID + 2)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(HistoryColumn.FOLDER, QHeaderView.ResizeMode.Stretch)
        letter = table.fontMetrics().averageCharWidth()
        for column, letters in _LETTERS.items():
            table.setColumnWidth(column, letters * letter)
        return table

    def _make_filters(self) -> None:
        self.filter = QComboBox()
        for which, text in (
            (HistoryFilter.ALL, self.tr("All runs")),
            (HistoryFilter.LEFT, self.tr("Not finished")),
            (HistoryFilter.FAILURES, self.tr("With failures")),
            (HistoryFilter.DONE, self.tr("Done")),
            (HistoryFilter.CANCELLED, self.tr("Cancelled")),
        ):
            self.filter.addItem(text, which)
        self.filter.setAccessibleName(self.tr("Which runs are shown"))
        self.filter.setToolTip(self.tr("Show only some of the runs."))
        self.filter.currentIndexChanged.connect(self._apply_filter)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search folders and dates"))
        self.search.setAccessibleName(self.tr("Search folders and dates"))
        self.search.setToolTip(
            self.tr("Show only runs with these words in their folder, date or state (Ctrl+F).")
        )
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._apply_filter)
        self.count = QLabel()

    def _make_buttons(self) -> None:
        self.resume_button = self._button(self.tr("Res&ume"), self.tr("Read the images that are left."))
        self.again_today = QAction(self.tr("Run again with &today's options"), self._window)
        self.again_same = QAction(self.tr("Run again with the options o&f that run"), self._window)
        menu = QMenu(self._window)
        menu.addActions([self.again_today, self.again_same])
        self.again_button = QToolButton()
        self.again_button.setText(self.tr("Run &again"))
        self.again_button.setToolTip(
            self.tr("Read the same images with today's options. The arrow leads to the options of that run.")
        )
        self.again_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.again_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.again_button.setMenu(menu)
        self.again_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retry_button = self._button(
            self.tr("Retry &failed"), self.tr("Read those images once more that failed in this run.")
        )
        self.results_button = self._button(
            self.tr("Show &results"), self.tr("List what became of each image of this run (Return).")
        )
        self.receipt_button = self._button(
            self.tr("Show re&ceipt"), self.tr("Show the receipt of this run in the file manager.")
        )
        self.forget_button = self._button(
            self.tr("F&orget …"),
            self.tr(
                "Delete this run from the history, and if you like the result files that it wrote (Delete)."
            ),
        )
        self.close_button = self._button(self.tr("C&lose"), self.tr("Close the history (Esc)."))

    @staticmethod
    def _button(text: str, tooltip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tooltip)
        button.setAutoDefault(False)
        return button

    @staticmethod
    def _label() -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        return label

    def _lay_out(self, banner: MessageBanner) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.filter)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        for widget in (self.resume_button, self.again_button, self.retry_button, self.results_button):
            bottom.addWidget(widget)
        bottom.addStretch(1)
        for widget in (self.receipt_button, self.forget_button, self.close_button):
            bottom.addWidget(widget)
        layout = QVBoxLayout(self._window)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID + GRID // 2)
        layout.addWidget(banner)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.details)
        layout.addWidget(self.note)
        layout.addLayout(bottom)

    def _apply_filter(self) -> None:
        self._model.set_filter(self.filter.currentData(), self.search.text())
