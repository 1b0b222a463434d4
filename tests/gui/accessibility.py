"""What everybody needs of a window: names, keys, a way there by Tab, tooltips, room for the words."""

from collections import Counter
from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
_NAMED = (*_CONTROLS, QProgressBar)
_PARTS = (QAbstractSpinBox, QComboBox, QLineEdit)
"""Controls whose own parts are no controls to a user."""
_MOST_TABS = 200


def controls_of(window: QWidget) -> list[QWidget]:
    """Return what can be used in a window, as far as it is shown."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window)
        and widget.window() is window
        and isinstance(widget, _CONTROLS)
        and not _is_part(widget)
    ]


def nameless(window: QWidget) -> list[str]:
    """Return what a screen reader could say nothing about."""
    named = [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, _NAMED)
        and widget.isVisibleTo(window)
        and widget.window() is window
        and not _is_part(widget)
    ]
    return [_describe(widget) for widget in named if not _name(widget)]


def ambiguous_keys(window: QWidget) -> list[str]:
    """Return the keys that mean two things in a window, or in one menu."""
    keys = [
        key.toString()
        for action in _actions(window)
        for key in action.shortcuts()
        if action.shortcutContext() != Qt.ShortcutContext.WidgetShortcut
    ]
    keys += [
        key.toString()
        for shortcut in window.findChildren(QShortcut)
        for key in QShortcut.keys(shortcut)
        if shortcut.context() != Qt.ShortcutContext.WidgetShortcut and shortcut.isEnabled()
    ]
    keys += [_mnemonic(text) for text in _shown_texts(window)]
    found = _repeated("in the window", keys)
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
        texts = [action.text() for action in menu.actions() if action.isVisible()]
        found += _repeated(f"in the menu {menu.title() or menu.parent()}", map(_mnemonic, texts))
    return found


def out_of_reach(window: QWidget) -> list[str]:
    """Return the enabled controls that cannot be reached by pressing Tab, or by Tab and the arrow keys."""
    reached = _walk(window)
    return [
        _describe(control)
        for control in controls_of(window)
        if _can_be_used(control) and not reached.intersection(_group(control))
    ]


def unexplained_icons(window: QWidget) -> list[str]:
    """Return the buttons that show nothing but an icon, and do not say what it means."""
    return [
        _describe(button)
        for button in controls_of(window)
        if isinstance(button, QAbstractButton) and _is_bare(button) and not button.toolTip()
    ]


def cut_off(window: QWidget) -> list[str]:
    """Return the labels and buttons whose words do not fit into them."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or widget.window() is not window or _is_part(widget):
            continue
        if _is_cut(widget):
            found.append(f"{_describe(widget)}: {widget.size().toTuple()} of {widget.sizeHint().toTuple()}")
    return found


# -- Names


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name).strip()


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if widget.objectName().startswith("qt_") or isinstance(widget, (QScrollBar, QMenuBar, QHeaderView)):
        return True
    return isinstance(parent, _PARTS) or type(parent).__name__ in {"QTabBar", "QComboBoxPrivateContainer"}


def _describe(widget: QWidget) -> str:
    text = getattr(widget, "text", str)()
    return f"{type(widget).__name__} “{text}” in {type(widget.parentWidget()).__name__}"


# -- Keys


def _actions(window: QWidget) -> list[QAction]:
    actions = [*window.actions(), *window.findChildren(QAction)]
    return [action for action in dict.fromkeys(actions) if action.isEnabled() and action.isVisible()]


def _shown_texts(window: QWidget) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or widget.window() is not window:
            continue
        if isinstance(widget, QMenuBar):
            yield from (action.text() for action in widget.actions())
        elif isinstance(widget, QAbstractButton):
            yield "" if _is_icon_only(widget) else widget.text()
        elif isinstance(widget, QLabel) and widget.buddy() is not None:
            yield widget.text()
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(number) for number in range(widget.count()))


def _mnemonic(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()


def _repeated(where: str, keys: Iterable[str]) -> list[str]:
    counts = Counter(key for key in keys if key)
    return [f"{key} {where}" for key, count in counts.items() if count > 1]


# -- Tab


def _walk(window: QWidget) -> set[QWidget]:
    """Press Tab until it comes back to where it has been."""
    reached: set[QWidget] = set()
    if QApplication.focusWidget() is None:
        QTest.keyClick(window, Qt.Key.Key_Tab)
    for _ in range(_MOST_TABS):
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return reached


def _can_be_used(control: QWidget) -> bool:
    is_lonely_tab = isinstance(control, QTabBar) and control.count() < 2
    return control.isEnabled() and not is_lonely_tab


def _group(control: QWidget) -> set[QWidget]:
    """Return the control, what has its focus, and the others among which the arrow keys move."""
    related: set[QWidget] = {control, control.focusProxy() or control}
    if isinstance(control, QAbstractButton):
        group: QButtonGroup | None = control.group()
        if group and group.exclusive():
            related.update(group.buttons())
        elif control.autoExclusive():
            related.update(_siblings(control))
    return related


def _siblings(button: QAbstractButton) -> list[QAbstractButton]:
    parent = button.parentWidget()
    return [
        other
        for other in button.window().findChildren(QAbstractButton)
        if other.parentWidget() is parent and other.autoExclusive()
    ]


# -- Looks


def _is_icon_only(button: QAbstractButton) -> bool:
    if isinstance(button, QToolButton):
        return (
            button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly and not button.icon().isNull()
        )
    return False


def _is_bare(button: QAbstractButton) -> bool:
    return _is_icon_only(button) or not button.text()


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):
        return _label_is_cut(widget)
    return isinstance(widget, QAbstractButton) and _button_is_cut(widget)


def _label_is_cut(label: QLabel) -> bool:
    if not label.text() or label.sizePolicy().horizontalPolicy() == label.sizePolicy().Policy.Ignored:
        return False
    if getattr(label, "is_elided", False) or type(label).__name__.startswith("Elided"):
        return False
    if label.wordWrap():
        widest = max(map(label.fontMetrics().horizontalAdvance, label.text().split()), default=0)
        return label.height() < label.heightForWidth(label.width()) or label.width() < widest
    hint = label.sizeHint()
    return label.width() < hint.width() or label.height() < hint.height()


def _button_is_cut(button: QAbstractButton) -> bool:
    if not button.text() or _is_icon_only(button):
        return False
    if isinstance(button, QPushButton):
        needed = button.fontMetrics().horizontalAdvance(button.text().replace("&", "")) + 4
        return button.width() < needed or button.height() < button.fontMetrics().height()
    if isinstance(button, QToolButton) and button.minimumWidth() > 0:
        return button.width() < button.minimumWidth()  # one that may be cut down on purpose
    hint = button.minimumSizeHint()
    return button.width() < hint.width() or button.height() < hint.height()
