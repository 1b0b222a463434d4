"""Draws one image of the grid: checkbox, thumbnail, name, and the state by icon, colour and word.

Painting asks the model directly instead of through ``index.data``, and keeps what is the same for all cells.
Each call into Qt lets go of Python's global lock, and waits for it again behind the threads that load
thumbnails: a hundred calls for each cell are the difference between smooth and stuttering. So a finished cell
is kept, and painting it again is a single call.
"""

from functools import lru_cache

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem, QWidget

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.grid.drawn_cells import DrawnCells
from ocr_desktop.gui.grid.turned import badge, is_on_its_side, turned
from ocr_desktop.gui.images.image_list_model import ImageListModel, Tile
from ocr_desktop.gui.look.appearance import (
    GRID,
    accent,
    faint,
    is_dark,
    plain_pixmap,
    state_colour,
    state_pixmap,
)
from ocr_desktop.gui.look.state_text import short_state

AnyIndex = QModelIndex | QPersistentModelIndex

_ICON = 16
_CHECK_AREA = 32
"""Pixels of the square around a checkbox that take a click."""
_BROKEN_ICON = 48
_RADIUS = 6
_BADGE_ROOM = 22
"""Pixels between a badge's left edge and the right edge of the thumbnail."""
_SEEN_STATES = (
    QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
)
"""What changes the look of a cell."""
_STATES: tuple[ItemState | None, ...] = (None, *ItemState)


