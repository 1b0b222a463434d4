"""The bottom of the window: how the run goes, and the buttons that steer it."""

from PySide6.QtCore import QEvent, QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.jobs import JobSnapshot, Progress
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.gui.look.appearance import GRID, apply_icons, state_colour, state_pixmap, state_word
from ocr_desktop.gui.look.durations import duration_text
from ocr_desktop.gui.look.primary_button import PrimaryButton
from ocr_desktop.gui.look.segmented_bar import SegmentedBar
from ocr_desktop.gui.run.queue_row import QueueRow
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.settings.preset_menu import PresetButton

_ICON = 16
_SHORT = 12 * GRID
"""Pixels that the summary of the options may be cut down to."""
_COUNTED = (ItemState.COMPLETED, ItemState.SKIPPED, ItemState.FAILED, ItemState.PROCESSING, ItemState.PENDING)


class RunPanel(QWidget):
    """Shows what it is told and says what is pressed; knows nothing about jobs.

    Signals:
        start_pressed: The ticked images are to be read, now or after the runs that are there.
        pause_pressed, resume_pressed, cancel_pressed: The buttons.
        options_pressed: The summary of the options was clicked.
        results_pressed: The results of the last run are asked for.
    """

    start_pressed = Signal()
    pause_pressed = Signal()
    resume_pressed = Signal()
    cancel_pressed = Signal()
    options_pressed = Signal()
    results_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the panel, idle."""
        super().__init__(parent)
        self._free = 0
        self._phase = RunPhase.IDLE
        self._has_results = False
        self.bar = SegmentedBar()
        self.headline = QLabel()
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.pace = QLabel()
        self.pace.setTextFormat(Qt.TextFormat.PlainText)
        self._counts = {state: _CountLabel(state) for state in _COUNTED}
        self.queue_row = QueueRow()
        self._make_buttons()
        self._lay_out()
        self._refresh_icons()
        self.set_ticked(0)
        self.set_phase(RunPhase.IDLE)
        self.bar.hide()

    def set_ticked(self, count: int) -> None:
        """Say on the buttons how many images a run would read: those ticked ones that are in no run yet."""
        self._free = count
        number = QLocale().toString(count)
        self.start_button.setText(self.tr("&Start OCR ({count})").format(count=number))
        self.add_button.setText(self.tr("Add to &queue ({count})").format(count=number))
        self._refresh_buttons()

    def set_options_summary(self, text: str) -> None:
        """Say in short how a run would be done."""
        self.options_button.setText(text)
        self.start_button.setToolTip(
            self.tr("Read the ticked images (F5): {summary}").format(summary=text.replace("&&", "&"))
        )

    def set_phase(self, phase: RunPhase, *, has_trouble: bool = False) -> None:
        """Show what the run is at.

        Args:
            phase: That.
            has_trouble: Whether it has paused by itself.
        """
        self._phase = phase
        texts = {
            RunPhase.STARTING: self.tr("Starting …"),
            RunPhase.RUNNING: self.tr("Reading images"),
            RunPhase.PAUSING: self.tr("Pausing … images in work are being finished"),
            RunPhase.PAUSED: self.tr("Paused because of a problem") if has_trouble else self.tr("Paused"),
            RunPhase.CANCELLING: self.tr("Cancelling …"),
            RunPhase.STOPPING: self.tr("Stopping … the rest can be read another time"),
        }
        if phase in texts:
            self.headline.setText(texts[phase])
        if phase is RunPhase.STARTING:
            self.show_progress(Progress(stats=JobStats(total=0)))
        if phase in {RunPhase.STARTING, RunPhase.RUNNING}:
            self.bar.show()
            self._progress_row.show()
        if phase is not RunPhase.RUNNING:
            self.pace.clear()
        self._refresh_buttons()

    def show_progress(self, progress: Progress) -> None:
        """Show how far the run is."""
        self.bar.set_stats(progress.stats)
        for state, label in self._counts.items():
            label.set_count(progress.stats.of(state))
        if self._phase is RunPhase.RUNNING:
            self.pace.setText(self._describe_pace(progress))

    def set_has_results(self, has_results: bool) -> None:
        """Say whether there is a run, or was one, whose results can be listed."""
        if has_results != self._has_results:
            self._has_results = has_results
            self._refresh_buttons()

    def show_end(self, snapshot: JobSnapshot) -> None:
        """Say how the run ended; the counts stay."""
        duration = duration_text(snapshot.progress.elapsed)
        texts = {
            JobState.COMPLETED: self.tr("Finished in {duration}"),
            JobState.COMPLETED_WITH_ERRORS: self.tr("Finished in {duration}, with failures"),
            JobState.CANCELLED: self.tr("Cancelled after {duration}"),
        }
        text = texts.get(snapshot.state, self.tr("Interrupted after {duration}"))
        self.headline.setText(text.format(duration=duration))
        self._refresh_buttons()

    def forget_results(self) -> None:
        """The last run is not there any more: show nothing of it."""
        self.set_has_results(False)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show no run at all."""
        self.bar.hide()
        self._progress_row.hide()

    def _make_buttons(self) -> None:
        self.start_button = PrimaryButton()
        self.start_button.setAccessibleName(self.tr("Start OCR"))
        self.pause_button = self._button(self.tr("&Pause"), self.tr("Begin no further image (F6)."))
        self.resume_button = self._button(self.tr("&Resume"), self.tr("Go on with the run (F6)."))
        self.cancel_button = self._button(
            self.tr("&Cancel"), self.tr("Drop the images that have not begun (Shift+F5).")
        )
        self.results_button = self._button(
            self.tr("Sho&w results"), self.tr("List what became of each image of the run (Ctrl+R).")
        )
        self.add_button = self._button(
            self.tr("Add to &queue"), self.tr("Read the ticked images after the runs that are there (F5).")
        )
        self.preset_button = PresetButton()
        self.options_button = QToolButton()
        self.options_button.setAutoRaise(True)
        self.options_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.options_button.setToolTip(self.tr("Change how images are read (Ctrl+,)."))
        self.options_button.setAccessibleName(self.tr("Settings"))
        self.options_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # A long folder in it must not keep the window from being narrow.
        self.options_button.setMinimumWidth(_SHORT)
        for button, signal in (
            (self.start_button, self.start_pressed),
            (self.add_button, self.start_pressed),
            (self.pause_button, self.pause_pressed),
            (self.resume_button, self.resume_pressed),
            (self.cancel_button, self.cancel_pressed),
            (self.results_button, self.results_pressed),
            (self.options_button, self.options_pressed),
        ):
            button.clicked.connect(signal)

    @staticmethod
    def _button(text: str, tooltip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tooltip)
        return button

    def _lay_out(self) -> None:
        self._progress_row = QWidget()
        self._progress_row.hide()
        counts = QHBoxLayout(self._progress_row)
        counts.setContentsMargins(0, 0, 0, 0)
        counts.setSpacing(2 * GRID)
        counts.addWidget(self.headline)
        for label in self._counts.values():
            counts.addWidget(label)
        counts.addStretch(1)
        counts.addWidget(self.pace)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.preset_button)
        buttons.addWidget(self.options_button)
        buttons.addStretch(1)
        for button in (
            self.add_button,
            self.results_button,
            self.cancel_button,
            self.pause_button,
            self.resume_button,
            self.start_button,
        ):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID + GRID // 2, 2 * GRID, GRID + GRID // 2)
        layout.setSpacing(GRID)
        layout.addWidget(self._progress_row)
        layout.addWidget(self.bar)
        layout.addWidget(self.queue_row)
        layout.addLayout(buttons)

    def _refresh_buttons(self) -> None:
        is_idle = self._phase is RunPhase.IDLE
        is_held = self._phase in {RunPhase.PAUSING, RunPhase.PAUSED}
        self.start_button.setVisible(is_idle)
        self.start_button.setEnabled(is_idle and self._free > 0)
        self.add_button.setVisible(not is_idle and self._free > 0)
        self.add_button.setEnabled(self._phase is not RunPhase.STOPPING)
        self.pause_button.setVisible(not is_idle and not is_held)
        self.pause_button.setEnabled(self._phase is RunPhase.RUNNING)
        self.resume_button.setVisible(is_held)
        self.cancel_button.setVisible(not is_idle)
        self.cancel_button.setEnabled(self._phase not in {RunPhase.CANCELLING, RunPhase.STOPPING})
        self.results_button.setVisible(self._has_results)

    def _describe_pace(self, progress: Progress) -> str:
        if progress.rate is None or progress.remaining is None:
            return ""
        return self.tr("{rate} images a minute, {time} left").format(
            rate=round(60 * progress.rate), time=duration_text(progress.remaining)
        )

    def _refresh_icons(self) -> None:
        apply_icons(
            [
                (self.add_button, "mdi6.tray-plus"),
                (self.pause_button, "mdi6.pause"),
                (self.resume_button, "mdi6.play"),
                (self.cancel_button, "mdi6.close"),
                (self.results_button, "mdi6.text-box-outline"),
                (self.options_button, "mdi6.tune-variant"),
            ],
            self.palette(),
        )

    # -- Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "options_button"):
            self._refresh_icons()


class _CountLabel(QWidget):
    """An icon, a number and a word, for one state; hidden while the number is 0."""

    def __init__(self, state: ItemState) -> None:
        super().__init__()
        self._state = state
        self._icon = QLabel()
        self._text = QLabel()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._icon, 0, 0)
        layout.addWidget(self._text, 0, 1)
        self._recolour()
        self.hide()

    @Slot(int)
    def set_count(self, count: int) -> None:
        self._text.setText(
            self.tr("{count} {word}").format(count=count, word=state_word(self._state).lower())
        )
        self.setVisible(count > 0)

    def _recolour(self) -> None:
        palette = self.palette()
        self._icon.setPixmap(state_pixmap(self._state, palette, _ICON, self.devicePixelRatioF()))
        own = self._text.palette()
        own.setColor(self._text.foregroundRole(), state_colour(self._state, palette))
        self._text.setPalette(own)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_text"):
            self._recolour()
