"""The menus of the main window: every action with its shortcut, and when it can be used."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.look.appearance import apply_icons
from ocr_desktop.gui.run.run_controller import RunPhase


class WindowActions:
    """Makes the actions and lays out the menus; what they do is connected by the window."""

    def __init__(
        self,
        window: QMainWindow,
        *,
        tick_actions: Sequence[QAction],
        search_actions: Sequence[QAction],
        stop_scan: QAction,
        fill_view: Callable[[QMenu], None],
        fill_image: Callable[[QMenu], None],
        recent_folders: Callable[[], Sequence[str]],
        open_folder: Callable[[str], None],
    ) -> None:
        """Fill the menu bar of ``window``.

        Args:
            window: The window; owns the actions.
            tick_actions: For the menu *Select*.
            search_actions: The same.
            stop_scan: For the menu *File*.
            fill_view: Fills the menu *View*.
            fill_image: Fills the menu *Image*.
            recent_folders: Asked whenever *Open recent* is opened.
            open_folder: Called with a folder that was chosen there.
        """
        self._window = window
        self._recent_folders = recent_folders
        self._open_recent = open_folder
        translate = QCoreApplication.translate
        self.open_folder = self._action(translate("WindowActions", "&Open folder …"), "Ctrl+O")
        self.open_files = self._action(translate("WindowActions", "Open &images …"), "Ctrl+Shift+O")
        self.paste = self._action(translate("WindowActions", "&Paste images"), "Ctrl+V")
        self.clear = self._action(translate("WindowActions", "&Clear list"), "Ctrl+L")
        self.quit = self._action(translate("WindowActions", "&Quit"), "Ctrl+Q")
        self.start = self._action(translate("WindowActions", "&Start OCR"), "F5")
        self.pause = self._action(translate("WindowActions", "&Pause"), "F6")
        self.cancel = self._action(translate("WindowActions", "&Cancel run"), "Shift+F5")
        self.results = self._action(translate("WindowActions", "Show resul&ts"), "Ctrl+R")
        self.check = self._action(translate("WindowActions", "Chec&k results …"), "Ctrl+Shift+R")
        self.history = self._action(translate("WindowActions", "&History …"), "Ctrl+H")
        self.options = self._action(translate("WindowActions", "S&ettings …"), "Ctrl+,")
        self.recent_menu = QMenu(translate("WindowActions", "Open &recent"), window)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        bar = window.menuBar()
        file_menu = bar.addMenu(translate("WindowActions", "&File"))
        file_menu.addActions([self.open_folder, self.open_files])
        file_menu.addMenu(self.recent_menu)
        file_menu.addActions([stop_scan, self.clear])
        file_menu.addSeparator()
        file_menu.addAction(self.quit)
        bar.addMenu(translate("WindowActions", "&Edit")).addAction(self.paste)
        select_menu = bar.addMenu(translate("WindowActions", "Se&lect"))
        select_menu.addActions(list(tick_actions))
        select_menu.addSeparator()
        select_menu.addActions(list(search_actions))
        fill_image(bar.addMenu(translate("WindowActions", "&Image")))
        fill_view(bar.addMenu(translate("WindowActions", "&View")))
        run_menu = bar.addMenu(translate("WindowActions", "Ru&n"))
        run_menu.addActions([self.start, self.pause, self.cancel])
        run_menu.addSeparator()
        run_menu.addActions([self.results, self.history, self.check])
        run_menu.addSeparator()
        run_menu.addAction(self.options)
        self.refresh_icons()

    def refresh(
        self,
        phase: RunPhase,
        *,
        total: int,
        free: int,
        has_results: bool,
        has_places: bool,
        has_waiting: bool = False,
    ) -> None:
        """Enable what can be done now.

        Args:
            phase: What the run is at.
            total: Images in the list.
            free: How many of them are ticked and in no run yet.
            has_results: Whether there is a run, or was one.
            has_places: Whether a folder or an image is open.
            has_waiting: Whether runs wait in the queue.
        """
        is_idle = phase is RunPhase.IDLE
        is_held = phase in {RunPhase.PAUSING, RunPhase.PAUSED}
        self.start.setEnabled(free > 0 and phase is not RunPhase.STOPPING)
        self.start.setText(
            QCoreApplication.translate("WindowActions", "&Start OCR")
            if is_idle
            else QCoreApplication.translate("WindowActions", "Add to &queue")
        )
        self.pause.setEnabled(is_held or phase is RunPhase.RUNNING)
        self.pause.setText(
            QCoreApplication.translate("WindowActions", "&Resume")
            if is_held
            else QCoreApplication.translate("WindowActions", "&Pause")
        )
        self.cancel.setEnabled(phase not in {RunPhase.IDLE, RunPhase.CANCELLING, RunPhase.STOPPING})
        self.results.setEnabled(has_results)
        self.check.setEnabled(is_idle and has_places)
        self.clear.setEnabled(is_idle and not has_waiting and total > 0)

    def refresh_icons(self) -> None:
        """Follow light and dark."""
        apply_icons(
            [
                (self.open_folder, "mdi6.folder-open-outline"),
                (self.open_files, "mdi6.image-multiple-outline"),
                (self.paste, "mdi6.content-paste"),
                (self.results, "mdi6.text-box-outline"),
                (self.history, "mdi6.history"),
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
            text = QCoreApplication.translate("WindowActions", "No folder has been opened yet.")
            self.recent_menu.addAction(text).setEnabled(False)
