"""The main window: brings browser, run panel, options and results together."""

import base64
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.bootstrap import Application
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.appearance import GRID, apply_icons
from ocr_desktop.gui.background_stream import BackgroundStream
from ocr_desktop.gui.failure import Failure
from ocr_desktop.gui.image_browser import ImageBrowser
from ocr_desktop.gui.message_banner import MessageBanner
from ocr_desktop.gui.options_dialog import OptionsDialog, summarize
from ocr_desktop.gui.results_dialog import ResultsDialog
from ocr_desktop.gui.run_controller import RunController, RunPhase
from ocr_desktop.gui.run_panel import RunPanel
from ocr_desktop.gui.viewer import Viewer, ViewerEntry
from ocr_desktop.gui.window_settings import WindowSettingsFile
from ocr_desktop.services.discovery import IMAGE_EXTENSIONS
from ocr_desktop.services.thumbnails import ThumbnailStore


class MainWindow(QMainWindow):
    """One window, one run at a time."""

    def __init__(self, application: Application) -> None:
        """Build the window around the core of the program; nothing is opened yet."""
        super().__init__()
        self._application = application
        self._settings_file = WindowSettingsFile(application.folders)
        self._settings = self._settings_file.load()
        self._is_quitting = False
        self._streams: list[BackgroundStream] = []
        self.browser = ImageBrowser(ThumbnailStore(application.folders.thumbnails))
        self.banner = MessageBanner()
        self.panel = RunPanel()
        self.run = RunController(application.jobs, self)
        self.results: ResultsDialog | None = None
        self.viewer: Viewer | None = None
        self._status = QLabel()
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(self.tr("OCR Desktop"))
        self.setAcceptDrops(True)
        self._lay_out()
        self._make_menus()
        self._connect()
        self._restore()
        self._refresh_icons()

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
        self.results = ResultsDialog(self._application.jobs, self.run.job_id, self)
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
        probe = BackgroundStream("engine-probe", lambda: [self._application.engines.statuses()], dialog)
        probe.batch.connect(lambda batch: dialog.show_engines(batch[0]))
        dialog.finished.connect(probe.stop)
        probe.start()
        dialog.open()

    @Slot()
    def quit_now(self) -> None:
        """Cancel what runs, and close the window once that has ended; asks nothing."""
        self._is_quitting = True
        if self.run.is_busy:
            self.run.cancel()
        else:
            self.close()

    def stop(self) -> None:
        """End every thread and timer of the window. Calling it twice does no harm."""
        for child in (self.results, self.viewer):
            if child is not None:
                child.close()
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
        for widget, stretch in ((self.banner, 0), (self.browser, 1), (line, 0), (self.panel, 0)):
            layout.addWidget(widget, stretch)
        self.setCentralWidget(central)
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(2 * GRID - 2, 0, 2 * GRID, GRID // 2)
        self.statusBar().setStyleSheet("QStatusBar::item { border: none; }")

    def _make_menus(self) -> None:
        self.open_folder_action = self._action(self.tr("&Open folder …"), "Ctrl+O", self._choose_folder)
        self.open_files_action = self._action(self.tr("Open &images …"), "Ctrl+Shift+O", self._choose_files)
        self.clear_action = self._action(self.tr("&Clear list"), "Ctrl+L", self.browser.model.clear)
        self.quit_action = self._action(self.tr("&Quit"), "Ctrl+Q", self.close)
        self.start_action = self._action(self.tr("&Start OCR"), "F5", self.start)
        self.pause_action = self._action(self.tr("&Pause"), "F6", self.toggle_pause)
        self.cancel_action = self._action(self.tr("&Cancel run"), "Shift+F5", self.run.cancel)
        self.results_action = self._action(self.tr("Show &results"), "Ctrl+R", self.show_results)
        self.options_action = self._action(self.tr("&Options …"), "Ctrl+,", self.edit_options)
        self.recent_menu = QMenu(self.tr("Open &recent"), self)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        file_menu = self.menuBar().addMenu(self.tr("&File"))
        file_menu.addActions([self.open_folder_action, self.open_files_action])
        file_menu.addMenu(self.recent_menu)
        file_menu.addActions([self.browser.stop_scan, self.clear_action])
        file_menu.addSeparator()
        file_menu.addAction(self.quit_action)
        select_menu = self.menuBar().addMenu(self.tr("&Select"))
        select_menu.addActions(self.browser.tick_actions)
        select_menu.addSeparator()
        select_menu.addAction(self.browser.focus_filter)
        run_menu = self.menuBar().addMenu(self.tr("&Run"))
        run_menu.addActions([self.start_action, self.pause_action, self.cancel_action])
        run_menu.addSeparator()
        run_menu.addActions([self.results_action, self.options_action])

    def _action(self, text: str, shortcut: str, act: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(shortcut)
        action.triggered.connect(act)
        return action

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
        self.run.failed.connect(self._show_failure)

    def _restore(self) -> None:
        geometry = base64.b64decode(self._settings.geometry, validate=False)
        if not geometry or not self.restoreGeometry(QByteArray(geometry)):
            self.resize(1200, 800)
        self.browser.size_slider.setValue(self._settings.thumbnail_edge)
        self.panel.set_options_summary(summarize(self._settings.options))
        self._refresh()

    # -- Following

    def _start(self, images: Sequence[FoundImage], ids: Sequence[int | None]) -> None:
        self.banner.hide()
        self._say("")
        if self.results is not None:
            self.results.close()
        self.run.start(images, ids, self._settings.options)

    @Slot(object)
    def _follow_phase(self, phase: RunPhase) -> None:
        self.panel.set_phase(phase)
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
        is_held = phase in {RunPhase.PAUSING, RunPhase.PAUSED}
        self.panel.set_ticked(model.ticked)
        self.start_action.setEnabled(phase is RunPhase.IDLE and model.ticked > 0)
        self.pause_action.setEnabled(is_held or phase is RunPhase.RUNNING)
        self.pause_action.setText(self.tr("&Resume") if is_held else self.tr("&Pause"))
        self.cancel_action.setEnabled(phase not in {RunPhase.IDLE, RunPhase.CANCELLING})
        self.results_action.setEnabled(phase is RunPhase.IDLE and self.run.job_id is not None)
        self.options_action.setEnabled(phase is RunPhase.IDLE)
        self.clear_action.setEnabled(phase is RunPhase.IDLE and model.total > 0)

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self._status.setText(sentence)

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

    @Slot()
    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for folder in self._settings.recent_folders:
            action = self.recent_menu.addAction(printable(folder).replace("&", "&&"))
            action.triggered.connect(lambda _=False, folder=folder: self.open_paths([folder]))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction(self.tr("No folder has been opened yet.")).setEnabled(False)

    # -- Leaving

    def _ask_to_quit(self) -> None:
        if self.findChild(QMessageBox, "quit-question") is not None:
            return
        left = self.panel.bar.stats.remaining
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Quit OCR Desktop?"),
            self.tr("A run is going on; %n image(s) have not been read yet.", "", left),
            parent=self,
        )
        box.setObjectName("quit-question")
        box.setInformativeText(self.tr("Results that are already written stay where they are."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        leave = box.addButton(self.tr("Cancel run and &quit"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("&Keep running"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        leave.clicked.connect(self.quit_now)
        box.open()

    def _save_settings(self) -> None:
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        self._settings = msgspec.structs.replace(
            self._settings, geometry=geometry, thumbnail_edge=self.browser.view.edge
        )
        self._settings_file.save(self._settings)

    def _refresh_icons(self) -> None:
        apply_icons(
            [
                (self.open_folder_action, "mdi6.folder-open-outline"),
                (self.open_files_action, "mdi6.image-multiple-outline"),
                (self.results_action, "mdi6.text-box-outline"),
                (self.options_action, "mdi6.tune-variant"),
            ],
            self.palette(),
        )

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask during a run; else remember the window and end every thread."""
        if self.run.is_busy:
            event.ignore()
            if self._is_quitting:
                self.run.cancel()
            else:
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
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "options_action"):
            self._refresh_icons()
