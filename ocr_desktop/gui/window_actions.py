"""The menus of the main window: every action with its shortcut, and when it can be used."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.appearance import apply_icons
from ocr_desktop.gui.run_controller import RunPhase


class WindowActions:
    """Makes the actions and lays out the menus; what they do is connected by the window."""

    def __init__(
        self,
        window: QMainWindow,
        *,
        tick_actions: Sequence[QAction],
        focus_filter: QAction,
        stop_scan: QAction,
        recent_folders: Callable[[], Sequence[str]],
        open_folder: Callable[[str], None],
    ) -> None:
        """Fill the menu bar of ``window``.

        Args:
            window: The window; owns the actions.
            tick_actions: For the menu *Select*.
            focus_filter: The same.
            stop_scan: For the menu *File*.
            recent_folders: Asked whenever *Open recent* is opened.
            open_folder: Called with a folder that was chosen there.
        """
        self._window = window
        self._recent_folders = recent_folders
        self._open_recent = open_folder
        tr = window.tr
        self.open_folder = self._action(tr("&Open folder …"), "Ctrl+O")
        self.open_files = self._action(tr("Open &images …"), "Ctrl+Shift+O")
        self.clear = self._action(tr("&Clear list"), "Ctrl+L")
        self.quit = self._action(tr("&Quit"), "Ctrl+Q")
        self.start = self._action(tr("&Start OCR"), "F5")
        self.pause = self._action(tr("&Pause"), "F6")
        self.cancel = self._action(tr("&Cancel run"), "Shift+F5")
        self.results = self._action(tr("Show &results"), "Ctrl+R")
        self.check = self._action(tr("Chec&k results …"), "Ctrl+Shift+R")
        self.options = self._action(tr("&Options …"), "Ctrl+,")
        self.recent_menu = QMenu(tr("Open &recent"), window)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        bar = window.menuBar()
        file_menu = bar.addMenu(tr("&File"))
        file_menu.addActions([self.open_folder, self.open_files])
        file_menu.addMenu(self.recent_menu)
        file_menu.addActions([stop_scan, self.clear])
        file_menu.addSeparator()
        file_menu.addAction(self.quit)
        select_menu = bar.addMenu(tr("&Select"))
        select_menu.addActions(list(tick_actions))
        select_menu.addSeparator()
        select_menu.addAction(focus_filter)
        run_menu = bar.addMenu(tr("&Run"))
        run_menu.addActions([self.start, self.pause, self.cancel])
        run_menu.addSeparator()
        run_menu.addActions([self.results, self.check])
        run_menu.addSeparator()
        run_menu.addAction(self.options)
        self.refresh_icons()

    def refresh(
        self, phase: RunPhase, *, total: int, ticked: int, has_results: bool, has_places: bool
    ) -> None:
        """Enable what can be done now.

        Args:
            phase: What the run is at.
            total: Images in the list.
            ticked: How many of them are ticked.
            has_results: Whether there was a run.
            has_places: Whether a folder or an image is open.
        """
        is_idle = phase is RunPhase.IDLE
        is_held = phase in {RunPhase.PAUSING, RunPhase.PAUSED}
        self.start.setEnabled(is_idle and ticked > 0)
        self.pause.setEnabled(is_held or phase is RunPhase.RUNNING)
        self.pause.setText(self._window.tr("&Resume") if is_held else self._window.tr("&Pause"))
        self.cancel.setEnabled(phase not in {RunPhase.IDLE, RunPhase.CANCELLING, RunPhase.STOPPING})
        self.results.setEnabled(is_idle and has_results)
        self.check.setEnabled(is_idle and has_places)
        self.options.setEnabled(is_idle)
        self.clear.setEnabled(is_idle and total > 0)

    def refresh_icons(self) -> None:
        """Follow light and dark."""
        apply_icons(
            [
                (self.open_folder, "mdi6.folder-open-outline"),
                (self.open_files, "mdi6.image-multiple-outline"),
                (self.results, "mdi6.text-box-outline"),
                (self.check, "mdi6.clipboard-check-outline"),
                (self.options, "mdi6.tune-variant"),
            ],
            self._window.palette(),
        )

    def _action(self, text: str, shortcut: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcut(shortcut)
        return action

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for folder in self._recent_folders():
            action = self.recent_menu.addAction(printable(folder).replace("&", "&&"))
            action.triggered.connect(partial(self._open_recent, folder))
        if self.recent_menu.isEmpty():
            text = self._window.tr("No folder has been opened yet.")
            self.recent_menu.addAction(text).setEnabled(False)