class ThumbnailDelegate(QStyledItemDelegate):
    """Every cell has the same size, which depends on the thumbnail's edge and the font alone."""

    def __init__(self, images: ImageListModel, edge: int, parent: QObject | None = None) -> None:
        """Draw ``images``, with thumbnails of ``edge`` device-independent pixels."""
        super().__init__(parent)
        self._images = images
        self._edge = edge
        self._cell = QSize()
        self._look: _Look | None = None

    @property
    def edge(self) -> int:
        """Edge of the square that a thumbnail is fitted into, in device-independent pixels."""
        return self._edge

    def set_edge(self, edge: int) -> None:
        """Use thumbnails of another size. The view has to be told its new grid size."""
        self._edge = edge

    def set_cell(self, size: QSize) -> None:
        """Use cells of this size, which is at least :meth:`smallest_cell`."""
        self._cell = size

    def smallest_cell(self, metrics: QFontMetrics) -> QSize:
        """Return the size that a cell needs: margin, thumbnail, name, state, margin."""
        line = max(metrics.height(), _ICON)
        return QSize(self._edge + 3 * GRID, self._edge + 2 * line + 4 * GRID)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        """The same for all."""
        return self._cell if self._cell.isValid() else self.smallest_cell(option.fontMetrics)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        tile = self._images.tile(index.row())
        look = self._look_of(option)
        cell: QRect = option.rect
        aspect = tile, option.state & _SEEN_STATES, self._edge
        drawn = look.cells.get(aspect, cell.size())
        if drawn is None:
            drawn = self._draw(tile, option.state, cell.size(), look)
            look.cells.put(aspect, drawn)
        painter.drawPixmap(cell.topLeft(), drawn)

    def _draw(self, tile: Tile, state: QStyle.StateFlag, size: QSize, look: "_Look") -> QPixmap:
        """Draw a cell of its own, to be kept: most of what is painted has been painted before."""
        drawn = QPixmap(size * look.ratio)
        drawn.setDevicePixelRatio(look.ratio)
        drawn.fill(look.base)
        painter = QPainter(drawn)
        painter.setFont(look.font)
        cell = QRect(QPoint(0, 0), size)
        self._draw_background(painter, state, cell, look)
        picture = self._picture_area(cell)
        self._draw_thumbnail(painter, picture, tile, look)
        painter.drawPixmap(picture.topLeft() + QPoint(1, 1), look.ticked if tile.is_ticked else look.unticked)
        name = QRect(picture.left(), picture.bottom() + 1 + GRID // 2, picture.width(), look.line)
        painter.setPen(look.text)
        painter.drawText(name, _CENTRED, look.elide(tile.name, picture.width()))
        self._draw_state(painter, name.translated(0, look.line + 2), tile, look)
        painter.end()
        return drawn

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """Toggle the tick where the checkbox is clicked; leave every other click to the view."""
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        if not self.check_area(option.rect).contains(event.position().toPoint()):
            return False
        if event.type() == QEvent.Type.MouseButtonRelease:
            is_ticked = self._images.tile(index.row()).is_ticked
            wanted = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
            return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)
        return True  # also a double click, which would otherwise open the image

    def check_area(self, cell: QRect) -> QRect:
        """Return the part of a cell in which a click toggles the tick."""
        picture = self._picture_area(cell)
        return QRect(picture.left() - GRID // 2, picture.top() - GRID // 2, _CHECK_AREA, _CHECK_AREA)

    def _picture_area(self, cell: QRect) -> QRect:
        left = cell.left() + (cell.width() - self._edge) // 2
        return QRect(left, cell.top() + GRID + GRID // 2, self._edge, self._edge)

    def _look_of(self, option: QStyleOptionViewItem) -> "_Look":
        """Return what cells have in common; made anew when palette, font or screen change."""
        key = (option.palette.cacheKey(), option.fontMetrics.height(), option.widget.devicePixelRatioF())
        if self._look is None or self._look.key != key:
            self._look = _Look(key, option)
        return self._look

    @staticmethod
    def _draw_background(painter: QPainter, state: QStyle.StateFlag, cell: QRect, look: "_Look") -> None:
        tint = None
        if state & QStyle.StateFlag.State_Selected:
            tint = look.selected
        elif state & QStyle.StateFlag.State_MouseOver:
            tint = look.hovered
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        if tint is None and not has_focus:
            return
        card = cell.adjusted(GRID // 2, GRID // 2, -GRID // 2, -GRID // 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.focus if has_focus else Qt.PenStyle.NoPen)
        painter.setBrush(tint if tint is not None else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    @staticmethod
    def _draw_thumbnail(painter: QPainter, area: QRect, tile: Tile, look: "_Look") -> None:
        thumbnail = tile.thumbnail
        if thumbnail is None or thumbnail.pixmap is None:
            painter.fillRect(area, look.empty)
            if thumbnail is not None:
                size = look.broken.deviceIndependentSize().toSize()
                corner = area.center() - QPoint(size.width() // 2, size.height() // 2)
                painter.drawPixmap(corner, look.broken)
            return
        wanted = round(area.width() * look.ratio)
        # Made for another size: stretched, roughly, until the right one is there.
        scale = wanted / thumbnail.edge / look.ratio
        wide, high = thumbnail.width, thumbnail.height
        if is_on_its_side(tile.rotation):
            wide, high = high, wide
        width = min(area.width(), max(1, round(wide * scale)))
        height = min(area.height(), max(1, round(high * scale)))
        left = area.left() + (area.width() - width) // 2
        target = QRect(left, area.top() + (area.height() - height) // 2, width, height)
        # The frame is what the picture leaves of a rectangle: stroking a translucent one takes far longer.
        painter.fillRect(target.adjusted(-1, -1, 1, 1), look.edge)
        painter.drawPixmap(target, turned(thumbnail.pixmap, tile.rotation))
        if tile.rotation:
            mark = look.badges[tile.rotation]
            painter.drawPixmap(area.topRight() - QPoint(_BADGE_ROOM, -2), mark)

    def _draw_state(self, painter: QPainter, area: QRect, tile: Tile, look: "_Look") -> None:
        text = look.elide(short_state(tile.state, tile.confidence), area.width() - _ICON - GRID // 2)
        width = _ICON + GRID // 2 + look.width(text)
        left = area.left() + (area.width() - width) // 2
        icon = QPoint(left, area.top() + (area.height() - _ICON) // 2)
        painter.drawPixmap(icon, look.icons[tile.state])
        painter.setPen(look.colours[tile.state])
        painter.drawText(QRect(left + _ICON + GRID // 2, area.top(), width, area.height()), _LEFT, text)


_CENTRED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextSingleLine)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextSingleLine)


class _Look:
    """Colours, icons and texts that all cells share."""

    def __init__(self, key: object, option: QStyleOptionViewItem) -> None:
        palette, metrics, widget = option.palette, option.fontMetrics, option.widget
        self.key = key
        self.cells = DrawnCells()
        self.font = QFont(option.font)
        self.base = palette.color(QPalette.ColorRole.Base)
        self.ratio = widget.devicePixelRatioF()
        self.line = max(metrics.height(), _ICON)
        self.text = palette.color(QPalette.ColorRole.Text)
        self.edge = _faded(faint(palette), 90)
        self.empty = _faded(faint(palette), 28)
        self.selected = _faded(accent(palette), 72 if is_dark(palette) else 56)
        self.hovered = _faded(accent(palette), 24)
        self.focus = QPen(accent(palette), 2)
        self.broken = plain_pixmap("mdi6.image-broken-variant", faint(palette), _BROKEN_ICON, self.ratio)
        self.icons = {state: state_pixmap(state, palette, _ICON, self.ratio) for state in _STATES}
        self.colours = {state: state_colour(state, palette) for state in _STATES}
        self.badges = {degrees: badge(degrees, palette, self.ratio) for degrees in (90, 180, 270)}
        self.ticked = _checkbox(widget, palette, QStyle.StateFlag.State_On)
        self.unticked = _checkbox(widget, palette, QStyle.StateFlag.State_Off)
        own = QFontMetrics(metrics)
        # By way of lambdas: the cache would ask Qt's methods for their documentation, which is then made up
        # on the spot, and takes longer than a screen of thumbnails.
        self.width = lru_cache(maxsize=1024)(lambda text: own.horizontalAdvance(text))  # noqa: PLW0108
        self._elided = lru_cache(maxsize=4096)(
            lambda text, width: own.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        )

    def elide(self, text: str, width: int) -> str:
        """Return the text, cut in the middle if it is too wide."""
        return self._elided(text, width)


def _faded(colour: QColor, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded


def _checkbox(widget: QWidget, palette: QPalette, state: QStyle.StateFlag) -> QPixmap:
    """Return a picture of the style's checkbox, on a plate that sets it off from the thumbnail."""
    style = widget.style()
    width = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth)
    height = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorHeight)
    margin = 3
    size = QSize(width + 2 * margin, height + 2 * margin)
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    box = QStyleOptionButton()
    box.state = QStyle.StateFlag.State_Enabled | state
    box.palette = palette
    box.rect = QRect(margin, margin, width, height)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Outlined, because in dark styles an empty box is hardly lighter than what it stands on.
    painter.setPen(_faded(faint(palette), 150))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 4, 4)
    style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, widget)
    painter.end()
    return pixmap
