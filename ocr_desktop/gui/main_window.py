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
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.appearance import GRID
from ocr_desktop.gui.background_stream import BackgroundStream
from ocr_desktop.gui.check_runner import CheckRequest
from ocr_desktop.gui.image_browser import ImageBrowser
from ocr_desktop.gui.job_forgetter import ForgottenJob
from ocr_desktop.gui.job_opener import JobOpener
from ocr_desktop.gui.message_area import MessageArea
from ocr_desktop.gui.options_dialog import OptionsDialog, reading_anew, summarize
from ocr_desktop.gui.quit_question import QuitQuestion
from ocr_desktop.gui.run_controller import RunController, RunPhase
from ocr_desktop.gui.run_display import RunDisplay
from ocr_desktop.gui.run_panel import RunPanel
from ocr_desktop.gui.side_windows import SideWindows
from ocr_desktop.gui.window_actions import WindowActions
from ocr_desktop.gui.window_settings import WindowSettingsFile
from ocr_desktop.gui.window_size import resize_within_screen
from ocr_desktop.services.discovery import IMAGE_EXTENSIONS
from ocr_desktop.services.thumbnails import ThumbnailStore


class MainWindow(QMainWindow):
    """One window, one run at a time."""

    def __init__(self, application: Application) -> None:
        """Build the window around the core of the program; nothing is opened yet."""
        super().__init__()
        self.application = application
        self._settings_file = WindowSettingsFile(application.folders)
        self._settings = self._settings_file.load()
        self._is_quitting = False
        self._again: set[int] = set()
        self._streams: list[BackgroundStream] = []
        self.browser = ImageBrowser(ThumbnailStore(application.folders.thumbnails))
        self.messages = MessageArea(application.jobs)
        self.panel = RunPanel()
        self.run = RunController(application.jobs, self)
        self.display = RunDisplay(self.run, self.browser, self.panel, self.messages, self)
        self.opener = JobOpener(application.jobs, self.browser.model, self)
        self.others = SideWindows(application.jobs, self.browser.model, self)
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
            self.messages.start.show_message(" ".join(application.notices))
        self.messages.offer.look()

    # -- What can be done

    def open_paths(self, paths: Sequence[str]) -> None:
        """Add the images in these folders, and these files."""
        absolute = [str(Path(path).absolute()) for path in paths]
        for folder in (path for path in absolute if Path(path).is_dir()):
            self._settings = self._settings.with_recent(folder)
        self.browser.open_paths(absolute, recursive=self._settings.options.recursive)
        self._refresh()

    @Slot()
    def start(self) -> None:
        """Read the ticked images."""
        ids = self.browser.model.ticked_ids()
        if ids and not self.run.is_busy:
            options = self._settings.options
            if self._again.issuperset(ids):
                options = reading_anew(options)
            self._start([self.browser.model.image(image_id) for image_id in ids], ids, options)

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
        if self.run.job_id is not None and not self.run.is_busy:
            self.others.show_results(self.run.job_id)

    @Slot()
    def check_results(self) -> None:
        """Check whether the results of what is open are whole and up to date."""
        options = self._settings.options
        if self.browser.places and not self.run.is_busy:
            self.others.check_results(
                CheckRequest(self.browser.places, options.recursive, options.output_dir)
            )

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
        self.others.stop()
        self.messages.stop()
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
        layout.addWidget(self.messages)
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
            (menus.check, self.check_results),
            (menus.options, self.edit_options),
        ):
            action.triggered.connect(act)

    def _connect(self) -> None:
        self.browser.open_pressed.connect(self._choose_folder)
        self.browser.status.connect(self._say)
        self.browser.opened.connect(self.others.show_image)
        self.browser.model.counts_changed.connect(self._refresh)
        self.panel.start_pressed.connect(self.start)
        self.panel.pause_pressed.connect(self.run.pause)
        self.panel.resume_pressed.connect(self.run.resume)
        self.panel.cancel_pressed.connect(self.run.cancel)
        self.panel.options_pressed.connect(self.edit_options)
        self.panel.results_pressed.connect(self.show_results)
        self.run.phase_changed.connect(self._refresh)
        self.display.said.connect(self._say)
        self.display.ended.connect(self._close_if_quitting)
        self.messages.resume_pressed.connect(self.run.resume)
        self.messages.offer.accepted.connect(self._open_job)
        self.messages.offer.failed.connect(self.messages.show_failure)
        self.opener.opened.connect(self._go_on)
        self.opener.failed.connect(self.messages.show_failure)
        self.others.retry_requested.connect(self._retry)
        self.others.tick_requested.connect(self._tick_again)
        self.others.forgotten.connect(self._note_forgotten)

    def _restore(self) -> None:
        geometry = base64.b64decode(self._settings.geometry, validate=False)
        if not geometry or not self.restoreGeometry(QByteArray(geometry)):
            resize_within_screen(self, 1200, 800)
        self.browser.size_slider.setValue(self._settings.thumbnail_edge)
        self.panel.set_options_summary(summarize(self._settings.options))
        self._refresh()

    # -- Following

    def _start(self, images: Sequence[FoundImage], ids: Sequence[int | None], options: RunOptions) -> None:
        self._again.clear()
        self._make_room()
        self.run.start(images, ids, options)

    @Slot(object)
    def _open_job(self, job: JobSnapshot) -> None:
        self._say(self.tr("Opening the images of the run …"))
        self.opener.open(job)

    @Slot(str)
    def _go_on(self, job_id: str) -> None:
        if self.run.is_busy:  # started while the images were being opened
            self.messages.offer.show()
            return
        self._make_room()
        self.browser.note_places(image.root for image in self.opener.images)
        self.run.go_on(job_id, self.opener.images, self.opener.image_ids)

    def _make_room(self) -> None:
        """Take away what was said about the run before."""
        self.display.make_room()
        self.others.close_for_run()

    @Slot()
    def _close_if_quitting(self) -> None:
        if self._is_quitting:
            QTimer.singleShot(0, self, self.close)

    @Slot()
    def _refresh(self) -> None:
        """Bring every control in line with the model and the run."""
        model = self.browser.model
        phase = self.run.phase
        self.panel.set_ticked(model.ticked)
        self.messages.offer.set_free(phase is RunPhase.IDLE)
        self.menus.refresh(
            phase,
            total=model.total,
            ticked=model.ticked,
            has_results=self.run.job_id is not None,
            has_places=bool(self.browser.places),
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
        ids = [self.browser.model.id_of_path(image.path) for image in images]
        self._start(images, ids, self._settings.options)

    @Slot(object)
    def _tick_again(self, paths: Sequence[str]) -> None:
        """Tick these images and no others."""
        model = self.browser.model
        ids = {image_id for path in paths if (image_id := model.id_of_path(path)) is not None}
        model.set_ticked([image_id for image_id in model.ticked_ids() if image_id not in ids], ticked=False)
        model.set_ticked(ids, ticked=True)
        self._again = ids
        self._say(self.tr("%n image(s) ticked to be read again.", "", len(ids)))

    @Slot(object)
    def _note_forgotten(self, job: ForgottenJob) -> None:
        if job.job_id == self.run.job_id:
            self.display.forget_job(with_results=job.with_results)
            self._refresh()
        self._say(job.sentence)

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
