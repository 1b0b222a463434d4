"""Makes a run noticed outside the window: title, task bar, notifications; and keeps the machine awake."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.domain.jobs import JobSnapshot, Progress, Trouble
from ocr_desktop.domain.states import JobState
from ocr_desktop.gui.desktop.services import Desktop, Mood
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.run.run_controller import RunController, RunPhase

_INTERVAL = 0.5
"""Seconds between two words to the task bar."""
_AWAKE = frozenset({RunPhase.STARTING, RunPhase.RUNNING, RunPhase.PAUSING, RunPhase.CANCELLING})
_HELD = frozenset({RunPhase.PAUSING, RunPhase.PAUSED})


class RunAttention(QObject):
    """Follows the run. GUI thread only."""

    def __init__(
        self,
        run: RunController,
        find_desktop: Callable[[], Desktop],
        wants_notices: Callable[[], bool],
        window: QWidget,
    ) -> None:
        """Begin to follow.

        Args:
            run: The run.
            find_desktop: Called when the first run begins; the desktop is never waited for.
            wants_notices: Whether the settings allow notifications.
            window: The main window.
        """
        super().__init__(window)
        self._run = run
        self._find_desktop = find_desktop
        self._found: Desktop | None = None
        self._wants_notices = wants_notices
        self._window = window
        self._shown = 0.0
        run.phase_changed.connect(self._follow_phase)
        run.progressed.connect(self._follow_progress)
        run.halted.connect(self._tell_of_trouble)
        run.finished.connect(self._tell_of_end)
        run.failed.connect(self._tell_of_failure)
        self._set_title()

    def stop(self) -> None:
        """Ask the desktop for nothing more. Calling it twice does no harm."""
        if self._found is not None:
            self._found.stop()

    @property
    def _desktop(self) -> Desktop:
        if self._found is None:
            self._found = self._find_desktop()
        return self._found

    @Slot(object)
    def _follow_phase(self, phase: RunPhase) -> None:
        if phase in _AWAKE:
            self._desktop.sleep.hold(self.tr("Images are being read."))
        else:
            self._desktop.sleep.release()
        if phase is RunPhase.IDLE:
            self._desktop.taskbar.clear()
        else:
            self._show_progress(self._run.progress)
        self._set_title()

    @Slot(object)
    def _follow_progress(self, progress: Progress) -> None:
        if self._run.is_busy and time.monotonic() - self._shown >= _INTERVAL:
            self._show_progress(progress)
            self._set_title()

    def _show_progress(self, progress: Progress) -> None:
        self._shown = time.monotonic()
        mood = Mood.PAUSED if self._run.phase in _HELD else Mood.NORMAL
        if self._run.trouble is not None:
            mood = Mood.TROUBLE
        self._desktop.taskbar.show(progress.stats.done, progress.stats.total, mood)

    def _set_title(self) -> None:
        """Say in the title how far the run is: it is seen where the window is not."""
        stats = self._run.progress.stats
        percent = 100 * stats.done // stats.total if stats.total else 0
        text = self.tr("OCR Desktop")
        if self._run.phase in _HELD:
            text = self.tr("Paused at {percent} % · OCR Desktop").format(percent=percent)
        elif self._run.is_busy:
            text = self.tr("{percent} % · OCR Desktop").format(percent=percent)
        self._window.setWindowTitle(text)

    # -- Notifications

    @Slot(object)
    def _tell_of_trouble(self, trouble: Trouble) -> None:
        self._tell(self.tr("The run has paused"), trouble.message)

    @Slot(object)
    def _tell_of_end(self, job: JobSnapshot) -> None:
        """Tell of the end, unless the next run of the queue has begun already, or somebody ended it."""
        if self._run.is_busy or job.state not in {JobState.COMPLETED, JobState.COMPLETED_WITH_ERRORS}:
            return
        stats = job.stats
        text = self.tr("{done} of {total} images were read, {skipped} skipped, {failed} failed.").format(
            done=stats.completed, total=stats.total, skipped=stats.skipped, failed=stats.failed
        )
        self._tell(self.tr("The run has finished"), text)

    @Slot(object)
    def _tell_of_failure(self, failure: Failure) -> None:
        self._tell(self.tr("The run did not take place"), failure.text)

    def _tell(self, title: str, text: str) -> None:
        """Tell somebody who looks elsewhere."""
        if self._is_in_front() or not self._window.isVisible():
            return
        QApplication.alert(self._window)
        if self._wants_notices():
            self._desktop.notifier.notify(title, text)

    @staticmethod
    def _is_in_front() -> bool:
        return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
