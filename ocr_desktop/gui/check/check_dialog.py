"""The check of results: which are sound, and what is wrong with the others."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.gui.check.check_runner import CheckRequest, CheckRunner
from ocr_desktop.gui.check.finding_look import kind_word
from ocr_desktop.gui.check.findings_model import FindingsModel
from ocr_desktop.gui.check.findings_table import FindingsCounts, FindingsTable
from ocr_desktop.gui.look.appearance import GRID, apply_icons, plain_pixmap, state_colour
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.reveal import show_in_folder

_READ_AGAIN = frozenset({FindingKind.MISSING, FindingKind.DAMAGED, FindingKind.STALE})
_SOUND_ICON = 56


class CheckDialog(QDialog):
    """Checks the open folders and lists what is found; a window of its own, not a modal one.

    Signals:
        tick_requested: A list of the paths of the images that are to be read again.
    """

    tick_requested = Signal(object)

    def __init__(
        self,
        runner: CheckRunner,
        request: CheckRequest,
        is_listed: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        """Begin the check at once.

        Args:
            runner: Does it; is left idle when the dialog is closed.
            request: What to check.
            is_listed: Whether an image is in the list of the main window, so that it can be ticked there.
            parent: Qt's parent.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Check of results"))
        self._runner = runner
        self._request = request
        self._is_listed = is_listed
        self._again: list[str] = []
        self._is_whole = False
        self.model = FindingsModel(self)
        self.banner = MessageBanner()
        self.headline = QLabel()
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setWordWrap(True)
        font = self.headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.headline.setFont(font)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(GRID)
        self.progress.setAccessibleName(self.tr("The check is going on"))
        self.table = FindingsTable(self.model)
        self._make_controls()
        self._lay_out()
        self._connect()
        self._refresh_look()
        self.start()

    @Slot()
    def start(self) -> None:
        """Check everything, from the beginning."""
        self.banner.hide()
        self._again = []
        self._is_whole = False
        self._note.hide()
        self.model.begin(self._request.places)
        self._runner.start(self._request)
        self._refresh()

    @Slot()
    def stop(self) -> None:
        """Stop the check; what was found stays. Calling it twice does no harm."""
        self._runner.cancel()
        self._refresh()

    @property
    def current(self) -> Finding | None:
        """The finding of the current row."""
        index = self.table.currentIndex()
        return self.model.finding(index.row()) if index.isValid() else None

    # -- Building

    def _make_controls(self) -> None:
        self.only_problems = QCheckBox(self.tr("Only &problems"))
        self.only_problems.setChecked(True)
        self.only_problems.setToolTip(self.tr("Hide the images whose results are sound."))
        self.counts = FindingsCounts()
        self.detail = QLabel()
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setWordWrap(True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.detail.setMinimumHeight(3 * self.detail.fontMetrics().lineSpacing())
        self._note = QLabel()
        self._note.hide()
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self.tick_button = _button(
            "",
            self.tr(
                "Tick the images whose result is missing, damaged or out of date, and no others, so that "
                "“Start OCR” reads them again."
            ),
        )
        self.reveal_button = _button(
            self.tr("Show in &folder"), self.tr("Show this file in the file manager (Return).")
        )
        self.copy_button = _button(
            self.tr("&Copy list"), self.tr("Copy the findings that are shown to the clipboard (Ctrl+C).")
        )
        self.stop_button = _button(self.tr("&Stop"), self.tr("Stop the check; what was found stays."))
        self.again_button = _button(self.tr("Check a&gain"), self.tr("Check everything from the beginning."))
        self.close_button = _button(self.tr("C&lose"), self.tr("Close the check (Esc)."))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.counts, 1)
        top.addWidget(self.only_problems, alignment=Qt.AlignmentFlag.AlignTop)
        self._sound_icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        empty = QWidget()
        centred = QVBoxLayout(empty)
        centred.addStretch(1)
        centred.addWidget(self._sound_icon)
        centred.addWidget(self._nothing)
        centred.addStretch(1)
        self._empty = empty
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(empty)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for button in (self.tick_button, self.reveal_button, self.copy_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.stop_button, self.again_button, self.close_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID + GRID // 2)
        layout.addWidget(self.banner)
        layout.addWidget(self.headline)
        layout.addWidget(self.progress)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.detail)
        layout.addWidget(self._note)
        layout.addLayout(buttons)
        resize_within_screen(self, 960, 600)

    def _connect(self) -> None:
        self._runner.found.connect(self._add)
        self._runner.ended.connect(self._conclude)
        self.model.modelReset.connect(self._refresh)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.table.activated.connect(self._reveal)
        self.only_problems.toggled.connect(self.model.set_only_problems)
        self.tick_button.clicked.connect(self._tick)
        self.reveal_button.clicked.connect(self._reveal)
        self.copy_button.clicked.connect(self._copy)
        self.stop_button.clicked.connect(self.stop)
        self.again_button.clicked.connect(self.start)
        self.close_button.clicked.connect(self.close)
        self.table.copy_pressed.connect(self._copy)

    # -- Following

    @Slot(object)
    def _add(self, findings: list[Finding]) -> None:
        self.model.add(findings)
        self._again += [
            finding.path
            for finding in findings
            if finding.kind in _READ_AGAIN and self._is_listed(finding.path)
        ]
        self._refresh()

    @Slot(object)
    def _conclude(self, error: Exception | None) -> None:
        self._is_whole = error is None
        if error is not None:
            self.banner.show_failure(Failure.of(error))
        self._refresh()
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    @Slot()
    def _refresh(self) -> None:
        counts = self.model.counts
        is_active = self._runner.is_active
        self.counts.show_counts(counts)
        self.headline.setText(self._summary())
        self.progress.setVisible(is_active)
        self.stop_button.setVisible(is_active)
        self.again_button.setVisible(not is_active)
        has_rows = self.model.rowCount() > 0
        self._pages.setCurrentWidget(self.table if has_rows else self._empty)
        self._sound_icon.setVisible(self._is_whole and counts.total > 0)
        self._nothing.setText("" if self._is_whole else self.tr("No problem so far."))
        self.copy_button.setEnabled(has_rows)
        self.tick_button.setText(
            self.tr("&Tick to read again ({count})").format(count=QLocale().toString(len(self._again)))
        )
        self.tick_button.setEnabled(bool(self._again))
        self._show_current()

    def _summary(self) -> str:
        """Return in one sentence how the check stands."""
        counts = self.model.counts
        total = QLocale().toString(counts.total)
        if self._runner.is_active:
            return self.tr("Checking … {total} looked at so far").format(total=total)
        if counts.problems:
            text = self.tr("%n of {total} need(s) a look.", "", counts.problems).format(total=total)
        elif counts.total:
            text = self.tr("All %n result(s) are sound.", "", counts.total)
        else:
            text = self.tr("There is nothing to check here: no image and no result was found.")
        if self._is_whole:
            return text
        return self.tr("The check was stopped before its end. So far: {found}").format(found=text)

    @Slot()
    def _show_current(self) -> None:
        finding = self.current
        self.reveal_button.setEnabled(finding is not None)
        self.detail.setVisible(self.model.rowCount() > 0)
        self.detail.setText("" if finding is None else f"{printable(finding.path)}\n{finding.detail}")

    # -- Acting

    @Slot()
    def _tick(self) -> None:
        self.tick_requested.emit(list(self._again))
        self._note.show()
        self._note.setText(self.tr("They are ticked now: press “Start OCR” in the main window."))

    @Slot()
    def _reveal(self, _index: QModelIndex | None = None) -> None:
        if self.current is not None:
            show_in_folder(self.current.path)

    @Slot()
    def _copy(self) -> None:
        lines = (
            "\t".join((kind_word(finding.kind), printable(finding.path), finding.detail.replace("\n", " ")))
            for finding in self.model.shown()
        )
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def _refresh_look(self) -> None:
        palette, ratio = self.palette(), self.devicePixelRatioF()
        self.model.set_look(palette, ratio)
        green = state_colour(ItemState.COMPLETED, palette)
        self._sound_icon.setPixmap(plain_pixmap("mdi6.check-circle", green, _SOUND_ICON, ratio))
        apply_icons(
            [
                (self.tick_button, "mdi6.checkbox-marked-outline"),
                (self.reveal_button, "mdi6.folder-search-outline"),
                (self.copy_button, "mdi6.content-copy"),
                (self.stop_button, "mdi6.stop"),
                (self.again_button, "mdi6.refresh"),
            ],
            palette,
        )

    # -- Qt

    def done(self, result: int) -> None:
        """Every way to close the dialog comes by here."""
        self._runner.cancel()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sound_icon"):
            self._refresh_look()


def _button(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tooltip)
    button.setAutoDefault(False)
    return button
