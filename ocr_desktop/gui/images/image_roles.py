"""What a view may ask the list of images for."""

from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import Qt

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.pixmap_cache import CachedThumbnail


class ImageRole(IntEnum):
    """Roles of an entry, beside Qt's own."""

    ID = Qt.ItemDataRole.UserRole + 1
    PATH = Qt.ItemDataRole.UserRole + 2
    STATE = Qt.ItemDataRole.UserRole + 3
    CONFIDENCE = Qt.ItemDataRole.UserRole + 4
    THUMBNAIL = Qt.ItemDataRole.UserRole + 5
    ROTATION = Qt.ItemDataRole.UserRole + 6


class Tile(NamedTuple):
    """What the grid draws of one image."""

    name: str
    is_ticked: bool
    state: ItemState | None
    confidence: float | None
    thumbnail: CachedThumbnail | None
    rotation: int = 0
    """Degrees clockwise by which the thumbnail is to be turned."""


_TOLD = [Qt.ItemDataRole.ToolTipRole.value, Qt.ItemDataRole.AccessibleTextRole.value]
THUMBNAIL_ROLES = [int(ImageRole.THUMBNAIL)]
TICK_ROLES = [Qt.ItemDataRole.CheckStateRole.value, Qt.ItemDataRole.AccessibleTextRole.value]
STATE_ROLES = [int(ImageRole.STATE), int(ImageRole.CONFIDENCE), *_TOLD]
ROTATION_ROLES = [int(ImageRole.ROTATION), *_TOLD]
