"""Leaving while a run is going on: asks what is to become of it, and closes the window once it has ended."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.run.quit_question import QuitQuestion
from ocr_desktop.gui.run.run_controller import RunController
from ocr_desktop.gui.run.run_queue import RunQueue


class RunQuitting(QObject):
    """Decides whether the window may close. GUI thread only."""

    def __init__(self, run: RunController, queue: RunQueue, window: QWidget) -> None:
        """Begin with nobody wanting to leave.

        Args:
            run: The run that is going on.
            queue: What waits for its end.
            window: What is to be closed; asked about, too.
        """
        super().__init__(window)
        self._run = run
        self._queue = queue
        self._window = window
        self._is_quitting = False

    @property
    def is_quitting(self) -> bool:
        """Whether the window closes as soon as the run has ended."""
        return self._is_quitting

    def may_close(self) -> bool:
        """Whether the window may close now; if not, ask, unless that has been answered."""
        if not self._run.is_busy:
            return True
        if not self._is_quitting and self._window.findChild(QuitQuestion) is None:
            self._ask()
        return False

    @Slot()
    def quit_now(self) -> None:
        """Stop what runs, to be resumed another time, and close once it has ended; asks nothing.

        What waits is kept for the next start.
        """
        self._leave()
        if self._run.is_busy:
            self._run.interrupt()
        else:
            self._window.close()

    @Slot()
    def close_if_quitting(self) -> None:
        """The run has ended: close, if that is what was waited for."""
        if self._is_quitting:
            QTimer.singleShot(0, self._window, self._window.close)

    def _ask(self) -> None:
        left = self._run.progress.stats.remaining
        question = QuitQuestion(left, len(self._queue.waiting), self._window)
        question.stop_chosen.connect(self.quit_now)
        question.cancel_chosen.connect(self._cancel_and_quit)
        question.open()

    @Slot()
    def _cancel_and_quit(self) -> None:
        self._leave()
        self._queue.cancel_all()
        if self._run.is_busy:
            self._run.cancel()
        else:
            self._window.close()

    def _leave(self) -> None:
        self._is_quitting = True
        self._queue.hold()
