"""Everything that the window has to say above the images: one banner for each sort of message."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ocr_desktop.domain.items import JobStats
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.messages.failure import Failure
from ocr_desktop.gui.messages.failure_banner import FailureBanner
from ocr_desktop.gui.messages.message_banner import MessageBanner
from ocr_desktop.gui.messages.notices_banner import NoticesBanner
from ocr_desktop.gui.messages.trouble_banner import TroubleBanner
from ocr_desktop.gui.run.resume_offer import ResumeOffer
from ocr_desktop.jobs.manager import JobManager


class MessageArea(QWidget):
    """The banners, from the start of the program down to the run that is going on.

    Signals:
        resume_pressed: The run that paused by itself is to go on.
        options_pressed: The options are to be changed, for what could not be done.
    """

    resume_pressed = Signal()
    options_pressed = Signal()

    def __init__(self, jobs: JobManager, parent: QWidget | None = None) -> None:
        """Begin with nothing to say."""
        super().__init__(parent)
        self.start = MessageBanner(ItemState.SKIPPED, icon="mdi6.alert-outline")
        self.offer = ResumeOffer(jobs)
        self.failure = FailureBanner()
        self.trouble = TroubleBanner()
        self.notices = NoticesBanner()
        self.trouble.resume_pressed.connect(self.resume_pressed)
        self.failure.options_pressed.connect(self.options_pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for banner in (self.start, self.offer, self.failure, self.trouble, self.notices):
            layout.addWidget(banner)

    @Slot(object)
    def show_failure(self, failure: Failure) -> None:
        """Say why something could not be done."""
        self.failure.show_failure(failure)

    def show_trouble(self, trouble: Trouble, stats: JobStats) -> None:
        """Say why the run has paused by itself."""
        self.trouble.show_trouble(trouble, stats)

    @Slot(object)
    def show_notices(self, notices: Sequence[str]) -> None:
        """Say what was found before the run began."""
        self.notices.show_notices(notices)

    def clear_run(self, *, keep_failure: bool = False) -> None:
        """Take away what was said about the run before, but for why it did not work, if so asked."""
        for banner in (self.trouble, self.notices):
            banner.hide()
        if not keep_failure:
            self.failure.hide()

    def stop(self) -> None:
        """End every thread. Calling it twice does no harm."""
        self.offer.stop()
