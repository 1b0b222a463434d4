"""The folders of the listed images as a tree, with how many images each one holds."""

import time
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from ocr_desktop.domain.naming import printable
from ocr_desktop.services.natural_order import natural_key

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SLICE = 0.006
"""Seconds of the GUI thread that one turn of changes may take."""


class FolderRole(IntEnum):
    """Roles of an entry, beside Qt's own."""

    PATH = Qt.ItemDataRole.UserRole + 1
    COUNT = Qt.ItemDataRole.UserRole + 2


class _Folder:
    __slots__ = ("children", "direct", "id", "key", "name", "parent", "path", "total")

    def __init__(self, number: int, path: str, name: str, parent: "_Folder | None") -> None:
        self.id = number
        self.path = path
        self.name = name
        self.key = (natural_key(name), path)
        self.parent = parent
        self.children: list[_Folder] = []
        self.direct = 0
        self.total = 0


class FolderTreeModel(QAbstractItemModel):
    """*All images* on top, then the opened folders with what is below them. GUI thread only.

    Changes are taken in a few milliseconds at a time, so that thousands of folders may stream in.

    Signals:
        grown: The number of folders has changed.
    """

    grown = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with *All images* only."""
        super().__init__(parent)
        self._next_id = 0
        self._by_id: dict[int, _Folder] = {}
        self._by_path: dict[str, _Folder] = {}
        self._direct: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._tops: tuple[str, ...] = ()
        self._root = _Folder(-1, "", "", None)
        self._all = self._make("", self.tr("All images"), self._root)
        self._all.key = ("", "")  # before every folder
        self._root.children.append(self._all)
        self._turn = QTimer(self, interval=0, singleShot=True)
        self._turn.timeout.connect(self._work)
        self._readers: dict[int, Callable[[_Folder, int], object]] = {
            Qt.ItemDataRole.DisplayRole: self._shown,
            Qt.ItemDataRole.TextAlignmentRole: _alignment,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
            Qt.ItemDataRole.ToolTipRole: self._tooltip,
            FolderRole.PATH: lambda folder, _: folder.path or None,
            FolderRole.COUNT: lambda folder, _: folder.total,
        }

    @property
    def folder_count(self) -> int:
        """How many folders there are, those without images of their own included."""
        return len(self._by_path)

    @property
    def is_settled(self) -> bool:
        """Whether all that was set is shown."""
        return not self._waiting

    def set_counts(self, counts: Mapping[str, int], tops: Collection[str] = ()) -> None:
        """Take over how many images each folder holds by itself.

        Args:
            counts: Images by the absolute path of their folder.
            tops: The folders that were opened; what lies below one of them is shown there.
        """
        if not counts:
            self._clear()
            return
        self._tops = tuple(sorted((_normal(top) for top in tops), key=len))
        known = self._direct
        self._waiting = {path: count for path, count in counts.items() if known.get(path) != count}
        self._waiting.update((path, 0) for path in known.keys() - counts.keys())
        self._work()

    def stop(self) -> None:
        """Take in nothing more."""
        self._turn.stop()

    def path_at(self, index: AnyIndex) -> str | None:
        """Return the folder at ``index``; None for *All images*."""
        return self._folder(index).path or None if index.isValid() else None

    def index_of(self, path: str | None) -> QModelIndex:
        """Return where a folder is, or *All images*; invalid if the folder is not here."""
        folder = self._all if path is None else self._by_path.get(path)
        return QModelIndex() if folder is None else self._index(folder)

    # -- Changes

    @Slot()
    def _work(self) -> None:
        deadline = time.perf_counter() + _SLICE
        changed: dict[int, _Folder] = {}
        before = len(self._by_path)
        while self._waiting and time.perf_counter() < deadline:
            path = next(iter(self._waiting))
            self._set_direct(path, self._waiting.pop(path), changed)
        for folder in changed.values():
            if folder.id in self._by_id:
                index = self._index(folder, 1)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DisplayRole, FolderRole.COUNT])
        if self._waiting:
            self._turn.start()
        if len(self._by_path) != before:
            self.grown.emit()

    def _set_direct(self, path: str, count: int, changed: dict[int, _Folder]) -> None:
        folder = self._by_path.get(path) or self._insert(path)
        difference = count - folder.direct
        folder.direct = count
        if count:
            self._direct[path] = count
        else:
            self._direct.pop(path, None)
        self._all.total += difference
        changed[self._all.id] = self._all
        step: _Folder | None = folder
        while step is not None and step is not self._root:
            step.total += difference
            changed[step.id] = step
            step = step.parent
        self._drop_empty(folder)

    def _insert(self, path: str) -> _Folder:
        """Make a folder, and those between it and the opened one that it lies in."""
        top = next((top for top in self._tops if _is_below(path, top)), path)
        missing = [path]
        while missing[-1] != top and (parent := _parent_of(missing[-1])) not in self._by_path:
            missing.append(parent)
        folder = self._root if missing[-1] == top else self._by_path[_parent_of(missing[-1])]
        for step in reversed(missing):
            name = _last_part(step)
            made = self._make(step, printable(name or step), folder)
            row = _row_for(folder, made)
            self.beginInsertRows(self._index(folder), row, row)
            folder.children.insert(row, made)
            self._by_path[step] = made
            self.endInsertRows()
            folder = made
        return folder

    def _drop_empty(self, folder: _Folder) -> None:
        while folder is not self._root and folder.total == 0 and not folder.children:
            parent = folder.parent
            assert parent is not None  # noqa: S101 - only the root has none
            row = _row_for(parent, folder)
            self.beginRemoveRows(self._index(parent), row, row)
            del parent.children[row], self._by_id[folder.id], self._by_path[folder.path]
            folder.parent = None
            self.endRemoveRows()
            folder = parent

    def _clear(self) -> None:
        self._waiting.clear()
        if not self._by_path:
            return
        self.beginResetModel()
        self._root.children = [self._all]
        self._by_id = {self._all.id: self._all}
        self._by_path.clear()
        self._direct.clear()
        self._all.total = 0
        self.endResetModel()
        self.grown.emit()

    def _make(self, path: str, name: str, parent: _Folder) -> _Folder:
        folder = _Folder(self._next_id, path, name, parent)
        self._by_id[folder.id] = folder
        self._next_id += 1
        return folder

    def _folder(self, index: AnyIndex) -> _Folder:
        return self._by_id[index.internalId()] if index.isValid() else self._root

    def _index(self, folder: _Folder, column: int = 0) -> QModelIndex:
        if folder is self._root or folder.parent is None:
            return QModelIndex()
        return self.createIndex(_row_for(folder.parent, folder), column, folder.id)

    # -- Qt

    def index(self, row: int, column: int, parent: AnyIndex = _ROOT) -> QModelIndex:
        """The child of ``parent`` in ``row``."""
        if parent.isValid() and parent.column() > 0:
            return QModelIndex()
        children = self._folder(parent).children
        if not (0 <= row < len(children) and 0 <= column < 2):  # noqa: PLR2004 - name and count
            return QModelIndex()
        return self.createIndex(row, column, children[row].id)

    def parent(self, index: AnyIndex = _ROOT) -> QModelIndex:  # type: ignore[override]
        """The folder that a folder lies in."""
        if not index.isValid():
            return QModelIndex()
        above = self._by_id[index.internalId()].parent
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """How many folders lie directly in ``parent``."""
        return 0 if parent.isValid() and parent.column() > 0 else len(self._folder(parent).children)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:  # noqa: ARG002
        """Name and number of images."""
        return 2

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One aspect of one folder."""
        if not index.isValid():
            return None
        read = self._readers.get(role)
        return None if read is None else read(self._folder(index), index.column())

    def _shown(self, folder: _Folder, column: int) -> str:
        return folder.name if column == 0 else QLocale().toString(folder.total)

    def _spoken(self, folder: _Folder, _column: int) -> str:
        return self.tr("{folder}, %n image(s)", "", folder.total).format(folder=folder.name)

    def _tooltip(self, folder: _Folder, _column: int) -> str:
        return printable(folder.path) or self.tr("Show the images of all folders.")


def _alignment(_folder: _Folder, column: int) -> Qt.AlignmentFlag | None:
    return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if column else None


def _row_for(parent: _Folder, folder: _Folder) -> int:
    """Return where a child is, or belongs."""
    return bisect_left(parent.children, folder.key, key=lambda child: child.key)


def _normal(path: str) -> str:
    return path.rstrip("/\\") or path


def _is_below(path: str, top: str) -> bool:
    """Whether ``path`` is ``top`` or lies in it."""
    return path == top or (path.startswith(top) and (top[-1:] in "/\\" or path[len(top)] in "/\\"))


def _cut(path: str) -> int:
    """Return where the last part of a path is cut off."""
    return max(path.rfind("/"), path.rfind("\\"))


def _parent_of(path: str) -> str:
    cut = _cut(path)
    return path[: cut or 1]


def _last_part(path: str) -> str:
    return path[_cut(path) + 1 :]
