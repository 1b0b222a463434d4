"""Shows how the run goes: in the grid, in the panel, in the messages, and in words for the status line."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.domain.jobs import JobSnapshot, Progress, Trouble
from ocr_desktop.domain.naming import display_name
from ocr_desktop.gui.browser.image_browser import ImageBrowser
from ocr_desktop.gui.images.update_feed import UpdateFeed
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.message_area import MessageArea
from ocr_desktop.gui.run.run_controller import RunController, RunPhase
from ocr_desktop.gui.run.run_panel import RunPanel

_NAMED = 4
"""Images that are named while they are being read; there is one for each worker."""


class RunDisplay(QObject):
    """Listens to the run and tells the parts of the window. GUI thread only.

    Signals:
        said: A sentence for the status line.
        ended: The run has ended, whichever way, and that has been shown.
    """

    said = Signal(str)
    ended = Signal()

    def __init__(
        self,
        run: RunController,
        browser: ImageBrowser,
        panel: RunPanel,
        messages: MessageArea,
        window: QWidget,
    ) -> None:
        """Begin to listen.

        Args:
            run: What is listened to.
            browser: Shows the state of each image.
            panel: Shows how far the run is.
            messages: Says what needs somebody.
            window: The main window.
        """
        super().__init__(window)
        self._run = run
        self._browser = browser
        self._panel = panel
        self._messages = messages
        self._window = window
        run.phase_changed.connect(self._follow_phase)
        run.progressed.connect(self._follow_progress)
        self.feed = UpdateFeed(browser.model.apply, self)
        run.images_changed.connect(self.feed.put)
        run.reading_changed.connect(self._name_images)
        run.noticed.connect(messages.show_notices)
        run.halted.connect(self._show_trouble)
        run.finished.connect(self._conclude)
        run.failed.connect(self._show_failure)

    def make_room(self, *, keep_failure: bool = False) -> None:
        """Take away what was said about the run before, but for why it did not work, if so asked."""
        self._messages.clear_run(keep_failure=keep_failure)
        self.said.emit("")

    def forget_job(self, *, with_results: bool) -> None:
        """Show nothing of the last run any more; it has been deleted, maybe together with its results."""
        ids = self._run.forget_job()
        self._panel.forget_results()
        if with_results:
            self._browser.model.forget_results(ids)

    @Slot(object)
    def _follow_phase(self, phase: RunPhase) -> None:
        has_trouble = self._run.trouble is not None
        self._panel.set_phase(phase, has_trouble=has_trouble)
        self._browser.loader.set_gentle(gentle=self._run.is_busy)
        if not has_trouble:
            self._messages.trouble.hide()
        if phase is RunPhase.PAUSED:
            self.said.emit("")

    @Slot(object)
    def _follow_progress(self, progress: Progress) -> None:
        self._panel.show_progress(progress)
        # Images in work still end after the run has halted. A message that was closed stays closed.
        if self._run.trouble is not None and self._messages.trouble.isVisible():
            self._messages.show_trouble(self._run.trouble, progress.stats)

    @Slot(object)
    def _show_trouble(self, trouble: Trouble) -> None:
        """The run pauses by itself; somebody who looks elsewhere is called by the task bar."""
        self._messages.show_trouble(trouble, self._panel.bar.stats)
        QApplication.alert(self._window)

    @Slot(object)
    def _name_images(self, paths: Sequence[str]) -> None:
        """Say what is being read at the moment."""
        if self._run.phase in {RunPhase.RUNNING, RunPhase.PAUSING} and paths:
            names = ", ".join(display_name(path) for path in paths[:_NAMED])
            self.said.emit(self.tr("Reading {names}").format(names=names))

    @Slot(object)
    def _conclude(self, snapshot: JobSnapshot) -> None:
        self.feed.call(self._browser.end_run)
        self._panel.show_end(snapshot)
        stats = snapshot.stats
        self.said.emit(
            self.tr("{done} of {total} images were read, {skipped} skipped, {failed} failed.").format(
                done=stats.completed, total=stats.total, skipped=stats.skipped, failed=stats.failed
            )
        )
        self.ended.emit()

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        self.feed.call(self._browser.end_run)
        self._panel.show_nothing()
        self._messages.show_failure(failure)
        self.said.emit(self.tr("The run did not take place."))
        self.ended.emit()
