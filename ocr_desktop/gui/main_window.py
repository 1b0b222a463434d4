"""The main window: brings browser, run panel, options and results together."""

import base64
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QEvent, Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLabel, QMainWindow, QSizePolicy, QVBoxLayout, QWidget

from ocr_desktop.bootstrap import Application
from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.browser.image_browser import ImageBrowser
from ocr_desktop.gui.check.check_runner import CheckRequest
from ocr_desktop.gui.clipboard_images import ClipboardImages
from ocr_desktop.gui.desktop.choice import find_desktop
from ocr_desktop.gui.file_choice import FileChoice
from ocr_desktop.gui.look.appearance import GRID
from ocr_desktop.gui.look.theme import apply_theme
from ocr_desktop.gui.look.window_size import resize_within_screen
from ocr_desktop.gui.messages.message_area import MessageArea
from ocr_desktop.gui.run.run_attention import RunAttention
from ocr_desktop.gui.run.run_controller import RunPhase
from ocr_desktop.gui.run.run_panel import RunPanel
from ocr_desktop.gui.run.window_run import WindowRun
from ocr_desktop.gui.settings.options_summary import summarize
from ocr_desktop.gui.settings.presets import choose_preset
from ocr_desktop.gui.settings.settings_dialog import SettingsDialog
from ocr_desktop.gui.settings.settings_opener import open_settings
from ocr_desktop.gui.settings.window_settings import WindowSettings, WindowSettingsFile
from ocr_desktop.gui.side_windows import SideWindows
from ocr_desktop.gui.window_actions import WindowActions
from ocr_desktop.services.thumbnails import ThumbnailStore


