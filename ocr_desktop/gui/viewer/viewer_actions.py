"""What can be done in the viewer: every action with its shortcut and icon."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from ocr_desktop.gui.look.appearance import apply_icons


class ViewerActions:
    """Makes the actions; what they do is connected by the viewer."""

    def __init__(self, window: QWidget) -> None:
        """Make them for ``window``, which owns them."""
        self._window = window
        self._icons: list[tuple[QAction, str]] = []
        translate = QCoreApplication.translate
        make = self._make
        self.previous = make(translate("ViewerActions", "Previous image"), "mdi6.chevron-left", "Alt+Left")
        self.next = make(translate("ViewerActions", "Next image"), "mdi6.chevron-right", "Alt+Right")
        for action, key in ((self.previous, "PgUp"), (self.next, "PgDown")):
            note = translate("ViewerActions", "{tooltip}; on the image also {key}")
            native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(note.format(tooltip=action.toolTip(), key=native))
        self.zoom_out = make(translate("ViewerActions", "Zoom out"), "mdi6.magnify-minus-outline", "Ctrl+-")
        self.zoom_in = make(
            translate("ViewerActions", "Zoom in"), "mdi6.magnify-plus-outline", "Ctrl++", "Ctrl+="
        )
        self.fit = make(translate("ViewerActions", "Fit to window"), "mdi6.fit-to-page-outline", "Ctrl+0")
        self.fit_width = make(
            translate("ViewerActions", "Fit to width"), "mdi6.arrow-expand-horizontal", "Ctrl+2"
        )
        self.actual = make(
            translate("ViewerActions", "Actual size (100 %)"), "mdi6.numeric-1-box-outline", "Ctrl+1"
        )
        self.boxes = make(translate("ViewerActions", "Show word boxes"), "mdi6.vector-square", "Ctrl+B")
        self.boxes.setCheckable(True)
        self.boxes.setChecked(True)
        self.previous_doubtful = make(
            translate("ViewerActions", "Previous doubtful word"), "mdi6.arrow-up-circle-outline", "Shift+F8"
        )
        self.next_doubtful = make(
            translate("ViewerActions", "Next doubtful word"), "mdi6.arrow-down-circle-outline", "F8"
        )
        self.find = make(translate("ViewerActions", "Find in this text"), "mdi6.text-search", "Ctrl+F")
        self.find_previous = make(translate("ViewerActions", "Previous place"), "mdi6.chevron-up", "Shift+F3")
        self.find_next = make(translate("ViewerActions", "Next place"), "mdi6.chevron-down", "F3")
        self.copy = make(translate("ViewerActions", "Copy text"), "mdi6.content-copy", "Ctrl+Shift+C")
        self.reveal = make(
            translate("ViewerActions", "Show in folder"), "mdi6.folder-search-outline", "Ctrl+Shift+E"
        )
        self.save = make(translate("ViewerActions", "Save correction"), "mdi6.content-save-outline", "Ctrl+S")
        self.revert = make(
            translate("ViewerActions", "Revert to OCR text"), "mdi6.backup-restore", "Ctrl+Shift+R"
        )
        # Their keys belong to the editor, which knows them anyway.
        self.undo = make(translate("ViewerActions", "Undo"), "mdi6.undo", "")
        self.undo.setToolTip(
            translate("ViewerActions", "Undo the last change of the text ({keys})").format(keys=_keys("Undo"))
        )
        self.redo = make(translate("ViewerActions", "Redo"), "mdi6.redo", "")
        self.redo.setToolTip(
            translate("ViewerActions", "Redo what was undone ({keys})").format(keys=_keys("Redo"))
        )
        self.refresh_icons()

    def connect(self, pairs: Sequence[tuple[QAction, Callable[..., object]]]) -> None:
        """Say what the actions do."""
        for action, act in pairs:
            (action.toggled if action.isCheckable() else action.triggered).connect(act)

    @staticmethod
    def button(action: QAction, *, with_text: bool = False) -> QToolButton:
        """Return a button for an action, reachable by Tab."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if with_text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def refresh_icons(self) -> None:
        """Follow light and dark."""
        apply_icons(self._icons, self._window.palette())

    def _make(self, text: str, icon: str, *keys: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys if key])
        if keys[0]:
            shown = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{text} ({shown})")
        self._window.addAction(action)
        self._icons.append((action, icon))
        return action


def _keys(name: str) -> str:
    standard = getattr(QKeySequence.StandardKey, name)
    return QKeySequence(standard).toString(QKeySequence.SequenceFormat.NativeText)
