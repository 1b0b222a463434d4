"""The main window: brings browser, run panel, options and results together."""

import base64
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.appearance import GRID
from ocr_desktop.gui.background_stream import BackgroundStream
from ocr_desktop.gui.failure import Failure
from ocr_desktop.gui.image_browser import ImageBrowser
from ocr_desktop.gui.job_opener import JobOpener
from ocr_desktop.gui.message_banner import MessageBanner
from ocr_desktop.gui.options_dialog import OptionsDialog, summarize
from ocr_desktop.gui.quit_question import QuitQuestion
from ocr_desktop.gui.results_dialog import ResultsDialog
from ocr_desktop.gui.resume_offer import ResumeOffer
from ocr_desktop.gui.run_controller import RunController, RunPhase
from ocr_desktop.gui.run_panel import RunPanel
from ocr_desktop.gui.viewer import Viewer, ViewerEntry
from ocr_desktop.gui.window_actions import WindowActions
from ocr_desktop.gui.window_settings import WindowSettingsFile
from ocr_desktop.gui.window_size import resize_within_screen
from ocr_desktop.services.discovery import IMAGE_EXTENSIONS
from ocr_desktop.services.thumbnails import ThumbnailStore

_NAMED = 4
"""Images that are named while they are being read; there is one for each worker."""