class MainWindow(QMainWindow):
    """One window; its runs take turns."""

    def __init__(self, application: Application) -> None:
        """Build the window around the core of the program; nothing is opened yet."""
        super().__init__()
        self.application = application
        self._settings_file = WindowSettingsFile(application.folders)
        self._settings = self._settings_file.load()
        self._streams: list[BackgroundStream] = []
        self.browser = ImageBrowser(ThumbnailStore(application.folders.thumbnails))
        self.messages = MessageArea(application.jobs)
        self.panel = RunPanel()
        self.others = SideWindows(application.jobs, self.browser.model, self)
        self.runs = WindowRun(
            application,
            browser=self.browser,
            panel=self.panel,
            messages=self.messages,
            others=self.others,
            options=lambda: self._settings.options,
            window=self,
        )
        self.clipboard = ClipboardImages(application.folders.pasted, self)
        self.choice = FileChoice(lambda: self._settings.recent_folders, self)
        self.run = self.runs.run
        self.attention = RunAttention(
            self.run, lambda: find_desktop(self), lambda: self._settings.notify, self
        )
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # names may be long
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
        self.browser.open_paths(absolute, recursive=self._settings.options.recursive)
        self._refresh()

    @Slot()
    def start(self) -> None:
        """Read the ticked images, now or after the runs that are there."""
        self.runs.start()

    @Slot()
    def show_results(self) -> None:
        """List what became of each image of the current or last run."""
        self.runs.show_results()

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
        """Change how images are read, and how the window behaves."""
        if self.findChild(SettingsDialog) is None:
            self._settings = self.browser.note_settings(self._settings)
            dialog = open_settings(self.application.engines, self._settings, self)
            dialog.chosen.connect(self._use_settings)

    @Slot()
    def quit_now(self) -> None:
        """Stop what runs, to be resumed another time, and close once it has ended; asks nothing."""
        self.runs.quitting.quit_now()

    def stop(self) -> None:
        """End every thread and timer of the window. Calling it twice does no harm."""
        self.others.stop()
        self.messages.stop()
        self.runs.stop()
        self.attention.stop()
        self.clipboard.stop()
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
            tick_actions=self.browser.ticks.all,
            search_actions=self.browser.filters.search_actions,
            stop_scan=self.browser.scan.stop_scan,
            fill_view=self.browser.views.fill,
            fill_image=self.browser.images.fill,
            recent_folders=lambda: self._settings.recent_folders,
            open_folder=lambda folder: self.open_paths([folder]),
        )
        menus = self.menus
        for action, act in (
            (menus.open_folder, self.choice.choose_folder),
            (menus.open_files, self.choice.choose_files),
            (menus.paste, self.clipboard.paste),
            (menus.clear, self.browser.clear),
            (menus.quit, self.close),
            (menus.start, self.runs.start),
            (menus.pause, self.runs.toggle_pause),
            (menus.cancel, self.run.cancel),
            (menus.results, self.runs.show_results),
            (menus.history, self.runs.show_history),
            (menus.check, self.check_results),
            (menus.options, self.edit_options),
        ):
            action.triggered.connect(act)

    def _connect(self) -> None:
        self.browser.open_pressed.connect(self.choice.choose_folder)
        self.browser.status.connect(self._say)
        self.browser.opened.connect(self.others.show_image)
        self.browser.read_again_requested.connect(self.runs.read_again)
        self.browser.model.counts_changed.connect(self._refresh)
        self.panel.options_pressed.connect(self.edit_options)
        self.messages.options_pressed.connect(self.edit_options)
        self.panel.preset_button.edit_pressed.connect(self.edit_options)
        self.panel.preset_button.chosen.connect(self._choose_preset)
        self.choice.chosen.connect(self.open_paths)
        self.clipboard.pasted.connect(self.open_paths)
        self.clipboard.said.connect(self._say)
        self.browser.scanner.folders.connect(self._note_recent)
        self.browser.scanner.finished.connect(self.clipboard.say_where_kept)
        self.clipboard.failed.connect(self.messages.show_failure)
        self.runs.changed.connect(self._refresh)
        self.runs.said.connect(self._say)

    def _restore(self) -> None:
        geometry = base64.b64decode(self._settings.geometry, validate=False)
        if not geometry or not self.restoreGeometry(QByteArray(geometry)):
            resize_within_screen(self, 1200, 800)
        self.browser.use_settings(self._settings)
        self.others.use_settings(self._settings)
        apply_theme(self._settings.theme)
        self._show_settings()
        self._refresh()

    # -- Following

    @Slot()
    def _refresh(self) -> None:
        """Bring every control in line with the model and the run."""
        model = self.browser.model
        phase = self.run.phase
        self.panel.set_ticked(self.runs.ticked.free)
        self.panel.set_has_results(self.run.job_id is not None)
        self.messages.offer.set_free(phase is RunPhase.IDLE)
        self.menus.refresh(
            phase,
            total=model.total,
            free=self.runs.ticked.free,
            has_results=self.run.job_id is not None,
            has_places=bool(self.browser.places),
            has_waiting=bool(self.runs.queue.waiting),
        )

    @Slot(object)
    def _note_recent(self, folders: Sequence[str]) -> None:
        for folder in folders:
            self._settings = self._settings.with_recent(folder)

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.status.setText(sentence)

    @Slot(object)
    def _use_settings(self, chosen: WindowSettings) -> None:
        apply_theme(chosen.theme, before=self._settings.theme)
        self._settings = self.browser.note_settings(self._settings).with_chosen(chosen)
        self.browser.use_settings(self._settings)
        self._show_settings()
        self._save_settings()

    @Slot(str)
    def _choose_preset(self, name: str) -> None:
        self._settings = choose_preset(self._settings, name)
        self._show_settings()
        self._save_settings()

    def _show_settings(self) -> None:
        self.panel.set_options_summary(summarize(self._settings).replace("&", "&&"))
        self.panel.preset_button.show_presets(self._settings.presets, self._settings.preset)

    # -- Leaving

    def _save_settings(self) -> None:
        geometry = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        noted = self.others.note_settings(self.browser.note_settings(self._settings))
        self._settings = msgspec.structs.replace(noted, geometry=geometry)
        self._settings_file.save(self._settings)

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask during a run; else remember the window and end every thread."""
        if not self.runs.quitting.may_close():
            event.ignore()
            return
        if self.others.has_unsaved:
            event.ignore()
            self.others.ask_first(self.close)
            return
        self._save_settings()
        self.hide()
        self.stop()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take local files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.browser.set_drop_target(active=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is going to be dropped."""
        super().dragLeaveEvent(event)
        self.browser.set_drop_target(active=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.browser.set_drop_target(active=False)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "menus"):
            self.menus.refresh_icons()