class MainWindow(QMainWindow):
    """One window, one run at a time."""

    def __init__(self, application: Application) -> None:
        """Build the window around the core of the program; nothing is opened yet."""
        super().__init__()
        self.application = application
        self._settings_file = WindowSettingsFile(application.folders)
        self._settings = self._settings_file.load()
        self._is_quitting = False
        self._streams: list[BackgroundStream] = []
        self.browser = ImageBrowser(ThumbnailStore(application.folders.thumbnails))
        self.banner = MessageBanner()
        self.notice = MessageBanner(ItemState.SKIPPED)
        self.offer = ResumeOffer(application.jobs)
        self.panel = RunPanel()
        self.run = RunController(application.jobs, self)
        self.opener = JobOpener(application.jobs, self.browser.model, self)
        self.results: ResultsDialog | None = None
        self.viewer: Viewer | None = None
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # names may be long
        self.setWindowTitle(self.tr("OCR Desktop"))
        self.setAcceptDrops(True)
        self._lay_out()
        self._make_menus()
        self._connect()
        self._restore()
        if application.notices:
            self.notice.show_message(" ".join(application.notices))
        self.offer.look()

    # -- What can be done

    def open_paths(self, paths: Sequence[str]) -> None:
        """Add the images in these folders, and these files."""
        absolute = [str(Path(path).absolute()) for path in paths]
        for folder in (path for path in absolute if Path(path).is_dir()):
            self._settings = self._settings.with_recent(folder)
        self.browser.open_paths(absolute, recursive=self._settings.options.recursive)

    @Slot()
    def start(self) -> None:
        """Read the ticked images."""
        ids = self.browser.model.ticked_ids()
        if ids and not self.run.is_busy:
            self._start([self.browser.model.image(image_id) for image_id in ids], ids)

    @Slot()
    def toggle_pause(self) -> None:
        """Pause, or go on after a pause."""
        if self.run.phase is RunPhase.RUNNING:
            self.run.pause()
        else:
            self.run.resume()

    @Slot()
    def show_results(self) -> None:
        """List what became of each image of the last run."""
        if self.run.job_id is None or self.run.is_busy:
            return
        if self.results is not None:
            self.results.close()
        self.results = ResultsDialog(self.application.jobs, self.run.job_id, self)
        self.results.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.results.retry_requested.connect(self._retry)
        self.results.destroyed.connect(self._forget_results)
        self.results.show()

    @Slot()
    def edit_options(self) -> None:
        """Change how images are read."""
        dialog = OptionsDialog(self._settings.options, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._use_options)
        probe = BackgroundStream("engine-probe", lambda: [self.application.engines.statuses()], dialog)
        probe.batch.connect(lambda batch: dialog.show_engines(batch[0]))
        dialog.finished.connect(probe.stop)
        probe.start()
        dialog.open()

    @Slot()
    def quit_now(self) -> None:
        """Stop what runs, to be resumed another time, and close once it has ended; asks nothing."""
        self._is_quitting = True
        if self.run.is_busy:
            self.run.interrupt()
        else:
            self.close()

    def stop(self) -> None:
        """End every thread and timer of the window. Calling it twice does no harm."""
        for child in (self.results, self.viewer):
            if child is not None:
                child.close()
        self.offer.stop()
        self.opener.stop()
        self.run.shut_down()
        self.browser.stop()

    # -- Building

    def _lay_out(self) -> None:
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for banner in (self.notice, self.offer, self.banner):
            layout.addWidget(banner)
        layout.addWidget(self.browser, 1)
        layout.addWidget(line)
        layout.addWidget(self.panel)
        # Not a status bar: some styles draw a frame in it, and a style sheet against that costs the palette.
        layout.addWidget(self.status)
        self.setCentralWidget(central)

    def _make_menus(self) -> None:
        self.menus = WindowActions(
            self,
            tick_actions=self.browser.tick_actions,
            focus_filter=self.browser.focus_filter,
            stop_scan=self.browser.stop_scan,
            recent_folders=lambda: self._settings.recent_folders,
            open_folder=lambda folder: self.open_paths([folder]),
        )
        menus = self.menus
        for action, act in (
            (menus.open_folder, self._choose_folder),
            (menus.open_files, self._choose_files),
            (menus.clear, self.browser.clear),
            (menus.quit, self.close),
            (menus.start, self.start),
            (menus.pause, self.toggle_pause),
            (menus.cancel, self.run.cancel),
            (menus.results, self.show_results),
            (menus.options, self.edit_options),
        ):
            action.triggered.connect(act)

    def _connect(self) -> None:
        self.browser.open_pressed.connect(self._choose_folder)
        self.browser.status.connect(self._say)
        self.browser.opened.connect(self.open_viewer)
        self.browser.model.counts_changed.connect(self._refresh)
        self.panel.start_pressed.connect(self.start)
        self.panel.pause_pressed.connect(self.run.pause)
        self.panel.resume_pressed.connect(self.run.resume)
        self.panel.cancel_pressed.connect(self.run.cancel)
        self.panel.options_pressed.connect(self.edit_options)
        self.panel.results_pressed.connect(self.show_results)
        self.run.phase_changed.connect(self._follow_phase)
        self.run.progressed.connect(self.panel.show_progress)
        self.run.images_changed.connect(self.browser.model.apply)
        self.run.finished.connect(self._conclude)
        self.run.reading_changed.connect(self._name_images)
        self.run.failed.connect(self._show_failure)
        self.offer.accepted.connect(self._open_job)
        self.offer.failed.connect(self.banner.show_failure)
        self.opener.opened.connect(self._go_on)
        self.opener.failed.connect(self.banner.show_failure)

    def _restore(self) -> None:
        geometry = base64.b64decode(self._settings.geometry, validate=False)
        if not geometry or not self.restoreGeometry(QByteArray(geometry)):
            resize_within_screen(self, 1200, 800)
        self.browser.size_slider.setValue(self._settings.thumbnail_edge)
        self.panel.set_options_summary(summarize(self._settings.options))
        self._refresh()

    # -- Following

    def _start(self, images: Sequence[FoundImage], ids: Sequence[int | None]) -> None:
        self._make_room()
        self.run.start(images, ids, self._settings.options)

    @Slot(object)
    def _open_job(self, job: JobSnapshot) -> None:
        self._say(self.tr("Opening the images of the run …"))
        self.opener.open(job)

    @Slot(str)
    def _go_on(self, job_id: str) -> None:
        if self.run.is_busy:  # started while the images were being opened
            self.offer.show()
            return
        self._make_room()
        self.run.go_on(job_id, self.opener.images, self.opener.image_ids)

    def _make_room(self) -> None:
        """Take away what was said about the run before."""
        self.banner.hide()
        self._say("")
        if self.results is not None:
            self.results.close()

    @Slot(object)
    def _name_images(self, paths: Sequence[str]) -> None:
        """Say what is being read at the moment."""
        if self.run.phase in {RunPhase.RUNNING, RunPhase.PAUSING} and paths:
            names = ", ".join(display_name(path) for path in paths[:_NAMED])
            self._say(self.tr("Reading {names}").format(names=names))

    @Slot(object)
    def _follow_phase(self, phase: RunPhase) -> None:
        self.panel.set_phase(phase)
        self.browser.loader.set_gentle(gentle=self.run.is_busy)
        if phase is RunPhase.PAUSED:
            self._say("")
        self._refresh()

    @Slot(object)
    def _conclude(self, snapshot: JobSnapshot) -> None:
        self.browser.model.end_run()
        self.panel.show_end(snapshot)
        stats = snapshot.stats
        self._say(
            self.tr("{done} of {total} images were read, {skipped} skipped, {failed} failed.").format(
                done=stats.completed, total=stats.total, skipped=stats.skipped, failed=stats.failed
            )
        )
        self._close_if_quitting()

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        self.browser.model.end_run()
        self.panel.show_nothing()
        self.banner.show_failure(failure)
        self._say(self.tr("The run did not take place."))
        self._close_if_quitting()

    def _close_if_quitting(self) -> None:
        if self._is_quitting:
            QTimer.singleShot(0, self, self.close)

    @Slot()
    def _refresh(self) -> None:
        """Bring every control in line with the model and the run."""
        model = self.browser.model
        phase = self.run.phase
        self.panel.set_ticked(model.ticked)
        self.offer.set_free(phase is RunPhase.IDLE)
        self.menus.refresh(
            phase, total=model.total, ticked=model.ticked, has_results=self.run.job_id is not None
        )

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.status.setText(sentence)

    @Slot(object)
    def _use_options(self, options: RunOptions) -> None:
        self._settings = msgspec.structs.replace(self._settings, options=options)
        self.panel.set_options_summary(summarize(options))
        self._save_settings()

    @Slot(object)
    def _retry(self, item_ids: Sequence[int]) -> None:
        images = [self.run.image(item_id) for item_id in item_ids]
        self._start(images, [self.browser.model.id_of_path(image.path) for image in images])

    @Slot()
    def _forget_results(self) -> None:
        self.results = None

    @Slot(int)
    def open_viewer(self, image_id: int) -> None:
        """Show an image, and its text if it has been read."""
        model = self.browser.model
        ids = model.shown_ids()
        entries = [ViewerEntry(model.image(shown).path, model.outcome(shown)) for shown in ids]
        if self.viewer is None:
            self.viewer = Viewer(self)
        self.viewer.show_entries(entries, model.row_of(image_id) or 0)
        self.viewer.show()
        self.viewer.raise_()
        self.viewer.activateWindow()

    # -- Choosing

    @Slot()
    def _choose_folder(self) -> None:
        recent = self._settings.recent_folders
        start = recent[0] if recent else ""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Open a folder with images"), start)
        if folder:
            self.open_paths([folder])

    @Slot()
    def _choose_files(self) -> None:
        patterns = " ".join(f"*{extension}" for extension in sorted(IMAGE_EXTENSIONS))
        files, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Open images"), "", self.tr("Images ({patterns})").format(patterns=patterns)
        )
        if files:
            self.open_paths(files)

    # -- Leaving

    def _ask_to_quit(self) -> None:
        if self.findChild(QuitQuestion) is not None:
            return
        question = QuitQuestion(self.panel.bar.stats.remaining, self)
        question.stop_chosen.connect(self.quit_now)
        question.cancel_chosen.connect(self._cancel_and_quit)
        question.open()

    @Slot()
    def _cancel_and_quit(self) -> None:
        self._is_quitting = True
        if self.run.is_busy:
            self.run.cancel()
        else:
            self.close()

    def _save_settings(self) -> None:
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        self._settings = msgspec.structs.replace(
            self._settings, geometry=geometry, thumbnail_edge=self.browser.view.edge
        )
        self._settings_file.save(self._settings)

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask during a run; else remember the window and end every thread."""
        if self.run.is_busy:
            event.ignore()
            if not self._is_quitting:
                self._ask_to_quit()
            return
        self._save_settings()
        self.hide()
        self.stop()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take local files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "menus"):
            self.menus.refresh_icons()
